"""A second opinion on a text: what is asked of a language model, and what of its answer is believed. Pure.

An answer is as little to be trusted as any input. A draft of it counts only if the words that it quotes stand in the
text, and its number in those words; its place is looked up where the text's own are. The rest is listed with why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from isofront.reading.draft import Bound, Draft, Reading, Speaker, Spot, What
from isofront.reading.numbers import numbers, ratios
from isofront.reading.words import Words, words_of

PIECE = 12_000
"""Letters asked about at a time."""
MOST_PIECES = 20
MOST_DRAFTS = 300
LONGEST = 120
CONTROL = (
    "entered", "held", "taken", "lost", "liberated", "grey", "encircled", "partly_encircled", "not_encircled",
)  # fmt: skip
_ASKED = f"""You list what a news text says about a war; you add nothing. Answer with one JSON object
{{"drafts": [...]}}. Each draft has: "type": quantity, ratio, control or assessment; "about": what is counted or judged,
in lower case with hyphens (attackers-inside, residents-remaining, gap-width, ratio-of-forces); "place": the settlement
as written, or null; "value": a number, [low, high] for a range, for a ratio the larger number of "x to 1", for control
one of {", ".join(CONTROL)}, for an assessment its word of likelihood; "unit"; "bound": exact, about, at_least, at_most
or range; "speaker": who says so as written, or null; "quote": the words it rests on, copied letter by letter from the
text, one sentence at most. Questions, plans and wishes are no drafts. An empty list is a good answer."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A draft of the answer that is not believed."""

    why: str
    words: str


@dataclass(frozen=True, slots=True)
class Second:
    """The drafts of both readings in the text's order, who saw each ("rules", "second" or "both"), what was dropped."""

    drafts: tuple[tuple[Draft, str], ...]
    dropped: tuple[Dropped, ...]


class _Told(msgspec.Struct):
    type: str
    quote: str
    about: str = ""
    place: str | None = None
    value: float | list[float] | str | None = None
    unit: str | None = None
    bound: str | None = None
    speaker: str | None = None


def pieces(text: str) -> list[str]:
    """The text in pieces that end where paragraphs do, or lines, or anywhere where a piece would be too long."""
    found: list[str] = []
    rest = text
    while len(rest) > PIECE:
        cut = max(rest.rfind(end, PIECE // 2, PIECE) for end in ("\n\n", "\n", ". "))
        cut = cut + 1 if cut > 0 else PIECE
        found.append(rest[:cut])
        rest = rest[cut:]
    return [one for one in [*found, rest] if one.strip()]


def question(piece: str, *, model: str, published: date | None) -> bytes:
    """The body of a request to an OpenAI-compatible `chat/completions` address."""
    day = f"Published on {published.isoformat()}.\n\n" if published else ""
    messages = [{"role": "system", "content": _ASKED}, {"role": "user", "content": day + piece}]
    return msgspec.json.encode({"model": model, "temperature": 0, "messages": messages})


def answered(content: bytes) -> list[Any]:
    """The raw drafts in an answer.

    Raises:
        ValueError: it is no such answer.
    """
    try:
        words = msgspec.json.decode(content)["choices"][0]["message"]["content"]
        found = msgspec.json.decode(words[words.index("{") : words.rindex("}") + 1])["drafts"]
    except (msgspec.MsgspecError, KeyError, IndexError, TypeError, ValueError, AttributeError) as fault:
        raise ValueError("no list of drafts in it") from fault
    if not isinstance(found, list) or len(found) > MOST_DRAFTS:
        raise ValueError(f"wanted a list of at most {MOST_DRAFTS} drafts")
    return found


def second_opinion(reading: Reading, text: str, told: Sequence[Any]) -> Second:
    """Both readings side by side: what both saw stands as the rules have it."""
    words = words_of(reading.language)
    spots = [one.place for one in reading.drafts if one.place is not None]
    found = [_believed(one, text, spots, words) for one in told]
    drafts = [one for one in found if isinstance(one, Draft)]
    dropped = tuple(one for one in found if isinstance(one, Dropped))
    both = [(own, "both" if any(_same(own, one) for one in drafts) else "rules") for own in reading.drafts]
    new = [(one, "second") for one in _distinct(drafts) if not any(_same(own, one) for own in reading.drafts)]
    return Second(tuple(sorted([*both, *new], key=lambda pair: pair[0].start)), dropped)


def _believed(raw: Any, text: str, spots: Sequence[Spot], words: Words) -> Draft | Dropped:
    """A draft of the answer, or why it is none."""
    try:
        one = msgspec.convert(raw, _Told)
    except msgspec.ValidationError as fault:
        return Dropped(f"not as asked: {fault}", "")
    start = text.find(one.quote) if one.quote.strip() else -1
    if start < 0:
        return Dropped("the words it quotes are not in the text", one.quote[:LONGEST])
    kind = {kind.value: kind for kind in (What.QUANTITY, What.RATIO, What.CONTROL, What.ASSESSMENT)}.get(one.type)
    if kind is None:
        return Dropped(f"type {one.type[:20]!r}", one.quote[:LONGEST])
    value, bound = _value(kind, one, words)
    if value is None:
        return Dropped("its value is not in the words it quotes", one.quote[:LONGEST])
    speaker = Speaker(one.speaker[:LONGEST], "described") if one.speaker and one.speaker in text else None
    about = re.sub(r"[^\w-]+", "-", one.about.strip().lower())[:40].strip("-") or kind.value
    unit = one.unit[:40] if one.unit and kind in (What.QUANTITY, What.RATIO) else None
    return Draft(kind, about, start, start + len(one.quote), value, unit, bound, _spot(one.place, text, spots), speaker)


def _value(kind: What, one: _Told, words: Words) -> tuple[float | tuple[float, float] | str | None, Bound | None]:
    """What it says, as our own reading of the same words has it; None if they do not say it."""
    if kind is What.CONTROL:
        return (one.value if one.value in CONTROL else None), None
    if kind is What.ASSESSMENT:
        word = one.value if isinstance(one.value, str) else ""
        return (word.lower() if word and word.lower() in one.quote.lower() else None), None
    wanted = tuple(one.value) if isinstance(one.value, list) else one.value
    for value, bound in _numbers(kind, one.quote, words):
        if value == wanted:
            return value, bound
    return None, None


def _numbers(kind: What, quote: str, words: Words) -> Iterator[tuple[float | tuple[float, float], Bound]]:
    if kind is What.RATIO:
        yield from ((max(one.first, one.second), one.bound) for one in ratios(quote, words))
    else:
        yield from ((one.value, one.bound) for one in numbers(quote, words))


def _spot(name: str | None, text: str, spots: Sequence[Spot]) -> Spot | None:
    """The place as the rules placed it; a name of the text that they did not place has no coordinates."""
    if not name or name not in text:
        return None
    folded = name.casefold()
    known = next((one for one in spots if folded in (one.name.casefold(), (one.known_as or "").casefold())), None)
    at = text.index(name)
    return known or Spot(name[:LONGEST], None, None, None, at, at + len(name))


def _same(own: Draft, other: Draft) -> bool:
    """Whether two drafts say the same of the same words."""
    apart = own.end <= other.start or other.end <= own.start
    return not apart and own.what == other.what and own.value == other.value


def _distinct(drafts: Sequence[Draft]) -> list[Draft]:
    found: list[Draft] = []
    for one in drafts:
        if not any(_same(one, two) for two in found):
            found.append(one)
    return found
