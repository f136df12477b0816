"""Write the lock files: exact pins of everything that pyproject.toml asks for, transitive parts included.

Run by `make lock`. Pip resolves each group afresh; the files name versions only, never an index or a host.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def resolved(requirements: list[str], *constraints: Path) -> dict[str, str]:
    """Name -> version of all that pip would install into an empty environment, agreeing with earlier lock files."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--report", str(report)]
        command += [f"--constraint={path}" for path in constraints]
        subprocess.run([*command, *requirements], check=True)
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {item["metadata"]["name"]: item["metadata"]["version"] for item in items}


def write_pins(path: Path, pins: dict[str, str], *, purpose: str) -> None:
    """One `name==version` a line, sorted, under a heading that says how it was made."""
    lines = [f"# {purpose}. Written by `make lock`; do not edit."]
    lines += [f"{name}=={version}" for name, version in sorted(pins.items(), key=lambda pin: pin[0].lower())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(pins)} pins")


def main() -> None:
    """Resolve and write the four files, each agreeing with those before it."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = settings["dependency-groups"]
    locks = {
        "requirements.lock": ("What Isofront runs on", settings["project"]["dependencies"]),
        "requirements-dev.lock": ("What tests and checks need on top", groups["dev"]),
        "requirements-build.lock": ("What builds the package", groups["build"]),
        "requirements-node.lock": ("Node, for machines that have none", groups["node"]),
    }
    written: list[Path] = []
    for name, (purpose, requirements) in locks.items():
        write_pins(ROOT / name, resolved(requirements, *written), purpose=purpose)
        written.append(ROOT / name)


if __name__ == "__main__":
    main()
