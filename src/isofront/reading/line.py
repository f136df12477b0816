"""A sentence of a text being read: the places it speaks of, also as "the city", and who speaks in it.

What was read before decides whom "he" and what "there" means: `Text` keeps it, and only `line_of` and `read_past`
change it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from isofront.reading import people
from isofront.reading.draft import Speaker, Spot, Unread
from isofront.reading.names import Names
from isofront.reading.people import Attribution, Heard
from isofront.reading.quantities import Counted
from isofront.reading.sentences import Sentence
from isofront.reading.words import Words


@dataclass(slots=True)
class Text:
    """A text being read: what is known of it so far."""

    words: Words
    names: Names
    spots: list[Spot]
    published: date | None
    analysts: frozenset[str]
    attackers: str | None
    heard: Heard = field(default_factory=Heard)
    place: tuple[Spot, int] | None = None
    number: Counted | None = None
    number_at: int = -1
    asked: Counted | None = None
    asked_at: int = -1
    times: Counter[str] = field(default_factory=Counter)
    topic: tuple[Spot, int] | None = None
    turn: tuple[Speaker, int] | None = None
    unread: list[Unread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the places it speaks of (`named`: also those without a spot) and who speaks in it."""

    sentence: Sentence
    spots: list[Spot]
    named: list[Spot]
    said: list[Attribution]

    def speaker_at(self, position: int, words: Words) -> Attribution | None:
        """Who says the words at a position of the sentence."""
        return people.speaker_for(self.sentence.start + position, self.sentence, self.said, words)


def line_of(sentence: Sentence, later: Sequence[Sentence], state: Text) -> Line:
    """A sentence with its places and speakers; `later` are the sentences after it, as far as a quotation may go on."""
    first, after = (bisect_left(state.spots, edge, key=start_of) for edge in (sentence.start, sentence.end))
    said = _speakers(sentence, later, state)
    every = _with_references(sentence, state.spots[first:after], state)
    return Line(sentence, [one for one in every if one.lon is not None], every, said)


def read_past(line: Line, text: str, state: Text) -> None:
    """Keep who spoke in a sentence and which place it spoke of, for those that follow."""
    sentence = line.sentence
    if len(line.spots) == 1 and _is_only_a_name(sentence, line.spots[0]):
        state.topic = line.spots[0], sentence.paragraph
    for one in line.said:
        state.heard = state.heard.then(one.speaker, state.words)
    if not line.said and (subject := people.subject_of(sentence, state.names, state.words)):
        state.heard = state.heard.then(subject, state.words)
    if source := people.source_of(sentence, state.words, state.names, state.heard):
        state.heard = state.heard.then(source, state.words)
    if spoken_of := [
        one
        for one in line.named
        if (one.lon is not None or _is_object(sentence, one, state.words))
        and not state.words.beside.search(before := text[max(0, one.start - 60) : one.start])
        and not (state.words.where_who_says_is.search(before) and state.words.says.match(text[one.end : one.end + 20]))
    ]:
        state.place = (_most_spoken_of(spoken_of, text, state), sentence.paragraph)


def _most_spoken_of(some: Sequence[Spot], text: str, state: Text) -> Spot:
    """Which of a sentence's places the next means by "the city": the last; of a list, the one that is named most."""
    first = len(some) - 1
    while first > 0 and state.words.listed.fullmatch(text[some[first - 1].end : some[first].start]):
        first -= 1
    return max(enumerate(some[first:]), key=lambda item: (state.times[item[1].name], item[0]))[1]


def asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question: it states nothing."""
    return sentence.text.rstrip("\"'”’»)").endswith("?")


def start_of(spot: Spot) -> int:
    """Where a name stands in the text."""
    return spot.start


def _speakers(sentence: Sentence, later: Sequence[Sentence], state: Text) -> list[Attribution]:
    """Who speaks in a sentence; words of a quotation that names nobody are those of who ends it, or spoke last.

    `later` are the sentences after this one, as far as a quotation that goes on in them.
    """
    said = people.attributions(sentence, state.words, state.names, state.heard)
    if said:
        return said
    told = later[0] if later and later[0].paragraph == sentence.paragraph else None
    if told and (teller := people.told_before(told, state.words, state.names, state.heard)):
        return [Attribution(teller, sentence.start, sentence.start)]
    if turn := _turn(sentence, state):
        return [Attribution(turn, sentence.start, sentence.start)]
    label = re.match(rf"\W*{state.words.source('speech', 'quote_label')}:\s+", sentence.text)
    quoted = sentence.quoted or sentence.text[label.end() if label else 0 :][:1] in '“"«'
    if not quoted or people.says_something(sentence, state.words):
        return said
    for one in later:
        if not one.quoted or one.paragraph != sentence.paragraph:
            break
        if ends := people.attributions(one, state.words, state.names, state.heard):
            return [Attribution(ends[0].speaker, sentence.start, sentence.start)]
    last = state.heard.last
    return [Attribution(last, sentence.start, sentence.start)] if last else []


def _turn(sentence: Sentence, state: Text) -> Speaker | None:
    """Whose turn it is in a transcript, told at the head of the paragraph."""
    if state.turn is None or state.turn[1] != sentence.paragraph:
        if (speaker := people.turn_of(sentence.text, state.names)) is None:
            return None
        state.turn = speaker, sentence.paragraph
    return state.turn[0]


def _with_references(sentence: Sentence, named: list[Spot], state: Text) -> list[Spot]:
    """The places of a sentence, also where it only says "the city" of one that was named before."""
    every = list(named)
    if not named and state.topic and state.topic[1] == sentence.paragraph:
        every.append(replace(state.topic[0], start=sentence.start, end=sentence.start))
    for begin, close, it in _references(sentence, state):
        start, end = sentence.start + begin, sentence.start + close
        earlier = [
            spot
            for spot in named
            if spot.end <= start
            and (spot.lon is not None or it or _is_object(sentence, spot, state.words))
            and not _aside(sentence, spot, start, state.words)
        ]
        before = state.place[0] if state.place and (not it or state.place[1] == sentence.paragraph) else None
        meant = earlier[-1] if earlier else before
        if meant is not None and not any(spot.start <= end + 4 and start <= spot.end for spot in named):
            every.append(replace(meant, start=start, end=end))
    return sorted(every, key=lambda spot: spot.start)


def _is_only_a_name(sentence: Sentence, spot: Spot) -> bool:
    """Whether a sentence is a place's name alone, marks apart: what follows in its paragraph is told of it."""
    begin, end = spot.start - sentence.start, spot.end - sentence.start
    return not re.search(r"[^\W\d_]", sentence.text[: max(begin, 0)] + sentence.text[end:]) and begin >= 0


def _references(sentence: Sentence, state: Text) -> Iterator[tuple[int, int, bool]]:
    """Where a sentence means a place without naming it, and whether by "it" (within a paragraph)."""
    for back in state.words.part("places", "back").finditer(sentence.text):
        yield *back.span(), False
    for one in state.words.it.finditer(sentence.text):
        yield *one.span("it" if one["it"] else "subject"), True


def _is_object(sentence: Sentence, spot: Spot, words: Words) -> bool:
    """Whether a name without a spot is what was taken, held, lost: a settlement, then."""
    before = sentence.text[: spot.start - sentence.start][-40:]
    after = sentence.text[spot.end - sentence.start :][:60]
    said = re.match(r"\s(?:is|are|was|were|has|have|had|remains?)\s([^.,;]{0,30})", after)
    return any(
        re.search(rf"{pattern.pattern}\s*$", before, re.IGNORECASE) or (said and pattern.search(said[1]))
        for _, pattern in words.control
    )


def _aside(sentence: Sentence, spot: Spot, at: int, words: Words) -> bool:
    """Whether a place is named in a clause that is over: "the group, which took X in May, said of the town"."""
    between = sentence.text[spot.end - sentence.start : at - sentence.start]
    before = sentence.text[: spot.start - sentence.start]
    return bool("," in between and re.search(rf",\s{words.source('grammar', 'relative')}\s[^,]*$", before))
