"""Grid references: MGRS, UTM and Plus Codes, read offline.

MGRS as NGA.STND.0037 has it, Plus Codes as their open specification has them; the projection is pyproj's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from pyproj import Transformer

from isofront.ground.degrees import M_PER_DEGREE
from isofront.ground.grid import Bounds
from isofront.ground.written_spot import UnreadSpot, Written, WrittenSpot

PlaceOf = Callable[[str], tuple[float, float] | None]
"""A place's lon, lat by its name in any spelling, or None."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_MGRS = re.compile(
    r"(?<![\w.])(?P<zone>\d{1,2})\s?(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s?"
    r"(?P<digits>\d{1,5}\s\d{1,5}|\d{4,10})(?![\w]|\.\d)",
    re.IGNORECASE,
)
_UTM = re.compile(
    r"(?<![\w.])(?:utm[\s:]{0,2})?(?:zone\s)?(?P<zone>\d{1,2})\s?(?P<band>[C-HJ-NP-X])[\s,;:]{1,2}"
    r"(?:E[\s:=]{0,2})?(?P<east>\d{6}(?:[.,]\d+)?)\s?(?:m?E)?[\s,;]{1,3}"
    r"(?:N[\s:=]{0,2})?(?P<north>\d{1,8}(?:[.,]\d+)?)\s?(?:m?N)?(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS = "23456789CFGHJMPQRVWX"
_PLUS = re.compile(
    rf"(?<![\w+])(?P<head>[{_DIGITS}]{{2,8}}|[{_DIGITS}]{{2,6}}0{{2,6}})\+(?P<tail>[{_DIGITS}]{{2,7}})?(?![\w+])"
    r"(?:[\s,]{1,2}(?P<place>[^\W\d_][\w'’ʼ\-]*(?: [^\W\d_][\w'’ʼ\-]*)?))?",
    re.IGNORECASE,
)


def read_grids(text: str, *, bounds: Bounds, place_of: PlaceOf) -> Iterator[tuple[int, int, Written]]:
    """Every grid reference in a text: where it begins and ends, and what it is."""
    for found in _PLUS.finditer(text):
        read = _plus_code(found, bounds=bounds, place_of=place_of)
        if read is not None:
            yield found.start(), found.end("tail") if found["tail"] else found.end("head") + 1, read
    for found in _UTM.finditer(text):
        read = _utm(found, bounds=bounds)
        if read is not None:
            yield *found.span(), read
    for found in _MGRS.finditer(text):
        read = None if _is_date(found) else _mgrs(found)
        if isinstance(read, WrittenSpot) and not (found.group().isupper() or bounds.holds(read.lon, read.lat)):
            continue  # small letters are mostly words
        if read is not None:
            yield *found.span(), read


def _is_date(found: re.Match[str]) -> bool:
    """`25 Mar 2025` has the look of a grid reference."""
    letters = (found["band"] + found["square"]).casefold()
    return letters in _MONTHS and re.fullmatch(r"(19|20)\d\d", found["digits"]) is not None


def _mgrs(found: re.Match[str]) -> Written | None:
    """The middle of the square that the digits name."""
    text, zone = found.group(), int(found["zone"])
    digits = found["digits"].split()
    joined = "".join(digits)
    if not 1 <= zone <= 60:
        return UnreadSpot(text, f"MGRS zone {zone}, wanted 1 to 60")
    if len(joined) % 2 or (len(digits) == 2 and len(digits[0]) != len(digits[1])):
        return UnreadSpot(text, "an MGRS reference has as many digits east as north")
    column = _COLUMNS[zone % 3].find(found["square"][0].upper())
    if column < 0:
        return UnreadSpot(text, f"no square {found['square'].upper()} in MGRS zone {zone}")
    places = len(joined) // 2
    size = 10.0 ** (5 - places)
    row = (_ROWS.index(found["square"][1].upper()) - (5 if zone % 2 == 0 else 0)) % 20
    east = (column + 1) * 1e5 + int(joined[:places]) * size + size / 2
    north = row * 1e5 + int(joined[places:]) * size + size / 2
    lon, lat = _in_band(zone, found["band"].upper(), east, north)
    if abs(lat - _band_middle(found["band"].upper())) > 7:
        return UnreadSpot(text, f"square {found['square'].upper()} does not lie in MGRS band {found['band'].upper()}")
    return WrittenSpot(lon, lat, "MGRS", text, size / 2)


def _band_middle(band: str) -> float:
    return 78.0 if band == "X" else -76.0 + 8 * _BANDS.index(band)


def _in_band(zone: int, band: str, east: float, north: float) -> tuple[float, float]:
    """Rows repeat every 2,000 km: the one whose latitude is nearest to the band's middle is meant."""
    south, middle = band < "N", _band_middle(band)
    spots = [_lonlat(zone, east, north + turn * 2e6, south=south) for turn in range(5)]
    return min(spots, key=lambda spot: abs(spot[1] - middle))


def _utm(found: re.Match[str], *, bounds: Bounds) -> Written | None:
    """`N` and `S` may be a hemisphere or a band: the reading that lies in the theatre is meant."""
    zone, band = int(found["zone"]), found["band"].upper()
    if not 1 <= zone <= 60:
        return UnreadSpot(found.group(), f"UTM zone {zone}, wanted 1 to 60")
    east, north = (float(found[name].replace(",", ".")) for name in ("east", "north"))
    decimals = len(found["east"].replace(",", ".").partition(".")[2])
    readings = [band < "N"] if band != "S" else [False, True]
    spots = [_lonlat(zone, east, north, south=south) for south in readings]
    lon, lat = next((spot for spot in spots if bounds.holds(*spot)), spots[0])
    if not (abs(lat) <= 84.5 and abs(lon) <= 180):
        return UnreadSpot(found.group(), "lies outside UTM")
    note = "S read as a band of the north, not as the southern hemisphere" if band == "S" and lat > 0 else ""
    return WrittenSpot(lon, lat, "UTM", found.group(), 0.5 * 10.0**-decimals, note)


def _lonlat(zone: int, east: float, north: float, *, south: bool) -> tuple[float, float]:
    lon, lat = _transformer(zone, south=south).transform(east, north)
    return float(lon), float(lat)


@lru_cache(maxsize=8)
def _transformer(zone: int, *, south: bool) -> Transformer:
    return Transformer.from_crs(f"EPSG:{(32700 if south else 32600) + zone}", "EPSG:4326", always_xy=True)


# Plus Codes


def _plus_code(found: re.Match[str], *, bounds: Bounds, place_of: PlaceOf) -> Written | None:
    head, tail = found["head"].upper(), (found["tail"] or "").upper()
    code = f"{head}+{tail}"
    if len(head) == 8:
        return _plus_cell(code, code, "")
    if len(head) % 2 or "0" in head or len(tail) < 2:
        return None
    name = found["place"] or ""
    place = place_of(name) or place_of(name.partition(" ")[0]) if name else None
    if place is not None:
        near = name if place_of(name) else name.partition(" ")[0]
        return _plus_cell(_completed(head, place) + "+" + tail, f"{code} {near}", f"completed near {near}")
    return None if len(head) == 2 else _alone(head, tail, bounds=bounds)


def _alone(head: str, tail: str, *, bounds: Bounds) -> Written:
    """A short code without a place: good if only one of its repeats lies in the theatre."""
    code, step = f"{head}+{tail}", 20.0 / 20 ** ((8 - len(head)) // 2 - 1)
    n_lon, n_lat = int((bounds.east - bounds.west) / step) + 2, int((bounds.north - bounds.south) / step) + 2
    if n_lon * n_lat > 400:
        return UnreadSpot(code, "a short Plus Code fits many places here: add the name of one nearby")
    fits: dict[str, WrittenSpot] = {}
    for i in range(n_lon):
        for j in range(n_lat):
            reference = (bounds.west + i * step, bounds.south + j * step)
            spot = _plus_cell(_completed(head, reference) + "+" + tail, code, "completed within the theatre")
            if isinstance(spot, WrittenSpot) and bounds.holds(spot.lon, spot.lat):
                fits[f"{spot.lon:.6f},{spot.lat:.6f}"] = spot
    if len(fits) == 1:
        return next(iter(fits.values()))
    return UnreadSpot(code, f"a short Plus Code fits {len(fits) or 'no'} spots here: add the name of a place nearby")


def _completed(head: str, place: tuple[float, float]) -> str:
    """The eight digits before the plus that lie nearest to a place."""
    missing = 8 - len(head)
    step = 20.0 / 20 ** (missing // 2 - 1)
    prefix = _digits(place)[:missing]
    cell = _plus_cell(prefix + head + "+", "", "")
    assert isinstance(cell, WrittenSpot)
    lon, lat = (
        here + step * round((there - here) / step) for here, there in ((cell.lon, place[0]), (cell.lat, place[1]))
    )
    return _digits((lon, lat))


def _digits(spot: tuple[float, float]) -> str:
    """The first eight digits of a spot's code."""
    east, north = (spot[0] + 180) % 360, min(max(spot[1] + 90, 0.0), 179.9999999)
    step, told = 20.0, ""
    for _ in range(4):
        rows, columns = int(north / step + 1e-10), int(east / step + 1e-10)
        told += _DIGITS[min(rows, 19)] + _DIGITS[min(columns, 19)]
        north, east, step = north - rows * step, east - columns * step, step / 20
    return told


def _plus_cell(code: str, text: str, note: str) -> Written:
    """The middle of a full code's cell."""
    digits = code.replace("+", "").rstrip("0")
    south, west, tall, wide = -90.0, -180.0, 400.0, 400.0
    for i in range(0, min(len(digits), 10), 2):
        tall, wide = tall / 20, wide / 20
        south += _DIGITS.index(digits[i]) * tall
        west += _DIGITS.index(digits[i + 1 : i + 2] or "2") * wide
    for digit in digits[10:]:
        tall, wide = tall / 5, wide / 4
        row, column = divmod(_DIGITS.index(digit), 4)
        south, west = south + row * tall, west + column * wide
    lon, lat = west + wide / 2, south + tall / 2
    if lat >= 90 or lon >= 180 or len(digits) < 4 or len(digits[:10]) % 2:
        return UnreadSpot(text, "no such Plus Code")
    return WrittenSpot(lon, lat, "Plus Code", text, tall / 2 * M_PER_DEGREE, note)
