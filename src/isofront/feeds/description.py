"""Who was there, read from an English description: word lists (data) and the order of words, nothing cleverer.

A side counts as seen only where its name stands before something on the ground ("Russian soldier", "claimed Ukrainian
position"); a side's drone or strike tells who acted, not who was at the spot. What cannot be told stays unknown.
"""

from __future__ import annotations

from collections.abc import Container, Set
from dataclasses import dataclass, replace

from isofront.feeds.description_text import Description, Mention, description_of, plain_of, tokens_of
from isofront.feeds.description_words import kind_of, phrases_in, words
from isofront.feeds.sides import Sides
from isofront.feeds.units import short_note
from isofront.sources.words import AIRCRAFT_IN_FLIGHT, DRONE_IN_FLIGHT

CIVIL_NOTE = "civilian harm"
_ATTACKERS = ("ground", "assault")
_FAR = 6
"""At most this many words stand between a phrase and what was done to it."""
_UNSURE = frozenset(
    {"alleged", "claimed", "presumed", "possible", "reported", "suspected", "on", "at", "against", "a", "an", "the"}
)
_MANNED = frozenset({"helicopter", "helicopters", "aircraft", "jet", "plane", "su-25", "su-34", "su-35", "missile"})
_TAKES = frozenset({"capture", "captures", "capturing", "takes", "take", "took", "detain", "detains"})


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


def told_by(text: str, faction: str, sides: Sides, *, destroyed: bool = False) -> Told:
    """What a description tells. `faction` is the side that the entry is filed under: who acts, as a rule.

    `destroyed` says that the entry's icon is that of a loss: then the faction is whose equipment lies there.
    """
    plain = plain_of(text)
    phrases = phrases_in(plain)
    if "fake" in phrases:
        return Told(leave_out="the entry exposes a fake")
    tokens = tokens_of(plain)
    found = _read(tokens, phrases, faction, sides, destroyed=destroyed)
    rough, hushed = "rough" in phrases, not words().civil.isdisjoint(tokens)
    return replace(found, rough=rough, hushed=hushed) if rough or hushed else found


def note_for(told: Told, text: str, *named: str) -> str:
    """What is kept of a plain text: a short note without units' names; nothing where people without arms are named."""
    if told.civil:
        return CIVIL_NOTE
    return "" if told.hushed else short_note(text, *named)


def _read(  # noqa: PLR0911 - a rule a line, the first that holds
    tokens: list[str], phrases: frozenset[str], faction: str, sides: Sides, *, destroyed: bool
) -> Told:
    """The rules in their order: what shows nobody comes before what shows somebody."""
    text = description_of(tokens, faction, sides, destroyed=destroyed)
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


def _wreck(text: Description) -> Told:
    """Whose it is, but nobody's presence."""
    owner = next((one.side for one in text.mentions if one.head != "means"), text.faction if text.destroyed else "")
    return Told(seen=owner, posture="wreck")


def _struck(text: Description) -> Told | None:
    """Somebody on the ground was hit."""
    if text.strikes:
        victim = "" if text.said & words().left and not text.ground else _victim(text)
    else:
        victim = _under_means(text)
    if not victim:
        return None
    by = text.acting if text.acting != victim else next((m.side for m in text.mentions if m.side != victim), "")
    return Told("strike", victim, by or _other(victim, text), text.means)


def _moved(text: Description) -> Told | None:
    """Somebody on the ground did something: left, infiltrated, attacked, or was just there."""
    lists, ground = words(), text.ground
    if text.said & lists.left and ground and not text.strikes:
        return Told("left", ground[0].side, ground[0].side)
    if text.said & lists.infiltration and text.mentions:
        return _of_first(text.mentions, "infiltration")
    if text.said & lists.assault and (one := next((m for m in text.mentions if m.head in _ATTACKERS), None)):
        return Told("assault", one.side, one.side)
    return _seen(ground) if ground and not text.strikes else None


def _lost(text: Description) -> Told:
    """Nobody is told of: by the icon of a loss, things of the faction's lie there; else something happened."""
    if text.destroyed and text.faction:
        return Told(seen=text.faction, posture="wreck")
    return Told(by=text.acting, means=text.means)


def _seen(ground: list[Mention]) -> Told:
    """Nobody struck anybody: whoever stands on the ground was there, also both."""
    first = ground[0].side
    second = next((one.side for one in ground if one.side != first), "")
    return Told("position", first, first, seen2=second)


def _of_first(mentions: list[Mention], kind: str) -> Told:
    side = next((one.side for one in mentions if one.head in ("ground", "assault", "")), "")
    return Told(kind, side, side) if side else Told()


def _other(victim: str, text: Description) -> str:
    """Who struck, where only the victim is named: the side the entry is filed under, if that is another."""
    if text.faction and text.faction != victim:
        return text.faction
    return text.sides.other(victim) if text.faction == victim else ""


def _victim(text: Description) -> str:
    """Whose ground phrase was struck.

    Struck, in "X hit by …", stands after its phrase with a preposition or nothing behind it; in "… hits X" before it.
    """
    for one in text.ground:
        if _is_passive(text.tokens, one, text.sides.words):
            return one.side
    return next((one.side for one in text.ground if _strikes_before(text.tokens, one.at)), "")


def _is_passive(tokens: list[str], one: Mention, known: Container[str]) -> bool:
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
        if word in known or kind_of(word) in ("ground", "object", "civil"):
            return True
    return False


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


def _under_means(text: Description) -> str:
    """Whose ground phrase stands right behind a means, with no verb at all: "drone (on an) alleged … position"."""
    lists = words()
    for one in text.ground:
        before = one.at - 1
        while before >= 0 and text.tokens[before] in _UNSURE:
            before -= 1
        if before >= 0 and text.tokens[before] in lists.means:
            return one.side
    return ""


def _flying(said: Set[str]) -> str:
    return DRONE_IN_FLIGHT if said.isdisjoint(_MANNED) else AIRCRAFT_IN_FLIGHT


def _flag(text: Description) -> Told:
    """A flag that people show is theirs; one dropped, burnt, taken down or carried by a drone shows nobody."""
    lists = words()
    owner = next((one.side for one in text.mentions if _before_flag(text.tokens, one)), "")
    if text.said & lists.flag_gone and not text.ground:
        return Told(by=text.acting)
    side = text.ground[0].side if text.ground else owner
    if side and (text.said & lists.flag_shown or owner):
        return Told("flag", side, side)
    return Told(by=text.acting)


def _before_flag(tokens: list[str], one: Mention) -> bool:
    return any(word in words().flag for word in tokens[one.at + 1 : one.at + 4])


def _prisoners(text: Description) -> Told | None:
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


def _next_to_prisoners(tokens: list[str], one: Mention, known: Container[str]) -> bool:
    """Whether a side's phrase is headed or followed by prisoners, or stands behind `captures`."""
    for word in tokens[one.at + 1 : one.end + 3]:
        if word in known or word in _TAKES:
            break
        if word in words().prisoners:
            return True
    return any(word in _TAKES or word in ("captured", "detained") for word in tokens[max(0, one.at - 3) : one.at])
