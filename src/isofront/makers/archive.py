"""Untrusted archives (KMZ, zipped Shapefiles): no path leads out of one, and none unpacks to more than a map can be."""

from __future__ import annotations

import io
import shutil
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from isofront.errors import BadInputError

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_RATIO = 200
"""How many times its packed size an entry may have, from a size on where that matters; KML packs to a tenth."""
RATIO_FROM_BYTES = 20_000_000
_SHAPE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


class ZipBudget:
    """Bytes that an archive may still unpack to."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED_BYTES


def opened_zip(content: bytes, *, name: str) -> zipfile.ZipFile:
    """An archive whose list of entries was looked at.

    Raises:
        BadInputError: damaged, or too many entries.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, EOFError) as fault:
        raise BadInputError(f"{name}: a damaged archive ({fault}), wanted KMZ or a zipped Shapefile") from fault
    if len(archive.infolist()) > MAX_ENTRIES:
        raise BadInputError(f"{name}: {len(archive.infolist()):,} entries, wanted at most {MAX_ENTRIES:,}")
    return archive


def members(archive: zipfile.ZipFile, *endings: str) -> Iterator[tuple[zipfile.ZipInfo, str | None]]:
    """The entries with an ending, and for those that must not be read the reason."""
    for entry in archive.infolist():
        if entry.is_dir() or not entry.filename.casefold().endswith(endings):
            continue
        yield entry, _refused(entry)


def _refused(entry: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    said = f"entry {entry.filename[:60]!r}"
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        return f"{said}: leads out of the archive, not read"
    if entry.flag_bits & 1:
        return f"{said}: encrypted, not read"
    if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return f"{said}: {entry.file_size:,} bytes packed into {entry.compress_size:,}, more than a map packs: not read"
    return None


def content_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: ZipBudget) -> bytes:
    """An entry's bytes; what the archive says of its size is not believed.

    Raises:
        BadInputError: damaged, or more than the archive may unpack to.
    """
    try:
        with archive.open(entry) as packed:
            content = packed.read(budget.left + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise BadInputError(f"entry {entry.filename[:60]!r}: damaged ({fault})") from fault
    budget.left -= len(content)
    if budget.left < 0:
        raise BadInputError(f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes, wanted at most that")
    return content


def gunzipped(content: bytes, *, name: str) -> bytes:
    """The content of a gzip file of one member; what follows it is not passed over in silence.

    Raises:
        BadInputError: damaged, cut short, of several members, or more than a map may unpack to.
    """
    engine = zlib.decompressobj(wbits=31)
    try:
        whole = engine.decompress(content, MAX_UNPACKED_BYTES + 1)
    except zlib.error as fault:
        raise BadInputError(f"{name}: damaged gzip ({fault}), wanted a whole file") from fault
    if len(whole) > MAX_UNPACKED_BYTES:
        raise BadInputError(f"{name}: unpacks to more than {MAX_UNPACKED_BYTES:,} bytes, wanted at most that")
    if not engine.eof:
        raise BadInputError(f"{name}: gzip that was cut short, wanted a whole file")
    if engine.unused_data.strip(b"\0"):
        raise BadInputError(f"{name}: gzip of several parts, wanted one")
    return whole


def shapefile_in(archive: zipfile.ZipFile, *, name: str) -> tuple[Path, Any] | None:
    """The one Shapefile of an archive, unpacked into a folder of ours under names of ours; None if there is none.

    Raises:
        BadInputError: it holds several, or one that is damaged or too large.
    """
    shapes = [entry for entry, fault in members(archive, ".shp") if fault is None]
    if not shapes:
        return None
    if len(shapes) > 1:
        raise BadInputError(f"{name}: {len(shapes)} Shapefiles in one archive, wanted one; unpack it first")
    folder = _Folder()
    budget, stem = ZipBudget(), shapes[0].filename[:-4].casefold()
    for entry, fault in members(archive, *_SHAPE):
        if fault is None and entry.filename[:-4].casefold() == stem:
            ending = entry.filename[-4:].casefold()
            (folder.path / f"layer{ending}").write_bytes(content_of(archive, entry, budget))
    return folder.path / "layer.shp", folder


class _Folder:
    """A folder of ours that goes when nobody holds it any longer."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="isofront-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
