"""What a posterior shows in every cell: who holds it, grey and why, who is there, what went unseen or untouched.

Sums over reports are taken at lattice nodes, once; the rest is worked out block by block in single precision, so that
what is in work stays in the processor's cache and memory holds little more than the answer. Far from the line, where no
report is near, the answer depends on how far alone: it is worked out once for every ten metres of depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import NamedTuple, no_type_check

import numba as nb
import numpy as np
from jaxtyping import Bool, Float, Float32, Int

from isofront.control.acted import Acted
from isofront.control.classes import classes, rounded
from isofront.control.field import Field
from isofront.control.grey_reason import grey_reasons
from isofront.control.link import Link, p_inside, sloped, standing
from isofront.control.observing import Conditions, Watched, Watching, watching
from isofront.control.posterior import Posterior
from isofront.control.presence import Presence, Traces, grey_odds, traces
from isofront.control.quiet import DEPTH_STEP_KM, all_deep, read_off
from isofront.control.redistancing import LIMIT_KM
from isofront.control.spared import NEAR_KM
from isofront.ground.grid import Grid
from isofront.threads import each, one_blas_thread, side_by_side

BLOCK = 128
"""Cells along each side of a block."""
TOGETHER = 8
"""Cells along each side of the squares in which cells are gone through where neighbours are likely to be alike."""
LEAST_KM2 = 1e-4
LEAST_SPARED_KM = 2e-3
"""By less than this no side's ground counts as drawn nearer by its own reports."""
SIGNS = np.array([1, -1], np.float32)
"""Depth grows into side 1's ground."""

Within = tuple[slice, slice]


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
    """What cells are worked out from: the posterior, sums at lattice nodes, and where reports acted."""

    posterior: Posterior
    sides: tuple[str, str]
    there: Traces
    watching: Watching
    roamed_km2: Float32[np.ndarray, "chains ly lx"]
    spared_km: Float32[np.ndarray, "2 banks ly lx"]
    acted: Acted

    @classmethod
    def of(cls, posterior: Posterior, sides: tuple[str, str], given: Conditions) -> _Source:
        model, setting, depth = posterior.model, posterior.model.setting, posterior.end.depth_km
        look = partial(
            watching,
            setting.grid,
            setting.lattice,
            posterior.batch,
            depth,
            as_of=posterior.as_of,
            given=given,
            tuning=model.config.observing,
        )
        hear = partial(
            traces,
            setting,
            posterior.windows[-1].table,
            depth,
            posterior.batch,
            today=posterior.as_of,
            tuning=model.config.presence,
            given=given,
        )
        there, seen = side_by_side(hear, look)
        windows = [window for chain in posterior.chains for window in chain.windows]
        acted = setting.distance.lift(np.concatenate([window.batch.at_km for window in windows]))
        there, seen = replace(there, sums=_float32(there.sums)), replace(seen, missed=_float32(seen.missed))
        return cls(
            posterior,
            sides,
            there,
            seen,
            _float32(np.stack([chain.windows[-1].roamed_km2() for chain in posterior.chains])),
            _float32(posterior.end.spared.km),
            Acted.of(acted),
        )

    def heard_of(self, within: Within) -> bool:
        """Whether any sum over reports reaches into a block."""
        lattice, grid = self.there.setting.lattice, self.posterior.model.grid.part(*within)
        west, south, east, north = grid.box_km
        rows, columns = lattice.reach(south, north, lattice.south_km), lattice.reach(west, east, lattice.west_km)
        return bool(self.there.sums[..., rows, columns].any())


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


def _shown(source: _Source, within: Within) -> Field:
    """The field in some rows and columns."""
    here = _Here.of(source, within)
    there, seen = source.there.cells(within), source.watching.cells(here.grid, here.depth_km)
    quick, *slow = source.posterior.model.setting.lattice.to_cells(source.roamed_km2, here.grid)
    roamed = quick if not slow else _float32(quick + source.posterior.say(within) * (slow[0] - quick))
    return replace(_told(source, here, there, seen, roamed), touched=_touched(source, there, here))


def _told(
    source: _Source, here: _Here, there: Presence, seen: Watched, roamed_km2: Float32[np.ndarray, "ny nx"]
) -> Field:
    """The field from what lies in its cells; nothing touched."""
    model = source.posterior.model
    odds = _grey_odds(source.posterior, there, here)
    stood = _stood(here, model.config.link)
    control, drawn = _control(source, here, roamed_km2, stood), model.anchored.drawn
    own = tuple(_own(source, there, here, roamed_km2, _Known(control, odds, stood)))
    found = classes(control, odds, own, there, model.config.presence, drawn=drawn)
    return Field(
        here.grid,
        source.sides,
        found.held,
        found.grey,
        found.control,
        found.present,
        _float32(rounded(np.clip(seen.unobserved, 0, 1))),
        grey_reasons(found.held, there, seen.unobserved),
        np.zeros(here.depth_km.shape, bool),
        last_look_days=_float32(seen.last_look_days),
    )


@dataclass(frozen=True, slots=True)
class _Here:
    """The latent in some cells: depth, what it would be without reports, how far they moved it, variance; old grey.

    `spared_km` is how much deeper each side's ground would be without what its own reports took from it.
    """

    grid: Grid
    old_grey_km: Float32[np.ndarray, "ny nx"] | None
    depth_km: Float32[np.ndarray, "ny nx"]
    prior_km: Float32[np.ndarray, "ny nx"]
    moved_km: Float32[np.ndarray, "ny nx"]
    variance_km2: Float32[np.ndarray, "ny nx"]
    spared_km: Float32[np.ndarray, "2 ny nx"] | None = None

    @classmethod
    def of(cls, source: _Source, within: Within) -> _Here:
        end, prior = source.posterior.end, source.posterior.prior_km(within)
        depth, grey = end.depth_km[within], source.posterior.model.anchored.grey_km
        numbers = (_float32(one) for one in (depth, prior, depth - prior, end.variance_km2[within]))
        old_grey = None if grey is None else _float32(grey[within])
        depth, prior, moved, variance = numbers
        spared = _float32(source.posterior.model.setting.cells_of_banks(source.spared_km, within=within))
        return cls(source.posterior.model.grid.part(*within), old_grey, depth, prior, moved, variance, spared)

    def some(self, cells: Int[np.ndarray, " n"]) -> _Here:
        """The latent in some of the cells (flat numbers), as a row."""
        old = None if self.old_grey_km is None else _of(self.old_grey_km, cells)
        numbers = self.depth_km, self.prior_km, self.moved_km, self.variance_km2
        return _Here(replace(self.grid, nx=len(cells), ny=1), old, *(_of(one, cells) for one in numbers))


class _Known(NamedTuple):
    """Of some cells: control, the odds of grey past each side's line, and control if the line stands."""

    control: Float32[np.ndarray, "ny nx"]
    odds: Float32[np.ndarray, "2 ny nx"]
    stood: Float32[np.ndarray, "ny nx"]


def _stood(here: _Here, link: Link) -> Float32[np.ndarray, "ny nx"]:
    """P(inside side 1's ground) where the line is still the anchor's."""
    return p_inside(here.prior_km, np.zeros_like(here.prior_km), link, blur_km=link.stand_blur_km)


def _control(
    source: _Source,
    here: _Here,
    roamed_km2: Float32[np.ndarray, "ny nx"],
    stood: Float32[np.ndarray, "ny nx"],
) -> Float32[np.ndarray, "ny nx"]:
    """P(inside side 1's ground as the maker draws it): where the line stands (`stood`), and where it has moved."""
    link = source.posterior.model.config.link
    stands = standing(here.moved_km, here.variance_km2, roamed_km2, link)
    new = p_inside(here.depth_km, here.variance_km2, link, blur_km=link.blur_km)
    return _float32(sloped(np.asarray(stands * stood + (1 - stands) * new), link.slope))


def _grey_odds(posterior: Posterior, there: Presence, here: _Here) -> Float32[np.ndarray, "2 ny nx"]:
    """For each side, the log-odds of grey in the other's ground by the maker's line."""
    return np.stack([_odds_past(posterior, there, here, side) for side in (0, 1)])


def _odds_past(posterior: Posterior, there: Presence, here: _Here, side: int) -> Float32[np.ndarray, "ny nx"]:
    """The log-odds of grey past the line of a side."""
    model = posterior.model
    return grey_odds(
        there,
        -SIGNS[side] * here.depth_km,
        side=side,
        old_grey_km=here.old_grey_km if side == model.anchored.drawn else None,
        age_days=posterior.as_of,
        tuning=model.config.presence,
    )


def _own(
    source: _Source, there: Presence, here: _Here, roamed_km2: Float32[np.ndarray, "ny nx"], known: _Known
) -> Iterator[tuple[Float32[np.ndarray, "ny nx"], Float32[np.ndarray, "ny nx"]]]:
    """For each side, control and the odds past its line had none of its own reports drawn its line nearer."""
    for side, sign in enumerate(SIGNS):
        control, odds, by = known.control, known.odds[side], here.spared_km
        some = None if by is None else np.flatnonzero((by[side] > LEAST_SPARED_KM) & (np.abs(here.depth_km) < NEAR_KM))
        if by is not None and some is not None and len(some):
            control, odds, lift = control.copy(), odds.copy(), sign * by[side].ravel()[some]
            part = here.some(some)
            then = replace(part, depth_km=part.depth_km + lift, moved_km=part.moved_km + lift)
            heard = _heard(there, some)
            control.ravel()[some] = _control(source, then, _of(roamed_km2, some), _of(known.stood, some))
            odds.ravel()[some] = _odds_past(source.posterior, heard, then, side)
        yield control, odds


def _heard(there: Presence, cells: Int[np.ndarray, " n"]) -> Presence:
    """What the odds of grey read of presence, in some cells (flat numbers), as a row; the rest of it is 0."""
    none = np.zeros((2, 1, len(cells)), np.float32)
    looks, seen, reach = (_of(one, cells) for one in (there.looks, there.seen, there.reach_km))
    return Presence(none[0], looks, seen, reach, none, none)


def _of(surface: Float32[np.ndarray, "*k ny nx"], cells: Int[np.ndarray, " n"]) -> Float32[np.ndarray, "*k 1 n"]:
    """A surface in some cells (flat numbers), as a row of cells."""
    return np.ascontiguousarray(surface.reshape(*surface.shape[:-2], 1, -1)[..., cells])


def _touched(source: _Source, there: Presence, here: _Here) -> Bool[np.ndarray, "ny nx"]:
    """Cells that reports moved or where somebody was heard of or looked, no farther than a reach from one that acted.

    Others nobody looked at.
    """
    posterior, link, grid = source.posterior, source.posterior.model.config.link, here.grid
    touched = np.zeros(here.moved_km.shape, bool)
    if not source.acted.about(grid, link.touched_near_km):
        return touched
    least = link.touched_km, link.touched_odds, link.touched_looks
    cells, spots = _moved(here.moved_km, there.local, there.looks, least, grid.east_km, grid.north_km)
    touched.ravel()[cells] = source.acted.near(posterior.model.setting.distance.lift(spots), link.touched_near_km)
    return touched


@nb.njit(cache=True, nogil=True)
@no_type_check
def _moved(moved, local, looks, least, east, north):  # noqa: PLR0917 - numba takes no keywords
    """Cells that were moved, heard of or looked at, as flat numbers, and their centres; neighbours come together."""
    cells, spots, n = np.empty(moved.size, np.int64), np.empty((moved.size, 2)), 0
    for south in range(0, moved.shape[0], TOGETHER):
        for west in range(0, moved.shape[1], TOGETHER):
            for row in range(south, min(south + TOGETHER, moved.shape[0])):
                for column in range(west, min(west + TOGETHER, moved.shape[1])):
                    here = row, column
                    if abs(moved[here]) > least[0] or abs(local[here]) > least[1] or looks[here] > least[2]:
                        cells[n], spots[n, 0], spots[n, 1] = row * moved.shape[1] + column, east[column], north[row]
                        n += 1
    return cells[:n], spots[:n]


def _by_depth(source: _Source) -> dict[bool, Field]:
    """The answer where nobody was heard of, at every step of depth up to the limit, by whether it is side 1's."""
    depth = np.arange(round(LIMIT_KM / DEPTH_STEP_KM) + 1) * DEPTH_STEP_KM
    zeros, nobody = np.zeros((1, len(depth)), np.float32), _nobody_heard_of(source.there)
    wide = ((one, (*one.shape[:-1], len(depth))) for one in nobody)
    there = Presence(*(np.ascontiguousarray(np.broadcast_to(one, shape)) for one, shape in wide))
    seen = Watched(zeros, zeros)
    grid = replace(source.posterior.model.grid, nx=len(depth), ny=1)
    old_grey = None if source.posterior.model.anchored.grey_km is None else zeros - np.float32(LIMIT_KM)
    found = {}
    for first, sign in ((True, 1.0), (False, -1.0)):
        deep = _float32(sign * depth[None])
        here = _Here(grid, old_grey, deep, deep, zeros, zeros + LEAST_KM2)
        found[first] = _told(source, here, there, seen, zeros + LEAST_KM2)
    return found


def _nobody_heard_of(there: Traces) -> list[Float32[np.ndarray, ...]]:
    """What presence is in a cell that no report reaches: its arrays, in their order."""
    cell = replace(there, sums=np.zeros_like(there.sums)).cells((slice(1), slice(1)))
    return [_float32(getattr(cell, one.name)) for one in fields(cell)]


def _is_quiet(source: _Source, within: Within) -> bool:
    """Whether a block lies far from the line, beyond doubt, where no report acted and nobody was heard of of late."""
    posterior, tuning, link = (
        source.posterior,
        source.posterior.model.config.presence,
        source.posterior.model.config.link,
    )
    depth, grey = posterior.end.depth_km[within], posterior.model.anchored.grey_km
    if abs(depth[0, 0]) < tuning.near_km:
        return False
    prior, variance = posterior.prior_km(within), posterior.end.variance_km2[within]
    return bool(
        all_deep(depth, prior, variance, near_km=tuning.near_km, touched_km=link.touched_km)
        and (grey is None or grey[within].max() <= -tuning.near_km)
        and not source.acted.about(posterior.model.grid.part(*within), link.touched_near_km)
        and not source.heard_of(within)
    )


ARRAYS = (
    "p_held", "p_grey", "control", "p_present", "unobserved", "grey_reason", "touched", "last_look_days",
)  # fmt: skip


def _empty(grid: Grid, sides: tuple[str, str]) -> Field:
    def room(*sizes: int) -> Float32[np.ndarray, ...]:
        return np.empty((*sizes, *grid.shape), np.float32)

    return Field(
        grid, sides, room(2), room(), room(2), room(2), room(), np.empty(grid.shape, np.uint8),
        np.empty(grid.shape, bool), last_look_days=room(),
    )  # fmt: skip


def _fill(source: _Source, whole: Field, within: Within) -> None:
    """Write a part of the whole, worked out in full."""
    part = _shown(source, within)
    for name in ARRAYS:
        getattr(whole, name)[..., within[0], within[1]] = getattr(part, name)


def _fill_quiet(source: _Source, known: dict[bool, Field], whole: Field, within: Within) -> None:
    """Write a quiet part of the whole, read off by depth."""
    depth, grid = source.posterior.end.depth_km[within], source.posterior.model.grid.part(*within)
    read_off(known[bool(depth[0, 0] > 0)], depth, source.watching, whole, grid=grid, within=within)


def _float32(values: Float[np.ndarray, "*n"] | list[Float[np.ndarray, ...]]) -> Float32[np.ndarray, "*n"]:
    return np.asarray(values, np.float32)
