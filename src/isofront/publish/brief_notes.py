"""What stands behind each id of a public brief: a report as cell and day, a claim, an edition, what was put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from isofront.evidence.claim import Claim
from isofront.findings.brief_public_facts import PublicFacts
from isofront.publish.brief_claims import claims_of
from isofront.publish.brief_seen import Seen
from isofront.publish.brief_site import PublicDay, ReportRow, Site


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind an id: a key of the phrase book's page, values by name, a link if one is cleared."""

    key: str
    values: Mapping[str, Any]
    url: str = ""


def notes_of(site: Site, told: PublicDay, facts: PublicFacts) -> dict[str, Note]:
    """What every id of a brief stands for."""
    here = Seen(told)
    notes = {here.report_id(n): _report_note(here, one) for n, one in here.reports.items()}
    notes |= {one.id: _claim_note(one) for one, _ in claims_of(here)}
    notes |= {one.id: Note("note_righted", {"on": one.on}) for one in facts.righted}
    before = site.named(told.day.public.changes.since_edition)
    for one in (told, before):
        if one is not None:
            values = {"as_of": one.about.as_of, "made_at": one.about.made_at, "sha256": one.digest}
            notes[one.id] = Note("note_edition", values)
    return notes


def _report_note(here: Seen, one: ReportRow) -> Note:
    column, row = here.told.day.public.cells[one.cell]
    values: dict[str, Any] = {"kind": one.kind, "seen": one.seen, "day": one.day, "cell": f"{column}/{row}"}
    return Note("note_report", values | {"grade": f"{one.reliability}{one.credibility}"}, one.link or "")


def _claim_note(one: Claim) -> Note:
    day: date = one.said_at.date()
    values = {"about": one.about, "place": one.place, "by": one.speaker, "day": day}
    return Note("note_claim", values | {"grade": f"{one.reliability}{one.credibility}"}, one.url)
