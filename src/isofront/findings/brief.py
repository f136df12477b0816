"""The situation brief: from plain records to sentences, each with its numbers and the ids of what it rests on.

facts                Facts             what the engine measured, what was said, what was judged
one section each     Sentence          a key of the phrase book, values by name, ids
sections             Part              in the order in which a brief is read

Words come later (`brief_words`): here nothing is English. A sentence without anything to rest on is not written. No
sentence holds both how probable and how well founded; "encircled" comes only out of somebody's claim. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from isofront.evidence.assessment import Judged
from isofront.evidence.claim import SUBJECTS, Claim
from isofront.findings.brief_facts import Facts, Ids, OutOfRange, PocketFact, SideMoved
from isofront.findings.brief_sentence import LEAST_KM2, Part, Sentence, how_many_more, tells
from isofront.findings.brief_short import SHORT, sections_of
from isofront.findings.control_table import Stated, Support
from isofront.findings.rivals import Rivals, Row, of_either_side, range_of
from isofront.findings.saying import as_told, converted, in_said_unit, told_km2

MOST_TOWNS, MOST_AXES, MOST_FOUGHT, MOST_ROADS, MOST_GREY, MOST_OVERDUE = 12, 6, 6, 6, 8, 6
BLIND = 0.5
"""Weather that leaves less than this share of what can be seen is told of, day by day."""


def brief(facts: Facts) -> tuple[Part, ...]:
    """The sections that have something to say, in reading order; a long brief says first what it comes to."""
    return sections_of(_PARTS, facts)


# What changed


def _about(facts: Facts) -> Iterator[Sentence]:
    one = facts.map
    both = (one.id, one.previous_id)
    key = "map_approved" if one.approved_by else "map_start"
    yield tells(key, both, as_of=one.as_of, previous=one.previous_as_of, by=one.approved_by)
    if one.own_by:
        yield tells("map_own", [one.id, one.own_id], by=one.own_by)
    yield tells("map_reports", [one.id], used=one.used, reports=one.reports, known_by=one.known_by)
    if one.last_seen is not None:
        yield tells("map_last", [one.id], last_seen=one.last_seen)
    if one.simulated:
        yield tells("map_simulated", [one.id])


def _change(facts: Facts) -> Iterator[Sentence]:
    both = (facts.map.id, facts.map.previous_id)
    moved = [one for one in facts.sides if max(one.gained_km2, one.lost_km2) >= LEAST_KM2]
    if not moved:
        yield tells("change_none", both)
    for one in moved:
        yield tells("change_side", both, **moved_values(one))
    for town in facts.towns[:MOST_TOWNS]:
        values = {"place": town.place, "before": town.before, "after": town.after, "n": len(town.ids)}
        yield tells("town" if town.ids else "town_alone", (*both, *town.ids), **values)
    yield from how_many_more("towns_more", facts.towns, MOST_TOWNS, both)
    for axis in facts.axes[:MOST_AXES]:
        yield tells(
            "axis_came" if axis.came else "axis_went", (*both, *axis.ids), side=axis.side, km2=axis.km2,
            max_km=axis.max_km, bearing=axis.bearing_deg, where=axis.where, p=axis.p, n=len(axis.ids),
        )  # fmt: skip
    rest = facts.axes[MOST_AXES:]
    if rest:
        yield tells("axes_more", both, n=len(rest), km2=sum(one.km2 for one in rest))
    for beyond in facts.beyond:
        yield tells("beyond", (facts.map.id, *beyond.ids), n=len(beyond.ids), **beyond_values(beyond))


def moved_values(one: SideMoved) -> dict[str, Any]:
    """What a side gained and lost as it is told: what comes out is the difference of the two numbers told."""
    gained, lost = told_km2(one.gained_km2), told_km2(one.lost_km2)
    return {"side": one.side, "gained": gained, "lost": lost, "net": gained - lost, "now": one.now_km2}


def beyond_values(one: OutOfRange) -> dict[str, Any]:
    """Ground on which the line is not to be trusted, as sentences take it."""
    return {"side": one.side, "detached": one.detached, "since": one.since, "km2": one.km2, "where": one.where}


def _fighting(facts: Facts) -> Iterator[Sentence]:
    shown = facts.fought[:MOST_FOUGHT]
    if not shown:
        yield tells("fought_none", [facts.map.id], window=facts.window_days)
    for one in shown:
        yield tells(
            "fought", one.ids, place=one.place, n=len(one.ids), days=one.days, window=facts.window_days,
            by_kind=one.by_kind, by_side=one.by_side,
        )  # fmt: skip
    if shown:
        yield tells("fought_unseen", [facts.map.id])


# Pockets, roads


def _pockets(facts: Facts) -> Iterator[Sentence]:
    if not facts.pockets:
        yield tells("pocket_none", [facts.map.id])
    for one in facts.pockets:
        yield from _pocket(one, (facts.map.id, *one.ids))


def _pocket(one: PocketFact, ids: Ids) -> Iterator[Sentence]:
    yield tells(
        "pocket", ids, side=one.side, enemy=one.enemy, places=one.places, where=one.where, km2=one.km2,
        neck_km=one.neck_km, n=len(one.ids),
    )  # fmt: skip
    held = one.by_rule.get("held")
    if held is not None:
        key = "pocket_interval" if held.sampled else "pocket_at"
        low, high = held.low_km, held.high_km
        yield tells(key, ids, place=one.measured_at, neck_km=one.neck_km, km=held.km, low=low, high=high)
    others = {rule: width for rule, width in one.by_rule.items() if rule != "held"}
    if others:
        yield tells("pocket_rules", ids, widths=others)
    if one.p_cut_off is not None and one.p_cut_off >= 0.005:
        yield tells("pocket_cut", ids, p=one.p_cut_off, place=one.measured_at)


def _roads(facts: Facts) -> Iterator[Sentence]:
    if not facts.has_roads:
        yield tells("roads_unknown", [facts.map.id])
    for one in facts.roads[:MOST_ROADS]:
        key = "road_nobody" if not one.holder else "road"
        yield tells(key, [facts.map.id], name=one.name, kind=one.kind, holder=one.holder, near=one.near_km)
    for hit in facts.struck[:MOST_ROADS]:
        yield tells(
            "struck", hit.ids, place=hit.place, side=hit.side, n=len(hit.ids), days=hit.days, window=facts.window_days
        )


# What is not known


def _grey(facts: Facts) -> Iterator[Sentence]:
    named = {reason: km2 for reason, km2 in facts.grey_km2.items() if km2 >= LEAST_KM2}
    yield tells("grey_area" if named else "grey_none", [facts.map.id], km2=sum(named.values()), by_reason=named)
    for one in facts.grey_towns[:MOST_GREY]:
        seen = {side: len(ids) for side, ids in one.seen.items() if ids}
        key = "grey_town" if seen else "grey_town_unseen"
        yield tells(key, (facts.map.id, *one.ids), place=one.place, reason=one.reason, seen=seen)
    yield from how_many_more("grey_more", facts.grey_towns, MOST_GREY, [facts.map.id])


def _unseen(facts: Facts) -> Iterator[Sentence]:
    yield tells("unseen_area", [facts.map.id], km2=facts.unseen_km2)
    if facts.unseen_km2 >= LEAST_KM2:
        yield tells("unseen_hides", [facts.map.id])
    yield from _weather(facts)
    for late in facts.overdue[:MOST_OVERDUE]:
        key = "overdue" if late.days is not None else "overdue_never"
        yield tells(key, [facts.map.id], place=late.place, days=late.days)
    yield from how_many_more("overdue_more", facts.overdue, MOST_OVERDUE, [facts.map.id])


def _weather(facts: Facts) -> Iterator[Sentence]:
    """On how many of the last days much could be seen; each day on which it could not by itself."""
    if not facts.sky:
        yield tells("sky_unknown", [facts.map.id], window=facts.window_days)
        return
    bad = [one for one in facts.sky if one.clear < BLIND]
    yield tells("sky", [one.id for one in facts.sky], n=len(facts.sky), bad=len(bad), window=facts.window_days)
    for one in bad:
        weather = {"sees": one.sees, "cloud": one.cloud_percent, "wind": one.wind_kmh, "rain": one.rain_mm}
        yield tells("sky_bad", [one.id], day=one.day, clear=one.clear, **weather)
    if bad:
        yield tells("sky_hides", [one.id for one in bad])


# What is said


def _numbers(facts: Facts) -> Iterator[Sentence]:
    for group in facts.rivals:
        yield from _rival(group)


def _rival(group: Rivals) -> Iterator[Sentence]:
    standing = [row for row in group.rows if row.revised_by is None]
    ids = [row.claim.id for row in standing]
    if len(standing) > 1:
        low, high = range_of([row.claim for row in standing])
        yield tells(
            "rivals", ids, place=group.place, about=group.about, side=group.side, whose=whose(standing[0].claim),
            n=len(standing), low=low, high=high, unit=SUBJECTS[group.about].unit,
        )  # fmt: skip
    for row in group.rows:
        yield _said(row)
    for one, other in group.apart:
        speakers = {row.claim.id: row.claim.speaker for row in group.rows}
        yield tells("apart", (one, other), one=speakers[one], other=speakers[other], day=_day(group, one))


def _day(group: Rivals, name: str) -> object:
    return next(row.claim.day for row in group.rows if row.claim.id == name)


def _said(row: Row, *, prefix: str = "said") -> Sentence:
    one = row.claim
    key = f"{prefix}_revised" if row.revised_by else prefix
    ids = [one.id, row.revised_by] if row.revised_by else [one.id]
    return tells(key, ids, against=bool(row.against_interest), **claim_values(one))


def claim_values(one: Claim) -> dict[str, Any]:
    """A claim as sentences take it; civilians rounded."""
    civilians, told = SUBJECTS[one.about].civilians, as_told(one)
    as_said = in_said_unit(one)
    return {
        "speaker": one.speaker, "named_as": one.named_as, "interest": one.interest, "said_on": one.said_at.date(),
        "day": one.day, "place": one.place, "about": one.about, "whose": whose(one), "low": converted(one, told.low),
        "high": converted(one, told.high), "bound": told.bound.value, "unit": one.unit,
        "as_said": None if as_said is None else (*as_said, one.said_unit), "side": one.side, "other": one.against,
        "status": None if one.status is None else one.status.value, "counts": {} if civilians else dict(one.counts),
        "grade": f"{one.reliability}{one.credibility}",
    }  # fmt: skip


def whose(one: Claim) -> str | None:
    """Whose the number is, where it can be either side's and does not say so itself, as a ratio does."""
    return one.side if of_either_side(one) and one.unit not in ("", "to one") else None


def _control(facts: Facts) -> Iterator[Sentence]:
    for row in facts.control:
        yield _stated(facts, row)


def _stated(facts: Facts, row: Stated) -> Sentence:
    seen = {one.side: one.reports for one in row.on_map.seen if one.reports}
    reports = [name for one in row.on_map.seen for name in one.ids]
    judged = row.support is not Support.NOT_JUDGED
    ids = [row.claim.id, row.since.id, *([facts.map.id, *reports] if judged else [])]
    values = claim_values(row.claim) | {
        "since": row.since.day, "support": row.support.name.lower(), "seen": seen, "map_status": row.on_map.status,
    }  # fmt: skip
    return tells("control" if judged else "control_enclosure", ids, **values)


def _assessments(facts: Facts) -> Iterator[Sentence]:
    for judged in facts.assessments:
        yield from _judged(judged, facts.evidence_names)


def _judged(judged: Judged, names: Mapping[str, str]) -> Iterator[Sentence]:
    """The sentence as it was written; then what its word stands for; then, apart, how well founded it is."""
    one = judged.assessment
    name = f"assessment:{one.id}"
    yield tells("judged", [name], author=one.author, on=one.as_of.date(), sentence=one.sentence, place=one.place)
    low, high = one.likelihood.span
    key = "judged_span" if one.worded else "judged_word"
    yield tells(key, [name], likelihood=one.likelihood.value, low=low, high=high)
    if one.confidence:
        yield tells("judged_confidence", [name], confidence=one.confidence)
    named = [[names[key] for key in keys if key in names] for keys in (one.evidence, one.against)]
    told = [*named[0], *named[1]]
    n_for, n_against = (len(some) for some in (named if told else (one.evidence, one.against)))
    rest = len(one.evidence) + len(one.against) - n_for - n_against
    yield tells("judged_rests" if told else "judged_bare", [name, *told], n_for=n_for, n_against=n_against, gone=rest)
    if judged.outcome is not None:
        came = judged.outcome
        yield tells("judged_came", [name], came=came.came.value, by=came.by, on=came.known_at.date())


def _elsewhere(facts: Facts) -> Iterator[Sentence]:
    for one in facts.fronts:
        yield tells(
            "front" if one.approved else "front_start", [one.id], title=one.title, titles=one.titles, as_of=one.as_of,
            held=one.held_km2,
            names=one.names, n=one.reports, days=one.reports_days,
        )  # fmt: skip
    for group in facts.elsewhere:
        standing = [row for row in group.rows if row.revised_by is None]
        for row in standing:
            yield _said(row, prefix="elsewhere" if row.claim.status is None else "elsewhere_control")


def _civilians(facts: Facts) -> Iterator[Sentence]:
    today = facts.map.as_of.date()
    for group in facts.civilians:
        for row in group.rows:
            if row.revised_by is None:
                one = row.claim
                values = claim_values(one) | {"age_days": max((today - one.day).days, 0)}
                yield tells("civilians", [one.id], **values)
    if facts.civilians:
        ids = [row.claim.id for group in facts.civilians for row in group.rows if row.revised_by is None]
        yield tells("civilians_unknown", ids)


# Others, and what was put right


def _others(facts: Facts) -> Iterator[Sentence]:
    for one in facts.others:
        ids = (facts.map.id, one.id)
        yield tells(
            "other_ground", ids, mapper=one.mapper, day=one.day, side=one.side, ours=one.only_ours_km2,
            theirs=one.only_theirs_km2, both=one.both_km2,
        )  # fmt: skip
        if one.median_km is not None:
            yield tells("other_line", ids, mapper=one.mapper, median=one.median_km, p95=one.p95_km)


def _corrections(facts: Facts) -> Iterator[Sentence]:
    both = (facts.map.id, facts.map.previous_id)
    if not facts.corrections:
        yield tells("corrections_none", both)
    for one in facts.corrections:
        yield tells(f"correction_{one.kind}", [one.id], of=one.of, known_at=one.known_at)


_PARTS: Mapping[str, Callable[[Facts], Iterator[Sentence]]] = {
    "about": _about,
    "change": _change,
    "fighting": _fighting,
    "pockets": _pockets,
    "roads": _roads,
    "grey": _grey,
    "unseen": _unseen,
    "numbers": _numbers,
    "control": _control,
    "assessments": _assessments,
    "elsewhere": _elsewhere,
    "civilians": _civilians,
    "others": _others,
    "corrections": _corrections,
}
SECTIONS = ("about", SHORT, *list(_PARTS)[1:])
"""The sections of a brief, in reading order; a phrase book has a title for each."""
