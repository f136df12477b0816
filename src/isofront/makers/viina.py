"""VIINA: who controls each settlement on each day, as rows of a gazetteer's numbers; spots, no areas.

The coordinates come from a gazetteer: GeoNames' own table (tab-separated, any country's), a CSV, VIINA's tessellation,
or what comes with Isofront (places of more than 500 people, a part of VIINA's). A number nobody knows is a reject.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from isofront.counts import counted
from isofront.errors import BadInputError
from isofront.makers.areas import Drawn, Fault, Note
from isofront.makers.opened import Opened

MAX_SPOTS = 1_000_000
MAX_PLACES_BYTES = 500_000_000
_COLUMNS = {"geonameid", "date", "status"}
Spots = Mapping[int, tuple[float, float]]


def claims(opened: Opened) -> str | None:
    """Why a table is VIINA's, or None."""
    header = set(_header(opened.text))
    if header >= _COLUMNS and any(name.startswith("status_") for name in header):
        return "a table of geonameid, date and status"
    return None


def read(opened: Opened, spots: Callable[[], Spots], on: date | None = None) -> Iterator[Drawn | Fault | Note]:
    """A spot for each row (of one day, if asked for)."""
    header = _header(opened.text)
    at = {name: header.index(name) for name in _COLUMNS}
    known, wanted, taken = spots(), f"{on:%Y%m%d}" if on else None, 0
    unknown: dict[str, list[int]] = {}
    others = 0
    for number, cells in _rows(opened.text):
        if isinstance(cells, str) or len(cells) < len(header):
            yield Fault(number, cells if isinstance(cells, str) else f"{len(cells)} cells, wanted {len(header)}")
            continue
        day = cells[at["date"]].strip()
        if wanted and day.replace("-", "") != wanted:
            others += 1
            continue
        taken += 1
        if taken > MAX_SPOTS:
            raise BadInputError(f"{opened.name}: more than {MAX_SPOTS:,} rows, wanted one day of them: --on DAY")
        place = _place(cells[at["geonameid"]])
        if place is None or place not in known:
            unknown.setdefault(cells[at["geonameid"]][:40], []).append(number)
            continue
        status = {"status": (cells[at["status"]].strip(),)}
        yield Drawn(number, status, point=known[place], day=day, id=f"{place}")
    for name, rows in unknown.items():
        often = f" (nor in {counted(len(rows) - 1, 'more row')})" if len(rows) > 1 else ""
        yield Fault(rows[0], f"geonameid {name!r}: not in the gazetteer{often}, wanted its spot: --places GEONAMES")
    if others:
        yield Note(f"{counted(others, 'row')} of other days")


def _header(text: bytes) -> list[str]:
    first = text[:10_000].split(b"\n", 1)[0].decode("utf-8", "replace")
    return [cell.strip().strip('"').casefold() for cell in first.split(",")]


def _rows(text: bytes) -> Iterator[tuple[int, list[str] | str]]:
    """Rows with their numbers (the header is row 1); a row that cannot be split is its fault."""
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(text), "utf-8", errors="replace", newline=""))
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            yield number, f"cannot be split into cells ({fault})"
            continue
        if number > 1 and any(cell.strip() for cell in cells):
            yield number, cells


def _place(text: str) -> int | None:
    """A number of the gazetteer, which tables also write as 7.1e+05."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


# Gazetteers


def spots_of_installation() -> Spots:
    """Every place of the gazetteer that comes with Isofront, by its GeoNames number."""
    from isofront.ground.places import Places

    found = msgspec.json.decode(Places.load().content, type=dict[str, _Record])
    return {record.geonameid: (record.longitude, record.latitude) for record in found.values()}


class _Record(msgspec.Struct, gc=False):
    geonameid: int
    latitude: float
    longitude: float


def spots_of_file(path: Path) -> Spots:
    """The places of a user's file: GeoNames' table, a CSV or GeoJSON with geonameid, longitude and latitude.

    Raises:
        BadInputError: it cannot be read, or holds none.
    """
    try:
        if path.stat().st_size > MAX_PLACES_BYTES:
            raise BadInputError(f"{path.name}: more than {MAX_PLACES_BYTES:,} bytes, wanted one country's places")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted places") from fault
    try:
        found = dict(_geojson_spots(text) if text.lstrip()[:1] == "{" else _table_spots(text))
    except csv.Error as fault:
        raise BadInputError(f"{path.name}: not CSV ({fault}), wanted GeoNames' table or CSV") from fault
    if not found:
        raise BadInputError(
            f"{path.name}: no place with geonameid, longitude and latitude, wanted GeoNames' table or such"
        )
    return found


def _geojson_spots(text: str) -> Iterator[tuple[int, tuple[float, float]]]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return
    features = document.get("features") if isinstance(document, dict) else None
    for feature in features if isinstance(features, list) else ():
        given = feature.get("properties") if isinstance(feature, dict) else None
        own = {str(key).casefold(): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
        yield from _spot(own.get("geonameid", ""), _first(own, _LON), _first(own, _LAT))


def _table_spots(text: str) -> Iterator[tuple[int, tuple[float, float]]]:
    lines = text.splitlines()
    if lines and lines[0].count("\t") >= 14 and "longitude" not in lines[0].casefold():
        for line in lines:
            cells = line.split("\t")
            if len(cells) > 5:
                yield from _spot(cells[0], cells[5], cells[4])
        return
    mark = max(",;\t", key=lines[0].count) if lines else ","
    for row in csv.DictReader(lines, delimiter=mark):
        own = {str(key).strip().casefold(): str(value) for key, value in row.items()}
        yield from _spot(own.get("geonameid", ""), _first(own, _LON), _first(own, _LAT))


_LON, _LAT = ("longitude", "lon", "lng", "long"), ("latitude", "lat")


def _first(own: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((own[name] for name in names if name in own), "")


def _spot(place: str, lon: str, lat: str) -> Iterator[tuple[int, tuple[float, float]]]:
    number = _place(place)
    try:
        if number is not None:
            yield number, (float(lon), float(lat))
    except ValueError:
        return
