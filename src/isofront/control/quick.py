"""Exponentials and logarithms in single precision that a compiler works out eight at a time; true to 3·10⁻⁷.

The machine's own are called one by one. What is shown is told in steps of 10⁻⁴, so these are near enough.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.kept_code import njit

HALF, ONE, TWO, TOP = (np.float32(one) for one in (0.5, 1, 2, 87))
PER_LN2, LN2_HIGH, LN2_LOW = np.float32(1 / np.log(2)), np.float32(0.693359375), np.float32(-2.12194440e-4)
C2, C3, C4, C5, C6 = (np.float32(1 / n) for n in (2, 6, 24, 120, 720))
"""Taylor's coefficients of the exponential, good to 10⁻⁷ within half of ln 2."""
A3, A5, A7, A9 = (np.float32(2 / n) for n in (3, 5, 7, 9))
"""Of the logarithm as an odd series in (m - 1) / (m + 1)."""
MANTISSA, BIAS, BITS, ROOT2 = np.int32(0x7FFFFF), np.int32(127), np.int32(23), np.float32(np.sqrt(2))
EXPONENT_OF_1 = np.int32(0x3F800000)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def exp32(x):
    """e to the x; x is cut off at ±87, where single precision ends."""
    x = min(max(np.float32(x), -TOP), TOP)
    k = np.floor(x * PER_LN2 + HALF)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = ONE + r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
    return p * np.int32((np.int32(k) + BIAS) << BITS).view(np.float32)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def log32(x):
    """The natural logarithm of a normal number above 0."""
    bits = np.float32(x).view(np.int32)
    k = np.float32((bits >> BITS) - BIAS)
    m = np.int32((bits & MANTISSA) | EXPONENT_OF_1).view(np.float32)
    big = m > ROOT2
    m, k = (m * HALF if big else m), (k + ONE if big else k)
    s = (m - ONE) / (m + ONE)
    s2 = s * s
    return k * LN2_HIGH + (s * (TWO + s2 * (A3 + s2 * (A5 + s2 * (A7 + s2 * A9)))) + k * LN2_LOW)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def logistic32(odds):
    """1 / (1 + e^-odds)."""
    return ONE / (ONE + exp32(-odds))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def tanh32(x):
    """The hyperbolic tangent."""
    return TWO / (ONE + exp32(-TWO * np.float32(x))) - ONE
