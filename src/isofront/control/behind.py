"""Where the map may run behind: how likely ground has gone over that the line says has not, by the reports about it.

The line moves as fast as its prior lets it. Where a front runs by kilometres in weeks and few report, reports stand far
past it that each say little, and the map would go on calling that ground held with all but certainty. Two cases are
weighed round every node of a lattice, over the reports in the ground of one side, with M of `falling` and fading:

    L(s) = Σ_i temper (e^(-age_i / memory) - e^-4) M(|s - x_i|) [ log P(k_i | depth = deep_km in the other's ground)
                                                                 - log E_field P(k_i | depth) ]
    P(gone over at s) = logistic(log-odds of pi(s) - depth(s) / (runs_km_day · days) + says · L(s))

pi, how much of a side's ground near the line is gone, is learned from the theatre itself by expectation maximisation,
over ten kilometres and more: where reports agree with the line it falls to nothing, and the map is as it was; where
they stand past the line in many places, ground that nobody reports from is doubted too, the deeper the less, since a
front has run only so far. Nothing is drawn otherwise for it: the side that holds ground is still the likelier one, grey
is as it was, and only how sure the map is of the holder changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, no_type_check

import msgspec
import numba as nb
import numpy as np
from jaxtyping import Float, Int
from scipy.ndimage import gaussian_filter
from scipy.special import logit, logsumexp

from isofront.control.classes import P_STEP, rounded, stepped_shares
from isofront.control.field import Field
from isofront.control.items import Batch
from isofront.control.kernel_sums import kernel_sums
from isofront.control.posterior import Posterior
from isofront.control.setting import Setting
from isofront.control.weigh import KINDS, N_CATEGORIES, NODE_WEIGHTS, NODES, Table
from isofront.evidence.report import Kind
from isofront.ground.lattice import Lattice, at_cells
from isofront.threads import each, one_blas_thread

BLOCK = 128
"""Cells along each side of a block."""
SHARE_STEP_KM = 4.0
"""The share of ground that is gone is learned at nodes this far apart."""
LOG_ODDS = np.linspace(-10.0, 10.0, 41)
"""What reports say of ground, in steps."""
WIDE_ENDS = 2.8
"""Its average ends at so many times its scale: far reports have no say."""
FORGOTTEN = 4.0
"""A report is forgotten after so many times the memory, bit by bit."""

Within = tuple[slice, slice]


class BehindTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales; km, days, natural logarithms. `usual` is the share of ground near an old map's line that is gone over.

    A front that runs is taken to come as deep as e^(-depth / (`runs_km_day` · days)) says.
    """

    memory_days: float = 30.0
    rho_km: float = 3.0
    reach_km: float = 12.0
    deep_km: float = 1.5
    soft_km: float = 1.0
    temper: float = 0.85
    says: float = 1.5
    usual: float = 0.02
    usual_days: float = 60.0
    pseudo: float = 2.0
    patch_km2: float = 64.0
    least_share: float = 1e-4
    most_share: float = 0.3
    wide_km: float = 12.0
    near_km: float = 10.0
    far_km: float = 20.0
    rounds: int = 12
    least: float = 0.003
    most: float = 0.45
    runs_km_day: float = 0.2


@dataclass(frozen=True, slots=True)
class Behind:
    """How likely ground has gone over to side 1 and to side 2.

    Log-odds next to the line at the nodes of the setting's lattice, as from each bank: they are smooth where
    probabilities are steep, so that it matters little where nodes lie.
    """

    setting: Setting
    odds: Float[np.ndarray, "2 banks ly lx"]
    depth_km: Float[np.ndarray, "ny nx"]
    days: float
    tuning: BehindTuning

    def gone(self, within: Within = (slice(None), slice(None))) -> Float[np.ndarray, "2 ny nx"]:
        """P(gone over) to each side in cells, less what is too little to be shown."""
        odds, used = self.setting.cells_of_banks(self.odds, within=within), self.tuning
        least_and_fading = (used.least, used.near_km, used.far_km)
        return np.asarray(_gone(odds, self.depth_km[within], _runs_km(self.days, used), least_and_fading))


def behind(posterior: Posterior, tuning: BehindTuning | None = None) -> Behind:
    """How likely the ground about the line of a day has gone over past it."""
    used, setting, days = tuning or BehindTuning(), posterior.model.setting, posterior.as_of
    lattice = setting.lattice
    with one_blas_thread():
        near = _near(posterior, used)
        batch, says = _told(posterior, used)
        odds = np.full((2, len(setting.banks), lattice.nx * lattice.ny), logit(usual_share(used, days)))
        for number, bank in enumerate(setting.banks):
            spots, places = setting.distance.lift(near.at_km, bank=bank), setting.distance.lift(batch.at_km)
            told = used.says * kernel_sums(spots, places, says, rho_km=(used.rho_km,) * 2, reach_km=used.reach_km)
            share = _shares(setting, near, told, bank=bank, days=days, tuning=used)
            odds[:, number, near.nodes] = logit(share) + told
    return Behind(setting, odds.reshape(2, -1, *lattice.shape), posterior.end.depth_km, days, used)


def usual_share(tuning: BehindTuning, days: float) -> float:
    """How much of the ground near a map's line is usually gone after so many days."""
    return max(tuning.usual * float(1 - np.exp(-days / tuning.usual_days)), tuning.least_share)


def reached(depth_km: Float[np.ndarray, "*n"], days: float, tuning: BehindTuning) -> Float[np.ndarray, "*n"]:
    """log P(a front that runs has come so deep in so many days), against next to the line."""
    return np.asarray(-np.abs(depth_km) / _runs_km(days, tuning))


def _runs_km(days: float, tuning: BehindTuning) -> float:
    return tuning.runs_km_day * max(days, 1.0)


def faded(depth_km: Float[np.ndarray, "*n"], tuning: BehindTuning) -> Float[np.ndarray, "*n"]:
    """1 near the line, 0 far from it."""
    return np.asarray(np.clip((tuning.far_km - np.abs(depth_km)) / (tuning.far_km - tuning.near_km), 0.0, 1.0))


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _gone(odds, depth, runs_km, least_and_fading):
    """`expit(odds + reached) * faded`, less the least that is shown; nothing far off."""
    least, near, far = least_and_fading
    out = np.zeros(odds.shape)
    for row in range(depth.shape[0]):
        for column in range(depth.shape[1]):
            deep = abs(depth[row, column])
            fading = min((far - deep) / (far - near), 1.0)
            if fading <= 0.0:
                continue
            for side in range(2):
                p = 1 / (1 + np.exp(deep / runs_km - odds[side, row, column]))
                out[side, row, column] = max(p - least, 0.0) / (1 - least) * fading
    return out


class _Near(NamedTuple):
    """Nodes about the line: which, where, how deep."""

    nodes: Int[np.ndarray, " m"]
    at_km: Float[np.ndarray, "m 2"]
    depth_km: Float[np.ndarray, " m"]


def _near(posterior: Posterior, tuning: BehindTuning) -> _Near:
    at_km = posterior.model.setting.lattice.nodes_km()
    depth = at_cells(posterior.model.grid, posterior.end.depth_km, at_km)
    nodes = np.flatnonzero(np.abs(depth) < tuning.far_km)
    return _Near(nodes, at_km[nodes], depth[nodes])


def _told(posterior: Posterior, tuning: BehindTuning) -> tuple[Batch, Float[np.ndarray, "2 n"]]:
    """Reports that tell, and how much more likely each is where its ground has gone over to side 1, and to side 2.

    Only one in the ground of the other side tells of it; next to the line it tells nothing, and a repost never. Some
    kinds are rare far from any line: who is seen so never speaks for the other side all the same, nor against its own.
    """
    today, grid, table, held = posterior.as_of, posterior.model.grid, posterior.windows[-1].table, posterior.batch
    speaks = (held.category >= 0) & (held.category < N_CATEGORIES) & (held.happened_days >= 0) & (held.weight >= 1.0)
    recent = (held.happened_days > today - FORGOTTEN * tuning.memory_days) & (held.happened_days < today + 1.0)
    batch = held.where(speaks & recent)
    depth = at_cells(grid, posterior.end.depth_km, batch.at_km)
    doubt = np.sqrt(np.maximum(at_cells(grid, posterior.end.variance_km2, batch.at_km), 1e-4))
    age, before = np.maximum(today - batch.happened_days, 0.0), _expected(table, batch, depth, doubt)
    counts = tuning.temper * (np.exp(-age / tuning.memory_days) - np.exp(-FORGOTTEN)) * faded(depth, tuning)
    shown, says = _shown(batch), []
    for side in (1.0, -1.0):
        there = table.at(batch.category, np.full(len(batch), side * tuning.deep_km))
        told = np.where(shown == side, np.maximum(there - before, 0.0), np.minimum(there - before, 0.0))
        says.append(counts * np.clip(-side * depth / tuning.soft_km, 0.0, 1.0) * told)
    return batch, np.stack(says)


def _shown(batch: Batch) -> Float[np.ndarray, " n"]:
    """For whom each report may speak, 1 or -1: the side that was there, or the other where one left."""
    left = batch.category // 4 == KINDS.index(Kind.LEFT)
    return np.where((batch.category // 2 % 2 == 0) != left, 1.0, -1.0)


def _expected(
    table: Table, batch: Batch, depth_km: Float[np.ndarray, " n"], doubt_km: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """log E P(k | depth) under the field's own Gaussian."""
    spread = depth_km[:, None] + doubt_km[:, None] * NODES
    return np.asarray(logsumexp(table.at(batch.category[:, None], spread), b=NODE_WEIGHTS, axis=1))


def _shares(
    setting: Setting,
    near: _Near,
    told: Float[np.ndarray, "2 m"],
    *,
    bank: int | None,
    days: float,
    tuning: BehindTuning,
) -> Float[np.ndarray, "2 m"]:
    """pi about each node, on one bank: the likeliest share of ground near the line that is gone, for all of it alike.

    Of each side's ground by itself: what one side takes must not make its own ground doubted. Expectation maximisation
    at wide nodes, each by itself, over how much ground says how much (`LOG_ODDS`), so what is beyond the average's
    reach has no say through others. Nodes of a patch say one thing together, so patches are what is counted beside
    `pseudo` usual ones.
    """
    lattice = Lattice.over(setting.grid, step_km=max(SHARE_STEP_KM, setting.grid.cell_km))
    about, steps, usual = _Shared.of(lattice, near.at_km), tuning.wide_km / lattice.step_km, usual_share(tuning, days)
    here = faded(near.depth_km, tuning) * np.exp(reached(near.depth_km, days, tuning))
    patches = here * setting.on_bank(near.at_km, bank) * (setting.lattice.step_km**2 / tuning.patch_km2)
    patches *= 2 * np.pi * steps**2
    owned = near.depth_km < 0, near.depth_km > 0
    ground = np.stack([about.laid(patches * of, says) for of, says in zip(owned, told, strict=True)])
    spread = gaussian_filter(ground, (0, 0, steps, steps), mode="constant", truncate=WIDE_ENDS)
    by_node = np.ascontiguousarray(np.moveaxis(spread, 1, -1))
    share = _likeliest(by_node, usual, (tuning.least_share, tuning.most_share), tuning.pseudo, tuning.rounds)
    return np.stack([about.read(one) for one in share])


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _likeliest(ground, usual, ends, pseudo, rounds):
    """The share of each node's ground that is gone, of how much says how much: expectation maximisation."""
    ratio, share = np.exp(LOG_ODDS), np.full(ground.shape[:-1], usual)
    for node in np.ndindex(share.shape):
        said, at = ground[node], share[node]
        seen = said.sum()
        if seen == 0.0:
            continue
        for _ in range(rounds):
            gone = (said * (at * ratio / (1.0 - at + at * ratio))).sum()
            at = min(max((gone + usual * pseudo) / (seen + pseudo), ends[0]), ends[1])
        share[node] = at
    return share


class _Shared(NamedTuple):
    """Spots between the nodes of a lattice: the four about each, and its part of each."""

    shape: tuple[int, int]
    nodes: Int[np.ndarray, "4 m"]
    parts: Float[np.ndarray, "4 m"]

    @classmethod
    def of(cls, lattice: Lattice, at_km: Float[np.ndarray, "m 2"]) -> _Shared:
        east, north = ((at_km - (lattice.west_km, lattice.south_km)) / lattice.step_km).T
        column = np.clip(np.floor(east).astype(np.int64), 0, lattice.nx - 2)
        row = np.clip(np.floor(north).astype(np.int64), 0, lattice.ny - 2)
        x, y = np.clip(east - column, 0.0, 1.0), np.clip(north - row, 0.0, 1.0)
        first = row * lattice.nx + column
        nodes = np.stack([first, first + 1, first + lattice.nx, first + lattice.nx + 1])
        return cls(lattice.shape, nodes, np.stack([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y]))

    def laid(self, values: Float[np.ndarray, " m"], says: Float[np.ndarray, " m"]) -> Float[np.ndarray, "odds ry rx"]:
        """Values of spots summed at nodes, by what is said there (log-odds)."""
        place = (np.clip(says, LOG_ODDS[0], LOG_ODDS[-1]) - LOG_ODDS[0]) / (LOG_ODDS[1] - LOG_ODDS[0])
        low = np.minimum(place.astype(np.int64), len(LOG_ODDS) - 2)
        size, part = self.shape[0] * self.shape[1], place - low
        out = np.zeros(len(LOG_ODDS) * size)
        for more, one in ((0, 1 - part), (1, part)):
            where = (low + more) * size + self.nodes
            out += np.bincount(where.ravel(), (self.parts * values * one).ravel(), len(out))
        return out.reshape(len(LOG_ODDS), *self.shape)

    def read(self, surface: Float[np.ndarray, "ry rx"]) -> Float[np.ndarray, " m"]:
        """A surface at the spots."""
        return np.asarray((self.parts * surface.ravel()[self.nodes]).sum(axis=0))


def unsure(field: Field, found: Behind) -> None:
    """Make a field, in its own arrays, less sure of ground that may have gone over: a part of it is the other side's.

    Who is the likelier holder stays, and so does grey: what lies between the sides is told by where each was seen.
    """
    grid = field.grid
    rows, columns = range(0, grid.ny, BLOCK), range(0, grid.nx, BLOCK)
    blocks = [(slice(row, row + BLOCK), slice(column, column + BLOCK)) for row in rows for column in columns]
    near = [within for within in blocks if (np.abs(found.depth_km[within]) < found.tuning.far_km).any()]

    def fill(within: Within) -> None:
        gone, at = found.gone(within), (slice(None), *within)
        here = field.p_held[at], field.p_grey[within], field.control[at], field.p_present[at]
        _unsure(gone, found.tuning.most, *here)

    for _ in each(fill, near):
        pass


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _unsure(gone, most, held, grey, control, present):  # noqa: PLR0917 - numba takes no keywords
    """Cells in place: a part of what is held is the other side's, too little to make it the likelier holder."""
    for row in range(grey.shape[0]):
        for column in range(grey.shape[1]):
            p = np.float64(control[0, row, column])
            part = _part(p, gone[0, row, column], gone[1, row, column], most)
            if part < P_STEP:
                continue
            loser = 1 if p < 0.5 else 0
            theirs, ours = np.float64(held[loser, row, column]), np.float64(held[1 - loser, row, column])
            moved = theirs * _kept_the_larger(part, theirs, ours, most)
            one, two = (ours + moved, theirs - moved) if loser == 1 else (theirs - moved, ours + moved)
            one, unheld, two = stepped_shares(one, two)
            held[0, row, column], grey[row, column], held[1, row, column] = one, unheld, two
            inside = min(max(rounded(p * (1 - part) + (part if loser == 1 else 0.0)), one), one + unheld)
            control[0, row, column], control[1, row, column] = inside, 1 - inside
            present[0, row, column] = max(present[0, row, column], one)
            present[1, row, column] = max(present[1, row, column], two)


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _part(p, to_first, to_second, most):
    """The part of the likelier holder's ground that has gone over, of control `p` of side 1."""
    holder, gained = max(p, 1 - p), to_first * (1 - p) - to_second * p
    return min((gained if p < 0.5 else -gained) / holder, 1 - _least(holder, most) / holder)


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _kept_the_larger(part, theirs, ours, most):
    """What of a part may go over so that the holder stays the larger, and above a half where it was: less near both."""
    if theirs <= ours:
        return 0.0
    part = min(part, (theirs - ours) / (2 * theirs))
    return min(part, 1 - _least(theirs, most) / theirs if theirs >= 0.5 else 4 * (0.5 - theirs) ** 2)


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _least(p, most):
    """What of a probability above a half must stay: 1 - `most` of all, and next to a half nearly what it was."""
    above, soft = p - 0.5, (0.5 - most) / (2 * most)
    return 0.5 + above * soft / (above + soft)
