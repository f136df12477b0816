"""Who was there, read from an English description: word lists (data) and the order of words, nothing cleverer.

A side counts as seen only where its name stands before something on the ground ("Russian soldier", "claimed Ukrainian
position"); a side's drone or strike tells who acted, not who was at the spot. What cannot be told stays unknown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from isofront.feeds.sides import Sides
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

    `leave_out` is a reason why it is no evidence at all; `rough` that the spot is an area; `civil` that people without
    arms or their homes were hit, so that nothing of the text may be kept.
    """

    kind: str = "activity"
    seen: str = ""
    by: str = ""
    means: str = ""
    target: str = ""
    posture: str = ""
    location_of: str = ""
    seen2: str = ""
    leave_out: str = ""
    rough: bool = False
    civil: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    """A side's name in the text, what its phrase is headed by, and where it stands and ends (in words)."""

    side: str
    head: str
    at: int
    end: int


@cache
def words() -> Words:
    """The lists that come with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=Words)


@cache
def _phrase_patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(
            r"(?<![\w-])(?:" + "|".join(re.escape(one) for one in sorted(found, key=len, reverse=True)) + r")"
        )
        for name, found in words().phrases.items()
    }


def told_by(text: str, faction: str, sides: Sides, *, destroyed: bool = False) -> Told:
    """What a description tells. `faction` is the side that the entry is filed under: who acts, as a rule.

    `destroyed` says that the entry's icon is that of a loss: then the faction is whose equipment lies there.
    """
    plain = text.casefold().translate(_HYPHENS)
    phrases = _phrase_patterns()
    if phrases["fake"].search(plain):
        return Told(leave_out="the entry exposes a fake")
    tokens = _WORD.findall(plain)
    found = _read(tokens, plain, faction, sides, destroyed=destroyed)
    if phrases["rough"].search(plain):
        found = replace(found, rough=True)
    return found


def _read(tokens: list[str], plain: str, faction: str, sides: Sides, *, destroyed: bool) -> Told:
    """The rules in their order: what shows nobody comes before what shows somebody."""
    phrases, lists, said = _phrase_patterns(), words(), set(tokens)
    mentions = _mentions(tokens, sides)
    acting = _acting(mentions, faction)
    means = next((lists.means_of[word] for word in tokens if word in lists.means_of), "")
    if said & lists.prisoners and (prisoners := _prisoners(tokens, mentions, acting, sides)):
        return prisoners
    if phrases["camera"].search(plain):
        return Told(by=acting, location_of="camera", civil=bool(said & lists.civil))
    if phrases["in_flight"].search(plain) and not _hit_on_the_ground(mentions):
        return Told(by=acting, target=_flying(said))
    if said & lists.flag:
        return _flag(tokens, mentions, acting)
    if phrases["wreck"].search(plain):
        owner = next((one.side for one in mentions if one.head != "means"), faction if destroyed else "")
        return Told(seen=owner, posture="wreck")
    return _fight(tokens, said, mentions, faction, acting, means, sides, destroyed=destroyed)


def _fight(
    tokens: list[str],
    said: set[str],
    mentions: list[_Mention],
    faction: str,
    acting: str,
    means: str,
    sides: Sides,
    *,
    destroyed: bool,
) -> Told:
    lists = words()
    ground = [one for one in mentions if one.head == "ground"]
    struck = bool(said & (lists.striking | lists.struck | lists.strike_nouns))
    if said & lists.civil and not ground:
        return Told(by=acting, means=means, civil=True)
    if said & lists.left and ground and not struck:
        return Told("left", ground[0].side, ground[0].side)
    victim = _victim(tokens, ground, sides.words) if struck else _under_means(tokens, ground)
    if victim:
        by = acting if acting != victim else next((one.side for one in mentions if one.side != victim), "")
        return Told("strike", victim, by or _other(victim, faction, sides), means)
    if said & lists.infiltration and mentions:
        return _of_first(mentions, "infiltration")
    if said & lists.assault and (one := next((m for m in mentions if m.head in ("ground", "assault")), None)):
        return Told("assault", one.side, one.side)
    if not struck and ground:
        return _seen(ground)
    if destroyed and faction:
        return Told(seen=faction, posture="wreck")
    return Told(by=acting, means=means)


def _seen(ground: list[_Mention]) -> Told:
    """Nobody struck anybody: whoever stands on the ground was there, also both."""
    first = ground[0].side
    second = next((one.side for one in ground if one.side != first), "")
    return Told("position", first, first, seen2=second)


def _of_first(mentions: list[_Mention], kind: str) -> Told:
    side = next((one.side for one in mentions if one.head in ("ground", "assault", "")), "")
    return Told(kind, side, side) if side else Told()


def _other(victim: str, faction: str, sides: Sides) -> str:
    """Who struck, where only the victim is named: the side the entry is filed under, if that is another."""
    return faction if faction and faction != victim else sides.other(victim) if faction == victim else ""


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


def _victim(tokens: list[str], ground: list[_Mention], known: Container[str]) -> str:
    """Whose ground phrase was struck.

    Struck, in "X hit by …", stands after its phrase with a preposition or nothing behind it; in "… hits X" before it.
    """
    if not ground:
        return ""
    for one in ground:
        if _is_passive(tokens, one, known):
            return one.side
    for one in ground:
        if _strikes_before(tokens, one.at):
            return one.side
    return ""


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


def _under_means(tokens: list[str], ground: list[_Mention]) -> str:
    """Whose ground phrase stands right behind a means, with no verb at all: "bomber drone (on an) alleged … position"."""
    lists = words()
    for one in ground:
        before = one.at - 1
        while before >= 0 and tokens[before] in _UNSURE:
            before -= 1
        if before >= 0 and tokens[before] in lists.means:
            return one.side
    return ""


_UNSURE = frozenset(
    {"alleged", "claimed", "presumed", "possible", "reported", "suspected", "on", "at", "against", "a", "an", "the"}
)


def _hit_on_the_ground(mentions: list[_Mention]) -> bool:
    return any(one.head == "ground" for one in mentions)


def _flying(said: set[str]) -> str:
    craft = {
        "helicopter",
        "helicopters",
        "aircraft",
        "jet",
        "plane",
        "su-25",
        "su-34",
        "su-35",
        "mig-29",
        "missile",
        "missiles",
    }
    return AIRCRAFT_IN_FLIGHT if said & craft else DRONE_IN_FLIGHT


def _flag(tokens: list[str], mentions: list[_Mention], acting: str) -> Told:
    """A flag that people show is theirs; one dropped, burnt, taken down or carried by a drone shows nobody."""
    lists = words()
    owner = next((one.side for one in mentions if _before_flag(tokens, one)), "")
    people = [one.side for one in mentions if one.head == "ground"]
    if set(tokens) & lists.flag_gone and not people:
        return Told(by=acting)
    side = people[0] if people else owner
    if side and (set(tokens) & lists.flag_shown or owner):
        return Told("flag", side, side)
    return Told(by=acting)


def _before_flag(tokens: list[str], one: _Mention) -> bool:
    return any(word in words().flag for word in tokens[one.at + 1 : one.at + 4])


def _prisoners(tokens: list[str], mentions: list[_Mention], acting: str, sides: Sides) -> Told | None:
    """Prisoners: both were there. The captors' presence counts, the prisoners' does not (posture captured)."""
    taken = next((one for one in mentions if _next_to_prisoners(tokens, one, sides.words)), None)
    captors = next((one.side for one in mentions if one is not taken and (taken is None or one.side != taken.side)), "")
    if taken is None and not captors:
        return None
    if taken is None:
        taken_side = sides.other(captors)
    else:
        taken_side = taken.side
        captors = captors or (acting if acting != taken_side else "") or sides.other(taken_side)
    if not captors:
        return Told("position", taken_side, posture="captured")
    return Told("position", captors, captors, seen2=taken_side)


def _next_to_prisoners(tokens: list[str], one: _Mention, known: Container[str]) -> bool:
    """Whether a side's phrase is headed or followed by prisoners, or stands behind `captures`."""
    for word in tokens[one.at + 1 : one.end + 3]:
        if word in known or word in _TAKES:
            break
        if word in words().prisoners:
            return True
    return any(word in _TAKES or word in ("captured", "detained") for word in tokens[max(0, one.at - 3) : one.at])


_TAKES = frozenset({"capture", "captures", "capturing", "takes", "take", "took", "detain", "detains"})
