"""Whether a decision, approval, lock, claim or assessment that came from elsewhere can be one, whoever sent it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec
import numpy as np

from isofront.errors import BadInputError
from isofront.evidence import decision as records
from isofront.evidence.assessment import ASSESSMENT, Assessment, Outcome
from isofront.evidence.assessment import fault_of as fault_of_assessment
from isofront.evidence.claim import CLAIM, Claim, fault_of
from isofront.evidence.decision import Approval, ApprovedMap, Decision, Ground, Lock, Polygons
from isofront.ground.grid import to_lonlat
from isofront.theatre.model import RELEASE_CLASSES

FAR_KM = 50_000.0
"""No flat map reaches farther from its origin."""
_TYPES: dict[str, type[Decision] | type[Approval] | type[Lock]] = {
    records.DECISION: Decision, records.APPROVAL: Approval, records.LOCK: Lock, records.UNLOCK: Lock,
}  # fmt: skip

_CLAIMS, _ASSESSMENTS = msgspec.json.Decoder(Claim), msgspec.json.Decoder(Assessment)


def entry_fault(kind: str, name: str, body: str, raw: str, sides: Sequence[str]) -> str | None:
    """Why an entry of a bundle cannot be taken, or None."""
    if kind in (CLAIM, ASSESSMENT):
        return _statement_fault(kind, name, body, sides)
    if kind not in _TYPES:
        return f"an entry of type {kind[:20]!r}, wanted one of {', '.join(_TYPES)}"
    try:
        told = msgspec.json.decode(body, type=_TYPES[kind])
        approved = msgspec.json.decode(raw, type=ApprovedMap) if isinstance(told, Approval) else None
    except (msgspec.MsgspecError, RecursionError) as fault:
        return f"{kind} {name!r} cannot be read ({fault})"
    return _told_fault(kind, name, told, approved, sides)


def _statement_fault(kind: str, name: str, body: str, sides: Sequence[str]) -> str | None:
    """The same of a claim or an assessment."""
    try:
        told = _CLAIMS.decode(body) if kind == CLAIM else _ASSESSMENTS.decode(body)
    except (msgspec.MsgspecError, RecursionError) as fault:
        return f"{kind} {name!r} cannot be read ({fault})"
    when = told.said_at if isinstance(told, Claim) else told.as_of
    if told.id != name:
        return f"{kind} {name!r} holds another's bytes ({told.id!r})"
    if when.tzinfo is None or told.known_at.tzinfo is None:
        return f"{kind} {name!r}: a time without a zone"
    if isinstance(told, Claim) and told.release not in (None, *RELEASE_CLASSES):
        return f"{kind} {name!r}: release {told.release!r}, wanted one of {', '.join(RELEASE_CLASSES)}"
    odd = fault_of(told, sides=sides) if isinstance(told, Claim) else fault_of_assessment(told)
    return None if odd is None else f"{kind} {name!r}: {odd}"


def outcome_fault(name: str, bodies: Sequence[str]) -> str | None:
    """Why what is said to have come of an assessment cannot be taken, or None."""
    try:
        told = [msgspec.json.decode(body, type=Outcome) for body in bodies]
    except (msgspec.MsgspecError, RecursionError) as fault:
        return f"outcome of {name!r} cannot be read ({fault})"
    return f"outcome of {name!r}: a time without a zone" if any(one.known_at.tzinfo is None for one in told) else None


def _told_fault(
    kind: str, name: str, told: Decision | Approval | Lock, approved: ApprovedMap | None, sides: Sequence[str]
) -> str | None:
    grounds = [*_grounds(told), *(approved.areas if approved else ())]
    shapes = [one.polygons for one in grounds] + ([told.polygons] if isinstance(told, Lock) else [])
    shapes += [one for one in (approved.waiting, approved.asked) if one is not msgspec.UNSET] if approved else []
    crs = approved.crs if approved else getattr(told, "crs", "")
    odd = next((one.side for one in grounds if one.side is not None and one.side not in sides), None)
    wrong = (
        (told.id != name, f"holds another's bytes ({told.id!r})"),
        (told.version > records.VERSION, f"of version {told.version}, wanted {records.VERSION} or less"),
        (any(time.tzinfo is None for time in _times(told)), "a time without a zone"),
        (_incomplete(told), "a part of it is missing"),
        (odd is not None, f"side {odd!r}, wanted one of {', '.join(sides)}"),
        (not all(_sound(one) for one in shapes), "polygons that are none"),
        (bool(crs) and not _is_map(crs), f"map {crs[:40]!r} is not known"),
    )
    return next((f"{kind} {name!r}: {fault}" for bad, fault in wrong if bad), None)


def _times(told: Decision | Approval | Lock) -> Iterator[datetime]:
    for name in ("as_of", "known_at", "known_by", "until"):
        time = getattr(told, name, None)
        if time is not None:
            yield time


def _incomplete(told: Decision | Approval | Lock) -> bool:
    """Whether what such a verdict cannot do without is missing."""
    if isinstance(told, Lock):
        return told.of is None and not (told.polygons and told.crs)
    if isinstance(told, Approval):
        return False
    verdict = told.verdict
    if verdict in (records.Verdict.EXTEND, records.Verdict.RELEASE):
        return told.of is None or (verdict is records.Verdict.EXTEND and told.until is None)
    if verdict in (records.Verdict.ACCEPT, records.Verdict.EDIT):
        return not (told.becomes and told.crs)
    return told.ground is None or not told.crs or not 0 < told.weight <= 10


def _grounds(told: Decision | Approval | Lock) -> Iterable[Ground]:
    if not isinstance(told, Decision):
        return ()
    return [*told.becomes, *([told.ground] if told.ground else []), *told.also]


def _sound(polygons: Polygons) -> bool:
    """Whether every ring is closed and lies on some map."""
    rings = [ring for polygon in polygons for ring in polygon]
    return all(polygons) and all(
        len(ring) >= 4 and ring[0] == ring[-1] and all(abs(x) < FAR_KM and abs(y) < FAR_KM for x, y in ring)
        for ring in rings
    )


@lru_cache(maxsize=64)
def _is_map(crs: str) -> bool:
    try:
        to_lonlat(np.zeros(1), np.zeros(1), crs=crs)
    except BadInputError:
        return False
    return True
