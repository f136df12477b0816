"""Whose troops a statement is about: the one who took, holds, lost; the one who is more in a ratio. Else nobody.

The side of whoever speaks is not the side spoken of: in "Ukrainian officials said Russian forces had seized X" the doer
stands after the verb of saying. Where the text does not tell, the answer is empty: a person fills it in.
"""

from __future__ import annotations

import re

from isofront.reading.words import Words

_BEFORE = 120
_AFTER = 60
_NEXT = 25
_OF_NOBODY = frozenset({"grey", "encircled", "partly_encircled"})
"""What is said of a place, not of who is there: whose people are surrounded is for a person to say."""


def doers(sentence: str, clause: int, found: re.Match[str], value: str, words: Words) -> tuple[str, ...]:
    """The side that took, entered, holds or lost, and the other where both are named; `clause` is where it begins."""
    if value in _OF_NOBODY:
        return ()
    inside = words.sides(found.group())
    if value == "held" and words.part("doers", "held_of").search(found.group()):
        inside = inside or words.sides(sentence[found.end() : found.end() + _NEXT])
    if value == "held" and inside:
        return inside[:1]
    head = sentence[max(clause, found.start() - _BEFORE) : found.start()]
    speaker, own = _past_saying(head, words)
    by = _by(sentence[found.end() : found.end() + _AFTER], words)
    passive = words.is_passive(own + re.split(r"\s", found.group().lstrip(), maxsplit=1)[0] + " ")
    before = _agents(_without_objects(own, words), words)[-1:]
    if not before and words.part("doers", "own").search(own):
        before = words.sides(speaker)[-1:]
    if value == "lost":
        given_up = passive and words.part("doers", "given_up").search(found.group())
        return by if given_up else _each(before + by) if before else ()
    return _each(by) if passive else _each((before or by) + inside)


def _without_objects(head: str, words: Words) -> str:
    """What stands before a verb without others and those they were done to: "drove the Russians from X and hold"."""
    for _, pattern in words.control:
        head = pattern.sub(" ", head)
    return head


def more_and_fewer(context: str, words: Words) -> tuple[str, ...]:
    """The side that is more and the one that is fewer, by the words around a ratio; empty where they do not tell."""
    for key, at in (("in_favour", 0), ("outnumbered", 1), ("outnumber", 0)):
        for found in words.part("doers", key).finditer(context):
            before = words.sides(context[: found.start()])[-1:]
            after = words.sides(context[found.end() :])[:1]
            if key == "in_favour":
                return words.sides(found.group())[:1]
            if key == "outnumbered" and not words.is_passive(context[: found.start()]):
                continue
            told = _each((after + before) if at else (before + after))
            return told if len(told) == 2 or bool(before) != bool(at) else ()
    return ()


def _each(sides: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sides))[:2]


def _past_saying(head: str, words: Words) -> tuple[str, str]:
    """What stands before the last verb of saying, and what after it."""
    every = list(words.part("speech", "said").finditer(head))
    return (head[: every[-1].start()], head[every[-1].end() :]) if every else ("", head)


def _agents(text: str, words: Words) -> tuple[str, ...]:
    return tuple(one for one in words.sides(text) if words.part("doers", "agent").fullmatch(one))


def _by(after: str, words: Words) -> tuple[str, ...]:
    """Who did it, named after the verb: "by Russian marines"; where cases tell, without such a word."""
    part = re.split(r"[.;,:]\s|\.$", after)[0]
    led = re.search(words.tables["doers"]["by"], part, re.IGNORECASE)
    return _agents(part[led.end() :], words)[:1] if led else ()
