"""Ground far from the line where nobody was heard of: all that is shown there follows from depth, and from who looked.

The answer is worked out once for every `DEPTH_STEP_KM` of depth, and read off cell by cell.
"""

from __future__ import annotations

from typing import no_type_check

import numba as nb
import numpy as np
from jaxtyping import Float

from isofront.control.classes import P_STEP
from isofront.control.field import Field
from isofront.control.observing import Watching
from isofront.control.quick import exp32
from isofront.ground.grid import Grid

DEPTH_STEP_KM = 0.01
NO_DOUBT = 12.0
"""A depth of so many standard deviations is beyond doubt: Student's tail there is below a tenth of `P_STEP`."""

Cells = Float[np.ndarray, "ny nx"]
Within = tuple[slice, slice]


def all_deep(depth_km: Cells, prior_km: Cells, variance_km2: Cells, *, near_km: float, touched_km: float) -> bool:
    """Whether all cells lie on one side far from the line, beyond doubt, and no report moved them."""
    return bool(_all_deep(depth_km, prior_km, variance_km2, near_km, touched_km))


def read_off(known: Field, depth_km: Cells, watching: Watching, whole: Field, *, grid: Grid, within: Within) -> None:
    """Write the cells of a quiet part of a grid: what is `known` of their depth, and the degree of unobserved."""
    assert whole.last_look_days is not None
    corner = within[0].start, within[1].start
    pairs = tuple(np.ascontiguousarray(one[:, 0]) for one in (known.p_held, known.control, known.p_present))
    seen = watching.lattice.to_cells(watching.missed, grid), watching.last_look_days, *watching.nodes_of(grid)
    _read(depth_km, corner, pairs, (whole.p_held, whole.control, whole.p_present), known.p_grey[0], whole.p_grey,
          known.grey_reason[0], whole.grey_reason)  # fmt: skip
    _unseen(depth_km, corner, watching.watched_km, seen, whole.unobserved, whole.last_look_days)
    whole.touched[within] = False


@nb.njit(cache=True, nogil=True)
@no_type_check
def _all_deep(depth, prior, variance, near_km, touched_km):
    sign, nearest, doubt = np.sign(depth[0, 0]), np.inf, 0.0
    for row in range(depth.shape[0]):
        for column in range(depth.shape[1]):
            deep, was = sign * depth[row, column], sign * prior[row, column]
            if min(deep, was) < near_km or abs(was - deep) >= touched_km:
                return False
            nearest, doubt = min(nearest, deep), max(doubt, variance[row, column])
    return np.sqrt(doubt) * NO_DOUBT < nearest


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _read(depth, corner, pairs, pair_outs, grey, grey_out, reason, reason_out):  # noqa: PLR0917 - numba takes no keywords
    """What is known by step of depth, to every cell; a row of one depth, as far ground has, is filled at one go."""
    last, n, west = grey.shape[0] - 1, depth.shape[1], corner[1]
    place = np.empty(n, np.int64)
    for row in range(depth.shape[0]):
        north, low, high = corner[0] + row, last, 0
        for k in range(n):
            place[k] = min(np.int64(np.rint(abs(depth[row, k]) / DEPTH_STEP_KM)), last)
            low, high = min(low, place[k]), max(high, place[k])
        for pair in range(3):
            for side in range(2):
                _take(pairs[pair][side], place, low == high, pair_outs[pair][side, north, west : west + n])
        _take(grey, place, low == high, grey_out[north, west : west + n])
        _take(reason, place, low == high, reason_out[north, west : west + n])


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _take(known, place, alike, out):
    if alike:
        one = known[place[0]]
        for k in range(out.shape[0]):
            out[k] = one
    else:
        for k in range(out.shape[0]):
            out[k] = known[place[k]]


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _unseen(depth, corner, watched_km, seen, unobserved, ages):  # noqa: PLR0917 - numba takes no keywords
    """The degree of unobserved in whole steps, as `observing` has it, and the age of the last look."""
    missed, last, rows, columns = seen
    n, west = depth.shape[1], corner[1]
    for row in range(depth.shape[0]):
        deep, part, looked = depth[row], missed[row], last[rows[row]]
        out, age = unobserved[corner[0] + row, west : west + n], ages[corner[0] + row, west : west + n]
        for k in range(n):
            away = np.float32(deep[k]) / watched_km
            p = np.float32(exp32(-0.5 * away * away) * min(max(part[k], 0.0), 1.0))
            out[k] = np.rint(np.float64(p) / P_STEP) * P_STEP
        for k in range(n):
            age[k] = looked[columns[k]]
