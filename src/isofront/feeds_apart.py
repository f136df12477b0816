"""A feed's rows, read in two processes of their own while this one writes: large files in half the time on two cores.

Each of the two goes through the whole file and reads every second part of it; their answers are taken in turn, so the
order is that of the file (what is left out is counted part by part). Where no process can be started, the rows are
read here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import msgspec

from isofront.apart import READERS, answer, asked_for, in_turn, worth_it
from isofront.feeds.asked import Asked
from isofront.feeds.entry import Event, Fault, LeftOut
from isofront.feeds.reading import Own, Rows, own_of, read_rows
from isofront.feeds.recognise import TABLES, TableFeed, is_known
from isofront.feeds.tables import Table, open_table
from isofront.sources.text import Record

PART_ROWS = 2_000


class Part(msgspec.Struct, array_like=True, gc=False):
    """Rows that follow each other: events with their lines, faults, what was left out, and what stands for no side."""

    events: list[tuple[int, Event]]
    faults: list[Fault]
    left_out: dict[str, int]
    unmapped: dict[str, int]


_DECODER = msgspec.msgpack.Decoder(Part)


def rows_apart(path: Path) -> Rows:
    """How the rows of a file are read: by other processes, if it is large and they can be started."""
    if not worth_it(path):
        return read_rows

    def read(table: Table, feed: TableFeed, asked: Asked) -> Iterator[tuple[int, Own]]:
        bare = str(path), feed.name, replace(asked, unmapped=Counter())
        with ExitStack() as stack:
            frames = None
            with suppress(OSError):
                frames = stack.enter_context(in_turn("isofront.feeds_apart", bare, of=READERS, name=path.name))
            yield from read_rows(table, feed, asked) if frames is None else _owns(frames, asked)

    return read


def _owns(frames: Iterator[bytes], asked: Asked) -> Iterator[tuple[int, Own]]:
    for frame in frames:
        part = _DECODER.decode(frame)
        asked.unmapped.update(part.unmapped)
        told: list[tuple[int, Own]] = [*part.events, *((fault.number, fault) for fault in part.faults)]
        yield from sorted(told, key=lambda one: one[0])
        yield from ((0, LeftOut(reason)) for reason, n in part.left_out.items() for _ in range(n))


def parts_of(path: Path, feed: TableFeed, asked: Asked, *, number: int, of: int) -> Iterator[Part]:
    """A file's parts of this number, counted round."""
    with path.open("rb") as stream:
        table = open_table(stream, file=path.name, is_known=is_known)
        for turn in count():
            some = list(islice(table.records, PART_ROWS))
            if not some:
                return
            if turn % of == number:
                yield _part(some, table, feed, asked)


def _part(some: list[tuple[int, Record]], table: Table, feed: TableFeed, asked: Asked) -> Part:
    asked.unmapped.clear()
    owns = [own_of(line, table.cells_of(record), feed.event_of, asked) for line, record in some]
    return Part(
        [(line, one) for (line, _), one in zip(some, owns, strict=True) if isinstance(one, Event)],
        [one for one in owns if isinstance(one, Fault)],
        Counter(one.reason for one in owns if isinstance(one, LeftOut)),
        asked.unmapped,
    )


def _main() -> None:
    (path, name, asked), number, of = asked_for()
    feed = next(one for one in TABLES if one.name == name)
    encode = msgspec.msgpack.Encoder().encode
    answer(encode(part) for part in parts_of(Path(path), feed, asked, number=number, of=of))


if __name__ == "__main__":
    _main()
