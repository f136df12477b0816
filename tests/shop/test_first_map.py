"""The tutorial's commands are run as they stand, one after another, in an empty folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash")


def shell_blocks(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run_blocks(page: Path, folder: Path) -> str:
    """All of a page's commands in one shell that stops at the first failure; returns what they print."""
    assert BASH is not None
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "set -e\n" + "\n".join(shell_blocks(page))
    done = subprocess.run(
        [BASH], check=False, input=script, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{page.name}: {done.stderr[-2000:]}"
    return done.stdout


def figures(text: str) -> dict[str, float]:
    """The square kilometres that `map` prints of 10 May, by what they are of."""
    (line,) = re.findall(r"^2020-05-10  .*$", text, re.MULTILINE)
    return {name: float(km2.replace(",", "")) for name, km2 in re.findall(r"(\w+) ([\d,]+) km²", line)}


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="NO BASH: the tutorial's commands are for a POSIX shell")
def test_the_tutorial_does_what_it_says(tmp_path):
    printed = run_blocks(ROOT / "docs" / "first-map.md", tmp_path)
    summaries = {
        name: json.loads((tmp_path / name / "summary.json").read_text(encoding="utf-8"))
        for name in ("out", "as-it-was-known", "as-we-know-now")
    }
    assert summaries["out"]["rejects"] == 1
    assert summaries["out"]["simulated"] is True
    assert summaries["as-it-was-known"]["reports_used"] == 8
    assert summaries["as-we-know-now"]["reports_used"] == 7
    areas = json.loads((tmp_path / "out" / "areas.geojson").read_text(encoding="utf-8"))["features"]
    assert holder(areas, 0.2, 0.165) != "north", "where five reports saw the other side, Northland does not hold alone"
    assert holder(areas, 0.33, 0.23) != "south", "one small group far ahead holds nothing"
    assert holder(areas, 0.08, 0.16) == "north", "the west stands"
    assert "source lookout" in printed


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="NO BASH: the README's commands are for a POSIX shell")
def test_the_readmes_lines_run(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    printed = run_blocks(ROOT / "README.md", tmp_path)
    assert (tmp_path / "build" / "strait" / "out" / "map.html").is_file()
    told, found = (figures(text) for text in ((ROOT / "README.md").read_text(encoding="utf-8"), printed))
    assert told.keys() == found.keys()
    assert all(abs(told[name] - km2) <= max(10, 0.05 * km2) for name, km2 in found.items()), found


def test_the_examples_are_those_of_the_tutorial():
    page = (ROOT / "docs" / "first-map.md").read_text(encoding="utf-8")
    for name in ("start.geojson", "evidence.csv"):
        assert (ROOT / "examples" / name).read_text(encoding="utf-8") in page


def holder(areas: list[dict], lon: float, lat: float) -> str | None:
    from shapely import Point
    from shapely.geometry import shape

    for area in areas:
        if shape(area["geometry"]).covers(Point(lon, lat)):
            return area["properties"]["side"]
    return None
