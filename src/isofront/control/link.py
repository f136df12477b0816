"""From depth to probability: the scales of what is shown, and the heavy-tailed link itself."""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import msgspec
import numpy as np

from isofront.arrays import Float
from isofront.control.quick import exp32
from isofront.kept_code import njit

MOST_FREEDOM = 16
"""Degrees of freedom, all even, for which Student's distribution function is a short polynomial."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From depth to probability: P = T_nu(depth / sqrt(variance + blur²)), between `least` and 1 - `least`; nu is even.

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

    def __post_init__(self) -> None:
        if self.nu not in range(2, MOST_FREEDOM + 1, 2):
            raise ValueError(f"nu: {self.nu}, wanted an even number from 2 to {MOST_FREEDOM}")


class LinkNumbers(NamedTuple):
    """The same as compiled loops read it."""

    nu: float
    factors: tuple[float, ...]
    least: float
    blur_km2: float
    stand_blur_km2: float
    stand_share: float
    per_stand_km2: float
    slope: float

    @classmethod
    def of(cls, link: Link) -> LinkNumbers:
        """The numbers of a link."""
        blurs = link.blur_km**2, link.stand_blur_km**2
        per_km2 = -1 / link.stand_km2
        return cls(link.nu, _factors(link.nu), link.least, *blurs, link.stand_share, per_km2, link.slope)


def _factors(nu: float) -> tuple[float, ...]:
    """…, 1·3/(2·4), 1/2, 1 of Student's distribution function: so many that a compiler knows how many."""
    rising = np.cumprod([1.0, *((2 * k - 1) / (2 * k) for k in range(1, round(nu / 2)))])
    return tuple(float(one) for one in rising[::-1])


def p_inside(
    depth: Float[np.ndarray, "*n"], variance: Float[np.ndarray, "*n"], link: Link, *, blur_km: float
) -> Float[np.ndarray, "*n"]:
    """P(a spot lies inside side 1's ground), from its depth (km) and the variance of that depth (km²)."""
    out = np.empty(depth.shape, np.result_type(depth, variance))
    inside(depth.ravel(), variance.ravel(), LinkNumbers.of(link), blur_km**2, out.ravel())
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def inside(depth, variance, link, blur2, out):
    """Student's distribution function of depth over its doubt, and so far from 0 and 1 as it must stay.

    With s = t / sqrt(nu + t²), here depth / sqrt(nu · (variance + blur²) + depth²), and nu even, a polynomial in s
    (Zelen & Severo 1964): 1/2 + s/2 · (1 + 1/2 c + 1·3/(2·4) c² + … up to c^(nu/2 - 1)),  c = 1 - s².
    """
    kind = out.dtype.type
    one, half, low, free, blurred = kind(1), kind(0.5), kind(link.least), kind(link.nu), kind(link.nu * blur2)
    share = one - low - low
    for i in range(depth.shape[0]):
        s, total = depth[i] / np.sqrt(free * variance[i] + blurred + depth[i] * depth[i]), kind(0)
        c = one - s * s
        for term in link.factors:
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
    the line was expected to come), and are multiplied by how much likelier no movement became by the reports (the
    Savage-Dickey ratio of densities at 0).
    """
    out = np.empty(moved_km.shape, np.result_type(moved_km, variance, roamed_km2))
    stands(moved_km.ravel(), variance.ravel(), roamed_km2.ravel(), LinkNumbers.of(link), out.ravel())
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def stands(moved, variance, roamed_km2, link, out):
    """The loop of `standing`, as two short ones: a processor works on several cells of one at once."""
    kind = out.dtype.type
    one, half, least, fades, spike = kind(1), kind(0.5), kind(1e-4), kind(link.per_stand_km2), kind(link.stand_share)
    for i in range(moved.shape[0]):
        out[i] = exp32(-half * moved[i] * moved[i] / min(variance[i], max(roamed_km2[i], least)))
    for i in range(moved.shape[0]):
        roamed = max(roamed_km2[i], least)
        before = spike * exp32(roamed * fades)
        odds = before * np.sqrt(roamed / min(variance[i], roamed)) * out[i]
        out[i] = odds / (odds + one - before)


def sloped(p: Float[np.ndarray, "*n"], slope: float) -> Float[np.ndarray, "*n"]:
    """Probabilities with their log-odds multiplied; one half stays one half, so no line moves."""
    if slope == 1.0:
        return p
    out = np.array(p)
    steeper(out.reshape(-1), slope)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def steeper(p, slope):
    """The loop of `sloped`, in place."""
    kind = p.dtype.type
    for i in range(p.shape[0]):
        p[i] = kind(1) / (kind(1) + ((kind(1) - p[i]) / p[i]) ** kind(slope))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def controlled(depth, moved, variance, roamed_km2, stood, link, out):  # noqa: PLR0917 - numba takes no keywords
    """P(inside side 1's ground as the maker draws it): where the line stands (`stood`), and where it has moved."""
    one, new = out.dtype.type(1), np.empty_like(out)
    stands(moved, variance, roamed_km2, link, out)
    inside(depth, variance, link, link.blur_km2, new)
    for i in range(out.shape[0]):
        out[i] = out[i] * stood[i] + (one - out[i]) * new[i]
    if link.slope != 1.0:
        steeper(out, link.slope)
