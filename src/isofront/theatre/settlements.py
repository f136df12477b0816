"""The settlements of a theatre: its own, from a file given to `init`, or the gazetteer's within its bounds."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.ground.places import Places
from isofront.theatre.model import Settlement, Theatre

MAX_BYTES = 50_000_000


def settlements_of(theatre: Theatre, *, min_population: int = 0) -> tuple[Settlement, ...]:
    """The theatre's own settlements; if its file has none, GeoNames' within the bounds (CC-BY 4.0), largest first."""
    if theatre.settlements:
        return theatre.settlements
    return tuple(
        Settlement({"en": place.name}, (place.lon, place.lat), place.population, spellings=place.spellings)
        for place in Places.load().within(theatre.box, min_population)
    )


def read_settlements(path: Path) -> tuple[Settlement, ...]:
    """Settlements from CSV or GeoJSON: `name` (and `name_uk` …), `lon`, `lat`, perhaps `population` and `radius_m`.

    Raises:
        BadInputError: a row cannot be used; it is named.
    """
    text = _text(path)
    rows = _geojson_rows(text, name=path.name) if text.lstrip().startswith("{") else _csv_rows(text, name=path.name)
    found = tuple(_settlement(row, where=where) for where, row in rows)
    if not found:
        raise BadInputError(f"{path.name}: holds no places, wanted rows with name, lon, lat")
    return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInputError(f"{path.name}: {path.stat().st_size:,} bytes, wanted at most {MAX_BYTES:,}")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInputError(f"{path.name}: byte {fault.start} is not UTF-8 text, wanted CSV or GeoJSON") from fault
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted CSV or GeoJSON") from fault


def _csv_rows(text: str, *, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        missing = {"name", "lon", "lat"} - set(reader.fieldnames or ())
        if missing:
            raise BadInputError(f"{name}: no column {' or '.join(sorted(missing))}, wanted name, lon, lat")
        yield from ((f"{name} line {reader.line_num}", row) for row in reader)
    except csv.Error as fault:
        raise BadInputError(f"{name} line {reader.line_num}: not CSV ({fault})") from fault


def _geojson_rows(text: str, *, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        features = msgspec.json.decode(text).get("features")
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BadInputError(f"{name}: not GeoJSON ({fault})") from fault
    for number, feature in enumerate(features if isinstance(features, list) else [], start=1):
        where = f"{name} feature {number}"
        try:
            lon, lat = feature["geometry"]["coordinates"][:2]
            yield where, {**feature["properties"], "lon": lon, "lat": lat}
        except (KeyError, TypeError, ValueError) as fault:
            raise BadInputError(f"{where}: wanted a Point with properties") from fault


def _settlement(row: Mapping[str, Any], *, where: str) -> Settlement:
    lon, lat = (_number(row, key, where=where) for key in ("lon", "lat"))
    population, radius_m = (_number(row, key, where=where) for key in ("population", "radius_m"))
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInputError(f"{where}: ({row.get('lon')}, {row.get('lat')}) is no spot, wanted lon and lat in degrees")
    names = {_language(key): str(row[key]).strip() for key in row if key and key.startswith("name") and row[key]}
    if not names:
        raise BadInputError(f"{where}: has no name, wanted one")
    return Settlement(names, (lon, lat), None if population is None else round(population), radius_m)


def _language(key: str) -> str:
    return key.removeprefix("name").lstrip("_:") or "en"


def _number(row: Mapping[str, Any], key: str, *, where: str) -> float | None:
    given = row.get(key)
    if given is None or given == "":
        return None
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise BadInputError(f"{where}: {key} {given!r}, wanted a number")
    return number
