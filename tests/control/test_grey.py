"""Grey and its reasons: infiltration widens it, rivers stop it, and each reason has its evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from by_cell import Presence, grey_odds, grey_reasons, presence
from numpy.testing import assert_array_equal
from small_war import GRID, anchored, field, model, posterior, report, reports
from test_control_laws import across

from isofront.control.field import GreyReason
from isofront.control.presence import PresenceTuning
from isofront.evidence.report import Kind

ROW, LINE = 30, 30
"""The middle of the front; the line runs between columns 29 and 30, red holds the east."""


def past(km: float) -> int:
    """The column so far past red's line, on blue's ground."""
    return LINE - 1 - round(km / GRID.cell_km)


def infiltrators(n: int = 14) -> list:
    rng = np.random.default_rng(3)
    return [
        report(
            f"i{k}", 15 - float(rng.uniform(1, 4)), 15 + float(rng.normal(0, 1.5)), seen=("red", "red", "blue")[k % 3],
            kind=(Kind.INFILTRATION, Kind.STRIKE)[k % 2], day=float(12 + k % 8),
        )
        for k in range(n)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def filtered():
    return field(infiltrators()), field([report("a", 15.0, 15.0, kind=Kind.ACTIVITY, seen=None, day=19.0)])


def test_infiltration_widens_grey_and_leaves_the_held_edge_where_it_was(filtered):
    with_them, before = filtered
    wide, narrow = ((one.p_held.max(axis=0) < 0.5)[ROW].sum() for one in filtered)
    assert wide >= narrow + 3
    edge = [np.flatnonzero(one.p_held[0][ROW] >= 0.5)[0] for one in filtered]
    assert abs(int(edge[0]) - int(edge[1])) <= 2
    assert with_them.p_held[0][ROW, past(3.0)] < 0.2
    assert with_them.p_grey[ROW, past(3.0)] > 2 * before.p_grey[ROW, past(3.0)]


def test_the_overlay_tells_infiltration_presence_high_where_held_is_low(filtered):
    with_them, before = filtered
    assert with_them.p_present[0][ROW, past(2.0)] > 0.5
    assert with_them.p_held[0][ROW, past(2.0)] < 0.3
    assert with_them.p_present[0][ROW, past(4.0)] > before.p_present[0][ROW, past(4.0)]


def test_control_that_is_shown_begins_to_move_the_edge(filtered):
    rng = np.random.default_rng(5)
    shown = [
        report(
            f"p{k}", 13 + float(rng.uniform(0, 6)), float(rng.uniform(6, 24)),
            kind=(Kind.POSITION, Kind.STRIKE, Kind.CLAIM)[k % 3], day=2.0 + 0.15 * k,
        )
        for k in range(120)
    ]  # fmt: skip
    pushed = [
        report(f"b{k}", 11.5 - float(rng.uniform(0, 3)), float(rng.uniform(6, 24)), seen="blue", day=2.0 + 0.6 * k)
        for k in range(30)
    ]
    held, before = field(shown + pushed).p_held[0][ROW], filtered[0].p_held[0][ROW]
    assert held[LINE - 1] > 1.4 * before[LINE - 1], "just past the old line"


def test_presence_does_not_cross_a_river_that_cannot_be_crossed():
    """What was seen close by stays on its bank; only the whole front's habits are shared."""
    south = [one for one in reports(4, 40) if GRID.to_km(one.lon, one.lat)[1] < GRID.south_km + 14.9]
    now = presence(posterior(south, of=model(distance=across(at_km=15.0))))
    for one in (now.local[None], now.looks[None], now.seen, now.said, now.left):
        assert not one[:, 30:].any()
    assert now.looks[20:30].max() > 0.3


def there(**more: object) -> Presence:
    shape = (2, 3, 3)
    known = {"seen": np.zeros(shape), "reach_km": np.full(shape, 1.5), "said": np.zeros(shape), "left": np.zeros(shape)}
    return Presence(np.zeros(shape[1:]), np.full(shape[1:], 3.0), **(known | more))  # type: ignore[arg-type]


def odds(told: Presence, km: float = 2.0) -> float:
    away = np.full((3, 3), km)
    return float(grey_odds(told, away, side=0, age_days=9.0, tuning=PresenceTuning())[1, 1])


def test_grey_falls_with_distance_and_rises_with_how_far_a_side_was_seen_and_with_both_seen():
    assert odds(there(), 0.5) > odds(there(), 1.0) > odds(there(), 3.0) > odds(there(), 9.0)
    assert odds(there(reach_km=np.full((2, 3, 3), 4.0))) > odds(there())
    one = np.stack([np.full((3, 3), 2.0), np.full((3, 3), 0.0)])
    assert odds(there(seen=np.full((2, 3, 3), 2.0))) > odds(there())
    assert odds(there(seen=one), 5.0) > odds(there(seen=one[::-1].copy()), 5.0)


def test_where_nobody_looked_ground_stays_the_last_maps_class_and_keeps_its_order():
    blind = replace(there(), looks=np.zeros((3, 3)))
    found = [odds(blind, km) for km in (0.0, 0.25, 0.5, 1.0, 2.0)]
    assert found == sorted(found, reverse=True)
    assert found[1] < 0.12
    assert odds(there(), 0.25) > 0.5


def reason_of(told: list) -> int:
    unsure, watched = np.full((2, *GRID.shape), 0.2), np.full(GRID.shape, 0.1)
    return int(grey_reasons(unsure, presence(posterior(told)), watched)[ROW, past(1.0)])


def spread(seen: str, kind: Kind, n: int = 4) -> list:
    return [
        report(f"{seen}{kind}{k}", 14.0 + 0.2 * k, 15.0, seen=seen, kind=kind, day=17.0 + 0.5 * k) for k in range(n)
    ]


def test_each_reason_follows_from_its_evidence():
    both = spread("red", Kind.POSITION) + spread("blue", Kind.STRIKE)
    assert reason_of(both) == GreyReason.MIXED_PRESENCE
    claims = spread("red", Kind.CLAIM) + spread("blue", Kind.CLAIM)
    assert reason_of(claims) == GreyReason.DISPUTED_EVIDENCE
    assert reason_of(spread("red", Kind.LEFT) + spread("blue", Kind.LEFT)) == GreyReason.NEITHER_PRESENT
    assert reason_of([]) == GreyReason.NEITHER_PRESENT, "looked at, nobody seen"


def test_forgetting_hands_nothing_over():
    """Long after the last report grey may fade, and nobody comes to hold more than before the reports by it."""
    late, never = (field(told, as_of=200.0, known_by=201.0) for told in (infiltrators(6), []))
    rear = anchored().depth_km < -8
    assert_array_equal(late.p_held[0][rear] >= 0.5, never.p_held[0][rear] >= 0.5)
    assert late.last_look_days is not None
    assert late.last_look_days[ROW, past(2.0)] > 150


@pytest.mark.parametrize("side", [0, 1])
def test_ground_where_a_side_was_seen_is_greyer_and_where_its_holder_was_seen_less_so(side):
    tuning, flat = PresenceTuning(), np.zeros((1, 3))
    seen = np.stack([np.array([[0.0, 4.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])])
    there = Presence(
        flat, flat + 1.0, seen if side == 0 else seen[::-1], np.stack([flat, flat]), *np.zeros((2, 2, 1, 3))
    )
    nobody, them, holder = grey_odds(there, flat + 1.5, side=side, age_days=9.0, tuning=tuning)[0]
    assert holder < nobody < them
