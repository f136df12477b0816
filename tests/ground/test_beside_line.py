"""Where spots lie beside a line: against plane geometry, past sharp bends too."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from isofront.ground.beside_line import beside, segments_of

FAR = 1000.0
SPOTS = np.stack(np.meshgrid(np.arange(-29.7, 30, 0.9), np.arange(-14.6, 40, 1.1)), axis=-1).reshape(-1, 2)
EASTS = st.lists(st.integers(-20, 20), min_size=1, max_size=90)


def northward(easts: list[int]) -> np.ndarray:
    """A line that goes north by steps, however sharply it bends; it begins and ends straight."""
    line = [(easts[0], -10.0), *((float(east), k * 25 / len(easts)) for k, east in enumerate(easts)), (easts[-1], 35.0)]
    return np.array(line, float)


def to_the_left(line: np.ndarray) -> Polygon:
    """All ground west of a line that goes north."""
    south, north = (line[0, 0], -FAR), (line[-1, 0], FAR)
    return Polygon([(-FAR, -FAR), south, *map(tuple, line), north, (-FAR, FAR)])


@settings(max_examples=60, deadline=None)
@given(EASTS)
def test_left_is_what_lies_west_of_a_line_to_the_north_however_sharp_its_bends(easts):
    line = northward(easts)
    endless = LineString([(line[0, 0], -FAR), *map(tuple, line), (line[-1, 0], FAR)])
    spots = shapely.points(SPOTS)
    apart = shapely.distance(endless, spots)
    _, off = beside(segments_of(line), SPOTS)
    clear = apart > 1e-6
    assert np.array_equal((off > 0)[clear], shapely.contains(to_the_left(line), spots)[clear])


@settings(max_examples=30, deadline=None)
@given(EASTS)
def test_how_far_along_is_where_the_nearest_spot_of_the_line_lies(easts):
    line = northward(easts)
    shape = LineString(line)
    along, _ = beside(segments_of(line), SPOTS)
    within = (along >= 0) & (along <= shape.length)
    found = shapely.line_interpolate_point(shape, along[within])
    assert shapely.distance(found, shapely.points(SPOTS[within])) == pytest.approx(
        shapely.distance(shape, shapely.points(SPOTS[within])), abs=1e-7
    )


def test_past_its_ends_a_line_goes_on():
    line = segments_of(np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 10.0]]))
    along, off = beside(line, np.array([[-2.0, -5.0], [3.0, 14.0], [1.0, 4.0]]))
    assert along.tolist() == [-5.0, 14.0, 4.0]
    assert off.tolist() == [2.0, -3.0, -1.0]


def test_a_line_without_length_has_no_sides():
    along, off = beside(segments_of(np.array([[1.0, 1.0], [1.0, 1.0]])), np.array([[0.0, 0.0]]))
    assert along.tolist() == off.tolist() == [0.0]


def test_a_hair_from_a_corner_far_from_the_origin_a_spot_lies_at_that_corner():
    rng = np.random.default_rng(4)
    line = rng.uniform(0, 30, (200, 2)) + np.array([400.0, 5400.0])
    along, _ = beside(segments_of(line), np.repeat(line, 40, axis=0) + rng.normal(0, 1e-7, (8000, 2)))
    corners = np.append(0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    assert np.abs(along.reshape(200, 40) - corners[:, None]).max() < 1e-5


def test_a_spot_is_judged_alike_whatever_else_is_asked():
    line = segments_of(northward([0, 15, -15, 14, -3, 8, 8, -20, 20, 1]))
    together = beside(line, SPOTS)
    alone = [beside(line, SPOTS[[k]]) for k in range(0, len(SPOTS), 7)]
    assert np.array_equal(np.array(together)[:, ::7], np.concatenate(alone, axis=1))
