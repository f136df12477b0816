"""The whole way of a text: sentences, places, speakers, then what each sentence says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from isofront.ground.grid import Bounds
from isofront.ground.places import Places
from isofront.reading import people, quantities, where
from isofront.reading.draft import Draft, Reading, Spot, Unread, What
from isofront.reading.drafts import drafts_of, keep_question
from isofront.reading.line import Text, asks, line_of, read_past, start_of
from isofront.reading.mentions import fought_over, led_into, mentions_in, unplaced
from isofront.reading.names import CAP, Names, names_in
from isofront.reading.sentences import sentences
from isofront.reading.words import Words, languages, words_of

FOR_LANGUAGE = 200_000
"""The language is told by so many letters."""
LONGEST_QUOTATION = 6
"""Who speaks is looked for so many sentences ahead, as long as a quotation is not closed."""
FOREIGN = 0.01
"""A text of whose letters so many are none of its language's is in another: Russian is not read as Ukrainian."""
UNKNOWN = "no language that there are words for was recognised"
MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")


def language_of(text: str) -> str:
    """The language a text is read in: the one of whose letters and small words it has most."""
    tables = {language: words_of(language) for language in languages()}
    some = text[:FOR_LANGUAGE]
    score = {language: len(words.usual.findall(some)) for language, words in tables.items()}
    return max(score, key=lambda language: (score[language], language == "en"))


def _is_foreign(text: str, words: Words) -> bool:
    """Whether a text has more letters that its language lacks than names from elsewhere bring along."""
    other = len(re.findall(words.source("usual", "foreign"), text, re.IGNORECASE))
    return other > FOREIGN * sum(map(str.isalpha, text))


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
    if _is_foreign(text[:FOR_LANGUAGE], words):
        return Reading(language, (), (Unread(0, min(len(text), 60), UNKNOWN),))
    plain = MARKUP.sub(lambda found: " " * len(found.group()), text)
    mentions = mentions_in(plain, words)
    fought = fought_over(mentions, plain, words)
    spots, unread = where.spots(mentions, places, words, text=plain, box=box, fought=fought)
    told_of = fought | led_into(mentions, plain, words)
    names = names_in(plain, words, places={plain[one.start : one.end] for one in spots} | told_of)
    spots = [one for one in spots if not names.hold(one.start, one.end)]
    others = unplaced(mentions, spots, names.at, words, text=plain)
    attackers = quantities.attackers_in(plain, words)
    state = Text(words, names, spots, published, _analysts(plain, words, names), attackers, unread=unread)
    state.interviewed = people.who_answers(plain, names, words)
    if not words.usual.search(plain[:FOR_LANGUAGE]):
        unread.append(Unread(0, min(len(text), 60), UNKNOWN))
    drafts = list(_places(spots))
    state.spots = sorted([*spots, *others], key=start_of)
    state.first = next((one for one in spots if not plain[one.start : one.end].isupper()), None)
    state.times.update(one.name for one in state.spots)
    every = list(sentences(plain))
    for k, sentence in enumerate(every):
        line = line_of(sentence, every[k + 1 : k + 1 + LONGEST_QUOTATION], state)
        told: list[Spot] = []
        if asks(sentence):
            keep_question(sentence, state)
        else:
            drafts += (some := list(drafts_of(line, plain, state)))
            told = [one.place for one in some if one.what is What.CONTROL and one.place]
        read_past(line, plain, state, told=told)
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
            speaker = names.resolved(text[start:end])
            found.add(speaker.name if speaker else text[start:end])
    introduced = re.finditer(
        rf"(?<![\w-])({CAP}(?:\s{CAP})*),\s{words.source('grammar', 'apposition')}\s([^,.;]{{3,90}})", text
    )
    return frozenset(found | {one[1] for one in introduced if pattern.search(one[2])})


def _places(spots: Sequence[Spot]) -> Iterator[Draft]:
    """Each place once, where it is first named."""
    seen = set()
    for spot in spots:
        if (key := (spot.name, spot.lon, spot.lat)) not in seen:
            seen.add(key)
            yield Draft(What.PLACE, "place", spot.start, spot.end, place=spot)
