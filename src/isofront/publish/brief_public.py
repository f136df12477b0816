"""From a site's editions to the records of a public brief: what changed, where the fighting is, what is not known.

Nothing else is read. Reports are cells and days, and the number of those that a sentence counts is what the page of
the edition shows. Settlements stand in the order of their people, or of the alphabet, never of how exposed they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import shapely

from isofront.evidence.claim import Claim
from isofront.findings.brief_facts import Fought, GreyTown, OutOfRange, SideMoved, TownTurned, Width
from isofront.findings.brief_public import is_civilian
from isofront.findings.brief_public_facts import (
    EdgeMoved,
    EditionFact,
    LastSeen,
    PublicFacts,
    PublicPocket,
    Remain,
    Righted,
    RoutesFact,
    Stated,
    StruckGround,
    Way,
)
from isofront.findings.rivals import rival_groups
from isofront.publish.brief_claims import claims_of
from isofront.publish.brief_seen import Seen
from isofront.publish.brief_site import Moved, PublicDay, ReportRow, Said, Site

DAYS = 7
"""Reports of so many days before the day are told of under where the fighting is."""
NEAR_KM = 8.0
"""Cells farther from every settlement are told of under none."""
FRONT_KM, SEEN_DAYS = 5.0, 14
"""Settlements so near to the other's ground of which no report is shown for so long are told of."""
NARROW = ("pocket", "gap_2_5", "gap_under_2", "no_gap")
"""Rungs of the ladder on which a way to the rear is narrow."""


def public_facts(site: Site, told: PublicDay) -> PublicFacts:
    """All that the public brief of an edition is written from."""
    here = Seen(told)
    edition = _edition(site, told)
    unlooked = here.ground.of_side("interdicted", None, level=0)
    grey = _grey_km2(here)
    said = list(claims_of(here))
    numbers = [one for one, row in said if one.status is None and not is_civilian(one) and not row.revised]
    return PublicFacts(
        edition=edition,
        not_before=told.day.public.not_before,
        window_days=DAYS,
        sides=_sides(here),
        towns=() if edition.withdrawn else _towns(here),
        edges=() if edition.withdrawn else _edges(here),
        beyond=tuple(_beyond(here)),
        fought=_fought(here),
        pockets=tuple(_pocket(here, one.words) for one in here.ground.pockets),
        ways=_ways(here),
        has_roads=bool(here.ground.layers.get("routes")) or any(row.routes for _, row, _ in here.places),
        routes=_routes(here),
        near_roads=_near_roads(here),
        struck=_struck(here),
        unlooked_km2=float(unlooked.area),
        grey_km2=grey,
        grey_towns=_grey_towns(here),
        unseen_km2=float(told.day.area_km2.get("unobserved", 0.0)),
        overdue=_overdue(here),
        rivals=tuple(rival_groups(numbers)),
        revised=tuple(one for one, row in said if one.status is None and not is_civilian(one) and row.revised),
        control=tuple(Stated(one, _status_of(here, one)) for one, row in said if one.status and not row.revised),
        civilians=_civilians(here, said),
        righted=tuple(_righted(site, edition)),
    )


def _edition(site: Site, told: PublicDay) -> EditionFact:
    about, changes = told.about, told.day.public.changes
    return EditionFact(
        told.id, about.number, about.as_of, about.made_at, _before(site, changes.since_edition), changes.since,
        float(about.delay_hours), None if about.moved_km_95 is None else float(about.moved_km_95),
        float(about.cell_km), None if told.day.public.reports is None else about.reports,
        tuple(about.protected_sides), about.corrects or "", about.reason, about.without_second_name or "",
        about.simulated, withdrawn=site.state_of(changes.since_edition) == "pulled",
        put_right=site.state_of(changes.since_edition) == "corrected",
    )  # fmt: skip


def _before(site: Site, name: str | None) -> str:
    """What the edition before is called; with its hash where the site has it, "" where there is none to tell of."""
    found = site.named(name)
    if found is not None:
        return found.id
    return "" if name is None or site.state_of(name) == "pulled" else f"edition:{name}"


# What changed


def _sides(here: Seen) -> tuple[SideMoved, ...]:
    now = here.told.day.area_km2
    lost: dict[str, float] = defaultdict(float)
    gained: dict[str, float] = defaultdict(float)
    for change, km2 in here.told.day.public.changes.transitions_km2.items():
        before, _, after = change.partition("->")
        lost[before] += float(km2)
        gained[after] += float(km2)
    sides = [one.id for one in here.told.page.sides]
    return tuple(SideMoved(one, gained[one], lost[one], float(now.get(one, 0.0))) for one in sides)


def _towns(here: Seen) -> tuple[TownTurned, ...]:
    people = {name: n for name, _, n in here.places}
    found = sorted(here.told.day.public.changes.settlements, key=lambda one: (-people.get(one.name, 0.0), one.name))
    return tuple(TownTurned(one.name, one.before, one.after, here.town_ids(one.name, one.after)) for one in found)


def _edges(here: Seen) -> tuple[EdgeMoved, ...]:
    return tuple(edge_of(here, one) for one in here.told.day.public.changes.lines)


def edge_of(here: Seen, one: Moved) -> EdgeMoved:
    """An edge that moved, as a record."""
    spot = here.ground.spots_km([one.at])[0]
    far = None if one.up_to_km is None else float(one.up_to_km)
    where = here.nearest(float(spot[0]), float(spot[1]))
    return EdgeMoved(one.side, one.kind == "advance", float(one.km2), far, where, here.ids_of(one.reports))


def _beyond(here: Seen) -> Iterator[OutOfRange]:
    """Stretches in which reports disagree with the map beyond the model's test, as published."""
    for one in here.ground.out_of_range:
        middle = one.km.centroid
        since = date.fromisoformat(str(one.words["since"])) if "since" in one.words else None
        detached = one.words["class"] == "detached"
        where = here.nearest(float(middle.x), float(middle.y))
        yield OutOfRange(str(one.words["side"]), detached, since, float(one.km.area), where, ())


# Where the fighting is


def _fought(here: Seen) -> tuple[tuple[Fought, int], ...]:
    """Reports of the last days by the settlement nearest to their cell, the place with most first."""
    until = here.told.about.as_of.date()
    late = [
        one for one in here.reports.values() if until - timedelta(days=DAYS) <= one.day < until and one.kind != "claim"
    ]
    found: dict[str, list[ReportRow]] = defaultdict(list)
    for one in late:
        where = here.of_cell(one.cell)
        if where is not None and where.km <= NEAR_KM:
            found[where.place].append(one)
    rows = [_fought_at(here, place, some) for place, some in found.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row[0].ids), row[0].place)))


def _fought_at(here: Seen, place: str, some: list[ReportRow]) -> tuple[Fought, int]:
    kinds = sorted(Counter(one.kind for one in some).items(), key=lambda pair: (-pair[1], pair[0]))
    sides = sorted(Counter(one.seen for one in some if one.seen is not None).items())
    ids = here.ids_of(one.number for one in some)
    fought = Fought(place, len({one.day for one in some}), dict(kinds), dict(sides), ids)
    return fought, len({one.cell for one in some})


# Pockets and roads


def _pocket(here: Seen, words: Mapping[str, Any]) -> PublicPocket:
    names = [one.name for one in here.told.page.settlements]
    side = str(words["side"])
    enemy = next((one.id for one in here.told.page.sides if one.id != side), side)
    inside = tuple(names[k] for k in words.get("inside", ()) if k < len(names))
    rules = {str(rule["rule"]): _width(rule) for rule in words.get("rules", ())}
    return PublicPocket(side, enemy, inside, float(words["km2"]), rules)


def _width(rule: Mapping[str, Any]) -> Width:
    km = rule.get("neck_km")
    return Width(None if km is None else float(km), taken=rule.get("rung") == "taken")


def _ways(here: Seen) -> tuple[Way, ...]:
    """Settlements on their side's ground with a narrow way to the rear that lie in no pocket told of."""
    told = {name for one in here.ground.pockets for name in _pocket(here, one.words).places}
    found = [
        (people, Way(name, float(row.neck_km), None if (share := row.enclosure.get("10")) is None else float(share)))
        for name, row, people in here.places
        if row.rung in NARROW and row.neck_km is not None and name not in told
    ]
    return tuple(way for _, way in sorted(found, key=lambda pair: (-pair[0], pair[1].place)))


def _routes(here: Seen) -> tuple[RoutesFact, ...]:
    """Settlements whose roads to the rear became fewer or more, those with most people first."""
    found = [
        (people, RoutesFact(name, row.routes, row.routes_change))
        for name, row, people in here.places
        if row.routes is not None and row.routes_change in ("fewer", "more")
    ]
    return tuple(one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1].place)))


def _near_roads(here: Seen) -> dict[float, float]:
    """Whole km of road within so many km of the other's held ground, each including the nearer ones."""
    steps = {float(one.words["within_km"]): float(one.km.length) for one in here.ground.layers.get("routes", ())}
    return {km: float(round(sum(long for near, long in steps.items() if near <= km))) for km in sorted(steps)}


def _struck(here: Seen) -> tuple[StruckGround, ...]:
    found = []
    for side in here.told.page.sides:
        some = [one for one in here.ground.layers.get("interdicted", ()) if one.words.get("side") == side.id]
        levels = {int(one.words["level"]): float(round(one.km.area)) for one in some}
        if any(levels.values()):
            found.append(StruckGround(side.id, dict(sorted(levels.items()))))
    return tuple(found)


# What is not known


def _grey_km2(here: Seen) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for one in here.ground.grey:
        found[str(one.words.get("grey_reason") or "neither_present")] += float(one.km.area)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _grey_towns(here: Seen) -> tuple[GreyTown, ...]:
    """Settlements that are grey, those with most people first: why, and toward whom the reports that say most point."""
    found = []
    for k, (name, _, people) in enumerate(here.places):
        if here.status.get(k) != "grey":
            continue
        spot = shapely.Point(here.ground.towns_km[k])
        area = min(here.ground.grey, key=lambda one: float(one.km.distance(spot)), default=None)
        reason = "neither_present" if area is None else str(area.words.get("grey_reason") or "neither_present")
        row, seen = here.why.get(k), defaultdict(list)
        for one in () if row is None else row.reasons:
            seen[one.toward].append(one.report)
        sides = {side: here.ids_of(some) for side, some in sorted(seen.items())}
        found.append((people, GreyTown(name, reason, {side: ids for side, ids in sides.items() if ids})))
    return tuple(town for _, town in sorted(found, key=lambda pair: (-pair[0], pair[1].place)))


def _overdue(here: Seen) -> tuple[LastSeen, ...]:
    """Settlements near the other's ground from which no report is shown for long, those with most people first."""
    since = here.told.about.as_of.date() - timedelta(days=SEEN_DAYS)
    found = []
    for k, (name, row, people) in enumerate(here.places):
        seen = None if k not in here.why else here.why[k].last_seen
        if row.front_km is not None and row.front_km <= FRONT_KM and (seen is None or seen < since):
            found.append((people, LastSeen(name, float(row.front_km), seen)))
    return tuple(late for _, late in sorted(found, key=lambda pair: (-pair[0], pair[1].place)))


# What is said


def _status_of(here: Seen, claim: Claim) -> str:
    """The class of the settlement that a claim is about."""
    number = here.number_at(claim.place, float(claim.lon), float(claim.lat))
    return "grey" if number is None else here.status.get(number, "grey")


def _civilians(here: Seen, said: Iterable[tuple[Claim, Said]]) -> tuple[Remain, ...]:
    found = [one for one, row in said if is_civilian(one) and not row.revised]
    return tuple(Remain(one, _people_at(here, one)) for one in found)


def _people_at(here: Seen, claim: Claim) -> float | None:
    number = here.number_at(claim.place, float(claim.lon), float(claim.lat))
    people = None if number is None else here.places[number][1].population
    return None if people is None else float(people)


# What was put right


def _righted(site: Site, edition: EditionFact) -> Iterator[Righted]:
    """Editions corrected or withdrawn since the one before was made, in order of the list; all, where there is none."""
    made = {one.id: one.made_at for one in site.editions}
    reasons = {one.id: one.reason for one in site.editions}
    since = made.get(edition.previous_name)
    for one in site.editions:
        if one.state == "corrected" and one.corrected_by in made:
            by = one.corrected_by
            on, reason = made[by], reasons[by]
        elif one.state == "pulled":
            stone = site.tombstone(one)
            on, by, reason = stone.pulled_at, "", stone.reason
        else:
            continue
        if since is None or on > since:
            yield Righted(f"edition:{one.id}", one.id, by, on, reason)
