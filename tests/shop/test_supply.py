"""What Isofront is made of: pins, licences, and what the wheel holds."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-node.lock"]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_exact_pins_and_names_no_host(lock):
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()[1:]:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), f"{lock}: {line!r}"


def test_every_requirement_is_pinned():
    wanted = {
        "requirements.lock": SETTINGS["project"]["dependencies"],
        "requirements-dev.lock": SETTINGS["dependency-groups"]["dev"],
        "requirements-build.lock": SETTINGS["dependency-groups"]["build"],
        "requirements-node.lock": SETTINGS["dependency-groups"]["node"],
    }
    for lock, requirements in wanted.items():
        pinned = {plain(name) for name in pins(lock)}
        missing = {plain(re.split(r"[<>=~\[; ]", line)[0]) for line in requirements} - pinned
        assert not missing, f"{lock} lacks {missing}: run `make lock`"


DONE_WITHOUT = {"jaxtyping"}
"""What a part imports where it is there, and does without where it is not: `arrays`."""


def test_every_package_that_is_imported_is_asked_for():
    declared = {plain(re.split(r"[<>=]", line)[0]) for line in SETTINGS["project"]["dependencies"]}
    imported: set[str] = set()
    for path in (ROOT / "src" / "isofront").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    asked_for = {name.replace("-", "_") for name in declared}
    assert imported - sys.stdlib_module_names - {"isofront"} - asked_for == DONE_WITHOUT


def test_lock_files_agree():
    runtime = pins("requirements.lock")
    for lock in LOCKS[1:]:
        differing = {n: (v, runtime[n]) for n, v in pins(lock).items() if n in runtime and runtime[n] != v}
        assert not differing


@pytest.mark.parametrize(
    ("name", "licence", "taken"),
    [
        ("a", "MIT", True),
        ("a", "Apache-2.0 OR GPL-3.0-only", True),
        ("a", "BSD-3-Clause AND 0BSD", True),
        ("a", "GPL-3.0-or-later", False),
        ("a", "AGPL-3.0", False),
        ("a", "GNU Lesser General Public License v3 (LGPLv3)", False),
        ("a", "LGPL-2.1-or-later", False),
        ("a", "MIT AND LGPL-2.1-only", False),
        ("shapely", "BSD-3-Clause AND LGPL-2.1-only", True),
        ("shapely", "GPL-3.0-only", False),
        ("a", "SSPL-1.0", False),
        ("a", "", False),
        ("a", "Acme Terms of Use", False),
    ],
)
def test_copyleft_and_unknown_licences_are_refused(name, licence, taken):
    licences = tool("licences")
    assert (licences.fault(licences.Part(name, "1", licence)) is None) is taken


def test_all_that_is_installed_to_run_isofront_may_be_used():
    licences = tool("licences")
    parts = list(licences.python_parts())
    assert {"numpy", "shapely", "msgspec"} <= {part.name for part in parts}
    assert [part for part in parts if licences.fault(part)] == []


@pytest.mark.slow
def test_the_wheel_holds_the_page_and_the_scenario_and_no_leftovers(tmp_path):
    if not any((ROOT / "src/isofront/publish/page").glob("*.html")):
        pytest.skip("THE PAGE IS NOT BUILT: run `make page`")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "isofront").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".built"
    }
    assert sources - names == set(), "every file of the package, data files too, is in the wheel"
    assert not [name for name in names if name.endswith((".built", ".pyc", ".map")) or "node_modules" in name]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)


def test_tracked_files_name_no_machine_of_ours():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("NOT A GIT CHECKOUT: tracked files are not known")
    ours = re.compile(r"(?<![\w.])/(?:work|root|farm)/|/tmp/\w")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".lock"} or not path.is_file() or path == Path(__file__):
            continue
        found = ours.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name}: {found and found.group()}"


@pytest.mark.parametrize("name", ["geopandas", "pyarrow", "rasterio", "scipy", "pandas"])
def test_what_readers_of_our_files_rely_on_can_be_imported(name):
    assert importlib.util.find_spec(name) is not None


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_a_page_that_is_gone_is_built_again_although_its_stamp_is_there(tmp_path):
    pages = [tmp_path / "map.html", *(tmp_path / f"desk.{kind}" for kind in ("html", "css", "js"))]
    for one in (*pages, tmp_path / ".built"):
        one.touch()
    old = ["--old-file", "web/node_modules/.package-lock.json"]
    words = ["make", "--dry-run", *old, "page", f"PAGE={tmp_path}", f"DESK_PAGE={tmp_path}"]

    def builds() -> bool:
        told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
        return "run build" in told.stdout

    assert not builds()
    for one in pages:
        one.unlink()
        assert builds(), one.name
        one.touch()
    assert not builds()
