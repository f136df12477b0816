"""A file's rows, read in a process of their own while this one writes the last ones down: twice as fast on two cores.

The terms go in, batches of rows come out as MessagePack. Where the other process cannot be started, nothing is lost:
the caller reads the rows itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import msgspec

from isofront.apart import READERS, answer, asked_for, in_turn, worth_it
from isofront.errors import BadInputError
from isofront.evidence.likeness import keys_of
from isofront.evidence.replay import report_bytes
from isofront.evidence.taking import Written
from isofront.sources import Doubt, Found, Refused, Terms, read_file

__all__ = ["Batch", "Kept", "batches_apart", "batches_here", "kept", "worth_it"]


class Kept(msgspec.Struct, array_like=True, gc=False):
    """A row that became a report: the report as the ledger takes it, and what a tally counts of it."""

    row: int
    report: Written
    source: str
    known_inferred: bool
    simulated: bool
    doubts: tuple[Doubt, ...]
    words: tuple[str, ...]


def kept(row: Found) -> Kept:
    """A row's report in the bytes that the ledger keeps, with where it is filed."""
    report = row.report
    written = Written(report.id, report_bytes(report), row.content, row.raw, keys_of(report))
    return Kept(row.row, written, report.source, report.known_inferred, report.simulated, row.doubts, row.words)


class Batch(msgspec.Struct, array_like=True, gc=False):
    """Rows of a file: what became reports, refusals, and how far in the file they end.

    Each tells what the file is; one with a `fault` says that nothing of it can be used, and is the last.
    """

    found: list[Kept] = []
    refused: list[Refused] = []
    place: int = 0
    format: str = ""
    encoding: str = ""
    unused: tuple[str, ...] = ()
    fault: str | None = None


_DECODER = msgspec.msgpack.Decoder(Batch)


def batches_apart(path: Path, name: str, terms: Terms, *, rows: int) -> Iterator[Batch]:
    """The batches that other processes read, in the order of the file; the first tells what the file is.

    Raises:
        OSError: no other process could be started.
        IsofrontError: one of them died.
    """
    asked = (str(path), name, terms, rows)
    with in_turn("isofront.intake_apart", asked, of=READERS, name=name) as frames:
        for frame in frames:
            yield _DECODER.decode(frame)


def batches_here(path: Path, name: str, terms: Terms, *, rows: int, number: int = 0, of: int = 1) -> Iterator[Batch]:
    """The same batches, read in this process: all, or those of a number counted round."""
    with path.open("rb") as stream:
        try:
            reading = read_file(stream, file=name, terms=terms)
        except BadInputError as fault:
            yield Batch(fault=str(fault))
            return
        about = Batch(format=reading.format, encoding=reading.encoding, unused=reading.unused)
        try:
            for turn in count():
                some = list(islice(reading.waiting, rows))
                if turn % of == number:
                    yield _batch([read() for read in some], about, stream.tell())
                if not some:
                    return
        except BadInputError as fault:
            yield Batch(fault=str(fault))


def _batch(some: list[Found | Refused], about: Batch, place: int) -> Batch:
    found = [kept(row) for row in some if isinstance(row, Found)]
    refused = [row for row in some if isinstance(row, Refused)]
    return Batch(found, refused, place, about.format, about.encoding, about.unused)


def _main() -> None:
    (path, name, terms, rows), number, of = asked_for()
    encode = msgspec.msgpack.Encoder().encode
    answer(encode(one) for one in batches_here(Path(path), name, terms, rows=rows, number=number, of=of))


if __name__ == "__main__":
    _main()
