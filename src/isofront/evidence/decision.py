"""What an editor decided, as the ledger keeps it: verdicts on proposals, approved maps, locks (spec/decisions.md).

A decision never copies a report: it names ground, a class and times, and who said so. An approved map's geometry lies
in the entry's raw bytes, so that reading decisions stays cheap. Geometry is kept in km on the theatre's flat map, every
bit of it, because "vertex for vertex" must survive being written down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.errors import IntegrityError
from isofront.evidence.chain import id_hash
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger
from isofront.evidence.report import Report
from isofront.evidence.versioned import FIRST_VERSION, decoded

VERSION = 2
"""What is written unless something newer is in it, and the newest that is read."""
DECISION, APPROVAL, LOCK, UNLOCK = "decision", "approval", "lock", "unlock"
KNEW, KNOWN = "knew", "known"
"""What a bundle adds: the verdicts that an approval made elsewhere knew of; when another ledger knew a report."""

Rings = tuple[tuple[tuple[float, float], ...], ...]
Polygons = tuple[Rings, ...]


class Verdict(Enum):
    """What an editor made of a proposal (accept, reject, edit, hold), or of an earlier decision (extend, release)."""

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"
    HOLD = "hold"
    EXTEND = "extend"
    RELEASE = "release"


class Ground(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A piece of ground and what it is: held by `side`, or grey (`side` null) with its reason; polygons in km."""

    polygons: Polygons
    side: str | None = None
    grey_reason: str | None = None


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One verdict. `ground` is what it is about, as it was before; `becomes` is what it turns into (accept, edit).

    A reject, edit or hold is evidence from `as_of` on, and asks again at `until`. `known_at` is when it was known:
    `known_inferred` says that it was not the time of recording, because a past day was worked on. `of` names the
    decision that an extend or a release is about.

    Version 2 has what is drawn by hand: `also`, more ground of a hold, each with its own class; `act`, what was done to
    the line; `evidence`, `cited` names of the reports it rests on; `snapped`, the lines of the ground it was laid on.
    """

    id: str
    verdict: Verdict
    as_of: datetime
    known_at: datetime
    by: str
    reason: str
    crs: str = ""
    ground: Ground | None = None
    becomes: tuple[Ground, ...] = ()
    until: datetime | None = None
    weight: float | int = 1.0
    proposal: str | None = None
    of: str | None = None
    known_inferred: bool = False
    version: int = FIRST_VERSION
    also: tuple[Ground, ...] = ()
    act: str = ""
    evidence: tuple[str, ...] = ()
    snapped: tuple[str, ...] = ()


class Approval(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who approved which day's map, when, and what it was made from; the map itself is an `ApprovedMap`."""

    id: str
    as_of: datetime
    known_by: datetime
    known_at: datetime
    by: str
    reason: str
    engine: str
    reports_used: int
    simulated: bool = False
    known_inferred: bool = False
    version: int = FIRST_VERSION


class ApprovedMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The raw bytes of an approval: the coverage (km), ground that still waits, and the evidence that was used.

    `used` holds `evidence_key` of every report and the id of every decision that acted, sorted. `asked` is the ground
    that an editor was asked about and left open, held or locked; a map that was not made from a queue has none.
    """

    crs: str
    areas: tuple[Ground, ...]
    waiting: Polygons
    used: tuple[str, ...]
    version: int = FIRST_VERSION
    asked: Polygons | msgspec.UnsetType = msgspec.UNSET


class Lock(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Ground that keeps its last approved state until it is unlocked; never exported. An unlock has `of` instead."""

    id: str
    known_at: datetime
    by: str
    reason: str
    crs: str = ""
    polygons: Polygons = ()
    of: str | None = None
    known_inferred: bool = False
    version: int = FIRST_VERSION


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides, why, and at what wall-clock time."""

    by: str
    reason: str
    now: datetime


def known_when(known_by: datetime, now: datetime) -> tuple[datetime, bool]:
    """When a verdict is known on what was known before a moment: now, or at the end of that if it lies in the past.

    So work on a past day says what would have been said then, and is marked as inferred.
    """
    end = known_by - timedelta(seconds=1)
    return (end, True) if end < now else (now.replace(microsecond=0), False)


@dataclass(frozen=True, slots=True)
class History:
    """All that editors decided, each with its line number in the chain, oldest first.

    `knew` names, for an approval made in another ledger, the verdicts that its maker knew of; one made here knew those
    before it in the chain.
    """

    decisions: tuple[tuple[int, Decision], ...] = ()
    approvals: tuple[tuple[int, Approval], ...] = ()
    locks: tuple[tuple[int, Lock], ...] = ()
    knew: dict[str, frozenset[str]] = field(default_factory=dict)


_KINDS: dict[str, type[Decision] | type[Approval] | type[Lock]] = {
    DECISION: Decision, APPROVAL: Approval, LOCK: Lock, UNLOCK: Lock,
}  # fmt: skip


def read_history(ledger: Ledger) -> History:
    """Every decision, approval and lock of a ledger whose bytes still exist.

    Raises:
        IntegrityError: an entry is not what its type says.
    """
    found: dict[type, list[tuple[int, object]]] = {Decision: [], Approval: [], Lock: []}
    for n, kind, body in ledger.records(*_KINDS):
        found[_KINDS[kind]].append(
            (n, decoded(body, _KINDS[kind], newest=VERSION, where=f"{ledger.path}: ledger line {n}"))
        )
    decisions, approvals, locks = (tuple(found[kind]) for kind in (Decision, Approval, Lock))
    return History(decisions, approvals, locks, _knew(ledger) if approvals else {})  # type: ignore[arg-type]


class Knew(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The verdicts that the maker of an approval knew of, where it was made in another ledger."""

    approval: str
    decisions: tuple[str, ...]


class KnownElsewhere(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another ledger knew the same report at another time: its approved maps name it by that."""

    id: str
    known_at: datetime
    here: datetime


def _knew(ledger: Ledger) -> dict[str, frozenset[str]]:
    told = (msgspec.json.decode(body, type=Knew) for _, _, body in ledger.records(KNEW))
    return {one.approval: frozenset(one.decisions) for one in told}


def read_approved(ledger: Ledger, n: int) -> ApprovedMap:
    """The map of the approval in line `n`.

    Raises:
        IntegrityError: its bytes are gone or are no map.
    """
    where = f"{ledger.path}: ledger line {n}"
    raw = ledger.raw(n)
    if raw is None:
        raise IntegrityError(f"{where}: the approved map's bytes are gone")
    return _as_known_here(ledger, decoded(raw, ApprovedMap, newest=VERSION, where=where))


def _as_known_here(ledger: Ledger, approved: ApprovedMap) -> ApprovedMap:
    """The map naming what it used as this ledger does, where another ledger knew the same reports at other times."""
    told = (msgspec.json.decode(body, type=KnownElsewhere) for _, _, body in ledger.records(KNOWN))
    here = {_key(one.id, one.known_at): _key(one.id, one.here) for one in told}
    if here.keys().isdisjoint(approved.used):
        return approved
    return msgspec.structs.replace(approved, used=tuple(sorted({here.get(key, key) for key in approved.used})))


def decision_entry(decision: Decision) -> Entry:
    """A decision for the ledger."""
    return Entry(DECISION, decision.id, msgspec.json.encode(decision))


def approval_entry(approval: Approval, approved: ApprovedMap) -> Entry:
    """An approval for the ledger, its map as raw bytes."""
    return Entry(APPROVAL, approval.id, msgspec.json.encode(approval), msgspec.json.encode(approved))


def lock_entry(lock: Lock) -> Entry:
    """A lock or an unlock for the ledger."""
    return Entry(LOCK if lock.of is None else UNLOCK, lock.id, msgspec.json.encode(lock))


def named(prefix: str, *parts: object) -> str:
    """A short id from what it names: equal for equal parts, else different."""
    text = "\n".join(repr(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def evidence_key(report: Report) -> str:
    """What an approval keeps of a report it used: a hash of id and known time, so that `redact` leaves nothing behind.

    A corrected report is known later than what it corrects, so it has another key and acts anew.
    """
    return _key(report.id, report.known_at)


def _key(report_id: str, known_at: datetime) -> str:
    return hashlib.sha256(f"{report_id}\n{known_at.isoformat()}".encode()).hexdigest()[:16]


def cited(report_id: str) -> str:
    """What a decision keeps of a report it rests on: a hash of its id, as a tombstone has it; alike in every ledger."""
    return id_hash(report_id).hex()[:16]


def polygons_of(shape: BaseGeometry) -> Polygons:
    """A (multi)polygon as rings of exact coordinates."""
    return tuple(
        tuple(_ring(ring) for ring in (part.exterior, *part.interiors))
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
    )


def _ring(ring: BaseGeometry) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring))


def shape_of(polygons: Iterable[Rings]) -> BaseGeometry:
    """The multipolygon of such rings, bit for bit what was put in."""
    return shapely.MultiPolygon([_polygon(rings) for rings in polygons])


def _polygon(rings: Sequence[tuple[tuple[float, float], ...]]) -> BaseGeometry:
    return shapely.Polygon(np.array(rings[0]), [np.array(ring) for ring in rings[1:]])
