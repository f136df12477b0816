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

import msgspec
import numpy as np

from isofront.arrays import Float, Int
from isofront.control.cells_unsure import unsure_cells
from isofront.control.expecting import log_expected
from isofront.control.field import Field
from isofront.control.gone import Learning, Reach, learned_odds
from isofront.control.posterior import Posterior
from isofront.control.round_nodes import sums_round
from isofront.control.setting import Setting
from isofront.control.weigh import KINDS, N_CATEGORIES
from isofront.evidence.report import Kind
from isofront.ground.grid import Within
from isofront.ground.lattice import Lattice, at_cells
from isofront.threads import each

BLOCK = 128
"""Cells along each side of a block."""
SHARE_STEP_KM = 4.0
"""The share of ground that is gone is learned at nodes this far apart."""
SOME = 8
"""One cell in so many each way is looked at to tell which blocks are near the line."""
WIDE_ENDS = 2.8
"""Its average ends at so many times its scale: far reports have no say."""
FORGOTTEN = 4.0
"""A report is forgotten after so many times the memory, bit by bit."""


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

    Log-odds next to the line at the nodes of the setting's fine lattice, as from each bank: they are smooth where
    probabilities are steep, so that it matters little where nodes lie.
    """

    setting: Setting
    odds: Float[np.ndarray, "2 banks ly lx"]
    depth_km: Float[np.ndarray, "ny nx"]
    days: float
    tuning: BehindTuning

    @property
    def scales(self) -> tuple[float, tuple[float, float, float, float]]:
        """How deep a front may have run, km; the least that is shown, the two ends of fading (km), the most."""
        used = self.tuning
        return _runs_km(self.days, used), (used.least, used.near_km, used.far_km, used.most)


def behind(posterior: Posterior, tuning: BehindTuning | None = None) -> Behind:
    """How likely the ground about the line of a day has gone over past it."""
    used, setting, days = tuning or BehindTuning(), posterior.model.setting, posterior.as_of
    at_km, says = _told(posterior, used)
    odds = [_odds(posterior, at_km, used.says * says, bank=bank, tuning=used) for bank in setting.banks]
    return Behind(setting, np.stack(odds, axis=1), posterior.end.depth_km, days, used)


def _odds(
    posterior: Posterior,
    at_km: Float[np.ndarray, "n 2"],
    says: Float[np.ndarray, "2 n"],
    *,
    bank: int | None,
    tuning: BehindTuning,
) -> Float[np.ndarray, "2 ly lx"]:
    """Log-odds next to the line at the nodes of the lattice, as from one bank.

    pi about each node is the likeliest share of ground near the line that is gone, for all of it alike. Of each side's
    ground by itself: what one side takes must not make its own ground doubted. Expectation maximisation at wide nodes,
    each by itself, over how much ground says how much, so what is beyond the average's reach has no say through others.
    Nodes of a patch say one thing together, so patches are what is counted beside `pseudo` usual ones.
    """
    setting, days = posterior.model.setting, posterior.as_of
    lattice, distance = setting.fine, setting.distance
    levels = own = None
    if bank is not None:
        nodes = lattice.nodes_km()
        levels = distance.lift(nodes, bank=bank)[:, 2:].T.reshape(-1, *lattice.shape)
        own = setting.on_bank(nodes, bank).reshape(lattice.shape)
    scales = {"reach_km": tuning.reach_km, "rho_km": tuning.rho_km}
    told = sums_round(lattice, distance.lift(at_km), says, levels=levels, **scales)
    wide = Lattice.over(setting.grid, step_km=max(SHARE_STEP_KM, setting.grid.cell_km))
    about = Reach.of(wide, tuning.wide_km, ends=WIDE_ENDS)
    learning = _learning(setting, tuning, days)
    grid, depth_km = setting.grid, posterior.end.depth_km
    return learned_odds(told, depth_km, grid=grid, nodes=lattice, about=about, learning=learning, own=own)


def _learning(setting: Setting, tuning: BehindTuning, days: float) -> Learning:
    steps = tuning.wide_km / max(SHARE_STEP_KM, setting.grid.cell_km)
    return Learning(
        usual=usual_share(tuning, days),
        least=tuning.least_share,
        most=tuning.most_share,
        pseudo=tuning.pseudo,
        rounds=tuning.rounds,
        near_km=tuning.near_km,
        far_km=tuning.far_km,
        runs_km=_runs_km(days, tuning),
        patches=setting.fine.step_km**2 / tuning.patch_km2 * 2 * np.pi * steps**2,
    )


def usual_share(tuning: BehindTuning, days: float) -> float:
    """How much of the ground near a map's line is usually gone after so many days."""
    return max(tuning.usual * float(1 - np.exp(-days / tuning.usual_days)), tuning.least_share)


def _runs_km(days: float, tuning: BehindTuning) -> float:
    """How deep a front may have run, km: to be gone over is e times less likely for each of them."""
    return tuning.runs_km_day * max(days, 1.0)


def faded(depth_km: Float[np.ndarray, "*n"], tuning: BehindTuning) -> Float[np.ndarray, "*n"]:
    """1 near the line, 0 far from it."""
    return np.asarray(np.clip((tuning.far_km - np.abs(depth_km)) / (tuning.far_km - tuning.near_km), 0.0, 1.0))


def _told(posterior: Posterior, tuning: BehindTuning) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "2 n"]]:
    """Where reports tell, and how much more likely each is where its ground has gone over to side 1, and to side 2.

    Only one in the ground of the other side tells of it; next to the line it tells nothing, and a repost never. Some
    kinds are rare far from any line: who is seen so never speaks for the other side all the same, nor against its own.
    """
    today, grid, table, held = posterior.as_of, posterior.model.grid, posterior.windows[-1].table, posterior.batch
    recent = (held.happened_days > today - FORGOTTEN * tuning.memory_days) & (held.happened_days < today + 1.0)
    speaks = held.in_table & (held.happened_days >= 0) & (held.weight >= 1.0)
    rows = np.flatnonzero(recent & speaks)
    at_km, category = held.at_km[rows], held.category[rows]
    depth = at_cells(grid, posterior.end.depth_km, at_km)
    doubt = np.sqrt(np.maximum(at_cells(grid, posterior.end.variance_km2, at_km), 1e-4))
    age, before = np.maximum(today - held.happened_days[rows], 0.0), log_expected(table, category, depth, doubt)
    counts = tuning.temper * (np.exp(-age / tuning.memory_days) - np.exp(-FORGOTTEN)) * faded(depth, tuning)
    shown, says = _shown(category), []
    for side in (1.0, -1.0):
        there = table.at(np.arange(N_CATEGORIES), np.full(N_CATEGORIES, side * tuning.deep_km))[category]
        told = np.where(shown == side, np.maximum(there - before, 0.0), np.minimum(there - before, 0.0))
        says.append(counts * np.clip(-side * depth / tuning.soft_km, 0.0, 1.0) * told)
    return at_km, np.stack(says)


def _shown(category: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """For whom each report may speak, 1 or -1: the side that was there, or the other where one left."""
    left = category // 4 == KINDS.index(Kind.LEFT)
    return np.where((category // 2 % 2 == 0) != left, 1.0, -1.0)


def unsure(field: Field, found: Behind) -> None:
    """Make a field, in its own arrays, less sure of ground that may have gone over: a part of it is the other side's.

    Who is the likelier holder stays, and so does grey: what lies between the sides is told by where each was seen.
    """
    shown = field.p_held, field.p_grey, field.control, field.p_present

    def fill(within: Within) -> None:
        odds = found.setting.cells_of_banks(found.odds, within=within, lattice=found.setting.fine)
        unsure_cells(odds, found.depth_km, (within[0].start, within[1].start), *found.scales, *shown)

    for _ in each(fill, _near_blocks(found)):
        pass


def _near_blocks(found: Behind) -> list[Within]:
    """Rows of neighbouring blocks with cells near the line, by some of their cells."""
    depth, to_go = found.depth_km[::SOME, ::SOME], 2 * SOME * found.setting.grid.cell_km
    near, step = np.abs(depth) < found.tuning.far_km + to_go, BLOCK // SOME
    near = np.logical_or.reduceat(near, range(0, near.shape[0], step), axis=0)
    near = np.logical_or.reduceat(near, range(0, near.shape[1], step), axis=1)
    blocks = []
    for row, some in enumerate(near):
        ends = np.flatnonzero(np.diff(some, prepend=False, append=False)).reshape(-1, 2) * BLOCK
        ny, nx = found.setting.grid.shape
        within = slice(row * BLOCK, min((row + 1) * BLOCK, ny))
        blocks += [(within, slice(int(first), min(int(last), nx))) for first, last in ends]
    return blocks
