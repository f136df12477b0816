"""Bytes to records of text: encodings, delimiters, and rows that run over several lines; in bounded memory."""

from __future__ import annotations

import contextlib
import io
import re
from collections import deque
from collections.abc import Iterator
from io import BufferedIOBase
from typing import BinaryIO, NamedTuple, Protocol, cast, runtime_checkable

from isofront.errors import BadInputError

SAMPLE_BYTES = 1 << 20
MAX_RECORD_BYTES = 1 << 20
MAX_RECORD_LINES = 500
"""A quote left open may swallow no more than this; then the row is refused and reading goes on at the next line."""

_MAGIC = {
    b"PK\x03\x04": "a zip or spreadsheet (save it as CSV)",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "gzip (unpack it first)",
    b"SQLite format 3": "a database",
}
_CYRILLIC = frozenset(range(0xC0, 0x100)) | {0xA8, 0xB8, 0xB2, 0xB3, 0xAF, 0xBF, 0xAA, 0xBA, 0xA5, 0xB4}


@runtime_checkable
class ByteLines(Protocol):
    """What can be read line by line."""

    def readline(self, size: int = -1, /) -> bytes:
        """The next line with its end, at most `size` bytes of it; empty at the end."""
        ...


class Record(NamedTuple):
    """One row's exact bytes, the line it starts on, and whether it ended (a quote may stay open, a line be endless)."""

    line: int
    raw: bytes
    fault: str | None = None


def sniff_encoding(sample: bytes, *, file: str) -> str:
    """utf-8, utf-16-le, utf-16-be or cp1251; raises BadInputError for what is no text."""
    for start, what in _MAGIC.items():
        if sample.startswith(start):
            raise BadInputError(f"{file}: this is {what}, wanted CSV, GeoJSON or NDJSON")
    if sample.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if sample.startswith(b"\xfe\xff"):
        return "utf-16-be"
    if b"\0" in sample[:65536]:
        return _wide(sample[:65536], file=file)
    return "cp1251" if _looks_cp1251(sample) else "utf-8"


def _wide(sample: bytes, *, file: str) -> str:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    raise BadInputError(f"{file}: this is a binary file, wanted CSV, GeoJSON or NDJSON")


def _looks_cp1251(sample: bytes) -> bool:
    """Runs of high bytes that are Cyrillic letters there, and no line of them that is good UTF-8."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    high = b"".join(runs)
    if len(high) < 8 or len(high) < 2.5 * len(runs):
        return False
    letters = sum(byte in _CYRILLIC for byte in high)
    return letters >= 0.9 * len(high) and not any(map(is_utf8, runs))


def is_utf8(run: bytes) -> bool:
    """Whether bytes can be read as UTF-8 from end to end."""
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def as_utf8(stream: BufferedIOBase, encoding: str) -> ByteLines:
    """The stream itself where it is UTF-8 or a single-byte code; a transcoding one for UTF-16."""
    return _Transcoded(stream, encoding) if encoding.startswith("utf-16") else stream


class _Transcoded:
    """UTF-16 read as UTF-8, line by line."""

    def __init__(self, stream: BufferedIOBase, encoding: str) -> None:
        self._text = io.TextIOWrapper(cast(BinaryIO, stream), encoding=encoding, errors="replace", newline="\n")

    def __del__(self) -> None:
        """Leave the stream to whoever opened it: a wrapper that goes would close it."""
        with contextlib.suppress(ValueError):  # closed already
            self._text.detach()

    def readline(self, size: int = -1, /) -> bytes:
        return self._text.readline(size).encode("utf-8", errors="replace")


def records(stream: ByteLines, *, delimiter: bytes) -> Iterator[Record]:
    """The rows of a delimited file, each with its exact bytes; blank lines are none."""
    lines = _Lines(stream)
    while True:
        start, raw = lines.next()
        if not raw:
            return
        if raw.isspace():
            continue
        if not raw.endswith(b"\n") and len(raw) >= MAX_RECORD_BYTES:
            lines.skip_line()
            yield Record(start, raw[:4096], f"line longer than {MAX_RECORD_BYTES:,} bytes")
        elif raw.count(b'"') % 2 and leaves_open(raw, delimiter):
            yield _quoted(lines, start, raw, delimiter)
        else:
            yield Record(start, raw)


def _quoted(lines: _Lines, start: int, raw: bytes, delimiter: bytes) -> Record:
    """A row whose quoted cell runs over line ends; if the quote never closes, its first line alone is refused."""
    parts, taken = [raw], []
    size = len(raw)
    while size < MAX_RECORD_BYTES and len(parts) < MAX_RECORD_LINES:
        number, more = lines.next()
        if not more:
            break
        taken.append((number, more))
        parts.append(more)
        size += len(more)
        if not leaves_open(more, delimiter, inside=True):
            return Record(start, b"".join(parts))
    lines.give_back(taken)
    return Record(start, raw, "a quote is opened and never closed")


def leaves_open(raw: bytes, delimiter: bytes, *, inside: bool = False) -> bool:
    """Whether the bytes end inside a quoted cell (`inside`: they begin in one); only where a cell begins a quote opens.

    Only quotes are looked at: a row may be a megabyte, and a file that is nothing but open quotes has many such.
    """
    place = raw.find(b'"')
    while place >= 0:
        if not inside:
            inside = place == 0 or raw[place - 1 : place] in (delimiter, b"\n")
        elif raw[place + 1 : place + 2] == b'"':
            place += 1
        else:
            inside = False
        place = raw.find(b'"', place + 1)
    return inside


class _Lines:
    """Lines with their numbers, of bounded length, some of which can be given back."""

    def __init__(self, stream: ByteLines) -> None:
        self._stream, self._number = stream, 0
        self._back: deque[tuple[int, bytes]] = deque()

    def next(self) -> tuple[int, bytes]:
        if self._back:
            return self._back.popleft()
        self._number += 1
        return self._number, self._stream.readline(MAX_RECORD_BYTES)

    def give_back(self, lines: list[tuple[int, bytes]]) -> None:
        self._back.extendleft(reversed(lines))

    def skip_line(self) -> None:
        while True:
            rest = self._stream.readline(MAX_RECORD_BYTES)
            if not rest or rest.endswith(b"\n"):
                return
