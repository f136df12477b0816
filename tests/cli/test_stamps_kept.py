"""What says that it is SIMULATED or PRIVATE goes on saying so, whichever command reads and writes it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront.cli import main

PRIVATE = {"stamp": "PRIVATE SIMULATED", "simulated": True}


def drawn(path: Path, day: str, east: float = 0.2, **said: object) -> Path:
    """A map of one polygon, its features saying so."""
    ring = [[0.0, 0.0], [east, 0.0], [east, 0.3], [0.0, 0.3], [0.0, 0.0]]
    told = {"class": "held", "side": "south", "date": day} | said
    feature = {"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("said", "kept"),
    [({}, None), ({"simulated": True}, "SIMULATED"), ({"stamp": "PRIVATE"}, "PRIVATE"), (PRIVATE, "PRIVATE SIMULATED")],
)
def test_read_map_keeps_what_a_file_says_of_itself(tmp_path: Path, said: dict[str, object], kept: str | None) -> None:
    out = tmp_path / "read.geojson"
    assert main(["read-map", str(drawn(tmp_path / "map.geojson", "2030-01-28", **said)), "--out", str(out)]) == 0
    (feature,) = json.loads(out.read_text(encoding="utf-8"))["features"]
    told = feature["properties"]
    assert told.get("stamp") == kept
    assert told.get("simulated", False) is ("SIMULATED" in (kept or ""))
    assert main(["read-map", str(out), "--out", str(tmp_path / "again.geojson")]) == 0
    assert json.loads((tmp_path / "again.geojson").read_text(encoding="utf-8"))["features"][0]["properties"] == told


def test_a_folder_of_invented_maps_makes_a_simulated_series_and_comparison(tmp_path: Path) -> None:
    for day, east in (("2030-01-01", 0.20), ("2030-01-02", 0.21)):
        drawn(tmp_path / "maps" / f"{day}.geojson", day, east, simulated=True)
    maps = str(tmp_path / "maps")
    at = ["--at", "0.1", "0.15", "--from", "2030-01-01", "--to", "2030-01-02"]
    assert main(["front", "corridor-series", "--held", f"ours={maps}", *at, "--out", str(tmp_path / "series")]) == 0
    between = ["--from", "2030-01-01", "--to", "2030-01-02", "--out", str(tmp_path / "compared")]
    assert main(["compare", f"a={maps}", f"b={maps}", *between]) == 0
    written = (*(tmp_path / "series").iterdir(), *(tmp_path / "compared").iterdir())
    texts = [one for one in written if one.suffix != ".png"]
    assert texts
    assert [one.name for one in texts if "SIMULATED" not in one.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(("said", "simulated"), [({}, False), ({"simulated": True}, True)])
def test_what_begins_on_an_invented_map_is_invented(tmp_path: Path, said: dict[str, object], simulated: bool) -> None:
    anchor = drawn(tmp_path / "start.geojson", "2030-01-01", **said)
    words = ["--bounds", "0", "0", "0.4", "0.3", "--protect", "none", "--side", "south=S", "--side", "north=N"]
    war = tmp_path / "war"
    assert main(["init", str(war), *words, "--anchor", str(anchor), "--anchor-date", "2030-01-01"]) == 0
    assert ("simulated = true" in (war / "theatre.toml").read_text(encoding="utf-8")) is simulated


def test_an_invented_map_is_not_approved_in_a_real_theatre(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    anchor = drawn(tmp_path / "start.geojson", "2020-01-01")
    words = ["--bounds", "0", "0", "0.4", "0.3", "--protect", "none", "--side", "south=S", "--side", "north=N"]
    war = tmp_path / "war"
    assert main(["init", str(war), *words, "--anchor", str(anchor), "--anchor-date", "2020-01-01"]) == 0
    invented = drawn(tmp_path / "2020-01-08.geojson", "2020-01-08", 0.25, simulated=True)
    assert main(["add", "--theatre", str(war), "--approved", str(invented), "--by", "kim"]) == 3
    assert "says that it is SIMULATED" in capsys.readouterr().err
    assert not (war / "ledger.db").exists()
