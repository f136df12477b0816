"""The word lists by which descriptions are read, and what a word or a phrase of them tells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`crosswalks/words.toml`."""

    version: str
    ground: frozenset[str]
    means: frozenset[str]
    striking: frozenset[str]
    struck: frozenset[str]
    strike_nouns: frozenset[str]
    assault: frozenset[str]
    infiltration: frozenset[str]
    left: frozenset[str]
    flag: frozenset[str]
    flag_shown: frozenset[str]
    flag_gone: frozenset[str]
    civil: frozenset[str]
    object: frozenset[str]
    prisoners: frozenset[str]
    stops: frozenset[str]
    phrases: dict[str, tuple[str, ...]]
    means_of: dict[str, str]


@cache
def words() -> Words:
    """The lists that come with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=Words)


@cache
def _phrase_patterns() -> dict[str, re.Pattern[str]]:
    return {name: _one_of(found) for name, found in words().phrases.items()}


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    told = "|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{told})")


@cache
def _any_phrase() -> re.Pattern[str]:
    """Any of all lists: most texts hold none, and are then not searched for each."""
    return _one_of(one for found in words().phrases.values() for one in found)


def phrases_in(plain: str) -> frozenset[str]:
    """The lists of which a phrase stands in a text."""
    if _any_phrase().search(plain) is None:
        return frozenset()
    return frozenset(name for name, pattern in _phrase_patterns().items() if pattern.search(plain))


@lru_cache(maxsize=50_000)
def kind_of(word: str) -> str:
    """What a word can head: ground, means, assault, object, civil; verb; or nothing."""
    lists = words()
    if word in lists.ground:
        return "ground"
    if word in lists.assault:
        return "assault"
    if word in lists.means or word in lists.strike_nouns:
        return "means"
    if word in lists.object:
        return "object"
    if word in lists.civil:
        return "civil"
    return "verb" if word in lists.striking or word in lists.struck else ""
