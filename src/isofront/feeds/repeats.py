"""What a feed tells twice: the same id again, and the same clip at the same place under another date or entry."""

from __future__ import annotations

from isofront.feeds.entry import BadCellError, Event, LeaveOutError

MAX_REMEMBERED = 1_000_000
"""So many entries are remembered; what lies further back in a file is left to the ledger, which knows them all."""
CELL_DEG = 0.005
"""The same clip within about 400 m is the same event; further off it is another that the post shows."""


class Repeats:
    """Gives ids the feed's name before them (numbers of two makers would clash), and remembers ids and clips."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._ids: dict[int, int] = {}
        self._clips: dict[int, int] = {}

    def checked(self, number: int, event: Event) -> Event:
        """The event under its own id, the first time; a repeat is a bad cell (other content) or left out (the same)."""
        if event.id:
            self._check_id(number, event)
            event.id = f"{self._feed}-{event.id[:180]}"
            if event.also is not None:
                event.also.id = f"{event.id}/2"
        if event.url:
            self._check_clip(number, event)
        return event

    def _check_id(self, number: int, event: Event) -> None:
        key, content = hash(event.id), hash((event.happened_at, event.lon, event.lat, event.kind, event.seen, event.by))
        known = self._ids.get(key)
        if known is None:
            if len(self._ids) < MAX_REMEMBERED:
                self._ids[key] = content
        elif known == content:
            raise LeaveOutError("the same id with the same content again")
        else:
            raise BadCellError(
                "id", f"{event.id[:40]!r} stands there before with other content, wanted ids that differ"
            )

    def _check_clip(self, number: int, event: Event) -> None:
        """Same first link, cell, kind and side as before."""
        first = event.url.partition(" ")[0]
        place = (round(event.lon / CELL_DEG), round(event.lat / CELL_DEG))
        key = hash((first, place, event.kind, event.seen))
        if key in self._clips:
            raise LeaveOutError("the same clip at the same place again (another date or another entry)")
        if len(self._clips) < MAX_REMEMBERED:
            self._clips[key] = number
