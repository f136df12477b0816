"""`front routes` from the command line, on files made here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from osm_files import Drawn, osm_pbf, osm_xml

from isofront.cli import main

HELD = {"type": "Polygon", "coordinates": [[[20.55, 49.5], [21.5, 49.5], [21.5, 50.9], [20.55, 50.9], [20.55, 49.5]]]}
LAND = {"type": "Polygon", "coordinates": [[[19.0, 49.5], [21.5, 49.5], [21.5, 50.9], [19.0, 50.9], [19.0, 49.5]]]}
NODES = [(20.5, 50.2), (20.4, 50.2), (20.3, 50.3), (20.3, 50.1), (20.2, 50.2), (19.6, 50.2), (20.45, 50.35)]
"""The place, a fork, a road north and one south, where they meet, the rear, and a spur."""

TWO = [Drawn([0, 1], {"highway": "primary", "name": "Last"}), Drawn([1, 2, 4], {"highway": "primary", "name": "North"}),
       Drawn([1, 3, 4], {"highway": "secondary", "name": "South"}), Drawn([4, 5], {"highway": "trunk", "ref": "M1"}),
       Drawn([0, 6, 5], {"highway": "tertiary", "name": "Spur"}), Drawn([0, 5], {"railway": "rail"})]  # fmt: skip

Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {"held": HELD, "land": LAND}
    for name, shape in made.items():
        (tmp_path / f"{name}.geojson").write_text(json.dumps(shape), encoding="utf-8")
    (tmp_path / "roads.osm").write_bytes(osm_xml(NODES, TWO))
    (tmp_path / "roads.osm.pbf").write_bytes(osm_pbf(NODES, TWO))
    return {path.name: path for path in tmp_path.iterdir()}


def asked(files: dict[str, Path], *more: object, roads: str = "roads.osm") -> list[object]:
    ground = ("--held", files["held.geojson"], "--land", files["land.geojson"], "--crs", "EPSG:32634")
    return ["front", "routes", "--roads", files[roads], *ground, *more]


PLACE = ("--at", 20.5, 50.2, "--radius", 600)


@pytest.mark.parametrize("roads", ["roads.osm", "roads.osm.pbf"])
def test_a_place_is_told_its_routes_their_length_and_what_they_pass(told, files, roads):
    code, out, _ = told(*asked(files, *PLACE, "--json", roads=roads))
    document = json.loads(out)
    assert code == 0
    assert document["stamp"] == "PRIVATE"
    assert document["rear"] == {"depth_km": 20, "hubs": []}
    assert document["routes"] == "2+"
    one, other = document["by_rule"]["held"]["list"]
    assert [one["roads"], other["roads"]] in ([["Last", "North"], ["Spur"]], [["Last", "South"], ["Spur"]])
    assert one["km"] < other["km"]
    assert list(one["within_km"].values()) == sorted(one["within_km"].values())
    assert document["by_rule"]["held_or_grey"] is None
    assert document["rail"]["routes"] == "1"


def test_with_one_way_out_the_length_that_every_route_uses_is_told(told, files, tmp_path):
    (tmp_path / "roads.osm").write_bytes(osm_xml(NODES, TWO[:4]))
    code, out, _ = told(*asked(files, *PLACE, "--json"))
    document = json.loads(out)
    assert code == 0
    assert document["routes"] == "1"
    assert document["by_rule"]["held"]["shared_km"] == pytest.approx(7.15 - 0.75, abs=0.8)


def test_the_words_are_private_and_hold_the_same(told, files, tmp_path):
    out_file = tmp_path / "out" / "routes.geojson"
    code, out, _ = told(*asked(files, *PLACE, "--out", out_file))
    assert code == 0
    assert out.startswith("PRIVATE  roads: roads.osm; rear: own roads 20 km or more")
    assert "2+" in out
    written = json.loads(out_file.read_text(encoding="utf-8"))
    assert written["stamp"] == "PRIVATE"
    assert [one["properties"]["route"] for one in written["features"]] == [1, 2]
    assert all(one["properties"]["stamp"] == "PRIVATE" for one in written["features"])


@pytest.mark.parametrize(
    ("words", "why", "exit_code"),
    [
        (["front", "routes", "--theatre", "x", "--on", "2031-01-01"], "wanted a PLACE", 2),
        (["front", "routes", "Somewhere", "--at", 20, 50], "either a PLACE or --at", 2),
        (["front", "routes", "Somewhere"], "either --held FILE or --theatre", 2),
        (["front", "routes", "Somewhere", "--theatre", "."], "wanted the day too", 2),
        (["front", "routes", "Somewhere", "--held", "x.geojson"], "wanted the roads too", 2),
        (["front", "routes", "S", "--held", "x", "--roads", "y", "--on", "2031-01-01"], "go with --theatre", 2),
    ],
)
def test_a_wrong_call_says_in_one_line_what_was_wanted(told, words, why, exit_code):
    code, out, err = told(*words)
    assert (code, out) == (exit_code, "")
    assert why in err
    assert err.count("\n") == 1


def test_roads_of_another_country_are_refused_in_one_line(told, files, tmp_path):
    far = [(lon + 40, lat - 20) for lon, lat in NODES]
    (tmp_path / "roads.osm").write_bytes(osm_xml(far, TWO))
    code, out, err = told(*asked(files, *PLACE))
    assert (code, out) == (3, "")
    assert "roads.osm: no roads in" in err
    assert err.count("\n") == 1


def test_what_is_measured_on_an_invented_map_says_so(told, files, tmp_path):
    shape = json.loads(files["held.geojson"].read_text(encoding="utf-8"))
    invented = {"type": "Feature", "properties": {"simulated": True}, "geometry": shape}
    files["held.geojson"].write_text(json.dumps(invented), encoding="utf-8")
    code, out, _ = told(*asked(files, *PLACE, "--json", "--out", tmp_path / "routes.geojson"))
    assert (code, json.loads(out)["stamp"]) == (0, "PRIVATE SIMULATED")
    assert json.loads((tmp_path / "routes.geojson").read_text(encoding="utf-8"))["stamp"] == "PRIVATE SIMULATED"
    ground = ("--held", files["held.geojson"], "--land", files["land.geojson"], "--crs", "EPSG:32634")
    code, _, _ = told("front", "corridor", *ground, *PLACE, "--field", tmp_path / "field.svg")
    assert code == 0
    assert "SIMULATED" in (tmp_path / "field.svg").read_text(encoding="utf-8")
