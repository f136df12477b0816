"""A stream of unknown content -> a table that streams, or a document opened with care."""

from __future__ import annotations

import io
from io import BufferedIOBase
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from isofront.errors import BadInputError
from isofront.feeds.recognise import WANTED, is_known
from isofront.feeds.tables import Table, open_table
from isofront.makers.archive import ZipBudget, content_of, members, opened_zip
from isofront.makers.opened import MAX_TEXT_BYTES, Opened, opened_bytes
from isofront.makers.opened import WANTED as MAP_WANTED

_TABLES = (".csv", ".tsv", ".txt")


def open_any(stream: BufferedIOBase, *, file: str) -> Table | Opened:
    """What a seekable stream holds. Tables stream; documents are held whole, within limits.

    Raises:
        BadInputError: it is empty, too large, a bomb, or nothing that a feed could be.
    """
    start = stream.read(4096)
    stream.seek(0)
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not bare and len(start) < 4096:
        raise BadInputError(f"{file}: is empty, wanted {WANTED}")
    if start.startswith(b"PK"):
        return _unzipped(_whole(stream, file=file), file=file)
    if start.startswith(b"\x1f\x8b"):
        return _gunzipped(_whole(stream, file=file), file=file)
    if bare[:1] in (b"{", b"[", b"<") or _wide_document(start):
        return _document(_whole(stream, file=file), file=file)
    return open_table(stream, file=file, is_known=is_known)


def _wide_document(start: bytes) -> bool:
    """Whether it is JSON or XML in UTF-16."""
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") and start[2:4].strip(b"\0")[:1] in (b"{", b"[", b"<")


def _whole(stream: BufferedIOBase, *, file: str) -> bytes:
    content = stream.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise BadInputError(f"{file}: more than {MAX_TEXT_BYTES:,} bytes, wanted at most that (tables stream)")
    return content


def _document(content: bytes, *, file: str) -> Opened:
    """JSON or XML; of a list that breaks off, what was whole."""
    try:
        return opened_bytes(content, name=file)
    except BadInputError as fault:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            return _broken_list(content, file=file, fault=fault)
        raise _of_events(fault) from fault


def _broken_list(content: bytes, *, file: str, fault: BadInputError) -> Opened:
    try:
        return opened_bytes(b'{"features":' + content.lstrip(b"\xef\xbb\xbf \t\r\n"), name=file)
    except BadInputError:
        raise _of_events(fault) from fault


def _of_events(fault: BadInputError) -> BadInputError:
    """The same fault in the words of this room."""
    return BadInputError(str(fault).replace(MAP_WANTED, WANTED).replace("wanted a map", "wanted a feed"))


def _gunzipped(content: bytes, *, file: str) -> Table | Opened:
    try:
        opened = opened_bytes(content, name=file)
    except BadInputError as fault:
        raise _of_events(fault) from fault
    if opened.kind == "csv":
        return open_table(io.BytesIO(opened.text), file=opened.name, is_known=is_known)
    return opened


def _tables_in(archive: ZipFile) -> list[tuple[ZipInfo, str | None]]:
    """The tables of an archive: text beside a table is about it, and what macOS adds to each file is none."""
    found = [one for one in members(archive, *_TABLES) if not PurePosixPath(one[0].filename).name.startswith("._")]
    return [one for one in found if not one[0].filename.casefold().endswith(".txt")] or found


def _unzipped(content: bytes, *, file: str) -> Table | Opened:
    """The documents of a KMZ, or the one table in an archive."""
    archive = opened_zip(content, name=file)
    tables = [] if any(True for _ in members(archive, ".kml")) else _tables_in(archive)
    if len(tables) > 1:
        names = ", ".join(entry.filename[:60] for entry, _ in tables[:4])
        raise BadInputError(f"{file}: {len(tables)} tables in one archive ({names}), wanted one; unpack it first")
    for entry, refused in tables:
        if refused:
            raise BadInputError(f"{file}: {refused}")
        inside = content_of(archive, entry, ZipBudget())
        return open_table(io.BytesIO(inside), file=f"{file}/{entry.filename}"[:200], is_known=is_known)
    try:
        return opened_bytes(content, name=file)
    except BadInputError as fault:
        raise _of_events(fault) from fault
