"""What a text seems to say, before a person has looked: drafts, each with the words it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class What(StrEnum):
    """What kind of statement a draft is."""

    QUANTITY = "quantity"
    RATIO = "ratio"
    CONTROL = "control"
    ASSESSMENT = "assessment"
    PLACE = "place"


class Bound(StrEnum):
    """How a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a text names: the name as written (uninflected), where it lies, where the name stands in the text.

    `known_as` is the gazetteer's own name for it. A name that the gazetteer lacks, or bears only far away, has no
    `lon` and `lat`.
    """

    name: str
    known_as: str | None
    lon: float | None
    lat: float | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it, as the text names them; `named_as`: full, first_name, described (officials) or group."""

    name: str
    named_as: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement. `start` and `end` count Unicode code points; `text[start:end]` are the words it came from.

    `value` is a number, (low, high) for a range, or a word for control statements and assessments; `sides` are the
    text's own words for the sides it is about; `vague` marks a number that stands for a word such as "hundreds".
    """

    what: What
    about: str
    start: int
    end: int
    value: float | tuple[float, float] | str | None = None
    unit: str | None = None
    bound: Bound | None = None
    place: Spot | None = None
    speaker: Speaker | None = None
    said_on: date | None = None
    sides: tuple[str, ...] = ()
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that look as if they said something and were not understood, and why."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text: its drafts in the text's order, what was not understood, and the language it was read in."""

    language: str
    drafts: tuple[Draft, ...]
    unread: tuple[Unread, ...] = field(default=())
