"""What hides people from above: built-up ground and trees, from the file of `[observing]` and from settlements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.ground.polygons import clip_to_box, project_km, read_polygons
from isofront.theatre.coast import frame_lonlat
from isofront.theatre.model import Settlement, Theatre

KINDS = ("built_up", "trees")


@dataclass(frozen=True, slots=True)
class Cover:
    """Built-up ground and ground under trees, km. `known` says that what is neither was found open."""

    built_up: BaseGeometry
    trees: BaseGeometry
    known: bool


def read_cover(theatre: Theatre, folder: Path, settlements: tuple[Settlement, ...]) -> Cover | None:
    """The theatre's cover; None where it names no file and no settlement has a radius.

    Raises:
        BadInputError: the file cannot be used, or a feature of it is of another kind.
    """
    name = theatre.observing.cover
    discs = _discs(theatre, settlements)
    if name is None:
        return Cover(discs, shapely.MultiPolygon(), known=False) if not discs.is_empty else None
    found: dict[str, list[BaseGeometry]] = {kind: [] for kind in KINDS}
    for feature in read_polygons(folder / name):
        kind = feature.properties.get("cover")
        if kind not in found:
            raise BadInputError(
                f"{name} feature {feature.number}: cover {kind!r:.40}, wanted one of {', '.join(KINDS)}"
            )
        found[str(kind)].append(clip_to_box(feature.geometry, frame_lonlat(theatre)))
    built, trees = (project_km(shapely.make_valid(shapely.union_all(found[kind])), crs=theatre.crs) for kind in KINDS)
    return Cover(shapely.union(built, discs), trees, known=True)


def _discs(theatre: Theatre, settlements: tuple[Settlement, ...]) -> BaseGeometry:
    """The built-up ground of settlements of known radius, km."""
    sized = [one for one in settlements if one.radius_m]
    spots = [shapely.Point(*theatre.grid.to_km(*one.at)) for one in sized]
    return shapely.union_all(
        [shapely.buffer(spot, (one.radius_m or 0) / 1000) for spot, one in zip(spots, sized, strict=True)]
    )
