"""How much deeper ground would be without own pulls: what is carried from window to window."""

from __future__ import annotations

import numpy as np

from isofront.control.spared import NEAR_KM, Spared


def test_what_is_spared_never_grows_past_where_presence_is_beyond_doubt():
    grown = Spared(np.full((2, 1, 3, 3), 80.0), np.zeros((2, 1, 3, 3)))
    moved = grown.with_moves(np.full((2, 1, 3, 3), 5.0), np.zeros((2, 1, 3, 3)))
    assert moved.km.max() == NEAR_KM
    assert moved.km.min() >= 0.0
