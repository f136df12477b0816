"""From depth to probability: the scales of what is shown, and the heavy-tailed link itself."""

from __future__ import annotations

import msgspec
import numpy as np
from jaxtyping import Float
from scipy.special import expit, logit, stdtr

MOST_TERMS = 8
"""Terms of the sum for even degrees of freedom; beyond, the general function is as quick."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From depth to probability: P = T_nu(depth / sqrt(variance + blur²)), between `least` and 1 - `least`.

    `slope` multiplies the log-odds of control in the end: 1 as shipped, another where `isofront learn` found one.
    """

    nu: float = 6.0
    blur_km: float = 0.17
    least: float = 0.005
    stand_share: float = 0.9
    stand_blur_km: float = 0.06
    stand_km2: float = 4.0
    touched_km: float = 0.02
    touched_odds: float = 0.3
    touched_looks: float = 0.2
    touched_near_km: float = 12.0
    slope: float = 1.0


def p_inside(
    depth: Float[np.ndarray, "*n"], variance: Float[np.ndarray, "*n"], link: Link, *, blur_km: float
) -> Float[np.ndarray, "*n"]:
    """P(a spot lies inside side 1's ground), from its depth (km) and the variance of that depth (km²)."""
    p = student_cdf(link.nu, depth / np.sqrt(variance + blur_km**2))
    return np.asarray(link.least + (1 - 2 * link.least) * p)


def student_cdf(nu: float, t: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """Student's distribution function; with s = t / sqrt(nu + t²) and nu even a polynomial in s (Zelen & Severo 1964).

    1/2 + s/2 · (1 + 1/2 c + 1·3/(2·4) c² + … up to c^(nu/2 - 1)),  c = 1 - s²
    """
    half = round(nu / 2)
    if nu != 2 * half or not 1 <= half <= MOST_TERMS:
        return np.asarray(stdtr(nu, t))
    s = t / np.sqrt(nu + t**2)
    factors = np.cumprod([1.0, *((2 * k - 1) / (2 * k) for k in range(1, half))]).tolist()
    c, total = 1 - s**2, factors[-1]
    for factor in reversed(factors[:-1]):
        total = total * c + factor
    return np.asarray(0.5 + 0.5 * s * total)


def standing(
    moved_km: Float[np.ndarray, "*n"],
    variance: Float[np.ndarray, "*n"],
    roamed_km2: Float[np.ndarray, "*n"],
    link: Link,
    *,
    longer: float,
) -> Float[np.ndarray, "*n"]:
    """P(the line here is still the anchor's): fronts move in places, and stand elsewhere to the metre.

    A spike at no movement beside the Gaussian: prior odds fade with time and activity (`roamed_km2`: how far, squared,
    the line was expected to come), more slowly where windows are `longer`, and are multiplied by how much likelier no
    movement became by the reports (the Savage-Dickey ratio of densities at 0).
    """
    roamed = np.maximum(roamed_km2, 1e-4)
    before = np.exp(roamed * (-1 / (link.stand_km2 * longer**0.5))) * link.stand_share
    left = np.minimum(variance, roamed)
    odds = before * np.sqrt(roamed / left) * np.exp(-0.5 * moved_km**2 / left)
    return np.asarray(odds / (odds + 1 - before))


def sloped(p: Float[np.ndarray, "*n"], slope: float) -> Float[np.ndarray, "*n"]:
    """Probabilities with their log-odds multiplied; one half stays one half, so no line moves."""
    return p if slope == 1.0 else np.asarray(expit(slope * logit(p)))
