"""An evidence file of any supported kind, opened as a stream of reports and refusals."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import PurePath

from isofront.errors import BadInputError
from isofront.sources.csv_rows import read_csv
from isofront.sources.json_rows import MAX_GEOJSON_BYTES, read_geojson, read_ndjson
from isofront.sources.terms import Found, Refused, Terms
from isofront.sources.text import SAMPLE_BYTES, sniff_encoding


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: what it turned out to be, the headers that mean nothing here, and its rows.

    `waiting` holds what reads each row: where it ends is known, which costs little; what it says is not.
    """

    format: str
    encoding: str
    unused: tuple[str, ...]
    waiting: Iterator[Callable[[], Found | Refused]]

    @property
    def rows(self) -> Iterator[Found | Refused]:
        """The rows, each read when it is asked for."""
        return (read() for read in self.waiting)


def read_file(stream: BufferedIOBase, *, file: str, terms: Terms) -> Reading:
    """Open an evidence file; `stream` must be seekable and at its start. Raises BadInputError if nothing is usable."""
    stream, file = terms.pseudonyms.stream(stream), terms.pseudonyms.text(file)
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadInputError(f"{file}: empty, wanted CSV, GeoJSON or NDJSON")
    encoding = sniff_encoding(sample, file=file)
    kind = _format(sample, file=file, encoding=encoding)
    if kind == "csv":
        header, rows = read_csv(_past_mark(stream, encoding), file=file, encoding=encoding, terms=terms)
        return Reading(kind, encoding, header.unused, rows)
    if encoding != "utf-8":
        stream = _as_utf8(stream, encoding, file=file)
    if kind == "geojson":
        content = stream.read(MAX_GEOJSON_BYTES + 1)
        return Reading(kind, encoding, (), read_geojson(content.strip(b"\xef\xbb\xbf"), file=file, terms=terms))
    return Reading(kind, encoding, (), read_ndjson(stream, terms=terms))


def _as_utf8(stream: BufferedIOBase, encoding: str, *, file: str) -> BufferedIOBase:
    """JSON of another encoding, held in memory whole; never cut off in silence."""
    content = stream.read(MAX_GEOJSON_BYTES + 1)
    if len(content) > MAX_GEOJSON_BYTES:
        raise BadInputError(
            f"{file}: more than {MAX_GEOJSON_BYTES >> 20} MB of JSON in {encoding.upper()}, wanted UTF-8, which streams"
        )
    return io.BytesIO(content.decode(encoding, errors="replace").encode())


def _past_mark(stream: BufferedIOBase, encoding: str) -> BufferedIOBase:
    if encoding.startswith("utf-16") and stream.read(2) not in (b"\xff\xfe", b"\xfe\xff"):
        stream.seek(0)
    return stream


def _format(sample: bytes, *, file: str, encoding: str) -> str:
    ending = PurePath(file).suffix.lower()
    start = sample.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        raise BadInputError(f"{file}: a JSON list, wanted a GeoJSON FeatureCollection or one object per line (NDJSON)")
    if not start.startswith("{"):
        if ending in (".geojson", ".json", ".ndjson", ".jsonl"):
            raise BadInputError(f"{file}: named {ending} but starts with {start[:20]!r}, wanted '{{'")
        return "csv"
    if ending in (".ndjson", ".jsonl"):
        return "ndjson"
    first_line = start.split("\n", 1)[0]
    return "ndjson" if _is_row(first_line) else "geojson"


def _is_row(line: str) -> bool:
    """Whether a line is an object by itself that is no FeatureCollection."""
    return line.rstrip().endswith("}") and '"features"' not in line and '"happened' in line
