"""The frame and the anchor: everything covered, no vertex moved."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from isofront.front import Class, anchor_areas, clipped, frame_km
from isofront.ground.distance_field import inner_border_km
from isofront.ground.grid import Bounds, to_km

BOUNDS = Bounds(36.4, 47.9, 38.1, 48.9)
CRS = "EPSG:32637"
SIDES = ("a", "b")


def test_the_frame_bends_as_parallels_do():
    frame = frame_km(BOUNDS, crs=CRS)
    assert frame.is_valid
    lon, lat = np.linspace(36.4, 38.1, 200), np.full(200, 48.9)
    spots = shapely.points(*to_km(lon, lat, crs=CRS))
    assert shapely.distance(frame.boundary, spots).max() < 1e-3
    assert LineString(shapely.get_coordinates(spots)[[0, -1]]).distance(spots[100]) > 0.1


def test_a_plain_anchor_leaves_the_rest_to_the_other_side():
    frame = box(0, 0, 10, 10)
    odd = shapely.Polygon([(-3.123456789, -1), (4.987654321, -1), (5.111111111, 6.222222222), (-3, 7)])
    areas = anchor_areas({"a": odd}, None, sides=SIDES, frame=frame, holder="a")
    assert [(area.cls, area.side) for area in areas] == [(Class.HELD, "a"), (Class.HELD, "b")]
    assert shapely.coverage_is_valid([area.geometry for area in areas])
    assert sum(area.geometry.area for area in areas) == pytest.approx(100)
    assert (5.111111111, 6.222222222) in {tuple(xy) for xy in shapely.get_coordinates(areas[0].geometry).tolist()}


def test_a_classed_anchor_keeps_its_grey_and_its_overlaps_go_to_the_first():
    frame = box(0, 0, 10, 10)
    held = {"a": box(0, 0, 4, 10), "b": box(6, 0, 10, 10)}
    areas = anchor_areas(held, box(3, 0, 6, 8), sides=SIDES, frame=frame, holder=None)
    found = {(area.side, area.grey_reason): area.geometry.area for area in areas}
    assert found == pytest.approx(
        {("a", None): 40, ("b", None): 40, (None, "mixed_presence"): 16, (None, "neither_present"): 4}
    )


def test_a_strip_left_by_rounding_along_the_frame_is_nobodys():
    frame = box(0, 0, 10, 10)
    areas = anchor_areas({"a": box(0.0004, -1, 5, 9.9997)}, None, sides=SIDES, frame=frame, holder="a")
    assert inner_border_km(areas[0].geometry, frame).length == pytest.approx(10, abs=1e-3)


def test_clipping_leaves_areas_inside_the_frame_alone_and_cuts_the_others():
    areas = anchor_areas({"a": box(0, 0, 4, 10)}, None, sides=SIDES, frame=box(0, 0, 10, 10), holder="a")
    assert clipped(areas, box(0, 0, 10, 10)) is areas
    cut = clipped(areas, box(1, 1, 9, 9))
    assert [area.geometry.area for area in cut] == pytest.approx([24, 40])
    assert shapely.coverage_is_valid([area.geometry for area in cut])


def test_an_anchor_that_holds_nothing_or_everything_is_still_a_coverage():
    frame = box(0, 0, 10, 10)
    nothing = anchor_areas({}, None, sides=SIDES, frame=frame, holder="a")
    everything = anchor_areas({"a": box(-1, -1, 11, 11)}, None, sides=SIDES, frame=frame, holder="a")
    assert [area.side for area in nothing] == ["b"]
    assert [area.side for area in everything] == ["a"]
