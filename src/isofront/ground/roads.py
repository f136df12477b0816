"""Roads and railways from an OpenStreetMap file (.osm, .osm.pbf) or GeoJSON lines; each file is taken for hostile.

Kept are the classes that carry traffic from town to town: motorway to tertiary with their links, unclassified, and
railways. OpenStreetMap is read by GDAL, the format told by the first bytes, and only the lines inside a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.gdal import safe_pyogrio
from isofront.ground.grid import Bounds, to_km
from isofront.ground.polygons import geojson_features

ROADS = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified")
RAIL = "rail"
PLAIN = "road"
"""The kind of a line that names none: all lines of a file are roads then."""

KINDS = (*ROADS, RAIL, PLAIN)
MAX_FILE_BYTES = 2_000_000_000
MAX_JSON_BYTES = 300_000_000
MAX_WAYS, MAX_VERTICES = 1_000_000, 20_000_000
FORMATS = "OpenStreetMap (.osm, .osm.pbf) or GeoJSON lines"
_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_NO = ("", "no", "false", "0", "none")


@dataclass(frozen=True, slots=True)
class Way:
    """One road or railway as its file draws it, lon/lat.

    `spanning` is a bridge or tunnel: where it passes over another line the two do not meet. `noded` says that the
    file itself marks where lines meet (OpenStreetMap: by a vertex of both), so that mere crossings do not count.
    """

    kind: str
    name: str
    line: Float[np.ndarray, "n 2"]
    bridge: bool = False
    spanning: bool = False
    noded: bool = False

    @property
    def is_rail(self) -> bool:
        """Whether it is a railway."""
        return self.kind == RAIL


def read_ways(path: Path, box: Bounds) -> tuple[Way, ...]:
    """The roads and railways of a file that touch a lon/lat box, in file order.

    Raises:
        BadInputError: the file cannot be used, or it has no roads in the box.
    """
    start = _first_bytes(path)
    if not _is_osm(start) and path.suffix.lower() in (".pbf", ".osm"):
        raise BadInputError(f"{path.name}: does not begin as OpenStreetMap does, wanted {FORMATS}")
    found, told = _osm_ways(path, box) if _is_osm(start) else _geojson_ways(path, box)
    if not found:
        raise BadInputError(f"{path.name}: no roads in {_words(box)}; {told}")
    return found


def typed_ways(rows: Iterable[tuple[str, str, Sequence[tuple[float, float]]]]) -> tuple[Way, ...]:
    """Roads typed into a theatre as (name, kind, line)."""
    return tuple(Way(_kind(kind) or PLAIN, name, np.array(line, float)) for name, kind, line in rows if len(line) > 1)


def ways_km(ways: Sequence[Way], *, crs: str) -> list[Float[np.ndarray, "n 2"]]:
    """The lines of some ways on the flat map."""
    if not ways:
        return []
    lonlat = np.vstack([way.line for way in ways])
    flat = np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=crs))
    return np.split(flat, np.cumsum([len(way.line) for way in ways])[:-1])


def _words(box: Bounds) -> str:
    return f"{box.west:g} {box.south:g} {box.east:g} {box.north:g} (west south east north)"


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(512)
        size = path.stat().st_size
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted {FORMATS}") from fault
    most = MAX_FILE_BYTES if _is_osm(start) else MAX_JSON_BYTES
    if size > most:
        raise BadInputError(f"{path.name}: {size:,} bytes, wanted at most {most:,}: cut out the area first")
    if not start.strip():
        raise BadInputError(f"{path.name}: is empty, wanted {FORMATS}")
    return start


def _is_osm(start: bytes) -> bool:
    return b"OSMHeader" in start[4:16] or (start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<osm" in start)


# OpenStreetMap


_SQL = "SELECT name, highway, other_tags{railway} FROM lines WHERE highway IN ({kinds}) OR {rail}"


def _osm_ways(path: Path, box: Bounds) -> tuple[tuple[Way, ...], str]:
    pyogrio = safe_pyogrio()
    try:
        info = pyogrio.read_info(path, layer="lines")
        if info["driver"] != "OSM":
            raise BadInputError(f"{path.name}: begins as OpenStreetMap but opens as {info['driver']}, wanted {FORMATS}")
        meta, _, wkb, columns = pyogrio.raw.read(
            path,
            sql=_query("railway" in {str(name) for name in info["fields"]}),
            bbox=(box.west, box.south, box.east, box.north),
            max_features=MAX_WAYS + 1,
        )
    except (ValueError, RuntimeError, OSError, IndexError) as fault:
        raise BadInputError(f"{path.name}: cannot be read as OpenStreetMap ({_plain(fault)})") from fault
    _bound(path.name, ways=len(wkb))
    fields = dict(zip((str(name) for name in meta["fields"]), columns, strict=True))
    rows = [_osm_way(shape, fields, k) for k, shape in enumerate(shapely.from_wkb(wkb))]
    ways = tuple(way for way in rows if way is not None)
    _bound(path.name, vertices=sum(len(way.line) for way in ways))
    return ways, "wanted a file with highway or railway lines of that area"


def _query(has_railway: bool) -> str:
    kinds = ", ".join(f"'{kind}'" for one in ROADS for kind in (one, f"{one}_link"))
    rail = "railway = 'rail'" if has_railway else 'other_tags LIKE \'%"railway"=>"rail"%\''
    return _SQL.format(kinds=kinds, rail=rail, railway=", railway" if has_railway else "")


def _osm_way(shape: object, fields: dict[str, Any], k: int) -> Way | None:
    highway, tags = fields["highway"][k], _tags(fields["other_tags"][k])
    kind = _kind(highway) or (RAIL if (fields["railway"][k] if "railway" in fields else tags.get("railway")) else None)
    line = shapely.get_coordinates(shape)
    if kind is None or len(line) < 2 or not np.isfinite(line).all():
        return None
    return Way(kind, _name(fields["name"][k], tags.get("ref")), line, **_spans(tags), noded=True)


def _tags(text: str | None) -> dict[str, str]:
    """The tags that GDAL gives as one text, `"key"=>"value"`."""
    return dict(_TAG.findall(text or ""))


def _plain(fault: Exception) -> str:
    return " ".join(str(fault).split())[:200]


# GeoJSON


def _geojson_ways(path: Path, box: Bounds) -> tuple[tuple[Way, ...], str]:
    features = _features(path)
    named = any(_has_kind(feature) for feature in features)
    ways = [way for n, feature in enumerate(features, 1) for way in _json_ways(path.name, n, feature, named=named)]
    _bound(path.name, ways=len(ways), vertices=sum(len(way.line) for way in ways))
    if not ways:
        raise BadInputError(f"{path.name}: holds no roads, wanted LineString features (highway: {', '.join(ROADS)})")
    inside = tuple(way for way in ways if _touches(way.line, box))
    return inside, _told(ways, box)


def _features(path: Path) -> list[Any]:
    try:
        document = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{path.name}: not GeoJSON ({_plain(fault)}), wanted {FORMATS}") from fault
    if not isinstance(document, dict):
        raise BadInputError(f"{path.name}: JSON without a GeoJSON type, wanted {FORMATS}")
    return geojson_features(document, name=path.name)


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _has_kind(feature: object) -> bool:
    return any(key in _properties(feature) for key in _KIND_KEYS)


_KIND_KEYS = ("highway", "railway", "kind", "fclass")


def _json_ways(name: str, number: int, feature: object, *, named: bool) -> Iterator[Way]:
    """The lines of one feature; of no class that is kept, none."""
    words = _properties(feature)
    said = [words.get(key) for key in _KIND_KEYS if words.get(key) not in (None, "")]
    kind = next((found for one in said if (found := _kind(str(one)))), None) if named else PLAIN
    if kind is None:
        return
    for points in _lines(name, number, feature):
        yield Way(kind, _name(words.get("name"), words.get("ref")), points, **_spans(words))


def _lines(name: str, number: int, feature: object) -> Iterator[Float[np.ndarray, "n 2"]]:
    shape = feature.get("geometry", feature) if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or kind not in ("LineString", "MultiLineString"):
        return
    parts = [shape.get("coordinates")] if kind == "LineString" else shape.get("coordinates")
    for part in parts if isinstance(parts, list) else ():
        try:
            line = np.array([point[:2] for point in part], float).reshape(-1, 2)
        except (TypeError, ValueError) as fault:
            raise BadInputError(f"{name} feature {number}: its line holds no [lon, lat] numbers") from fault
        if (off := ~(np.abs(line) <= 180).all(axis=1)).any():  # swapped axes are told later, by where roads lie
            east, north = line[off.argmax()]
            raise BadInputError(f"{name} feature {number}: {east:g} {north:g}, wanted lon/lat in degrees")
        if len(line) > 1:
            yield line


def _touches(line: Float[np.ndarray, "n 2"], box: Bounds) -> bool:
    """Whether the box round a line meets a box."""
    (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
    return bool(west <= box.east and east >= box.west and south <= box.north and north >= box.south)


def _told(ways: Sequence[Way], box: Bounds) -> str:
    """Where the roads are instead; whether they would fit with their axes swapped."""
    (west, south), (east, north) = (
        np.min([way.line.min(axis=0) for way in ways], axis=0),
        np.max([way.line.max(axis=0) for way in ways], axis=0),
    )
    swapped = any(_touches(way.line[:, ::-1], box) for way in ways)
    hint = ": lat before lon?" if swapped else ", wanted roads of that area"
    return f"its {len(ways)} lines lie in {west:g} {south:g} {east:g} {north:g}{hint}"


# Words


def _kind(word: str | None) -> str | None:
    """The class of a road without its `_link`; None if it is not kept."""
    plain = (word or "").strip().lower().removesuffix("_link")
    plain = {"highway": "trunk", "main": "primary", "railway": RAIL}.get(plain, plain)
    return plain if plain in KINDS else None


def _name(name: object, ref: object) -> str:
    """ "H-15 Donetske highway": number and name, what there is of them."""
    return " ".join(" ".join(str(word).split())[:80] for word in (ref, name) if word not in (None, ""))


def _spans(tags: dict[str, Any]) -> dict[str, bool]:
    """Whether it is a bridge, and whether it passes over or under what it crosses."""
    bridge = str(tags.get("bridge") or "").lower() not in _NO
    tunnel = str(tags.get("tunnel") or "").lower() not in _NO
    return {"bridge": bridge, "spanning": bridge or tunnel}


def _bound(name: str, *, ways: int = 0, vertices: int = 0) -> None:
    for n, most, what in ((ways, MAX_WAYS, "lines"), (vertices, MAX_VERTICES, "points")):
        if n > most:
            raise BadInputError(f"{name}: more than {most:,} {what} of roads, wanted fewer: cut out the area first")
