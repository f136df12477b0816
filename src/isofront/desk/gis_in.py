"""What was edited in a GeoPackage that `gis_out` wrote: its features against themselves as they were written.

What saving alone changes is no edit: numbers in their last digits, coordinates by less than a centimetre, rings that
begin elsewhere, an empty text for none.
"""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from isofront.desk.gis_columns import GisLayer, Row
from isofront.desk.gis_out import FORMAT
from isofront.errors import BadInputError, UsageError
from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms

NOISE_DEG = 1e-7
"""Coordinates that differ by less are the same: a centimetre."""
MAX_VERTICES = 1_000_000
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file says of itself: theatre and times of the draft it was made from."""

    theatre: str
    as_of: datetime
    known_by: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """A feature that is not as it was written. `before` is None if it is new, `after` if it was deleted.

    `moved` says whether its geometry changed, `changed` which of its columns did; a `fault` that it cannot be read.
    """

    layer: str
    fid: int
    before: Row | None
    after: Row | None
    was: BaseGeometry | None = None
    shape: BaseGeometry | None = None
    moved: bool = False
    changed: frozenset[str] = frozenset()
    fault: str | None = None

    @property
    def id(self) -> str | None:
        """The feature's own id, if it has one."""
        row = self.before or self.after or {}
        return row.get("id")


def read_edits(
    path: Path, layers: Sequence[GisLayer], *, names: Pseudonyms = NO_PSEUDONYMS
) -> tuple[Facts, list[Edit]]:
    """The file's facts and its edits, layer by layer; `names` that must stay unknown are replaced in every edit.

    Raises:
        UsageError: no such file.
        BadInputError: it is not a file of `desk out`, or lacks a layer or column.
    """
    if not path.is_file():
        what = "is a folder, wanted a file of `isofront desk out`" if path.is_dir() else "no such file"
        raise UsageError(f"{path}: {what}")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            facts = _facts(file, path)
            return facts, [edit for layer in layers for edit in _edits(file, path, layer, names)]
    except sqlite3.Error as fault:
        raise BadInputError(f"{path.name}: cannot be read as a GeoPackage ({fault})") from fault


def _facts(file: sqlite3.Connection, path: Path) -> Facts:
    tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"isofront_file", "isofront_written"} <= tables:
        raise BadInputError(
            f"{path.name}: not a file of `isofront desk out` (a copy saved under another name lacks what it was); "
            "edit the file itself"
        )
    told = dict(file.execute("SELECT key, value FROM isofront_file"))
    if told.get("format") != str(FORMAT):
        raise BadInputError(f"{path.name}: format {told.get('format')!r}, this version of isofront reads {FORMAT}")
    try:
        times = [datetime.fromisoformat(told[name]) for name in ("as_of", "known_by")]
        return Facts(told["theatre"], *times)
    except (KeyError, ValueError) as fault:
        raise BadInputError(f"{path.name}: what it says of itself cannot be read ({fault})") from fault


def _edits(file: sqlite3.Connection, path: Path, layer: GisLayer, names: Pseudonyms) -> Iterator[Edit]:
    written = {
        fid: (json.loads(cells), shape)
        for fid, cells, shape in file.execute(
            "SELECT fid, cells, shape FROM isofront_written WHERE layer = ?", (layer.name,)
        )
    }
    seen = set()
    for fid, row, blob in _features(file, path, layer):
        seen.add(fid)
        edit = _compared(layer, fid, written.get(fid), row, blob)
        if edit is not None:
            yield replace(edit, after={name: _without(names, cell) for name, cell in row.items()})
    for fid in sorted(written.keys() - seen):
        yield Edit(layer.name, fid, written[fid][0], None, shapely.from_wkb(written[fid][1]))


def _without(names: Pseudonyms, cell: Any) -> Any:
    return names.text(cell) if isinstance(cell, str) else cell


def _features(file: sqlite3.Connection, path: Path, layer: GisLayer) -> Iterator[tuple[int, Row, Any]]:
    columns = [name for _, name, *_ in file.execute(f'PRAGMA table_info("{layer.name}")')]
    missing = [name for name in (*layer.names, "fid", "geom") if name not in columns]
    if missing:
        lost = "layer" if not columns else f"layer's columns {', '.join(missing)}"
        raise BadInputError(f"{path.name}: the {lost} is gone from {layer.name!r}, wanted it as it was written")
    named = ", ".join(f'"{name}"' for name in layer.names)
    for fid, blob, *cells in file.execute(f'SELECT fid, geom, {named} FROM "{layer.name}" ORDER BY fid'):
        yield fid, dict(zip(layer.names, map(_cell, cells), strict=True)), blob


def _cell(value: Any) -> Any:
    """A cell as it is meant: an empty text is none, and what was pasted as bytes is text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return (value.strip() or None) if isinstance(value, str) else value


def _compared(layer: GisLayer, fid: int, written: tuple[Row, bytes] | None, row: Row, blob: Any) -> Edit | None:
    before, wkb = written or (None, b"")
    changed = frozenset(row if before is None else (n for n in layer.names if not same_cell(before.get(n), row[n])))
    if before is not None and not changed and isinstance(blob, bytes) and blob.endswith(wkb):
        return None  # to the last byte, as nearly all features are
    was = None if before is None else shapely.from_wkb(wkb)
    try:
        shape = _on_earth(geometry_in(blob))
    except ValueError as fault:
        return Edit(layer.name, fid, before, row, was, fault=f"its geometry cannot be read ({fault})")
    moved = was is None or not same_place(was, shape)
    return Edit(layer.name, fid, before, row, was, shape, moved, changed) if changed or moved else None


def same_cell(one: Any, other: Any) -> bool:
    """Whether two cells are the same but for what saving alone changes."""
    if one == other:
        return True
    one, other = _cell(one), _cell(other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    if one is None or other is None:
        return one is other
    return str(one).splitlines() == str(other).splitlines()


def same_place(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two geometries are the same but for noise: vertex by vertex, else by the ground between them."""
    if one.geom_type != other.geom_type and {one.geom_type, other.geom_type} & {"Point"}:
        return False
    one, other = shapely.normalize(one), shapely.normalize(other)
    if shapely.equals_exact(_multi(one), _multi(other), NOISE_DEG):
        return True
    if shapely.get_dimensions(one) != 2 or not (one.is_valid and other.is_valid):
        return False
    between = shapely.symmetric_difference(one, other).area
    return bool(between < NOISE_DEG * 0.01 * max(one.length, NOISE_DEG))


def _multi(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in ("Polygon", "LineString"):
        return shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shapely.multilinestrings([shape])
    return shape


def _on_earth(shape: BaseGeometry) -> BaseGeometry:
    points = shapely.get_coordinates(shape)
    if not math.isfinite(float(points.sum())) or (abs(points) > [180.0, 90.0]).any():
        raise ValueError("a vertex is no place on Earth")
    return shape


def geometry_in(blob: Any) -> BaseGeometry:
    """The geometry in a GeoPackage's blob: a header with an optional envelope, then WKB.

    Raises:
        ValueError: there is none, or it cannot be read.
    """
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        raise ValueError("none there" if not blob else "no GeoPackage geometry")
    flags = blob[3]
    envelope = _ENVELOPES.get((flags >> 1) & 7)
    if envelope is None:
        raise ValueError("no GeoPackage geometry")
    try:
        shape = shapely.from_wkb(blob[8 + envelope :])
    except (ShapelyError, struct.error) as fault:
        raise ValueError(" ".join(str(fault).split())[:80]) from None
    if shape is None or shape.is_empty:
        raise ValueError("it is empty")
    points = shapely.get_coordinates(shape)
    if len(points) > MAX_VERTICES:
        raise ValueError(f"{len(points):,} vertices, wanted at most {MAX_VERTICES:,}")
    return shapely.force_2d(shape)
