"""What a brief says of the ground: change, fighting, roads, grey and unobserved, as plain records.

draft, map before          front.change             what each side gained and lost
reports of the last days   Fought, Struck           where people were seen or struck, by the nearest place
roads, weather             RoadFact, Sky            what lies near the other's ground, and what could be seen

Where lines moved and what moved them is told by `engine.brief_moved`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.control.field import Stretch
from isofront.control.interdicted import is_struck_movement
from isofront.control.observing import ObservingTuning, clearness
from isofront.engine.change import dated_of
from isofront.engine.claims import Look, MapOf, window
from isofront.engine.drafting import Draft, read_standing, statuses
from isofront.engine.routes import exposed_of, roads_of
from isofront.evidence.decision import evidence_key
from isofront.evidence.report import Kind, Report
from isofront.findings.brief_facts import (
    Fought,
    GreyTown,
    MapFact,
    OutOfRange,
    Overdue,
    RoadFact,
    SideMoved,
    Sky,
    Struck,
    Where,
)
from isofront.findings.on_map import MapState
from isofront.front.change import Change, change
from isofront.front.dated import Dated
from isofront.front.pockets import Stage
from isofront.front.shapes import Area, Class
from isofront.ground.polygons import project_km
from isofront.review import Approved, Standing, redraw
from isofront.theatre.weather import SkyDay

DAYS = 7
"""Fighting, strikes and weather are told of so many days before the day."""
NEAR_KM = 8.0
"""Reports farther from every settlement are told of under none."""
ROAD_KM = (3.0, 5.0, 10.0)
LEAST_ROAD_KM = 0.5


@dataclass(frozen=True)
class Grounds:
    """A draft with what several sections of its brief need: the change since the map before, its settlements."""

    draft: Draft

    @cached_property
    def id(self) -> str:
        """The draft's name: its day, and a digest of the reports and decisions that made it."""
        now = self.draft.standing
        names = sorted(evidence_key(one) for one in self.draft.reports)
        names += sorted(one.id for one in now.since) + sorted(one.id for one in now.locks) + [self.previous_id]
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
        return f"draft:{self.draft.as_of:%Y-%m-%d}:{digest}"

    @cached_property
    def last(self) -> Approved | None:
        """The last approved map of an earlier day; None where the theatre's first map is the one before.

        A brief of a day whose own map was approved already would else be held against itself and tell of no change.
        """
        draft, last = self.draft, self.draft.standing.approved
        if last is None or last.approval.as_of < draft.as_of:
            return last
        earlier = draft.as_of - timedelta(microseconds=1)
        return read_standing(draft.ground.folder, as_of=earlier, known_by=draft.known_by).approved

    @cached_property
    def previous(self) -> tuple[Area, ...]:
        """The map before as areas (km)."""
        if self.last is self.draft.standing.approved:
            return self.draft.previous
        ground, theatre = self.draft.ground, self.draft.ground.theatre
        stood = Standing(self.last)
        return redraw.previous(stood, ground.areas, crs=theatre.crs, frame=ground.frame, sides=theatre.side_ids)

    @property
    def previous_id(self) -> str:
        """The name of the map before."""
        first = f"anchor:{self.draft.ground.anchor.date:%Y-%m-%d}"
        return first if self.last is None else approval_id(self.last)

    @cached_property
    def before(self) -> Dated:
        """The map before, each side's ground as one."""
        last, ground, areas = self.last, self.draft.ground, self.previous
        day = ground.anchor.date if last is None else last.approval.as_of
        held = {side: _union(areas, side) for side in ground.theatre.side_ids}
        return Dated(day, held, _union(areas, None), known=ground.frame)

    @cached_property
    def after(self) -> Dated:
        """The day's map."""
        return dated_of(self.draft)

    @cached_property
    def changed(self) -> Change:
        """What changed since the map before."""
        return change(self.before, self.after, frame=self.draft.ground.frame)

    @cached_property
    def spots_km(self) -> Float[np.ndarray, "n 2"]:
        """Where the theatre's settlements are."""
        grid = self.draft.field.grid
        return np.array([grid.to_km(*one.at) for one in self.draft.ground.settlements], float).reshape(-1, 2)

    @cached_property
    def look(self) -> Look:
        """The day's map, ready to be asked who was seen at a place."""
        draft = self.draft
        made = MapOf(draft.as_of, MapState.DRAFT, draft.drawing.areas, draft)
        return Look(draft.ground, made, draft.reports)

    def nearest(self, east_km: float, north_km: float) -> Where | None:
        """The settlement nearest to a spot, how far and in which direction the spot lies from it."""
        if not len(self.spots_km):
            return None
        away = np.array([east_km, north_km]) - self.spots_km
        km = np.hypot(*away.T)
        k = int(km.argmin())
        bearing = float(np.degrees(np.arctan2(*away[k]))) % 360
        return Where(self.draft.ground.settlements[k].name, float(km[k]), bearing)


def approval_id(one: Approved) -> str:
    """The name that an approved map goes by in a brief."""
    return f"approval:{one.approval.id}"


def _union(areas: Iterable[Area], side: str | None) -> BaseGeometry:
    wanted = Class.GREY if side is None else Class.HELD
    return shapely.union_all([one.geometry for one in areas if one.cls is wanted and one.side == side])


def map_fact(here: Grounds) -> MapFact:
    """The day's map and the one before."""
    draft, last = here.draft, here.last
    own = None if draft.standing.approved is last else draft.standing.approved
    seen = [one.happened.start for one in draft.reports if one.happened.start < draft.known_by]
    return MapFact(
        here.id,
        draft.as_of,
        draft.known_by,
        here.previous_id,
        draft.ground.anchor.date if last is None else last.approval.as_of,
        "" if last is None else last.approval.by,
        len(draft.reports),
        len(draft.used),
        max(seen, default=None),
        draft.simulated,
        "" if own is None else approval_id(own),
        "" if own is None else own.approval.by,
    )


# What changed


def sides_moved(here: Grounds) -> tuple[SideMoved, ...]:
    """What each side gained and lost."""
    moved = [here.changed.of(side) for side in here.draft.field.sides]
    return tuple(SideMoved(one.side, one.gained_km2, one.lost_km2, one.after_km2) for one in moved)


# Where the fighting is


def _recent(draft: Draft) -> list[Report]:
    """What happened in the last days, each thing once."""
    since = draft.as_of - timedelta(days=DAYS)
    kept: dict[str, Report] = {}
    for one in sorted(draft.reports, key=lambda report: (report.error_m, report.id)):
        if since <= one.happened.start < draft.as_of and one.kind is not Kind.CLAIM:
            kept.setdefault(one.group or one.id, one)
    return list(kept.values())


def _by_place(here: Grounds, reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Reports by the nearest settlement in reach."""
    found: dict[str, list[Report]] = defaultdict(list)
    box = here.draft.ground.theatre.box
    for one in reports:
        where = here.nearest(*here.draft.field.grid.to_km(one.lon, one.lat)) if box.holds(one.lon, one.lat) else None
        if where is not None and where.km <= NEAR_KM:
            found[where.place].append(one)
    return found


def fighting(here: Grounds) -> tuple[Fought, ...]:
    """Where people were seen or struck of late, the place with most reports first."""
    found = [
        Fought(
            place,
            len({one.happened.start.date() for one in some}),
            dict(sorted(Counter(one.kind.value for one in some).items(), key=lambda pair: (-pair[1], pair[0]))),
            dict(sorted(Counter(one.seen for one in some if one.seen is not None).items())),
            tuple(sorted(one.id for one in some)),
        )
        for place, some in _by_place(here, _recent(here.draft)).items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.ids), one.place)))


def struck(here: Grounds) -> tuple[Struck, ...]:
    """Where movement was seen to be struck of late, by place and whose; in the order of the alphabet, not ranked."""
    found = []
    hits = [one for one in _recent(here.draft) if is_struck_movement(one)]
    for place, some in sorted(_by_place(here, hits).items()):
        for side in here.draft.field.sides:
            own = [one for one in some if one.seen == side]
            if own:
                days = len({one.happened.start.date() for one in own})
                found.append(Struck(place, side, days, tuple(sorted(one.id for one in own))))
    return tuple(found)


# Roads


def roads(here: Grounds, stages: Sequence[Stage]) -> tuple[tuple[RoadFact, ...], bool]:
    """Named roads by whose ground they lie on and how much of them is near the other's; and whether any is known.

    `stages` are both sides' views of the draft.
    """
    graph = roads_of(here.draft.ground)
    if graph is None:
        return (), False
    near: dict[tuple[str, str, str], dict[float, float]] = defaultdict(lambda: dict.fromkeys(ROAD_KM, 0.0))
    for one in exposed_of(here.draft, graph, stages).stretches:
        for km in ROAD_KM:
            if one.name and one.within_km is not None and one.within_km <= km:
                near[one.name, one.kind, one.holder][km] += one.km
    found = [RoadFact(*key, km) for key, km in near.items() if km[ROAD_KM[1]] >= LEAST_ROAD_KM]
    return tuple(sorted(found, key=lambda one: (-one.near_km[ROAD_KM[1]], one.name, one.holder))), True


# What is not known


def grey_km2(here: Grounds) -> dict[str, float]:
    """Grey ground by its reason."""
    found: dict[str, float] = defaultdict(float)
    for one in here.draft.drawing.areas:
        if one.cls is Class.GREY:
            found[one.grey_reason or "neither_present"] += float(shapely.area(one.geometry))
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def grey_towns(here: Grounds) -> tuple[GreyTown, ...]:
    """Settlements that are grey, the largest first: why, and who was seen there of late."""
    draft = here.draft
    grey = [one for one in draft.drawing.areas if one.cls is Class.GREY]
    since, until = window(draft.as_of)
    found = []
    for one in statuses(draft):
        if one.status != "grey":
            continue
        name, at = one.settlement.name, one.settlement.at
        on_map = here.look.on_map(*at, name, since=since, until=until)
        spot = project_km(shapely.Point(*at), crs=draft.ground.theatre.crs)
        reason = min(grey, key=lambda area: float(shapely.distance(area.geometry, spot)), default=None)
        why = "neither_present" if reason is None else reason.grey_reason or "neither_present"
        seen = {side.side: side.ids for side in on_map.seen}
        found.append((one.settlement.population or 0, GreyTown(name, why, seen)))
    return tuple(town for _, town in sorted(found, key=lambda pair: (-pair[0], pair[1].place)))


def beyond(here: Grounds) -> tuple[OutOfRange, ...]:
    """Stretches in which reports disagree with the map beyond the model's test, the strongest first."""
    return tuple(_beyond(here, one) for one in here.draft.field.stretches)


def _beyond(here: Grounds, one: Stretch) -> OutOfRange:
    draft, spots = here.draft, np.asarray(one.spots_km, float).reshape(-1, 2)
    marked = shapely.buffer(shapely.multipoints(spots), one.reach_km, quad_segs=8)
    km2 = float(shapely.intersection(marked, draft.ground.frame).area)
    since = (draft.ground.anchor.date + timedelta(days=one.since_days)).date()
    where = here.nearest(*np.median(spots, axis=0).tolist())
    return OutOfRange(draft.field.sides[one.side], one.detached, since, km2, where, one.reports)


def unseen_km2(here: Grounds) -> float:
    """Unobserved ground."""
    return float(shapely.area(here.draft.drawing.unobserved))


def sky(here: Grounds) -> tuple[Sky, ...]:
    """The weather of the last days, as far as the theatre's file knows it."""
    draft = here.draft
    days = [(draft.as_of - timedelta(days=k)).date() for k in range(DAYS, 0, -1)]
    known = draft.ground.sights.sky
    name = draft.ground.theatre.observing.weather or "weather"
    clear = {day: clearness(known[day], ObservingTuning()) for day in days if day in known}
    return tuple(_sky(f"{name}:{day}", day, known[day], share) for day, share in clear.items() if share is not None)


def _sky(name: str, day: date, one: SkyDay, clear: float) -> Sky:
    return Sky(name, day, one.sees, one.cloud_percent, one.wind_kmh, one.rain_mm, clear)


def overdue(here: Grounds) -> tuple[Overdue, ...]:
    """Settlements past their review date."""
    return tuple(Overdue(one["name"], one["days"]) for one in here.draft.needs_a_look["settlements"])


def is_recent(moment: datetime, as_of: datetime, days: int = DAYS) -> bool:
    """Whether something was in the last days before a day."""
    return as_of - timedelta(days=days) <= moment < as_of
