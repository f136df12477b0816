"""Interdicted ground: strikes on movement per week and area, by side; where nobody looked it is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.control.interdicted import (
    Arm,
    Interdicted,
    interdicted,
    is_struck_movement,
    public_interdicted,
)
from isofront.errors import IsofrontError
from isofront.evidence.report import Interval, Kind, LocationOf, Means, Posture, Report
from isofront.ground.grid import Bounds

DAY = datetime(2031, 5, 20, tzinfo=UTC)
BOX = Bounds(20.0, 50.0, 21.0, 50.6)
MIDDLE = (20.5, 50.3)
SIDES = ("red", "blue")


def strike(number: int = 0, *, ago_days: float = 3.0, lon: float = MIDDLE[0], lat: float = MIDDLE[1], **more) -> Report:
    when = DAY - timedelta(days=ago_days)
    plain = {"seen": "red", "by": "blue", "means": Means.FPV, "posture": Posture.MOVING}
    return Report(
        id=f"r{number}",
        source="s",
        kind=more.pop("kind", Kind.STRIKE),
        lon=lon,
        lat=lat,
        error_m=more.pop("error_m", 100.0),
        happened=Interval(when, when),
        published_at=None,
        known_at=when,
        **(plain | more),
    )


def layer(*reports: Report, **more) -> Interdicted:
    return interdicted(reports, sides=more.pop("sides", SIDES), bounds=BOX, crs="EPSG:32634", as_of=DAY, **more)


def total(field: Interdicted, side: int = 0) -> float:
    """Strikes in the window, back from rates."""
    return float(field.rate[side].sum() * field.grid.cell_km**2 / 25 * field.window_days / 7)


spots = st.tuples(st.floats(20.3, 20.7), st.floats(50.15, 50.45))


@given(st.lists(spots, max_size=8), st.sampled_from([2.0, 3.0, 5.0]))
def test_no_strike_is_lost_or_counted_twice_whatever_the_cells(places, cell_km):
    found = layer(*(strike(k, lon=lon, lat=lat) for k, (lon, lat) in enumerate(places)), cell_km=cell_km)
    assert total(found) == pytest.approx(len(places), abs=0.02 * max(len(places), 1))
    assert not found.rate[1].any()


@given(st.lists(st.tuples(spots, st.sampled_from(SIDES)), max_size=6))
def test_swapping_the_sides_swaps_the_layer(items):
    reports = [strike(k, lon=lon, lat=lat, seen=side) for k, ((lon, lat), side) in enumerate(items)]
    one, other = layer(*reports), layer(*reports, sides=SIDES[::-1])
    assert np.array_equal(one.rate, other.rate[::-1])
    assert np.array_equal(one.looks, other.looks)


def test_the_rate_falls_off_with_distance_and_is_largest_at_the_spot():
    found = layer(strike())
    row, column = np.unravel_index(found.rate[0].argmax(), found.grid.shape)
    assert found.grid.cell_of(*found.grid.to_km(*MIDDLE)) == (row, column)


def test_means_add_up_to_the_whole():
    found = layer(*(strike(k, means=means) for k, means in enumerate([*Means, None])))
    assert np.allclose(sum(found.by_arm.values()), found.rate)
    assert found.by_arm[Arm.DRONE].sum() == pytest.approx(2 * found.by_arm[Arm.BOMB].sum())


@pytest.mark.parametrize(("ago_days", "counts"), [(-1, 0), (0.0, 1), (27.9, 1), (28.1, 0)])
def test_only_what_happened_in_the_28_days_before_counts(ago_days, counts):
    assert total(layer(strike(ago_days=ago_days))) == pytest.approx(counts, rel=0.02)


def test_a_strike_that_is_dated_loosely_counts_with_the_share_of_its_time():
    loose = replace(strike(), happened=Interval(DAY - timedelta(days=32), DAY - timedelta(days=24)))
    assert total(layer(loose)) == pytest.approx(0.5, rel=0.02)


def test_reports_of_one_thing_count_once_where_it_is_best_placed():
    far = strike(1, lon=20.3, error_m=900.0, group="r0")
    assert total(layer(strike(0, group="r0"), far)) == pytest.approx(1, rel=0.02)
    assert np.allclose(layer(strike(0, group="r0"), far).rate, layer(strike(0)).rate)


@pytest.mark.parametrize("other", [{"location_of": LocationOf.CAMERA}, {"kind": Kind.POSITION}])
def test_a_report_of_the_same_thing_that_is_no_strike_on_movement_takes_none_away(other):
    nearer = strike(1, error_m=20.0, group="r0", **other)
    assert np.allclose(layer(strike(0, group="r0"), nearer).rate, layer(strike(0)).rate)


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ({"posture": Posture.MOVING}, True),
        ({"posture": None}, True),
        ({"posture": None, "target": "Truck"}, True),
        ({"posture": None, "target": "infantry"}, True),
        ({"posture": None, "target": "drone in flight"}, False),
        ({"posture": None, "target": "dugout"}, False),
        ({"posture": Posture.DUG_IN}, False),
        ({"posture": Posture.WRECK, "target": "truck"}, False),
        ({"posture": Posture.CAPTURED}, False),
        ({"kind": Kind.POSITION}, False),
        ({"kind": Kind.ACTIVITY}, False),
        ({"location_of": LocationOf.CAMERA}, False),
        ({"error_m": 8000.0}, False),
    ],
)
def test_strikes_on_what_moves_count_and_nothing_else_does(words, counts):
    assert is_struck_movement(strike(**words)) == counts


def test_where_nobody_looked_it_is_not_known_and_never_safe():
    found = layer(*(strike(k, kind=Kind.POSITION) for k in range(40)))
    here = found.grid.cell_of(*found.grid.to_km(*MIDDLE))
    there = found.grid.cell_of(*found.grid.to_km(20.05, 50.05))
    assert here is not None
    assert there is not None
    assert found.level[0][here] == 0
    assert np.isnan(found.level[0][there])
    assert found.unobserved[there]


def test_with_no_reports_all_is_unknown():
    assert np.isnan(layer().level).all()


def test_cells_are_two_to_five_kilometres():
    with pytest.raises(ValueError, match="wanted 2 to 5"):
        layer(cell_km=1.0)


# What may be public


def test_a_protected_side_is_not_in_the_public_form():
    assert set(public_interdicted(layer(strike()), today=DAY + timedelta(days=7), protected_sides=["red"])) == {"blue"}
    assert set(public_interdicted(layer(strike()), today=DAY + timedelta(days=7))) == set(SIDES)


@pytest.mark.parametrize("days", [-3, 0, 6.99])
def test_a_layer_younger_than_a_week_is_not_made_public(days):
    with pytest.raises(IsofrontError, match="at least 7 days"):
        public_interdicted(layer(strike()), today=DAY + timedelta(days=days))
