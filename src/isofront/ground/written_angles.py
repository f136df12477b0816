"""Degrees as people write them: decimals with dot or comma, degrees and minutes, N and E before or after."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass

from isofront.ground.degrees import M_PER_DEGREE
from isofront.ground.grid import Bounds
from isofront.ground.written_spot import UnreadSpot, Written, WrittenSpot

_LETTERS = {
    "n": "N", "s": "S", "e": "E", "w": "W", "north": "N", "south": "S", "east": "E", "west": "W",
    "пн": "N", "пн.ш": "N", "пд": "S", "пд.ш": "S", "сх": "E", "сх.д": "E", "зх": "W", "зх.д": "W",
    "с.ш": "N", "ю.ш": "S", "в.д": "E", "з.д": "W", "lat": "N", "latitude": "N", "широта": "N",
    "lon": "E", "lng": "E", "long": "E", "longitude": "E", "довгота": "E", "долгота": "E",
}  # fmt: skip
"""English, Ukrainian and Russian marks of hemisphere or axis, without their last dot and spaces."""

_WORD = (
    r"(?:latitude|longitude|lat|long|lon|lng|широта|довгота|долгота|north|south|east|west|[NSEW]|пн\.?\s?ш\.?|пд\.?\s?ш\.?|сх\.?\s?д\.?|зх\.?\s?д\.?|"
    r"с\.\s?ш\.?|ю\.\s?ш\.?|в\.\s?д\.?|з\.\s?д\.?|пн\.?|пд\.?|сх\.?|зх\.?)"
)
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_MINUTES = r"\d{1,2}(?:[.,]\d+)?"
_SIGNED = r"(?:(?<![\w.])[-−+])?"
_MARKED = rf"{_SIGNED}{_NUMBER}\s?[°º˚]\s?(?:{_MINUTES}\s?['′’ʹ´]\s?(?:{_MINUTES}\s?(?:\"|″|”|''|′′|’’)\s?)?)?"
_SPACED = r"\d{1,3}(?:[:\s]\d{1,2}(?:[.,]\d+)?){1,2}"
_PLAIN = rf"{_SIGNED}{_NUMBER}"
_BETWEEN = r"\s{0,3}[,;/|&]?\s{0,3}"
_SPLIT = r"(?:\s{0,3}[,;/|]\s{0,3}|\s{1,3})"
_END = r"(?![\w°]|[.,]\d)"
_END_DOTTED = r"(?![\w°]|\.\d|,\d+\.)"
"""Where dots are decimal, a comma and a whole number behind the pair are a height, as KML and cameras write it."""
_START = r"(?<![\w.,°])"


def _pair(shape: str, angle: str, between: str = _BETWEEN, end: str = _END) -> re.Pattern[str]:
    """Two angles of one shape, where A stands for the angle and W for the letter or word that goes with it."""
    one, two = (shape.replace("W", f"(?P<w{i}>{_WORD})").replace("A", f"(?P<a{i}>{angle})") for i in (1, 2))
    return re.compile(_START + one + between + two + end, re.IGNORECASE)


_DOTTED, _COMMAED = rf"{_SIGNED}\d{{1,3}}\.\d+", rf"{_SIGNED}\d{{1,3}},\d+"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("degrees", _pair(r"W\s?A", _MARKED)),
    ("degrees", _pair(r"AW", _MARKED)),
    ("degrees", _pair(r"A\s?W", _SPACED)),
    ("degrees", _pair(r"W\s?A", _SPACED)),
    ("decimal", _pair(r"W[\s:=]{0,2}A", _PLAIN)),
    ("decimal", _pair(r"A\s?W", _PLAIN)),
    ("degrees", _pair(r"A", _MARKED)),
    ("decimal", _pair(r"A", _DOTTED, _SPLIT, _END_DOTTED)),
    ("decimal", _pair(r"A", _COMMAED, r"(?:\s{0,3}[;/|]\s{0,3}|,?\s{1,3})")),
)
"""Every form with two angles, the most telling first."""

SURE_DIGITS = 3
"""A bare pair with fewer decimals is taken for a spot only if it lies in the theatre: it could be anything."""


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees, the hemisphere's letter if one was written, and half the last digit in degrees."""

    degrees: float
    letter: str | None
    half: float
    n_decimals: int


def read_angles(text: str, *, bounds: Bounds) -> Iterator[tuple[int, int, Written]]:
    """Every pair of angles in a text: where it begins and ends, and what it is. No character is used twice."""
    taken: list[tuple[int, int]] = []
    for form, pattern in _FORMS:
        for found in pattern.finditer(text):
            start, end = found.span()
            if _overlaps(taken, start, end):
                continue
            words = found.groupdict()
            one, two = _angle(words["a1"], words.get("w1")), _angle(words["a2"], words.get("w2"))
            spot = paired(one, two, form=form, text=found.group().strip(), bounds=bounds)
            if spot is not None:
                insort(taken, (start, end))
                yield start, end, spot


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span shares a character with one of those taken, which are sorted and share none."""
    place = bisect_right(taken, (start, end))
    before, after = taken[max(0, place - 1) : place], taken[place : place + 1]
    return any(last > start for _, last in before) or any(first < end for first, _ in after)


def paired(one: Angle, two: Angle, *, form: str, text: str, bounds: Bounds) -> Written | None:
    """Two angles as a spot; None where they are more likely something else.

    Without letters the order is the one that lies in the theatre; where both or neither do, latitude first, as people
    write it, and the note says so.
    """
    half_m = max(one.half, two.half) * M_PER_DEGREE
    if one.letter and two.letter:
        spot = _by_letters(one, two, form=form, text=text, half_m=half_m)
        whole = form == "decimal" and not (one.n_decimals or two.n_decimals)
        # "5 n 3 e" is a spot only where it can be meant.
        return None if whole and not (isinstance(spot, WrittenSpot) and bounds.holds(spot.lon, spot.lat)) else spot
    straight, turned = (two.degrees, one.degrees), (one.degrees, two.degrees)
    holds = bounds.holds(*straight), bounds.holds(*turned)
    if not any(holds) and min(one.n_decimals, two.n_decimals) < SURE_DIGITS and form == "decimal":
        return None
    lon, lat = turned if holds == (False, True) else straight
    if abs(lat) > 90 or abs(lon) > 180:
        lon, lat = lat, lon
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    return WrittenSpot(lon, lat, form, text, half_m, _ORDER_NOTES[holds])


_ORDER_NOTES = {
    (True, False): "",
    (False, True): "longitude first: the other order lies outside the theatre",
    (True, True): "read latitude first; the other order lies in the theatre too",
    (False, False): "outside the theatre in either order; read latitude first",
}


def _by_letters(one: Angle, two: Angle, *, form: str, text: str, half_m: float) -> Written:
    by_axis = {("lat" if angle.letter in ("N", "S") else "lon"): angle for angle in (one, two)}
    if len(by_axis) < 2:
        return UnreadSpot(text, f"both numbers are marked {one.letter} and {two.letter}, wanted N or S and E or W")
    lat, lon = by_axis["lat"].degrees, by_axis["lon"].degrees
    if abs(lat) > 90 or abs(lon) > 180:
        return UnreadSpot(text, "no latitude is above 90 degrees, no longitude above 180")
    return WrittenSpot(lon, lat, form, text, half_m)


def _angle(text: str, word: str | None) -> Angle:
    numbers = re.findall(r"\d+(?:[.,]\d+)?", text)
    parts = [float(number.replace(",", ".")) for number in numbers]
    degrees = sum(part / 60**i for i, part in enumerate(parts))
    n_decimals = len(re.sub(r"^\d+[.,]?", "", numbers[-1]))
    half = 0.5 * 10.0**-n_decimals / 60 ** (len(parts) - 1)
    letter = _letter(word)
    if letter in ("S", "W") or text.lstrip().startswith(("-", "−")):
        degrees = -degrees
    return Angle(degrees, letter, half, n_decimals)


def _letter(word: str | None) -> str | None:
    return None if word is None else _LETTERS[re.sub(r"\s", "", word.casefold()).rstrip(".")]
