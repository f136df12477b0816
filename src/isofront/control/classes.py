"""From who controls a cell and how grey it is past the line to what is shown there, in whole steps of probability.

One compiled pass over the cells of a block: nothing waits for Python, and no arrays are made on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, no_type_check

import numba as nb
import numpy as np
from jaxtyping import Float32

from isofront.control.presence import Presence, PresenceTuning
from isofront.control.quick import exp32, log32, logistic32

NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
P_STEP = 1e-4
"""Probabilities are rounded to this before anything is drawn or written."""
SURE = np.float32(1e-12)
"""The least chance that a side is not there, before what was seen of it close by counts."""


class Classes(NamedTuple):
    """What is shown of cells: P(held) and P(control) of each side, P(grey), P(each is there)."""

    held: Float32[np.ndarray, "2 ny nx"]
    grey: Float32[np.ndarray, "ny nx"]
    control: Float32[np.ndarray, "2 ny nx"]
    present: Float32[np.ndarray, "2 ny nx"]


def classes(
    control: Float32[np.ndarray, "ny nx"],
    grey_odds: Float32[np.ndarray, "2 ny nx"],
    own: Sequence[tuple[Float32[np.ndarray, "ny nx"], Float32[np.ndarray, "ny nx"]]],
    there: Presence,
    tuning: PresenceTuning,
    *,
    drawn: int,
) -> Classes:
    """The classes of cells, from P(inside side 1's ground by the maker's line) and each side's odds of grey past it.

    Past a side's line P(grey) has the log-odds given, P(the side is there) `lead` more, and what was heard of it; in
    the drawn side's ground, which is held without doubt, the other side is next to never there. P(a side is not there)
    is taken to a power, the greater the more was seen of it close by. A report may draw its side's line nearer, but
    must not make that side's presence less likely: `own` is control and the odds past its line that each side's
    presence is told from, as if none of its own reports had done so (see `spared`).
    """
    two, one = (2, *control.shape), control.shape
    found, grey = Classes(*(np.empty(shape, np.float32) for shape in (two, one, two, two))), np.empty(two, np.float32)
    for side, sign in enumerate((1.0, -1.0)):
        rare = tuning.inside_drawn if side == 1 - drawn else 1.0
        _shares(grey_odds[side].ravel(), rare, grey[side].ravel())
        held, odds = (one.ravel() for one in own[side])
        heard = held, there.local.ravel(), there.seen[side].ravel(), there.said[side].ravel()
        _present(sign, odds, *heard, rare, tuning.lead, tuning.confirmed, found.present[side].ravel())
    _classes(control.ravel(), *(many.reshape(len(many), -1) for many in (grey, found.held, found.control)),
             found.grey.ravel())  # fmt: skip
    return found


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _shares(odds, rare, out):
    for i in range(out.shape[0]):
        out[i] = np.float32(rare) * logistic32(odds[i])


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _present(sign, odds, control, local, seen, said, rare, lead, confirmed, out):  # noqa: PLR0917 - numba takes none
    """P(a side is there), in whole steps; `sign` is 1 for the first side and -1 for the second."""
    first, rare32, lead32, confirmed32 = np.float32(sign), np.float32(rare), np.float32(lead), np.float32(confirmed)
    for i in range(out.shape[0]):
        past = rare32 * logistic32(odds[i] + lead32 + max(first * local[i], NONE))
        outside = HALF - first * (control[i] - HALF)
        power = ONE + confirmed32 * (seen[i] + said[i])
        out[i] = rounded(ONE - exp32(log32(max(outside * (ONE - past), SURE)) * power))


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _classes(control, past, held, shown, grey):
    for i in range(control.shape[0]):
        p = np.float64(control[i])
        first, unheld, second = stepped_shares(p * (1 - past[1, i]), (1 - p) * (1 - past[0, i]))
        held[0, i], grey[i], held[1, i] = first, unheld, second
        inside = min(max(rounded(p), first), first + unheld)
        shown[0, i], shown[1, i] = inside, 1 - inside


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def rounded(p):
    """A probability in whole steps: equal steps are equal numbers everywhere."""
    return np.rint(p / P_STEP) * P_STEP


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def stepped_shares(first, second):
    """The three probabilities (held, grey, held) in whole steps that sum to one; the largest takes the remainder."""
    grey = 1 - first - second
    a, b, c = np.rint(first / P_STEP), np.rint(grey / P_STEP), np.rint(second / P_STEP)
    rest = np.rint(1 / P_STEP) - a - b - c
    if first >= grey and first >= second:
        a += rest
    elif grey >= second:
        b += rest
    else:
        c += rest
    return a * P_STEP, b * P_STEP, c * P_STEP
