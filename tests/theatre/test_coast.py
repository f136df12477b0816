"""Where a theatre names its land, its ground ends at the coast: the sea is nobody's, and no coast is a front."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isofront.control.overdue import needs_a_look
from isofront.engine import draft
from isofront.engine.ground import Ground, ground_of, model_of
from isofront.ground.distance_field import inner_border_km
from isofront.ground.polygons import Feature, project_km
from isofront.theatre import anchor_map, dump, geojson_of
from isofront.theatre.coast import ground_within, up_to_coast
from isofront.theatre.model import Theatre

ISLAND = shapely.Point(20.5, 50.5).buffer(0.3)
SOUTH, NORTH = (shapely.intersection(ISLAND, shapely.box(20, low, 21, low + 0.5)) for low in (50.0, 50.5))


def halves(south: shapely.Geometry = SOUTH, north: shapely.Geometry = NORTH) -> tuple[Feature, ...]:
    return Feature(1, south, {"class": "held", "side": "red"}), Feature(2, north, {"class": "held", "side": "blue"})


def on_disk(folder: Path, theatre: Theatre, features: tuple[Feature, ...]) -> Ground:
    (folder / "anchor.geojson").write_bytes(geojson_of(features))
    (folder / "land.geojson").write_bytes(geojson_of((Feature(1, ISLAND, {}),)))
    (folder / "theatre.toml").write_text(dump(replace(theatre, land="land.geojson")), encoding="utf-8")
    return ground_of(folder)


def test_the_sea_round_an_island_is_nobodys(theatre: Theatre) -> None:
    anchor = anchor_map(halves(), theatre, name="a", land=ISLAND)
    km2 = project_km(ISLAND, crs=theatre.crs).area
    assert anchor.known.area == pytest.approx(km2)
    assert sum(held.area for held in anchor.held.values()) == pytest.approx(km2)
    assert anchor.grey.area < 1e-6


@pytest.mark.parametrize("outward", [-0.004, 0.004])
def test_another_drawing_of_the_coast_leaves_no_strip_along_it(theatre: Theatre, outward: float) -> None:
    drawn = halves(shapely.buffer(SOUTH, outward), shapely.difference(NORTH, SOUTH.buffer(abs(outward))))
    anchor = anchor_map(drawn, theatre, name="a", land=ISLAND)
    inland = project_km(ISLAND.buffer(-0.03).boundary, crs=theatre.crs)
    shore = project_km(ISLAND.buffer(-0.001).boundary, crs=theatre.crs)
    off_front = project_km(shapely.box(20, 50.0, 21, 50.47), crs=theatre.crs)
    for line in (inland, shore):
        assert anchor.held["red"].buffer(1e-3).covers(line & off_front)


def test_the_map_of_an_island_is_its_land_and_its_coast_is_no_front(theatre: Theatre, tmp_path: Path) -> None:
    ground = on_disk(tmp_path, theatre, halves())
    assert sum(area.geometry.area for area in ground.areas) == pytest.approx(ground.frame.area)
    depth = ground.anchored.depth_km
    row, column = ground.grid.cell_of(*ground.grid.to_km(20.21, 50.45)) or (0, 0)
    assert depth[row, column] == pytest.approx(5.6, abs=0.3), "from the front, not from the coast a kilometre away"
    assert (depth[: row // 2] > 0).all(), "the sea is like the nearest shore"


def test_ground_that_an_anchor_says_nothing_of_is_grey_without_anybody_in_it(theatre: Theatre, tmp_path: Path) -> None:
    towns = (shapely.box(20.4, 50.3, 20.5, 50.4), shapely.box(20.5, 50.6, 20.6, 50.7))
    contested = Feature(3, shapely.box(20.45, 50.48, 20.5, 50.5), {"class": "grey"})
    ground = on_disk(tmp_path, theatre, (*halves(*towns), contested))
    reasons = {area.grey_reason: area.geometry.area for area in ground.areas if area.side is None}
    assert reasons["mixed_presence"] == pytest.approx(project_km(contested.geometry, crs=theatre.crs).area, rel=1e-3)
    assert reasons["neither_present"] > 10 * reasons["mixed_presence"]


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 0.02), st.floats(20.2, 20.8))
def test_carried_on_to_the_coast_ground_stays_apart_and_on_land(short: float, middle: float) -> None:
    land = ground_within(shapely.box(20, 50, 21, 51), ISLAND)
    west = ISLAND.buffer(-short) & shapely.box(20, 50, middle, 51)
    east = ISLAND.buffer(-short) & shapely.box(middle, 50, 21, 51)
    found = up_to_coast({"red": west, "blue": east}, land, land=ISLAND)
    assert shapely.intersection(found["red"], found["blue"]).area < 1e-9
    assert all(shapely.difference(area, land).area < 1e-9 for area in found.values())
    assert shapely.difference(west & land, found["red"]).area < 1e-9


def test_lines_of_an_island_end_at_its_shore(theatre: Theatre, tmp_path: Path) -> None:
    ground = on_disk(tmp_path, theatre, halves())
    across = project_km(shapely.LineString([(20.2, 50.5), (20.8, 50.5)]), crs=theatre.crs)
    for area in ground.areas:
        edge = inner_border_km(area.geometry, ground.frame)
        assert 0 < edge.length < 1.05 * across.length


def test_nobody_is_asked_to_look_at_the_sea(theatre: Theatre, tmp_path: Path) -> None:
    ground = on_disk(tmp_path, theatre, halves())
    as_of = ground.anchor.date + timedelta(days=60)
    made = draft(ground, model_of(ground, as_of), as_of=as_of, known_by=as_of)
    whole = shapely.box(*ground.grid.box_km)
    to_the_bounds = needs_a_look(made.field, frame=whole, settlements=(), review_days=21)
    assert 0 < made.needs_a_look["area_km2"] < 0.9 * to_the_bounds["area_km2"], "the front goes on past the shore"
    for one in made.needs_a_look["areas"]:
        assert shapely.distance(ISLAND, shapely.Point(one["lon"], one["lat"])) < 0.01
