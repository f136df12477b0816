"""Who says what in a text: persons, described speakers, groups, and which words each of them is said to have said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from isofront.reading.draft import Speaker
from isofront.reading.heard import Heard
from isofront.reading.names import CAP, PARTICLE, Names
from isofront.reading.sentences import Sentence
from isofront.reading.speakers import (
    MOST_WORDS,
    known_person,
    meant_by,
    organisation_alone,
    speaker_ahead,
    speaker_behind,
)
from isofront.reading.words import Words

_STOP_OF_SHORT = "ꓸ"
"""A letter that looks like a full stop: stands for the one of "Col." and "U.N." while speakers are sought."""
_QUOTED_NAME = re.compile(r"(?<=\w )«([^»\s]+(?: [^»\s]+)?)»(?!,)")
"""The name of a unit or newspaper between quotation marks: nobody says it."""
_SHORT_SUBJECT = 6


@dataclass(frozen=True, slots=True)
class Attribution:
    """A speaker, and the stretch of the whole text where the words stand that say who speaks."""

    speaker: Speaker
    start: int
    end: int


def turn_of(text: str, names: Names) -> Speaker | None:
    """Who speaks in a paragraph that opens with a name and a colon, as transcripts do: "VOVKUN: No."."""
    label = re.match(rf"\W*((?:{CAP}\s){{0,3}}{CAP}):\s", text)
    if label is None:
        return None
    return known_person(label[1], names) or known_person(label[1].title(), names)


def who_answers(text: str, names: Names, words: Words) -> Speaker | None:
    """Whom an interview asks that labels its turns "Q:" and "A:": the one person named before its first question."""
    labels = {key: _label_of(key, words).search(text) for key in ("asks", "answers")}
    if not all(labels.values()):
        return None
    first = min(one.start() for one in labels.values() if one)
    before = {speaker for a, b in names.at if a < first and (speaker := names.resolved(text[a:b]))}
    return next(iter(before)) if len(before) == 1 else None


def is_turn(text: str, key: str, words: Words) -> bool:
    """Whether a sentence opens with the label of a question (key asks) or of an answer (answers)."""
    return _label_of(key, words).match(text) is not None


@cache
def _label_of(key: str, words: Words) -> re.Pattern[str]:
    return re.compile(rf"^\W*{words.source('speech', key)}[:.]\s", re.MULTILINE)


def source_of(sentence: Sentence, words: Words, names: Names, heard: Heard) -> Speaker | None:
    """Whom a line names as where it all is from: "Source: the 7th Corps on Telegram"."""
    label = re.match(rf"\W*{words.source('speech', 'source_label')}:\s", sentence.text)
    told = sentence.text[label.end() :] if label else ""
    runs = re.finditer(rf"(?<![\w-]){CAP}(?:\s{CAP})*", told.split(", ", maxsplit=1)[0])
    person = next(filter(None, (known_person(run.group(), names) for run in runs)), None)
    return person or (speaker_ahead(told, words, names, heard, organs=True) if told else None)


def attributions(sentence: Sentence, words: Words, names: Names, heard: Heard) -> list[Attribution]:
    """The speakers of a sentence, in its order. `heard` tells whom a pronoun means."""
    text = words.short_stop.sub(lambda one: one.group().replace(".", _STOP_OF_SHORT), sentence.text)
    text = _QUOTED_NAME.sub(r"‹\1›", text)
    quoted = quotes(text)
    found: list[Attribution] = []
    for match in words.part("speech", "meant_again").finditer(text):
        _add(found, heard.person or heard.last, sentence, match)
    for match in words.part("speech", "told_again").finditer(text):
        _add(found, heard.last, sentence, match)
    for match in words.part("speech", "according").finditer(text):
        _add(found, speaker_ahead(text[match.end() :], words, names, heard, organs=True), sentence, match)
    for match in words.part("speech", "said").finditer(text):
        head = text[: match.start()]
        if words.part("speech", "unlike").search(head) or words.part("speech", "not_said").search(head):
            continue
        if not any(a <= match.start() < b for a, b in quoted):
            _add(found, _said_by(text, match, words, names, heard), sentence, match)
    alone = (
        replace(one, speaker=heard.body(names.in_office(one.speaker, words), words))
        if _definite(one.speaker, text, words)
        else one
        for one in found
    )
    return sorted(alone, key=lambda one: one.start)


def _after_subject(text: str, verb: re.Match[str], words: Words, names: Names, heard: Heard) -> Heard:
    """Whom "he" means behind the one person whom the sentence has named: "Ivan Bondar is gloomier: he says"."""
    head = text[: verb.start()]
    behind = rf"(?<!\w){words.source('speech', 'object_of')}\s+(?:[\w'’.-]+\s+){{0,3}}$"
    some = {
        speaker
        for match in re.finditer(rf"(?<![\w-]){CAP}(?:\s{CAP})*(?!['’]s|[\w'’-])", head)
        if (speaker := known_person(match.group(), names))
        and not re.search(behind, head[: match.start()], re.IGNORECASE)
    }
    return replace(heard, person=next(iter(some))) if len(some) == 1 else heard


def subject_of(sentence: Sentence, names: Names, words: Words) -> Speaker | None:
    """The one person whom a sentence names, where a verb follows the name: "he" of the next sentence."""
    some = {
        speaker: match.end()
        for match in re.finditer(rf"(?<![\w-]){CAP}(?:\s{CAP})*", sentence.text)
        if (speaker := known_person(match.group(), names))
    }
    if len(some) != 1:
        return None
    speaker, end = next(iter(some.items()))
    what = rf"(?:{words.source('grammar', 'apposition')}|{words.source('grammar', 'who')})\s[^,;]{{2,90}}"
    follows = re.match(
        rf"(?:,\s(?:\d\d|{what})(?=,))?,?\s{words.source('grammar', 'predicate')}\b", sentence.text[end:]
    )
    return speaker if follows else None


def _definite(speaker: Speaker, text: str, words: Words) -> bool:
    """Whether a described speaker is one that was named before: not "a spokesman"."""
    if speaker.named_as != "described":
        return False
    heads = text.casefold().split(speaker.name.casefold())[:-1]
    return not any(_indefinite(words).search(head) for head in heads)


@cache
def _indefinite(words: Words) -> re.Pattern[str]:
    """What right before a speaker says that it is somebody new: "a", "another"."""
    return re.compile(rf"(?<!\w){words.source('grammar', 'indefinite')}\s+$", re.IGNORECASE)


def _add(found: list[Attribution], speaker: Speaker | None, sentence: Sentence, match: re.Match[str]) -> None:
    if speaker is not None:
        written = speaker.name.replace(_STOP_OF_SHORT, ".").replace("‹", "«").replace("›", "»")
        name = re.sub(r"^(?:Mr|Mrs|Ms|Dr)\.\s|['’]s$", "", written)
        plain = Speaker(name, speaker.named_as)
        found.append(Attribution(plain, sentence.start + match.start(), sentence.start + match.end()))


def _said_by(text: str, verb: re.Match[str], words: Words, names: Names, heard: Heard) -> Speaker | None:
    """Who said it, also where somebody "was told by" them; who only was told says nothing."""
    by = words.optional("speech", "told_by")
    if by and words.is_passive(text[: verb.start()]):
        after = text[verb.end() :]
        if led := by.match(after):
            return speaker_ahead(after[led.end() :], words, names, heard, organs=True)
        if words.part("speech", "told").fullmatch(verb.group()):
            return None
    return _speaker_of(text, verb, words, names, _after_subject(text, verb, words, names, heard))


def _speaker_of(text: str, verb: re.Match[str], words: Words, names: Names, heard: Heard) -> Speaker | None:
    """Who a verb of saying belongs to: its subject before it, or after it ("...", said the mayor)."""
    begin = max((one.end() for one in re.finditer(r"[;:\"”»]|\s[—–]\s", text[: verb.start()])), default=0)
    before, after = text[begin : verb.start()], text[verb.end() :]
    own = words.verb_first and re.search(r",\s*$", before) and _is_a_subject(after, words)  # "…, says X": X follows
    if not own and (right_before := _right_before(before, words, names)):
        return right_before
    last_part = before.rsplit(",", 1)[-1]
    if (
        "," in before
        and 1 <= len(last_part.split()) <= _SHORT_SUBJECT
        and (short := speaker_behind(last_part, words, names, heard))
    ):
        return short
    if "," in before and (organ := organisation_alone(last_part, words)):
        return organ
    if (bare := words.relative.sub(" ", before)) != before and (speaker := speaker_behind(bare, words, names, heard)):
        return speaker
    told = words.part("speech", "told").fullmatch(verb.group())
    if not told and re.search(r"(?:[,\"”’»–—]|\s-)\s*$", text[: verb.start()]) and _is_a_subject(after, words):
        # «загинули 40 солдатів, йдеться …»: what is said
        own = bool(words.verb_first and re.fullmatch(r"[^,]*,\s*", before))
        ahead = speaker_ahead(after, words, names, heard, organs=True)
        return ahead or (None if own else speaker_behind(before, words, names, heard))
    second = words.second_verb.search(before) is not None
    speaker = _of_a_second_verb(before, words, names, heard) if second else speaker_behind(before, words, names, heard)
    if speaker is None and (first := words.first_pronoun.match(before)):
        speaker = meant_by(first[1], words, heard)
    return speaker_ahead(after, words, names, heard, organs=False) if speaker is None and words.verb_first else speaker


def _of_a_second_verb(before: str, words: Words, names: Names, heard: Heard) -> Speaker | None:
    """Who a sentence begins with, whose second verb this is: "He met them and said", "Rebels took X and claimed"."""
    if subject := _first_subject(before, words, names):
        return subject
    first = words.first_pronoun.match(before)
    speaker = meant_by(first[1], words, heard) if first else speaker_behind(before, words, names, heard)
    led = words.opening_speaker.match(before)
    named = speaker is not None and speaker.named_as != "described"
    return Speaker(led[1], "described") if led and not named else speaker


def _first_subject(before: str, words: Words, names: Names) -> Speaker | None:
    """Who a sentence begins with, of its second verb: "The SDF accused the army and said"."""
    match = re.match(
        rf"\W*(?i:{words.source('grammar', 'apposition')}\s)?({CAP}(?:\s{CAP})*)(?:,\s[^,]{{2,80}},)?\s[a-z]+", before
    )
    if match is None or match[1] in words.stop or words.is_one_side(match[1]) or match[1].endswith(("'s", "’s")):
        return None
    return known_person(match[1], names) or Speaker(match[1], "group")


def _right_before(before: str, words: Words, names: Names) -> Speaker | None:
    """The person whose name ends right before the verb ("the mayor, Serhii Chaus, told"), or an organisation with
    what it is ("the Doctors Network, a medical group, said")."""
    bare = words.part("speech", "auxiliary").sub("", before).rstrip()
    if (found := re.search(rf"(?<![\w-])({CAP}(?:\s{PARTICLE}?{CAP})*),?$", bare)) and (
        person := known_person(found[1], names)
    ):
        return person
    organ = re.search(
        rf"(?:^|[,.*•]\s|\n){words.article}({CAP}(?:\s(?:{words.source('grammar', 'in_names')}\s)*{CAP})*)"
        r"(?:\s\([^)]{1,24}\))?,"
        rf"\s(?:{words.source('grammar', 'aside')}|{words.source('speech', 'describers')})\s[^,]+,$",
        bare,
    )
    if organ is None or known_person(organ[1], names):
        return None
    return Speaker(organ[1], "group") if organ[1] not in words.stop else None


def _is_a_subject(after: str, words: Words) -> bool:
    """Whether what follows a verb is its subject alone: a few words up to a stop, and no other verb among them."""
    after = words.when.sub("", after, count=1) if words.when.match(after) else after
    phrase = re.split(r"[,.;:!?\"“”«»]|\s[—–]\s", after, maxsplit=1)[0]
    phrase = re.split(rf"\s{words.source('grammar', 'who')}\s", phrase)[0]
    somebody = len(phrase.split()) <= _SHORT_SUBJECT - 2 and words.part("speech", "describers").search(phrase)
    counts = (
        re.search(r"\d", " ".join(phrase.split()[:3]))
        or (words.no_subject.match(phrase.strip()) and not somebody)
        or words.part("speech", "finite").search(phrase)
    )
    return 1 <= len(phrase.split()) <= MOST_WORDS and not counts


def quotes(text: str) -> list[tuple[int, int]]:
    """Where words stand between quotation marks; one that is not closed runs to the end."""
    closed = [(one.start() + 1, one.end() - 1) for one in re.finditer(r"[“\"«][^”\"»]*[”\"»]", text)]
    opened = re.search(r"[“«„][^”»“]*$", text)
    return [*closed, (opened.start() + 1, len(text))] if opened else closed


def told_before(sentence: Sentence, words: Words, names: Names, heard: Heard) -> Speaker | None:
    """Who said the sentence before this one: "This was reported by …"."""
    told = re.match(rf"\W*{words.source('speech', 'told_this')}(?!\w)", sentence.text, re.IGNORECASE)
    said = attributions(sentence, words, names, heard) if told else []
    return said[0].speaker if said else None


def says_something(sentence: Sentence, words: Words) -> bool:
    """Whether a verb of saying stands outside of a sentence's quotations: whoever it belongs to speaks."""
    quoted = quotes(sentence.text)
    verbs = words.part("speech", "said").finditer(sentence.text)
    return any(not any(a <= one.start() < b for a, b in quoted) for one in verbs)


def _outer(head: str, sentence: Sentence, found: Sequence[Attribution], words: Words) -> Attribution | None:
    """Who goes on behind an aside with a speaker of its own: "A said X fell, where B said he fled, and that Y fell"."""
    joint = words.tables["grammar"].get("and_that")
    every = list(re.finditer(joint, head)) if joint else []
    if not every:
        return None
    aside = rf",\s{words.source('grammar', 'relative')}\s[^,]*(?:,[^,]*,[^,]*)?$"
    at = sentence.start + every[-1].start()
    if any(at < one.start <= sentence.start + len(head) for one in found):
        return None
    before = [one for one in found if one.start < at]
    main = [one for one in before if not re.search(aside, sentence.text[: one.start - sentence.start])]
    return main[-1] if main and main[-1] != before[-1] else None


def speaker_for(position: int, sentence: Sentence, found: Sequence[Attribution], words: Words) -> Attribution | None:
    """Who says the words at a position: the speaker of its clause, else the last before, else the first."""
    if not found:
        return None
    if outer := _outer(sentence.text[: position - sentence.start], sentence, found, words):
        return outer
    cuts = [0, *(one.start() for one in words.speakers_clause.finditer(sentence.text)), len(sentence.text)]
    at = position - sentence.start
    begin, end = next(((a, b) for a, b in pairwise(cuts) if a <= at < b), (0, len(sentence.text)))
    inside = [one for one in found if begin <= one.start - sentence.start < end]
    earlier = [one for one in found if one.start <= position]
    told = [one for one in inside if one.start <= position]
    later = [one for one in found if not words.contrast.search(sentence.text[at : one.start - sentence.start])]
    after = [one for one in (inside or later) if not _in_aside(sentence.text[at : one.start - sentence.start], words)]
    return next(iter(told[-1:] or (after if inside else earlier[-1:] or after)), None)


def _in_aside(between: str, words: Words) -> bool:
    """Whether who speaks does so in an aside that begins after the words: "claimed X, which Kyiv says it holds"."""
    return re.search(rf",\s{words.source('grammar', 'relative')}\s[^,]*$", between) is not None
