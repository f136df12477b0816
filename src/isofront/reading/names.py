"""The persons of a text: full names, first names that stand alone, the offices they bear, and where names stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from isofront.reading.draft import Speaker
from isofront.reading.words import Words

CAP = r"[^\W\d_a-zа-яіїєґ][^\W\d_]*(?:['’ʼ‐-][^\W\d_]+)*"
_INITIAL = r"[^\W\d_a-zа-яіїєґ]\."
_BLANK = r"(?:[^\S\n]|\n(?!\s*\n))"
"""A blank inside a paragraph."""
MOST_INITIALS = 2
"""Longer words in capitals are no part of a person's name."""
PARTICLE = r"(?:(?:von|van|de|der|di|al|el|bin|ibn)\s|(?:al|el|as|ad|an|ar|ash)-)"
_RUN = re.compile(rf"{CAP}(?:{_BLANK}{PARTICLE}?(?:{_INITIAL}|{CAP})){{1,7}}")


@dataclass(slots=True)
class Names:
    """Persons of a text: surname to full name, all full names, first names that stand alone, and where names stand."""

    full: dict[str, str] = field(default_factory=dict)
    first_only: set[str] = field(default_factory=set)
    at: list[tuple[int, int]] = field(default_factory=list)
    offices: dict[str, set[str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def in_office(self, speaker: Speaker, words: Words) -> Speaker:
        """The one person of the text who bears the office that a speaker is named by alone, else the speaker."""
        bearers = self.offices.get(words.office(speaker.name) or "", set())
        return Speaker(next(iter(bearers)), "full") if len(bearers) == 1 else speaker

    def hold(self, start: int, end: int) -> bool:
        """Whether a stretch of the text is part of a person's name."""
        k = bisect_right(self.at, start, key=lambda one: one[0])
        return k > 0 and self.at[k - 1][0] <= start and end <= self.at[k - 1][1]

    def resolved(self, name: str) -> Speaker | None:
        """The person that a name or surname means."""
        if name in self.whole:
            return Speaker(name, "full")
        last = name.rsplit(maxsplit=1)[-1]
        for form in (last, *_nominatives(last)):
            if form in self.full:
                return Speaker(self.full[form], "full")
        if name in self.first_only:
            return Speaker(name, "first_name")
        return None


def names_in(text: str, words: Words, *, places: Iterable[str] = ()) -> Names:
    """The persons of a text. `places` are names, as written, of places in it: a run that ends with one is no person."""
    found, known = Names(), set(places)
    for match in _RUN.finditer(text):
        for begin, end in _person(match, words):
            name = re.sub(r"['’]s$", "", text[begin:end])
            if name in known or name.split()[-1] in known:
                continue
            if name.split()[0] in known and len(name.split()) > 2:
                name = name.split(maxsplit=1)[1]
            start = text.index(name, begin)
            found.full.setdefault(name.split()[-1], name)
            found.whole.add(name)
            found.at.append((start, start + len(name)))
            for office in _offices(text, start, start + len(name), words):
                found.offices.setdefault(office, set()).add(found.full[name.split()[-1]])
    found.first_only.update(_first_names(text, words, known, found))
    return found


def _offices(text: str, start: int, end: int, words: Words) -> Iterator[str]:
    """The offices that stand right before a name or behind it between commas."""
    before = re.split(r"[.,;:!?»”]\s|\n", text[max(0, start - 60) : start])[-1]
    after = re.match(r",\s([^,.;]{3,60})[,.]", text[end : end + 80])
    for part in (before, after[1] if after else ""):
        yield from (office for one in part.split() if (office := words.office(one)))


def _first_names(text: str, words: Words, places: Collection[str], names: Names) -> Iterator[str]:
    """First names that stand alone: said to be all that was given, or introduced with what the person does."""
    for found in words.introduced.finditer(text):
        name = next(group for group in found.groups() if group)
        known = name in places or name in words.stop or name in names.full or words.adjective.fullmatch(name)
        if not known and not words.part("speech", "organs").fullmatch(name) and not name.isupper():
            yield name
    for one in words.part("speech", "first_name").finditer(text):
        before = text[max(0, one.start() - 160) : one.start()].rsplit(".", 1)[-1]
        after = re.match(rf",?\s*({CAP})\b", text[one.end() :])
        named = (
            [after[1]]
            if after
            else [name for name in re.findall(rf"(?<![\w.]){CAP}", before) if name not in words.stop][-1:]
        )
        yield from named


def _person(match: re.Match[str], words: Words) -> Iterator[tuple[int, int]]:
    """A run of capitalised words without titles and nationalities before it, if what is left is a person's name."""
    parts = [
        (one.start() + match.start(), one.end() + match.start(), one.group())
        for one in re.finditer(r"\S+", match.group())
    ]
    while len(parts) > 1 and _is_before_name(parts[0][2], words) and not _is_given(parts, words):
        parts.pop(0)
    organs = words.part("speech", "organs")
    first = 1 if _is_given(parts, words) else 0
    last = max((k for k, part in enumerate(parts) if part[2] in words.stop or organs.fullmatch(part[2])), default=-1)
    head, thing = words.optional("speech", "organ_heads"), words.optional("speech", "named_things")
    if head and last >= first and head.fullmatch(parts[last][2]):
        return  # "Radio Free Asia" is nobody
    parts = parts[last + 1 :] if last >= first else parts
    area = parts and words.part("places", "not_after").match(match.string[parts[-1][1] :].lstrip())
    if area and words.part("places", "area_adjective").fullmatch(parts[-1][2]):
        parts.pop()  # «Балаклія Харківської області» is nobody
    if thing and parts and thing.search(match.string[: parts[0][0]][-30:]):
        return  # "the group Atum Mundi"
    if not parts or re.search(rf"(?<!\w){words.source('grammar', 'article')}\s$", match.string[: parts[0][0]][-8:]):
        return  # "the Thames Forum" is nobody
    if 2 <= len(parts) <= 4 and _names_a_person([part[2] for part in parts], words):
        yield parts[0][0], parts[-1][1]


def _is_before_name(word: str, words: Words) -> bool:
    """Whether a word may stand before a person's name: a title, a nationality, an ordinary word, letters for a unit."""
    title, adjective = words.part("speech", "titles"), words.adjective
    letters = word.isupper() and len(word) > MOST_INITIALS
    return bool(title.fullmatch(word) or word in words.stop or adjective.fullmatch(word) or letters)


def _is_given(parts: Sequence[tuple[int, int, str]], words: Words) -> bool:
    """Whether two words are a name whose first looks like a month or a verb: "Jan Novak"."""
    return len(parts) == 2 and bool(words.part("speech", "given").fullmatch(parts[0][2]))


def _names_a_person(parts: Sequence[str], words: Words) -> bool:
    """Whether no word of a run is an organisation's, an ordinary one or shouted in capitals as headlines are."""
    organs = words.part("speech", "organs")
    if parts[-1].endswith("."):
        return False
    return not any(
        (one in words.stop and not (k == 0 and words.part("speech", "given").fullmatch(one)))
        or organs.fullmatch(re.sub(r"['’]s$", "", one))
        or (len(one) > 3 and one.isupper())
        for k, one in enumerate(parts)
    )


def _nominatives(name: str) -> list[str]:
    """What an inflected surname may be the form of (Ukrainian and Russian case endings)."""
    endings = (
        ("ого", "ий"),
        ("ому", "ий"),
        ("им", "ий"),
        ("а", ""),
        ("у", ""),
        ("ом", ""),
        ("ем", ""),
        ("ої", "а"),
        ("ою", "а"),
        ("ка", "ко"),
        ("ку", "ко"),
    )
    return [name[: -len(end)] + base for end, base in endings if name.endswith(end) and len(name) > len(end) + 2]
