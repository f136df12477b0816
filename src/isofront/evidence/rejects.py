"""The private store of rows that could not be used: file, row, column, reason, and the row itself."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from isofront.errors import IsofrontError
from isofront.evidence.report import Reject
from isofront.ground.files import atomic_file

REJECTS_FILE = "rejects.ndjson"


class KeptReject(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the store. `digest` (SHA-256) tells the file's content, so that adding it again replaces its lines."""

    digest: str
    file: str
    row: int
    column: str | None
    reason: str
    id: str | None = None
    raw: str = ""


class RejectStore:
    """Collects one file's rejects; `finish` puts them into the store in one step, or none if the import died."""

    def __init__(self, folder: Path, file: str) -> None:
        self.path, self._file = folder / REJECTS_FILE, file
        self._waiting: BinaryIO | None = None
        self.count = 0

    def __enter__(self) -> RejectStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._waiting is not None:
            self._waiting.close()

    def add(self, reject: Reject, *, report_id: str | None = None, raw: bytes = b"") -> None:
        """Keep a reject; its row's text is kept too, for this store is private."""
        self.count += 1
        if self._waiting is None:
            with _said(self.path):
                self._waiting = tempfile.TemporaryFile(dir=self.path.parent)  # noqa: SIM115 - closed in __exit__
        kept = KeptReject(
            "", reject.file, reject.row, reject.column, reject.reason, report_id, raw.decode("utf-8", "replace")
        )
        with _said(self.path):
            self._waiting.write(msgspec.json.encode(kept) + b"\n")

    def finish(self, digest: str) -> None:
        """Replace what the store holds of this very file by what was collected."""
        if self._waiting is None and not self.path.exists():
            return
        _rewrite(self.path, self._lines(digest))

    def _lines(self, digest: str) -> Iterator[bytes]:
        yield from (line for line in _stored(self.path) if _digest(line) != digest)
        if self._waiting is not None:
            self._waiting.seek(0)
            yield from (line.replace(b'"digest":""', f'"digest":"{digest}"'.encode(), 1) for line in self._waiting)


def rejects_count(folder: Path) -> int:
    """How many rejected rows the theatre's store holds."""
    return sum(1 for _ in _stored(folder / REJECTS_FILE))


def forget_rows(folder: Path, report_id: str) -> int:
    """Destroy the text of rejected rows that carry an id (of a redacted report); how many there were."""
    path = folder / REJECTS_FILE
    doomed = sum(_id(line) == report_id for line in _stored(path))
    if doomed:
        _rewrite(path, (_emptied(line) if _id(line) == report_id else line for line in _stored(path)))
    return doomed


def _stored(path: Path) -> Iterator[bytes]:
    if path.exists():
        with _said(path), path.open("rb") as file:
            yield from file


def _digest(line: bytes) -> str:
    """The digest, the first field of a line: by its place, for decoding every line of a large store takes seconds."""
    return line[11:75].decode("ascii", "replace")


def _id(line: bytes) -> str | None:
    return msgspec.json.decode(line, type=KeptReject).id


def _emptied(line: bytes) -> bytes:
    kept = msgspec.json.decode(line, type=KeptReject)
    reason = "(redacted)"
    return msgspec.json.encode(msgspec.structs.replace(kept, raw="", reason=reason, id=None)) + b"\n"


def _rewrite(path: Path, lines: Iterator[bytes]) -> None:
    """Write the lines beside the store and put them in its place; readable by the owner only."""
    with atomic_file(path, private=True) as file:
        file.writelines(lines)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise IsofrontError(f"{path}: cannot be written ({fault.strerror or fault})") from fault
