"""A brief's sentence before it has words: a key of the phrase book, values by name, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isofront.findings.brief_facts import Ids

LEAST_KM2 = 0.05
"""Less ground than this is not spoken of: it would be written as none."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its key in the phrase book, its values by name, and the ids of all that it rests on."""

    text_key: str
    values: Mapping[str, Any]
    ids: Ids


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the brief."""

    key: str
    sentences: tuple[Sentence, ...]


def tells(key: str, ids: Iterable[str], **values: Any) -> Sentence:
    """A sentence; each id once."""
    return Sentence(key, values, tuple(dict.fromkeys(ids)))


def how_many_more(key: str, found: Sequence[Any], most: int, ids: Iterable[str]) -> Iterator[Sentence]:
    """How many were left out."""
    if len(found) > most:
        yield tells(key, ids, n=len(found) - most)
