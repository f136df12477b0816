"""The brief in short: ground gained and lost, places that turned, the largest pocket, and doubt.

Nothing is measured anew: it is taken from the sentences of the other sections, with the ids of what these rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from isofront.findings.brief_sentence import Part, Sentence, tells

Told = TypeVar("Told")
SHORT = "short"
"""The section's key."""
UNSURE = ("public_change_withdrawn", "public_change_put_right", "change_none")
SIDES = ("change_side",)
TOWNS = ("town", "town_alone", "public_town", "public_town_alone")
MORE = ("towns_more",)
ALIKE = (
    ("beyond", "public_beyond"),
    ("pocket", "public_pocket"),
    ("pocket_interval",),
    ("grey_area",),
    ("unseen_area",),
)
"""Of each, the first sentence as it stands."""
MOST_TOWNS = 3
LONG = 20
"""A brief of fewer sentences is short enough."""


def sections_of(writes: Mapping[str, Callable[[Told], Iterator[Sentence]]], facts: Told) -> tuple[Part, ...]:
    """Each section as it is written, without those that have nothing to say; after the first, the brief in short."""
    parts = [Part(key, tuple(one for one in write(facts) if one.ids)) for key, write in writes.items()]
    about, *rest = parts
    return tuple(part for part in (about, Part(SHORT, first_of(parts)), *rest) if part.sentences)


def first_of(parts: Sequence[Part]) -> tuple[Sentence, ...]:
    """What a brief says in short; nothing of a short one. The first part says of which days it is."""
    said = [one for part in parts for one in part.sentences]
    return tuple(_found(said)) if len(said) >= LONG else ()


def _found(said: Sequence[Sentence]) -> Iterator[Sentence]:
    yield from _of(said, UNSURE)[:1]
    sides, towns = _of(said, SIDES), _of(said, TOWNS)
    if sides:
        since = next((one.values["previous"] for one in said if "previous" in one.values), None)
        yield _together("short_change", sides, since=since, sides=[one.values for one in sides])
    if towns:
        rest = len(towns[MOST_TOWNS:]) + sum(one.values["n"] for one in _of(said, MORE))
        first = towns[:MOST_TOWNS]
        yield _together("short_towns", first, towns=[one.values for one in first], more=rest)
    for keys in ALIKE:
        yield from _of(said, keys)[:1]


def _of(said: Sequence[Sentence], keys: Sequence[str]) -> list[Sentence]:
    return [one for one in said if one.text_key in keys]


def _together(key: str, some: Sequence[Sentence], **values: object) -> Sentence:
    return tells(key, (name for one in some for name in one.ids), **values)
