"""What an analyst judges: a sentence with a probability word, what speaks for and against it, later what came of it.

The seven bins are those of ICD 203 (spec/assessments.md). An outcome is an entry about the assessment's line, and goes
with it if that is redacted. What it rests on is kept as hashes of ids, so that `redact` leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeVar

import msgspec

from isofront.errors import BadInputError, IntegrityError
from isofront.evidence.claim import CLAIM
from isofront.evidence.decision import cited
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, Note
from isofront.evidence.replay import RETRACTION, Reason

ASSESSMENT, OUTCOME = "assessment", "outcome"
VERSION = 1
T = TypeVar("T")
LONGEST = 600
REDACTED = "(redacted)"
"""Stands for the name of evidence that was destroyed."""
CONFIDENCES = ("", "low", "moderate", "high")
_KINDS = ("", f"{CLAIM}:", "decision:", "approval:", f"{ASSESSMENT}:")
"""What can be rested on: reports, claims, decisions, approved maps, other assessments."""


class Likelihood(Enum):
    """The seven bins of ICD 203."""

    ALMOST_NO_CHANCE = "almost_no_chance"
    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    ROUGHLY_EVEN = "roughly_even"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"
    ALMOST_CERTAIN = "almost_certain"

    @property
    def span(self) -> tuple[float, float]:
        """What the word stands for, as probabilities."""
        return SPANS[self]

    @property
    def p(self) -> float:
        """The middle of its span: what a score takes it for."""
        return sum(SPANS[self]) / 2


SPANS = {
    Likelihood.ALMOST_NO_CHANCE: (0.01, 0.05),
    Likelihood.VERY_UNLIKELY: (0.05, 0.20),
    Likelihood.UNLIKELY: (0.20, 0.45),
    Likelihood.ROUGHLY_EVEN: (0.45, 0.55),
    Likelihood.LIKELY: (0.55, 0.80),
    Likelihood.VERY_LIKELY: (0.80, 0.95),
    Likelihood.ALMOST_CERTAIN: (0.95, 0.99),
}
"""ICD 203, Analytic Standards (2 January 2015), D.6.e.2."""


class Came(Enum):
    """What came of an assessment: whether it was right."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Assessment(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One judgement. `worded`: the word stands in the sentence; else whoever entered it chose it.

    `evidence` and `against` are `cited` names of what speaks for and against it; `confidence`: how well founded it is.
    """

    id: str
    author: str
    as_of: datetime
    known_at: datetime
    question: str
    sentence: str
    likelihood: Likelihood
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    resolves_by: date | None = None
    confidence: str = ""
    place: str = ""
    worded: bool = True
    known_inferred: bool = False
    simulated: bool = False
    version: int = VERSION


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of an assessment, who says so, why, and when it was known."""

    came: Came
    reason: str
    by: str
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment, its line in the ledger, and what came of it, if that is known."""

    n: int
    assessment: Assessment
    outcome: Outcome | None = None


def assessment_id(one: Assessment) -> str:
    """`as-` and twelve hex digits of the SHA-256 of what it says."""
    bare = msgspec.structs.replace(one, id="", known_at=one.as_of, known_inferred=False)
    return "as-" + hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()[:12]


def assessment_entry(one: Assessment) -> Entry:
    """The assessment for the ledger."""
    return Entry(ASSESSMENT, one.id, msgspec.json.encode(one))


def outcome_note(of: Judged, outcome: Outcome) -> Note:
    """The outcome of an assessment as a note on its line in the ledger."""
    return Note(OUTCOME, of.n, msgspec.json.encode(outcome))


def assessments(ledger: Ledger, *, known_by: datetime | None = None) -> list[Judged]:
    """The assessments known before a moment (all, if None) that nobody had taken back, each with its latest outcome.

    Raises:
        IntegrityError: a line cannot be read.
    """
    found: dict[int, Judged] = {}
    for line, body in ledger.lines(ASSESSMENT, OUTCOME, RETRACTION):
        if body is None:
            continue
        where = f"{ledger.path}: ledger line {line.n}"
        if line.type == ASSESSMENT:
            one = _read(body, Assessment, where)
            if _known(one.known_at, known_by):
                found[line.n] = Judged(line.n, one)
        elif line.of in found and line.type == OUTCOME:
            outcome = _read(body, Outcome, where)
            if _known(outcome.known_at, known_by):
                found[line.of] = replace(found[line.of], outcome=outcome)
        elif line.of in found and _known(_read(body, Reason, where).known_at or line.at, known_by):
            del found[line.of]
    return sorted(found.values(), key=lambda one: (one.assessment.as_of, one.assessment.id))


def _known(at: datetime, known_by: datetime | None) -> bool:
    return known_by is None or at < known_by


def _read(body: bytes, kind: type[T], where: str) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as fault:
        raise IntegrityError(f"{where}: no {kind.__name__.lower()} that this version reads ({fault})") from fault


def cited_evidence(ledger: Ledger, ids: Sequence[str]) -> tuple[str, ...]:
    """What an assessment keeps of the reports, claims and decisions it rests on.

    Raises:
        BadInputError: the ledger has no such id.
    """
    here = ledger.known(f"{kind}{name}" for name in ids for kind in _KINDS)
    found = []
    for name in ids:
        full = next((f"{kind}{name}" for kind in reversed(_KINDS) if f"{kind}{name}" in here), None)
        if full is None:
            raise BadInputError(f"evidence {name!r}: no report, claim or decision of the ledger has this id")
        found.append(cited(full))
    return tuple(dict.fromkeys(found))


def evidence_named(ledger: Ledger, some: Iterable[Assessment]) -> dict[str, str]:
    """The names behind what assessments keep; `REDACTED` where the ledger's tombstones know it, else absent."""
    wanted = {key for one in some for key in (*one.evidence, *one.against)}
    if not wanted:
        return {}
    gone = {hashed.hex()[:16]: REDACTED for hashed in ledger.tombstones()}
    here = {cited(name): name for name in ledger.names()}
    return {key: here.get(key) or gone[key] for key in wanted if key in here or key in gone}


def taken_back(ledger: Ledger, *, known_by: datetime | None = None) -> frozenset[str]:
    """The names of what was taken back, as known before a moment (now, if None)."""
    of = {
        line.of
        for line, body in ledger.lines(RETRACTION)
        if body is not None and _known(_read(body, Reason, f"ledger line {line.n}").known_at or line.at, known_by)
    }
    return frozenset(name for name, n in ledger.names().items() if n in of)


def fault_of(one: Assessment) -> str | None:
    """Why an assessment cannot be kept, in one line; None if it can."""
    wrong = (
        (not one.author.strip(), "no author: wanted a name, a pseudonym or our own"),
        (not one.sentence.strip(), "no sentence"),
        (len(one.sentence) > LONGEST, f"a sentence of {len(one.sentence):,} characters, wanted at most {LONGEST}"),
        (not one.question.strip(), "no question: wanted the one it answers, so that an outcome can be told"),
        (one.confidence not in CONFIDENCES, f"confidence {one.confidence!r}: wanted low, moderate or high"),
        (one.as_of.tzinfo is not UTC and one.as_of.utcoffset() is None, "a time without a zone"),
        (one.resolves_by is not None and one.resolves_by < one.as_of.date(), "to be resolved before it was made"),
        (bool(set(one.evidence) & set(one.against)), "the same evidence for and against"),
    )  # fmt: skip
    return next((fault for bad, fault in wrong if bad), None)
