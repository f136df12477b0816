"""A bundle as a file: gzipped lines of JSON, one file without paths in it, closed by a checksum (spec/bundle.md).

The checksum finds what was cut off or changed by accident or clumsily; it does not say who made the bundle. For that,
tell the file's sum by another way (`bundle out` prints it, `bundle in --sum` asks for it).
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from isofront.errors import BadInputError, IntegrityError, IsofrontError, UsageError
from isofront.evidence.bundle_records import (
    DECODER,
    ENCODER,
    FORMAT,
    VERSION,
    End,
    Header,
    Index,
    Line,
    ToldDraft,
    ToldEntry,
    ToldReport,
    Tombstone,
    fault_of,
)
from isofront.ground.files import atomic_file

MAX_LINE = 64 << 20
"""The longest line: an approved map of a large theatre is some megabytes."""
MAX_BYTES = 4 << 30
"""The most that a bundle may unpack to; half a million reports are 400 MB."""
_GZIP = b"\x1f\x8b"
_START = b'{"type":"'
T = TypeVar("T", ToldReport, Tombstone, ToldEntry, ToldDraft)


@dataclass(slots=True)
class _Sum:
    """Lines and the SHA-256 of their bytes so far."""

    lines: int = 0
    hashed: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        self.lines += 1
        self.hashed.update(line)

    @property
    def end(self) -> End:
        return End(self.lines, self.hashed.hexdigest())


def write_bundle(path: Path, lines: Iterable[Line]) -> str:
    """Write a bundle, readable by its owner only; equal lines give equal bytes. Returns its sum."""
    total = _Sum()
    with atomic_file(path, private=True) as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        for line in lines:
            content = ENCODER.encode(line) + b"\n"
            total.add(content)
            packed.write(content)
        packed.write(ENCODER.encode(total.end) + b"\n")
    return total.end.sha256


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every line was read once and is whole."""

    path: Path
    header: Header
    index: Index
    sum: str
    lines: int

    def told(self, kind: type[T]) -> Iterator[T]:
        """The bundle's records of one kind, read from the file each time; other lines are not even decoded."""
        start = _START + str(kind.__struct_config__.tag).encode() + b'"'
        for number, content in enumerate(_contents(self.path), start=1):
            if content.startswith(start):
                line = _decoded(self.path, content, number=number)
                assert isinstance(line, kind)
                yield line

    def first_changed_by(self, clean: Callable[[bytes], bytes]) -> int | None:
        """The number of the first line that a function of its bytes would change; None where there is none."""
        numbered = enumerate(_contents(self.path), start=1)
        return next((number for number, content in numbered if clean(content) != content), None)


def open_bundle(path: Path, *, theatre: str, sides: tuple[str, ...], wanted_sum: str | None = None) -> Bundle:
    """Read a whole bundle once, keeping nothing of it but its first lines.

    Raises:
        BadInputError: it is no bundle, of a later format, or of another theatre.
        IntegrityError: it was cut off or changed, or a line in it cannot be.
        UsageError: no such file.
    """
    lines = _records(path)
    header = _header(path, next(lines, None), theatre=theatre, sides=sides)
    index = next(lines, None)
    if not isinstance(index, Index):
        raise IntegrityError(f"{path.name} line 2: wanted the index of decisions")
    end = _end(path, lines, sides)
    if wanted_sum is not None:
        _check_sum(path, end.sha256, wanted_sum.strip().lower())
    return Bundle(path, header, index, end.sha256, end.lines)


def _check_sum(path: Path, found: str, wanted: str) -> None:
    """The beginning of a sum is none: somebody who changes a file can make a few digits come out right."""
    begins = wanted.rstrip("…. ")
    if len(begins) < len(found) and begins and found.startswith(begins):
        raise UsageError(f"--sum {wanted}: only the beginning of a sum, wanted all {len(found)} digits of it")
    if wanted != found:
        raise IntegrityError(f"{path.name}: its sum is {found}, wanted {wanted}: not the file that was handed over")


def _header(path: Path, first: Line | None, *, theatre: str, sides: tuple[str, ...]) -> Header:
    if not isinstance(first, Header) or first.format != FORMAT:
        raise BadInputError(f"{path.name}: not a bundle, wanted a file that `isofront bundle out` wrote")
    if first.version > VERSION:
        raise BadInputError(f"{path.name}: bundle format {first.version}, this version of isofront reads {VERSION}")
    if first.theatre != theatre:
        raise BadInputError(f"{path.name}: a bundle of theatre {first.theatre!r}, and this is {theatre!r}")
    if set(first.sides) != set(sides):
        raise BadInputError(
            f"{path.name}: its theatre {theatre!r} has the sides {', '.join(first.sides)}, this one {', '.join(sides)}"
        )
    return first


def _end(path: Path, lines: Iterator[Line], sides: tuple[str, ...]) -> End:
    """The last line, once everything before it was found to be possible."""
    for number, line in enumerate(lines, start=3):
        if isinstance(line, End):
            if next(lines, None) is not None:
                raise IntegrityError(f"{path.name}: lines follow its last line, it was changed after it was made")
            return line
        fault = "a first line twice" if isinstance(line, Header | Index) else fault_of(line, sides)
        if fault is not None:
            raise IntegrityError(f"{path.name} line {number}: {fault}")
    raise IntegrityError(f"{path.name}: ends early (its last line is missing), get it anew")


def _records(path: Path) -> Iterator[Line]:
    """Every line decoded; the last only if the sum in it is that of the others."""
    total = _Sum()
    for content in _contents(path):
        line = _decoded(path, content, number=total.lines + 1)
        if isinstance(line, End) and line != total.end:
            raise IntegrityError(f"{path.name}: its sum is not that of its lines, it was changed after it was made")
        total.add(content)
        yield line


def _decoded(path: Path, content: bytes, *, number: int) -> Line:
    if number > 1 and not content.startswith(_START):
        raise IntegrityError(f"{path.name} line {number}: does not begin with its type, cannot be read")
    try:
        return DECODER.decode(content)
    except (msgspec.MsgspecError, RecursionError, ValueError) as fault:
        if number == 1:
            raise BadInputError(f"{path.name}: not a bundle ({fault})") from fault
        raise IntegrityError(f"{path.name} line {number}: cannot be read ({fault})") from fault


def _bounded(packed: gzip.GzipFile, name: str) -> Iterator[bytes]:
    """The lines, no longer and no more than a bundle's are."""
    unpacked = 0
    while line := packed.readline(MAX_LINE + 1):
        unpacked += len(line)
        if len(line) > MAX_LINE or unpacked > MAX_BYTES:
            raise IntegrityError(f"{name}: unpacks to more than a bundle can hold")
        yield line


def _contents(path: Path) -> Iterator[bytes]:
    """The lines' bytes, however a hostile hand packed them: bounded in length and in sum."""
    if path.is_dir():
        raise UsageError(f"{path}: is a folder, wanted a file that `isofront bundle out` wrote")
    try:
        with path.open("rb") as file:
            if file.read(2) != _GZIP:
                raise BadInputError(f"{path.name}: not a bundle, wanted a file that `isofront bundle out` wrote")
            file.seek(0)
            with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                yield from _bounded(packed, path.name)
    except FileNotFoundError as fault:
        raise UsageError(f"{path}: no such file") from fault
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise IntegrityError(f"{path.name}: cut off or damaged ({fault}), get it anew") from fault
    except OSError as fault:
        raise IsofrontError(f"{path}: cannot be read ({fault.strerror or fault})") from fault
