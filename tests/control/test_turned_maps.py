"""Ground has no compass: the map of a war seen in a mirror, or laid on its side, is the map so seen and laid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_war import KINDS, SIDES, START, report

from isofront.control import Anchored, Field, Model, batch, show
from isofront.control.behind import behind, unsure
from isofront.control.limits import at_its_limits, limits
from isofront.ground.grid import Grid

WIDE = Grid("EPSG:32637", 400.0, 5400.0, 0.5, 48, 96)
"""Half as wide as high; tiles, nodes and blocks fall into it whole, so that turning moves none of them."""
TURNS = {
    "mirrored": (lambda at: at * (-1, 1) + (24.0, 0.0), lambda cells: cells[..., ::-1]),
    "flipped": (lambda at: at * (1, -1) + (0.0, 48.0), lambda cells: cells[..., ::-1, :]),
    "on its side": (lambda at: at[:, ::-1], lambda cells: np.swapaxes(cells, -1, -2)),
}
"""How places (km from the corner) move, and cells with them."""


def war(seed: int):
    """Reports along a winding line, and a landing far past it."""
    rng = np.random.default_rng(seed)
    along = [
        report(
            f"r{k}", float(rng.uniform(2, 22)), float(rng.uniform(1, 47)), seen=SIDES[int(rng.integers(2))],
            kind=KINDS[int(rng.integers(len(KINDS)))], day=float(rng.uniform(0, 40)),
            error_m=float(rng.choice([50.0, 200.0, 1500.0])), grid=WIDE,
        )
        for k in range(60)
    ]  # fmt: skip
    landed = [report(f"z{k}", *rng.normal((5.0, 30.0), 0.8).tolist(), day=37.0 + k / 3, grid=WIDE) for k in range(7)]
    east, north = (axis - low for axis, low in zip(WIDE.centres_km(), (WIDE.west_km, WIDE.south_km), strict=True))
    return batch([*along, *landed], grid=WIDE, sides=SIDES, anchored=START), east - 16 - 2 * np.sin(north / 6)


def mapped(heard, depth, grid: Grid) -> Field:
    found = Model(grid, Anchored(np.ascontiguousarray(depth), 0)).posterior(heard, as_of=40.0, known_by=42.0)
    field = show(found, SIDES)
    unsure(field, behind(found))
    return at_its_limits(field, limits(found))


@pytest.mark.parametrize("turn", TURNS)
@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_turning_the_war_turns_the_map(turn, seed):
    places, cells = TURNS[turn]
    heard, depth = war(seed)
    corner = (WIDE.west_km, WIDE.south_km)
    there = replace(WIDE, nx=WIDE.ny, ny=WIDE.nx) if turn == "on its side" else WIDE
    turned = replace(heard, at_km=np.ascontiguousarray(places(heard.at_km - corner) + corner))
    one, other = mapped(heard, depth, WIDE), mapped(turned, cells(depth), there)
    for name in ("p_held", "p_grey", "control", "p_present", "unobserved"):
        off = np.abs(cells(getattr(one, name)) - getattr(other, name))
        assert off.max() < 6e-3, f"{name}, {turn}: off by {off.max():.4f}"
        assert off.mean() < 1e-4, f"{name}, {turn}: off by {off.mean():.6f} in the mean"
    for name in ("grey_reason", "touched", "out_of_range"):
        assert np.mean(cells(getattr(one, name)) != getattr(other, name)) < 1e-3, f"{name}, {turn}"
