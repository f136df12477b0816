"""Marks of positions in another mapper's ground: few corners, melted into a front, a buffer round a line."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from second_map import round_mark

from isofront.engine.mappers_apart import without_signs


@pytest.mark.parametrize("corners", [5, 6, 8, 16, 64, 256])
def test_marks_of_few_corners_and_marks_that_were_melted_into_ground_leave_no_corner(corners):
    lon, lat = 20.005, 50.0
    mark = shapely.Polygon(np.round(round_mark(lon, lat, 0.02, corners), 5))
    assert without_signs(mark).is_empty
    front = shapely.Polygon([(19.8, 49.8), (19.99, 49.8), (19.97, 49.93), (20.0, 50.05), (19.98, 50.2), (19.8, 50.2)])
    assert without_signs(front) is front
    if corners < 64:  # of fewer, too few are left to tell them from a bend
        return
    melted = shapely.union(front, mark)
    assert melted.area > front.area * 1.005
    left = shapely.get_coordinates(without_signs(melted))
    assert set(map(tuple, left.tolist())) <= set(map(tuple, shapely.get_coordinates(front).tolist()))


def test_a_line_with_one_distance_round_it_is_a_mark_and_bends_of_drawn_and_smoothed_fronts_are_none():
    assert without_signs(shapely.LineString([(20, 50), (20.06, 50.02), (20.1, 50.01)]).buffer(0.01)).is_empty
    rng = np.random.default_rng(0)
    for _ in range(40):
        around = np.sort(rng.uniform(0, 2 * np.pi, 14))
        far = 0.1 * (1 + 0.2 * rng.normal(0, 1, 14))
        ring = np.column_stack([20 + far * np.cos(around), 50 + far * np.sin(around)])
        for _ in range(3):  # corners cut as drawing programs do
            ahead = np.roll(ring, -1, axis=0)
            ring = np.stack([0.75 * ring + 0.25 * ahead, 0.25 * ring + 0.75 * ahead], 1).reshape(-1, 2)
        drawn = shapely.Polygon(ring)
        assert without_signs(drawn) is drawn
