"""From depth to probability: the scales of what is shown, and the heavy-tailed link itself."""

from __future__ import annotations

from typing import no_type_check

import msgspec
import numba as nb
import numpy as np
from jaxtyping import Float
from scipy.special import expit, logit, stdtr

from isofront.control.quick import exp32

MOST_TERMS = 8
"""Terms of the sum for even degrees of freedom; beyond, the general function is as quick."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From depth to probability: P = T_nu(depth / sqrt(variance + blur²)), between `least` and 1 - `least`.

    `slope` multiplies the log-odds of control in the end: 1 as shipped, another where `isofront learn` found one.
    """

    nu: float = 6.0
    blur_km: float = 0.25
    least: float = 0.005
    stand_share: float = 0.9
    stand_blur_km: float = 0.03
    stand_km2: float = 8.0
    touched_km: float = 0.02
    touched_odds: float = 0.3
    touched_looks: float = 0.2
    touched_near_km: float = 12.0
    slope: float = 1.0


def p_inside(
    depth: Float[np.ndarray, "*n"], variance: Float[np.ndarray, "*n"], link: Link, *, blur_km: float
) -> Float[np.ndarray, "*n"]:
    """P(a spot lies inside side 1's ground), from its depth (km) and the variance of that depth (km²)."""
    if not _is_polynomial(link.nu):
        p = np.asarray(stdtr(link.nu, depth / np.sqrt(variance + blur_km**2)))
        return np.asarray(link.least + (1 - 2 * link.least) * p)
    out = np.empty(depth.shape, np.result_type(depth, variance))
    _p_inside(depth.ravel(), variance.ravel(), link.nu, _factors(link.nu), link.least, blur_km**2, out.ravel())
    return out


def _is_polynomial(nu: float) -> bool:
    return nu == 2 * round(nu / 2) and 1 <= round(nu / 2) <= MOST_TERMS


def _factors(nu: float) -> tuple[float, ...]:
    """…, 1·3/(2·4), 1/2, 1 of Student's distribution function: so many that a compiler knows how many."""
    rising = np.cumprod([1.0, *((2 * k - 1) / (2 * k) for k in range(1, round(nu / 2)))])
    return tuple(float(one) for one in rising[::-1])


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _p_inside(depth, variance, nu, factors, least, blur2, out):  # noqa: PLR0917 - numba takes no keywords
    """Student's distribution function of depth over its doubt, and so far from 0 and 1 as it must stay.

    With s = t / sqrt(nu + t²), here depth / sqrt(nu · (variance + blur²) + depth²), and nu even, a polynomial in s
    (Zelen & Severo 1964): 1/2 + s/2 · (1 + 1/2 c + 1·3/(2·4) c² + … up to c^(nu/2 - 1)),  c = 1 - s².
    """
    kind = out.dtype.type
    one, half, low, free, blurred = kind(1), kind(0.5), kind(least), kind(nu), kind(nu * blur2)
    share = one - low - low
    for i in range(depth.shape[0]):
        s, total = depth[i] / np.sqrt(free * variance[i] + blurred + depth[i] * depth[i]), kind(0)
        c = one - s * s
        for term in factors:
            total = total * c + kind(term)
        out[i] = low + share * (half + half * s * total)


def standing(
    moved_km: Float[np.ndarray, "*n"],
    variance: Float[np.ndarray, "*n"],
    roamed_km2: Float[np.ndarray, "*n"],
    link: Link,
) -> Float[np.ndarray, "*n"]:
    """P(the line here is still the anchor's): fronts move in places, and stand elsewhere to the metre.

    A spike at no movement beside the Gaussian: prior odds fade with time and activity (`roamed_km2`: how far, squared,
    the line was expected to come), and are multiplied by how much likelier no
    movement became by the reports (the Savage-Dickey ratio of densities at 0).
    """
    out = np.empty(moved_km.shape, np.result_type(moved_km, variance, roamed_km2))
    fade = -1 / link.stand_km2
    _standing(moved_km.ravel(), variance.ravel(), roamed_km2.ravel(), fade, link.stand_share, out.ravel())
    return out


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _standing(moved, variance, roamed_km2, fade, share, out):  # noqa: PLR0917 - numba takes no keywords
    kind = out.dtype.type
    one, half, least, fades, spike = kind(1), kind(0.5), kind(1e-4), kind(fade), kind(share)
    for i in range(moved.shape[0]):
        roamed = max(roamed_km2[i], least)
        before, left = spike * exp32(roamed * fades), min(variance[i], roamed)
        odds = before * np.sqrt(roamed / left) * exp32(-half * moved[i] * moved[i] / left)
        out[i] = odds / (odds + one - before)


def sloped(p: Float[np.ndarray, "*n"], slope: float) -> Float[np.ndarray, "*n"]:
    """Probabilities with their log-odds multiplied; one half stays one half, so no line moves."""
    return p if slope == 1.0 else np.asarray(expit(slope * logit(p)))
