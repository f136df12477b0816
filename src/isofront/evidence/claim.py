"""What somebody said: a number, a ratio, or who holds a place; kept with speaker, time and grades (spec/claims.md).

A claim is never averaged and never becomes a fact by being kept. A control claim is one object: the report of kind
`claim` through which it reaches the engine carries the claim's id.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import chain

import msgspec

from isofront.errors import BadInputError, IntegrityError
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger
from isofront.evidence.replay import RETRACTION, Reason

CLAIM = "claim"
VERSION = 1
LEAST_CIVILIANS = 10
"""Fewer people than this are not counted by settlement: the number would point at them."""
LONGEST_QUOTE, LONGEST_ID = 500, 200
NO_YEAR = 9000
"""A day this late is a slip of the pen; delays are added to days, which must not leave the calendar."""
NAMED_AS = ("full", "first_name", "described", "group")
"""How a text can name who spoke."""
AHEAD = timedelta(days=1)
"""Clocks and time zones differ by at most this."""
_GRADES = "ABCDEF"


class Bound(Enum):
    """How a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"


class Status(Enum):
    """What a control claim says of a place; `not_…` is a denial."""

    ENTERED = "entered"
    HELD = "held"
    TAKEN = "taken"
    LOST = "lost"
    LIBERATED = "liberated"
    GREY = "grey"
    PARTLY_ENCIRCLED = "partly_encircled"
    ENCIRCLED = "encircled"
    OPEN = "open"
    NOT_ENTERED = "not_entered"
    NOT_HELD = "not_held"
    NOT_TAKEN = "not_taken"
    NOT_LOST = "not_lost"
    NOT_ENCIRCLED = "not_encircled"
    NOT_PARTLY_ENCIRCLED = "not_partly_encircled"


_COUNTED = frozenset({"people", "vehicles", "attacks", "strikes", "settlements"})
MOST_OFF = 1.5
"""Ratios are rounded when they are said: the two counts given beside one may differ from it by this factor."""


class Kindred(msgspec.Struct, frozen=True):
    """What a subject's numbers are measured in, and the most they can be."""

    unit: str
    most: float
    civilians: bool = False
    average: bool = False

    @property
    def whole(self) -> bool:
        """Whether it counts things that do not come in halves; an average may."""
        return self.unit in _COUNTED and not self.average


SUBJECTS: dict[str, Kindred] = {
    "attackers-inside": Kindred("people", 1e6),
    "defenders-inside": Kindred("people", 1e6),
    "attackers": Kindred("people", 1e7),
    "defenders": Kindred("people", 1e7),
    "troops": Kindred("people", 1e7),
    "troops-inside": Kindred("people", 1e6),
    "residents": Kindred("people", 1e8, civilians=True),
    "residents-before": Kindred("people", 1e8, civilians=True),
    "residents-remaining": Kindred("people", 1e8, civilians=True),
    "residents-evacuated": Kindred("people", 1e8, civilians=True),
    "ratio-of-forces": Kindred("to one", 100),
    "ratio": Kindred("to one", 1000),
    "losses": Kindred("people", 1e7),
    "losses-per-day": Kindred("people", 1e5, average=True),
    "killed": Kindred("people", 1e7),
    "wounded": Kindred("people", 1e7),
    "captured": Kindred("people", 1e6),
    "civilians-killed": Kindred("people", 1e7, civilians=True),
    "civilians-wounded": Kindred("people", 1e7, civilians=True),
    "vehicles-lost": Kindred("vehicles", 1e5),
    "vehicles": Kindred("vehicles", 1e5),
    "attacks": Kindred("attacks", 1e5),
    "attacks-per-day": Kindred("attacks", 1e4, average=True),
    "strikes": Kindred("strikes", 1e6),
    "strikes-per-day": Kindred("strikes", 1e5, average=True),
    "settlements-taken": Kindred("settlements", 1e5),
    "area": Kindred("km2", 1e7),
    "area-gained": Kindred("km2", 1e6),
    "share-held": Kindred("percent", 100),
    "gap-width": Kindred("km", 1000),
    "distance": Kindred("km", 20_000),
    "control": Kindred("", 0),
}
"""What can be claimed of a place. Another subject is refused with the nearest of these."""

_TO_UNIT = {("mi", "km"): 1.609344, ("m", "km"): 0.001, ("mi2", "km2"): 2.589988, ("ha", "km2"): 0.01}


class Claim(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One statement. `speaker` is a name or pseudonym as published; `interest` the side it serves, None if none.

    `low` and `high` are the number in the subject's unit (equal but for a range; the unit as said is in `said_unit`),
    `status` a control statement's. `side` is whose people, or who is said to hold or have entered. `counts` keeps both
    sides' numbers of a ratio where they were given. `revises` names an earlier claim of the same speaker.
    `against_interest` is what the person who entered it judged, None where nobody did. `release` is what may become
    public of it: `withheld`, `private`, `public`; None: as the theatre says.
    """

    id: str
    speaker: str
    said_at: datetime
    known_at: datetime
    about: str
    place: str
    lon: float | int
    lat: float | int
    low: float | int | None = None
    high: float | int | None = None
    bound: Bound = Bound.EXACT
    said_unit: str = ""
    status: Status | None = None
    side: str | None = None
    against: str | None = None
    counts: dict[str, float | int] = {}
    for_day: date | None = None
    interest: str | None = None
    against_interest: bool | None = None
    reliability: str = "F"
    credibility: int = 6
    quote: str = ""
    url: str = ""
    named_as: str = "full"
    revises: str | None = None
    release: str | None = None
    known_inferred: bool = False
    simulated: bool = False
    version: int = VERSION

    @property
    def unit(self) -> str:
        """The unit of its number."""
        return SUBJECTS[self.about].unit

    @property
    def day(self) -> date:
        """The day it is about: the one it names, else the one it was said on."""
        return self.for_day or self.said_at.date()


def in_unit(value: float | int, unit: str, about: str) -> float:
    """A number in its subject's own unit.

    Raises:
        BadInputError: the unit cannot measure that.
    """
    wanted = SUBJECTS[about].unit
    if unit in ("", wanted):
        return float(value)
    if (unit, wanted) in _TO_UNIT:
        return float(value) * _TO_UNIT[unit, wanted]
    raise BadInputError(f"unit {unit!r}: {about} is counted in {wanted}")


def fault_of(claim: Claim, *, sides: Sequence[str]) -> str | None:
    """Why a claim cannot be kept, in one line; None if it can."""
    if claim.about not in SUBJECTS:
        return f"about {claim.about!r}: wanted one of {', '.join(SUBJECTS)}"
    own = _faults_of_control if claim.about == "control" else _faults_of_number
    return next(chain(_faults(claim, sides), own(claim)), None)


def _faults(claim: Claim, sides: Sequence[str]) -> Iterator[str]:
    named = [("side", claim.side), ("against", claim.against), ("interest", claim.interest)]
    for name, value in [*named, *(("counts of", one) for one in sorted(claim.counts))]:
        if value is not None and value not in sides:
            yield f"{name} {value!r}: wanted one of {', '.join(sides)}"
    if claim.side is not None and claim.side == claim.against:
        yield f"side and against are both {claim.side!r}: wanted the other side, or none"
    if claim.named_as not in NAMED_AS:
        yield f"named_as {claim.named_as[:40]!r}: wanted {', '.join(NAMED_AS)}"
    if claim.reliability not in _GRADES or len(claim.reliability) != 1:
        yield f"reliability {claim.reliability!r}: wanted A-F"
    if not 1 <= claim.credibility <= 6:
        yield f"credibility {claim.credibility}: wanted 1-6"
    if len(claim.id) > LONGEST_ID:
        yield f"id of {len(claim.id):,} characters: wanted at most {LONGEST_ID}"
    if not (abs(claim.lon) <= 180 and abs(claim.lat) <= 90):
        yield f"lon {claim.lon:g} lat {claim.lat:g}: wanted degrees"
    if late := next((when for when in (claim.said_at, claim.known_at, claim.day) if when.year >= NO_YEAR), None):
        yield f"{late:%Y-%m-%d}: no day that anybody can speak of"
    if claim.day > claim.said_at.date() + AHEAD:
        yield f"for_day {claim.day}: comes after {claim.said_at:%Y-%m-%d}, when it was said; that is an assessment"
    if len(claim.quote) > LONGEST_QUOTE:
        yield f"quote of {len(claim.quote):,} characters: wanted at most {LONGEST_QUOTE}; a reference says the rest"


def _faults_of_control(claim: Claim) -> Iterator[str]:
    if claim.status is None:
        yield "a control claim without a status: wanted entered, held, taken, lost, grey, encircled, …"
    if claim.low is not None or claim.high is not None:
        yield "a control claim with a number: wanted a status alone"


def _faults_of_number(claim: Claim) -> Iterator[str]:
    if claim.status is not None:
        yield f"status {claim.status.value!r} with about {claim.about!r}: a status belongs to about control"
    if claim.low is None or claim.high is None:
        yield f"about {claim.about}: wanted a number"
        return
    kindred, low, high = SUBJECTS[claim.about], claim.low, claim.high
    for value in (low, high, *claim.counts.values()):
        if not math.isfinite(value) or value < 0:
            yield f"value {value:g}: wanted a number from 0 on"
    if kindred.unit == "to one" and not low > 0:
        yield f"value {low:g} to one: wanted more than nobody on either side"
    if max(low, high) > kindred.most:
        yield f"value {max(low, high):g} {kindred.unit}: wanted at most {kindred.most:g} of {claim.about}"
    if kindred.whole and (part := next((one for one in (low, high) if one != int(one)), None)) is not None:
        yield f"value {part:g} {kindred.unit}: wanted a whole number"
    if off := _counts_off(claim):
        yield off
    if low > high:
        yield f"range {low:g} to {high:g}: wanted the smaller number first"
    if (claim.bound is Bound.RANGE) != (low < high):
        yield "a range has two numbers, every other bound one"
    if kindred.civilians and 0 < high < LEAST_CIVILIANS:
        yield f"{high:g} civilians: wanted {LEAST_CIVILIANS} or more; fewer would point at people, and are not kept"


def _counts_off(claim: Claim) -> str | None:
    """How both sides' counts contradict the ratio beside them: the wrong way round, or by more than rounding."""
    if claim.unit != "to one" or len(claim.counts) != 2 or claim.low is None or claim.high is None:
        return None
    first = claim.side if claim.side in claim.counts else max(claim.counts, key=lambda side: claim.counts[side])
    many, other = claim.counts[first], next(n for side, n in claim.counts.items() if side != first)
    low = 0 if claim.bound is Bound.AT_MOST else claim.low / MOST_OFF
    high = math.inf if claim.bound is Bound.AT_LEAST else claim.high * MOST_OFF
    if other > 0 and low <= many / other <= high:
        return None
    makes = f"make {many / other:.2g} to one" if other > 0 else "leave nobody on one side"
    return f"counts of {many:g} and {other:g} {makes}, the value says {claim.low:g}"


def claim_id(claim: Claim) -> str:
    """`c-` and twelve hex digits of the SHA-256 of the rest: the same claim has the same name everywhere."""
    bare = msgspec.structs.replace(claim, id="", known_at=claim.said_at, known_inferred=False)
    return "c-" + hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()[:12]


def claim_entry(claim: Claim) -> Entry:
    """The claim as an entry of the ledger."""
    return Entry(CLAIM, claim.id, msgspec.json.encode(claim))


def claims(ledger: Ledger, *, known_by: datetime | None = None, before_line: int | None = None) -> list[Claim]:
    """The claims known before a moment (all, if None) that nobody had taken back, by the time they were said.

    `before_line` leaves out what the ledger holds from that line on.

    Raises:
        IntegrityError: a line cannot be read.
    """
    found: dict[int, Claim] = {}
    end = math.inf if before_line is None else before_line
    for n, _, body in ledger.records(CLAIM):
        if n >= end:
            continue
        one = _read(body, ledger, n)
        if known_by is None or one.known_at < known_by:
            found[n] = one
    for line, reason in ledger.lines(RETRACTION):
        if line.of in found and reason is not None and line.n < end:
            known_at = msgspec.json.decode(reason, type=Reason).known_at or line.at
            if known_by is None or known_at < known_by:
                del found[line.of]
    return sorted(found.values(), key=lambda one: (one.said_at, one.id))


def one_object(ledger: Ledger, name: str) -> tuple[str, ...]:
    """All names in a ledger of what a person calls by one: a control claim and its report go together.

    `c-12ab`, `claim:c-12ab` and the report's id mean the same, as do `as-12ab` and `assessment:as-12ab`. Of an unknown
    name, the name itself.
    """
    bare = name.removeprefix(f"{CLAIM}:")
    found = ledger.known((bare, f"{CLAIM}:{bare}", f"assessment:{bare}"))
    if f"{CLAIM}:{bare}" in found:
        return tuple(one for one in (f"{CLAIM}:{bare}", bare) if one in found)
    return (name,) if name in found or not found else tuple(found)


def _read(body: bytes, ledger: Ledger, n: int) -> Claim:
    try:
        return msgspec.json.decode(body, type=Claim)
    except msgspec.DecodeError as fault:
        raise IntegrityError(f"{ledger.path}: ledger line {n}: no claim that this version reads ({fault})") from fault
