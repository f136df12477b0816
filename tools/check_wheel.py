"""Try an installed wheel as a stranger would, on a tiny invented theatre: `check_wheel.py VENV WHEEL`.

No make, no checkout on the path, a folder of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

ANCHOR = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[10.2, 50], [10.4, 50], [10.4, 50.2], [10.2, 50.2], [10.2, 50]]],
            },
        }
    ],
}
EVIDENCE = """id,happened_at,published_at,lon,lat,error_m,kind,seen,by,source,reliability,credibility,url,note
1,2020-05-03,2020-05-03T12:00:00Z,10.19,50.10,100,position,east,east,s1,B,2,,SIMULATED
2,2020-05-03,2020-05-03T12:00:00Z,10.18,50.11,100,position,east,east,s2,B,2,,SIMULATED
3,2020-05-03,2020-05-03T12:00:00Z,10.15,50.05,100,position,west,west,s1,B,2,,SIMULATED
"""
COMMANDS = (
    "init tiny --bounds 10 50 10.4 50.2 --crs EPSG:32632 --cell 500 --protect none --side east=East --side west=West"
    " --anchor start.geojson --anchor-date 2020-05-01 --anchor-holder east",
    "add --theatre tiny --backfill evidence.csv",
    "map --theatre tiny --as-of 2020-05-05 --out out",
)
WANTED = ("control.tif", "areas.geojson", "front.geojson", "summary.json", "map.png", "map.svg", "map.html")


def check_contents(wheel: Path) -> None:
    """The page and the built-in world must be inside."""
    names = zipfile.ZipFile(wheel).namelist()
    assert any("publish/page/" in name and name.endswith(".html") for name in names), "the wheel lacks the map page"
    lost = [f for f in ("desk.html", "desk.js", "desk.css") if not any(n.endswith(f"desk/page/{f}") for n in names)]
    assert not lost, f"the wheel lacks of the desk's page {lost}"
    assert any("/worlds/" in name and name.endswith(".toml") for name in names), "the wheel lacks the embedded scenario"
    assert not any(".built" in name or "node_modules" in name for name in names), "the wheel holds build leftovers"
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def run_commands(program: Path, folder: Path) -> None:
    """init, add, map on a front of 28 x 22 km."""
    (folder / "start.geojson").write_text(json.dumps(ANCHOR), encoding="utf-8")
    (folder / "evidence.csv").write_text(EVIDENCE, encoding="utf-8", newline="\n")
    for command in COMMANDS:
        subprocess.run([str(program), *command.split()], cwd=folder, check=True, env=bare_environment())
    missing = [name for name in WANTED if not (folder / "out" / name).is_file()]
    assert not missing, f"map left out {missing}"
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["reports_used"] == 3, f"used {summary['reports_used']} of 3 reports"


def bare_environment() -> dict[str, str]:
    """Without anything that could lead Python back into the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def main() -> None:
    """Look inside, then use it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("venv", type=Path)
    asked.add_argument("wheel", type=Path)
    told = asked.parse_args()
    check_contents(told.wheel.resolve())
    program = told.venv.resolve() / ("Scripts/isofront.exe" if os.name == "nt" else "bin/isofront")
    with tempfile.TemporaryDirectory() as folder:
        run_commands(program, Path(folder))
    print("the wheel maps a theatre on its own")


if __name__ == "__main__":
    main()
