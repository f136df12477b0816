"""Which person, described speaker or organisation a phrase beside a verb of saying names."""

from __future__ import annotations

import re

from isofront.reading.draft import Speaker
from isofront.reading.heard import Heard
from isofront.reading.names import CAP, Names
from isofront.reading.words import Words

MOST_WORDS = 9
"""A speaker is not told in more words than this."""
_LONG_TAIL = 3


def known_person(run: str, names: Names) -> Speaker | None:
    """The person in a run of capitalised words: whole, or by surname, whatever title stands before it."""
    parts = run.split()
    for k in range(len(parts)):
        if speaker := names.resolved(" ".join(parts[k:])):
            return speaker
    return None


def speaker_behind(text: str, words: Words, names: Names, heard: Heard) -> Speaker | None:
    """The subject of the verb that the text leads up to."""
    bare = words.part("speech", "auxiliary").sub("", text).rstrip()
    bare = re.sub(rf"['’]s?\s+(?:[a-z-]+\s+)?{words.source('speech', 'works')}$", "", bare)
    if pronoun := re.search(rf"(?<!\w){words.source('speech', 'pronouns')}$", bare, re.IGNORECASE):
        return meant_by(pronoun.group(), words, heard)
    for match in re.finditer(rf"(?<![\w-]){CAP}(?:\s{CAP})*(?!['’]s)", bare):
        speaker = known_person(match.group(), names)
        rest = bare[match.end() :]
        if speaker and (not rest.strip() or re.match(rf"\s*(?:,|\(|{words.source('grammar', 'after_name')}\b)", rest)):
            return speaker
    described = _described(bare, words)
    if described and words.verb_first and (inside := _named_in(described, names)):
        return inside
    return described or _organisation_at_end(bare, words)


def speaker_ahead(text: str, words: Words, names: Names, heard: Heard, *, organs: bool) -> Speaker | None:
    """The subject that follows: a person, a described speaker, or an organisation up to the next stop."""
    text = words.said_at.sub(" ", text, count=1) if words.said_at.match(text) else text
    stop = re.search(rf"[,;:.!?\"”»]\s|[.!?]$|\s[—–]\s|(?<=\S)\s{words.source('grammar', 'subject_ends')}\s", text)
    phrase = text[: stop.start() if stop else len(text)].strip()
    phrase = re.sub(rf"^(?:[^\W\d_A-ZА-ЯІЇЄҐ]+\s)?{words.source('speech', 'works')}\s(?=\w)", "", phrase)
    if (pronoun := words.possessive.match(phrase)) and (speaker := meant_by(pronoun.group(), words, heard)):
        return speaker
    for match in re.finditer(rf"(?<![\w-]){CAP}(?:\s{CAP})*(?!['’]s)", phrase):
        if speaker := known_person(match.group(), names):
            return speaker
    named = re.match(rf",\s({CAP}(?:\s{CAP})*)", text[stop.start() :]) if stop else None
    if named and phrase[:1].islower() and (person := _named_behind(phrase, named[1], words, names)):
        return person
    named_after = _first_name_in(text[stop.start() :], words, names) if stop else None
    if found := words.part("speech", "describers").search(phrase):
        start = _phrase_start(phrase, found.start(), words)
        return named_after or Speaker(_short(phrase[start:]), "described")
    bare = re.sub(rf"^{words.source('grammar', 'apposition')}\s+", "", phrase)
    bare = re.split(rf"\s{words.source('speech', 'group_ends')}\s", bare)[0]
    if organs and bare[:1].islower() and re.match(rf"{words.source('grammar', 'a')}\s", phrase):
        return Speaker(_short(bare), "described")
    return (
        Speaker(_short(bare), "group")
        if organs and re.match(r"[^\W\d_a-zа-яіїєґ]|\d+(?:st|nd|rd|th)\s", bare)
        else None
    )


def meant_by(pronoun: str, words: Words, heard: Heard) -> Speaker | None:
    """Whom a pronoun means: the last who spoke, or the last person who did."""
    if not words.part("speech", "they").fullmatch(pronoun):
        return heard.person or heard.last
    a_person = heard.last is not None and heard.last.named_as in ("full", "first_name")
    return None if a_person and words.part("speech", "thing").fullmatch(pronoun) else heard.last


def _named_in(speaker: Speaker, names: Names) -> Speaker | None:
    """The person whom a described speaker's words name in full: "начальник адміністрації Олег Горбань … "."""
    return next((Speaker(one, "full") for one in names.full.values() if one in speaker.name), None)


def _named_behind(phrase: str, name: str, words: Words, names: Names) -> Speaker | None:
    """Who is named behind a comma after what they are: "the mayor, Ivan Bondar"; "one, Rybka" may be anybody."""
    anybody = phrase in words.tables["grammar"].get("one", ())
    return known_person(name, names) or (Speaker(name, "group") if anybody else None)


def _first_name_in(text: str, words: Words, names: Names) -> Speaker | None:
    """The first name or call sign in what is told of a speaker: " who goes by the call sign Goose, …"."""
    clause = re.match(rf"\s{words.source('grammar', 'who')}\s([^.;:”\"]*)", text)
    some = re.findall(rf"(?<![\w-]){CAP}", clause[1]) if clause else []
    return next((Speaker(one, "first_name") for one in some if one in names.first_only), None)


def _described(text: str, words: Words) -> Speaker | None:
    """ "Two soldiers in the city", as written, without article."""
    for match in words.part("speech", "describers").finditer(text):
        before = text[: match.start()]
        start = _phrase_start(text, match.start(), words)
        led = re.search(
            rf"(?<!\w){words.source('speech', 'object_of')}\s+{words.article}$",
            before[:start] if start else "",
            re.IGNORECASE,
        )
        rest = text[match.end() :]
        if not led and len(rest.split()) <= 14 and not re.search(r",\s*\S+\s*,\s*\S+,", rest):
            tail = re.split(rf"[,;(]|\s{words.source('grammar', 'who')}\s", rest, maxsplit=1)[0]
            tail = re.split(rf"\s(?:\w+\s)?{words.source('days', 'weekdays')}(?!\w)", tail, maxsplit=1)[0]
            for key in ("finite", "said"):
                if verb := words.part("speech", key).search(tail):
                    tail = tail[: verb.start()]
            if len(tail.split()) > _LONG_TAIL and (
                doing := re.search(rf"\s{words.source('grammar', 'doing')}\s", tail)
            ):
                tail = tail[: doing.start()]
            return Speaker(_short(text[start : match.end()] + tail), "described")
    return None


def _phrase_start(text: str, at: int, words: Words) -> int:
    """Where the noun phrase begins whose noun stands at a position: up to four words that can belong to it."""
    start = at
    for word in reversed(list(re.finditer(r"[\w'’.-]+|[,;:()\"“”«»]", text[:at]))[-4:]):
        if not re.match(r"\w", word.group()) or words.part("speech", "not_in_phrase").fullmatch(word.group()):
            break
        start = word.start()
    return start


def organisation_alone(clause: str, words: Words) -> Speaker | None:
    """The organisation whose name, however long, is all that stands between a comma and the verb."""
    bare = words.part("speech", "auxiliary").sub("", clause).strip()
    organ = _organisation_at_end(bare, words)
    return organ if organ and re.fullmatch(rf"{words.article}{re.escape(organ.name)}", bare) else None


def _organisation_at_end(text: str, words: Words) -> Speaker | None:
    """An organisation's name right before the verb: capitalised words and the small words between them."""
    match = re.search(rf"(?:^|[\s,])((?:{CAP}(?:\s{words.source('grammar', 'between_names')})?\s?)+)$", text)
    if not match:
        return None
    name = re.sub(rf"^{words.source('grammar', 'apposition')}\s+", "", match[1].strip(), flags=re.IGNORECASE)
    joined = re.search(rf"\s{words.source('grammar', 'between_names')}$", name)
    somebody = (
        name
        and not joined
        and not re.match(r"[A-Z][a-z]*['’](?:d|ll|ve|m|re)\b", name)
        and name not in words.stop
        and not words.is_one_side(name)
    )
    return Speaker(name, "group") if somebody else None


def _short(phrase: str) -> str:
    return " ".join(phrase.split()[:MOST_WORDS]).strip(" ,;:–—")
