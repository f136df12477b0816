"""The user's own layers of micro-places, and the search for a place by any spelling of its name."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import shapely
from shapely.geometry import mapping

from isofront.desk.desk import Desk
from isofront.desk.layer_files import Layer, Named, read_layer
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.errors import UsageError
from isofront.ground.files import write_atomically
from isofront.ground.places import Places
from isofront.ground.spelling import ALIKE, alike
from isofront.theatre.micro import LAYERS, MicroPlace, micro_places

MOST_FOUND = 12
_SAFE = re.compile(r"[^\w\-]+", re.UNICODE)


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A layer to load: a file's name and its bytes in base64; `kind` for features that have none."""

    file: str
    content: str
    kind: str = ""


def layers(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/layers`: the layers that were loaded, and their shapes for the map."""
    found: dict[str, list[MicroPlace]] = {}
    for one in micro_places(desk.folder):
        found.setdefault(one.layer, []).append(one)
    told = [
        {"id": name, "places": len(some), "kinds": sorted({one.kind for one in some if one.kind})[:8]}
        for name, some in found.items()
    ]
    return {"layers": told, "shapes": {"type": "FeatureCollection", "features": _features(found)}}


def _features(found: dict[str, list[MicroPlace]]) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"name": one.name, "kind": one.kind, "layer": layer},
            "geometry": mapping(one.shape),
        }
        for layer, some in found.items()
        for one in some
    ]


def load(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/layers` `{file, content, kind}`: keep a file's named places in the theatre's private folder."""
    asked = request.read(_Asked)
    name = Path(asked.file.replace("\\", "/")).name
    try:
        content = base64.b64decode(asked.content, validate=True)
    except (binascii.Error, ValueError):
        raise UsageError(f"{name}: its bytes did not arrive whole") from None
    found = read_layer(content, name=name)
    stem = _SAFE.sub("-", Path(name).stem).strip("-.")[:60]
    if not stem:
        raise UsageError(f"{name!r}: wanted a file with a name")
    kept = _document(found, asked.kind.strip()[:40] or stem)
    write_atomically(desk.folder / LAYERS / f"{stem}.geojson", msgspec.json.encode(kept), private=True)
    return {
        "id": stem, "places": len(found.named), "without_name": found.without_name, "faults": dict(found.faults),
    }  # fmt: skip


def _document(layer: Layer, kind: str) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [_feature(one, kind) for one in layer.named]}


def _feature(one: Named, kind: str) -> dict[str, Any]:
    words = {"name": one.name, "kind": one.kind or kind, "spellings": list(one.spellings)}
    return {"type": "Feature", "properties": words, "geometry": mapping(one.shape)}


def remove(desk: Desk, request: Request) -> dict[str, Any]:
    """`DELETE /api/layers/{id}`: forget a layer; the user's own file is not touched."""
    folder = desk.folder / LAYERS
    path = next((one for one in folder.glob("*.geojson") if one.stem == request.holes["id"]), None)
    if path is None:
        raise NotFoundError("no such layer")
    path.unlink()
    return {"id": path.stem}


# Search


class _Query(msgspec.Struct, forbid_unknown_fields=True):
    query: str


def search(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/places` `{query}`: places of the theatre that sound like it, the likeliest first."""
    query = request.read(_Query).query.strip()[:200]
    found = sorted(_found(desk, query), key=lambda one: (-one["alike"], one["rank"], one["name"]))
    unique: dict[tuple[str, float, float], dict[str, Any]] = {}
    for one in found:
        unique.setdefault((one["name"].casefold(), round(one["lon"], 2), round(one["lat"], 2)), one)
    return {"places": list(unique.values())[:MOST_FOUND]}


def _found(desk: Desk, query: str) -> Iterator[dict[str, Any]]:
    if not query:
        return
    for rank, name, told, kind, layer, names, spot in _known(desk):
        best = max(((alike(query, one), one) for one in names), default=(0.0, ""))
        if best[0] >= ALIKE:
            yield {
                "name": name, "names": told, "as": best[1], "kind": kind, "layer": layer,
                "lon": spot[0], "lat": spot[1], "alike": round(best[0], 3), "rank": rank,
            }  # fmt: skip


_Known = tuple[int, str, Mapping[str, str], str, str, Iterable[str], tuple[float, float]]


def _known(desk: Desk) -> Iterator[_Known]:
    """Everything with a name: the user's layers first, then the theatre's settlements, then the gazetteer."""
    for micro in micro_places(desk.folder):
        spot = shapely.point_on_surface(micro.shape)
        yield 0, micro.name, {}, micro.kind, micro.layer, micro.names, (round(spot.x, 6), round(spot.y, 6))
    for town in desk.ground.settlements:
        yield 1, town.name, town.names, "settlement", "", (*town.names.values(), *town.spellings), town.at
    for place in _gazetteer().within(desk.theatre.box):
        yield 2, place.name, {}, "settlement", "", (place.name, *place.spellings), (place.lon, place.lat)


@lru_cache(maxsize=1)
def _gazetteer() -> Places:
    """The gazetteer, read when it is first asked for: it takes a tenth of a second."""
    return Places.load()


ROUTES = (
    Route("GET", "/api/layers", layers),
    Route("POST", "/api/layers", load),
    Route("DELETE", "/api/layers/{id}", remove),
    Route("POST", "/api/places", search),
)
