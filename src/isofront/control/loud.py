"""Ground near the line, or where somebody was heard of: all that is shown of it, worked out cell by cell.

One compiled pass for a block, strip by strip of rows, so that what is in work stays in the processor's nearest cache
and threads hardly wait for Python. The formulas stand where they belong (`link`, `presence`, `classes`, `observing`,
`grey_reason`); here they are put one after the other.
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np

from isofront.arrays import Bool, Float, Float32, Int, UInt8
from isofront.control.classes import ClassNumbers, all_rounded, classes, present, shares_past
from isofront.control.grey_reason import reasons
from isofront.control.link import LinkNumbers, controlled, inside
from isofront.control.observing import watched
from isofront.control.presence import NOTHING, PresenceNumbers, heard_past, odds_past, seen_logs, weighed
from isofront.control.spared import NEAR_KM
from isofront.ground.lattice import across_nodes, along_nodes
from isofront.kept_code import njit

STRIP = 16
"""Rows of cells that are worked out at once."""
LEAST_SPARED_KM = np.float32(2e-3)
"""By less than this no side's ground counts as drawn nearer by its own reports."""
NEAR = np.float32(NEAR_KM)
DEPTH, PRIOR, MOVED, VARIANCE = 0, 1, 2, 3
"""Rows of the latent in cells: depth, what it would be without reports, how far they moved it (km), variance (km²)."""
LOCAL, LOOKS, REACH, SEEN, SAID, LEFT = 0, 2, 5, 7, 9, 11
"""Rows of what was told of cells, as `weighed` leaves them; from `REACH` on two each, one a side."""
N_TOLD, SPARED, MISSED, ROAMED = 13, 13, 15, 16
"""Rows of what is carried from nodes to cells, after those that were told."""
HELD, GREY, CONTROL, PRESENT, UNSEEN = 0, 2, 3, 5, 7
"""Rows of what is found; two each of what each side has."""
ONE = np.float32(1)


class Axes(NamedTuple):
    """For each row and column of cells the nodes whose values reach it and their weights, and the node nearest to it.

    Of four nodes the first is told, as `Lattice.taps` has it.
    """

    rows: Int[np.ndarray, " ny"]
    by_row: Float32[np.ndarray, "4 ny"]
    columns: Int[np.ndarray, " nx"]
    by_column: Float32[np.ndarray, "4 nx"]
    near_row: Int[np.ndarray, " ny"]
    near_column: Int[np.ndarray, " nx"]


class Place(NamedTuple):
    """Where a block lies, by rows and columns from the first to before the last; and the bank of its cells.

    Banks are numbers among the setting's (-1: none); no rows where there are no barriers.
    """

    south: int
    north: int
    west: int
    east: int
    banks: Int[np.ndarray, "_ny _nx"]


class Latent(NamedTuple):
    """Depth, variance, the say of few reports and the anchor's grey everywhere; what depth would be without reports.

    The last in the block alone. Of say and grey there are no rows where there is none of them.
    """

    depth_km: Float[np.ndarray, "ny nx"]
    variance_km2: Float[np.ndarray, "ny nx"]
    say: Float[np.ndarray, "_ny _nx"]
    old_grey_km: Float[np.ndarray, "_ny _nx"]
    prior_km: Float[np.ndarray, "rows columns"]


class Nodes(NamedTuple):
    """What is known at lattice nodes, by bank: all that is carried to cells alike, and when somebody last looked.

    The rows: sums over reports (`Traces`), how much deeper each side's ground would be (`Spared`), what would have been
    missed (`Watching`), and how far, squared, the line was expected to come, in one or two chains of windows.
    """

    surfaces: Float32[np.ndarray, "k banks ly lx"]
    last_look_days: Float32[np.ndarray, "ly lx"]


class Numbers(NamedTuple):
    """What has been tuned: of `touched`, km moved, log-odds heard of and looks from which on a cell may be touched."""

    link: LinkNumbers
    presence: PresenceNumbers
    classes: ClassNumbers
    watched_km: float
    drawn: int
    touched: tuple[float, float, float]


class Shown(NamedTuple):
    """What is written to: the arrays of a `Field`."""

    held: Float32[np.ndarray, "2 ny nx"]
    grey: Float32[np.ndarray, "ny nx"]
    control: Float32[np.ndarray, "2 ny nx"]
    present: Float32[np.ndarray, "2 ny nx"]
    unobserved: Float32[np.ndarray, "ny nx"]
    reason: UInt8[np.ndarray, "ny nx"]
    touched: Bool[np.ndarray, "ny nx"]
    last_look_days: Float32[np.ndarray, "ny nx"]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def fill(place, axes, latent, nodes, numbers, shown):  # noqa: PLR0917 - numba takes no keywords
    """Write the cells of a block; touched are those that may be, wherever reports acted."""
    columns, by_column = axes.columns[place.west : place.east], axes.by_column[:, place.west : place.east]
    low, high = axes.rows[place.south], axes.rows[place.north - 1] + 4
    along = [
        along_nodes(nodes.surfaces[:, bank], low, high, columns, by_column) for bank in range(nodes.surfaces.shape[1])
    ]
    for south in range(place.south, place.north, STRIP):
        north = min(south + STRIP, place.north)
        banks = place.banks[south - place.south : north - place.south]
        values = _in_cells(along, low, axes.rows[south:north], axes.by_row[:, south:north], banks)
        box = south, north, place.west, place.east
        _strip(box, values, latent.prior_km[south - place.south :], axes, latent, nodes, numbers, shown)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _in_cells(along, low, rows, by_row, banks):
    """The surface of each cell's own bank, as `Setting.cells_of_banks`: nothing leaks across."""
    out = np.zeros((along[0].shape[0], rows.shape[0], along[0].shape[2]), np.float32)
    if banks.shape[0] == 0:
        across_nodes(along[0], low, rows, by_row, out)
        return out.reshape(out.shape[0], -1)
    of = np.empty_like(out)
    for bank in range(len(along)):
        across_nodes(along[bank], low, rows, by_row, of)
        for k in range(out.shape[0]):
            for row in range(rows.shape[0]):
                for column in range(out.shape[2]):
                    if banks[row, column] == bank:
                        out[k, row, column] = of[k, row, column]
    return out.reshape(out.shape[0], -1)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
@no_type_check
def _strip(box, values, prior, axes, latent, nodes, numbers, shown):  # noqa: PLR0917 - numba takes no keywords
    """Write some rows of a block."""
    here, told, missed = _latent(box, prior, latent), values[:N_TOLD], values[MISSED]
    weighed(told, numbers.presence)
    roamed, spared = _roamed(box, values[ROAMED:], latent), values[SPARED : SPARED + 2]
    found, reason = np.empty((8, roamed.shape[0]), np.float32), np.empty(roamed.shape[0], np.uint8)
    _tell(here, told, roamed, spared, _old_grey(box, latent), numbers, found)
    watched(here[DEPTH], numbers.watched_km, missed)
    pairs = found[HELD : HELD + 2], told[SEEN : SEEN + 2], told[SAID : SAID + 2], told[LEFT : LEFT + 2]
    reasons(*pairs, missed, reason)
    all_rounded(missed, found[UNSEEN])
    _write(box, found, reason, shown)
    write_looks(box, axes, nodes.last_look_days, shown.last_look_days)
    _write_touched(box, here[MOVED], told[LOCAL], told[LOOKS], numbers.touched, shown.touched)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _latent(box, prior, latent):
    south, north, west, east = box
    n = east - west
    out = np.empty((4, (north - south) * n), np.float32)
    for row in range(south, north):
        some, was = slice((row - south) * n, (row - south + 1) * n), prior[row - south]
        depth, variance = latent.depth_km[row, west:east], latent.variance_km2[row, west:east]
        one, two, three, four = out[0, some], out[1, some], out[2, some], out[3, some]
        for k in range(n):
            one[k], two[k], three[k], four[k] = depth[k], was[k], depth[k] - was[k], variance[k]
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _old_grey(box, latent):
    south, north, west, east = box
    if latent.old_grey_km.shape[0] == 0:
        return np.empty(0, np.float32)
    out = np.empty((north - south, east - west), np.float32)
    for row in range(south, north):
        copy(latent.old_grey_km[row, west:east], out[row - south])
    return out.reshape(-1)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _roamed(box, chains, latent):
    """How far, squared, the line was expected to come (km²): in one chain of windows, or in two by their say."""
    south, north, west, east = box
    quick, slow, n = chains[0], chains[-1], east - west
    if latent.say.shape[0]:
        for row in range(south, north):
            say, first = latent.say[row, west:east], (row - south) * n
            for k in range(n):
                quick[first + k] += say[k] * (slow[first + k] - quick[first + k])
    return quick


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
@no_type_check
def _tell(here, told, roamed, spared, old_grey, numbers, found):  # noqa: PLR0917 - numba takes no keywords
    """Who holds, grey, control, and who is there: rows of what is found."""
    depth, moved, variance, looks = here[DEPTH], here[MOVED], here[VARIANCE], told[LOOKS]
    stood, control, own, odds = (np.empty_like(depth), np.empty_like(depth), np.empty_like(depth), np.empty_like(depth))
    past, heard, logs = np.empty_like(told[:2]), np.empty_like(told[:3]), np.empty_like(told[:2])
    seen_logs(told[SEEN : SEEN + 2], logs)
    inside(here[PRIOR], np.zeros_like(depth), numbers.link, numbers.link.stand_blur_km2, stood)
    controlled(depth, moved, variance, roamed, stood, numbers.link, control)
    for side in range(2):
        heard_past(side, told[SEEN : SEEN + 2], logs, told[REACH + side], numbers.presence, heard)
        old = old_grey if side == numbers.drawn else old_grey[:0]
        odds_past(heard, looks, _past(side, depth), old, numbers.presence, odds)
        shares_past(odds, numbers.classes.rare[side], past[side])
        nearer, is_any = _nearer(side, spared[side], depth)
        if is_any:
            controlled(depth + nearer, moved + nearer, variance, roamed, stood, numbers.link, own)
            odds_past(heard, looks, _past(side, depth + nearer), old, numbers.presence, odds)
        of_it = told[LOCAL], told[SEEN + side], told[SAID + side]
        present(side, odds, own if is_any else control, of_it, numbers.classes, found[PRESENT + side])
    classes(control, past, found[HELD : HELD + 2], found[CONTROL : CONTROL + 2], found[GREY])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _past(side, depth):
    """How far past a side's line: depth grows into side 1's ground."""
    return depth if side else -depth


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _nearer(side, spared, depth):
    """How much deeper it would be had none of a side's own reports drawn its line nearer, and whether it would."""
    out, sign, is_any = np.zeros_like(depth), ONE if side == 0 else -ONE, False
    for i in range(depth.shape[0]):
        counts = spared[i] > LEAST_SPARED_KM and abs(depth[i]) < NEAR
        is_any |= counts
        out[i] = sign * spared[i] if counts else NOTHING
    return out, is_any


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _write(box, found, reason, shown):
    south, north, west, east = box
    n = east - west
    for row in range(south, north):
        some = slice((row - south) * n, (row - south + 1) * n)
        for side in range(2):
            copy(found[HELD + side, some], shown.held[side, row, west:east])
            copy(found[CONTROL + side, some], shown.control[side, row, west:east])
            copy(found[PRESENT + side, some], shown.present[side, row, west:east])
        copy(found[GREY, some], shown.grey[row, west:east])
        copy(found[UNSEEN, some], shown.unobserved[row, west:east])
        copy(reason[some], shown.reason[row, west:east])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def copy(one, out):
    """Values in a row, of whatever kind."""
    for k in range(out.shape[0]):
        out[k] = one[k]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def write_looks(box, axes, ages, out):
    """The age of the nearest node's last look; rows of cells about one row of nodes are alike."""
    south, north, west, east = box
    for row in range(south, north):
        if row > south and axes.near_row[row] == axes.near_row[row - 1]:
            copy(out[row - 1, west:east], out[row, west:east])
        else:
            for column in range(west, east):
                out[row, column] = ages[axes.near_row[row], axes.near_column[column]]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _write_touched(box, moved, local, looks, least, touched):  # noqa: PLR0917 - numba takes no keywords
    """Cells that reports moved or where somebody was heard of or looked."""
    south, north, west, east = box
    n, km, odds, looked = east - west, np.float32(least[0]), np.float32(least[1]), np.float32(least[2])
    for row in range(south, north):
        first, out = (row - south) * n, touched[row, west:east]
        for k in range(n):
            i = first + k
            out[k] = (abs(moved[i]) > km) | (abs(local[i]) > odds) | (looks[i] > looked)
