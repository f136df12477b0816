"""A description taken apart: its words, and the sides it names with what each name's phrase is headed by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isofront.feeds.description_words import kind_of, words
from isofront.feeds.sides import Sides

_WORD = re.compile(r"[a-zа-яёіїєґ0-9'’-]+|[,.;:()/]")
_REACH = 7
"""At most this many words after a side's name belong to its phrase."""
_HYPHENS = str.maketrans({"–": "-", "’": "'", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A side's name in the text, what its phrase is headed by, and where it stands and ends (in words)."""

    side: str
    head: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Description:
    """A description taken apart: its words, the sides it names, and what the entry says besides."""

    tokens: list[str]
    said: frozenset[str]
    mentions: list[Mention]
    ground: list[Mention]
    faction: str
    acting: str
    means: str
    sides: Sides
    destroyed: bool

    @property
    def strikes(self) -> bool:
        """Whether it tells of a strike at all."""
        lists = words()
        return not (
            self.said.isdisjoint(lists.striking)
            and self.said.isdisjoint(lists.struck)
            and self.said.isdisjoint(lists.strike_nouns)
        )

    @property
    def civil(self) -> bool:
        """Whether people without arms, or what is theirs, are named."""
        return not self.said.isdisjoint(words().civil)


def plain_of(text: str) -> str:
    """A description in small letters, with one hyphen and one apostrophe."""
    return text.casefold().translate(_HYPHENS)


def tokens_of(plain: str) -> list[str]:
    """The words and stops of a plain text, in order."""
    return _WORD.findall(plain)


def description_of(tokens: list[str], faction: str, sides: Sides, *, destroyed: bool) -> Description:
    """A description's words taken apart; `faction` and `destroyed` are what the entry says besides."""
    lists, mentions = words(), _mentions(tokens, sides)
    return Description(
        tokens,
        frozenset(tokens),
        mentions,
        [one for one in mentions if one.head == "ground"],
        faction,
        _acting(mentions, faction),
        next((lists.means_of[word] for word in tokens if word in lists.means_of), ""),
        sides,
        destroyed=destroyed,
    )


def _acting(mentions: list[Mention], faction: str) -> str:
    """Who acted: the side whose means or strike is named, else the one that the entry is filed under."""
    return next((one.side for one in mentions if one.head == "means"), faction)


def _mentions(tokens: list[str], sides: Sides) -> list[Mention]:
    known = sides.words
    return [_mention(tokens, at, known[word], known) for at, word in enumerate(tokens) if word in known]


def _mention(tokens: list[str], at: int, side: str, known: dict[str, str]) -> Mention:
    """The head of the phrase that a side's name opens: the last noun before a verb, a preposition or a stop."""
    lists, head, end = words(), "", at + 1
    for place in range(at + 1, min(at + 1 + _REACH, len(tokens))):
        word = tokens[place]
        if (len(word) == 1 and word in ",.;:()/") or word in known or word in lists.stops:
            break
        kind = kind_of(word)
        if kind == "verb":
            break
        if kind == "means" and head == "ground":
            break  # "Russian soldier drops …": a noun would not follow
        if kind:
            head, end = kind, place + 1
    if not head and tokens[at].endswith("s") and side and len(tokens[at]) > 3:
        head = "ground" if tokens[at][-2] == "n" else head  # "Russians": people; "Russia's …" has an apostrophe
    return Mention(side, head, at, end)
