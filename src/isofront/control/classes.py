"""From who controls a cell and how grey it is past the line to what is shown there, in whole steps of probability.

Compiled loops over cells in a row: nothing waits for Python, and no arrays are made on the way.
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np

from isofront.control.presence import PresenceTuning
from isofront.control.quick import exp32, log32, logistic32
from isofront.kept_code import njit

NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
P_STEP, STEPS = 1e-4, 1e4
"""Probabilities are rounded to this before anything is drawn or written; so many steps make 1."""
SURE = np.float32(1e-12)
"""The least chance that a side is not there, before what was seen of it close by counts."""


class ClassNumbers(NamedTuple):
    """What compiled loops read of the tuning: the drawn side, log-odds of presence past those of grey, and two shares.

    In the drawn side's ground, held without doubt, the other is next to never there (`rare`, one share for each side).
    """

    rare: tuple[float, float]
    lead: float
    confirmed: float

    @classmethod
    def of(cls, tuning: PresenceTuning, drawn: int) -> ClassNumbers:
        """The numbers where the ground of a side (0 or 1) was drawn."""
        rare = (1.0, tuning.inside_drawn) if drawn == 0 else (tuning.inside_drawn, 1.0)
        return cls(rare, tuning.lead, tuning.confirmed)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def shares_past(odds, rare, out):
    """P(grey) past a side's line, from its log-odds."""
    for i in range(out.shape[0]):
        out[i] = np.float32(rare) * logistic32(odds[i])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def present(side, odds, control, told, numbers, out):  # noqa: PLR0917 - numba takes no keywords
    """P(a side is there), in whole steps, from the odds of grey past its line, control, and what was told.

    Past a side's line P(it is there) has the log-odds of grey and `lead` more, and what was heard of it. P(a side is
    not there) is taken to a power, the greater the more was seen of it close by. A report may draw its side's line
    nearer, but must not make that side's presence less likely: odds and control are those as if none of the side's own
    reports had done so (see `spared`). Three short loops: a processor works on several cells of one at once.
    """
    local, seen, said = told
    first, rare = np.float32(1 - 2 * side), np.float32(numbers.rare[side])
    lead, confirmed = np.float32(numbers.lead), np.float32(numbers.confirmed)
    for i in range(out.shape[0]):
        out[i] = rare * logistic32(odds[i] + lead + max(first * local[i], NONE))
    for i in range(out.shape[0]):
        outside = HALF - first * (control[i] - HALF)
        out[i] = log32(max(outside * (ONE - out[i]), SURE))
    for i in range(out.shape[0]):
        out[i] = rounded(ONE - exp32(out[i] * (ONE + confirmed * (seen[i] + said[i]))))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def classes(control, past, held, shown, grey):
    """P(held) and P(control) of each side and P(grey), from control and P(grey) past each side's line."""
    for i in range(control.shape[0]):
        p = np.float64(control[i])
        first, unheld, second = stepped_shares(p * (1 - past[1, i]), (1 - p) * (1 - past[0, i]))
        held[0, i], grey[i], held[1, i] = first, unheld, second
        inside = min(max(rounded(p), first), first + unheld)
        shown[0, i], shown[1, i] = inside, 1 - inside


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def rounded(p):
    """A probability in whole steps: equal steps are equal numbers everywhere."""
    return np.rint(p * STEPS) * P_STEP


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def all_rounded(p, out):
    """Probabilities in whole steps."""
    for i in range(out.shape[0]):
        out[i] = rounded(p[i])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def stepped_shares(first, second):
    """P(held) of each side, and P(grey) between, in whole steps that sum to one."""
    return _in_steps(first, 1 - first - second, second)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def all_stepped(three, out):
    """The same of many cells: rows of P(held) by the first, P(grey), P(held) by the second."""
    for i in range(out.shape[1]):
        out[0, i], out[1, i], out[2, i] = _in_steps(three[0, i], three[1, i], three[2, i])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _in_steps(first, grey, second):
    """Three probabilities in whole steps that sum to one; the largest takes the remainder."""
    a, b, c = np.rint(first * STEPS), np.rint(grey * STEPS), np.rint(second * STEPS)
    rest = STEPS - a - b - c
    if first >= grey and first >= second:
        a += rest
    elif grey >= second:
        b += rest
    else:
        c += rest
    return a * P_STEP, b * P_STEP, c * P_STEP
