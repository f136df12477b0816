"""What is filed by squares is found as if all had been asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from small_war import GRID

from isofront.control.acted import Acted
from isofront.control.redistancing import SQUARE, Scale, redistanced
from isofront.ground.lattice import at_cells

some = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 9999)


@some
@given(seeds, st.integers(0, 60), st.sampled_from([2, 3]), st.floats(0.5, 20))
def test_near_is_near_any_place_and_about_misses_none(seed, n, axes, reach):
    rng = np.random.default_rng(seed)
    places, spots = rng.uniform(0, 60, (n, axes)), np.sort(rng.uniform(-20, 80, (200, axes)), axis=0)
    filed = Acted.of(places)
    apart = np.sqrt(((spots[:, None] - places[None]) ** 2).sum(axis=2))
    assert_array_equal(filed.near(spots, reach), (apart < reach).any(axis=1))
    box = replace(GRID, west_km=30.0, south_km=40.0)
    west, south, east, north = box.box_km
    off = np.maximum(np.maximum((west, south) - places[:, :2], places[:, :2] - (east, north)), 0).max(axis=1, initial=0)
    if (off < reach).any():
        assert filed.about(box, reach)


@some
@given(seeds)
def test_a_scale_gives_back_every_factor_and_lies_between_them_elsewhere(seed):
    rng = np.random.default_rng(seed)
    grid = replace(GRID, nx=2 * SQUARE + 5, ny=SQUARE + 3)
    cells = np.ones(grid.shape, np.float32)
    cells[4:9, 40:] = rng.uniform(0.2, 5, (5, grid.nx - 40))
    scale = Scale.of(cells)
    assert_array_equal(scale.cells(), cells)
    assert len(scale.squares) < scale.place.size
    west, south, east, north = grid.box_km
    spots = rng.uniform((west - 3, south - 3), (east + 3, north + 3), (50, 2))
    assert_allclose(scale.at(grid, spots), at_cells(grid, cells, spots), atol=1e-6)


def test_a_depth_is_made_a_distance_and_what_it_would_be_untouched_goes_along():
    east, _ = GRID.centres_km()
    depth = 3 * (east - GRID.west_km - 10.1)
    scale, made, was = redistanced(GRID, depth, depth - 0.5)
    assert_allclose(made, depth / 3, atol=1e-5)
    assert_allclose(was, (depth - 0.5) * scale.cells(), rtol=1e-6)
