"""`isofront simulate`, as a person or a script calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront import theatre
from isofront.cli import main


def test_it_writes_a_theatre_with_anchor_evidence_weather_and_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "world"
    call = ["simulate", "bridgehead", "--seed", "3", "--days", "9", "--rate", "5", "--out", str(folder), "--json"]
    assert main(call) == 0
    told = json.loads(capsys.readouterr().out)
    loaded = theatre.load(folder)
    assert loaded.simulated
    assert loaded.barriers
    assert told["reports"] == len((folder / "evidence.csv").read_text(encoding="utf-8").splitlines()) - 1
    truths = sorted(path.name for path in (folder / "truth").iterdir())
    assert truths == ["2021-03-01.geojson", "2021-03-08.geojson", "2021-03-09.geojson"]
    classes = {
        (feature["properties"]["class"], feature["properties"]["side"])
        for feature in json.loads((folder / "truth" / truths[0]).read_text(encoding="utf-8"))["features"]
    }
    assert classes == {("held", "a"), ("held", "b"), ("grey", None)}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["blitz"], "wanted one of"),
        (["quiet", "--days", "0"], "wanted 1 to 3650"),
        (["quiet", "--days", "1000000000"], "wanted 1 to 3650"),
        (["quiet", "--seed", "-1"], "'--seed'"),
        (["quiet", "--rate", "-1"], "0 or more"),
        (["quiet", "--habits", "wild"], "likereal"),
        (["pokrovsk", "--days", "10"], "own dates"),
    ],
)
def test_wrong_use_is_said_in_one_line(
    words: list[str], wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *words, "--out", str(tmp_path / "x")]) == 2
    said = capsys.readouterr().err.strip()
    assert wanted in said
    assert "\n" not in said
    assert not (tmp_path / "x").exists()


def test_a_world_is_never_written_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", "quiet", "--days", "2", "--rate", "1", "--out", str(tmp_path / "w")]
    assert main(words) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()}
    capsys.readouterr()
    assert main([*words, "--seed", "1"]) == 2
    assert "two wars would be mixed" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()} == before


def test_what_it_writes_can_be_added_and_says_what_moved_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "world"
    assert (
        main(["simulate", "air_landing", "--days", "9", "--rate", "4", "--out", str(folder), "--truth-every", "0"]) == 0
    )
    assert main(["add", "--theatre", str(folder), "--backfill", str(folder / "evidence.csv"), "--json"]) == 0
    capsys.readouterr()
    moves = (folder / "moves.csv").read_text(encoding="utf-8").splitlines()
    assert moves[0].startswith("effect,from,to")
    assert "grey,2021-03-0" in moves[1]
    assert "POINT (" in moves[1]
