"""What a bundle's lines say (spec/bundle.md): one JSON object a line, told apart by `type`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from isofront.evidence.claim import NO_YEAR
from isofront.evidence.entry_faults import entry_fault, outcome_fault
from isofront.evidence.replay import report_bytes
from isofront.evidence.report import Report
from isofront.theatre.model import RELEASE_CLASSES

FORMAT = "isofront bundle"
VERSION = 1
MAX_NAME = 200
MAX_ERROR_M = 25_000_000.0
"""No two spots on Earth are farther apart: a line or an area is so inexact as it is long, whatever a row may state."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type"):
    """One line of a bundle."""


class Header(Record, frozen=True, omit_defaults=False, tag="bundle"):
    """The first line: what this is, of which theatre, and the head and length of the ledger it was made from."""

    theatre: str
    sides: tuple[str, ...]
    head: str
    count: int
    since: datetime | None = None
    stamp: str = "PRIVATE"
    format: str = FORMAT
    version: int = VERSION


class Ref(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A decision, approval or lock of the sender by name alone: what it knew of, whether it is in the bundle or not."""

    kind: str
    id: str


class Index(Record, frozen=True, tag="index"):
    """The names of all that the sender's editors decided, in the order of the sender's chain."""

    refs: tuple[Ref, ...]


class Version(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A report as it was first told or as corrected; `known` are other times at which other ledgers knew the same."""

    report: Report
    known: tuple[datetime, ...] = ()


class TakenBack(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A retraction: when it was known, and why."""

    known_at: datetime
    reason: str


class ToldReport(Record, frozen=True, tag="report"):
    """A report with all its corrections and retractions; `content` tells whether an `add` states the same."""

    id: str
    content: str
    versions: tuple[Version, ...]
    taken_back: tuple[TakenBack, ...] = ()


class Tombstone(Record, frozen=True, tag="tombstone"):
    """A report that was redacted: the SHA-256 of its id and why, nothing else."""

    id_sha256: str
    reason: str


class ToldEntry(Record, frozen=True, tag="entry"):
    """A decision, approval, lock, unlock, claim or assessment, byte for byte.

    `knew` are the verdicts that an approval's maker knew of, `taken_back` a claim's or assessment's retractions,
    `outcomes` what came of an assessment.
    """

    kind: str
    id: str
    body: str
    raw: str = ""
    knew: tuple[str, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()
    outcomes: tuple[str, ...] = ()


class ToldDraft(Record, frozen=True, tag="draft"):
    """A row that somebody began and did not save."""

    id: str
    row: dict[str, str]


class End(Record, frozen=True, tag="end"):
    """The last line: how many lines came before it, and the SHA-256 of their bytes."""

    lines: int
    sha256: str


Line = Header | Index | ToldReport | Tombstone | ToldEntry | ToldDraft | End
Told = ToldReport | Tombstone | ToldEntry | ToldDraft

ENCODER = msgspec.json.Encoder()
DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def same_said(report: Report) -> str:
    """A hash of what a report states, whoever recorded it whenever, and however their theatre grades its source."""
    bare = replace(report, known_at=_EPOCH, known_inferred=False, group="", reliability="")
    return hashlib.sha256(report_bytes(bare)).hexdigest()[:32]


def fault_of(told: Told, sides: Sequence[str]) -> str | None:
    """Why a record cannot be taken, or None; its shape is right already."""
    if isinstance(told, ToldReport):
        return _report_fault(told, sides)
    if isinstance(told, Tombstone):
        return None if _is_hex(told.id_sha256, 64) else "a tombstone without the 64 hex digits of an id's hash"
    if not 0 < len(told.id) <= MAX_NAME:
        return f"an id of {len(told.id)} characters, wanted 1 to {MAX_NAME}"
    if not isinstance(told, ToldEntry):
        return None
    return entry_fault(told.kind, told.id, told.body, told.raw, sides) or outcome_fault(told.id, told.outcomes)


def _report_fault(told: ToldReport, sides: Sequence[str]) -> str | None:
    if not 0 < len(told.id) <= MAX_NAME:
        return f"a report's id of {len(told.id)} characters, wanted 1 to {MAX_NAME}"
    if not told.versions:
        return f"report {told.id!r} without a version"
    if not _is_hex(told.content, 2):
        return f"report {told.id!r}: content {told.content[:20]!r}, wanted hex digits"
    if any(back.known_at.tzinfo is None for back in told.taken_back):
        return f"report {told.id!r}: a retraction's time without a zone"
    return next((fault for one in told.versions if (fault := _version_fault(told.id, one, sides))), None)


def _version_fault(name: str, version: Version, sides: Sequence[str]) -> str | None:
    report = version.report
    times = (report.known_at, report.happened.start, report.happened.end, *version.known, report.published_at)
    if any(time is not None and time.tzinfo is None for time in times):
        return f"report {name!r}: a time without a zone"
    release, late = report.release, [time for time in times if time is not None and time.year >= NO_YEAR]
    wrong = (
        (report.id != name, f"holds another's bytes ({report.id!r})"),
        (not {report.seen, report.by} <= {None, *sides}, f"side {report.seen!r} or {report.by!r} is none of the war's"),
        (not (abs(report.lon) <= 180 and abs(report.lat) <= 90), f"no place on Earth ({report.lon}, {report.lat})"),
        (
            not 0 < report.error_m <= MAX_ERROR_M,
            f"error_m {report.error_m}, wanted more than 0, at most {MAX_ERROR_M:g}",
        ),
        (report.reliability not in tuple("ABCDEF"), f"reliability {report.reliability!r}, wanted A-F"),
        (report.credibility not in range(1, 7), f"credibility {report.credibility}, wanted 1-6"),
        (report.happened.end < report.happened.start, "ends before it starts"),
        (bool(late), f"of the year {late[0].year if late else ''}"),
        (release not in ("", *RELEASE_CLASSES), f"release {release!r}, wanted one of {', '.join(RELEASE_CLASSES)}"),
    )
    return next((f"report {name!r}: {fault}" for bad, fault in wrong if bad), None)


def _is_hex(text: str, least: int) -> bool:
    return least <= len(text) <= 128 and len(text) % 2 == 0 and not text.strip("0123456789abcdef")
