"""A map that is stopped leaves the map before it whole."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.ground.files import TOGETHER
from isofront.publish import write

EXAMPLES = Path(__file__).parents[2] / "examples"
WORDS = ("map", "--theatre", "war", "--out", "out")
HELD_UP = """
import sys, time
from isofront.cli import main
from isofront.publish import write

def held_up(path, content):
    path.write_bytes(content)
    if path.name == "areas.geojson":
        time.sleep(600)

write.write_atomically = held_up
main(sys.argv[1:])
"""


@pytest.fixture
def war(folder: Path) -> Path:
    sides = ("--side", "south=Southland", "--side", "north=Northland", "--protect", "none")
    anchor = ("--anchor", str(EXAMPLES / "start.geojson"), "--anchor-date", "2020-05-01", "--anchor-holder", "south")
    assert main(["init", "war", "--bounds", "0", "0", "0.4", "0.3", *sides, *anchor]) == 0
    return folder / "war"


def held(out: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(out.iterdir()) if one.is_file()}


def test_interrupted_while_it_is_written_the_old_map_is_whole_and_that_is_said(war, monkeypatch, capsys):
    out = war.parent / "out"
    out.mkdir()
    (out / "map.html").write_bytes(b"the old map")
    (out / "mine.qgz").write_bytes(b"mine")
    before, made = held(out), []

    def stopped(path: Path, content: bytes) -> None:
        made.append(path)
        if len(made) == 5:
            raise KeyboardInterrupt
        path.write_bytes(content)

    monkeypatch.setattr(write, "write_atomically", stopped)
    assert main([*WORDS, "--as-of", "2020-05-02"]) == 130
    assert "interrupted; no map was drawn, and what out held is as it was" in capsys.readouterr().err
    assert held(out) == before
    assert not list(out.glob(".*"))


def test_a_map_never_takes_the_place_of_a_file_that_the_theatre_is_made_from(war, capsys):
    (war / "anchor.geojson").rename(war / "areas.geojson")
    text = (war / "theatre.toml").read_text(encoding="utf-8").replace('"anchor.geojson"', '"areas.geojson"')
    (war / "theatre.toml").write_text(text, encoding="utf-8")
    before = held(war)
    assert main(["map", "--theatre", "war", "--out", "war", "--as-of", "2020-05-02"]) == 2
    assert "the map would overwrite areas.geojson, which theatre.toml names" in capsys.readouterr().err
    assert held(war) == before


@pytest.mark.slow
def test_killed_while_it_is_written_the_old_map_is_whole_and_the_next_one_is_drawn(war):
    out = war.parent / "out"
    assert main([*WORDS, "--as-of", "2020-05-02"]) == 0
    before = held(out)
    with subprocess.Popen([sys.executable, "-c", HELD_UP, *WORDS, "--as-of", "2020-05-03"]) as drawing:
        while not list(out.glob(f"{TOGETHER}*/areas.geojson")):
            assert drawing.poll() is None
            time.sleep(0.05)
        drawing.kill()
    assert held(out) == before
    assert main([*WORDS, "--as-of", "2020-05-03"]) == 0
    after = held(out)
    assert (after.keys(), after["summary.json"] == before["summary.json"]) == (before.keys(), False)
