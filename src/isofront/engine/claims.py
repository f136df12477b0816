"""The engine's look at claims: what a map and the reports say of the places that people speak of.

settlements, claims     Spoken                       where a claim's place is, and how far its ground reaches
last approved map       MapOf (or a day's draft)     areas as drawn, with their day and state
areas, reports          on_map                       shares of the footprint, who was seen there
approvals, other maps   shares_over_time             each map's share of a place, for a speaker's record

Plain records go to `findings`; nothing is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.engine.drafting import TOWN_RADIUS_KM, Draft, Ground, default_known_by, drafts, ground_of, read_reports
from isofront.engine.ground import Progress
from isofront.evidence.claim import Claim
from isofront.evidence.decision import read_approved, read_history
from isofront.evidence.ledger import Ledger, ledger_path
from isofront.evidence.report import Kind, Report
from isofront.findings.on_map import MapState, OnMap, Seen, Shares
from isofront.front import Area, status_at
from isofront.ground.grid import to_km
from isofront.ground.places import folded
from isofront.ground.polygons import project_km
from isofront.review import NOTHING, Standing, redraw
from isofront.review.standing import Approved

WINDOW_DAYS = 14
"""So many days back, reports of presence are counted."""
MOST_ERROR_M = 2000.0
"""Reports that say less exactly where they were are not counted for a place."""
NEAR_DEG = 0.2
"""A settlement of the name farther off than this is another one."""
_PRESENT = frozenset(Kind) - {Kind.CLAIM, Kind.LEFT}


@dataclass(frozen=True)
class MapOf:
    """A map as drawn: its day, what it is, its areas (km); `draft` where it is one."""

    as_of: datetime
    state: MapState
    areas: tuple[Area, ...]
    draft: Draft | None = None


@dataclass(frozen=True)
class Look:
    """A theatre with one map and its reports, ready to be asked about places."""

    ground: Ground
    map: MapOf
    reports: tuple[Report, ...]
    _shares: dict[tuple[str, float, float], Shares] = field(default_factory=dict)

    @cached_property
    def _present(self) -> tuple[tuple[Report, ...], Float[np.ndarray, "n 2"], Float[np.ndarray, " n"]]:
        """Reports of presence that say exactly enough where, their spots and their errors (km)."""
        some = tuple(one for one in self.reports if one.kind in _PRESENT and one.error_m <= MOST_ERROR_M)
        lon, lat = (np.array([getattr(one, axis) for one in some], float) for axis in ("lon", "lat"))
        spots = np.stack(to_km(lon, lat, crs=self.ground.theatre.crs), axis=-1).reshape(-1, 2)
        return some, spots, np.array([one.error_m / 1000 for one in some], float)

    def on_map(self, lon: float, lat: float, place: str, *, since: datetime, until: datetime) -> OnMap:
        """What the map draws at a place, and who was seen there from one moment up to another."""
        radius = radius_km(self.ground, place, lon, lat)
        if (place, lon, lat) not in self._shares:
            self._shares[place, lon, lat] = shares_of(self.map.areas, footprint(self.ground, place, lon, lat))
        shares = self._shares[place, lon, lat]
        seen = self._seen(lon, lat, radius, since, until)
        made, state = self.map.as_of, self.map.state
        status, p = self._status(lon, lat, radius, shares)
        return OnMap(place, lon, lat, state, made, shares, since, until, seen, radius, status, p)

    def _status(self, lon: float, lat: float, radius: float, shares: Shares) -> tuple[str, float | None]:
        """What a draft calls the place and its chance; of a map as drawn, what most of the footprint is."""
        if self.map.draft is None:
            return shares.status, None
        shown = self.map.draft.field
        status, p = status_at(shown, *shown.grid.to_km(lon, lat), radius)
        return status, round(p, 4)

    def _seen(self, lon: float, lat: float, radius: float, since: datetime, until: datetime) -> tuple[Seen, ...]:
        found: dict[str, dict[str, Report]] = defaultdict(dict)
        for one in self._near(lon, lat, radius):
            if one.seen is not None and one.happened.end > since and one.happened.start < until:
                found[one.seen].setdefault(one.group or one.id, one)
        return tuple(_seen(side, list(found[side].values())) for side in self.ground.theatre.side_ids if side in found)

    def _near(self, lon: float, lat: float, radius: float) -> list[Report]:
        """Reports of presence whose spot lies in the footprint, give or take their own error."""
        some, spots, errors = self._present
        away = np.hypot(*(spots - np.array(self.ground.grid.to_km(lon, lat))).T)
        return [some[k] for k in np.flatnonzero(away <= radius + errors)]


def _seen(side: str, some: Sequence[Report]) -> Seen:
    days = {one.happened.start.date() for one in some}
    return Seen(side, len(some), len(days), max(days), tuple(sorted(one.id for one in some)))


def look(folder: Path, *, on: datetime | None, known_by: datetime | None, progress: Progress | None = None) -> Look:
    """The last approved map (the map the theatre began from, if none was), or with `on` that day's draft."""
    if on is not None:
        (draft,) = drafts(folder, [on], [known_by or default_known_by(on)], progress=progress)
        if progress is not None:
            progress("drawing the day's draft")
        made = MapOf(draft.as_of, MapState.DRAFT, draft.drawing.areas, draft)
        return Look(draft.ground, made, draft.reports)
    ground = ground_of(folder)
    far = datetime.max.replace(tzinfo=ground.anchor.date.tzinfo)
    reports = tuple(read_reports(ground.folder, known_by or far))
    maps = approved_maps(ground, known_by=known_by)
    last = maps[-1] if maps else MapOf(ground.anchor.date, MapState.START, ground.areas)
    return Look(ground, last, reports)


def approved_maps(ground: Ground, *, known_by: datetime | None = None) -> list[MapOf]:
    """Every approved map, the last approval of each day, in order of the days."""
    path = ledger_path(ground.folder)
    if not path.exists():
        return []
    with Ledger.open(path) as ledger:
        chosen = {
            one.as_of: (n, one)
            for n, one in read_history(ledger).approvals
            if known_by is None or one.known_at < known_by
        }
        standings = [Standing(Approved(n, one, read_approved(ledger, n))) for n, one in chosen.values()]
    made = [(one.approved.approval.as_of, one) for one in standings if one.approved is not None]
    return [MapOf(as_of, MapState.APPROVED, _areas(ground, one)) for as_of, one in sorted(made, key=lambda m: m[0])]


def _areas(ground: Ground, one: Standing = NOTHING) -> tuple[Area, ...]:
    theatre = ground.theatre
    return redraw.previous(one, ground.areas, crs=theatre.crs, frame=ground.frame, sides=theatre.side_ids)


def radius_km(ground: Ground, place: str, lon: float, lat: float) -> float:
    """How far a place's ground reaches from its spot."""
    wanted = folded(place)
    for one in ground.settlements:
        close = abs(one.at[0] - lon) < NEAR_DEG and abs(one.at[1] - lat) < NEAR_DEG
        if close and folded(one.name) == wanted and one.radius_m:
            return one.radius_m / 1000
    return TOWN_RADIUS_KM


def footprint(ground: Ground, place: str, lon: float, lat: float) -> BaseGeometry:
    """A place's ground on the flat map (km): a disc about its spot."""
    spot = project_km(shapely.Point(lon, lat), crs=ground.theatre.crs)
    return shapely.buffer(spot, radius_km(ground, place, lon, lat))


def shares_of(areas: Iterable[Area], ground_km: BaseGeometry) -> Shares:
    """Shares of a piece of ground by what areas (km) say of it."""
    held: dict[str, float] = defaultdict(float)
    grey = 0.0
    for area in areas:
        share = _share(area.geometry, ground_km)
        if area.side is not None:
            held[area.side] += share
        else:
            grey += share
    return Shares({side: round(share, 4) for side, share in sorted(held.items()) if share > 0}, round(grey, 4))


def window(until: datetime) -> tuple[datetime, datetime]:
    """The days before a moment in which presence is counted."""
    return until - timedelta(days=WINDOW_DAYS), until


def shares_over_time(
    ground: Ground, claims: Iterable[Claim], maps: Sequence[tuple[date, Mapping[str, BaseGeometry]]]
) -> Callable[[Claim, str], list[tuple[date, float]]]:
    """For a claim's place and a side: each map's day with the share of the place that the side holds on it.

    `maps` are held ground by side (km), in order of time. Each place is measured once.
    """
    spots = {(one.place, one.lon, one.lat): None for one in claims}
    grounds = {key: footprint(ground, *key) for key in spots}
    cache: dict[tuple[str, float, float, str], list[tuple[date, float]]] = {}

    def answer(claim: Claim, side: str) -> list[tuple[date, float]]:
        key = (claim.place, claim.lon, claim.lat)
        if (*key, side) not in cache:
            here = grounds[key]
            cache[*key, side] = [(day, _share(held.get(side), here)) for day, held in maps]
        return cache[*key, side]

    return answer


def _share(held: BaseGeometry | None, here: BaseGeometry) -> float:
    """The share of a piece of ground in a shape; most lie wholly in or out, which a prepared shape knows soon."""
    if held is None:
        return 0.0
    shapely.prepare(held)
    if shapely.contains(held, here):
        return 1.0
    if not shapely.intersects(held, here):
        return 0.0
    return float(shapely.area(shapely.intersection(held, here))) / float(shapely.area(here))


def held_by_side(areas: Iterable[Area]) -> dict[str, BaseGeometry]:
    """Areas as each side's held ground."""
    found: dict[str, list[BaseGeometry]] = defaultdict(list)
    for one in areas:
        if one.side is not None:
            found[one.side].append(one.geometry)
    return {side: shapely.union_all(shapes) for side, shapes in found.items()}
