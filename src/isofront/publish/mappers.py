"""Other mappers' maps in an edition: areas, on their makers' terms, with how far ours and theirs are apart.

A `PublicMapper` in; out come the head that stands in the edition and on its page (whose, of when, licence, credit,
which settlements it shows as whose, km² only one of the two maps shows), and `mappers.json` with the geometry, which
the page fetches once somebody asks for it. Nothing of this is written where the theatre names no mapper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry

from isofront.publish.feature import Feature
from isofront.publish.geojson import feature_record
from isofront.publish.lonlat import coverage_in_lonlat, in_lonlat, only
from isofront.publish.packed import DIGITS, packed
from isofront.publish.stamp import utc_text

FILE = "mappers.json"
SAYS_NOTHING = "-"
"""The letter of a settlement of which the other map says nothing."""
DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class PublicMapper:
    """Another mapper's map as an edition shows it, km, simplified, inside the bounds.

    `held` by side holds only sides that its maker draws; `edges` are their borders. `says` has a letter for each
    settlement: 0 or 1 (held by that side), g (grey), - (nothing). `only_km2` is by side what ours alone and theirs
    alone shows as held.
    """

    id: str
    names: Mapping[str, str]
    licence: str
    credit: str
    url: str
    as_of: datetime
    held: Mapping[str, BaseGeometry]
    grey: BaseGeometry
    edges: Mapping[str, BaseGeometry]
    says: str
    only_km2: Mapping[str, tuple[float, float]]


def mapper_head(one: PublicMapper, *, as_of: datetime) -> dict[str, Any]:
    """What an edition of `as_of` says of another map without its geometry."""
    return {
        "id": one.id,
        "names": dict(one.names),
        "as_of": utc_text(one.as_of),
        "days_older": round((as_of - one.as_of).total_seconds() / DAY_S, 1),
        "licence": one.licence,
        "credit": one.credit,
        "url": one.url or None,
        "draws": [*one.held, *([] if one.grey.is_empty else ["grey"])],
        "says": one.says,
        "only_km2": {side: [round(ours, 1), round(theirs, 1)] for side, (ours, theirs) in one.only_km2.items()},
    }


def mapper_heads(some: Sequence[PublicMapper], *, as_of: datetime) -> dict[str, Any]:
    """The heads of all under their key; nothing at all where there is none."""
    return {"mappers": [mapper_head(one, as_of=as_of) for one in some]} if some else {}


def mapper_record(one: PublicMapper, *, as_of: datetime, crs: str) -> dict[str, Any]:
    """The head with the geometry, packed as the page's own layers are."""
    layers = {"areas": list(_areas(one, crs)), "front": list(_edges(one, crs))}
    collections = {name: {"type": "FeatureCollection", "features": some} for name, some in layers.items()}
    return mapper_head(one, as_of=as_of) | {"shapes": packed(collections, digits=DIGITS)}


def _areas(one: PublicMapper, crs: str) -> Iterator[dict[str, Any]]:
    words = [{"class": "held", "side": side, "grey_reason": None} for side in one.held]
    grey = {"class": "grey", "side": None, "grey_reason": None}
    shapes = coverage_in_lonlat([*one.held.values(), one.grey], crs=crs, digits=DIGITS + 1)
    for about, shape in zip([*words, grey], shapes, strict=True):
        if not shape.is_empty:
            yield feature_record(Feature(only(shape, dimension=2), about))


def _edges(one: PublicMapper, crs: str) -> Iterator[dict[str, Any]]:
    for side, line in one.edges.items():
        shape = only(in_lonlat(line, crs=crs, digits=DIGITS + 1), dimension=1)
        if not shape.is_empty:
            yield feature_record(Feature(shape, {"role": "edge", "side": side}))


def with_shapes(date: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A day of the page's document with the geometry of other maps in it, for a page that can fetch nothing."""
    public = date.get("public") or {}
    found = {one["id"]: one for one in told.get("mappers", ())}
    if not public.get("mappers") or not found:
        return dict(date)
    mappers = [
        head | ({"shapes": found[head["id"]]["shapes"]} if head["id"] in found else {}) for head in public["mappers"]
    ]
    return dict(date) | {"public": dict(public) | {"mappers": mappers}}
