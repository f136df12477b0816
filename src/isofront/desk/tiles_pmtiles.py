"""PMTiles 3: one file of tiles, found by a number along a Hilbert curve in a directory, and in leaves of it.

Own reader of the public format: header of 127 bytes, directories of varints, gzip or nothing. Every length and offset
is held against the file before it is used.
"""

from __future__ import annotations

import json
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from isofront.errors import BadInputError

HEADER = struct.Struct("<7sB11Q6B4iB2i")
PICTURES = {2: "png", 3: "jpeg", 4: "webp"}
PLAIN, GZIPPED = 1, 2
MOST_DIRECTORY = 32 << 20
MOST_TILE = 32 << 20
MOST_DEPTH = 4
MOST_ENTRIES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Directory:
    """Tiles by number: `runs` of them share a picture; a run of 0 is a leaf directory."""

    ids: list[int]
    runs: list[int]
    lengths: list[int]
    offsets: list[int]


class PmTiles:
    """A PMTiles file of pictures."""

    kind = "pmtiles"

    def __init__(self, path: Path) -> None:
        self.path, self._size = path, path.stat().st_size
        told = self._header()
        (_, version, root, root_length, meta, meta_length, self._leaves, _, self._data, _, *_) = told
        inner, tile_kind = told[14], told[16]
        if version != 3:
            raise BadInputError(f"{path.name}: PMTiles version {version}, wanted 3")
        if tile_kind not in PICTURES:
            raise BadInputError(f"{path.name}: holds no pictures (tile type {tile_kind}), wanted png, jpg or webp")
        if inner not in (PLAIN, GZIPPED):
            raise BadInputError(f"{path.name}: its directories are packed in a way ({inner}) that is not read here")
        self._gzipped, self._packed = inner == GZIPPED, told[15] == GZIPPED
        self.min_zoom, self.max_zoom = told[17], told[18]
        west, south, east, north = (one / 1e7 for one in told[19:23])
        self.bounds = (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None
        self._root = self._directory(root, root_length)
        self.name, self.credit = self._words(meta, meta_length)
        self._leaf = lru_cache(maxsize=64)(self._directory)

    def _header(self) -> tuple[Any, ...]:
        return HEADER.unpack(self._read(0, HEADER.size))

    def _read(self, offset: int, length: int) -> bytes:
        if offset + length > self._size or length > MOST_DIRECTORY:
            raise BadInputError(f"{self.path.name}: cut off or damaged ({length:,} bytes at {offset:,} are not there)")
        with self.path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def _unpacked(self, content: bytes, *, gzipped: bool) -> bytes:
        if not gzipped:
            return content
        try:
            told = zlib.decompressobj(wbits=31).decompress(content, MOST_DIRECTORY)
        except zlib.error as fault:
            raise BadInputError(f"{self.path.name}: damaged ({fault})") from fault
        return told

    def _words(self, offset: int, length: int) -> tuple[str, str]:
        try:
            told = json.loads(self._unpacked(self._read(offset, length), gzipped=self._gzipped) or b"{}")
            return str(told.get("name") or self.path.stem), str(told.get("attribution") or "")
        except (ValueError, AttributeError, RecursionError):
            return self.path.stem, ""

    def _directory(self, offset: int, length: int) -> _Directory:
        content = self._unpacked(self._read(offset, length), gzipped=self._gzipped)
        try:
            return _read_directory(_varints(content))
        except (StopIteration, RuntimeError, ValueError, OverflowError) as fault:
            raise BadInputError(f"{self.path.name}: a directory in it is damaged") from fault

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture of a tile (row 0 in the north), or None where there is none."""
        if not self.min_zoom <= z <= self.max_zoom:
            return None
        number, directory = tile_number(z, x, y), self._root
        for _ in range(MOST_DEPTH):
            at = bisect_right(directory.ids, number) - 1
            if at < 0:
                return None
            if directory.runs[at] == 0:
                directory = self._leaf(self._leaves + directory.offsets[at], directory.lengths[at])
                continue
            if number >= directory.ids[at] + directory.runs[at]:
                return None
            content = self._read(self._data + directory.offsets[at], min(directory.lengths[at], MOST_TILE))
            return self._unpacked(content, gzipped=self._packed)
        return None


def _varints(content: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70:
            raise ValueError("a number that long is none")
        if byte < 0x80:
            yield value
            value = shift = 0


def _read_directory(numbers: Iterator[int]) -> _Directory:
    """Counts, then all ids (as differences), all runs, all lengths, all offsets (0: right after the one before)."""
    n = next(numbers)
    if n > MOST_ENTRIES:
        raise ValueError("too many entries")
    ids, last = [], 0
    for _ in range(n):
        last += next(numbers)
        ids.append(last)
    runs = [next(numbers) for _ in range(n)]
    lengths = [next(numbers) for _ in range(n)]
    offsets: list[int] = []
    for place in range(n):
        told = next(numbers)
        offsets.append(offsets[-1] + lengths[place - 1] if told == 0 and place else told - 1)
    return _Directory(ids, runs, lengths, offsets)


def tile_number(z: int, x: int, y: int) -> int:
    """A tile's number: all tiles of lower zooms, then its place along the Hilbert curve of its own."""
    number, n = ((1 << 2 * z) - 1) // 3, 1 << z
    half = n >> 1
    while half > 0:
        right, down = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ down)
        if down == 0:
            if right == 1:
                x, y = n - 1 - x, n - 1 - y
            x, y = y, x
        half >>= 1
    return number
