"""How far lines move in such a time: the distance that one point in twenty exceeds, and nothing where nothing moved."""

from __future__ import annotations

import numpy as np
import pytest

from isofront.engine.public_layers import _past_km


@pytest.mark.parametrize(
    ("gaps", "km"),
    [
        ([], None),
        ([np.zeros(40)], None),
        ([np.zeros(99), np.ones(1)], None),
        ([np.zeros(10), np.full(10, 0.7)], 1.0),
        ([np.full(20, 2.0)], 2.0),
    ],
)
def test_a_map_that_did_not_move_does_not_say_that_lines_move_by_nothing(gaps, km):
    assert _past_km(gaps) == km
