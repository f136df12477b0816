"""A claim in plain words: its number with bound and unit as it was said, its statement of control as a statement.

Civilians are told rounded and never fewer than ten. "Encircled" is only ever what somebody said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import msgspec

from isofront.evidence.claim import LEAST_CIVILIANS, SUBJECTS, Bound, Claim, Status

ABOUT_WORDS: dict[str, str] = {
    "share-held": "share held",
    "gap-width": "width of the gap",
    "ratio-of-forces": "ratio of forces",
}
_BOUND = {Bound.ABOUT: "about ", Bound.AT_LEAST: "at least ", Bound.AT_MOST: "at most "}
_BACK = {"mi": 1.609344, "m": 0.001, "mi2": 2.589988, "ha": 0.01}
"""Units that a number may be said in, in km or km²."""
_MILES = ("mi", "mi2")
RATIO = "to one"
_ONE = {
    "people": "person",
    "vehicles": "vehicle",
    "attacks": "attack",
    "strikes": "strike",
    "settlements": "settlement",
}
_UNITS = {"to one": "to 1", "km2": "km²", "mi2": "square miles", "mi": "miles", "m": "m", "percent": "%", "ha": "ha"}
_STATUS = {
    Status.ENTERED: "entered by {side}",
    Status.HELD: "held by {side}",
    Status.TAKEN: "taken by {side}",
    Status.LOST: "lost by {side}",
    Status.LIBERATED: "liberated by {side}",
    Status.GREY: "called a grey zone",
    Status.PARTLY_ENCIRCLED: "called partly encircled",
    Status.ENCIRCLED: "called encircled",
    Status.OPEN: "called open",
    Status.NOT_ENTERED: "not entered by {side}",
    Status.NOT_HELD: "not held by {side}",
    Status.NOT_TAKEN: "not taken by {side}",
    Status.NOT_LOST: "not lost by {side}",
    Status.NOT_ENCIRCLED: "denied to be encircled",
    Status.NOT_PARTLY_ENCIRCLED: "denied to be partly encircled",
}


def about_words(about: str) -> str:
    """A subject in words: "attackers inside"."""
    return ABOUT_WORDS.get(about, about.replace("-", " "))


def rounded(value: float | int, about: str) -> float | int:
    """A number as it is shown: civilians to two figures, never finer and never fewer than ten; else as said."""
    return _to_step(value) if SUBJECTS[about].civilians else value


def told_km2(value: float | int) -> float:
    """An area as it is told: to a tenth below ten km², to one above; no more than a map is good for."""
    return round(value, 1 if abs(value) < 10 else 0)


def as_told(claim: Claim) -> Claim:
    """A claim with its number as it may be told: civilians rounded, and not made more of than was said.

    What was exact becomes "about" where rounding moved it; "at least" is rounded down, "at most" up.
    """
    if claim.low is None or claim.high is None or not SUBJECTS[claim.about].civilians:
        return claim
    away = {Bound.AT_LEAST: math.floor, Bound.AT_MOST: math.ceil}.get(claim.bound, round)
    low, high = (_to_step(value, away) for value in (claim.low, claim.high))
    moved = (low, high) != (claim.low, claim.high)
    vague = moved and (claim.bound is Bound.EXACT or (claim.bound is Bound.RANGE and low == high))
    return msgspec.structs.replace(claim, low=low, high=high, bound=Bound.ABOUT if vague else claim.bound)


def _to_step(value: float | int, away: Callable[[float], int] = round) -> float | int:
    if value <= 0:
        return value
    step = max(10, int(10 ** (math.floor(math.log10(value)) - 1)))
    return max(LEAST_CIVILIANS, away(value / step) * step)


def value_words(claim: Claim, sides: Mapping[str, str]) -> str:
    """What is claimed: "at least 200 people", "8 to 1 (Redland 80, Blueland 10)", "entered by Redland"."""
    if claim.status is not None:
        return _STATUS[claim.status].format(side=sides.get(claim.side or "", claim.side or "a side not named"))
    if claim.low is None or claim.high is None:
        return "nothing"
    told = as_told(claim)
    return f"{_BOUND.get(told.bound, '')}{_measured(told)}{_counts(told, sides)}"


def _measured(claim: Claim) -> str:
    """The number in its unit, and in the unit as said where that is another."""
    as_said = in_said_unit(claim)
    if as_said is None:
        return _with_unit(_span(claim.low, claim.high, claim.unit), claim.unit)
    low, high = (converted(claim, end) for end in (claim.low, claim.high))
    return f"{_with_unit(_span(*as_said), claim.said_unit)} ({_with_unit(_span(low, high), claim.unit)})"


def in_said_unit(claim: Claim) -> tuple[float, float] | None:
    """Both ends of a number in the unit it was said in; None where that is its subject's own."""
    factor = _BACK.get(claim.said_unit)
    if factor is None or claim.said_unit == claim.unit or claim.low is None or claim.high is None:
        return None
    return claim.low / factor, claim.high / factor


def converted(claim: Claim, value: float | int | None) -> float | int | None:
    """A number in its subject's unit: to two figures where it was said in miles, for it was no more exact."""
    return float(f"{value:.2g}") if value is not None and claim.said_unit in _MILES else value


def _span(low: float | int | None, high: float | int | None, unit: str = "") -> str:
    """One number or two: "200", "200 to 300"; of a ratio "5–10", which goes on "to 1"."""
    assert low is not None
    assert high is not None
    between = "–" if unit == RATIO else " to "
    return number(low) if number(low) == number(high) else f"{number(low)}{between}{number(high)}"


def number(value: float | int) -> str:
    """A number without digits that nobody said: 60,000, 2.5."""
    return f"{round(value):,}" if abs(value - round(value)) < 1e-6 else f"{value:,.3g}"


def _with_unit(number_words: str, unit: str) -> str:
    """A number with its unit: "1 person", "200 people"."""
    word = _ONE.get(unit, unit) if number_words == "1" else unit
    return f"{number_words} {_UNITS.get(word, word)}"


def _counts(claim: Claim, sides: Mapping[str, str]) -> str:
    """Both sides' numbers of a ratio, each with its side."""
    if claim.counts:
        told = ", ".join(f"{sides.get(side, side)} {number(value)}" for side, value in claim.counts.items())
        return f" ({told})"
    if claim.unit == "to one" and claim.side:
        other = f" against {sides.get(claim.against, claim.against)}" if claim.against else ""
        return f" ({sides.get(claim.side, claim.side)}{other})"
    return ""


def speaker_words(claim: Claim) -> str:
    """Who said it, and how the text named them where that was not by a full name."""
    how = {"first_name": ", first name only", "described": ", not named", "group": ", a group"}
    return f"{claim.speaker}{how.get(claim.named_as, '')}"


def range_words(low: float | int | None, high: float | int | None, about: str, *, n: int = 0) -> str:
    """The range of `n` numbers in words, open where nobody bounds it."""
    unit = SUBJECTS[about].unit
    if low is None and high is None:
        return "open at both ends" if n else "no number"
    if low is None and high is not None:
        return f"at most {_with_unit(number(rounded(high, about)), unit)}"
    if low is not None and high is None:
        return f"{_with_unit(number(rounded(low, about)), unit)} and more"
    low, high = (None if end is None else rounded(end, about) for end in (low, high))
    return _with_unit(_span(low, high, unit), unit)
