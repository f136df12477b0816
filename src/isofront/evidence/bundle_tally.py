"""What became of a bundle: counts, and what is left for a person to settle."""

from __future__ import annotations

from dataclasses import dataclass, field

from isofront.evidence.bundle_records import ToldDraft


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two that cannot both stand, and how it can be settled.

    `kind` is report, redacted, verdict, approval, claim, assessment, outcome or entry.
    """

    kind: str
    id: str
    ours: str
    theirs: str
    settle: str


@dataclass(slots=True)
class Merged:
    """What `bundle in` did: counts of what was added, of what was here before, and conflicts, none of them merged.

    `agreed` are verdicts that say what one of ours says; `settled` were overruled in their ledger by what is in ours;
    `waiting` follow a verdict that is in conflict; `missing` are in neither ledger nor bundle (made with --since);
    `not_there` are ids to take that the bundle lacks.
    """

    reports: int = 0
    corrections: int = 0
    retractions: int = 0
    tombstones: int = 0
    decisions: int = 0
    approvals: int = 0
    locks: int = 0
    claims: int = 0
    assessments: int = 0
    same: int = 0
    kept_out: int = 0
    known_apart: int = 0
    linked: int = 0
    agreed: int = 0
    settled: int = 0
    missing: int = 0
    redacted: list[str] = field(default_factory=list)
    not_there: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    drafts: list[ToldDraft] = field(default_factory=list)
    head: str = ""
    count: int = 0
