"""The public brief: from what an edition's own files say to sentences, each with the ids of what it rests on.

facts                PublicFacts       read from a site, never from a ledger
one section each     Sentence          a key of the phrase book, values by name, ids

It says nothing that the site does not show: reports are cells and days, necks whole kilometres, civilians two figures.
"Encircled" comes only out of somebody's claim. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from isofront.evidence.claim import SUBJECTS, Claim
from isofront.findings.brief import (
    MOST_AXES,
    MOST_FOUGHT,
    MOST_GREY,
    MOST_OVERDUE,
    MOST_ROADS,
    MOST_TOWNS,
    beyond_values,
    claim_values,
    moved_values,
    whose,
)
from isofront.findings.brief_public_facts import EdgeMoved, PublicFacts, PublicPocket, Stated
from isofront.findings.brief_sentence import LEAST_KM2, Part, Sentence, how_many_more, tells
from isofront.findings.brief_short import sections_of
from isofront.findings.control_table import ENCLOSURE, spot_of
from isofront.findings.rivals import Rivals, Row, range_of

OFTEN = 3
"""The level of interdicted ground on which movement was seen to be struck often."""


def public_brief(facts: PublicFacts) -> tuple[Part, ...]:
    """The sections that have something to say, in reading order; a long brief says first what it comes to."""
    return sections_of(_PARTS, facts)


# What changed


def _about(facts: PublicFacts) -> Iterator[Sentence]:
    one = facts.edition
    key = "public_map" if one.previous_id else "public_map_start"
    days = {"as_of": one.as_of, "made_at": one.made_at, "previous": one.previous_as_of}
    yield tells(key, one.both, number=one.number, before=one.previous_name, **days)
    yield tells("public_delay", [one.id], hours=one.delay_hours, moved=one.moved_km)
    if one.reports is None:
        yield tells("public_no_reports", [one.id], when=facts.not_before.get("reports"))
    else:
        yield tells("public_reports", [one.id], n=one.reports, cell=one.cell_km)
    for side in one.protected:
        yield tells("public_protected", [one.id], side=side)
    if one.corrects:
        yield tells("public_corrects", [one.id], of=one.corrects, reason=one.reason)
    if one.one_name:
        yield tells("public_one_name", [one.id], reason=one.one_name)
    if one.simulated:
        yield tells("map_simulated", [one.id])


def _change(facts: PublicFacts) -> Iterator[Sentence]:
    one, both = facts.edition, facts.edition.both
    if one.withdrawn:
        yield tells("public_change_withdrawn", [one.id])
        return
    if one.put_right:
        yield tells("public_change_put_right", both)
    moved = [side for side in facts.sides if max(side.gained_km2, side.lost_km2) >= LEAST_KM2]
    if not moved:
        yield tells("change_none", both)
    for side in moved:
        yield tells("change_side", both, **moved_values(side))
    for town in facts.towns[:MOST_TOWNS]:
        yield turned(facts, town.place, town.before, town.after, town.ids)
    yield from how_many_more("towns_more", facts.towns, MOST_TOWNS, both)
    for edge in facts.edges[:MOST_AXES]:
        yield edge_moved(facts, edge)
    rest = facts.edges[MOST_AXES:]
    if rest:
        yield tells("axes_more", both, n=len(rest), km2=sum(edge.km2 for edge in rest))
    for beyond in facts.beyond:
        yield tells("public_beyond", [one.id], **beyond_values(beyond))


def turned(facts: PublicFacts, place: str, before: str, after: str, ids: tuple[str, ...]) -> Sentence:
    """A settlement that changed class, and the reports that say most there."""
    key = "public_town" if ids else "public_town_alone"
    return tells(key, (*facts.edition.both, *ids), place=place, before=before, after=after, n=len(ids))


def edge_moved(facts: PublicFacts, one: EdgeMoved) -> Sentence:
    """An edge that came or went, and the reports that say most there."""
    key = "public_axis_came" if one.came else "public_axis_went"
    values = {"side": one.side, "km2": one.km2, "max_km": one.max_km, "where": one.where, "n": len(one.ids)}
    return tells(key, (*facts.edition.both, *one.ids), **values)


def _fighting(facts: PublicFacts) -> Iterator[Sentence]:
    one = facts.edition
    if one.reports is None:
        yield tells("public_no_reports", [one.id], when=facts.not_before.get("reports"))
        return
    shown = facts.fought[:MOST_FOUGHT]
    if not shown:
        yield tells("fought_none", [one.id], window=facts.window_days)
        return
    for place, cells in shown:
        yield tells(
            "public_fought", place.ids, place=place.place, n=len(place.ids), cells=cells, cell=one.cell_km,
            days=place.days, window=facts.window_days, by_kind=place.by_kind, by_side=place.by_side,
        )  # fmt: skip
    rest = facts.fought[MOST_FOUGHT:]
    if rest:
        names = [name for place, _ in rest for name in place.ids]
        yield tells("public_fought_more", names, n=len(rest), reports=len(names))
    yield tells("fought_unseen", [one.id])
    yield tells("public_fought_coarse", [one.id], cell=one.cell_km)


# Pockets, roads


def _pockets(facts: PublicFacts) -> Iterator[Sentence]:
    one = facts.edition
    if "pockets" in facts.not_before:
        yield tells("public_not_before", [one.id], layer="pockets", when=facts.not_before["pockets"])
        return
    if not facts.pockets:
        yield tells("pocket_none", [one.id])
    for pocket in facts.pockets:
        yield from _pocket(one.id, pocket)
    for way in facts.ways:
        yield tells("public_way", [one.id], place=way.place, neck_km=way.neck_km, enclosed=way.enclosed)


def _pocket(name: str, one: PublicPocket) -> Iterator[Sentence]:
    widths = dict(one.by_rule)
    held = widths.pop("held", None)
    values = {"side": one.side, "enemy": one.enemy, "places": one.places, "km2": one.km2, "width": held}
    yield tells("public_pocket", [name], **values)
    if widths:
        yield tells("public_pocket_rules", [name], widths=widths)


def _roads(facts: PublicFacts) -> Iterator[Sentence]:
    one = facts.edition
    for layer in ("routes", "interdicted"):
        if layer in facts.not_before:
            yield tells("public_not_before", [one.id], layer=layer, when=facts.not_before[layer])
    if not facts.has_roads and "routes" not in facts.not_before:
        yield tells("roads_unknown", [one.id])
    if facts.near_roads:
        yield tells("public_roads_near", [one.id], near=facts.near_roads)
    for way in facts.routes[:MOST_ROADS]:
        yield tells("public_routes", [one.id], place=way.place, routes=way.routes, change=way.change)
    yield from how_many_more("public_routes_more", facts.routes, MOST_ROADS, [one.id])
    for hit in facts.struck:
        total = sum(hit.by_level.values())
        yield tells("public_struck", [one.id], side=hit.side, km2=total, often=hit.by_level.get(OFTEN, 0.0))
    if facts.unlooked_km2 >= LEAST_KM2:
        yield tells("public_unlooked", [one.id], km2=facts.unlooked_km2)


# What is not known


def _grey(facts: PublicFacts) -> Iterator[Sentence]:
    name = facts.edition.id
    named = {reason: km2 for reason, km2 in facts.grey_km2.items() if km2 >= LEAST_KM2}
    yield tells("grey_area" if named else "grey_none", [name], km2=sum(named.values()), by_reason=named)
    for one in facts.grey_towns[:MOST_GREY]:
        seen = {side: len(ids) for side, ids in one.seen.items() if ids}
        key = "public_grey_town" if seen else "public_grey_town_bare"
        yield tells(key, (name, *one.ids), place=one.place, reason=one.reason, seen=seen)
    yield from how_many_more("grey_more", facts.grey_towns, MOST_GREY, [name])


def _unseen(facts: PublicFacts) -> Iterator[Sentence]:
    one = facts.edition
    yield tells("unseen_area", [one.id], km2=facts.unseen_km2)
    if facts.unseen_km2 >= LEAST_KM2:
        yield tells("unseen_hides", [one.id])
    yield tells("public_delay_hides", [one.id], hours=one.delay_hours)
    yield tells("public_weather", [one.id])
    for late in facts.overdue[:MOST_OVERDUE]:
        key = "public_last_seen" if late.day is not None else "public_never_seen"
        yield tells(key, [one.id], place=late.place, front=late.front_km, day=late.day)
    yield from how_many_more("public_overdue_more", facts.overdue, MOST_OVERDUE, [one.id])


# What is said


def _numbers(facts: PublicFacts) -> Iterator[Sentence]:
    for group in facts.rivals:
        yield from _rival(group)
    for one in facts.revised:
        yield tells("public_said_revised", [one.id], **claim_values(one))


def _rival(group: Rivals) -> Iterator[Sentence]:
    own = whose(group.rows[0].claim)
    if len(group.rows) > 1:
        low, high = range_of([row.claim for row in group.rows])
        values: dict[str, Any] = {"low": low, "high": high, "unit": SUBJECTS[group.about].unit, "whose": own}
        ids = [row.claim.id for row in group.rows]
        yield tells("rivals", ids, place=group.place, about=group.about, side=group.side, n=len(ids), **values)
    for row in group.rows:
        yield _said(row)
    if group.apart:
        both = [name for pair in group.apart for name in pair]
        yield tells("public_apart", both, place=group.place, about=group.about, whose=own, n=len(group.apart))


def _said(row: Row) -> Sentence:
    return tells("public_said", [row.claim.id], against=bool(row.against_interest), **claim_values(row.claim))


def _control(facts: PublicFacts) -> Iterator[Sentence]:
    for one in facts.control:
        yield _stated(facts.edition.id, one)


def _stated(name: str, one: Stated) -> Sentence:
    """Of enclosure nothing is judged: it is the speaker's word."""
    if one.claim.status in ENCLOSURE:
        return tells("public_control_enclosure", [one.claim.id], **claim_values(one.claim))
    return tells("public_control", [one.claim.id, name], map_status=one.map_status, **claim_values(one.claim))


def _civilians(facts: PublicFacts) -> Iterator[Sentence]:
    """Counts, oldest first in each place; how many people lived there is said once."""
    today, told = facts.edition.as_of.date(), set[tuple[str, float, float]]()
    for one in facts.civilians:
        age, spot = max((today - one.claim.day).days, 0), spot_of(one.claim)
        values = claim_values(one.claim) | {"age_days": age, "population": None if spot in told else one.population}
        told.add(spot)
        yield tells("public_civilians", [one.claim.id], **values)
    if facts.civilians:
        yield tells("civilians_unknown", [one.claim.id for one in facts.civilians])


def _corrections(facts: PublicFacts) -> Iterator[Sentence]:
    if not facts.righted:
        yield tells("public_corrections_none", facts.edition.both)
    for one in facts.righted:
        key = "public_corrected" if one.by else "public_withdrawn"
        yield tells(key, [one.id], of=one.of, by=one.by, on=one.on, reason=one.reason)


def is_civilian(claim: Claim) -> bool:
    """Whether a claim counts civilians."""
    return SUBJECTS[claim.about].civilians


_PARTS: Mapping[str, Callable[[PublicFacts], Iterator[Sentence]]] = {
    "about": _about,
    "change": _change,
    "fighting": _fighting,
    "pockets": _pockets,
    "roads": _roads,
    "grey": _grey,
    "unseen": _unseen,
    "numbers": _numbers,
    "control": _control,
    "civilians": _civilians,
    "corrections": _corrections,
}
"""The sections of a public brief, in reading order."""
