"""MBTiles 1.3: pictures in an SQLite file, rows counted from the south."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from isofront.errors import BadInputError

MOST_ZOOM = 24


class MbTiles:
    """An MBTiles file of pictures; opened anew for each tile, for threads share nothing."""

    kind = "mbtiles"

    def __init__(self, path: Path) -> None:
        self.path = path
        told = {str(key): str(value) for key, value in self._rows("SELECT name, value FROM metadata")}
        if told.get("format", "png") not in ("png", "jpg", "jpeg", "webp"):
            raise BadInputError(f"{path.name}: holds {told['format'][:20]!r} tiles, wanted pictures (png, jpg or webp)")
        self.name, self.credit = told.get("name", path.stem), told.get("attribution", "")
        self.bounds = bounds_in(told.get("bounds", ""))
        ((low, high),) = self._rows("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        if low is None or not 0 <= int(str(low)) <= int(str(high)) <= MOST_ZOOM:
            raise BadInputError(f"{path.name}: holds no tiles")
        self.min_zoom, self.max_zoom = int(str(low)), int(str(high))

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture of a tile (row 0 in the north), or None where there is none."""
        asked = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        for (content,) in self._rows(asked, z, x, (1 << z) - 1 - y):
            return content if isinstance(content, bytes) else None
        return None

    def _rows(self, asked: str, *values: int) -> list[tuple[object, ...]]:
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
                return file.execute(asked, values).fetchall()
        except sqlite3.Error as fault:
            raise BadInputError(f"{self.path.name}: cannot be read as MBTiles ({fault})") from fault


def bounds_in(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north; None where they are not told or are none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None
