"""What a feed tells twice: the same id again, and the same clip at the same place under another date or entry."""

from __future__ import annotations

import re

from isofront.feeds.entry import BadCellError, Event, LeaveOutError

MAX_REMEMBERED = 1_000_000
"""At most this many entries are remembered; what lies further back is left to the ledger, which knows them all."""
CELL_DEG = 0.005
"""The same clip within about 400 m is the same event; further off it is another that the post shows."""
MAX_ID_CHARS = 150
_POST = re.compile(r"://[^/]+/.*\d")
"""An address that names a post; a bare channel says nothing."""


class Repeats:
    """Gives ids the feed's name before them (numbers of two makers would clash), and remembers ids and clips."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._ids: dict[int, int] = {}
        self._seen: set[int] = set()

    def checked(self, event: Event) -> Event:
        """The event under its own id, the first time; a repeat is a bad cell (other content) or left out (the same)."""
        if event.id:
            self._check_id(event)
            event.id = f"{self._feed}-{event.id}"
            if event.also is not None:
                event.also.id = f"{event.id}/2"
        else:
            said = (event.happened_at, event.lon, event.lat, event.kind, event.seen, event.url, event.note)
            self._check("the same entry again (in another folder or line)", said)
        if event.url and _POST.search(first := event.url.partition(" ")[0]):
            place = (round(event.lon / CELL_DEG), round(event.lat / CELL_DEG))
            self._check(
                "the same clip at the same place again (another date or another entry)",
                (first, place, event.kind, event.seen),
            )
        return event

    def _check_id(self, event: Event) -> None:
        if len(event.id) > MAX_ID_CHARS:
            raise BadCellError("id", f"{len(event.id)} characters, wanted at most {MAX_ID_CHARS}")
        key = hash(event.id)
        content = hash((event.happened_at, event.lon, event.lat, event.kind, event.seen, event.by))
        known = self._ids.get(key)
        if known is None:
            if len(self._ids) < MAX_REMEMBERED:
                self._ids[key] = content
        elif known == content:
            raise LeaveOutError("the same id with the same content again")
        else:
            raise BadCellError("id", f"{event.id[:40]!r} stands before with other content, wanted ids that differ")

    def _check(self, reason: str, said: tuple[object, ...]) -> None:
        key = hash(said)
        if key in self._seen:
            raise LeaveOutError(reason)
        if len(self._seen) < MAX_REMEMBERED:
            self._seen.add(key)
