"""Roads and interdicted ground on a theatre's own map: private, the same for both sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engine_war import add, draw, polygon, ring, rows, start
from osm_files import Drawn, osm_xml

from isofront.engine import drafts
from isofront.engine.routes import place_routes, roads_of
from isofront.theatre import start_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unpictured")]

NODES = [(20.02, 50.5), (20.18, 50.5), (20.38, 50.5), (20.02, 50.55), (20.18, 50.55)]
"""A road across the front, and a second one on the west side."""

ROADS = [
    Drawn([0, 1, 2], {"highway": "primary", "name": "Across"}),
    Drawn([3, 4, 1], {"highway": "secondary", "name": "Second"}),
    Drawn([0, 3], {"highway": "tertiary"}),
]


TOWNS = {"Left": 20.03, "Middle": 20.11, "Right": 20.17, "Beyond": 20.3}


@pytest.fixture(scope="module")
def roaded_war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theatre with a roads file, where blue was struck by the road and red behind its line."""
    war = start(tmp_path_factory.mktemp("roads"), polygon(ring()))
    (war / "roads.osm").write_bytes(osm_xml(NODES, ROADS))
    file = war / "theatre.toml"
    file.write_text('roads_file = "roads.osm"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    with file.open("a", encoding="utf-8") as more:
        for name, lon in TOWNS.items():
            more.write(f'\n[[settlements]]\nnames = {{ en = "{name}" }}\nat = [{lon}, 50.5]\npopulation = 12000\n')
    struck = rows(8, lon=20.16, lat=50.5, seen="blue") + rows(8, lon=20.26, lat=50.5, seen="red")
    add(war, struck)
    return war


@pytest.fixture(scope="module")
def roaded_map(roaded_war: Path) -> Path:
    return draw(roaded_war, roaded_war.parent / "out")


def routes(told, war: Path, *more: object) -> dict:
    code, out, err = told("front", "routes", "--theatre", war, "--on", "2024-05-25", "--json", *more)
    assert code == 0, err
    return json.loads(out)


def test_a_place_of_the_draft_is_told_its_routes_and_where_movement_was_struck(told, roaded_war):
    found = routes(told, roaded_war, "--at", 20.17, 50.5, "--radius", 800)
    assert (found["stamp"], found["side"], found["routes"]) == ("PRIVATE", "blue", "2+")
    assert found["rear"]["depth_km"] < 20
    struck = found["by_rule"]["held"]["list"][0]["interdicted_km"]
    assert struck["seldom"] + struck["at times"] + struck["often"] > 2
    assert sum(struck.values()) == pytest.approx(found["by_rule"]["held"]["list"][0]["km"], abs=0.05)
    assert set(found["by_rule"]) == {"held", "held_or_grey", "any_presence"}


def test_either_side_can_be_asked_about(told, roaded_war):
    found = routes(told, roaded_war, "--at", 20.24, 50.5, "--radius", 800)
    assert (found["side"], found["routes"]) == ("red", "1")
    assert routes(told, roaded_war, "--at", 20.24, 50.5, "--radius", 800, "--side", "blue")["routes"] == "0"


def test_what_is_cut_when_a_town_falls_is_a_table_by_rule(told, roaded_war):
    found = routes(told, roaded_war, "--if-falls", "Middle")["if_falls"]
    assert (found["town"], set(found["cities"])) == ("Middle", {"Left", "Middle", "Right"})
    told_of = {(one["from"], one["to"]): one for one in found["lost"]}
    assert set(told_of) == {("Right", "rear"), ("Left", "Right")}
    for one in told_of.values():
        assert not one["cut"]
        assert one["longer_km"] == pytest.approx(one["after_km"] - one["before_km"], abs=0.02)
        assert one["longer_percent"] == pytest.approx(100 * one["longer_km"] / one["before_km"], abs=0.2)
    alone = routes(told, roaded_war, "Left", "--if-falls", "Middle")["if_falls"]["lost"]
    assert [(one["from"], one["to"]) for one in alone] == [("Left", "Right")]


def test_the_same_in_words_begins_with_the_stamp(told, roaded_war):
    code, out, _ = told(
        "front", "routes", "Right", "--if-falls", "Middle", "--theatre", roaded_war, "--on", "2024-05-25"
    )
    assert code == 0
    assert out.startswith("PRIVATE  roads: roads.osm")
    assert "if Middle falls (nothing passes within 800 m):" in out


def test_the_map_writes_roads_with_their_holder_and_how_near_the_other_is(roaded_map):
    document = json.loads((roaded_map / "routes.geojson").read_text(encoding="utf-8"))
    found = [one["properties"] for one in document["features"]]
    assert {one["on"] for one in found} >= {"red", "blue"}
    assert all(one["stamp"] == "PRIVATE" and "OpenStreetMap" in one["credit"] for one in found)
    for side in ("red", "blue"):
        assert {one["within_km"] for one in found if one["on"] == side} >= {3.0, 5.0, 10.0}
    assert b"OpenStreetMap" in (roaded_map / "map.svg").read_bytes()


def test_the_map_writes_interdicted_ground_for_both_sides_and_what_nobody_looked_at(roaded_map):
    document = json.loads((roaded_map / "interdicted.geojson").read_text(encoding="utf-8"))
    found = [one["properties"] for one in document["features"]]
    assert {one["side"] for one in found if one["class"] == "interdicted"} == {"red", "blue"}
    assert [one["class"] for one in found].count("unobserved") == 1
    assert all(one["stamp"] == "PRIVATE" for one in found)


def test_a_theatre_without_roads_says_what_was_wanted(told, quiet_war):
    code, out, err = told("front", "routes", "--at", 20.17, 50.5, "--theatre", quiet_war, "--on", "2024-05-25")
    assert (code, out) == (2, "")
    assert "names no roads" in err


def test_counts_for_publication_know_each_settlement_of_a_side(roaded_war):
    made = next(iter(drafts(roaded_war, [start_of("2024-05-25")])))
    graph = roads_of(made.ground)
    assert graph is not None
    both = {side: place_routes(made, graph, side=side) for side in made.field.sides}
    for side, found in both.items():
        assert all(one.side == side and one.front_km > 0 for one in found)
    names = [{one.name for one in found} for found in both.values()]
    assert not names[0] & names[1]
