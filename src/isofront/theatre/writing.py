"""A Theatre as the TOML text that people edit, and an anchor as GeoJSON; both read back as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import shapely

from isofront.ground.polygons import Feature
from isofront.theatre.model import Theatre

_HEAD = """# The theatre file of Isofront: what is mapped, and from what. docs/theatre.md explains every key.
# A key that is not known stops the run, so a slip of the pen cannot pass unseen.
"""
_COMMENTS: Mapping[str, str] = {
    "protected_sides": "sides whose presence must not show in public output: none, one or both",
    "bounds": "west, south, east, north, degrees",
    "crs": "a flat map in metres, such as the UTM zone",
    "cell_m": "size of a cell, metres",
    "starts": "first and last day of interest",
    "land": "country or coast, polygons in this folder: the ground of maps ends there",
    "simulated": "everything made from this theatre is stamped SIMULATED",
    "backfill_lag_h": "hours from the end of what happened to our knowing it, where nothing tells",
    "anchor": "the trusted map to start from: the state at that moment; plain polygons are held by `holder`",
    "sides": "side 1 and side 2; the ids are those of the evidence rows",
    "sources": "who reports: reliability A-F (F = cannot be judged), and the side it speaks for, if any",
    "barriers": "lines that ground forces do not cross freely, and where they can",
    "settlements": "places with their people and the radius of their built-up ground",
    "policy": "what `publish` holds back",
    "observing": "what decides whether anything could be seen",
    "review": "what an editor is asked",
    "map": "how a map is drawn",
    "covariates": "rasters of what is known of the ground; only `learn` reads them",
    "engine": "what the engine is told beyond its defaults",
    "mappers": "other mappers whose maps `publish` may show beside ours, on their terms",
    "ladder": "where the rungs from open to taken begin, km of neck",
}
_ALWAYS = frozenset({"cell_m", "protected_sides"})
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dump(theatre: Theatre) -> str:
    """The theatre as commented TOML; keys at their defaults are left out. `parse` gives the same theatre back."""
    return _HEAD + "\n".join(_table(theatre, ())) + "\n"


def geojson_of(features: tuple[Feature, ...]) -> bytes:
    """Polygon features as GeoJSON, every vertex exactly, of their properties `class` and `side` alone."""
    lines = ",\n".join(json.dumps(_geojson_feature(feature), ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def _geojson_feature(feature: Feature) -> dict[str, Any]:
    kept = {key: feature.properties[key] for key in ("class", "side") if feature.properties.get(key)}
    return {"type": "Feature", "properties": kept, "geometry": shapely.geometry.mapping(feature.geometry)}


def _table(record: msgspec.Struct, path: tuple[str, ...]) -> Iterator[str]:
    """The lines of a record's plain keys, then of the tables inside it, as TOML wants them."""
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    told = {name: value for name, value in values.items() if _is_told(record, name, value)}
    for name, value in told.items():
        if not _is_table(value):
            yield from _comment(name)
            yield f"{name} = {_toml(value)}"
    for name, value in told.items():
        if _is_table(value):
            yield from _tables(value, (*path, name))


def _is_told(record: msgspec.Struct, name: str, value: object) -> bool:
    if value is None:
        return False
    return name in _ALWAYS or value != _defaults(type(record)).get(name, msgspec.NODEFAULT)


def _defaults(kind: type[msgspec.Struct]) -> dict[str, object]:
    fields = msgspec.structs.fields(kind)
    return {
        f.name: f.default_factory()
        if f.default is msgspec.NODEFAULT and f.default_factory is not msgspec.NODEFAULT
        else f.default
        for f in fields
    }


def _is_table(value: object) -> bool:
    return isinstance(value, msgspec.Struct) or (
        isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)
    )


def _tables(value: msgspec.Struct | tuple[msgspec.Struct, ...], path: tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield from _comment(path[-1])
    many = isinstance(value, tuple)
    header = ".".join(path)
    for number, record in enumerate(value if isinstance(value, tuple) else (value,)):
        if number:
            yield ""
        yield f"[[{header}]]" if many else f"[{header}]"
        yield from _table(record, path)


def _comment(name: str) -> Iterator[str]:
    if name in _COMMENTS:
        yield f"# {_COMMENTS[name]}"


def _toml(value: object) -> str:
    """One value as TOML; tuples as arrays, mappings as inline tables."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, int, float)):
        return value.isoformat() if isinstance(value, date) else repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(k)} = {_toml(v)}' for k, v in value.items())} }}" if value else "{}"
    return _quoted(str(value))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    """JSON's escapes are TOML's, but for DEL, which TOML wants escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
