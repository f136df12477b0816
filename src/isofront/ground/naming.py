"""Where in the world a set of names may lie: the gazetteer asked for spellings, whatever the area."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from isofront.ground.places import Place, Places, record_at

_APOSTROPHES = "'’ʼʹ`"
MAX_NAMES = 30_000
"""More different names than this in one question are not looked up: the rest stay unplaced."""
FEW = 60
"""Up to this many spellings it is quicker to search for each than to look at every string of the gazetteer."""
_CHUNK = 200_000
_ARTICLE = re.compile(r"((?i:a[ldnrstz]|ash|e[ldrs]))[ -]([^\W\d_a-z].+)")


def bearers(places: Places, names: Iterable[str]) -> Mapping[str, tuple[Place, ...]]:
    """For every name, the places of the world that bear it in some spelling, the largest first.

    Case counts, since a text tells a name from a word by it; the kind of apostrophe does not. Names that no place
    bears are left out.
    """
    wanted = dict.fromkeys(name for name in names if name)
    if not wanted:
        return {}
    spelt: dict[bytes, list[str]] = defaultdict(list)
    for name in list(wanted)[:MAX_NAMES]:
        for writing in _writings(name):
            spelt[_encoded(writing)].append(name)
    found: dict[str, dict[int, Place]] = defaultdict(dict)
    sought = _sought_one_by_one if len(spelt) <= FEW else _sought_in_strings
    for form, at in sought(places.content, spelt):
        if (place := _place(places.content, at)) is not None:
            for name in spelt[form]:  # a text may write one name with two kinds of apostrophe
                found[name][place.id] = place
    return {name: tuple(sorted(some.values(), key=_by_size)) for name, some in found.items()}


def _sought_one_by_one(content: bytes, spelt: Collection[bytes]) -> Iterator[tuple[bytes, int]]:
    """Each of a few spellings wherever it is a whole string, with where that string's quotation mark stands."""
    pattern = re.compile(b'"(%s)"' % b"|".join(re.escape(form) for form in sorted(spelt, reverse=True)))
    return ((match[1], match.start()) for match in pattern.finditer(content))


def _sought_in_strings(content: bytes, spelt: Collection[bytes]) -> Iterator[tuple[bytes, int]]:
    """The same for many spellings: every string is looked up among them, so that more of them cost no more time."""
    sought, begin = frozenset(spelt), 0
    while begin < len(content):
        end = content.find(b'"', begin + _CHUNK)
        end = len(content) if end < 0 else end
        for form in sought.intersection(content[begin:end].split(b'"')):
            whole = b'"%s"' % form
            at = content.find(whole, max(0, begin - 1), end + 1)
            while at >= 0:
                yield form, at
                at = content.find(whole, at + 1, end + 1)
        begin = end + 1


def _by_size(place: Place) -> tuple[int, int]:
    return -(place.population or 0), place.id


def _writings(name: str) -> set[str]:
    """A name with each kind of apostrophe, if it has any; one with an Arabic article with each way to write that."""
    for mark in _APOSTROPHES:
        name = name.replace(mark, "'")
    led = _ARTICLE.match(name)
    some = {f"{article}{joint}{led[2]}" for article in ("Al", "El", led[1].title()) for joint in " -"} if led else set()
    return {one.replace("'", mark) for one in {name, *some} for mark in (_APOSTROPHES if "'" in one else "'")}


def _encoded(name: str) -> bytes:
    """A name as the gazetteer's file writes it."""
    return json.dumps(name)[1:-1].encode()


def _place(content: bytes, at: int) -> Place | None:
    """The place whose record the position lies in, or None where it lies in no name of it."""
    try:
        return record_at(content, at)
    except (ValueError, msgspec.DecodeError):
        return None
