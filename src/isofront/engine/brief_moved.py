"""Where a brief says that lines moved, and which reports moved them there: settlements, edges, the ends of necks.

change since the map before   Moves          settlements drawn otherwise, edges that moved
cells of each                 rests_on       the new reports with a share there, all asked at once, tile by tile
all of it                     towns_turned, axes, pockets    plain records with the ids they rest on
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import shapely

from isofront.arrays import Float, Int
from isofront.control import Reasons
from isofront.engine.brief_map import Grounds
from isofront.engine.claims import footprint, shares_of
from isofront.engine.drafting import TOWN_RADIUS_KM
from isofront.evidence.decision import evidence_key
from isofront.findings.brief import MOST_AXES, MOST_TOWNS
from isofront.findings.brief_facts import Axis, Ids, PocketFact, TownTurned, Width
from isofront.front.advances import Advance, advances
from isofront.front.advances import Kind as Move
from isofront.front.ladder import Ladder, Rung
from isofront.front.rules import ByRule, Pocket, Pockets, Rule
from isofront.review import proposal as asked

TIP_KM = 1.0
SMALL_MOVE_KM2 = 1.0
MOST_POCKETS = 4
MOVED_KM = 0.05
"""A report is said to have moved the line somewhere if its mean share there is as large."""

Cells = Int[np.ndarray, "_ 2"]


@dataclass(frozen=True, slots=True)
class Turned:
    """A settlement that is drawn otherwise than before, and its centre on the flat map."""

    name: str
    before: str
    after: str
    spot_km: tuple[float, float]


@dataclass(frozen=True)
class Moves:
    """What is drawn otherwise than on the map before."""

    towns: tuple[Turned, ...]
    edges: tuple[Advance, ...]


@dataclass(frozen=True)
class Rests:
    """For each settlement and edge that a brief tells of, and each close pocket, the reports that moved the line."""

    towns: tuple[Ids, ...]
    edges: tuple[Ids, ...]
    tips: tuple[Ids, ...]


def moves_of(here: Grounds) -> Moves:
    """What is drawn otherwise than on the map before."""
    return Moves(_turned(here), _edges(here))


def rests_on(here: Grounds, moves: Moves, close: Sequence[Pocket]) -> Rests:
    """What settlements, edges and the ends of close pockets' necks rest on; those only counted rest on none."""
    towns, edges = moves.towns[:MOST_TOWNS], moves.edges[:MOST_AXES]
    cells = [_cells_at(here, one.spot_km) for one in towns]
    cells += [asked.some_of(asked.cells_of(here.draft.field, one.ground)) for one in edges]
    cells += [_tip_cells(here, one) for one in close]
    rests = iter(_movers(here, cells))
    of_towns, of_edges = ([*islice(rests, len(some))] for some in (towns, edges))
    return Rests(_up_to(of_towns, len(moves.towns)), _up_to(of_edges, len(moves.edges)), tuple(rests))


def _up_to(found: Sequence[Ids], n: int) -> tuple[Ids, ...]:
    return (*found, *((),) * (n - len(found)))


def nearly_cut_off(found: Sequence[Pocket], ladder: Ladder) -> tuple[Pocket, ...]:
    """The pockets that a brief tells of."""
    return tuple([one for one in found if one.neck_km <= ladder.pocket_km][:MOST_POCKETS])


# Settlements and edges


def towns_turned(moves: Moves, rests: Rests) -> tuple[TownTurned, ...]:
    """Settlements drawn otherwise, the largest first."""
    pairs = zip(moves.towns, rests.towns, strict=True)
    return tuple(TownTurned(one.name, one.before, one.after, ids) for one, ids in pairs)


def axes(here: Grounds, moves: Moves, rests: Rests) -> tuple[Axis, ...]:
    """Where edges moved, the largest first."""
    return tuple(_axis(here, one, ids) for one, ids in zip(moves.edges, rests.edges, strict=True))


def _turned(here: Grounds) -> tuple[Turned, ...]:
    """Settlements whose footprint is drawn otherwise, the largest first."""
    ground, draft = here.draft.ground, here.draft
    pieces = [piece.geometry for piece in here.changed.pieces]
    if not pieces:
        return ()
    tree, found = shapely.STRtree(pieces), []
    for one, spot in zip(ground.settlements, here.spots_km, strict=True):
        if not ground.theatre.box.holds(*one.at):
            continue
        disc = footprint(ground, one.name, *one.at)
        if not len(tree.query(disc, predicate="intersects")):
            continue
        old, new = shares_of(here.previous, disc).status, shares_of(draft.drawing.areas, disc).status
        if old != new:
            found.append((one.population or 0, Turned(one.name, old, new, (float(spot[0]), float(spot[1])))))
    return tuple(town for _, town in sorted(found, key=lambda pair: (-pair[0], pair[1].name)))


def _edges(here: Grounds) -> tuple[Advance, ...]:
    cell_km = here.draft.ground.grid.cell_km
    return tuple(one for one in advances(here.changed).found if is_told(one.km2, one.max_km, cell_km=cell_km))


def is_told(km2: float, max_km: float | None, *, cell_km: float) -> bool:
    """Whether an edge moved far enough: a small move of less than a cell cannot be told from how a line is drawn."""
    return km2 >= SMALL_MOVE_KM2 or max_km is None or max_km >= cell_km


def _axis(here: Grounds, one: Advance, ids: Ids) -> Axis:
    field = here.draft.field
    cells = asked.cells_of(field, one.ground)
    p = float(field.p_held[field.sides.index(one.side)][cells[:, 0], cells[:, 1]].mean())
    came = one.kind is Move.ADVANCE
    where = here.nearest(*one.reached)
    return Axis(one.side, came, one.km2, one.max_km, one.bearing_deg, where, p if came else 1 - p, ids)


# Pockets


def pockets(here: Grounds, necks: Pockets, rests: Rests) -> tuple[PocketFact, ...]:
    """Ground nearly cut off, the largest first, with the reports that moved the ends of its neck."""
    close = nearly_cut_off(necks.pockets, necks.ladder)
    return tuple(_pocket(here, one, ids) for one, ids in zip(close, rests.tips, strict=True))


def _pocket(here: Grounds, one: Pocket, ids: Ids) -> PocketFact:
    middle = shapely.point_on_surface(one.geometry)
    where = None if one.inside else here.nearest(float(middle.x), float(middle.y))
    widths = {rule.value: _width(by) for rule, by in one.place.by_rule.items()}
    sampled = one.place.by_rule[Rule.HELD].sampled
    cut = None if sampled is None else sampled.p_cut_off
    return PocketFact(
        one.side, one.enemy, one.inside, where, one.pocket_km2, one.neck_km, one.place.name, widths, cut, ids
    )


def _width(by: ByRule) -> Width:
    """The neck of the place; ends that are open are None."""
    drawn, taken = None if by.sampled is None else by.sampled.neck_km, by.corridor.rung is Rung.TAKEN
    if drawn is None:
        return Width(by.corridor.neck_km, taken=taken)
    low, high = (float(end) if np.isfinite(end) else None for end in (drawn.low, drawn.high))
    return Width(by.corridor.neck_km, low, high, sampled=True, taken=taken)


# Which reports


def _cells_at(here: Grounds, spot_km: tuple[float, float]) -> Cells:
    return asked.some_of(asked.cells_of(here.draft.field, shapely.Point(spot_km).buffer(TOWN_RADIUS_KM)))


def _tip_cells(here: Grounds, one: Pocket) -> Cells:
    about = shapely.union_all([shapely.Point(tip).buffer(TIP_KM) for tip in one.tips])
    return asked.some_of(asked.cells_of(here.draft.field, about))


def _movers(here: Grounds, cells: Sequence[Cells]) -> list[Ids]:
    """For each group of cells the reports new since the map before that moved the line there, by mean share."""
    where = np.concatenate([*cells, np.empty((0, 2), np.int64)])
    group = np.repeat(np.arange(len(cells)), [len(some) for some in cells])
    sums: list[dict[str, float]] = [{} for _ in cells]
    for rows, reasons in here.draft.posterior.explained(where) if len(where) else ():
        for k, km in _summed(group[rows], reasons):
            for name, share in zip(reasons.ids, km.tolist(), strict=True):
                sums[k][name] = sums[k].get(name, 0.0) + share
    fresh = fresh_ids(here)
    return [
        tuple(sorted(name for name, km in found.items() if name in fresh and abs(km) >= MOVED_KM * len(some)))
        for found, some in zip(sums, cells, strict=True)
    ]


def _summed(group: Int[np.ndarray, " rows"], reasons: Reasons) -> Iterator[tuple[int, Float[np.ndarray, " n"]]]:
    """The shares of reports in the cells of one tile, summed over those of each group."""
    for k in np.unique(group).tolist():
        yield k, reasons.shares_km[group == k].sum(axis=0)


def fresh_ids(here: Grounds) -> frozenset[str]:
    """The reports that the map before did not know of."""
    used = frozenset() if here.last is None else frozenset(here.last.map.used)
    return frozenset(one.id for one in here.draft.reports if evidence_key(one) not in used)
