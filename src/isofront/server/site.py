"""A published site as it lies in its folder: what of it may be handed out, and a shelf of what it holds.

Nothing is handed out because it lies there. A file is reachable if `publish` names it: `editions.json` names the
editions and the hash of each one's `edition.json`, and that the hash of every file beside it; the few at the top and
the pages have names of their own. A file with another hash, a link to elsewhere, or one that says PRIVATE is not handed
out, whoever put it there. The folder is looked at anew when an edition comes, changes or goes, so that what is pulled
is gone with the next request.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isofront.errors import BadInputError
from isofront.server.map_files import document
from isofront.server.shelf import Shelf
from isofront.server.site_shelf import ABOUT, EDITIONS, LIST, SiteReader, plain

TOP = ("index.html", "offline.html", "feed.json", "feed.atom", "places.json", LIST)
"""What lies at the top beside what the list names under `files`."""
PAGES = ("index.html", "status.json")
"""Files of an edition that change after it was made, and have no hash."""
PRIVATE_MARKS = (b'"stamp":["PRIVATE', b'"stamp":"PRIVATE', b'"stamp": "PRIVATE')
STRANGE = ("theatre.toml", "summary.json", "ledger.db", "control.tif", "map.html")
"""What lies in a theatre's folder or in one that `map` wrote, and never in a site."""
CHUNK = 1 << 18
MOST_TOMBSTONE = 1 << 16
"""A longer file is none."""
MOST_HASHES = 100_000
"""So many hashes of files are kept."""
Mark = tuple[int, int, int]

_log = logging.getLogger("isofront.server")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site: where it lies, the hash it must have (None: any), and whether its edition was pulled."""

    path: Path
    sha256: str | None = None
    gone: bool = False

    @property
    def kind(self) -> str:
        """Its media type."""
        return KINDS.get(self.path.suffix, "application/octet-stream")

    @property
    def lasting(self) -> bool:
        """Whether these bytes are the only ones there will ever be at its address, unless it is pulled."""
        return self.sha256 is not None and not self.gone


KINDS = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".atom": "application/atom+xml",
    ".tif": "image/tiff; application=geotiff; profile=cloud-optimized",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pmtiles": "application/vnd.pmtiles",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".fgb": "application/vnd.flatgeobuf",
}


@dataclass(frozen=True)
class Snapshot:
    """The site at one moment: what it holds, and its files by their address without the slash in front."""

    shelf: Shelf
    files: Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Open:
    """A file opened and found to be what it should be: its hash, its length, and the handle, which the taker closes."""

    handle: BinaryIO
    sha256: str
    n_bytes: int


class Site:
    """A published site's folder. Safe to ask from several threads.

    Raises:
        BadInputError: it is none, or it holds what is not for the public.
    """

    def __init__(self, folder: Path, *, progress: Callable[[str], None] = _log.debug) -> None:
        self.folder = folder.resolve()
        refuse_mixed(self.folder, shown=folder)
        self._reader = SiteReader(self.folder, progress)
        self._lock = threading.Lock()
        self._hashes: dict[tuple[str, Mark], str | None] = {}
        self._mark: tuple[Mark | None, ...] = self._now()
        self._snapshot = self._read()

    def snapshot(self) -> Snapshot:
        """The site as it stands; while it is being written, as it stood."""
        now = self._now()
        if now == self._mark or not self._lock.acquire(blocking=False):
            return self._snapshot
        try:
            self._snapshot = self._read()
            self._mark = now
        except BadInputError as fault:
            _log.warning("the site cannot be read, the last that could be is served: %s", fault)
        finally:
            self._lock.release()
        return self._snapshot

    def _now(self) -> tuple[Mark | None, ...]:
        """What changes when an edition comes, changes or goes."""
        return tuple(_mark(self.folder / name) for name in (LIST, EDITIONS))

    def _read(self) -> Snapshot:
        shelf = self._reader.read()
        files = {name: File(self.folder / name) for name in TOP}
        for name, sha in self._reader.top_files.items():
            files[name] = File(self.folder / name, sha)
        for one in shelf.editions:
            home = self.folder / EDITIONS / one.id
            named = one.about.get("files")
            hashes = dict(named) if isinstance(named, Mapping) and not one.pulled else {}
            if isinstance(one.told.get("sha256"), str):
                hashes[ABOUT] = one.told["sha256"]
            every = {name: sha for name, sha in hashes.items() if plain(name) and isinstance(sha, str)}
            inside = {name: File(home / name, sha) for name, sha in every.items()}
            inside |= {name: File(home / name) for name in PAGES}
            if one.pulled:
                inside = {name: File(home / name, gone=True) for name in _tombstones(home)}
            files |= {f"{EDITIONS}/{one.id}/{name}": file for name, file in inside.items()}
        return Snapshot(shelf, files)

    def opened(self, file: File) -> Open | None:
        """The file, opened, if it is there, lies where it seems to lie, and is what was published."""
        handle = self._opened(file.path)
        if handle is None:
            return None
        sha = self._known(file.path, handle, lambda: _hash_of(handle))
        if sha is None or (file.sha256 is not None and sha != file.sha256):
            handle.close()
            return None
        return Open(handle, sha, handle.seek(0, 2))

    def packed(self, file: File, plain_sha: str, n_bytes: int) -> Open | None:
        """The same file packed with gzip, if one lies beside it that holds the same."""
        path = file.path.with_name(file.path.name + ".gz")
        handle = self._opened(path)
        if handle is None:
            return None
        if self._known(path, handle, lambda: unpacked_hash(handle, most=n_bytes)) != plain_sha:
            handle.close()
            return None
        return Open(handle, plain_sha, handle.seek(0, 2))

    def _opened(self, path: Path) -> BinaryIO | None:
        """A plain file of our own folder; no link, at no step of the way."""
        try:
            if path.resolve(strict=True) != path or not stat.S_ISREG(path.lstat().st_mode):
                return None
            return path.open("rb")
        except (OSError, ValueError, RuntimeError):
            return None

    def _known(self, path: Path, handle: BinaryIO, hash_of: Callable[[], str | None]) -> str | None:
        """What `hash_of` tells of a file, asked once for each version of it."""
        key = (str(path), _mark_of(handle))
        with contextlib.suppress(KeyError):  # another thread may clear what is kept at any moment
            return self._hashes[key]
        found = hash_of()
        if len(self._hashes) >= MOST_HASHES:
            self._hashes.clear()
        self._hashes[key] = found
        return found


def refuse_mixed(folder: Path, *, shown: Path) -> None:
    """Stop where a site's folder holds what is not for the public.

    Raises:
        BadInputError: it does, or it is no site.
    """
    if not (folder / LIST).is_file():
        raise BadInputError(f"{shown}: no {LIST} in it, wanted a site written by publish")
    strange = sorted(name for name in STRANGE if (folder / name).exists())
    if strange:
        raise BadInputError(
            f"{shown}: holds {strange[0]} beside {LIST}; a site that is served to others lies in a folder of its own"
        )


def unpacked_hash(handle: BinaryIO, *, most: int) -> str | None:
    """The SHA-256 of what a gzip file holds; None if it is none, or holds more than `most` bytes."""
    unpacker, found, total = zlib.decompressobj(31), hashlib.sha256(), 0
    handle.seek(0)
    try:
        while part := handle.read(CHUNK):
            while part:
                out = unpacker.decompress(part, CHUNK)
                total += len(out)
                if total > most or unpacker.unused_data:
                    return None
                found.update(out)
                part = unpacker.unconsumed_tail
        found.update(unpacker.flush())
    except (zlib.error, OSError):
        return None
    return found.hexdigest() if unpacker.eof else None


def _hash_of(handle: BinaryIO) -> str | None:
    """The SHA-256 of a file's bytes; None if they say that they are private."""
    found, rest = hashlib.sha256(), b""
    while part := handle.read(CHUNK):
        found.update(part)
        if any(mark in rest + part for mark in PRIVATE_MARKS):
            return None
        rest = part[-32:]
    return found.hexdigest()


def _tombstones(home: Path) -> tuple[str, ...]:
    """What was put in a pulled edition's place; what was there before, and may still be, does not say so itself."""
    try:
        return tuple(one.name for one in home.iterdir() if plain(one.name) and _is_tombstone(one))
    except OSError:
        return ()


def _is_tombstone(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > MOST_TOMBSTONE:
        return False
    if path.suffix == ".html":  # without script there is no map in it
        return b"<script" not in path.read_bytes()
    try:
        return path.suffix in (".json", ".geojson") and document(path).get("state") == "pulled"
    except BadInputError:
        return False


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _mark_of(handle: BinaryIO) -> Mark:
    found = os.fstat(handle.fileno())
    return found.st_ino, found.st_size, found.st_mtime_ns
