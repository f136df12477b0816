"""A mapper's real polygons through the front room: from one day's map to another's, and standing still."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from worlds_of_noise import SIDES, distance_to, field_of

from isofront.front import Role, anchor_areas, changed_km2, draw, frame_km
from isofront.ground.distance_field import redistance
from isofront.ground.grid import Bounds, Grid
from isofront.ground.polygons import project_km, read_polygons

pytestmark = pytest.mark.real
BOUNDS = Bounds(36.4, 47.9, 38.1, 48.9)
CRS = "EPSG:32637"
GRID = Grid.covering(BOUNDS, crs=CRS, cell_m=250.0)
FRAME = frame_km(BOUNDS, crs=CRS)


def areas_on(day: str, folder):
    found = [f for f in read_polygons(folder / "deepstate_public.parquet") if _is_for(f, day)]
    flat = shapely.union_all([project_km(shapely.segmentize(f.geometry, 0.05), crs=CRS) for f in found])
    return anchor_areas({"red": flat}, None, sides=SIDES, frame=FRAME, holder="red")


def _is_for(feature, day: str) -> bool:
    return feature.properties["tier"] == "box_daily" and str(feature.properties["date"]).startswith(day)


def test_three_months_of_a_real_front_are_drawn_as_one_coverage_close_to_the_mappers(real_data):
    before, after = areas_on("2025-08-01", real_data), areas_on("2025-11-04", real_data)
    old, new = (distance_to(areas, grid=GRID, frame=FRAME) for areas in (before, after))
    touched = np.abs(new - old) > 0.02
    blur = field_of(redistance(GRID, new), touched=touched, grid=GRID)
    drawn = draw(blur, frame=FRAME, approved=before, minimum_part_km2=0.5)
    assert shapely.coverage_is_valid([area.geometry for area in drawn.areas])
    truth, got = (next(a.geometry for a in areas if a.side == "red") for areas in (after, drawn.areas))
    moved = sum(changed_km2(before, after).values())
    assert shapely.symmetric_difference(truth, got).area < 0.1 * moved


def test_a_real_anchor_that_nobody_touched_is_drawn_vertex_for_vertex(real_data):
    before = areas_on("2025-08-01", real_data)
    still = field_of(distance_to(before, grid=GRID, frame=FRAME), grid=GRID)
    drawn = draw(still, frame=FRAME, approved=before, minimum_part_km2=0.5)
    want = {tuple(xy) for area in before for xy in shapely.get_coordinates(area.geometry)}
    assert want == {tuple(xy) for area in drawn.areas for xy in shapely.get_coordinates(area.geometry)}
    edge = next(line.geometry for line in drawn.lines if line.role is Role.EDGE)
    assert shapely.intersection(edge, shapely.buffer(FRAME.boundary, 1e-3)).length < 0.1
