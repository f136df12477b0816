"""Sums at nodes, what the field expects of a report, what is learned of ground that is gone: against plain formulas."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.ndimage import gaussian_filter
from scipy.special import logit, logsumexp

from isofront.control.cells_unsure import gone_over
from isofront.control.expecting import log_expected
from isofront.control.gone import LOG_ODDS, Learning, Reach, learned_odds
from isofront.control.round_nodes import sums_round
from isofront.control.weigh import N_CATEGORIES, NODE_WEIGHTS, NODES, plain_table
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, at_cells

RNG = np.random.default_rng(5)
LATTICE = Lattice(100.0, 200.0, 1.0, 37, 29)
GRID = Grid("EPSG:32637", 100.0, 200.0, 0.5, 80, 60)


@pytest.mark.parametrize("rho_km", [None, 3.0])
@pytest.mark.parametrize("lifted", [False, True])
def test_sums_at_nodes_are_those_over_all_pairs(rho_km: float | None, lifted: bool) -> None:
    places, values = RNG.uniform((90, 190, -3), (145, 235, 3), (60, 3)), RNG.normal(size=(2, 60))
    levels = RNG.uniform(-4, 4, (1, *LATTICE.shape)) if lifted else None
    places = places if lifted else places[:, :2]
    nodes = LATTICE.nodes_km() if levels is None else np.column_stack([LATTICE.nodes_km(), levels.ravel()])
    away, reach = np.linalg.norm(nodes[:, None] - places, axis=2), 7.0
    part = np.minimum(away / reach, 1.0)
    weights = np.clip(2 - 2 * part, 0.0, 1.0)
    if rho_km is not None:
        x = np.sqrt(3) * away / rho_km
        weights = (1 + x) * np.exp(-x) * (1 - part) ** 4 * (4 * part + 1)
    found = sums_round(LATTICE, places, values, reach_km=reach, rho_km=rho_km, levels=levels)
    assert_allclose(found.reshape(2, -1), values @ weights.T, atol=2e-5)


def test_no_places_sum_to_nothing() -> None:
    assert not sums_round(LATTICE, np.zeros((0, 2)), np.zeros((1, 0)), reach_km=5.0).any()


def test_what_is_expected_of_a_report_is_the_tables_mean_over_the_doubt() -> None:
    table, category = plain_table(), RNG.integers(0, N_CATEGORIES, 50)
    depth, doubt = RNG.normal(0, 15, 50), RNG.uniform(0, 3, 50)
    spread = depth[:, None] + doubt[:, None] * NODES
    wanted = logsumexp(table.at(category[:, None], spread), b=NODE_WEIGHTS, axis=1)
    assert_allclose(log_expected(table, category, depth, doubt), wanted, atol=1e-12)


def test_the_share_of_ground_that_is_gone_is_that_of_the_plain_formula() -> None:
    nodes, wide = Lattice.over(GRID, step_km=1.0), Lattice.over(GRID, step_km=4.0)
    depth = GRID.centres_km()[0] - 118.0 + 2 * np.sin(GRID.centres_km()[1] / 4)
    told, about = RNG.normal(0, 3, (2, *nodes.shape)), Reach.of(wide, 8.0, ends=2.8)
    scales = Learning(usual=0.02, least=1e-4, most=0.3, pseudo=2.0, rounds=12, near_km=6.0, far_km=12.0, runs_km=5.0,
                      patches=0.3)  # fmt: skip
    found = learned_odds(told, depth, grid=GRID, nodes=nodes, about=about, learning=scales, own=None)
    deep = at_cells(GRID, depth, nodes.nodes_km()).reshape(nodes.shape)
    near = np.abs(deep) < scales.far_km
    assert_allclose(found[:, ~near], logit(scales.usual))
    for side, own in enumerate((deep < 0, deep > 0)):
        share = _plainly_learned(told[side], np.where(near & own, deep, np.inf), nodes, wide, scales)
        read = [_bilinear(share, wide, at) for at in nodes.nodes_km()[near.ravel()]]
        assert_allclose(found[side][near], logit(np.array(read)) + told[side][near], atol=1e-9)


def _parts(wide: Lattice, at: np.ndarray) -> list[tuple[int, int, float]]:
    east, north = (at - (wide.west_km, wide.south_km)) / wide.step_km
    column, row = int(np.clip(east, 0, wide.nx - 2)), int(np.clip(north, 0, wide.ny - 2))
    x, y = float(np.clip(east - column, 0, 1)), float(np.clip(north - row, 0, 1))
    return [(row + j, column + i, (y if j else 1 - y) * (x if i else 1 - x)) for j in (0, 1) for i in (0, 1)]


def _bilinear(surface: np.ndarray, wide: Lattice, at: np.ndarray) -> float:
    return float(sum(part * surface[row, column] for row, column, part in _parts(wide, at)))


def _plainly_learned(told: np.ndarray, deep: np.ndarray, nodes: Lattice, wide: Lattice, scales: Learning) -> np.ndarray:
    """All planes of what is said, averaged by SciPy, and expectation maximisation at every wide node."""
    ground = np.zeros((len(LOG_ODDS), *wide.shape))
    for at, says, d in zip(nodes.nodes_km(), told.ravel(), deep.ravel(), strict=True):
        if not np.isfinite(d):
            continue
        fading = min((scales.far_km - abs(d)) / (scales.far_km - scales.near_km), 1.0)
        planes = np.maximum(1 - np.abs(LOG_ODDS - np.clip(says, -10, 10)) / 0.5, 0.0)
        for row, column, part in _parts(wide, at):
            ground[:, row, column] += scales.patches * fading * np.exp(-abs(d) / scales.runs_km) * part * planes
    spread = gaussian_filter(ground, (0, 2.0, 2.0), mode="constant", truncate=2.8)
    share, ratio = np.full(wide.shape, scales.usual), np.exp(LOG_ODDS)[:, None, None]
    for _ in range(scales.rounds):
        gone = (spread * share * ratio / (1 - share + share * ratio)).sum(axis=0)
        share = (gone + scales.usual * scales.pseudo) / (spread.sum(axis=0) + scales.pseudo)
        share = np.clip(share, scales.least, scales.most)
    return np.asarray(share)


def test_odds_beyond_all_measure_stay_probabilities() -> None:
    out = np.empty(4)
    gone_over(np.array([1e6, -1e6, 0.0, 800.0]), np.zeros(4), 1.0, (0.0, 10.0, 20.0, 0.45), out)
    assert_allclose(out, [1.0, 0.0, 0.5, 1.0], atol=1e-15)
