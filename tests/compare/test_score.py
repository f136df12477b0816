"""Scores, each against brute force on small grids, and what they must say at their edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from isofront.compare import ScoredGround, held_cells, held_cells_lonlat, reliability, score_control, scored_ground
from isofront.compare.calibrate import pooled
from isofront.compare.edge_lines import distance_to_line_km, edge_line
from isofront.errors import BadInputError
from isofront.ground.grid import Bounds, Grid

BOUNDS = Bounds(10.0, 50.0, 10.25, 50.14)


def ground(cell_m: float = 1000.0) -> ScoredGround:
    return scored_ground(BOUNDS, Grid.covering(BOUNDS, crs="EPSG:32632", cell_m=cell_m, margin_km=1.0))


GROUND = ground()
SHAPE = GROUND.grid.shape
masks = arrays(bool, SHAPE).map(lambda mask: mask & GROUND.inside)
probabilities = arrays(np.float64, SHAPE, elements=st.floats(0, 1))


def halves(column: int) -> np.ndarray:
    """Held east of a column."""
    return (np.arange(SHAPE[1]) >= column)[None, :] & GROUND.inside


def edges_by_hand(held: np.ndarray) -> list[tuple[float, float, float]]:
    """(east, north, depth) of the middle of every edge, cell by cell."""
    grid, found = GROUND.grid, []
    for row in range(grid.ny):
        for column in range(grid.nx):
            for down, right in ((1, 0), (0, 1)):
                r, c = row + down, column + right
                if r == grid.ny or c == grid.nx or held[row, column] == held[r, c]:
                    continue
                if GROUND.inside[row, column] and GROUND.inside[r, c]:
                    depth = min(GROUND.depth_km[row, column], GROUND.depth_km[r, c])
                    east = (grid.east_km[column] + grid.east_km[c]) / 2
                    found.append((east, (grid.north_km[row] + grid.north_km[r]) / 2, depth))
    return found


@given(masks)
def test_the_edge_line_is_every_edge_between_cells_inside_the_bounds(held):
    line = edge_line(held, GROUND)
    by_hand = edges_by_hand(held)
    assert sorted(map(tuple, np.round(line.middles, 6))) == sorted((round(e, 6), round(n, 6)) for e, n, _ in by_hand)
    assert line.deep.sum() == sum(depth > 3 for *_, depth in by_hand)


@given(masks, masks)
def test_line_distance_is_the_mean_of_both_directed_means(a, b):
    ours, theirs = edges_by_hand(a), edges_by_hand(b)
    scores = score_control(a.astype(float), b, a, GROUND)
    deep = [[edge for edge in edges if edge[2] > 3] for edges in (ours, theirs)]
    if not all(deep):
        assert scores.line is None
        return

    def directed(start: list[tuple[float, float, float]], goal: list[tuple[float, float, float]]) -> float:
        return float(np.mean([min(math.dist(s[:2], g[:2]) for g in goal) for s in start]))

    there, back = directed(deep[0], theirs), directed(deep[1], ours)
    assert scores.line is not None
    assert scores.line.drawn_to_true_km == pytest.approx(there)
    assert scores.line.true_to_drawn_km == pytest.approx(back)
    assert scores.line.mean_km == pytest.approx((there + back) / 2)


@given(probabilities, masks, masks)
def test_scores_are_those_of_a_loop_over_the_band(p, truth, anchor):
    scores = score_control(p, truth, anchor, GROUND)
    distance = distance_to_line_km(edge_line(truth, GROUND), GROUND)
    cells = [cell for cell in np.ndindex(SHAPE) if GROUND.inside[cell] and distance[cell] <= 5]
    assert scores.n_band == len(cells)
    if not cells:
        assert scores.log_loss is scores.brier is scores.accuracy is scores.ece is None
        return
    given = [(min(max(p[cell], 1e-3), 1 - 1e-3), bool(truth[cell])) for cell in cells]
    assert scores.brier == pytest.approx(np.mean([(q - held) ** 2 for q, held in given]))
    assert scores.log_loss == pytest.approx(-np.mean([math.log(q if held else 1 - q) for q, held in given]))
    assert scores.accuracy == pytest.approx(np.mean([(q >= 0.5) == held for q, held in given]))
    assert scores.ece == pytest.approx(ece_by_hand(given))


def ece_by_hand(given: list[tuple[float, bool]]) -> float:
    total = 0.0
    for k in range(15):
        inside = [(q, held) for q, held in given if k / 15 <= q < (k + 1) / 15]
        if inside:
            total += abs(sum(q for q, _ in inside) - sum(held for _, held in inside))
    return total / len(given)


@given(probabilities, masks, masks)
def test_changed_ground_counts_cells_whose_holder_differs_from_the_anchor(p, truth, anchor):
    changed = score_control(p, truth, anchor, GROUND).changed
    cells = [cell for cell in np.ndindex(SHAPE) if GROUND.inside[cell]]
    drawn = {cell for cell in cells if (p[cell] >= 0.5) != anchor[cell]}
    true = {cell for cell in cells if truth[cell] != anchor[cell]}
    assert (changed.n_drawn, changed.n_true, changed.n_both) == (len(drawn), len(true), len(drawn & true))
    if drawn and true and drawn & true:
        precision, recall = len(drawn & true) / len(drawn), len(drawn & true) / len(true)
        assert changed.f1 == pytest.approx(2 * precision * recall / (precision + recall))


@given(probabilities.map(lambda p: np.where(p == 0.5, 0.51, p)), masks, masks)
def test_scoring_the_other_side_gives_the_same_scores(p, truth, anchor):
    """Swapped: 1 - p against the ground that is not held. An even 0.5 is drawn as held, so it is kept out."""
    ours = score_control(p, truth, anchor, GROUND)
    theirs = score_control(1 - p, ~truth & GROUND.inside, ~anchor & GROUND.inside, GROUND)
    for name in ("n_band", "brier", "log_loss", "accuracy", "line", "changed"):
        a, b = getattr(ours, name), getattr(theirs, name)
        assert a == pytest.approx(b) if isinstance(a, float) else a == b


def test_a_perfect_map_has_no_loss_but_the_clipping():
    truth = halves(SHAPE[1] // 2)
    scores = score_control(truth.astype(float), truth, halves(5), GROUND)
    assert scores.brier == pytest.approx(1e-6)
    assert (scores.accuracy, scores.iou, scores.changed.f1) == (1, 1, 1)
    assert scores.line is not None
    assert scores.line.mean_km == 0


def test_the_old_map_kept_has_no_changed_ground_and_so_f1_zero():
    anchor = halves(10)
    changed = score_control(np.where(anchor, 0.98, 0.02), halves(14), anchor, GROUND).changed
    assert (changed.precision, changed.recall, changed.f1) == (None, 0, 0)


def test_a_line_moved_by_four_cells_is_four_kilometres_off():
    scores = score_control(halves(12).astype(float), halves(8), halves(8), GROUND)
    assert scores.line is not None
    assert scores.line.mean_km == pytest.approx(4)
    assert scores.line.p95_km == pytest.approx(4)


def test_ground_all_held_has_no_line_and_no_scores():
    scores = score_control(np.ones(SHAPE), GROUND.inside, GROUND.inside, GROUND)
    assert (scores.n_band, scores.log_loss, scores.line, scores.changed.f1) == (0, None, None, None)


def test_an_edge_on_the_bounds_is_no_line():
    assert len(edge_line(GROUND.inside, GROUND).edges) == 0


def test_polygons_in_degrees_and_in_kilometres_give_the_same_cells():
    lonlat = shapely.box(10.1, 49.0, 12.0, 51.0)
    cells = held_cells_lonlat(lonlat, GROUND)
    east, north = GROUND.grid.centres_km()
    for row, column in ((3, 3), (8, 15), (12, 17)):
        lon, _ = GROUND.grid.to_lonlat(float(east[row, column]), float(north[row, column]))
        assert cells[row, column] == (lon >= 10.1 and GROUND.inside[row, column])
    west, south, _, top = GROUND.grid.box_km
    assert held_cells(shapely.box(west, south, west + 10, top), GROUND)[:, :9].sum() == GROUND.inside[:, :9].sum()


def test_bounds_away_from_the_grid_are_refused():
    with pytest.raises(BadInputError, match="no cell"):
        scored_ground(Bounds(20.0, 50.0, 20.5, 50.3), GROUND.grid)


@given(arrays(np.float64, 40, elements=st.floats(0, 1)), arrays(bool, 40))
def test_tables_pool_to_the_table_of_all(p, held):
    whole = reliability(p, held)
    parts = pooled([reliability(p[:13], held[:13]), reliability(p[13:], held[13:])])
    assert parts.ece == pytest.approx(whole.ece)
    assert sum(n for *_, n, _, _ in whole.rows()) == 40
