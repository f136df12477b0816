"""Ground far from the line where nobody was heard of: all that is shown there follows from depth, and from who looked.

The answer is worked out once for every `DEPTH_STEP_KM` of depth, and read off cell by cell.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.control.classes import all_rounded
from isofront.control.loud import MISSED, N_TOLD, STRIP, copy, write_looks
from isofront.control.observing import watched
from isofront.ground.lattice import across_nodes, along_nodes, speaks
from isofront.kept_code import njit

DEPTH_STEP_KM = 0.01
NO_DOUBT = 12.0
"""A depth of so many standard deviations is beyond doubt: Student's tail there is below a tenth of `P_STEP`."""


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def nobody_heard(place, axes, nodes):
    """Whether no sum over reports reaches into a block."""
    low, high = axes.rows[place.south], axes.rows[place.north - 1] + 4
    west, east = axes.columns[place.west], axes.columns[place.east - 1] + 4
    for k in range(N_TOLD):
        for bank in range(nodes.surfaces.shape[1]):
            for row in range(low, high):
                if speaks(nodes.surfaces[k, bank, row], west, east):
                    return False
    return True


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def all_deep(place, latent, near_km, touched_km):
    """Whether all cells of a block lie on one side far from the line, beyond doubt, and no report moved them.

    Nor must the anchor's grey reach near them.
    """
    sign, nearest, doubt = np.sign(latent.depth_km[place.south, place.west]), np.inf, 0.0
    for row in range(place.south, place.north):
        depth, prior = latent.depth_km[row, place.west : place.east], latent.prior_km[row - place.south]
        variance, shallow, moved, grey = latent.variance_km2[row, place.west : place.east], np.inf, 0.0, -np.inf
        for k in range(depth.shape[0]):
            deep, was = sign * depth[k], sign * prior[k]
            nearest, shallow = min(nearest, deep), min(shallow, was)
            moved, doubt = max(moved, abs(was - deep)), max(doubt, variance[k])
        if latent.old_grey_km.shape[0]:
            for k in range(depth.shape[0]):
                grey = max(grey, latent.old_grey_km[row, place.west + k])
        if min(nearest, shallow) < near_km or moved >= touched_km or grey > -near_km:
            return False
    return np.sqrt(doubt) * NO_DOUBT < nearest


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def read_off(place, axes, latent, nodes, watched_km, known, shown):  # noqa: PLR0917 - numba takes no keywords
    """Write the cells of a quiet part: what is `known` of their depth, and the degree of unobserved."""
    columns, by_column = axes.columns[place.west : place.east], axes.by_column[:, place.west : place.east]
    low, high = axes.rows[place.south], axes.rows[place.north - 1] + 4
    along = along_nodes(nodes.surfaces[MISSED : MISSED + 1, 0], low, high, columns, by_column)
    for south in range(place.south, place.north, STRIP):
        box = south, min(south + STRIP, place.north), place.west, place.east
        for row in range(box[0], box[1]):
            _read(row, place.west, latent.depth_km[row, place.west : place.east], known, shown)
            for column in range(place.west, place.east):
                shown.touched[row, column] = False
        _unseen(box, along, low, axes, latent.depth_km, watched_km, shown.unobserved)
        write_looks(box, axes, nodes.last_look_days, shown.last_look_days)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _read(row, west, depth, known, shown):
    """What is known by step of depth, to a row of cells; one of one depth, as far ground has, is filled at one go."""
    n, last = depth.shape[0], np.int32(known.grey.shape[1] - 1)
    place, low, high = np.empty(n, np.int32), last, np.int32(0)
    for k in range(n):
        place[k] = np.int32(min(np.rint(abs(depth[k]) / DEPTH_STEP_KM), np.float64(last)))
    for k in range(n):
        low, high = min(low, place[k]), max(high, place[k])
    alike, some = low == high, slice(west, west + n)
    for side in range(2):
        _take(known.held[side, 0], place, alike, shown.held[side, row, some])
        _take(known.control[side, 0], place, alike, shown.control[side, row, some])
        _take(known.present[side, 0], place, alike, shown.present[side, row, some])
    _take(known.grey[0], place, alike, shown.grey[row, some])
    _take(known.reason[0], place, alike, shown.reason[row, some])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _take(known, place, alike, out):
    if alike:
        one = known[place[0]]
        for k in range(out.shape[0]):
            out[k] = one
    else:
        for k in range(out.shape[0]):
            out[k] = known[place[k]]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _unseen(box, along, low, axes, depth_km, watched_km, unobserved):  # noqa: PLR0917 - numba takes no keywords
    """The degree of unobserved in whole steps."""
    south, north, west, east = box
    missed, depth = np.empty((1, north - south, east - west), np.float32), np.empty(east - west, np.float32)
    across_nodes(along, low, axes.rows[south:north], axes.by_row[:, south:north], missed)
    for row in range(south, north):
        copy(depth_km[row, west:east], depth)
        watched(depth, watched_km, missed[0, row - south])
        all_rounded(missed[0, row - south], unobserved[row, west:east])
