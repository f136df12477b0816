"""Bellingcat's timemap of civilian harm: context only. No text and no name of it is kept, no side is seen by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isofront.feeds import cells
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event
from isofront.makers.opened import Opened

PLACE_M = 200.0
"""Most are geolocated to a building; which are not is not said."""
_IDS = ("civId", "id")


def claims(opened: Opened) -> str | None:
    """Why a document is a timemap's, or None."""
    first = next((item for item in _items(opened.document)[:20] if isinstance(item, dict)), None)
    if first is None or not {"date", "latitude", "longitude"} <= first.keys():
        return None
    told = [name for name in ("civId", "graphic", "sources", "filters", "associations") if name in first]
    return f"a list of events with {' and '.join(told[:2])}" if len(told) >= 1 else None


def entries(opened: Opened) -> Iterator[tuple[int, Any]]:
    """The events with their numbers."""
    return enumerate(_items(opened.document), start=1)


def _items(document: object) -> list[Any]:
    if isinstance(document, dict):
        document = document.get("events", document.get("features"))
    return document if isinstance(document, list) else []


def event_of(item: object, asked: Asked) -> Event:
    """One incident."""
    if not isinstance(item, Mapping):
        raise BadCellError("event", f"{item!s:.40}, wanted an object")
    spot = cells.spot(text_of(item, "longitude"), text_of(item, "latitude"), bounds=asked.bounds)
    happened = cells.day_or_moment("date", text_of(item, "date"), now=asked.now, month_first=True)
    return Event(
        next((found for name in _IDS if (found := text_of(item, name))), ""), happened, spot.lon, spot.lat,
        max(PLACE_M, spot.rounding_m), url=cells.links(*_paths(item.get("sources"))), note="civilian harm",
    )  # fmt: skip


def text_of(item: Mapping[str, Any], name: str) -> str:
    """A property as text; anything but a text or a number is none."""
    value = item.get(name)
    return str(value).strip()[:10_000] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _paths(sources: object) -> Iterator[str]:
    """The addresses of the sources: `path`, or `paths`; a source may be a bare address."""
    for source in sources[:20] if isinstance(sources, list) else ():
        if isinstance(source, str):
            yield source
        elif isinstance(source, Mapping):
            paths = source.get("paths")
            found = [source.get("path"), *(paths[:10] if isinstance(paths, list) else ())]
            yield from (path for path in found if isinstance(path, str))
