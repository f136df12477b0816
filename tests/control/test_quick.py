"""The quick exponentials and logarithms against the machine's own."""

from __future__ import annotations

import numpy as np
import pytest

from isofront.control.quick import exp32, log32, logistic32, tanh32


@pytest.mark.parametrize(
    ("quick", "exact", "low", "high"),
    [
        (exp32, np.exp, -86.0, 86.0),
        (log32, np.log, 1e-12, 1e3),
        (logistic32, lambda x: 1 / (1 + np.exp(-x)), -80.0, 80.0),
        (tanh32, np.tanh, -30.0, 30.0),
    ],
)
def test_the_quick_functions_are_the_machines_own_to_single_precision(quick, exact, low, high):
    at = np.linspace(low, high, 997).astype(np.float32)
    found = np.array([quick(x) for x in at], float)
    np.testing.assert_allclose(found, exact(at.astype(float)), rtol=4e-7, atol=3e-7 if quick is not exp32 else 0)


def test_nothing_at_all_stays_exact_and_the_ends_are_cut_off():
    assert (exp32(np.float32(0)), log32(np.float32(1)), tanh32(np.float32(0))) == (1, 0, 0)
    assert np.isfinite(exp32(np.float32(1e9)))
    assert logistic32(np.float32(-1e9)) < 1e-30
