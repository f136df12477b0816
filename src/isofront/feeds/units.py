"""Units' names, dropped from a text before it is stored: designations by their shape, others by a list (data)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from isofront.feeds.cells import plain_text

MAX_NOTE_CHARS = 200
"""A note is a reminder of what an entry showed, not its text."""
MAX_READ_CHARS = 1_000
STANDS_FOR = "[unit]"


class UnitWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of `crosswalks/units.toml`."""

    version: str
    echelons: tuple[str, ...]
    named: tuple[str, ...]


@cache
def unit_words() -> UnitWords:
    """The list that comes with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "units.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=UnitWords)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = unit_words()
    echelon = "|".join(re.escape(word) for word in sorted(words.echelons, key=len, reverse=True))
    named = "|".join(sorted(words.named, key=len, reverse=True))
    word = rf"[\s-]+(?!{_STOP}\b)[^\W\d][\w'’-]*"
    numbered = rf"\b\d{{1,4}}(?:st|nd|rd|th|[-–]?\w{{1,3}})?(?:{word}){{0,5}}?[\s-]+(?:{echelon})s?\b"
    quoted = (
        rf"\b(?:{echelon})s?\s*[\"'“«„][^\"'”»“]{{1,40}}[\"'”»“]|[\"'“«„][^\"'”»“]{{1,40}}[\"'”»“]\s*(?:{echelon})s?\b"
    )
    lettered = rf"\b(?:{echelon})s?\s+(?:no\.?\s*|№\s*)?\d{{1,4}}\b"
    called = rf"\b(?:{named})\b(?:['’]s)?(?:[\s-]+(?:{echelon})s?\b)?"
    roman = rf"\b[IVX]{{1,5}}\s+(?:{echelon})\b"
    return tuple(re.compile(one, re.IGNORECASE) for one in (numbered, quoted, lettered, roman, called))


_STOP = r"(?:hit|hits|in|near|at|on|of|by|to|from|and|with|against|over|the|a|km|m|meters|metres|people|soldiers)"


def without_units(text: str, *named: str) -> str:
    """The text with units' names replaced; `named` are names that the entry itself gives in a column of its own."""
    for name in named:
        if len(name) >= 3 and name in text:
            text = text.replace(name, STANDS_FOR)
    said, (echelons, names) = set(_TOKEN.findall(text.casefold())), _first_words()
    if not said.isdisjoint(echelons):
        for pattern in _patterns()[:-1]:
            text = pattern.sub(STANDS_FOR, text)
    if not said.isdisjoint(names):
        text = _patterns()[-1].sub(STANDS_FOR, text)
    return _MANY.sub(STANDS_FOR, text) if STANDS_FOR in text else text


_TOKEN = re.compile(r"\w+")


@cache
def _first_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words without which no echelon and no unit's name stands in a text: a quick look before the patterns."""
    words = unit_words()
    echelons = {_TOKEN.findall(one)[0] for one in words.echelons}
    return frozenset(echelons | {f"{one}s" for one in echelons}), frozenset(
        _TOKEN.findall(one.casefold())[0] for one in words.named
    )


_MANY = re.compile(r"\[unit\](?:[\s,;/&-]*\[unit\])+")


def note_of(text: str, *named: str) -> str:
    """A short note without markup or units' names. `SIMULATED` is ours to write: a feed cannot."""
    return short_note(plain_text(text, most=MAX_READ_CHARS), *named)


def short_note(plain: str, *named: str) -> str:
    """`note_of` a text that is on one line and without markup already."""
    bare = without_units(plain[:MAX_READ_CHARS], *named).replace("SIMULATED", "Simulated")
    return bare if len(bare) <= MAX_NOTE_CHARS else bare[: MAX_NOTE_CHARS - 1].rstrip() + "…"


def names_in(cell: str) -> tuple[str, ...]:
    """The names that a column of units holds, the longest first."""
    if not cell.strip(" ,;|/"):
        return ()
    parts = (part.strip(" '\"[]{}") for part in re.split(r"[\n,;|/]+", cell[:4_000]))
    return tuple(sorted({part for part in parts if part}, key=len, reverse=True)[:40])
