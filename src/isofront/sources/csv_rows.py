"""CSV to reports and refusals, row by row, in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedIOBase

from isofront.errors import BadInputError
from isofront.sources.columns import Header, meaning, read_header
from isofront.sources.row import read_row
from isofront.sources.terms import Found, Refused, Terms
from isofront.sources.text import ByteLines, Record, as_utf8, records

DELIMITERS = (",", ";", "\t", "|")
NUMBERS = ("lon", "lat", "error_m")


def read_csv(
    stream: BufferedIOBase, *, file: str, encoding: str, terms: Terms
) -> tuple[Header, Iterator[Callable[[], Found | Refused]]]:
    """The file's columns, and what reads each of its rows."""
    lines = as_utf8(stream, encoding)
    row_encoding = "cp1251" if encoding == "cp1251" else "utf-8"
    above, first = _first_line(lines, file=file, encoding=row_encoding)
    try:
        delimiter = _delimiter(first)
        names = _cells(first, delimiter)
    except csv.Error as fault:
        raise BadInputError(f"{file}: line {above} cannot be split into column names ({fault})") from fault
    header = read_header(names, file=file, source_told=terms.source is not None)
    rows = (
        partial(_row, record, header, above + record.line, delimiter=delimiter, encoding=row_encoding, terms=terms)
        for record in records(lines, delimiter=delimiter.encode())
    )
    return header, rows


def _first_line(lines: ByteLines, *, file: str, encoding: str) -> tuple[int, str]:
    """The line of column names and its number; spreadsheets may write `sep=;` above it."""
    number = 0
    while raw := lines.readline(1 << 20):
        number += 1
        text = raw.decode(encoding, errors="replace").strip("\ufeff\r\n ")
        if "\r" in text and not raw.endswith(b"\n"):
            raise BadInputError(f"{file}: its lines end in CR alone, wanted LF or CRLF (save it as CSV UTF-8)")
        if text and not text.casefold().startswith("sep="):
            return number, text
    raise BadInputError(f"{file}: empty, wanted a line of column names and rows below it")


def _delimiter(first: str) -> str:
    """The one that splits the first line into most columns that mean something."""
    return max(DELIMITERS, key=lambda mark: sum(meaning(cell) is not None for cell in _cells(first, mark)))


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.rstrip("\r\n").split(delimiter)
    return next(csv.reader((line,) if "\n" not in line.rstrip("\r\n") else line.splitlines(True), delimiter=delimiter))


def _row(
    record: Record, header: Header, number: int, *, delimiter: str, encoding: str, terms: Terms
) -> Found | Refused:
    if record.fault is not None:
        return Refused(number, None, record.fault, record.raw)
    try:
        cells = _cells(record.raw.decode(encoding), delimiter)
    except UnicodeDecodeError as fault:
        reason = f"not valid UTF-8 (byte {fault.start + 1} of the row), wanted the file saved as UTF-8"
        return Refused(number, None, reason, record.raw)
    except (csv.Error, StopIteration) as fault:
        return Refused(number, None, f"cannot be split into cells ({fault})", record.raw)
    return _fitting(cells, record.raw, header, number, delimiter=delimiter, terms=terms)


def _fitting(
    cells: list[str], raw: bytes, header: Header, number: int, *, delimiter: str, terms: Terms
) -> Found | Refused:
    wanted = len(header.means)
    if len(cells) < wanted or any(cell.strip() for cell in cells[wanted:]):
        return Refused(number, None, f"{len(cells)} cells, wanted {wanted}", raw)
    row = dict(zip(header.names, map(str.strip, cells), strict=False))
    if delimiter == ";":
        row |= {column: row[column].replace(",", ".") for column in NUMBERS if column in row}
    return read_row(row, number=number, raw=raw, terms=terms)
