"""What a pasted post tells by itself: spots, its own link and channel, the day and the clock time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from isofront.desk.habits import channel_of
from isofront.desk.written_times import clock_in, day_in
from isofront.ground.grid import Bounds
from isofront.ground.places import folded
from isofront.ground.written_grids import PlaceOf
from isofront.ground.written_links import LINK
from isofront.ground.written_spots import UnreadSpot, WrittenSpot, read_spots
from isofront.theatre.model import Settlement

MOST_LINKS = 8
"""At most this many links of a post are kept with it; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A post's spots (most trusted first), what could not be read, its links, its channel, its day and time."""

    spots: tuple[WrittenSpot, ...]
    unread: tuple[UnreadSpot, ...]
    links: tuple[str, ...]
    n_links: int
    channel: str | None
    day: date | None
    clock: str


def read_pasted(text: str, *, bounds: Bounds, place_of: PlaceOf, today: date) -> Pasted:
    """The post; a bare `t.me/name/1` without https counts as its link too."""
    spots, unread, links = read_spots(text, bounds=bounds, place_of=place_of)
    words = LINK.sub(" ", text)
    bare = [f"https://{word}" for word in words[:5000].split() if word.lower().startswith(("t.me/", "x.com/"))]
    links = tuple(dict.fromkeys((*links, *bare)))
    channel = channel_of(links[0]) if links else None
    return Pasted(
        spots,
        unread,
        links[:MOST_LINKS],
        len(links),
        channel,
        day_in(_without(words, spots), today=today),
        clock_in(words),
    )


def _without(text: str, spots: Sequence[WrittenSpot]) -> str:
    """The text without its coordinates, which look like dates to a hasty reader."""
    for spot in spots:
        text = text.replace(spot.text, " ")
    return text


def finder(settlements: Sequence[Settlement]) -> PlaceOf:
    """Looks a place up by its name in any language and spelling."""
    spots: dict[str, tuple[float, float]] = {}
    for one in reversed(settlements):
        for name in (*one.names.values(), *one.spellings):
            spots[folded(name)] = one.at
    return lambda name: spots.get(folded(name)) if name else None
