"""Who was there, read from an English description: word lists (data) and the order of words, nothing cleverer.

A side counts as seen only where its name stands before something on the ground ("Russian soldier", "claimed Ukrainian
position"); a side's drone or strike tells who acted, not who was at the spot. What cannot be told stays unknown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from isofront.feeds.sides import Sides
from isofront.feeds.units import short_note
from isofront.sources.words import AIRCRAFT_IN_FLIGHT, DRONE_IN_FLIGHT

_WORD = re.compile(r"[a-zа-яёіїєґ0-9'’-]+|[,.;:()/]")
_REACH = 7
"""So many words after a side's name may still belong to its phrase."""
_HYPHENS = str.maketrans({"–": "-", "’": "'", "‑": "-"})


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`crosswalks/words.toml`."""

    version: str
    ground: frozenset[str]
    means: frozenset[str]
    striking: frozenset[str]
    struck: frozenset[str]
    strike_nouns: frozenset[str]
    assault: frozenset[str]
    infiltration: frozenset[str]
    left: frozenset[str]
    flag: frozenset[str]
    flag_shown: frozenset[str]
    flag_gone: frozenset[str]
    civil: frozenset[str]
    object: frozenset[str]
    prisoners: frozenset[str]
    stops: frozenset[str]
    phrases: dict[str, tuple[str, ...]]
    means_of: dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a description tells, in the words of the evidence columns; `seen2` is a second side at the same spot.

    `captured2` says that the second are prisoners. `leave_out` is a reason why it is no evidence at all; `rough` that
    the spot is an area; `civil` that people without arms or their homes were hit, so that nothing of the text may be
    kept; `hushed` that they are named besides.
    """

    kind: str = "activity"
    seen: str = ""
    by: str = ""
    means: str = ""
    target: str = ""
    posture: str = ""
    location_of: str = ""
    seen2: str = ""
    captured2: bool = False
    leave_out: str = ""
    rough: bool = False
    civil: bool = False
    hushed: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    """A side's name in the text, what its phrase is headed by, and where it stands and ends (in words)."""

    side: str
    head: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A description taken apart: its words, the sides it names, and what the entry says besides."""

    tokens: list[str]
    said: frozenset[str]
    mentions: list[_Mention]
    ground: list[_Mention]
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


@cache
def words() -> Words:
    """The lists that come with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=Words)


@cache
def _phrase_patterns() -> dict[str, re.Pattern[str]]:
    return {name: _one_of(found) for name, found in words().phrases.items()}


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    told = "|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{told})")


@cache
def _any_phrase() -> re.Pattern[str]:
    """Any of all lists: most texts hold none, and are then not searched for each."""
    return _one_of(one for found in words().phrases.values() for one in found)


_NONE: frozenset[str] = frozenset()


def _phrases_in(plain: str) -> frozenset[str]:
    """The lists of which a phrase stands in a text."""
    if _any_phrase().search(plain) is None:
        return _NONE
    return frozenset(name for name, pattern in _phrase_patterns().items() if pattern.search(plain))


def told_by(text: str, faction: str, sides: Sides, *, destroyed: bool = False) -> Told:
    """What a description tells. `faction` is the side that the entry is filed under: who acts, as a rule.

    `destroyed` says that the entry's icon is that of a loss: then the faction is whose equipment lies there.
    """
    plain = text.casefold().translate(_HYPHENS)
    phrases = _phrases_in(plain)
    if "fake" in phrases:
        return Told(leave_out="the entry exposes a fake")
    tokens = _WORD.findall(plain)
    found = _read(tokens, phrases, faction, sides, destroyed=destroyed)
    rough, hushed = "rough" in phrases, not words().civil.isdisjoint(tokens)
    return replace(found, rough=rough, hushed=hushed) if rough or hushed else found


def note_for(told: Told, text: str, *named: str) -> str:
    """What is kept of a plain text: a short note without units' names; nothing where people without arms are named."""
    if told.civil:
        return CIVIL_NOTE
    return "" if told.hushed else short_note(text, *named)


CIVIL_NOTE = "civilian harm"


def _read(  # noqa: PLR0911 - a rule a line, the first that holds
    tokens: list[str], phrases: frozenset[str], faction: str, sides: Sides, *, destroyed: bool
) -> Told:
    """The rules in their order: what shows nobody comes before what shows somebody."""
    text = _text_of(tokens, faction, sides, destroyed=destroyed)
    lists = words()
    if text.said & lists.prisoners and (prisoners := _prisoners(text)):
        return prisoners
    if "camera" in phrases:
        return Told(by=text.acting, location_of="camera", civil=text.civil)
    if "in_flight" in phrases and not text.ground:
        return Told(by=text.acting, target=_flying(text.said))
    if text.said & lists.flag:
        return _flag(text)
    if "wreck" in phrases:
        return _wreck(text)
    if text.civil and not text.ground:
        return Told(by=text.acting, means=text.means, civil=True)
    return _struck(text) or _moved(text) or _lost(text)


def _wreck(text: _Text) -> Told:
    """Whose it is, but nobody's presence."""
    owner = next((one.side for one in text.mentions if one.head != "means"), text.faction if text.destroyed else "")
    return Told(seen=owner, posture="wreck")


def _text_of(tokens: list[str], faction: str, sides: Sides, *, destroyed: bool) -> _Text:
    lists, mentions = words(), _mentions(tokens, sides)
    return _Text(
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


def _struck(text: _Text) -> Told | None:
    """Somebody on the ground was hit."""
    if text.strikes:
        victim = "" if text.said & words().left and not text.ground else _victim(text)
    else:
        victim = _under_means(text)
    if not victim:
        return None
    by = text.acting if text.acting != victim else next((m.side for m in text.mentions if m.side != victim), "")
    return Told("strike", victim, by or _other(victim, text), text.means)


def _moved(text: _Text) -> Told | None:
    """Somebody on the ground did something: left, infiltrated, attacked, or was just there."""
    lists, ground = words(), text.ground
    if text.said & lists.left and ground and not text.strikes:
        return Told("left", ground[0].side, ground[0].side)
    if text.said & lists.infiltration and text.mentions:
        return _of_first(text.mentions, "infiltration")
    if text.said & lists.assault and (one := next((m for m in text.mentions if m.head in _ATTACKERS), None)):
        return Told("assault", one.side, one.side)
    return _seen(ground) if ground and not text.strikes else None


_ATTACKERS = ("ground", "assault")


def _lost(text: _Text) -> Told:
    """Nobody is told of: by the icon of a loss, things of the faction's lie there; else something happened."""
    if text.destroyed and text.faction:
        return Told(seen=text.faction, posture="wreck")
    return Told(by=text.acting, means=text.means)


def _seen(ground: list[_Mention]) -> Told:
    """Nobody struck anybody: whoever stands on the ground was there, also both."""
    first = ground[0].side
    second = next((one.side for one in ground if one.side != first), "")
    return Told("position", first, first, seen2=second)


def _of_first(mentions: list[_Mention], kind: str) -> Told:
    side = next((one.side for one in mentions if one.head in ("ground", "assault", "")), "")
    return Told(kind, side, side) if side else Told()


def _other(victim: str, text: _Text) -> str:
    """Who struck, where only the victim is named: the side the entry is filed under, if that is another."""
    if text.faction and text.faction != victim:
        return text.faction
    return text.sides.other(victim) if text.faction == victim else ""


def _acting(mentions: list[_Mention], faction: str) -> str:
    """Who acted: the side whose means or strike is named, else the one that the entry is filed under."""
    return next((one.side for one in mentions if one.head == "means"), faction)


def _mentions(tokens: list[str], sides: Sides) -> list[_Mention]:
    known = sides.words
    return [_mention(tokens, at, known[word], known) for at, word in enumerate(tokens) if word in known]


def _mention(tokens: list[str], at: int, side: str, known: dict[str, str]) -> _Mention:
    """The head of the phrase that a side's name opens: the last noun before a verb, a preposition or a stop."""
    lists, head, end = words(), "", at + 1
    for place in range(at + 1, min(at + 1 + _REACH, len(tokens))):
        word = tokens[place]
        if (len(word) == 1 and word in ",.;:()/") or word in known or word in lists.stops:
            break
        kind = _kind_of(word)
        if kind == "verb":
            break
        if kind == "means" and head == "ground":
            break  # "Russian soldier drops …": a noun would not follow
        if kind:
            head, end = kind, place + 1
    if not head and tokens[at].endswith("s") and side and len(tokens[at]) > 3:
        head = "ground" if tokens[at][-2] in "n" else head  # "Russians": people; "Russia's …" has an apostrophe
    return _Mention(side, head, at, end)


@lru_cache(maxsize=50_000)
def _kind_of(word: str) -> str:
    """What a word can head: ground, means, assault, object, civil; verb; or nothing."""
    lists = words()
    if word in lists.ground:
        return "ground"
    if word in lists.assault:
        return "assault"
    if word in lists.means or word in lists.strike_nouns:
        return "means"
    if word in lists.object:
        return "object"
    if word in lists.civil:
        return "civil"
    return "verb" if word in lists.striking or word in lists.struck else ""


def _victim(text: _Text) -> str:
    """Whose ground phrase was struck.

    Struck, in "X hit by …", stands after its phrase with a preposition or nothing behind it; in "… hits X" before it.
    """
    for one in text.ground:
        if _is_passive(text.tokens, one, text.sides.words):
            return one.side
    return next((one.side for one in text.ground if _strikes_before(text.tokens, one.at)), "")


def _is_passive(tokens: list[str], one: _Mention, known: Container[str]) -> bool:
    """Whether a phrase is followed by what was done to it: "position (in the wood) was hit", and nobody hit by it."""
    lists = words()
    for place in range(one.end, min(one.end + _FAR, len(tokens))):
        word = tokens[place]
        if word in lists.struck:
            return not _has_object(tokens, place, known)
        if word in known or word in lists.striking or (len(word) == 1 and word in ".;,"):
            return False
    return False


def _has_object(tokens: list[str], verb: int, known: Container[str]) -> bool:
    """Whether what stands right behind a verb is what it was done to, not where or by whom."""
    for word in tokens[verb + 1 : verb + 4]:
        if word in words().stops or not word[:1].isalpha():
            return False
        if word in known or _kind_of(word) in ("ground", "object", "civil"):
            return True
    return False


_FAR = 6
"""So many words may stand between a phrase and what was done to it."""


def _strikes_before(tokens: list[str], at: int) -> bool:
    """Whether a strike is told before a phrase, in the same sentence."""
    lists = words()
    for place in range(at - 1, -1, -1):
        word = tokens[place]
        if word in ".;":
            return False
        if word in lists.striking or word in lists.struck or word in lists.strike_nouns:
            return True
    return False


def _under_means(text: _Text) -> str:
    """Whose ground phrase stands right behind a means, with no verb at all: "drone (on an) alleged … position"."""
    lists = words()
    for one in text.ground:
        before = one.at - 1
        while before >= 0 and text.tokens[before] in _UNSURE:
            before -= 1
        if before >= 0 and text.tokens[before] in lists.means:
            return one.side
    return ""


_UNSURE = frozenset(
    {"alleged", "claimed", "presumed", "possible", "reported", "suspected", "on", "at", "against", "a", "an", "the"}
)


def _flying(said: Set[str]) -> str:
    return DRONE_IN_FLIGHT if said.isdisjoint(_MANNED) else AIRCRAFT_IN_FLIGHT


_MANNED = frozenset({"helicopter", "helicopters", "aircraft", "jet", "plane", "su-25", "su-34", "su-35", "missile"})


def _flag(text: _Text) -> Told:
    """A flag that people show is theirs; one dropped, burnt, taken down or carried by a drone shows nobody."""
    lists = words()
    owner = next((one.side for one in text.mentions if _before_flag(text.tokens, one)), "")
    if text.said & lists.flag_gone and not text.ground:
        return Told(by=text.acting)
    side = text.ground[0].side if text.ground else owner
    if side and (text.said & lists.flag_shown or owner):
        return Told("flag", side, side)
    return Told(by=text.acting)


def _before_flag(tokens: list[str], one: _Mention) -> bool:
    return any(word in words().flag for word in tokens[one.at + 1 : one.at + 4])


def _prisoners(text: _Text) -> Told | None:
    """Prisoners: both were there. The captors' presence counts, the prisoners' does not (posture captured)."""
    mentions, sides = text.mentions, text.sides
    taken = next((one for one in mentions if _next_to_prisoners(text.tokens, one, sides.words)), None)
    captors = next((one.side for one in mentions if taken is None or one.side != taken.side), "")
    if taken is None and not captors:
        return None
    losers = taken.side if taken else sides.other(captors)
    captors = captors or (text.acting if text.acting != losers else "") or sides.other(losers)
    if not captors:
        return Told("position", losers, posture="captured")
    kind = "assault" if text.said & words().assault else "position"
    return Told(kind, captors, captors, seen2=losers, captured2=True)


def _next_to_prisoners(tokens: list[str], one: _Mention, known: Container[str]) -> bool:
    """Whether a side's phrase is headed or followed by prisoners, or stands behind `captures`."""
    for word in tokens[one.at + 1 : one.end + 3]:
        if word in known or word in _TAKES:
            break
        if word in words().prisoners:
            return True
    return any(word in _TAKES or word in ("captured", "detained") for word in tokens[max(0, one.at - 3) : one.at])


_TAKES = frozenset({"capture", "captures", "capturing", "takes", "take", "took", "detain", "detains"})
