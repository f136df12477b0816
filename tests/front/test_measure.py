"""Areas, changes and statuses against hand counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box
from worlds_of_noise import FRAME, GRID, anchor_of, field_of, smooth_km

from isofront.front import Area, Class, area_km2, changed_km2, status_at


def held(side, shape):
    return Area(Class.HELD, side, None, shape)


def grey(reason, shape):
    return Area(Class.GREY, None, reason, shape)


def test_area_is_planar_square_kilometres():
    assert area_km2(box(0, 0, 3, 2).difference(box(0, 0, 1, 1))) == pytest.approx(5)


def test_changes_are_named_by_where_ground_came_from_and_went():
    before = (held("a", box(0, 0, 5, 10)), held("b", box(5, 0, 10, 10)))
    after = (
        held("a", box(0, 0, 6, 10)),
        grey("mixed_presence", box(6, 0, 8, 4)),
        grey("disputed_evidence", box(6, 4, 8, 10)),
        held("b", box(8, 0, 10, 10)),
    )
    assert changed_km2(before, after) == pytest.approx({"b->a": 10, "b->grey": 20})
    assert changed_km2(after, before) == pytest.approx({"a->b": 10, "grey->b": 20})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.integers(0, 999))
def test_changes_balance_for_each_class(one, other):
    before, after = anchor_of(smooth_km(one)), anchor_of(smooth_km(other))
    changed = changed_km2(before, after)
    gain = changed.get("blue->red", 0.0) - changed.get("red->blue", 0.0)
    red = [sum(a.geometry.area for a in areas if a.side == "red") for areas in (before, after)]
    assert gain == pytest.approx(red[1] - red[0], abs=1e-4)
    assert changed_km2(before, before) == {}


def test_a_new_grey_reason_alone_is_no_change_of_class():
    assert changed_km2((grey("mixed_presence", FRAME),), (grey("disputed_evidence", FRAME),)) == {}


def test_a_settlement_has_the_class_with_the_largest_mean_over_its_disc():
    x, y = GRID.centres_km()
    field = field_of(315.0 - x, half_km=1.5)
    assert [status_at(field, east, 5312.0, 1.0)[0] for east in (308.0, 315.0, 322.0)] == [
        "held_red",
        "grey",
        "held_blue",
    ]
    disc = np.hypot(x - 313.2, y - 5312.0) <= 1.0
    assert status_at(field, 313.2, 5312.0, 1.0)[1] == pytest.approx(
        max(float(p[disc].mean()) for p in (field.p_held[0], field.p_grey, field.p_held[1])), abs=1e-6
    )


def test_a_disc_smaller_than_a_cell_takes_the_nearest_cell():
    x, _ = GRID.centres_km()
    field = field_of(315.0 - x)
    cell = GRID.cell_of(310.03, 5311.01)
    assert status_at(field, 310.03, 5311.01, 0.0) == ("held_red", pytest.approx(float(field.p_held[0][cell])))
    assert Point(310.03, 5311.01).within(FRAME)
