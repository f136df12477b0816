"""How words are meant: stated, denied, or only supposed; the words that govern them may stand far before or after.

"Kyiv denied that 5,000 men were trapped" states no number; "there is no evidence that the town was taken" no capture.
A denial of who holds a place is worth a draft of its own (`not_taken`), a denied or supposed number is not.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from isofront.reading.words import Words

_FAR = 200
"""What governs stands at most so many letters before."""
_AFTER = 140
_BESIDE = 70


class Mood(Enum):
    """How something is meant by who says it."""

    STATED = "stated"
    DENIED = "denied"
    SUPPOSED = "supposed"


def mood(sentence: str, start: int, end: int, words: Words) -> Mood:
    """How the words between two positions are meant, by what governs them: "denied reports that", "… was a lie"."""
    head = sentence[max(0, start - _FAR) : start]
    if (governed := _governed(head, sentence[start:end], words)) is Mood.DENIED:
        return governed
    if words.part("moods", "denied_next").search(sentence[end : end + _AFTER]):
        return Mood.DENIED
    after = re.split(r"[;]|\.\s|,?\s(?:but|але|проте)\s", sentence[end : end + _AFTER])[0]
    if _asserts(sentence[max(0, start - _FAR) : end], words):
        for key, found in (("after_denied", Mood.DENIED), ("after_unsaid", Mood.SUPPOSED)):
            if words.part("moods", key).search(after):
                return found
    return governed


def mood_of_number(sentence: str, start: int, end: int, words: Words) -> Mood:
    """How a number is meant: also "could lose 500", "did not lose 500", "500 would be needed"."""
    found = mood(sentence, start, end, words)
    if found is not Mood.STATED:
        return found
    beside = re.split(r"[,;:(]\s|\.\s|\s[—–]\s", sentence[max(0, start - _BESIDE) : start])[-1]
    whole = re.split(r"[;:(]\s|\.\s", sentence[max(0, start - _BESIDE) : start])[-1]
    after = re.split(r"[,;:.(]\s|\s[—–]\s", sentence[end : end + _BESIDE])[0]
    if words.part("moods", "before_number").search(beside) or words.part("moods", "after_number").search(after):
        return Mood.SUPPOSED
    if words.part("moods", "condition").search(whole):
        return Mood.SUPPOSED
    denied = re.search(rf"{words.source('moods', 'not_number')}\s+(?:[\w'’-]+\s+){{0,2}}$", beside, re.IGNORECASE)
    return Mood.DENIED if denied else Mood.STATED


def is_claim_of_claims(sentence: str, start: int, end: int, words: Words) -> bool:
    """Whether a word such as "disputed" is said of a statement, not of ground."""
    of_words = words.part("moods", "said_of_words").search(sentence[start:end])
    head = sentence[max(0, start - _FAR) : start]
    by = re.search(rf"(?<!\w){words.source('moods', 'said_by')}\s$", head, re.IGNORECASE)
    return bool(of_words and (by or _asserts(head, words)))


def _asserts(head: str, words: Words) -> bool:
    """Whether a noun of saying stands in the same sentence before: "the report that"."""
    return bool(words.part("moods", "nouns").search(re.split(r"[.;]\s", head)[-1]))


def _governed(head: str, own: str, words: Words) -> Mood:
    """What the last words that govern make of what follows them, where their reach does not end before.

    Their last word may be the first of the words themselves: "whoever reported the capture of".
    """
    last = (0, Mood.STATED)
    for key, found in (("denies", Mood.DENIED), ("supposes", Mood.SUPPOSED)):
        for one in words.part("moods", key).finditer(head + own):
            if last[0] <= one.end() and one.start() < len(head) and not _ends(words).search(head, one.end()):
                last = (one.end(), found)
    return Mood.SUPPOSED if last[1] is Mood.STATED and _tells_of_others(head, words) else last[1]


def _tells_of_others(head: str, words: Words) -> bool:
    """Whether inside a quotation somebody else's words are told: "They say they have taken it"."""
    opened = re.search(r"[“«„\"][^”»“„«\"]*$", head)
    return bool(opened and words.part("moods", "others_say").search(opened.group()))


def reached(head: str, words: Words) -> str:
    """The part of what stands before that can still govern what follows."""
    every = list(_ends(words).finditer(head))
    return head[every[-1].end() :] if every else head


@cache
def _ends(words: Words) -> re.Pattern[str]:
    """What ends the reach of words that govern."""
    return re.compile(words.source("moods", "ends"), re.IGNORECASE)
