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
from isofront.reading.draft import Draft, Speaker, Spot, Unread
from isofront.reading.heard import Heard
from isofront.reading.names import Names
from isofront.reading.people import Attribution
from isofront.reading.quantities import Counted
from isofront.reading.sentences import Sentence
from isofront.reading.words import Words

MAIN = 3
"""A place named so many times is what a text tells of."""


@dataclass(slots=True)
class Text:
    """A text being read: what is known of it so far. `first` is the place that it begins with, datelines apart;
    `past` is the last paragraph that opened in an earlier year, `claims` are the statements of the last sentence.
    """

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
    first: Spot | None = None
    topic: tuple[Spot, int] | None = None
    topic_leads_line: bool = False
    turn: tuple[Speaker, int] | None = None
    interviewed: Speaker | None = None
    past: int = -1
    claims: tuple[list[Draft], int] = field(default_factory=lambda: ([], -1))
    unread: list[Unread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the places it speaks of (`named`: also those without a spot) and who speaks in it.

    `label` is the place that it is led by as by a heading ("Rih: taken").
    """

    sentence: Sentence
    spots: list[Spot]
    named: list[Spot]
    said: list[Attribution]
    label: Spot | None = None

    def speaker_at(self, position: int, words: Words) -> Attribution | None:
        """Who says the words at a position of the sentence."""
        return people.speaker_for(self.sentence.start + position, self.sentence, self.said, words)


def line_of(sentence: Sentence, later: Sequence[Sentence], state: Text) -> Line:
    """A sentence with its places and speakers; `later` are the sentences after it, as far as a quotation may go on."""
    first, after = (bisect_left(state.spots, edge, key=start_of) for edge in (sentence.start, sentence.end))
    said = _speakers(sentence, later, state)
    named = state.spots[first:after]
    label = _label(sentence, named, state.names)
    every = _with_references(sentence, named, state, label=label)
    return Line(sentence, [one for one in every if one.lon is not None], every, said, label and label[0])


def _label(sentence: Sentence, named: Sequence[Spot], names: Names) -> tuple[Spot, int] | None:
    """The place that a sentence is led by as by a heading, and where what is told of it begins: "Rih: taken"."""
    head = sentence.text[: named[0].start - sentence.start] if named else ""
    if not named or re.search(r"\w", head) or (named[0].lon is None and names.resolved(named[0].name)):
        return None
    led = re.match(r"(?:\s\([^)]{1,60}\))?(?::|\s[–—-])\s+", sentence.text[named[0].end - sentence.start :])
    return (named[0], named[0].end + led.end()) if led else None


def read_past(line: Line, text: str, state: Text, *, told: Sequence[Spot] = ()) -> None:
    """Keep who spoke in a sentence and which place it spoke of, for those that follow.

    `told` are the places of which it says who holds them: spoken of, even where no gazetteer knows them.
    """
    sentence = line.sentence
    if len(line.spots) == 1 and _is_only_a_name(sentence, line.spots[0]):
        state.topic, state.topic_leads_line = (line.spots[0], sentence.paragraph), False
    elif line.label is not None:
        state.topic, state.topic_leads_line = (line.label, sentence.paragraph), True
    elif len(line.named) == 1 and text[: sentence.start].endswith("\n") and _is_only_a_name(sentence, line.named[0]):
        state.topic = state.place = None  # headed by what no gazetteer knows: "the town" is not the one before
    if state.topic_leads_line and text[sentence.end : sentence.end + 2].lstrip(" ").startswith("\n"):
        state.topic = None
    for one in line.said:
        state.heard = state.heard.then(one.speaker, state.words)
    if not line.said and (subject := people.subject_of(sentence, state.names, state.words)):
        state.heard = state.heard.then(subject, state.words)
    if source := people.source_of(sentence, state.words, state.names, state.heard):
        state.heard = state.heard.then(source, state.words)
    if spoken_of := [
        one
        for one in line.named
        if (
            one.lon is not None
            or (list(told) == [one] and not line.spots)
            or _is_object(sentence, one, state.words)
            or (not line.spots and _is_at(one, text, state.words))
        )
        and not state.words.beside.search(before := text[max(0, one.start - 60) : one.start])
        and not state.words.whose_office.match(text[one.end : one.end + 60])
        and not (state.words.where_who_says_is.search(before) and state.words.says.match(text[one.end : one.end + 20]))
    ]:
        state.place = (_most_spoken_of(spoken_of, text, state), sentence.paragraph)


def _is_at(spot: Spot, text: str, words: Words) -> bool:
    """Whether something happened "at" a name that no gazetteer knows: "the village" of the next sentence, then."""
    return re.search(rf"(?<!\w){words.source('places', 'at')} $", text[max(0, spot.start - 8) : spot.start]) is not None


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
    told = later[0] if later and later[0].paragraph <= sentence.paragraph + 1 else None
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
    """Whose turn it is in a transcript, told at the head of the paragraph, or by "A:" in an interview."""
    if state.interviewed and people.is_turn(sentence.text, "answers", state.words):
        state.turn = state.interviewed, sentence.paragraph
    elif state.interviewed and people.is_turn(sentence.text, "asks", state.words):
        state.turn = None
    if state.turn is None or state.turn[1] != sentence.paragraph:
        if (speaker := people.turn_of(sentence.text, state.names)) is None:
            return None
        state.turn = speaker, sentence.paragraph
    return state.turn[0]


def _with_references(
    sentence: Sentence, named: list[Spot], state: Text, *, label: tuple[Spot, int] | None
) -> list[Spot]:
    """The places of a sentence, also where it only says "the city" of one that was named before."""
    every = list(named)
    others = [one for one in named if one.lon is not None or _begins_after(sentence, one)]
    if label:
        every.append(replace(label[0], start=label[1], end=label[1]))
    elif not others and state.topic and state.topic[1] == sentence.paragraph:
        every.append(replace(state.topic[0], start=sentence.start, end=sentence.start))
    for begin, close, it in _references(sentence, state):
        start, end = sentence.start + begin, sentence.start + close
        earlier = [
            spot
            for spot in named
            if spot.end <= start
            and (
                spot.lon is not None
                or it
                or _is_object(sentence, spot, state.words)
                or _is_in(sentence, spot, state.words)
            )
            and not _aside(sentence, spot, start, state.words)
            and not _only_tells_where(sentence, spot, state.words)
        ]
        before = state.place[0] if state.place and (not it or state.place[1] == sentence.paragraph) else None
        town = not it and state.words.part("places", "towns").search(sentence.text[begin:close]) is not None
        if town and earlier and _is_of_a_list(earlier, sentence, state.words):
            main = _main_place(earlier[-1], sentence, state)
            earlier = [main] if main and all(one.name != main.name for one in earlier) else earlier
        meant = earlier[-1] if earlier else _town_spoken_of(before, sentence, state) if town else before
        if meant is not None and not any(spot.start <= end + 4 and start <= spot.end for spot in named):
            every.append(replace(meant, start=start, end=end))
    return sorted(every, key=lambda spot: spot.start)


def _town_spoken_of(last: Spot | None, sentence: Sentence, state: Text) -> Spot | None:
    """Which place "the city" is: the last, unless in an earlier paragraph, in a text that tells rather of another."""
    if last is None or (state.place and state.place[1] == sentence.paragraph):
        return last
    first = state.first
    if first and first.end <= sentence.start and state.times[first.name] >= max(2, state.times[last.name]):
        return first
    return last if state.times[last.name] > 1 else _main_place(last, sentence, state) or last


def _is_of_a_list(earlier: Sequence[Spot], sentence: Sentence, words: Words) -> bool:
    """Whether several places were named: "the city" is none of them alone."""
    after = sentence.text[earlier[-1].end - sentence.start :]
    joint = words.listed.match(after)
    return len(earlier) > 1 or bool(joint and after[joint.end() :][:1].isupper())


def _main_place(last: Spot, sentence: Sentence, state: Text) -> Spot | None:
    """The place that a text names most so far, if it tells of that one."""
    before = [one for one in state.spots if one.end <= sentence.start and one.lon is not None]
    main = max(before, key=lambda one: state.times[one.name], default=last)
    return main if state.times[main.name] >= MAIN else None


def _begins_after(sentence: Sentence, spot: Spot) -> bool:
    """Whether words stand before a name: one without a spot that opens a sentence may be any word."""
    return re.search(r"\w", sentence.text[: spot.start - sentence.start]) is not None


def _is_only_a_name(sentence: Sentence, spot: Spot) -> bool:
    """Whether a sentence is a place's name alone, marks apart: what follows in its paragraph is told of it."""
    begin, end = spot.start - sentence.start, spot.end - sentence.start
    rest = re.sub(r"^\s\([^)]{1,60}\)", "", sentence.text[end:])
    return not re.search(r"[^\W\d_]", sentence.text[: max(begin, 0)] + rest) and begin >= 0


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


def _is_in(sentence: Sentence, spot: Spot, words: Words) -> bool:
    """Whether something is said to be "in" a name without a spot."""
    return words.there.search(sentence.text[: spot.start - sentence.start]) is not None


def _only_tells_where(sentence: Sentence, spot: Spot, words: Words) -> bool:
    """Whether a place is named only to say where another lies or whose mayor speaks: "southwest of X", "X's mayor"."""
    before = sentence.text[: spot.start - sentence.start][-60:]
    after = sentence.text[spot.end - sentence.start :][:60]
    return words.beside.search(before) is not None or words.whose_office.match(after) is not None


def _aside(sentence: Sentence, spot: Spot, at: int, words: Words) -> bool:
    """Whether a place is named in a clause that is over: "the group, which took X in May, said of the town"."""
    between = sentence.text[spot.end - sentence.start : at - sentence.start]
    before = sentence.text[: spot.start - sentence.start]
    return bool("," in between and re.search(rf",\s{words.source('grammar', 'relative')}\s[^,]*$", before))
