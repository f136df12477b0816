"""The day's brief from everything that is known: the map, what was said, what was judged, what others drew.

draft                 engine.brief_map     the ground
draft                 engine.brief_moved   what moved, and by which reports
ledger                claims, assessments  what was said and judged, what was put right
others' maps, fronts  difference           how they differ, and a line each
all of it             findings.brief       sentences with the ids of what they rest on
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec
import shapely

from isofront.engine import brief_map as ground_facts
from isofront.engine import brief_moved as moved
from isofront.engine.brief_map import Grounds, approval_id
from isofront.engine.brief_moved import Moves, Rests
from isofront.engine.claims import approved_maps, held_by_side
from isofront.engine.drafting import Draft, bare_sheet, ground_of, read_reports
from isofront.engine.necks import (
    MAP_SAMPLES,
    ladder_of,
    largest_first,
    plain_necks,
    with_intervals,
)
from isofront.evidence.assessment import REDACTED, Judged, assessments, evidence_named, taken_back
from isofront.evidence.claim import CLAIM, SUBJECTS, Claim
from isofront.evidence.claim_index import Wanted, claims_wanted
from isofront.evidence.ledger import Ledger, ledger_path
from isofront.evidence.replay import CORRECTION, REDACTION, RETRACTION, Reason, read_report
from isofront.evidence.report import Report
from isofront.findings.brief_facts import Correction, Facts, OtherFront, OtherMap, PocketFact
from isofront.findings.control_table import control_table, spot_of
from isofront.findings.on_map import OnMap
from isofront.findings.rivals import rival_groups
from isofront.front.apart import apart, deep_in, difference, line_in
from isofront.front.dated import Dated
from isofront.front.pockets import Stage
from isofront.front.rules import Pockets, Rule
from isofront.ground.repair import polygonal
from isofront.publish import Sheet
from isofront.threads import side_by_side

CLAIM_DAYS = 30
"""Claims said, and outcomes known, longer ago are not told again; but those about civilians, with their age."""
FRONT_DAYS = 7
SAMPLED = {Rule.HELD: MAP_SAMPLES[Rule.HELD]}
"""Maps sampled for a brief: it tells the interval by the rule "held", of other rules the width on the map, and of
enclosure nothing."""


@dataclass(frozen=True)
class OthersMap:
    """Another mapper's map of a day: the name it goes by in the brief's sources, the mapper, its ground (km)."""

    id: str
    mapper: str
    map: Dated


@dataclass(frozen=True)
class SourceNote:
    """What stands behind an id in the list of sources; empty where it does not apply. `kind` is a key of the phrase
    book's [sources], `what` a kind of report, somebody's words or an id."""

    kind: str
    day: str = ""
    by: str = ""
    what: str = ""
    grade: str = ""
    url: str = ""


@dataclass(frozen=True)
class Told:
    """The records of a brief, and what its ids stand for."""

    draft: Draft
    facts: Facts
    notes: Mapping[str, SourceNote]
    simulated: bool


@dataclass(frozen=True)
class Measured:
    """What takes longest of a brief: necks with their intervals, what moved, and by which reports."""

    here: Grounds
    necks: Pockets
    moves: Moves
    rests: Rests
    stages: tuple[Stage, ...]

    @cached_property
    def pockets(self) -> tuple[PocketFact, ...]:
        """The pockets that the brief tells of."""
        return moved.pockets(self.here, self.necks, self.rests)

    @property
    def gap_place(self) -> str | None:
        """The place whose neck is plotted."""
        return next((one.measured_at for one in self.pockets if one.measured_at), None)


def measured_of(draft: Draft) -> Measured:
    """Necks, and what moved the ground: side by side in two steps, as the second needs what the first found."""
    here = Grounds(draft)
    _ = draft.drawing  # both of the next need it
    plain, moves = side_by_side(lambda: plain_necks(draft, whole=False), lambda: moved.moves_of(here))
    pockets = largest_first(pocket for one in plain for pocket in one.pockets)
    close = moved.nearly_cut_off(pockets, ladder_of(draft))
    necks, rests = side_by_side(
        lambda: with_intervals(plain, samples=SAMPLED, rings=False), lambda: moved.rests_on(here, moves, close)
    )
    return Measured(here, necks, moves, rests, tuple(one.scene.stage for one in plain))


def told_of(measured: Measured, *, against: Sequence[OthersMap] = (), also: Sequence[Path] = ()) -> Told:
    """All that a brief is written from."""
    here, moves, rests = measured.here, measured.moves, measured.rests
    draft = here.draft
    roads, has_roads = ground_facts.roads(here, measured.stages)
    said = _said(here)
    facts = Facts(
        map=ground_facts.map_fact(here),
        window_days=ground_facts.DAYS,
        sides=ground_facts.sides_moved(here),
        towns=moved.towns_turned(moves, rests),
        axes=moved.axes(here, moves, rests),
        beyond=ground_facts.beyond(here),
        fought=ground_facts.fighting(here),
        pockets=measured.pockets,
        roads=roads,
        has_roads=has_roads,
        struck=ground_facts.struck(here),
        grey_km2=ground_facts.grey_km2(here),
        grey_towns=ground_facts.grey_towns(here),
        unseen_km2=ground_facts.unseen_km2(here),
        sky=ground_facts.sky(here),
        overdue=ground_facts.overdue(here),
        rivals=tuple(rival_groups(said.numbers)),
        control=tuple(control_table(said.control, lambda claim: _since(here, claim))),
        assessments=said.judged,
        evidence_names=said.names,
        elsewhere=tuple(rival_groups(said.elsewhere)),
        fronts=tuple(_front(folder, draft) for folder in also),
        civilians=tuple(rival_groups(said.civilians)),
        others=tuple(_others(here, against)),
        corrections=said.corrections,
    )
    simulated = draft.simulated or said.simulated or any(ground_of(folder).theatre.simulated for folder in also)
    return Told(draft, facts, _notes(here, said, against, facts), simulated)


def sheet_of(draft: Draft, *, language: str) -> Sheet:
    """The draft as what the picture of the map needs, in a language: without reports and reasons."""
    theatre = draft.ground.theatre
    theatre = msgspec.structs.replace(theatre, map=msgspec.structs.replace(theatre.map, language=language))
    return replace(bare_sheet(draft), theatre=theatre, summary={"reports_used": len(draft.used)})


# What was said


@dataclass(frozen=True)
class _Said:
    """What the ledger holds beside reports: claims by where they go, judgements and the claims that they name (a claim
    goes by one name all over the brief), what was put right."""

    numbers: tuple[Claim, ...] = ()
    control: tuple[Claim, ...] = ()
    elsewhere: tuple[Claim, ...] = ()
    civilians: tuple[Claim, ...] = ()
    judged: tuple[Judged, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    cited: tuple[Claim, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims that the brief tells of."""
        return (*self.numbers, *self.control, *self.elsewhere, *self.civilians)

    @property
    def simulated(self) -> bool:
        """Whether any of it is invented."""
        return any(one.simulated for one in self.claims) or any(one.assessment.simulated for one in self.judged)


def _said(here: Grounds) -> _Said:
    draft = here.draft
    path = ledger_path(draft.ground.folder)
    if not path.exists():
        return _Said()
    last = draft.known_by
    some = claims_wanted(path, Wanted(last=last, known_by=draft.known_by))
    box, since = draft.ground.theatre.box, draft.as_of - timedelta(days=CLAIM_DAYS)
    civil = _latest(one for one in some if SUBJECTS[one.about].civilians)
    late = [one for one in some if not SUBJECTS[one.about].civilians and one.said_at >= since]
    inside = [one for one in late if box.holds(float(one.lon), float(one.lat))]
    elsewhere = tuple(one for one in late if not box.holds(float(one.lon), float(one.lat)))
    with Ledger.open(path) as ledger:
        made = [one for one in assessments(ledger, known_by=draft.known_by) if one.assessment.as_of < last]
        judged = tuple(one for one in made if one.outcome is None or one.outcome.known_at >= since)
        kept = evidence_named(ledger, [one.assessment for one in judged])
        gone = {REDACTED, *taken_back(ledger, known_by=draft.known_by)}
        corrections = tuple(_corrections(ledger, here))
    numbers = tuple(one for one in inside if one.status is None)
    control = tuple(one for one in inside if one.status is not None)
    names = {key: name.removeprefix(f"{CLAIM}:") for key, name in kept.items() if name not in gone}
    cited = tuple(one for one in some if one.id in set(names.values()))
    return _Said(numbers, control, elsewhere, civil, judged, names, cited, corrections)


def _latest(some: Iterable[Claim]) -> tuple[Claim, ...]:
    """Of each speaker the last word on one thing at one place; `some` are in order of saying."""
    return tuple({(one.speaker, *spot_of(one), one.about): one for one in some}.values())


def _since(here: Grounds, claim: Claim) -> OnMap:
    """The day's map at a claim's place, and who was seen there since the claim."""
    until = here.draft.as_of
    since = datetime.combine(claim.day, datetime.min.time(), until.tzinfo)
    end = max(until, since + timedelta(days=1))
    return here.look.on_map(float(claim.lon), float(claim.lat), claim.place, since=since, until=end)


def _corrections(ledger: Ledger, here: Grounds) -> Iterator[Correction]:
    """What was put right or taken back since the map before, as known by then, oldest first."""
    draft = here.draft
    since = None if here.last is None else here.last.approval.known_at
    names = {n: name for name, n in ledger.names().items()}
    found: list[Correction] = []
    for line, body in ledger.lines(CORRECTION, RETRACTION, REDACTION):
        known_at = line.at
        if line.type == CORRECTION and body is not None:
            known_at = read_report(body).known_at
        elif line.type == RETRACTION and body is not None:
            known_at = _retracted_at(body) or line.at
        if (since is None or known_at > since) and known_at < draft.known_by and line.of is not None:
            of = names.get(line.of, "")
            found.append(Correction(f"{line.type}:{of or len(found) + 1}", of, line.type, known_at))
    yield from sorted(dict.fromkeys(found), key=lambda one: (one.known_at, one.id))


def _retracted_at(body: bytes) -> datetime | None:
    return msgspec.json.decode(body, type=Reason).known_at


# Others


def _front(folder: Path, draft: Draft) -> OtherFront:
    """Another theatre: its last approved map known by then (else the map it began from), and reports since."""
    ground = ground_of(folder)
    maps = [one for one in approved_maps(ground, known_by=draft.known_by) if one.as_of <= draft.as_of]
    theatre = ground.theatre
    areas, as_of = (maps[-1].areas, maps[-1].as_of) if maps else (ground.areas, ground.anchor.date)
    km2 = {side: float(shapely.area(shape)) for side, shape in held_by_side(areas).items()}
    recent = [
        one
        for one in read_reports(ground.folder, draft.known_by)
        if ground_facts.is_recent(one.happened.start, draft.as_of, FRONT_DAYS)
    ]
    names = {side.id: dict(side.names) for side in theatre.sides}
    title = theatre.title or theatre.name
    return OtherFront(
        f"theatre:{theatre.name}", title, as_of, bool(maps), dict(sorted(km2.items())), names, len(recent), FRONT_DAYS,
        dict(theatre.titles),
    )  # fmt: skip


def _others(here: Grounds, against: Sequence[OthersMap]) -> Iterator[OtherMap]:
    """How each other map of the ground that both speak of differs from ours, by the held ground of each side it has."""
    ground = here.draft.ground
    for other in against:
        frame = ground.frame
        if other.map.known is not None:
            frame = polygonal(shapely.intersection(frame, other.map.known))
        for side, theirs in other.map.held.items():
            if side not in ground.theatre.side_ids or frame.is_empty:
                continue
            a, b = (polygonal(shapely.intersection(shape, frame)) for shape in (here.after.held[side], theirs))
            found, lines = difference(a, b), apart(line_in(a, frame), line_in(b, frame), deep_in(frame))
            yield OtherMap(
                other.id,
                other.mapper,
                None if other.map.date is None else other.map.date.date(),
                side,
                found.only_a_km2,
                found.only_b_km2,
                found.both_km2,
                None if lines is None else lines.median_km,
                None if lines is None else lines.p95_km,
            )


# What ids stand for


def _notes(here: Grounds, said: _Said, against: Sequence[OthersMap], facts: Facts) -> dict[str, SourceNote]:
    draft, last, own = here.draft, here.last, here.draft.standing.approved
    by = "" if last is None else last.approval.by
    notes = {one.id: _report_note(one) for one in draft.reports}
    notes |= {one.id: _claim_note(one) for one in (*said.cited, *said.claims)}
    notes |= {f"assessment:{one.assessment.id}": _judged_note(one) for one in said.judged}
    notes |= {one.id: SourceNote("others_map", str(one.map.date or "")[:10], one.mapper) for one in against}
    notes |= {one.id: SourceNote(one.kind, f"{one.known_at:%Y-%m-%d}", what=one.of) for one in facts.corrections}
    notes |= {one.id: SourceNote("weather", f"{one.day}") for one in facts.sky}
    notes |= {one.id: SourceNote("theatre", f"{one.as_of:%Y-%m-%d}", what=one.title) for one in facts.fronts}
    kind = "first_map" if last is None else "approved_map"
    if own is not None:
        notes[approval_id(own)] = SourceNote("approved_map", f"{own.approval.as_of:%Y-%m-%d}", own.approval.by)
    notes[here.previous_id] = SourceNote(kind, f"{facts.map.previous_as_of:%Y-%m-%d}", by)
    notes[here.id] = SourceNote("draft", f"{draft.as_of:%Y-%m-%d}")
    return notes


def _report_note(one: Report) -> SourceNote:
    url = one.links[0].url if one.links else ""
    day = f"{one.happened.start:%Y-%m-%d}"
    return SourceNote("report", day, one.source, one.kind.value, f"{one.reliability}{one.credibility}", url)


def _claim_note(one: Claim) -> SourceNote:
    day = f"{one.said_at:%Y-%m-%d}"
    return SourceNote("claim", day, one.speaker, one.quote, f"{one.reliability}{one.credibility}", one.url)


def _judged_note(one: Judged) -> SourceNote:
    told = one.assessment
    return SourceNote("assessment", f"{told.as_of:%Y-%m-%d}", told.author, told.question)
