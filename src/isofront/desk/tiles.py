"""Local imagery as picture tiles: MBTiles, PMTiles, GeoTIFF. What a file is, its own first bytes say."""

from __future__ import annotations

from pathlib import Path

from isofront.desk.tiles_cog import CogTiles
from isofront.desk.tiles_mbtiles import MbTiles
from isofront.desk.tiles_pmtiles import PmTiles
from isofront.errors import BadInputError

FORMATS = "MBTiles, PMTiles or GeoTIFF (COG)"
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
"""Pictures by their first bytes."""


Tiles = MbTiles | PmTiles | CogTiles
"""A file of imagery: its `kind`, `name`, `bounds` (degrees), `min_zoom`, `max_zoom`, `credit`, and `tile(z, x, y)`."""


def open_tiles(path: Path) -> Tiles:
    """A file of imagery, checked as far as its head goes.

    Raises:
        BadInputError: there is no such file, or it is no imagery that can be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault})") from fault
    if start.startswith(b"SQLite format 3\x00"):
        return MbTiles(path)
    if start.startswith(b"PMTiles"):
        return PmTiles(path)
    if start[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return CogTiles(path)
    raise BadInputError(f"{path.name}: not imagery that can be read here, wanted {FORMATS}")


def picture_kind(content: bytes) -> str:
    """The media type of a picture.

    Raises:
        BadInputError: it is none.
    """
    for start, kind in KINDS.items():
        if content.startswith(start):
            return kind
    raise BadInputError("the tile is no PNG, JPEG or WebP picture")
