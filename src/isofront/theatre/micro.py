"""Micro-places: streets, quarters, mines, heights, tree lines that a user loaded into the theatre's private folder.

They lie as GeoJSON in `desk/layers/`, one file a layer; each feature has a `name`, other `spellings` and a `kind`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

LAYERS = Path("desk") / "layers"
"""Where the layers lie in a theatre's folder."""
MOST_BYTES = 100_000_000
_FAULTS = (OSError, KeyError, TypeError, AttributeError, ValueError, RecursionError, ShapelyError, msgspec.MsgspecError)
"""What a file that is no layer makes reading it stumble over."""
_log = logging.getLogger("isofront.theatre")


@dataclass(frozen=True, slots=True)
class MicroPlace:
    """A named place smaller than a settlement: its names, what it is, its shape in degrees, the layer it came with."""

    name: str
    kind: str
    shape: BaseGeometry
    layer: str = ""
    spellings: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, *self.spellings)


def micro_places(folder: Path) -> tuple[MicroPlace, ...]:
    """The named places of all layers of a theatre; a layer that cannot be read is left out, with a warning."""
    found: list[MicroPlace] = []
    for path in sorted((folder / LAYERS).glob("*.geojson")):
        try:
            found += _places(path)
        except _FAULTS as fault:
            _log.warning(f"{path.name}: left out, it cannot be read as a layer of places ({type(fault).__name__})")
    return tuple(found)


def _places(path: Path) -> Iterator[MicroPlace]:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("too large")
    for feature in msgspec.json.decode(path.read_bytes())["features"]:
        words: dict[str, Any] = feature.get("properties") or {}
        name = str(words.get("name") or "").strip()
        if name and feature.get("geometry"):
            spellings = tuple(str(one) for one in words.get("spellings") or ())
            shape = shapely.geometry.shape(feature["geometry"])
            yield MicroPlace(name, str(words.get("kind") or ""), shape, path.stem, spellings)
