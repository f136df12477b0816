"""The names in a text that may be those of places: what stands around them, before any gazetteer is asked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from isofront.reading.countries import countries_in
from isofront.reading.draft import Spot
from isofront.reading.words import Words

_ARTICLE = r"(?:(?<!\w)(?:a[ldnrstz]|ash|e[ldrs])-)?"
"""An Arabic article is part of the name that it stands before."""
_WORD = rf"{_ARTICLE}[^\W\d_a-zа-яіїєґ][^\W\d_]*(?:['’ʼ‐-][^\W\d_]+)*"
_NAME = re.compile(rf"{_WORD}(?:[ ‐-]{_WORD}){{0,3}}")
_ROW_PART = re.compile(r"(?:^|(?<=[‐-]))[^\W\d_a-zа-яіїєґ](?:[^\W\d_]|['’ʼ]){3,}(?=[‐-]|$)")
FEWEST_IN_ROW = 3
"""Names that hyphens join are a line of places from so many on; two may be one town's name."""
SHORTEST = 3
"""A shorter word is hardly the name of a settlement."""
_INNER_WORD = re.compile(r"[\w,;] ([\w'’ʼ-]+) $")
"""A word right before a name that does not begin a sentence."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that may be a name, and whether a word before them says that a place follows."""

    name: str
    start: int
    end: int
    led: bool


def mentions_in(text: str, words: Words) -> list[Mention]:
    """Capitalised words that may name a settlement; areas, units and what follows a title are left out."""
    led_by = words.source("places", "prepositions"), words.source("places", "led_by_noun")
    lead = re.compile(rf"(?<!\w)(?:{'|'.join(led_by)})\s+$", re.IGNORECASE)
    before = re.compile(rf"{words.part('places', 'not_before').pattern}\s*$", re.IGNORECASE)
    found: list[Mention] = []
    for match in _NAME.finditer(text):
        for start, last in _parts(match):
            end = last - 2 if text[start:last].endswith(("'s", "’s")) else last
            head, tail = text[max(0, start - 20) : start], text[end : end + 24]
            if not (_is_other(text[start:end], head, tail, words) or before.search(head)):
                found.append(Mention(text[start:end], start, end, bool(lead.search(head))))
    return _led_in_lists(found, text, words)


def _is_other(name: str, head: str, tail: str, words: Words) -> bool:
    """Whether a name is an ordinary word, that of an area or a unit, or one in quotation marks."""
    area = tail[:1].isspace() and words.part("places", "not_after").match(tail.lstrip())
    quoted = (head.endswith(("«", "“", "„")) and tail.startswith(("»", "”", "“"))) or (head[-1:] == tail[:1] == '"')
    dateline = name.isupper() and (head.endswith("/") or tail.startswith("/"))
    adjective = words.part("places", "as_adjective").match(name + tail)
    return name in words.stop or bool(area or adjective) or quoted or dateline


def _led_in_lists(found: Iterable[Mention], text: str, words: Words) -> list[Mention]:
    """The mentions, where "near A, B and C" leads all three."""
    joint = re.compile(rf"{words.source('places', 'joints')}$", re.IGNORECASE)
    every: list[Mention] = []
    ends: set[int] = set()
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        gap = joint.search(text[max(0, one.start - 40) : one.start]) if ends and not one.led else None
        led = one.led or (gap is not None and one.start - len(gap.group()) in ends)
        if led:
            ends.add(one.end)
        every.append(replace(one, led=led))
    return every


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The runs of up to four words in a capitalised sequence, the longest first."""
    edges = [
        (part.start() + match.start(), part.end() + match.start()) for part in re.finditer(r"[^ ]+", match.group())
    ]
    for length in range(len(edges), 0, -1):
        for first in range(len(edges) - length + 1):
            yield edges[first][0], edges[first + length - 1][1]
    for start, end in edges:
        yield from _in_row(match.string[start:end], start)


def _in_row(word: str, start: int) -> Iterator[tuple[int, int]]:
    """The places of a line that is told by them: "Kupiansk-Svatove-Kreminna"."""
    parts = list(_ROW_PART.finditer(word))
    if len(parts) >= FEWEST_IN_ROW:
        yield from ((start + one.start(), start + one.end()) for one in parts)


def goes_on(one: Mention, text: str, words: Words) -> bool:
    """Whether a name is part of a longer one ("Khan" of "Khan Sheikhoun"): beside it another name's word stands."""
    if re.search(
        rf"(?<!\w){words.source('speech', 'heads')}\s$", text[max(0, one.start - 40) : one.start], re.IGNORECASE
    ):
        return False
    before = _INNER_WORD.search(text[max(0, one.start - 40) : one.start])
    after = re.match(r" ([\w'’ʼ-]+)", text[one.end : one.end + 30])
    if after and words.part("places", "area_adjective").fullmatch(after[1]):
        after = None  # of its region: «Балаклія Харківської області»
    return any(found is not None and _is_name_word(found[1], words) for found in (before, after))


@lru_cache(maxsize=20_000)
def _is_name_word(word: str, words: Words) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    if not _NAME.fullmatch(bare) or bare.isupper() or bare in words.stop:
        return False
    kinds = (words.part("speech", "titles"), words.part("speech", "organs"), words.part("places", "not_after"))
    return not words.adjective.fullmatch(bare) and not any(kind.fullmatch(bare) for kind in kinds)


def fought_over(found: Sequence[Mention], text: str, words: Words) -> frozenset[str]:
    """The names that a text says to be taken, held, lost: the objects of such words."""
    starts = [one.start for one in found]
    some: set[str] = set()
    for _, pattern in words.control:
        for verb in pattern.finditer(text):
            for one in found[bisect_left(starts, verb.end()) : bisect_right(starts, verb.end() + 70)]:
                if not re.search(r"[.,;:\n]", text[verb.end() : one.start]):
                    some.add(one.name)
    joint = re.compile(rf"{words.source('places', 'joints')}$", re.IGNORECASE)
    ends: set[int] = set()
    for one in found:
        gap = joint.search(text[max(0, one.start - 40) : one.start])
        listed = gap is not None and one.start - len(gap.group()) in ends
        if one.name in some or (listed and not _is_somebody(one, text, words)):
            ends.add(one.end)
    return frozenset(some | {one.name for one in found if one.end in ends and " " in one.name})


def led_into(found: Sequence[Mention], text: str, words: Words) -> frozenset[str]:
    """The names of several words that stand behind "in" or "near", or in a list that does: no persons."""
    joint = re.compile(rf"{words.source('places', 'joints')}$", re.IGNORECASE)
    ends: set[int] = set()
    for one in found:
        head = text[max(0, one.start - 40) : one.start]
        gap = joint.search(head)
        if _is_somebody(one, text, words):
            continue
        if words.there.search(head) or (gap and one.start - len(gap.group()) in ends):
            ends.add(one.end)
    return frozenset(one.name for one in found if one.end in ends and " " in one.name)


def unplaced(
    found: Sequence[Mention], taken: Sequence[Spot], persons: Sequence[tuple[int, int]], words: Words, *, text: str
) -> list[Spot]:
    """Names that may be settlements which the gazetteer lacks: no persons, peoples, countries or organisations.

    They keep what is said of them from being read of a neighbour; what is said right beside them is theirs.
    """
    free: list[Spot] = []
    written = {one.name for one in found}
    inside = {form for one in found if not _opens(one, text) for form in words.base_forms(one.name)}
    lower_words = frozenset(re.findall(r"(?<!\w)[^\W\d_A-ZА-ЯІЇЄҐ][^\W\d_]+", text))
    held = sorted([*((one.start, one.end) for one in taken), *persons])
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        k = bisect_right(held, (one.end, 0))
        apart = (k == 0 or held[k - 1][1] <= one.start) and (not free or free[-1].end <= one.start)
        usual = one.name.lower() in lower_words or text[one.end : one.end + 2] in ("'s", "’s")
        usual = usual or (_is_word_that_opens(one, text, words) and inside.isdisjoint(words.base_forms(one.name)))
        usual = usual or _is_cut_short(one, text) or _is_a_people(one, text, words)
        if apart and not usual and (_may_be_settlement(one.name, words) or _is_named_alone(one, text, words)):
            free.append(Spot(_uninflected(one.name, words, written), None, None, None, one.start, one.end))
    return free


def _is_a_people(one: Mention, text: str, words: Words) -> bool:
    """Whether a name tells whose men follow: "Tuareg rebels"; not "in X soldiers"."""
    men = words.optional("places", "men_of")
    return bool(men and men.match(text[one.end :]) and not words.there.search(text[max(0, one.start - 40) : one.start]))


def _is_cut_short(one: Mention, text: str) -> bool:
    """Whether a name goes on in a word that tells whose something is: "Tal" of "Tal Rifaat's suburbs"."""
    return re.match(rf" {_WORD}['’]s(?!\w)", text[one.end : one.end + 40]) is not None and " " not in one.name


def _opens(one: Mention, text: str) -> bool:
    """Whether a name opens a sentence, where any word has a capital."""
    return re.search(r"(?:^|[.!?\n])\s*[\"“«(—–-]*\s?$", text[max(0, one.start - 6) : one.start]) is not None


def _is_word_that_opens(one: Mention, text: str, words: Words) -> bool:
    """Whether a name opens a sentence and looks like an ordinary word of the language."""
    word = words.part("places", "opening").match(text, one.start, one.end + 20) if _opens(one, text) else None
    return word is not None and word.end() >= one.end


def _is_named_alone(one: Mention, text: str, words: Words) -> bool:
    """Whether a name that looks like a nationality stands where a noun does: "відійшли з Новоуспенівського, …"."""
    sure = words.surely(one.name)
    return bool(sure and one.led and re.match(rf"[,.;)]|\s{words.source('grammar', 'joins')}\s", text[one.end :]))


def _uninflected(name: str, words: Words, written: Collection[str]) -> str:
    """The base form of a name without a spot: one that the text itself writes, else what its ending tells surely."""
    forms = words.base_forms(name)
    return next((form for form in forms[1:] if form in written), None) or words.surely(name) or name


def _is_somebody(one: Mention, text: str, words: Words) -> bool:
    """Whether a name in a list has a title or a verb of saying beside it: "in X, Governor Ivan Fedoruk said"."""
    first = one.name.split()[0]
    titled = words.part("speech", "titles")
    before = re.search(r"([\w.]+)\s$", text[max(0, one.start - 20) : one.start])
    says = words.says.match(text[one.end : one.end + 24])
    told = rf",\s(?:{words.source('grammar', 'apposition')}|{words.source('speech', 'describers')})\s"
    says = says or re.match(told, text[one.end : one.end + 40])
    return bool(says or titled.fullmatch(first) or (before and titled.fullmatch(before[1])))


@lru_cache(maxsize=20_000)
def _may_be_settlement(name: str, words: Words) -> bool:
    if words.part("places", "not_names").fullmatch(name):
        return False
    organs, title = words.part("speech", "organs"), words.part("speech", "titles")
    if (
        name.isupper()
        or len(name) < SHORTEST
        or re.search(r"['’](?:s|re|ll|ve|d)$", name)
        or countries_in(name, words)
        or words.part("places", "areas").fullmatch(name)
    ):
        return False
    return not any(
        part in words.stop or organs.fullmatch(part) or title.fullmatch(part) or words.adjective.fullmatch(part)
        for part in name.split()
    )
