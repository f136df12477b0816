"""Ground that the map to start from says nothing of is grey for the reason of the day's field; one coverage still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from worlds_of_noise import FRAME, GRID, SIDES, field_of

from isofront.control.field import GreyReason
from isofront.front import anchor_areas
from isofront.front.unspoken import told_by

WEST, EAST = (FRAME & shapely.box(*box) for box in ((0, 0, 308, 9999), (316, 0, 9999, 9999)))


def field_with(reason):
    x, y = GRID.centres_km()
    middle = (x > 310) & (x < 313) & (y > np.median(y))
    return replace(
        field_of(312.0 - x, half_km=4.0),
        grey_reason=np.where(middle, reason, GreyReason.NEITHER_PRESENT).astype(np.uint8),
        touched=np.zeros(GRID.shape, bool),
    )


def test_where_somebody_was_seen_unspoken_ground_is_no_longer_empty():
    before = anchor_areas({"red": WEST, "blue": EAST}, None, sides=SIDES, frame=FRAME, holder=None)
    unspoken = FRAME - WEST - EAST
    after = told_by(field_with(GreyReason.MIXED_PRESENCE), before, unspoken)
    shapes = {area.side or area.grey_reason: area.geometry for area in after}
    assert shapes["red"].area == pytest.approx(WEST.area)
    assert shapes["blue"].area == pytest.approx(EAST.area)
    assert shapes["mixed_presence"].area == pytest.approx(unspoken.area * 3 / 8 / 2, rel=0.15)
    assert sum(shape.area for shape in shapes.values()) == pytest.approx(FRAME.area)
    assert shapely.coverage_is_valid(list(shapes.values()))


def test_where_nobody_was_seen_or_all_was_spoken_of_the_areas_stand():
    before = anchor_areas({"red": WEST, "blue": EAST}, None, sides=SIDES, frame=FRAME, holder=None)
    assert told_by(field_with(GreyReason.NEITHER_PRESENT), before, FRAME - WEST - EAST) is before
    assert told_by(field_with(GreyReason.MIXED_PRESENCE), before, shapely.Polygon()) is before
