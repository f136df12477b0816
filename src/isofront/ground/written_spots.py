"""Spots as people write them in posts: decimals, degrees, MGRS, UTM, Plus Codes, map links, geo: addresses.

In: any text, the theatre's bounds (they decide what an ambiguous order means) and a way to look up a place's name.
Out: every spot in it, pins first, each with its form and with what was assumed; and what looks like a spot and is none.
Nothing is opened or asked of any network.
"""

from __future__ import annotations

from isofront.ground.degrees import apart_m
from isofront.ground.grid import Bounds
from isofront.ground.written_angles import read_angles
from isofront.ground.written_grids import PlaceOf, read_grids
from isofront.ground.written_links import LINK, read_link
from isofront.ground.written_spot import UnreadSpot, Written, WrittenSpot

__all__ = ["Reading", "UnreadSpot", "Written", "WrittenSpot", "read_spots"]

MOST_CHARS = 200_000
"""A longer text is cut here: no post is as long."""
MOST_SPOTS = 200
MOST_READ = 1000
"""Only this many of a text's spots, the first ones, are compared with each other."""
SAME_M = 25.0
"""Two spots of one text nearer than this are one spot written twice."""

Reading = tuple[tuple[WrittenSpot, ...], tuple[UnreadSpot, ...], tuple[str, ...]]
"""Spots, what could not be read, and the links that are no map links."""


def no_place(_: str) -> tuple[float, float] | None:
    """Knows no place."""
    return None


def read_spots(text: str, *, bounds: Bounds, place_of: PlaceOf = no_place) -> Reading:
    """All spots of a text, those that were pinned before those a map only showed; and its other links."""
    text = text[:MOST_CHARS]
    found: list[tuple[int, Written]] = []
    links: list[str] = []
    for match in LINK.finditer(text):
        link = match.group().rstrip(".,;:!?)]»”'’")
        read = read_link(link, bounds=bounds)
        if read is None:
            links.append(link)
        else:
            found.append((match.start(), read))
        if len(found) + len(links) >= MOST_SPOTS:
            break
    rest = LINK.sub(lambda match: " " * len(match.group()), text)
    for reader in (_grids, _angles):
        for start, end, read in reader(rest, bounds, place_of):
            found.append((start, read))
            rest = rest[:start] + " " * (end - start) + rest[end:]
    found.sort(key=lambda one: one[0])
    spots = _distinct([read for _, read in found if isinstance(read, WrittenSpot)][:MOST_READ])
    unread = tuple(dict.fromkeys(read for _, read in found if isinstance(read, UnreadSpot)))
    return spots[:MOST_SPOTS], unread[:MOST_SPOTS], tuple(dict.fromkeys(links))


def _grids(text: str, bounds: Bounds, place_of: PlaceOf) -> list[tuple[int, int, Written]]:
    return list(read_grids(text, bounds=bounds, place_of=place_of))


def _angles(text: str, bounds: Bounds, _: PlaceOf) -> list[tuple[int, int, Written]]:
    return list(read_angles(text, bounds=bounds))


def _distinct(spots: list[WrittenSpot]) -> tuple[WrittenSpot, ...]:
    """Each spot once: of one written twice the exacter, pins before views."""
    kept: list[WrittenSpot] = []
    for spot in sorted(spots, key=lambda one: (not one.pin, one.half_m)):
        if all(apart_m(spot.lon, spot.lat, other.lon, other.lat) > SAME_M + other.half_m for other in kept):
            kept.append(spot)
    order = {id(spot): place for place, spot in enumerate(spots)}
    return tuple(sorted(kept, key=lambda one: (not one.pin, order[id(one)])))
