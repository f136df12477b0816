"""Untrusted CSV as a stream of rows by column name: encodings, open quotes and cut lines, in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase

from isofront.counts import counted
from isofront.errors import BadInputError
from isofront.feeds.entry import Fault
from isofront.sources.text import SAMPLE_BYTES, Record, as_utf8, records, sniff_encoding

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 500
MAX_HEADER_LINES = 20
"""At most this many lines stand above the column names (Open-Meteo writes where and when there)."""

Cells = Mapping[str, str]
"""A row's cells by column name (case folded), stripped."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its column names, its records with their line numbers, and what was odd about the file.

    `cells_of` gives a record's cells; that costs more than finding where it ends.
    """

    columns: tuple[str, ...]
    records: Iterator[tuple[int, Record]]
    cells_of: Callable[[Record], Cells | Fault]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[tuple[int, Cells | Fault]]:
        """The rows, as they are read."""
        return ((number, self.cells_of(record)) for number, record in self.records)

    @property
    def names(self) -> frozenset[str]:
        """The column names as a set."""
        return frozenset(self.columns)


def open_table(stream: BufferedIOBase, *, file: str, is_known: Callable[[frozenset[str]], bool]) -> Table:
    """The table in a seekable stream that stands at its start; `is_known` tells a line of column names by its names.

    Raises:
        BadInputError: it is no text, or has no line of column names.
    """
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    encoding = sniff_encoding(sample, file=file)
    if encoding.startswith("utf-16"):
        stream.read(2 if sample[:2] in (b"\xff\xfe", b"\xfe\xff") else 0)
    row_encoding = "cp1251" if encoding == "cp1251" else "utf-8"
    skipped, delimiter, columns = _header(sample, encoding, file=file, is_known=is_known)
    lines = as_utf8(stream, encoding)
    for _ in range(skipped + 1):
        lines.readline(1 << 20)
    found = ((record.line + skipped + 1, record) for record in records(lines, delimiter=delimiter.encode()))
    cells_of = partial(_cells, columns=columns, delimiter=delimiter, encoding=row_encoding)
    notes: tuple[str, ...] = () if encoding == "utf-8" else (f"is {encoding.upper()}, wanted UTF-8: read as that",)
    if skipped:
        notes += (f"has {counted(skipped, 'line')} above the column names, not read",)
    return Table(columns, found, cells_of, notes)


def _header(
    sample: bytes, encoding: str, *, file: str, is_known: Callable[[frozenset[str]], bool]
) -> tuple[int, str, tuple[str, ...]]:
    """How many lines stand above the column names, the delimiter, and the names.

    The names are the first line that a feed knows, else the first that is not blank: above them may stand `sep=;`,
    or where and when (Open-Meteo).
    """
    text = sample[: 1 << 18].decode(encoding, errors="replace").lstrip("\ufeff")
    first: tuple[int, str, tuple[str, ...]] | None = None
    for number, line in enumerate(text.split("\n")[:MAX_HEADER_LINES]):
        bare = line.strip("\r\ufeff ")
        if not bare or bare.casefold().startswith("sep="):
            continue
        delimiter = max(DELIMITERS, key=bare.count)
        found = number, delimiter, _names(bare, delimiter, file=file)
        if is_known(frozenset(found[2])):
            return found
        first = first or found
    if first is None:
        raise BadInputError(f"{file}: empty, wanted a line of column names and rows below it")
    return first


def _names(line: str, delimiter: str, *, file: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader((line,), delimiter=delimiter))
    except csv.Error as fault:
        raise BadInputError(f"{file}: line 1 cannot be split into column names ({fault})") from fault
    if len(names) > MAX_COLUMNS:
        raise BadInputError(f"{file}: {len(names):,} columns, wanted at most {MAX_COLUMNS}")
    return tuple(name.strip().strip("\ufeff").casefold() for name in names)


def _cells(record: Record, *, columns: tuple[str, ...], delimiter: str, encoding: str) -> Cells | Fault:
    if record.fault is not None:
        return Fault(0, None, record.fault)
    try:
        text = record.raw.decode(encoding).rstrip("\r\n")
        split = text.split(delimiter) if '"' not in text else _quoted(text, delimiter)
    except UnicodeDecodeError as fault:
        return Fault(0, None, f"not valid UTF-8 (byte {fault.start + 1} of the row)")
    except (csv.Error, StopIteration) as fault:
        return Fault(0, None, f"cannot be split into cells ({fault})")
    if len(split) < len(columns) or any(cell.strip() for cell in split[len(columns) :]):
        return Fault(0, None, f"{len(split)} cells, wanted {len(columns)}")
    return dict(zip(columns, map(str.strip, split), strict=False))


def _quoted(text: str, delimiter: str) -> list[str]:
    return next(csv.reader((text,) if "\n" not in text else text.splitlines(keepends=True), delimiter=delimiter))
