"""The whole way of a text: sentences, places, speakers, then what each sentence says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from isofront.ground.grid import Bounds
from isofront.ground.places import Places
from isofront.reading import days, people, quantities, statements, where
from isofront.reading.draft import Draft, Reading, Spot, Unread, What
from isofront.reading.mentions import fought_over, led_into, mentions_in, unplaced
from isofront.reading.moods import Mood, mood_of_number
from isofront.reading.names import Names, names_in
from isofront.reading.numbers import Number
from isofront.reading.people import Attribution, Heard
from isofront.reading.quantities import Counted
from isofront.reading.sentences import Sentence, sentences
from isofront.reading.words import Words, languages, words_of

FOR_LANGUAGE = 200_000
"""The language is told by so many letters."""
LONGEST_QUOTE = 420
LONGEST_QUOTATION = 6
"""Who speaks is looked for so many sentences ahead, as long as a quotation is not closed."""
PLACE_BOUND = ("residents", "attackers-", "defenders-", "troops-", "gap-", "ratio", "judgement")
"""What a number can be about and still mean the place spoken of before, without naming it again."""
MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")


@dataclass(slots=True)
class _Text:
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
    unread: list[Unread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence with the places it speaks of (`named`: also those without a spot) and who speaks in it."""

    sentence: Sentence
    spots: list[Spot]
    named: list[Spot]
    said: list[Attribution]

    def speaker_at(self, position: int) -> Attribution | None:
        """Who says the words at a position of the sentence."""
        return people.speaker_for(self.sentence.start + position, self.sentence, self.said)


def language_of(text: str) -> str:
    """The language a text is read in: the one of whose letters and small words it has most."""
    tables = {language: words_of(language) for language in languages()}
    some = text[:FOR_LANGUAGE]
    score = {language: len(words.usual.findall(some)) for language, words in tables.items()}
    return max(score, key=lambda language: (score[language], language == "en"))


def read_text(
    text: str,
    *,
    places: Places,
    published: date | None = None,
    box: Bounds | None = None,
    tick: Callable[[int], None] | None = None,
) -> Reading:
    """What a text seems to say, as drafts in its order. `box` is the theatre's; without it, the text tells its own.

    Markup is read over, never taken for words; positions are those of the text as given. Relative days need
    `published`. `tick` is told how many letters were read.
    """
    language = language_of(text)
    words = words_of(language)
    plain = MARKUP.sub(lambda found: " " * len(found.group()), text)
    mentions = mentions_in(plain, words)
    fought = fought_over(mentions, plain, words)
    spots, unread = where.spots(mentions, places, words, text=plain, box=box, fought=fought)
    told_of = fought | led_into(mentions, plain, words)
    names = names_in(plain, words, places={plain[one.start : one.end] for one in spots} | told_of)
    spots = [one for one in spots if not names.hold(one.start, one.end)]
    others = unplaced(mentions, spots, names.at, words, text=plain)
    attackers = quantities.attackers_in(plain, words)
    state = _Text(words, names, spots, published, _analysts(plain, words, names), attackers, unread=unread)
    if not words.usual.search(plain[:FOR_LANGUAGE]):
        unread.append(Unread(0, min(len(text), 60), "no language that there are words for was recognised"))
    drafts = list(_places(spots))
    state.spots = sorted([*spots, *others], key=_start)
    every = list(sentences(plain))
    for k, sentence in enumerate(every):
        drafts += _said(sentence, every[k + 1 : k + 1 + LONGEST_QUOTATION], plain, state)
        if tick:
            tick(sentence.end)
    ordered = sorted(drafts, key=lambda one: (one.start, one.what.value, one.about))
    return Reading(language, tuple(ordered), tuple(sorted(state.unread, key=lambda one: one.start)))


def _analysts(text: str, words: Words, names: Names) -> frozenset[str]:
    """The persons whom a text introduces as analysts."""
    pattern = words.part("speech", "analyst")
    found = set()
    for start, end in names.at:
        around = re.split(r"[.;]\s", text[end : end + 140], maxsplit=1)[0]
        before = re.split(r"[.;]\s", text[max(0, start - 60) : start])[-1]
        if pattern.search(around) or pattern.search(before):
            found.add(names.full.get(text[start:end].rsplit(maxsplit=1)[-1], text[start:end]))
    return frozenset(found)


def _places(spots: Sequence[Spot]) -> Iterator[Draft]:
    """Each place once, where it is first named."""
    seen = set()
    for spot in spots:
        if (key := (spot.name, spot.lon, spot.lat)) not in seen:
            seen.add(key)
            yield Draft(What.PLACE, "place", spot.start, spot.end, place=spot)


def _start(spot: Spot) -> int:
    return spot.start


def _said(sentence: Sentence, later: Sequence[Sentence], text: str, state: _Text) -> Iterator[Draft]:
    first, after = (bisect_left(state.spots, edge, key=_start) for edge in (sentence.start, sentence.end))
    named = state.spots[first:after]
    said = _speakers(sentence, later, state)
    every = _with_references(sentence, named, state)
    line = _Line(sentence, [one for one in every if one.lon is not None], every, said)
    if not _asks(sentence):
        yield from _quantities(line, text, state)
        yield from _statements(line, state)
        yield from _assessments(line, state)
    for one in said:
        state.heard = state.heard.then(one.speaker)
    if not said and (subject := people.subject_of(sentence, state.names)):
        state.heard = state.heard.then(subject)
    if spoken_of := [
        one
        for one in line.spots
        if not state.words.beside.search(before := text[max(0, one.start - 60) : one.start])
        and not (state.words.where_who_says_is.search(before) and state.words.says.match(text[one.end : one.end + 20]))
    ]:
        state.place = (spoken_of[-1], sentence.paragraph)


def _asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question: it states nothing."""
    return sentence.text.rstrip("\"'”’»)").endswith("?")


def _speakers(sentence: Sentence, later: Sequence[Sentence], state: _Text) -> list[Attribution]:
    """Who speaks in a sentence; words of a quotation that names nobody are those of who ends it, or spoke last.

    `later` are the sentences after this one, as far as a quotation that goes on in them.
    """
    said = people.attributions(sentence, state.words, state.names, state.heard)
    if said or not (sentence.quoted or sentence.text[:1] in '“"«'):
        return said
    for one in later:
        if not one.quoted or one.paragraph != sentence.paragraph:
            break
        if ends := people.attributions(one, state.words, state.names, state.heard):
            return [Attribution(ends[0].speaker, sentence.start, sentence.start)]
    last = state.heard.last
    return [Attribution(last, sentence.start, sentence.start)] if last else []


def _with_references(sentence: Sentence, named: list[Spot], state: _Text) -> list[Spot]:
    """The places of a sentence, also where it only says "the city" of one that was named before."""
    every = list(named)
    for back in state.words.part("places", "back").finditer(sentence.text):
        start, end = sentence.start + back.start(), sentence.start + back.end()
        earlier = [
            spot
            for spot in named
            if spot.end <= start
            and (spot.lon is not None or _is_object(sentence, spot, state.words))
            and not _aside(sentence, spot, start)
        ]
        meant = earlier[-1] if earlier else state.place[0] if state.place else None
        if meant is not None and not any(spot.start <= end + 4 and start <= spot.end for spot in named):
            every.append(replace(meant, start=start, end=end))
    return sorted(every, key=lambda spot: spot.start)


def _is_object(sentence: Sentence, spot: Spot, words: Words) -> bool:
    """Whether a name without a spot is what was taken, held, lost: a settlement, then."""
    before = sentence.text[: spot.start - sentence.start][-40:]
    return any(re.search(rf"{pattern.pattern}\s*$", before, re.IGNORECASE) for _, pattern in words.control)


def _aside(sentence: Sentence, spot: Spot, at: int) -> bool:
    """Whether a place is named in a clause that is over: "the group, which took X in May, said of the town"."""
    between = sentence.text[spot.end - sentence.start : at - sentence.start]
    before = sentence.text[: spot.start - sentence.start]
    return bool("," in between and re.search(r",\s(?:which|who|whose|where|яка|який|яке|які)\s[^,]*$", before))


def _quantities(line: _Line, text: str, state: _Text) -> Iterator[Draft]:
    sentence = line.sentence
    before = text[max(0, sentence.start - 300) : sentence.start]
    every, unread = quantities.counted(sentence.text, state.words, before=before, attackers=state.attackers)
    some = [one for one in every if mood_of_number(sentence.text, one.start, one.end, state.words) is Mood.STATED]
    state.unread += [
        Unread(sentence.start + one.start, sentence.start + one.end, "denied or only supposed")
        for one in every
        if one not in some
    ]
    yield from (_draft(line, one, state) for one in some)
    for number in unread:
        if (same := _same_figure(number, some, line, state)) is not None:
            yield _draft(line, same, state)
            continue
        start, end = sentence.start + number.start, sentence.start + number.end
        state.unread.append(Unread(start, end, "what this number counts was not understood"))
    if some:
        state.number = next((one for one in reversed(some) if one.unit == "people"), state.number)
        yield from _contradicted_here(line, some[-1], state)
    elif state.number is not None:
        for bound, start, end in quantities.contradictions(sentence.text, state.words):
            yield _draft(line, replace(state.number, bound=bound, start=start, end=end), state)


def _same_figure(number: Number, some: Sequence[Counted], line: _Line, state: _Text) -> Counted | None:
    """A second number for what was counted before: "the real figure was closer to 1,000"."""
    earlier = [one for one in some if one.end <= number.start and one.unit == "people"]
    counted = earlier[-1] if earlier else state.number
    led = state.words.part("contexts", "figure").search(line.sentence.text[max(0, number.start - 50) : number.start])
    if counted is None or not led:
        return None
    return replace(counted, value=number.value, bound=number.bound, start=number.start, end=number.end, vague=False)


def _contradicted_here(line: _Line, one: Counted, state: _Text) -> Iterator[Draft]:
    """In "200, officials say; soldiers say more": a second speaker who calls the number before too low or too high."""
    for bound, start, end in quantities.contradictions(line.sentence.text[one.end :], state.words):
        first, second = line.speaker_at(one.start), line.speaker_at(one.end + start)
        if first and second and second.speaker != first.speaker:
            yield _draft(line, replace(one, bound=bound, start=one.end + start, end=one.end + end), state)


def _draft(line: _Line, one: Counted, state: _Text) -> Draft:
    """A number as a draft, with its speaker and place."""
    by = line.speaker_at(one.start)
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


def _said_on(line: _Line, by: Attribution | None, state: _Text) -> date | None:
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


def _place(line: _Line, about: str, start: int, end: int, state: _Text) -> Spot | None:
    """The place a number is about: the nearer of the next and the last in its sentence.

    What belongs to one town (its residents, who is inside, the gap) goes to the one spoken of where none is named.
    """
    at, close = line.sentence.start + start, line.sentence.start + end
    some = [spot for spot in line.named if spot.lon is not None or _is_there(spot, line, state.words)]
    before = [spot for spot in some if spot.end <= at]
    after = [spot for spot in some if spot.start >= close]
    if after and (not before or after[0].start - close <= at - before[-1].end):
        return after[0]
    if before:
        return before[-1]
    spoken_of = state.place and state.place[1] >= line.sentence.paragraph - 1
    return state.place[0] if state.place and spoken_of and about.startswith(PLACE_BOUND) else None


def _is_there(spot: Spot, line: _Line, words: Words) -> bool:
    """Whether a name without a spot is led by a word of place ("in", "near") or had what is counted."""
    begin, end = spot.start - line.sentence.start, spot.end - line.sentence.start
    had = begin == 0 and words.part("places", "had").match(line.sentence.text[end:].lstrip())
    return bool(had or words.there.search(line.sentence.text[:begin]))


def _statements(line: _Line, state: _Text) -> Iterator[Draft]:
    sentence = line.sentence
    for one in statements.stated(sentence.text, sentence.start, line.named, state.words):
        if days.is_past(_part_of(sentence, one), published=state.published):
            continue
        by = line.speaker_at(one.start)
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


def _part_of(sentence: Sentence, one: statements.Stated) -> str:
    """What stands between the commas around a statement and its place: a year elsewhere is not its own."""
    begin, end = (
        pick(a, b - sentence.start) for pick, a, b in ((min, one.start, one.place.start), (max, one.end, one.place.end))
    )
    stop = re.search(r"[,;]\s(?!(?:19|20)\d\d)", sentence.text[end:])
    head = re.match(r"[^,;]{0,40}\b(?:19|20)\d\d\b[^,;]{0,16},\s", sentence.text)
    first = max(sentence.text.rfind(", ", 0, begin), 0)
    return (head.group() if head else "") + sentence.text[first : end + stop.start() if stop else None]


def _assessments(line: _Line, state: _Text) -> Iterator[Draft]:
    one = statements.judged(line.sentence.text, state.words) if line.said else None
    if one is None:
        return
    by = line.speaker_at(one.start) or line.said[0]
    if by.speaker.name not in state.analysts and not state.words.part("speech", "analyst").search(by.speaker.name):
        return
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
