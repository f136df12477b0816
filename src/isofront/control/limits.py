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

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from scipy.special import logsumexp

from isofront.control.classes import P_STEP
from isofront.control.field import Field, GreyReason, Stretch
from isofront.control.lately import MARCH_KM, LimitTuning, Recent, past_barriers, told_lately
from isofront.control.posterior import Posterior
from isofront.control.setting import Setting, cell_centres_km
from isofront.control.statement import EVERY_DAYS
from isofront.control.weigh import KINDS, NODE_WEIGHTS, NODES, STATED, Table
from isofront.evidence.report import Kind
from isofront.ground.lattice import Lattice, at_cells


@dataclass(frozen=True, slots=True)
class Limits:
    """What is marked, and what is known there: `p`, P(side 1 holds) from recent reports alone, counts `share`."""

    marked: Bool[np.ndarray, "ny nx"]
    share: Float[np.ndarray, "ny nx"]
    p: Float[np.ndarray, "ny nx"]
    stretches: tuple[Stretch, ...]


def at_its_limits(field: Field, limits: Limits) -> Field:
    """The field with its marks; marked ground is drawn toward what recent reports alone say.

    Held by both sides' draws p² and (1 - p)², grey where two draws differ, 2 p (1 - p).
    """
    if not limits.share.any():
        return replace(field, out_of_range=limits.marked)
    p, share = limits.p, limits.share
    alone = np.stack([p**2, 2 * p * (1 - p), (1 - p) ** 2])
    before = np.stack([field.p_held[0], field.p_grey, field.p_held[1]]).astype(float)
    first, grey, second = in_steps(before + share * (alone - before))
    control = np.clip(
        np.round((field.control[0] + share * (p - field.control[0])) / P_STEP) * P_STEP, first, first + grey
    )
    reason = np.where(limits.marked, GreyReason.DISPUTED_EVIDENCE, field.grey_reason)
    return replace(
        field,
        p_held=np.stack([first, second]).astype(np.float32),
        p_grey=grey.astype(np.float32),
        control=np.stack([control, 1 - control]).astype(np.float32),
        grey_reason=np.where(np.maximum(first, second) >= 0.5, GreyReason.NONE, reason).astype(np.uint8),
        touched=field.touched | (limits.share > 0) | limits.marked,
        out_of_range=limits.marked,
        stretches=limits.stretches,
    )


def in_steps(three: Float[np.ndarray, "3 ny nx"]) -> Float[np.ndarray, "3 ny nx"]:
    """Three probabilities in whole steps of `P_STEP` that sum to one; the largest takes the remainder."""
    steps = np.round(three / P_STEP).astype(np.int64)
    largest = three.argmax(axis=0)[None]
    rest = round(1 / P_STEP) - steps.sum(axis=0)
    np.put_along_axis(steps, largest, np.take_along_axis(steps, largest, axis=0) + rest, axis=0)
    return np.asarray(steps * P_STEP)


def limits(
    posterior: Posterior, *, sources: Mapping[str, str] | None = None, tuning: LimitTuning | None = None
) -> Limits:
    """The ground of a day that is marked. `sources` names each report's source; without it all count as different."""
    used = tuning or LimitTuning()
    grid, setting = posterior.model.grid, posterior.model.setting
    told, opened = told_lately(posterior, sources, used), _opened(posterior, used)
    agrees = at_cells(grid, opened, told.batch.at_km) * told.sign > 0.3
    told = replace(told, depth_km=np.where(agrees, told.sign * MARCH_KM, told.depth_km))
    recent = told.since(posterior.as_of - used.recent_days, used)
    nothing = np.zeros(grid.shape)
    table = posterior.windows[-1].table
    fall = _fall(setting.coarse.nodes_km(), recent.batch.at_km, used.reach_km)
    found = [
        one
        for sign in (1.0, -1.0)
        if len(recent) >= used.least_across
        for habit in [_habit(posterior, told, used, sign=sign)]
        for one in _found(setting.coarse, recent, table, used, sign=sign, habit=habit, fall=fall, today=posterior.as_of)
    ]
    if not found and not opened.any():
        return Limits(nothing > 0, nothing, nothing, ())
    near = [recent.batch.at_km[one.reports] for one in found]
    away = _away_km(setting, np.concatenate([np.zeros((0, 2)), *near]), used.mark_km)
    p = _local_p(setting, recent, table, away < used.mark_km, used)
    new = posterior.end.depth_km < 0
    p = np.where(new, np.minimum(p, used.most_new), np.maximum(p, 1 - used.most_new))
    said = np.abs(opened)
    share = used.most * np.clip(2 - 2 * away / used.mark_km, 0.0, 1.0)
    share, p = np.maximum(share, used.most * said), np.where(said > 0, 0.5 + used.most_stated * opened / 2, p)
    stretches = sorted((_stretch(recent, one, used) for one in found), key=lambda one: (-one.strength, one.reports))
    return Limits(away < used.mark_km, share, p, tuple(stretches))


def _opened(posterior: Posterior, tuning: LimitTuning) -> Float[np.ndarray, "ny nx"]:
    """Ground an editor says is held and that the line cannot reach: his word opens it; +1 side 1's, -1 side 2's."""
    batch, grid, today = posterior.batch, posterior.model.grid, posterior.as_of
    now = np.isin(batch.category, STATED) & (batch.happened_days > today - EVERY_DAYS)
    said = batch.where(now & (batch.happened_days < today + 1.0))
    sign = np.where(said.category == STATED[0], 1.0, -1.0)
    depth = at_cells(grid, posterior.end.depth_km, said.at_km)
    doubt = np.sqrt(np.maximum(at_cells(grid, posterior.end.variance_km2, said.at_km), 0.0))
    far, out = -sign * depth > tuning.beyond_km + tuning.own_doubts * doubt, np.zeros(grid.shape)
    if not far.any():
        return out
    for side in (1.0, -1.0):
        away = _away_km(posterior.model.setting, said.at_km[far & (sign == side)], tuning.open_km)
        out = np.where(away < tuning.open_km, side * np.clip(2 - 2 * away / tuning.open_km, 0.0, 1.0), out)
    return out


@dataclass(frozen=True, slots=True)
class _Found:
    """A cluster of nodes above the threshold: for whom it speaks, how strongly, and the reports that say so."""

    sign: float
    strength: float
    reports: Int[np.ndarray, " m"]


def _habit(posterior: Posterior, told: Recent, tuning: LimitTuning, *, sign: float) -> Float[np.ndarray, " nodes"]:
    """Reports a day and km² that show a side at each node of the coarse lattice, as it is filmed past its line."""
    setting, grid = posterior.model.setting, posterior.model.grid
    nodes = setting.coarse.nodes_km()
    straight = at_cells(grid, posterior.end.depth_km, nodes)
    depth = past_barriers(posterior, nodes, np.full(len(nodes), sign), straight, np.zeros(len(nodes)))
    edges = np.asarray(tuning.past_km)
    reports = np.histogram(-told.depth_km[told.sign == sign], edges, weights=told.counts[told.sign == sign])[0]
    area = np.histogram(-sign * depth, edges)[0] * setting.coarse.step_km**2
    days = float(np.clip(posterior.as_of, tuning.recent_days, tuning.habit_days))
    rate = np.append((reports + 0.5) / np.maximum(area * days, 1.0), 0.0)
    which = np.searchsorted(edges, -sign * depth, side="right") - 1
    return np.asarray(np.where(which >= 0, rate[np.minimum(which, len(rate) - 1)], 0.0))


def _found(
    lattice: Lattice,
    recent: Recent,
    table: Table,
    tuning: LimitTuning,
    *,
    sign: float,
    habit: Float[np.ndarray, " nodes"],
    fall: csr_array,
    today: float,
) -> Iterable[_Found]:
    """Clusters where "this ground has gone over to a side" beats the field."""
    nodes = lattice.nodes_km()
    past = recent.beyond(np.zeros(len(recent)), tuning) & (sign * recent.depth_km < 0) & (recent.sign == sign)
    says = np.stack([_says(recent, table, tuning, sign=sign, least_km=depth) for depth in tuning.depths_km])
    number = np.zeros(len(nodes))
    for days in (tuning.recent_days, tuning.sudden_days):
        counts = recent.counts * (past & (recent.batch.happened_days > today - days))
        expected = habit * lattice.step_km**2 * days
        number = np.maximum(number, _number(nodes, fall @ counts, expected, tuning))
    top = np.maximum((fall @ says.T).max(axis=1), number)
    labels, n = ndimage.label((top > tuning.threshold).reshape(lattice.shape), structure=np.ones((3, 3)))
    for label in range(1, n + 1):
        hot = np.flatnonzero(labels.ravel() == label)
        about = np.isin(np.arange(len(recent)), fall[hot].indices)
        reports = _together(recent, np.flatnonzero(about & past), tuning)
        if _enough(recent, reports, tuning):
            yield _Found(sign, float(top[hot].max()), reports)


def _number(
    nodes: Float[np.ndarray, "nodes 2"],
    n: Float[np.ndarray, " nodes"],
    habit: Float[np.ndarray, " nodes"],
    tuning: LimitTuning,
) -> Float[np.ndarray, " nodes"]:
    """Poisson log-likelihood ratio: so many reports past the line round each node against the side's own habit."""
    out, some = np.zeros(len(nodes)), np.flatnonzero(n > 1.0)
    if len(some) == 0:
        return out
    near = np.flatnonzero(habit > 0)
    m = np.maximum(_fall(nodes[some], nodes[near], tuning.reach_km) @ habit[near], 1e-2)
    more = np.maximum(n[some], m)
    out[some] = more * np.log(more / m) - more + m
    return out


def _fall(one: Float[np.ndarray, "n 2"], other: Float[np.ndarray, "m 2"], reach_km: float) -> csr_array:
    """1 up to half the reach, 0 from the reach on, for each of one against each of the other: few pairs are near."""
    pairs = cKDTree(one).sparse_distance_matrix(cKDTree(other), reach_km, output_type="ndarray")
    near = pairs[pairs["v"] < reach_km]
    found = csr_array((np.minimum(2 - 2 * near["v"] / reach_km, 1.0), (near["i"], near["j"])), (len(one), len(other)))
    found.sort_indices()
    return found


def _says(
    recent: Recent, table: Table, tuning: LimitTuning, *, sign: float, least_km: float
) -> Float[np.ndarray, " n"]:
    """Each report's log-likelihood ratio: the ground is at least this deep a side's, against what the field expects."""
    there = sign * np.maximum(sign * recent.depth_km, least_km)
    category = recent.batch.category
    spread = recent.depth_km[:, None] + recent.doubt_km[:, None] * NODES
    expected = logsumexp(table.at(category[:, None], spread), b=NODE_WEIGHTS, axis=1)
    told = tuning.temper * recent.counts * (table.at(category, there) - expected)
    return np.asarray(np.where(recent.beyond(there, tuning), told, 0.0))


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


def _away_km(setting: Setting, spots_km: Float[np.ndarray, "n 2"], limit_km: float) -> Float[np.ndarray, "ny nx"]:
    """Distance of every cell to the nearest of some spots, at most `limit_km`."""
    if len(spots_km) == 0:
        return np.full(setting.grid.shape, limit_km)
    centres = cell_centres_km(setting.grid)
    away = cKDTree(spots_km).query(centres, distance_upper_bound=limit_km)[0]
    return np.asarray(np.minimum(away, limit_km).reshape(setting.grid.shape))


def _local_p(
    setting: Setting, recent: Recent, table: Table, marked: Bool[np.ndarray, "ny nx"], tuning: LimitTuning
) -> Float[np.ndarray, "ny nx"]:
    """P(side 1 holds) from recent reports near each spot alone: a posterior over depths, all as likely before.

    However many there are they count as a few: within `near_km` the truth varies, and a crowd speaks of itself.
    """
    lattice = setting.lattice
    nodes = lattice.nodes_km()
    wanted = np.flatnonzero(at_cells(setting.grid, ndimage.maximum_filter(marked, 5).astype(float), nodes) > 0)
    depths = np.asarray(tuning.local_depths_km)
    log = table.at(recent.batch.category[:, None], np.broadcast_to(depths, (len(recent), len(depths))))
    fall = _fall(nodes[wanted], recent.batch.at_km, tuning.near_km).toarray()
    say = tuning.temper * fall * recent.counts
    told = say * np.minimum(1.0, tuning.local_reports / np.maximum(say.sum(axis=1, keepdims=True), 1e-9)) @ log
    p = np.full(len(nodes), 0.5)
    p[wanted] = np.exp(logsumexp(told[:, depths > 0], axis=1) - logsumexp(told, axis=1))
    return np.asarray(np.clip(lattice.to_cells(p.reshape(lattice.shape), setting.grid), 0.02, 0.98))


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
