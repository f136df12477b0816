"""Where the model is out of its range: stretches whose recent reports disagree with the field beyond a stated test.

Round every node of a lattice two log-likelihood ratios are taken over the reports of the last days, each report
counted by w(distance), 1 near by and 0 from `reach_km` on (scan statistics, Kulldorff 1997):

    kinds    Σ w_i [ log P(k_i | depth >= c) - log E_field P(k_i | depth) ]      largest over c
    number   n log(n / m) - n + m  for n > m;   n = Σ w_i over reports that show a side past the line beyond doubt

The first asks whether the ground has gone over, by what kinds of reports come from it; were the field right and
reports independent it would exceed t with probability at most e^-t (its expected exponential is 1). The second asks
whether more comes from past the line than by the side's own habit: m is what the last weeks gave per km² at that
distance past the line, anywhere along it. A report says nothing where the alternative lies within the field's own
doubt. Where the greater of the two exceeds `threshold`, and enough separate reports of different sources say so, the
ground round those reports is marked, and its probability is drawn from the recent reports alone, without what the
last map says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

from isofront.arrays import Bool, Float, Int, Shaped
from isofront.control.classes import P_STEP, all_stepped
from isofront.control.expecting import log_expected
from isofront.control.field import Field, GreyReason, Stretch
from isofront.control.lately import MARCH_KM, LimitTuning, Recent, past_barriers, told_lately
from isofront.control.posterior import Posterior
from isofront.control.round_nodes import sums_round
from isofront.control.statement import EVERY_DAYS
from isofront.control.weigh import KINDS, STATED
from isofront.evidence.report import Kind
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, at_cells


@dataclass(frozen=True, slots=True)
class Limits:
    """What is marked, and what is known of some `cells`: `p`, P(side 1 holds) from recent reports alone, and its share.

    Cells are counted row by row; elsewhere nothing is known beyond the field.
    """

    marked: Bool[np.ndarray, "ny nx"]
    cells: Int[np.ndarray, " n"]
    share: Float[np.ndarray, " n"]
    p: Float[np.ndarray, " n"]
    stretches: tuple[Stretch, ...]


def at_its_limits(field: Field, limits: Limits) -> Field:
    """The field with its marks; marked ground is drawn toward what recent reports alone say.

    Held by both sides' draws p² and (1 - p)², grey where two draws differ, 2 p (1 - p). Who holds ground is there.
    """
    if len(limits.cells) == 0:
        return replace(field, out_of_range=limits.marked)
    at, p, share = np.unravel_index(limits.cells, field.grid.shape), limits.p, limits.share
    both: tuple[Any, ...] = (slice(None), *at)
    alone = np.stack([p**2, 2 * p * (1 - p), (1 - p) ** 2])
    before = np.stack([field.p_held[0][at], field.p_grey[at], field.p_held[1][at]]).astype(float)
    stepped = np.empty(before.shape)
    all_stepped(before + share * (alone - before), stepped)
    first, grey, second = stepped
    was = field.control[0][at]
    control = np.clip(np.round((was + share * (p - was)) / P_STEP) * P_STEP, first, first + grey)
    reason = np.where(limits.marked[at], GreyReason.DISPUTED_EVIDENCE, field.grey_reason[at])
    held = np.stack([first, second])
    return replace(
        field,
        p_held=_with(field.p_held, both, held),
        p_grey=_with(field.p_grey, at, grey),
        control=_with(field.control, both, np.stack([control, 1 - control])),
        p_present=_with(field.p_present, both, np.maximum(field.p_present[both], held)),
        grey_reason=_with(field.grey_reason, at, np.where(held.max(axis=0) >= 0.5, GreyReason.NONE, reason)),
        touched=_with(field.touched, at, np.array(True)),
        out_of_range=limits.marked,
        stretches=limits.stretches,
    )


def _with(
    values: Shaped[np.ndarray, "*n ny nx"], at: tuple[Any, ...], some: Shaped[np.ndarray, "*m"]
) -> Shaped[np.ndarray, "*n ny nx"]:
    """A copy with other values at some cells."""
    out = values.copy()
    out[at] = some
    return out


def limits(
    posterior: Posterior, *, sources: Mapping[str, str] | None = None, tuning: LimitTuning | None = None
) -> Limits:
    """The ground of a day that is marked. `sources` names each report's source; without it all count as different."""
    used = tuning or LimitTuning()
    grid = posterior.model.grid
    told, opened = told_lately(posterior, sources, used), _opened(posterior, used)
    if opened is not None:
        agrees = at_cells(grid, opened, told.batch.at_km) * told.sign > 0.3
        told = replace(told, depth_km=np.where(agrees, told.sign * MARCH_KM, told.depth_km))
    recent = told.since(posterior.as_of - used.recent_days, used)
    found = list(_found(posterior, told, recent, used)) if len(recent) >= used.least_across else []
    marked = np.zeros(grid.shape, bool)
    if not found and opened is None:
        return Limits(marked, np.zeros(0, np.int64), np.zeros(0), np.zeros(0), ())
    spots = np.concatenate([np.zeros((0, 2)), *(recent.batch.at_km[one.reports] for one in found)])
    cells, away = _about(grid, spots, used.mark_km, more=opened)
    marked.ravel()[cells[away < used.mark_km]] = True
    opening = np.zeros(len(cells)) if opened is None else opened.ravel()[cells]
    p, said = _local_p(posterior, recent, marked, cells, used), np.abs(opening)
    new = posterior.end.depth_km.ravel()[cells] < 0
    p = np.where(new, np.minimum(p, used.most_new), np.maximum(p, 1 - used.most_new))
    share = np.maximum(used.most * np.clip(2 - 2 * away / used.mark_km, 0.0, 1.0), used.most * said)
    p, some = np.where(said > 0, 0.5 + used.most_stated * opening / 2, p), share > 0
    stretches = sorted((_stretch(recent, one, used) for one in found), key=lambda one: (-one.strength, one.reports))
    return Limits(marked, cells[some], share[some], p[some], tuple(stretches))


def _opened(posterior: Posterior, tuning: LimitTuning) -> Float[np.ndarray, "ny nx"] | None:
    """Ground an editor says is held and that the line cannot reach: his word opens it; +1 side 1's, -1 side 2's."""
    batch, grid, today = posterior.batch, posterior.model.grid, posterior.as_of
    now = (batch.category == STATED[0]) | (batch.category == STATED[1])
    said = batch.where(now & (batch.happened_days > today - EVERY_DAYS) & (batch.happened_days < today + 1.0))
    sign = np.where(said.category == STATED[0], 1.0, -1.0)
    depth = at_cells(grid, posterior.end.depth_km, said.at_km)
    doubt = np.sqrt(np.maximum(at_cells(grid, posterior.end.variance_km2, said.at_km), 0.0))
    far = -sign * depth > tuning.beyond_km + tuning.own_doubts * doubt
    if not far.any():
        return None
    out = np.zeros(grid.shape)
    for side in (1.0, -1.0):
        cells, away = _about(grid, said.at_km[far & (sign == side)], tuning.open_km)
        near = away < tuning.open_km
        out.ravel()[cells[near]] = side * np.clip(2 - 2 * away[near] / tuning.open_km, 0.0, 1.0)
    return out


@dataclass(frozen=True, slots=True)
class _Found:
    """A cluster of nodes above the threshold: for whom it speaks, how strongly, and the reports that say so."""

    sign: float
    strength: float
    reports: Int[np.ndarray, " m"]


def _habit(
    posterior: Posterior, told: Recent, depth_km: Float[np.ndarray, " nodes"], tuning: LimitTuning, *, sign: float
) -> Float[np.ndarray, " nodes"]:
    """Reports a day and km² that show a side at each node of the lattice, as it is filmed past its line.

    `depth_km` of the nodes is as the crow flies.
    """
    lattice = posterior.model.setting.lattice
    nodes, edges = lattice.nodes_km(), np.asarray(tuning.past_km)
    past = -sign * past_barriers(posterior, nodes, np.full(len(nodes), sign), depth_km, np.zeros(len(nodes)))
    seen = told.sign == sign
    reports = np.histogram(-sign * told.depth_km[seen], edges, weights=told.counts[seen])[0]
    rows = np.flatnonzero((past >= edges[0]) & (past <= edges[-1]))
    which = np.searchsorted(edges, past[rows], side="right") - 1
    area = np.bincount(np.minimum(which, len(edges) - 2), minlength=len(edges) - 1) * lattice.step_km**2
    days = float(np.clip(posterior.as_of, tuning.recent_days, tuning.habit_days))
    out, rate = np.zeros(len(nodes)), np.append((reports + 0.5) / np.maximum(area * days, 1.0), 0.0)
    out[rows] = rate[which]
    return out


def _found(posterior: Posterior, told: Recent, recent: Recent, tuning: LimitTuning) -> Iterable[_Found]:
    """Clusters where "this ground has gone over to a side" beats the field, side 1's first."""
    lattice, today, signs = posterior.model.setting.lattice, posterior.as_of, (1.0, -1.0)
    days = tuning.recent_days, tuning.sudden_days
    past, values = [], []
    expected = log_expected(posterior.windows[-1].table, recent.batch.category, recent.depth_km, recent.doubt_km)
    for sign in signs:
        one = recent.beyond(np.zeros(len(recent)), tuning) & (sign * recent.depth_km < 0) & (recent.sign == sign)
        past.append(one)
        values += [_says(posterior, recent, expected, tuning, sign=sign, least_km=depth) for depth in tuning.depths_km]
        values += [recent.counts * (one & (recent.batch.happened_days > today - some)) for some in days]
    sums = sums_round(lattice, recent.batch.at_km, np.stack(values), reach_km=tuning.reach_km)
    depth = at_cells(posterior.model.grid, posterior.end.depth_km, lattice.nodes_km())
    for sign, here, (*says, all_days, last) in zip(signs, past, np.split(sums, 2), strict=True):
        habit = _habit(posterior, told, depth, tuning, sign=sign).reshape(lattice.shape)
        number = _number(lattice, dict(zip(days, (all_days, last), strict=True)), habit, tuning)
        top = np.maximum(np.maximum.reduce(says), number)
        yield from _clusters(lattice, top, here, recent, tuning, sign=sign)


def _clusters(
    lattice: Lattice,
    top: Float[np.ndarray, "ly lx"],
    past: Bool[np.ndarray, " n"],
    recent: Recent,
    tuning: LimitTuning,
    *,
    sign: float,
) -> Iterable[_Found]:
    """Neighbouring nodes above the threshold, and the reports past the line about them, if those are enough."""
    if not (top > tuning.threshold).any():
        return
    labels, n = ndimage.label(top > tuning.threshold, structure=np.ones((3, 3)))
    for label in range(1, n + 1):
        hot = labels == label
        nodes = cKDTree(lattice.nodes_km()[hot.ravel()])
        away = nodes.query(recent.batch.at_km, distance_upper_bound=tuning.reach_km)[0]
        reports = _together(recent, np.flatnonzero((away < tuning.reach_km) & past), tuning)
        if _enough(recent, reports, tuning):
            yield _Found(sign, float(top[hot].max()), reports)


def _number(
    lattice: Lattice,
    counted: Mapping[float, Float[np.ndarray, "ly lx"]],
    habit: Float[np.ndarray, "ly lx"],
    tuning: LimitTuning,
) -> Float[np.ndarray, "ly lx"]:
    """Poisson log-likelihood ratio: so many reports of so many days past the line round each node, against habit."""
    out = np.zeros(lattice.shape)
    some = np.nonzero(np.maximum.reduce(list(counted.values())) > 1.0)
    usual = _round(lattice, habit, some, tuning.reach_km) * lattice.step_km**2
    for days, counts in counted.items():
        n, m = counts[some], np.maximum(usual * days, 1e-2)
        more = np.maximum(n, m)
        out[some] = np.maximum(out[some], np.where(n > 1.0, more * np.log(more / m) - more + m, 0.0))
    return out


def _round(
    lattice: Lattice, values: Float[np.ndarray, "ly lx"], some: tuple[Int[np.ndarray, " m"], ...], reach_km: float
) -> Float[np.ndarray, " m"]:
    """Sums of values at nodes about some of the nodes, with weights 1 up to half the reach and 0 from the reach on."""
    reach = int(reach_km / lattice.step_km) + 1
    wide, total = np.pad(values, reach), np.zeros(len(some[0]))
    for north in range(-reach, reach + 1):
        for east in range(-reach, reach + 1):
            weight = min(2 - 2 * np.hypot(east, north) * lattice.step_km / reach_km, 1.0)
            if weight > 0:
                total += weight * wide[some[0] + reach + north, some[1] + reach + east]
    return total


def _says(
    posterior: Posterior,
    recent: Recent,
    expected: Float[np.ndarray, " n"],
    tuning: LimitTuning,
    *,
    sign: float,
    least_km: float,
) -> Float[np.ndarray, " n"]:
    """Each report's log-likelihood ratio: the ground is at least this deep a side's, against what the field expects."""
    there = sign * np.maximum(sign * recent.depth_km, least_km)
    log = posterior.windows[-1].table.at(recent.batch.category, there)
    return np.where(recent.beyond(there, tuning), tuning.temper * recent.counts * (log - expected), 0.0)


def _together(recent: Recent, reports: Int[np.ndarray, " m"], tuning: LimitTuning) -> Int[np.ndarray, " k"]:
    """Those of the reports that have enough others near: a lone one far off belongs to no cluster."""
    if len(reports) == 0:
        return reports
    spots = recent.batch.at_km[reports]
    near = cKDTree(spots).query_ball_point(spots, 2 * tuning.mark_km, return_length=True)
    return np.asarray(reports[near >= recent.least(reports, tuning)])


def _enough(recent: Recent, reports: Int[np.ndarray, " m"], tuning: LimitTuning) -> bool:
    """Whether separate reports of different sources, not reposts and not claims alone, stand behind a cluster."""
    claim = recent.batch.category[reports] // 4 == KINDS.index(Kind.CLAIM)
    firm = reports[~claim & (recent.batch.weight[reports] >= 1.0)]
    least = recent.least(reports, tuning)
    return len(firm) >= least and len({recent.source[k] for k in firm}) >= min(least, tuning.least_sources)


def _about(
    grid: Grid,
    spots_km: Float[np.ndarray, "n 2"],
    limit_km: float,
    *,
    more: Float[np.ndarray, "ny nx"] | None = None,
) -> tuple[Int[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Cells about some spots and those where `more` is not 0; how far each is from the nearest spot, to the limit."""
    near = np.zeros(grid.shape, bool) if more is None else more != 0
    for east, north in spots_km:
        rows, columns = (
            slice(max(int(np.floor((at - limit_km - origin) / grid.cell_km)), 0),
                  max(int(np.ceil((at + limit_km - origin) / grid.cell_km)), 0))
            for at, origin in ((north, grid.south_km), (east, grid.west_km))
        )  # fmt: skip
        near[rows, columns] = True
    cells = np.flatnonzero(near)
    if len(spots_km) == 0:
        return cells, np.full(len(cells), limit_km)
    away = cKDTree(spots_km).query(_centres_km(grid, cells), distance_upper_bound=limit_km)[0]
    return cells, np.asarray(np.minimum(away, limit_km))


def _centres_km(grid: Grid, cells: Int[np.ndarray, " n"]) -> Float[np.ndarray, "n 2"]:
    """East and north of the centres of cells that are counted row by row, km."""
    return grid.centres_of(np.column_stack(np.unravel_index(cells, grid.shape)))


def _local_p(
    posterior: Posterior,
    recent: Recent,
    marked: Bool[np.ndarray, "ny nx"],
    cells: Int[np.ndarray, " m"],
    tuning: LimitTuning,
) -> Float[np.ndarray, " m"]:
    """P(side 1 holds) from recent reports near each cell alone: a posterior over depths, all as likely before.

    However many there are they count as a few: within `near_km` the truth varies, and a crowd speaks of itself.
    """
    setting, table = posterior.model.setting, posterior.windows[-1].table
    lattice = setting.fine
    nodes, wanted = lattice.nodes_km(), np.flatnonzero(_nodes_about(lattice, setting.grid, marked))
    depths, p = np.asarray(tuning.local_depths_km), np.full(len(nodes), 0.5)
    if len(wanted):
        log = table.at(recent.batch.category[:, None], np.broadcast_to(depths, (len(recent), len(depths))))
        fall = np.clip(2 - 2 * cdist(nodes[wanted], recent.batch.at_km) / tuning.near_km, 0.0, 1.0)
        say = tuning.temper * fall * recent.counts
        told = say * np.minimum(1.0, tuning.local_reports / np.maximum(say.sum(axis=1, keepdims=True), 1e-9)) @ log
        p[wanted] = np.exp(logsumexp(told[:, depths > 0], axis=1) - logsumexp(told, axis=1))
    return np.asarray(np.clip(lattice.at(p.reshape(lattice.shape), _centres_km(setting.grid, cells)), 0.02, 0.98))


def _nodes_about(lattice: Lattice, grid: Grid, marked: Bool[np.ndarray, "ny nx"]) -> Bool[np.ndarray, "ly lx"]:
    """Nodes between cells of which one is marked, or lies no more than two cells from one that is."""
    out, (ny, nx) = np.zeros(lattice.shape, bool), grid.shape
    places = [
        np.clip((km - origin) / grid.cell_km - 0.5, 0, n - 1)
        for km, origin, n in ((lattice.north_km, grid.south_km, ny), (lattice.east_km, grid.west_km, nx))
    ]
    (low, high), (left, right) = ((np.floor(at).astype(int) - 2, np.ceil(at).astype(int) + 3) for at in places)
    speaks = np.concatenate([[0], np.cumsum(marked.any(axis=1))])
    for row in np.flatnonzero(speaks[np.minimum(high, ny)] > speaks[np.maximum(low, 0)]):
        before = np.concatenate([[0], np.cumsum(marked[max(low[row], 0) : high[row]].any(axis=0))])
        out[row] = before[np.minimum(right, nx)] > before[np.maximum(left, 0)]
    return out


def _stretch(recent: Recent, found: _Found, tuning: LimitTuning) -> Stretch:
    """A cluster in the words of the map: where, since when, for whom, how far past the line, on whose word."""
    spots, days = recent.batch.at_km[found.reports], recent.batch.happened_days[found.reports]
    past = np.abs(recent.depth_km[found.reports])
    return Stretch(
        side=0 if found.sign > 0 else 1,
        detached=bool(past.min() > tuning.detached_km),
        since_days=float(days.min()),
        spots_km=tuple((float(east), float(north)) for east, north in spots),
        reach_km=tuning.mark_km,
        past_km=float(np.median(past)),
        strength=found.strength,
        reports=tuple(recent.batch.ids[k] for k in found.reports),
        n_sources=len({recent.source[k] for k in found.reports}),
    )
