"""What a sentence says, as drafts: its numbers, who holds what, what somebody judges, each with speaker and place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from isofront.reading import days, quantities, statements
from isofront.reading.draft import Draft, Spot, Unread, What
from isofront.reading.line import Line, Text
from isofront.reading.moods import Mood, mood_of_number
from isofront.reading.numbers import Number
from isofront.reading.people import Attribution
from isofront.reading.quantities import Counted
from isofront.reading.sentences import Sentence
from isofront.reading.words import Words

LONGEST_QUOTE = 420
COMMA = 15
"""A comma between a number and a place parts them like so many letters."""
PRESENT = ("residents", "attackers", "defenders", "troops")
"""Numbers of people who are there."""
HAPPENED = ("killed", "wounded", "captured", "civilians-", "losses", "attacks", "strikes", "area-gained")
"""Numbers of what happens: of an earlier year they are history."""
PLACE_BOUND = (
    "residents-remaining", "residents-before", "attackers-", "defenders-", "troops-", "gap-", "ratio", "judgement",
)  # fmt: skip
"""What a number can be about and still mean the place spoken of before, without naming it again."""


def drafts_of(line: Line, text: str, state: Text) -> Iterator[Draft]:
    """All that a sentence says; what was not understood goes to the text's `unread`."""
    yield from _quantities(line, text, state)
    yield from _statements(line, state)
    yield from _assessments(line, state)


def _quantities(line: Line, text: str, state: Text) -> Iterator[Draft]:
    sentence = line.sentence
    before = text[max(0, sentence.start - 300) : sentence.start]
    every, unread = quantities.counted(sentence.text, state.words, before=before, attackers=state.attackers)
    some = [one for one in every if mood_of_number(sentence.text, one.start, one.end, state.words) is Mood.STATED]
    state.unread += [
        Unread(sentence.start + one.start, sentence.start + one.end, "denied or only supposed")
        for one in every
        if one not in some
    ]
    some = [one for one in some if not _counts_speakers(line, one) and not _is_past(sentence, one, state)]
    yield from (_draft(line, one, state) for one in some)
    unread = [one for one in unread if not _counts_speakers(line, one)]
    for number in unread:
        if (same := _same_figure(number, some, line, state) or _asked_before(number, line, state)) is not None:
            yield _draft(line, same, state)
            continue
        start, end = sentence.start + number.start, sentence.start + number.end
        state.unread.append(Unread(start, end, "what this number counts was not understood"))
    _keep_number([one for one in every if not _counts_speakers(line, one)], some, sentence, state)
    keep_question(sentence, state)
    if some:
        yield from _contradicted_here(line, some[-1], state)
    elif state.number is not None and not unread:
        for bound, start, end in quantities.contradictions(sentence.text, state.words):
            yield _draft(line, replace(state.number, bound=bound, start=start, end=end), state)


def _is_past(sentence: Sentence, one: Counted, state: Text) -> bool:
    """Whether a number tells what happened in an earlier year; who lived somewhere then is worth a draft."""
    happened = one.about.startswith(HAPPENED)
    return happened and days.is_past(_part_of(sentence, one.start, one.end), published=state.published)


def _counts_speakers(line: Line, one: Counted | Number) -> bool:
    """Whether a number only tells how many speak: "three soldiers of another unit said"."""
    at = line.sentence.text[one.start :]
    return any(by.speaker.named_as == "described" and at.startswith(by.speaker.name) for by in line.said)


def _keep_number(every: Sequence[Counted], some: Sequence[Counted], sentence: Sentence, state: Text) -> None:
    """Keep the number of people that "the real figure is higher" is said of: rather of those there than of the dead.

    One that is only supposed can be contradicted, too.
    """
    people = [one for one in some if one.unit == "people"] or [one for one in every if one.about.startswith(PRESENT)]
    there = [one for one in people if one.about.startswith(PRESENT)]
    there = [one for one in there if not one.about.endswith("-before")] or there
    if people:
        state.number, state.number_at = (there or people)[-1], sentence.paragraph


def _same_figure(number: Number, some: Sequence[Counted], line: Line, state: Text) -> Counted | None:
    """A second number for what was counted before: "the real figure was closer to 1,000"."""
    earlier = [one for one in some if one.end <= number.start and one.unit == "people"]
    counted = earlier[-1] if earlier else state.number
    led = state.words.part("contexts", "figure").search(line.sentence.text[max(0, number.start - 50) : number.start])
    answers = _is_answer(line.sentence, number, state) and state.number_at >= line.sentence.paragraph - 1
    if counted is None or not (answers or (led and _stands_alone(line.sentence.text[number.end :], state.words))):
        return None
    return replace(counted, value=number.value, bound=number.bound, start=number.start, end=number.end, vague=False)


def _stands_alone(after: str, words: Words) -> bool:
    """Whether what follows a number is no noun that it counts: a stop, or a small word."""
    small = words.source("places", "prepositions"), words.source("grammar", "joins"), words.source("speech", "finite")
    return re.match(rf"\s?(?:[.,;:!?”\"»)–—-]|$)|\s(?:{'|'.join(small)})(?!\w)", after, re.IGNORECASE) is not None


def _asked_before(number: Number, line: Line, state: Text) -> Counted | None:
    """A bare number that answers how many there are: "Nobody agrees on how many … The army speaks of 300"."""
    if state.asked is None or state.asked_at < line.sentence.paragraph - 1 or number.vague:
        return None
    head, tail = line.sentence.text[: number.start], line.sentence.text[number.end :]
    told = re.search(rf"(?<!\w){state.words.source('contexts', 'answers')}\s$", head, re.IGNORECASE)
    bare = re.match(r"\s?[.,;”\"»!]|$", tail)
    if not (told and bare) and not _is_answer(line.sentence, number, state):
        return None
    return replace(state.asked, value=number.value, bound=number.bound, start=number.start, end=number.end)


def keep_question(sentence: Sentence, state: Text) -> None:
    """Keep what a text asks the number of: "how many Russians are in the city"."""
    found = re.search(state.words.tables["contexts"]["how_many"], sentence.text, re.IGNORECASE)
    if found is None:
        return
    told = f"7 {sentence.text[found.start(1) :]}"
    every, _ = quantities.counted(told, state.words, attackers=state.attackers)
    here = [one for one in every if one.about.startswith(PRESENT) and one.start == 0]
    if here:
        state.asked, state.asked_at = replace(here[0], start=0, end=0), sentence.paragraph


def _is_answer(sentence: Sentence, number: Number, state: Text) -> bool:
    """Whether a quotation opens with a number alone: “Three hundred, easily,” said the operator."""
    head, tail = sentence.text[: number.start].strip(), sentence.text[number.end :]
    bare = re.match(r"[,.!]?[”\"»]|[.!]", tail) or state.words.part("contexts", "alone").match(tail.lstrip(" ,"))
    return head in ("“", '"', "«") and bare is not None


def _contradicted_here(line: Line, one: Counted, state: Text) -> Iterator[Draft]:
    """In "200, officials say; soldiers say more": a second speaker who calls the number before too low or too high."""
    for bound, start, end in quantities.contradictions(line.sentence.text[one.end :], state.words):
        first, second = line.speaker_at(one.start, state.words), line.speaker_at(one.end + start, state.words)
        if first and second and second.speaker != first.speaker:
            yield _draft(line, replace(one, bound=bound, start=one.end + start, end=one.end + end), state)


def _draft(line: Line, one: Counted, state: Text) -> Draft:
    """A number as a draft, with its speaker and place."""
    by = line.speaker_at(one.start, state.words)
    begin, close = _quote(line.sentence, one.start, one.end)
    return Draft(
        What.RATIO if one.unit == "to one" else What.QUANTITY,
        one.about,
        begin,
        close,
        value=one.value,
        unit=one.unit,
        bound=one.bound,
        place=_place(line, one.about, one.start, one.end, state),
        speaker=by.speaker if by else None,
        said_on=_said_on(line, by, state),
        sides=one.sides,
        vague=one.vague,
    )


def _said_on(line: Line, by: Attribution | None, state: Text) -> date | None:
    if by is None:
        return None
    sentence = line.sentence
    return days.said_on(
        sentence.text, by.start - sentence.start, by.end - sentence.start, state.words, published=state.published
    )


def _quote(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The sentence, or of a very long one the words around."""
    if len(sentence.text) <= LONGEST_QUOTE:
        return sentence.start, sentence.end
    half = LONGEST_QUOTE // 2
    begin = sentence.text.rfind(" ", 0, max(0, start - half)) + 1
    close = sentence.text.find(" ", min(len(sentence.text), end + half))
    return sentence.start + begin, sentence.start + (close if close > 0 else len(sentence.text))


def _place(line: Line, about: str, start: int, end: int, state: Text) -> Spot | None:
    """The place a number is about: the nearer of the next and the last in its sentence.

    What belongs to one town (its residents, who is inside, the gap) goes to the one spoken of where none is named.
    """
    at, close = line.sentence.start + start, line.sentence.start + end
    some = [spot for spot in line.named if spot.lon is not None or _is_there(spot, line, state.words)]
    if about.startswith("settlements"):
        return None  # they are no part of a place
    before = [spot for spot in some if spot.end <= at]
    after = [spot for spot in some if spot.start >= close]
    text, offset = line.sentence.text, line.sentence.start
    if before and about == "residents-before" and state.words.led_by(text[:start], "population"):
        return before[-1]
    if after and (
        not before
        or _way(text[end : after[0].start - offset], state.words)
        <= _way(text[before[-1].end - offset : start], state.words)
    ):
        return after[0]
    if before:
        return before[-1]
    spoken_of = state.place and state.place[1] >= line.sentence.paragraph - 1
    elsewhere = re.search(rf"[^\W\d_a-zа-яіїєґ][\w'’ʼ-]+ (?i:{state.words.source('places', 'area')})(?!\w)", text)
    return state.place[0] if state.place and spoken_of and not elsewhere and _is_of_a_place(about) else None


def _is_of_a_place(about: str) -> bool:
    return about == "residents" or about.startswith(PLACE_BOUND)


def _way(between: str, words: Words) -> int:
    """How far a place is from a number: its letters, and so many more for each comma and each "and" between."""
    return len(between) + COMMA * len(re.findall(r"[,;:(]\s", between)) + COMMA * len(words.and_then.findall(between))


def _is_there(spot: Spot, line: Line, words: Words) -> bool:
    """Whether a name without a spot is led by a word of place ("in", "near") or had what is counted."""
    begin, end = spot.start - line.sentence.start, spot.end - line.sentence.start
    had = begin == 0 and words.part("places", "had").match(line.sentence.text[end:].lstrip())
    return bool(had or words.there.search(line.sentence.text[:begin]))


def _statements(line: Line, state: Text) -> Iterator[Draft]:
    told = list(_stated(line, state))
    denied = list(_denials(line, told, state))
    state.claims = (told, line.sentence.paragraph)
    yield from told
    yield from denied


def _denials(line: Line, told: Sequence[Draft], state: Text) -> Iterator[Draft]:
    """What somebody else calls untrue: "X fell, a claim that Kyiv denies"; of the sentence before: "Kyiv denied it"."""
    text = line.sentence.text
    here, before = (state.words.optional("moods", key) for key in ("claim_denied", "denies_claim"))
    claims, paragraph = state.claims
    found = here.search(text) if here and told else None
    if found is None and before and not told and paragraph == line.sentence.paragraph:
        found, told = before.match(text), claims
    if found is None:
        return
    begin, close = (line.sentence.start + edge for edge in found.span())
    by = [one for one in line.said if begin <= one.start < close][:: -1 if begin > line.sentence.start else 1]
    for one in told if by else ():
        if one.speaker and one.speaker != by[0].speaker and not str(one.value).startswith("not_"):
            yield replace(
                one,
                value=f"not_{one.value}",
                speaker=by[0].speaker,
                said_on=_said_on(line, by[0], state),
                start=line.sentence.start,
                end=line.sentence.end,
            )


def _stated(line: Line, state: Text) -> Iterator[Draft]:
    sentence = line.sentence
    if _is_told_of_then(sentence, state):
        return
    for one in statements.stated(sentence.text, sentence.start, line.named, state.words):
        begin, close = min(one.start, one.place.start - sentence.start), max(one.end, one.place.end - sentence.start)
        if days.is_past(_part_of(sentence, begin, close), published=state.published):
            continue
        by = line.speaker_at(one.start, state.words)
        begin, close = _quote(sentence, one.start, one.end)
        yield Draft(
            What.CONTROL,
            "control",
            begin,
            close,
            value=one.value,
            place=one.place,
            speaker=by.speaker if by else None,
            said_on=_said_on(line, by, state),
            sides=one.sides,
        )


def _is_told_of_then(sentence: Sentence, state: Text) -> bool:
    """Whether a sentence goes on telling of an earlier year that one before it in its paragraph opened with."""
    opens, present = (state.words.optional("grammar", key) for key in ("in_year", "present"))
    if opens is None or present is None:
        return False
    if (year := opens.match(sentence.text)) and days.is_past(year.group(), published=state.published):
        state.past = sentence.paragraph
        return False
    return state.past == sentence.paragraph and present.search(sentence.text) is None


def _part_of(sentence: Sentence, begin: int, end: int) -> str:
    """What stands between the commas around a statement: a year elsewhere is not its own."""
    stop = re.search(r"[,;]\s(?!(?:19|20)\d\d)", sentence.text[end:])
    head = re.match(r"[^,;]{0,40}\b(?:19|20)\d\d\b[^,;]{0,16},\s", sentence.text)
    first = max(sentence.text.rfind(", ", 0, begin), 0)
    return (head.group() if head else "") + sentence.text[first : end + stop.start() if stop else None]


def _assessments(line: Line, state: Text) -> Iterator[Draft]:
    for one in statements.judged(line.sentence.text, state.words) if line.said else ():
        by = line.speaker_at(one.start, state.words) or line.said[0]
        if by.speaker.name not in state.analysts and not state.words.part("speech", "analyst").search(by.speaker.name):
            continue
        begin, close = _quote(line.sentence, one.start, one.end)
        yield Draft(
            What.ASSESSMENT,
            "judgement",
            begin,
            close,
            value=one.word,
            place=_place(line, "judgement", one.start, one.end, state),
            speaker=by.speaker,
            said_on=_said_on(line, by, state),
        )
