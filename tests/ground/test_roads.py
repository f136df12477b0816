"""Roads read from OpenStreetMap and GeoJSON, and the graph they make."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from osm_files import Drawn, osm_pbf, osm_xml

from isofront.errors import BadInputError
from isofront.ground import roads
from isofront.ground.grid import Bounds
from isofront.ground.road_graph import PIECE_KM, graph_km, road_graph
from isofront.ground.roads import Way, read_ways

BOX = Bounds(20.0, 50.0, 21.0, 51.0)
NODES = [(20.1, 50.1), (20.2, 50.2), (20.3, 50.3), (20.4, 50.2), (20.3, 50.1)]
DRAWN = [
    Drawn([0, 1, 2], {"highway": "primary", "name": "Long & <wide>", "ref": "M1"}),
    Drawn([1, 3], {"highway": "trunk_link", "bridge": "yes"}),
    Drawn([2, 3], {"highway": "footway"}),
    Drawn([2, 3, 4], {"railway": "rail"}),
    Drawn([2, 4], {"railway": "tram"}),
    Drawn([0, 4], {"waterway": "river"}),
]


def put(folder: Path, name: str, content: bytes | str | dict) -> Path:
    path = folder / name
    text = json.dumps(content) if isinstance(content, dict) else content
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def geojson(*lines: list, **properties: object) -> dict:
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": line}}
        for line in lines
    ]
    return {"type": "FeatureCollection", "features": features}


def said(path: Path, box: Bounds = BOX) -> str:
    with pytest.raises(BadInputError) as fault:
        read_ways(path, box)
    text = str(fault.value)
    assert text.count("\n") == 0
    return text


@pytest.mark.parametrize(("name", "make"), [("a.osm", osm_xml), ("a.osm.pbf", osm_pbf), ("named.geojson", osm_pbf)])
def test_classes_that_carry_traffic_are_kept_and_all_else_is_not(tmp_path, name, make):
    ways = read_ways(put(tmp_path, name, make(NODES, DRAWN)), BOX)
    assert [(one.kind, one.name, one.bridge) for one in ways] == [
        ("primary", "M1 Long & <wide>", False),
        ("trunk", "", True),
        ("rail", "", False),
    ]
    assert ways[0].line == pytest.approx(np.array(NODES[:3]), abs=1e-7)


def test_only_what_touches_the_box_is_read(tmp_path):
    path = put(tmp_path, "a.osm", osm_xml(NODES, DRAWN))
    assert [one.kind for one in read_ways(path, Bounds(20.35, 50.0, 20.5, 50.25))] == ["trunk", "rail"]


@pytest.mark.parametrize("make", [osm_xml, osm_pbf])
def test_a_file_without_roads_in_the_box_says_so_in_one_line(tmp_path, make):
    text = said(put(tmp_path, "far.osm", make(NODES, DRAWN)), Bounds(30.0, 40.0, 31.0, 41.0))
    assert text.startswith("far.osm: no roads in 30 40 31 41 (west south east north)")


@pytest.mark.parametrize("make", [osm_xml, osm_pbf])
@pytest.mark.parametrize("part", [0.55, 0.8, 0.97])
def test_a_file_cut_short_is_refused_in_one_line(tmp_path, make, part):
    content = make(NODES * 40, DRAWN)
    assert said(put(tmp_path, "short.osm", content[: int(part * len(content))])).startswith("short.osm: ")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 not a map", "not GeoJSON"),
        (b"<?xml version='1.0'?><kml/>", "not GeoJSON"),
        (b"[1, 2]", "without a GeoJSON type"),
        ('{"a":' * 100_000, "not GeoJSON"),
        ({"type": "FeatureCollection", "features": 3}, "without a list of features"),
        ({"type": "FeatureCollection", "features": [1, None, {}]}, "holds no roads"),
        (geojson([[20.1, "x"], [20.2, 50.2]]), "no [lon, lat] numbers"),
        (geojson([[4500000, 5500000], [4510000, 5500000]]), "wanted lon/lat in degrees"),
        (geojson([[20.1, 50.1], [20.2, 50.2]]) | {"crs": {"properties": {"name": "EPSG:3857"}}}, "EPSG:3857"),
        (geojson([[20.1, 50.1], [20.2, 50.2]], highway="footway"), "holds no roads"),
        (geojson([[50.1, 20.1], [50.2, 20.2]]), "lat before lon?"),
        (geojson([[10.1, 40.1], [10.2, 40.2]]), "its 1 lines lie in 10.1 40.1 10.2 40.2, wanted roads of that area"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) and len(value) < 60 else "",
)
def test_what_is_no_file_of_roads_is_refused_by_name_in_one_line(tmp_path, content, why):
    text = said(put(tmp_path, "bad.geojson", content))
    assert text.startswith("bad.geojson")
    assert why in text


def test_entities_that_grow_are_refused(tmp_path):
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "x" * 50}">' for n in range(9))
    text = f'<?xml version="1.0"?><!DOCTYPE osm [{bomb}]><osm version="0.6"><note>&e8;</note></osm>'
    said(put(tmp_path, "bomb.osm", text))


def test_more_lines_than_can_be_held_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(roads, "MAX_WAYS", 2)
    assert "more than 2 lines" in said(put(tmp_path, "a.osm", osm_xml(NODES, DRAWN)))
    monkeypatch.setattr(roads, "MAX_FILE_BYTES", 100)
    assert "cut out the area first" in said(put(tmp_path, "b.osm", osm_xml(NODES, DRAWN)))


def test_a_missing_file_is_named(tmp_path):
    assert "none.osm" in said(tmp_path / "none.osm")


# The graph


def drawn(*spots: tuple[float, float], kind: str = "primary", spanning: bool = False, noded: bool = False) -> Way:
    return Way(kind, "", np.array(spots, float), spanning, spanning, noded)


def graph(*ways: Way):
    return graph_km(ways, [one.line for one in ways])


def parts(*ways: Way) -> int:
    """Into how many networks they fall."""
    from scipy.sparse.csgraph import connected_components

    made = graph(*ways)
    return int(connected_components(made.matrix(np.ones(len(made.km), bool)), directed=False)[0])


CROSS = ((0.0, 0.0), (10.0, 0.0)), ((5.0, -5.0), (5.0, 5.0))


def test_lines_that_cross_meet():
    assert parts(*(drawn(*one) for one in CROSS)) == 1


def test_a_bridge_does_not_meet_what_it_crosses():
    assert parts(drawn(*CROSS[0]), drawn(*CROSS[1], spanning=True)) == 2


def test_lines_of_openstreetmap_meet_only_where_they_share_a_vertex():
    assert parts(*(drawn(*one, noded=True) for one in CROSS)) == 2
    shared = [(one[0], (5.0, 0.0), one[1]) for one in CROSS]
    assert parts(*(drawn(*one, noded=True) for one in shared)) == 1


def test_a_railway_never_meets_a_road():
    assert parts(drawn(*CROSS[0]), drawn(*CROSS[1], kind="rail")) == 2
    assert parts(drawn((0, 0), (1, 0), noded=True), drawn((1, 0), (2, 0), kind="rail", noded=True)) == 2


def test_a_line_that_ends_within_metres_of_another_meets_it():
    assert parts(drawn((0, 0), (10, 0)), drawn((5, 0.015), (5, 5))) == 1
    assert parts(drawn((0, 0), (10, 0)), drawn((5, 0.1), (5, 5))) == 2


def test_no_two_pieces_join_the_same_two_nodes():
    made = graph(drawn((0, 0), (0.2, 0.1), (0.4, 0), noded=True), drawn((0, 0), (0.2, -0.1), (0.4, 0), noded=True))
    pairs = {tuple(sorted(pair)) for pair in made.ends.tolist()}
    assert len(pairs) == len(made.ends) == 3
    assert made.km.sum() == pytest.approx(4 * np.hypot(0.2, 0.1))


def test_a_road_given_twice_counts_once():
    once, twice = graph(drawn((0, 0), (3, 4))), graph(drawn((0, 0), (3, 4)), drawn((0, 0), (3, 4)))
    assert twice.km.sum() == pytest.approx(once.km.sum())


spots = st.tuples(st.integers(-20, 20), st.integers(-20, 20)).map(lambda spot: (float(spot[0]), float(spot[1])))


@given(st.lists(st.lists(spots, min_size=2, max_size=5, unique=True), min_size=1, max_size=5))
def test_pieces_are_short_and_no_road_is_lost(lines):
    import shapely

    made = graph(*(drawn(*line) for line in lines))
    assert made.km.max() <= 2 * PIECE_KM + 1e-5
    assert shapely.length(shapely.line_merge(shapely.union_all(made.lines))) == pytest.approx(
        shapely.length(shapely.union_all([shapely.LineString(line) for line in lines])), rel=1e-3
    )
    ends = made.node_km[made.ends]
    for k, line in enumerate(made.lines):
        assert shapely.get_coordinates(line)[[0, -1]] == pytest.approx(ends[k], abs=2e-5)


def test_roads_off_the_flat_map_are_left_out():
    far = Way("primary", "", np.array([(20.0, 50.0), (20.0, 90.0001)]))
    near = Way("primary", "", np.array([(20.0, 50.0), (20.1, 50.0)]))
    assert road_graph([near, far], crs="EPSG:32634").km.sum() == pytest.approx(7.16, abs=0.05)
