"""Cells that are less sure of who holds them, in one compiled pass without arrays on the way.

Stretches of a row are worked on at once: first what may have gone over, in loops that a compiler lays side by side
(the machine's own exponential is called one by one), then, where it is enough to be shown, what becomes of the cell.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.control.classes import P_STEP, rounded, stepped_shares
from isofront.control.falling import FUSED
from isofront.kept_code import njit

STRETCH = 64
"""So many cells of a row are looked at together."""
PER_LN2, LN2_HIGH, LN2_LOW = float(1 / np.log(2)), 6.93147180369123816490e-01, 1.90821492927058770002e-10
C2, C3, C4, C5, C6, C7 = (1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040)
C8, C9, C10, C11 = (1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800)
"""Taylor's coefficients of the exponential, good to 10⁻¹⁴ within half of ln 2."""
NUMBERS = {"nnan", "nsz"}
"""What is compared is a number: the largest of many is then found four by four."""
TOP, BIAS, BITS = 700.0, np.int64(1023), np.int64(52)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def unsure_cells(odds, depth, corner, runs_km, scales, held, grey, control, present):  # noqa: PLR0917 - numba
    """Cells of a box in place: a part of what is held is the other side's, too little to make it the likelier holder.

    `odds` are those of the box alone, whose first cell is `corner`.
    """
    least, _, far, most = scales
    floor = np.log(least / (1 - least))
    to_first, to_second, part = np.empty(STRETCH), np.empty(STRETCH), np.empty(STRETCH)
    for y in range(odds.shape[1]):
        row = corner[0] + y
        for x in range(0, odds.shape[2], STRETCH):
            n = min(STRETCH, odds.shape[2] - x)
            first = corner[1] + x
            deep, inside1 = depth[row, first : first + n], control[0, row, first : first + n]
            if not _any_shown(odds[0, y, x : x + n], odds[1, y, x : x + n], deep, far, runs_km, floor):
                continue
            gone_over(odds[0, y, x : x + n], deep, runs_km, scales, to_first)
            gone_over(odds[1, y, x : x + n], deep, runs_km, scales, to_second)
            _parts(inside1, to_first, to_second, most, part)
            for i in range(n):
                if part[i] < P_STEP:
                    continue
                column, p = first + i, np.float64(control[0, row, first + i])
                loser = 1 if p < 0.5 else 0
                theirs, ours = np.float64(held[loser, row, column]), np.float64(held[1 - loser, row, column])
                moved = theirs * kept_the_larger(part[i], theirs, ours, most)
                one, two = (ours + moved, theirs - moved) if loser == 1 else (theirs - moved, ours + moved)
                one, unheld, two = stepped_shares(one, two)
                held[0, row, column], grey[row, column], held[1, row, column] = one, unheld, two
                inside = min(max(rounded(p * (1 - part[i]) + (part[i] if loser == 1 else 0.0)), one), one + unheld)
                control[0, row, column], control[1, row, column] = inside, 1 - inside
                present[0, row, column] = max(present[0, row, column], one)
                present[1, row, column] = max(present[1, row, column], two)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def gone_over(odds, depth, runs_km, scales, out):
    """P(gone over) = logistic(odds - depth / runs), less the least that is shown; fading to nothing far off."""
    least, near, far, _ = scales
    for i in range(depth.shape[0]):
        deep = abs(depth[i])
        p = 1 / (1 + _exp(deep / runs_km - odds[i]))
        out[i] = max(p - least, 0.0) / (1 - least) * min(max((far - deep) / (far - near), 0.0), 1.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _exp(x):
    """e to the x, without a call or a branch."""
    x = min(max(x, -TOP), TOP)
    k = np.floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    high = C6 + r * (C7 + r * (C8 + r * (C9 + r * (C10 + r * C11))))
    p = 1.0 + r * (1.0 + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * high)))))
    return p * np.int64((np.int64(np.int32(k)) + BIAS) << BITS).view(np.float64)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=NUMBERS)
@no_type_check
def _any_shown(one, other, depth, far, runs_km, floor):  # noqa: PLR0917 - numba takes no keywords
    """Whether any log-odds near the line are above those of the least that is shown."""
    top = -np.inf
    for i in range(depth.shape[0]):
        deep = abs(depth[i])
        found = max(one[i], other[i]) - deep / runs_km
        top = max(top, found if deep < far else -np.inf)
    return top > floor


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _parts(control, to_first, to_second, most, out):
    """The part of the likelier holder's ground that has gone over, of control of side 1."""
    for i in range(control.shape[0]):
        p = np.float64(control[i])
        holder, gained = max(p, 1 - p), to_first[i] * (1 - p) - to_second[i] * p
        out[i] = min((gained if p < 0.5 else -gained) / holder, 1 - _least(holder, most) / holder)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def kept_the_larger(part, theirs, ours, most):
    """What of a part may go over so that the holder stays the larger, and above a half where it was: less near both."""
    if theirs <= ours:
        return 0.0
    part = min(part, (theirs - ours) / (2 * theirs))
    return min(part, 1 - _least(theirs, most) / theirs if theirs >= 0.5 else 4 * (0.5 - theirs) ** 2)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _least(p, most):
    """What of a probability above a half must stay: 1 - `most` of all, and next to a half nearly what it was."""
    above, soft = p - 0.5, (0.5 - most) / (2 * most)
    return 0.5 + above * soft / (above + soft)
