"""What a posterior shows in every cell: who holds it, grey and why, who is there, what went unseen or untouched.

Sums over reports are taken at lattice nodes, once; the rest is worked out block by block in single precision, so that
what is in work stays in the processor's cache and memory holds little more than the answer. Far from the line, where no
report is near, the answer depends on how far alone: it is worked out once for every ten metres of depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Float32
from isofront.control.acted import Acted
from isofront.control.classes import ClassNumbers
from isofront.control.field import Field
from isofront.control.link import LinkNumbers
from isofront.control.loud import MISSED, ROAMED, SPARED, Axes, Latent, Nodes, Numbers, Place, Shown, fill
from isofront.control.observing import Conditions, Watching, watching
from isofront.control.posterior import Posterior
from isofront.control.presence import PresenceNumbers, Traces, traces
from isofront.control.quiet import DEPTH_STEP_KM, all_deep, nobody_heard, read_off
from isofront.control.redistancing import LIMIT_KM
from isofront.ground.grid import Grid, Within
from isofront.kept_code import njit
from isofront.threads import each, one_blas_thread, side_by_side

BLOCK = 128
"""Cells along each side of a block."""
TOGETHER = 8
"""Cells along each side of the squares in which cells are gone through where neighbours are likely to be alike."""
LEAST_KM2 = 1e-4


def show(posterior: Posterior, sides: tuple[str, str], given: Conditions | None = None) -> Field:
    """Probabilities for every cell; `given` is what decided whether anything could be seen (None: nothing is known)."""
    with one_blas_thread():
        source = _Source.of(posterior, sides, given or Conditions())
        loud, quiet = _parted(source)
        whole = _empty(posterior.model.grid, sides)
        for _ in each(partial(_fill, source, whole), loud):
            pass
        for _ in each(partial(_fill_quiet, source, _by_depth(source), whole), quiet):
            pass
    return whole


@dataclass(frozen=True, slots=True)
class _Source:
    """What cells are worked out from: the posterior, what is known at lattice nodes, and where reports acted.

    The `latent` is that of all cells, but for what each block must be told of its own.
    """

    posterior: Posterior
    sides: tuple[str, str]
    axes: Axes
    nodes: Nodes
    latent: Latent
    numbers: Numbers
    acted: Acted

    @classmethod
    def of(cls, posterior: Posterior, sides: tuple[str, str], given: Conditions) -> _Source:
        there, seen = side_by_side(lambda: _heard(posterior, given), lambda: _watched(posterior, given))
        windows = [window for chain in posterior.chains for window in chain.windows]
        acted = posterior.model.setting.distance.lift(np.concatenate([window.batch.at_km for window in windows]))
        axes, nodes = _axes(posterior.model.grid, seen), _nodes(posterior, there, seen)
        numbers = _numbers(posterior, there, seen)
        return cls(posterior, sides, axes, nodes, _latent(posterior), numbers, Acted.of(acted))

    def latent_in(self, within: Within) -> Latent:
        """The latent as a block is told it."""
        return self.latent._replace(prior_km=np.ascontiguousarray(self.posterior.prior_km(within), float))


def _heard(posterior: Posterior, given: Conditions) -> Traces:
    return traces(
        posterior.model.setting,
        posterior.windows[-1].table,
        posterior.end.depth_km,
        posterior.batch,
        today=posterior.as_of,
        tuning=posterior.model.config.presence,
        given=given,
    )


def _watched(posterior: Posterior, given: Conditions) -> Watching:
    setting = posterior.model.setting
    return watching(
        setting.grid,
        setting.fine,
        posterior.batch,
        posterior.end.depth_km,
        as_of=posterior.as_of,
        given=given,
        tuning=posterior.model.config.observing,
    )


def _axes(grid: Grid, seen: Watching) -> Axes:
    """How the rows and columns of cells lie among nodes."""
    lattice = seen.lattice
    rows, by_row = lattice.taps(grid.north_km, lattice.south_km, lattice.ny)
    columns, by_column = lattice.taps(grid.east_km, lattice.west_km, lattice.nx)
    return Axes(rows, _float32(by_row), columns, _float32(by_column), *seen.nodes_of(grid))


def _nodes(posterior: Posterior, there: Traces, seen: Watching) -> Nodes:
    """What is known at nodes of the fine lattice, in single precision."""
    setting, spared = posterior.model.setting, posterior.end.spared.km
    roamed = np.stack([chain.windows[-1].roamed_km2() for chain in posterior.chains])
    spared, roamed = (setting.lattice.on_axes(_float32(one), *setting.fine.axes_km) for one in (spared, roamed))
    surfaces = np.empty((ROAMED + len(roamed), *there.sums.shape[1:]), np.float32)
    surfaces[:SPARED], surfaces[SPARED:MISSED], surfaces[MISSED] = there.sums, spared, seen.missed
    surfaces[ROAMED:] = roamed[:, None]
    return Nodes(surfaces, _float32(seen.last_look_days))


def _numbers(posterior: Posterior, there: Traces, seen: Watching) -> Numbers:
    """What has been tuned, as the compiled pass reads it."""
    model, link = posterior.model, posterior.model.config.link
    return Numbers(
        LinkNumbers.of(link),
        PresenceNumbers.of(there.tuning, there.usual_km, posterior.as_of),
        ClassNumbers.of(there.tuning, model.anchored.drawn),
        seen.watched_km,
        model.anchored.drawn,
        (link.touched_km, link.touched_odds, link.touched_looks),
    )


def _latent(posterior: Posterior) -> Latent:
    """The latent of all cells, in arrays of one kind; without what blocks are told of their own."""
    none, grey = np.zeros((0, 0)), posterior.model.anchored.grey_km
    say = none if posterior.slow is None else posterior.slow.in_cells
    told = posterior.end.depth_km, posterior.end.variance_km2, say, none if grey is None else grey
    depth, variance, say, old_grey = (np.ascontiguousarray(one, float) for one in told)
    return Latent(depth, variance, say, old_grey, none)


def _blocks(grid: Grid) -> Iterator[Within]:
    """Rows and columns of blocks that cover the grid, in a fixed order."""
    for row in range(0, grid.ny, BLOCK):
        for column in range(0, grid.nx, BLOCK):
            yield slice(row, min(row + BLOCK, grid.ny)), slice(column, min(column + BLOCK, grid.nx))


def _parted(source: _Source) -> tuple[list[Within], list[Within]]:
    """Blocks to work out in full, and those to read off by depth, as long strips of neighbours on one side."""
    blocks = list(_blocks(source.posterior.model.grid))
    depth = source.posterior.end.depth_km
    loud: list[Within] = []
    quiet: list[Within] = []
    for (rows, columns), is_quiet in zip(blocks, each(partial(_is_quiet, source), blocks), strict=True):
        last = quiet[-1] if quiet else None
        if not is_quiet:
            loud.append((rows, columns))
        elif last and last[0] == rows and last[1].stop == columns.start and _alike(depth, rows, last[1], columns):
            quiet[-1] = rows, slice(last[1].start, columns.stop)
        else:
            quiet.append((rows, columns))
    return loud, quiet


def _alike(depth_km: Float[np.ndarray, "ny nx"], rows: slice, one: slice, other: slice) -> bool:
    """Whether quiet blocks of the same rows lie on the same side."""
    return bool(depth_km[rows.start, one.start] * depth_km[rows.start, other.start] > 0)


def _place(source: _Source, within: Within) -> Place:
    """Where a block lies, and the banks of its cells."""
    bank_of, place = source.posterior.model.setting.bank_of, _place_of(within)
    return place if bank_of is None else place._replace(banks=bank_of[within].astype(np.int64))


def _place_of(within: Within) -> Place:
    """Where a part lies."""
    rows, columns = within
    return Place(rows.start, rows.stop, columns.start, columns.stop, np.zeros((0, 0), np.int64))


def _touched(source: _Source, whole: Field, within: Within) -> None:
    """Of cells that reports moved or where somebody was heard of or looked, keep those near one that acted.

    Others nobody looked at.
    """
    posterior, here, grid = source.posterior, whole.touched[within], whole.grid.part(*within)
    cells, spots = _listed(here, grid.east_km, grid.north_km)
    near = source.acted.near(posterior.model.setting.distance.lift(spots), posterior.model.config.link.touched_near_km)
    here[cells[:, 0], cells[:, 1]] = near


@njit(cache=True, nogil=True)
@no_type_check
def _listed(marked, east, north):
    """Marked cells as rows and columns, and their centres; neighbours come together."""
    cells, spots, n = np.empty((marked.size, 2), np.int64), np.empty((marked.size, 2)), 0
    for south in range(0, marked.shape[0], TOGETHER):
        for west in range(0, marked.shape[1], TOGETHER):
            for row in range(south, min(south + TOGETHER, marked.shape[0])):
                for column in range(west, min(west + TOGETHER, marked.shape[1])):
                    if marked[row, column]:
                        cells[n, 0], cells[n, 1], spots[n, 0], spots[n, 1] = row, column, east[column], north[row]
                        n += 1
    return cells[:n], spots[:n]


def _by_depth(source: _Source) -> dict[bool, Field]:
    """The answer where nobody was heard of, at every step of depth up to the limit, by whether it is side 1's."""
    depth = np.arange(round(LIMIT_KM / DEPTH_STEP_KM) + 1) * DEPTH_STEP_KM
    grid = replace(source.posterior.model.grid, nx=len(depth), ny=1)
    zeros, nodes = np.zeros(grid.shape), _silent()
    old_grey = zeros - LIMIT_KM if source.latent.old_grey_km.size else source.latent.old_grey_km
    first, only = np.zeros(len(depth), np.int64), np.zeros(1, np.int64)
    axes = Axes(only, np.zeros((4, 1), np.float32), first, np.zeros((4, len(depth)), np.float32), only, first)
    place = Place(0, 1, 0, len(depth), np.zeros((0, 0), np.int64))
    found = {}
    for is_first, sign in ((True, 1.0), (False, -1.0)):
        found[is_first] = _empty(grid, source.sides)
        deep = sign * depth[None]
        latent = Latent(deep, zeros + LEAST_KM2, np.zeros((0, 0)), old_grey, deep)
        fill(place, axes, latent, nodes, source.numbers, _arrays(found[is_first]))
    return found


def _silent() -> Nodes:
    """Nodes about which nobody was heard of."""
    surfaces = np.zeros((ROAMED + 1, 1, 4, 4), np.float32)
    return Nodes(surfaces, surfaces[0, 0])


def _is_quiet(source: _Source, within: Within) -> bool:
    """Whether a block lies far from the line, beyond doubt, where no report acted and nobody was heard of of late."""
    model, corner = source.posterior.model, source.latent.depth_km[within[0].start, within[1].start]
    near_km, link = model.config.presence.near_km, model.config.link
    if abs(corner) < near_km or source.acted.about(model.grid.part(*within), link.touched_near_km):
        return False
    place = _place_of(within)
    if not nobody_heard(place, source.axes, source.nodes):
        return False
    return bool(all_deep(place, source.latent_in(within), near_km, link.touched_km))


def _empty(grid: Grid, sides: tuple[str, str]) -> Field:
    def room(*sizes: int) -> Float32[np.ndarray, ...]:
        return np.empty((*sizes, *grid.shape), np.float32)

    return Field(
        grid, sides, room(2), room(), room(2), room(2), room(), np.empty(grid.shape, np.uint8),
        np.empty(grid.shape, bool), last_look_days=room(),
    )  # fmt: skip


def _fill(source: _Source, whole: Field, within: Within) -> None:
    """Write a part of the whole, worked out in full."""
    link = source.posterior.model.config.link
    latent = source.latent_in(within)
    fill(_place(source, within), source.axes, latent, source.nodes, source.numbers, _arrays(whole))
    if source.acted.about(source.posterior.model.grid.part(*within), link.touched_near_km):
        _touched(source, whole, within)
    else:
        whole.touched[within] = False


def _arrays(whole: Field) -> Shown:
    """What is written to."""
    assert whole.last_look_days is not None
    return Shown(
        whole.p_held, whole.p_grey, whole.control, whole.p_present, whole.unobserved, whole.grey_reason, whole.touched,
        whole.last_look_days,
    )  # fmt: skip


def _fill_quiet(source: _Source, known: dict[bool, Field], whole: Field, within: Within) -> None:
    """Write a quiet part of the whole, read off by depth."""
    place, numbers = _place_of(within), source.numbers
    of_side = _arrays(known[bool(source.latent.depth_km[place.south, place.west] > 0)])
    read_off(place, source.axes, source.latent, source.nodes, numbers.watched_km, of_side, _arrays(whole))


def _float32(values: Float[np.ndarray, "*n"] | list[Float[np.ndarray, ...]]) -> Float32[np.ndarray, "*n"]:
    return np.asarray(values, np.float32)
