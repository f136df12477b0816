"""Numbers in a sentence, with how they are meant: digits and number words, "about", "at least", ranges, ratios."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from isofront.reading.draft import Bound
from isofront.reading.number_words import NumberWords
from isofront.reading.words import Words

_JOINER = r"[\s‐-―-]+(?:and\s+|та\s+|і\s+)?"


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a range at a position in a sentence, hedges included in `start`; `core` is where its digits begin."""

    value: float | tuple[float, float]
    bound: Bound
    start: int
    core: int
    end: int
    vague: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many to so many, as written: `first` : `second`."""

    first: float
    second: float
    bound: Bound
    start: int
    end: int


@lru_cache(maxsize=16)
def ratios(sentence: str, words: Words) -> tuple[Ratio, ...]:
    """8:1, 8-to-1, "eight to one"; a time of day or a score is none, since one side of a ratio is 1."""
    counted = tuple(_ratios(sentence, words)) if words.numbers.may_count(sentence) else ()
    return counted + tuple(_times(sentence, words))


def _times(sentence: str, words: Words) -> Iterator[Ratio]:
    """ "Outnumber them sixfold": only beside a word of strength in numbers."""
    if not words.part("contexts", "outnumber").search(sentence):
        return
    for pattern, value in words.numbers.times:
        for found in pattern.finditer(sentence):
            bound, start = _hedge(sentence, found.start(), words.numbers)
            yield Ratio(value, 1.0, bound, start, found.end())


def _ratios(sentence: str, words: Words) -> Iterator[Ratio]:
    for found in words.numbers.ratio.finditer(sentence):
        parts = [_value(found[name], words.numbers) for name in ("first", "second")]
        if None in parts or 1 not in parts or parts == [1, 1]:
            continue
        first, second = (float(part) for part in parts if part is not None)
        bound, start = _hedge(sentence, found.start(), words.numbers)
        yield Ratio(first, second, bound, start, found.end())
    for found in words.numbers.ratio_before.finditer(sentence):
        if (value := _value(found["first"], words.numbers)) is not None and value > 1:
            bound, start = _hedge(sentence, found.start("first"), words.numbers)
            yield Ratio(value, 1.0, bound, start, found.end())
    for found in words.numbers.ratio_each.finditer(sentence):
        value = _value(found["first"], words.numbers)
        ours = words.part("contexts", "ours").match(sentence[found.end() :].lstrip())
        if value is not None and value > 1 and (ours or words.sides(sentence[found.start() : found.end() + 25])):
            bound, start = _hedge(sentence, found.start(), words.numbers)
            yield Ratio(value, 1.0, bound, start, found.end())


def numbers(sentence: str, words: Words) -> list[Number]:
    """Every number that counts or measures something; years, ordinals, ages, designations and ratios are left out."""
    counted = list(_counted(sentence, words)) if words.numbers.may_count(sentence) else []
    vague = [*_vague(sentence, words.numbers), *_shares(sentence, words.numbers)]
    counted = [one for one in counted if not any(two.start <= one.core and one.end <= two.end for two in vague)]
    taken = [(one.core, one.end) for one in counted]
    vague = [one for one in vague if not any(a < one.end and one.start < b for a, b in taken)]
    return sorted([*counted, *vague], key=lambda one: one.core)


def _counted(sentence: str, words: Words) -> Iterator[Number]:
    taken = [(one.start, one.end) for one in ratios(sentence, words)]
    at = 0
    while found := words.numbers.number.search(sentence, at):
        at = found.end()
        in_ratio = any(a <= found.start() < b for a, b in taken)
        if in_ratio or words.numbers.no_count.search(_around(sentence, *found.span())):
            continue
        if (number := _number(sentence, found, words.numbers)) is not None:
            at = number.end
            yield number


def _shares(sentence: str, words: NumberWords) -> Iterator[Number]:
    """Parts in words, as percent: "a third of"."""
    for pattern, percent in words.shares:
        for found in pattern.finditer(sentence):
            bound, begin = _hedge(sentence, found.start(), words)
            about = Bound.ABOUT if bound is Bound.EXACT else bound
            yield Number(percent, about, begin, found.start(), found.end(), share=True)


def _vague(sentence: str, words: NumberWords) -> Iterator[Number]:
    for found in words.vague.finditer(sentence):
        name = next(key for key, text in found.groupdict().items() if text)
        low, high = words.vague_values[name]
        value, bound = ((low, high), Bound.RANGE) if high else (low, Bound.AT_LEAST)
        if high == low:
            value, bound = low, Bound.ABOUT
        yield Number(value, bound, found.start(), found.start(), found.end(), vague=True)


def _number(sentence: str, found: re.Match[str], words: NumberWords) -> Number | None:
    first, second = found["first"] or found["low"], found["second"] or found["high"]
    low, high = _value(first, words), _value(second, words) if second else None
    if low is None or _is_year(sentence, found, words):
        return None
    if high is not None:
        low, high = _same_thousands(low, high, first, second, words)
        changes = words.change.search(sentence[max(0, found.start() - 20) : found.start()]) and not found["first"]
        if high > low and not changes:
            begin = _hedge(sentence, found.start(), words)[1]
            led = words.led_range.search(sentence[max(0, begin - 20) : begin])
            return Number(
                (low, high), Bound.RANGE, begin - len(led.group()) if led else begin, found.start(), found.end()
            )
    return _single(sentence, found.start(), found.start() + len(first), low, words)


def _single(sentence: str, start: int, end: int, value: float, words: NumberWords) -> Number:
    bound, begin = _hedge(sentence, start, words)
    after = words.after_hedge.match(sentence, end)
    if bound is Bound.EXACT and after is None and (unit := re.compile(r"(?:\s[^\W\d]+){1,2}").match(sentence, end)):
        hedge = words.after_hedge.match(sentence, unit.end())
        if hedge and re.match(r"[.,;:”\"»]|$", sentence[hedge.end() :]):
            bound = next(Bound(key) for key, text in hedge.groupdict().items() if text)
    if after and bound is Bound.EXACT:
        bound = next(Bound(key) for key, text in after.groupdict().items() if text)
        end = after.end()
    return Number(value, bound, begin, start, end)


def _same_thousands(low: float, high: float, first: str, second: str, words: NumberWords) -> tuple[float, float]:
    """In "two to three thousand" the thousands belong to both."""
    times = words.multiplier_at_end(second)
    return (
        (low * times, high)
        if times > 1 and words.multiplier_at_end(first) == 1 and low < high / times * 10
        else (low, high)
    )


def _hedge(sentence: str, start: int, words: NumberWords) -> tuple[Bound, int]:
    """How the number that starts there is meant, and where the words begin that say so."""
    before = sentence[max(0, start - 40) : start]
    some = [(found.start(), bound) for bound, pattern in words.hedges.items() if (found := pattern.search(before))]
    if not some:
        return Bound.EXACT, start
    begin, bound = min(some)
    return Bound(bound), start - len(before) + begin


def _around(sentence: str, start: int, end: int) -> str:
    return f"{sentence[max(0, start - 14) : start]}\x00{sentence[end : end + 14]}"


def _is_year(sentence: str, found: re.Match[str], words: NumberWords) -> bool:
    before = sentence[max(0, found.start() - 12) : found.start()]
    return bool(re.fullmatch(r"(19|20)\d\d", found["low"] or "") and words.before_year.search(before))


def _value(text: str, words: NumberWords) -> float | None:
    """What digits or number words amount to; None where they are no number."""
    bare = text.strip().casefold()
    if half := re.match(words.half_of, bare):
        whole = _value(bare[half.end() :], words)
        return whole / 2 if whole else None
    times = 1.0
    if found := words.multiplier.search(bare):
        times, bare = words.multiple(found.group()), bare[: found.start()].strip(" -")
        if not bare:
            return times
    if bare[:1].isdigit():
        digits = re.sub(r"[\s\u00a0\u202f]", "", bare)
        grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", digits)
        plain = digits.replace(",", "") if grouped else digits.replace(",", ".")
        try:
            return float(plain) * times
        except ValueError:
            return None
    return _spelt(bare, times, words)


def _spelt(text: str, times: float, words: NumberWords) -> float | None:
    if half := words.and_half.search(text):
        whole = _spelt(text[: half.start()], 1.0, words)
        return None if whole is None else (whole + 0.5) * times
    total = current = 0.0
    for word in re.split(_JOINER, text):
        value = words.numeral(word)
        if value is None:
            return None
        if value == 100 and current:
            current *= 100
        elif value >= 1000:
            total, current = total + (current or 1) * value, 0
        else:
            current += value
    return (total + current) * times
