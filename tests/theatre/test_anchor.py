from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isofront.errors import BadInputError
from isofront.ground.distance_field import inner_border_km
from isofront.ground.polygons import Feature, project_km
from isofront.theatre import AnchorMap, anchor_map, geojson_of, land_near, read_anchor, read_land
from isofront.theatre.coast import FRAME_KM
from isofront.theatre.model import Side, Theatre

WEST_HALF = shapely.Polygon([(20, 50), (20.5, 50), (20.55, 50.3), (20.45, 50.6), (20.5, 51), (20, 51)])


def plain(*areas: shapely.Geometry) -> tuple[Feature, ...]:
    return tuple(Feature(number, area, {}) for number, area in enumerate(areas, start=1))


def classed(*areas: tuple[shapely.Geometry, str | None]) -> tuple[Feature, ...]:
    says = ({"class": "held", "side": side} if side else {"class": "grey"} for _, side in areas)
    return tuple(Feature(n, area, words) for n, ((area, _), words) in enumerate(zip(areas, says, strict=True), start=1))


def parts(anchor: AnchorMap) -> list[shapely.Geometry]:
    return [area for area in (*anchor.held.values(), anchor.grey) if not area.is_empty]


def assert_covers_the_known_ground(anchor: AnchorMap) -> None:
    for first, second in itertools.combinations(parts(anchor), 2):
        assert first.intersection(second).area < 1e-6
    whole = shapely.union_all(np.array(parts(anchor), dtype=object))
    assert whole.symmetric_difference(anchor.known).area < 0.004 * anchor.known.area


def test_plain_polygons_are_the_holders_and_the_rest_of_the_bounds_the_others(theatre: Theatre) -> None:
    anchor = anchor_map(plain(WEST_HALF), theatre, name="a")
    given = project_km(WEST_HALF, crs=theatre.crs)
    assert anchor.held["red"].symmetric_difference(given).area < 1e-3 * given.area
    assert anchor.held["blue"].area == pytest.approx(anchor.known.area / 2, rel=0.02)
    assert anchor.grey.is_empty
    assert anchor.repairs == ()
    assert_covers_the_known_ground(anchor)


def test_held_ground_has_the_files_vertices_and_others_only_along_the_rim_of_the_data(theatre: Theatre) -> None:
    anchor = anchor_map(plain(WEST_HALF), theatre, name="a")
    there = shapely.get_coordinates(project_km(WEST_HALF, crs=theatre.crs))
    here = {tuple(spot) for spot in shapely.get_coordinates(anchor.held["red"]).tolist()}
    added = here - {tuple(spot) for spot in there.tolist()}
    assert len(here) - len(added) == len(there) - 1
    assert shapely.distance(shapely.points(list(added)), anchor.known.boundary).max() < 1e-3
    inner = {tuple(spot) for spot in there[1:5].tolist()}
    assert inner <= set(map(tuple, shapely.get_coordinates(anchor.held["blue"]).tolist()))
    assert anchor.lonlat[0].geometry is WEST_HALF


def test_a_long_straight_edge_along_the_bounds_is_no_front(theatre: Theatre) -> None:
    """Straight in degrees is bent on the map: what a chord cuts off must not look like the other side's ground."""
    anchor = anchor_map(plain(shapely.box(20.3, 50, 21, 50.6)), theatre, name="a")
    border = inner_border_km(anchor.held["red"], anchor.known)
    front = project_km(
        shapely.segmentize(shapely.LineString([(20.3, 50), (20.3, 50.6), (21, 50.6)]), 0.05), crs=theatre.crs
    )
    assert border.length == pytest.approx(front.length, rel=0.01)


def test_classes_and_sides_are_read_and_uncovered_ground_is_grey(theatre: Theatre) -> None:
    features = classed((WEST_HALF, "red"), (shapely.box(20.8, 50, 21, 51), "blue"))
    anchor = anchor_map(features, theatre, name="a")
    assert anchor.grey.area == pytest.approx(anchor.known.area * 0.3, rel=0.03)
    assert_covers_the_known_ground(anchor)


def test_a_grey_belt_beside_one_sides_ground_leaves_the_rest_to_the_other(theatre: Theatre) -> None:
    features = classed((WEST_HALF, "red"), (shapely.box(20.5, 50, 20.7, 51), None))
    anchor = anchor_map(features, theatre, name="a")
    assert anchor.held["blue"].bounds[0] > anchor.held["red"].bounds[0]
    assert anchor.grey.area > 0
    assert_covers_the_known_ground(anchor)
    assert any("grey ground overlaps 'red' ground" in repair for repair in anchor.repairs)


def test_ground_claimed_twice_is_left_to_the_first_in_the_file(theatre: Theatre) -> None:
    features = classed((shapely.box(20, 50, 20.6, 51), "blue"), (shapely.box(20.4, 50, 21, 51), "red"))
    anchor = anchor_map(features, theatre, name="a.geojson")
    given = project_km(shapely.segmentize(shapely.box(20, 50, 20.6, 51), 0.05), crs=theatre.crs)
    assert anchor.held["blue"].symmetric_difference(given).area < 1e-3 * given.area
    (repair,) = anchor.repairs
    assert repair.startswith("a.geojson: 'red' ground overlaps 'blue' ground by 1.")
    assert repair.endswith("left to 'blue', which stands first")
    assert_covers_the_known_ground(anchor)


def test_an_anchor_of_a_whole_country_is_cut_round_the_theatre(theatre: Theatre) -> None:
    anchor = anchor_map(plain(shapely.box(0, 40, 20.5, 60)), theatre, name="a")
    drawn = project_km(shapely.segmentize(shapely.box(15, 45, 20.5, 55), 0.05), crs=theatre.crs)
    grid = shapely.box(*theatre.grid.box_km)
    assert grid.buffer(3 * FRAME_KM).contains(anchor.known)
    assert anchor.held["red"].intersection(grid).area > 0.4 * grid.area
    assert grid.buffer(10).intersection(drawn).difference(anchor.known).area < 1e-3


@pytest.mark.parametrize(("west", "crs"), [(-180.0, "EPSG:32701"), (179.5, "EPSG:32760")])
def test_an_anchor_beside_the_antimeridian_loses_nothing(theatre: Theatre, west: float, crs: str) -> None:
    """The frame round the grid reaches over it, where degrees begin anew."""
    there = replace(theatre, bounds=(west, -17.0, west + 0.5, -16.7), crs=crs)
    half = shapely.box(west, -17.0, west + 0.25, -16.7)
    anchor = anchor_map(plain(half), there, name="a")
    assert anchor.held["red"].area == pytest.approx(project_km(half, crs=crs).area, rel=1e-3)
    assert anchor.held["blue"].area == pytest.approx(anchor.held["red"].area, rel=1e-2)
    assert_covers_the_known_ground(anchor)


def test_the_known_ground_reaches_as_far_as_the_data(theatre: Theatre) -> None:
    inside = anchor_map(plain(shapely.box(20.3, 50.3, 20.6, 50.6)), theatre, name="a")
    assert_covers_the_known_ground(inside)
    assert inside.known.equals_exact(
        project_km(shapely.segmentize(shapely.box(20, 50, 21, 51), 0.05), crs=theatre.crs), 0
    )
    cut_short = anchor_map(plain(shapely.box(20.001, 50.001, 20.6, 51.1)), theatre, name="a")
    wanted = shapely.segmentize(shapely.box(20.001, 50.001, 21, 51.1), 0.05)
    assert cut_short.known.equals_exact(project_km(wanted, crs=theatre.crs), 0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(19.5, 21.2), st.floats(49.5, 51.2), st.floats(0.05, 0.8), st.sampled_from(["red", "blue", None])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_heap_of_areas_becomes_one_cover_of_the_known_ground(
    heap: list[tuple[float, float, float, str | None]],
) -> None:
    theatre = _theatre()
    features = classed(*((shapely.box(x, y, x + size, y + size), side) for x, y, size, side in heap))
    if not any(feature.geometry.intersects(shapely.box(20, 50, 21, 51)) for feature in features):
        return
    anchor = anchor_map(features, theatre, name="a")
    assert all(area.is_valid for area in parts(anchor))
    assert_covers_the_known_ground(anchor)


def _theatre() -> Theatre:
    from isofront.theatre import parse

    return parse(
        'name="i"\nprotected_sides=[]\nbounds=[20,50,21,51]\ncrs="EPSG:32634"\nanchor={file="a",date=2030-01-01}\n'
        'sides=[{id="red",names={en="R"}},{id="blue",names={en="B"}}]'
    )


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"class": "lost"}, "feature 1: class 'lost', wanted 'held' or 'grey'"),
        ({"class": "held", "side": "green"}, "feature 1: side 'green', wanted 'red' or 'blue'"),
        ({"class": 3}, "feature 1: class 3"),
        ({"side": ["red"]}, "feature 1: side ['red'], wanted"),
    ],
)
def test_a_feature_that_says_something_unknown_is_refused(
    theatre: Theatre, properties: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInputError) as fault:
        anchor_map((Feature(1, WEST_HALF, properties),), theatre, name="a")
    assert said in str(fault.value)


@pytest.mark.parametrize("word", ["RED", "Redland", "redland"])
def test_a_side_is_known_by_id_or_name_in_either_case_as_in_evidence(theatre: Theatre, word: str) -> None:
    named = replace(theatre, sides=(Side("red", {"en": "Redland"}), theatre.sides[1]))
    anchor = anchor_map((Feature(1, WEST_HALF, {"side": word}),), named, name="a")
    assert anchor.held["red"].equals(anchor_map(plain(WEST_HALF), theatre, name="a").held["red"])


def test_plain_polygons_want_a_holder(theatre: Theatre) -> None:
    without = replace(theatre, anchor=replace(theatre.anchor, holder=None))
    with pytest.raises(BadInputError, match=r"feature 1: has no 'side', wanted one \(or anchor.holder"):
        anchor_map(plain(WEST_HALF), without, name="a")


def test_an_anchor_elsewhere_is_refused(theatre: Theatre) -> None:
    with pytest.raises(BadInputError, match="nothing of it lies inside the bounds"):
        anchor_map(plain(shapely.box(30, 40, 31, 41)), theatre, name="a")


def test_an_anchor_or_land_with_lat_before_lon_is_said_to_be_that(theatre: Theatre) -> None:
    turned = plain(shapely.box(50, 20, 50.5, 21))
    with pytest.raises(BadInputError, match="lat before lon, it seems"):
        anchor_map(turned, theatre, name="a")
    with pytest.raises(BadInputError, match="lat before lon, it seems"):
        land_near(theatre, turned, name="land")


def test_an_anchor_and_land_are_read_from_the_theatres_folder(theatre: Theatre, tmp_path: Path) -> None:
    (tmp_path / "anchor.geojson").write_bytes(geojson_of(plain(WEST_HALF)))
    bow_tie = b'{"type":"Polygon","coordinates":[[[20,50],[21,51],[21,50],[20,51],[20,50]]]}'
    assert read_anchor(theatre, tmp_path).repairs == ()
    assert read_land(theatre, tmp_path) is None
    (tmp_path / "land.geojson").write_bytes(geojson_of(plain(shapely.box(0, 0, 20.5, 80))))
    land = read_land(replace(theatre, land="land.geojson"), tmp_path)
    assert land is not None
    assert land.is_valid
    assert 0 < land.area < 40_000
    (tmp_path / "anchor.geojson").write_bytes(bow_tie)
    assert read_anchor(theatre, tmp_path).repairs == ("anchor.geojson feature 1: self-intersection, made valid",)
