"""Events as evidence CSV, row by row, and all that did not become one as JSON beside it; both in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, runtime_checkable

from isofront.feeds.entry import COLUMNS, Event, Fault, LeftOut
from isofront.feeds.reading import Entry, Feeding
from isofront.feeds.weather import OUT, Day

MAX_REASONS = 1_000
_FORMULA = ("=", "+", "-", "@", "\t")
FLUSH_CHARS = 1 << 18


@runtime_checkable
class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, content: bytes, /) -> int:
        """Take some bytes."""
        ...


@dataclass(slots=True)
class Tally:
    """What became of a file's entries: entries = events + rejected + left out, always.

    `rows` are the rows written: an entry that saw both sides has two.
    """

    entries: int = 0
    events: int = 0
    rows: int = 0
    rejected: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    first_rejects: list[Fault] = field(default_factory=list)


class EventWriter:
    """Writes events to a stream of bytes as they come, and keeps faults in a temporary file until all is read."""

    def __init__(self, out: Sink, *, source: str, weather: bool = False, most_said: int = 5) -> None:
        self.tally = Tally()
        self._out, self._source, self._most_said = out, source, most_said
        self._text = io.StringIO(newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._faults = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._csv.writerow(OUT if weather else COLUMNS)

    def __enter__(self) -> EventWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._faults.close()

    def take(self, entry: Entry) -> None:
        """Write one entry, or keep why it is none."""
        tally = self.tally
        if isinstance(entry, Day):
            self._write_day(entry)
            return
        tally.entries += 1
        if isinstance(entry, Event):
            tally.events += 1
            self._write(entry)
        elif isinstance(entry, LeftOut):
            reason = entry.reason if entry.reason in tally.left_out or len(tally.left_out) < MAX_REASONS else "(others)"
            tally.left_out[reason] += 1
        else:
            tally.rejected += 1
            self._keep(entry)

    def _write(self, event: Event) -> None:
        tally = self.tally
        while True:
            tally.rows += 1
            tally.kinds[event.kind] += 1
            tally.seen[event.seen] += 1
            self._csv.writerow(_cells(event, self._source))
            if event.also is None:
                break
            event = event.also
        if self._text.tell() > FLUSH_CHARS:
            self.flush()

    def _write_day(self, day: Day) -> None:
        self.tally.entries += day.n
        self.tally.events += day.n
        self.tally.rows += 1
        self._csv.writerow((day.day.isoformat(), *(day.values.get(column, "") for column in OUT[1:])))

    def _keep(self, fault: Fault) -> None:
        if len(self.tally.first_rejects) < self._most_said:
            self.tally.first_rejects.append(fault)
        said = {"row": fault.number, "column": fault.column, "reason": fault.reason}
        self._faults.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def flush(self) -> None:
        """Hand what is written so far to the stream."""
        self._out.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()

    def leftovers(self, feeding: Feeding, *, file: str, crosswalks: list[str]) -> Iterator[bytes]:
        """The JSON of all that is no row: rejects one by one, left-outs counted, actors that nobody mapped."""
        head: dict[str, Any] = {"file": file, "feed": feeding.feed, "why": feeding.why, "crosswalks": crosswalks}
        tail = {
            "left_out": dict(self.tally.left_out.most_common()),
            "unmapped": dict(Counter(feeding.unmapped).most_common()),
            "notes": feeding.notes,
        }
        yield json.dumps(head, ensure_ascii=False)[:-1].encode("utf-8", "replace") + b',\n"rejects": ['
        self._faults.seek(0)
        for number, line in enumerate(self._faults):
            yield (b",\n" if number else b"\n") + line.rstrip()
        yield b"\n],\n" + json.dumps(tail, ensure_ascii=False)[1:].encode("utf-8", "replace") + b"\n"


def _cells(event: Event, source: str) -> tuple[object, ...]:
    """In the order of COLUMNS. A note that a spreadsheet would take for a formula is quoted with an apostrophe."""
    note = f"'{event.note}" if event.note.startswith(_FORMULA) else event.note
    return (
        event.id, event.happened_at, event.published_at, event.lon, event.lat, round(event.error_m), event.kind,
        event.seen, event.by, source, event.reliability, event.credibility, event.url, note, event.means, event.target,
        event.posture, event.location_of,
    )  # fmt: skip
