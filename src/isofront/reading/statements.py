"""Who is said to hold what, and what somebody judges likely: control statements and assessments in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isofront.reading.draft import Spot
from isofront.reading.words import Words

_REACH = 90
"""A place belongs to a statement if it stands within so many letters of its verb."""
_WHOLE = ("held", "taken", "liberated", "lost")
"""What may be said of a part of a place."""
_CLOSE = 40
"""A place so near after the verb comes before those that stand before it."""
_At = tuple[int, int, Spot]
"""A place with where its name begins and ends in the sentence."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A control statement: what it says of which place, by whose hand; positions of the verb in the sentence."""

    value: str
    place: Spot
    sides: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment: its probability word's bin (None = none), and where it stands in the sentence."""

    word: str | None
    start: int
    end: int


def stated(sentence: str, offset: int, spots: Sequence[Spot], words: Words) -> Iterator[Stated]:
    """The control statements of a sentence about the places it names; what is only feared or wanted is none."""
    taken: list[tuple[int, int]] = []
    told: set[tuple[int, str]] = set()
    for value, pattern in words.control:
        for found in pattern.finditer(sentence):
            if any(a < found.end() and found.start() < b for a, b in taken) or _unreal(sentence, found.start(), words):
                continue
            places = _places(sentence, found, offset, spots, words)
            if not places:
                continue
            taken.append(found.span())
            said = value
            if value in _WHOLE and (part := _part(sentence, found, places[0].start - offset, words)):
                if part == "share":
                    continue
                said = f"partly_{value}"
            said = f"not_{said}" if _denied(sentence, found.start(), words) else said
            for place in places:
                if (key := (_clause(sentence, found.start()), place.name)) not in told:
                    told.add(key)
                    yield Stated(said, place, _sides(sentence, found, words), found.start(), found.end())


def _part(sentence: str, found: re.Match[str], place: int, words: Words) -> str | None:
    """Whether only a part of a place is meant: "part", or a "share" that is a number of its own."""
    before = sentence[found.end() if place >= found.end() else 0 : place].rstrip()
    table = words.tables["control"]
    if re.search(rf"{table['share']}$", before, re.IGNORECASE):
        return "share"
    return "part" if re.search(rf"(?<!\w){table['partial']}$", before, re.IGNORECASE) else None


def _clause(sentence: str, at: int) -> int:
    """Where the clause begins that a position lies in."""
    cuts = [
        one.end()
        for one in re.finditer(
            r"[;:]\s|,\s(?:but|while|whereas|and|although|though|where|але|а|проте|тоді як|де)\s|\s[—–]\s", sentence
        )
        if one.end() <= at
    ]
    return cuts[-1] if cuts else 0


def _unreal(sentence: str, at: int, words: Words) -> bool:
    before = sentence[max(_clause(sentence, at), at - 60) : at]
    return bool(words.part("hypothetical", "words").search(before) or words.to_before.search(before))


def _denied(sentence: str, at: int, words: Words) -> bool:
    return bool(words.denied.search(sentence[max(_clause(sentence, at), at - 45) : at]))


def _places(sentence: str, found: re.Match[str], offset: int, spots: Sequence[Spot], words: Words) -> list[Spot]:
    """The place that a statement is about: right after its verb, else the last before it; "A, B and C" are three.

    A name without a spot counts only right beside the verb; one that something lies "near" or "north of" never.
    """
    begin = _clause(sentence, found.start())
    near = [(one.start - offset, one.end - offset, one) for one in spots]
    after = [
        one
        for one in near
        if found.end() <= one[0] <= found.end() + _REACH and not re.search(r"[;.]", sentence[found.end() : one[0]])
    ]
    before = [one for one in near if begin <= one[0] and one[1] <= found.start() and one[0] >= found.start() - _REACH]
    chosen_after, chosen_before = _after(sentence, found, after, words), _before(sentence, found, before, words)
    if chosen_after and chosen_after[0].start - offset - found.end() <= _CLOSE:
        return chosen_after
    return chosen_before or chosen_after[:1]


def _after(sentence: str, found: re.Match[str], some: Sequence[_At], words: Words) -> list[Spot]:
    """The places that follow the verb as its objects."""
    for k, (start, _, spot) in enumerate(some):
        between = sentence[found.end() : start]
        if spot.lon is None:
            if re.fullmatch(words.tables["control"]["object"], between, re.IGNORECASE):
                return _listed(sentence, some[k:])
        elif not words.beside.search(between):
            return _listed(sentence, some[k:])
        elif k == 0 and between.count(" ") <= 1:
            return []
    return []


def _before(sentence: str, found: re.Match[str], some: Sequence[_At], words: Words) -> list[Spot]:
    """The places before the verb that it speaks of: the last, or the one at the head that an apposition follows."""
    if some and re.search(r",\s*$", re.sub(words.tables["control"]["subject_end"], "", sentence[: found.start()])):
        first = some[0]
        if sentence[first[1] : first[1] + 1] == "," and not words.beside.search(sentence[: first[0]]):
            return [first[2]]
    for k in range(len(some) - 1, -1, -1):
        start, end, spot = some[k]
        if words.beside.search(sentence[:start]):
            continue
        if spot.lon is not None:
            return _listed(sentence, some[: k + 1][::-1], back=True)
        gap = sentence[end : found.start()]
        passive = gap.strip() or not re.match(words.tables["control"]["doing"], found.group(), re.IGNORECASE)
        if passive and re.fullmatch(words.tables["control"]["subject"], gap, re.IGNORECASE):
            return _listed(sentence, some[: k + 1][::-1], back=True)
    return []


def _listed(sentence: str, some: Sequence[_At], *, back: bool = False) -> list[Spot]:
    """The first, and those joined to it by commas and "and" alone."""
    chosen = [some[0]]
    for one in some[1:]:
        gap = sentence[one[1] : chosen[-1][0]] if back else sentence[chosen[-1][1] : one[0]]
        if not re.fullmatch(
            r"(?:,?\s*(?:and|та|і|й)\s+|,\s*)(?:in\s+|у\s+|в\s+)?(?:(?:all|most|parts?|nearly all) of\s+)?", gap
        ):
            break
        chosen.append(one)
    return [one[2] for one in (chosen[::-1] if back else chosen)]


def _sides(sentence: str, found: re.Match[str], words: Words) -> tuple[str, ...]:
    begin = _clause(sentence, found.start())
    return words.sides(sentence[max(begin, found.start() - 90) : found.end() + 40])


def judged(sentence: str, words: Words) -> Judged | None:
    """What somebody judges, if the sentence holds a probability word or a verb of judging."""
    for key in words.probability:
        if found := words.part("assessment", key).search(sentence):
            return Judged(key, found.start(), found.end())
    if found := words.part("assessment", "verbs").search(sentence):
        return Judged(None, found.start(), found.end())
    return None
