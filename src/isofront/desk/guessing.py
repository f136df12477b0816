"""Which column of a pasted table is what: by its header, else by what its cells look like. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from isofront.desk.written_times import day_in
from isofront.ground.grid import Bounds
from isofront.ground.written_grids import PlaceOf
from isofront.ground.written_spots import WrittenSpot, read_spots
from isofront.sources import Terms
from isofront.sources.columns import COLUMNS, meaning
from isofront.sources.times import read_interval
from isofront.sources.words import KINDS, LOCATIONS, MEANS, POSTURES, PRECISION_M, plain

SPOT = "spot"
"""A column with coordinates in any form, which becomes lon and lat."""
ROLES = (*COLUMNS, SPOT)
LOOKED_AT = 60
"""At most this many rows are looked at to guess what a column holds."""
SHARE = 0.6
"""At least this share of a column's filled cells must look alike."""
DELIMITERS = ("\t", ";", ",", "|")
HEADERS = {
    SPOT: ("coordinates", "coords", "coord", "location", "where", "geo", "latlon", "координати", "координаты", "місце"),
    "happened_at": ("date", "when", "day", "event date", "дата", "коли", "день"),
    "published_at": ("posted", "publication date", "опубліковано", "опубликовано"),
    "kind": ("type", "what", "event", "event type", "тип", "подія", "событие"),
    "seen": ("who", "whose", "сторона", "хто", "кто"),
    "by": ("attacker", "by whom", "ким"),
    "source": ("channel", "author", "джерело", "источник", "канал"),
    "url": ("post", "source link", "посилання", "ссылка", "лінк", "пост"),
    "note": ("remark", "comment", "comments", "description", "примітка", "опис", "коментар", "описание", "примечание"),
    "precision": ("accuracy", "точність", "точность"),
    "means": ("weapon", "зброя", "засіб", "оружие"),
    "lat": ("широта",),
    "lon": ("довгота", "долгота"),
}
"""Headers of people's own tables, beside those that evidence files may have."""


@dataclass(frozen=True, slots=True)
class Table:
    """A pasted table: its cells, whether the first row is a header, and what each column seems to be ("" = nothing)."""

    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] | None
    roles: tuple[str, ...]


def read_table(text: str, *, terms: Terms, place_of: PlaceOf) -> Table:
    """The table in a text copied from a spreadsheet (tabs) or a CSV file."""
    rows = _rows(text)
    if not rows:
        return Table((), None, ())
    width = max(len(row) for row in rows)
    padded = [row + ("",) * (width - len(row)) for row in rows]
    named, looks = [_by_header(cell) for cell in padded[0]], _looks(terms, place_of)
    is_named = sum(bool(role) for role in named) >= 2
    guessed = _roles(named if is_named else [""] * width, padded[1:] or padded, looks)
    if not is_named and not _is_unlike(padded[0], guessed, looks):
        return Table(tuple(padded), None, tuple(_roles([""] * width, padded, looks)))
    return Table(tuple(padded[1:]), padded[0], tuple(guessed))


def _roles(
    named: Sequence[str], rows: Sequence[Sequence[str]], looks: Mapping[str, Callable[[str], bool]]
) -> list[str]:
    """What each column is: by its name, else by its cells; no two are the same."""
    roles: list[str] = []
    for i, name in enumerate(named):
        taken = {*(role for role in named if role), *roles}
        role = name or _by_cells([row[i] for row in rows[:LOOKED_AT]], looks, taken)
        roles.append("" if role in roles else role)
    return roles


def _is_unlike(first: Sequence[str], roles: Sequence[str], looks: Mapping[str, Callable[[str], bool]]) -> bool:
    """Whether no cell of the first row looks like its column: then it names them."""
    told = [(cell, looks[role]) for cell, role in zip(first, roles, strict=True) if role in looks and role != "note"]
    return len(told) >= 2 and not any(fits(cell) for cell, fits in told)


def canonical(
    table: Table, roles: Sequence[str], *, bounds: Bounds, place_of: PlaceOf, today: date
) -> list[dict[str, str]]:
    """The table's rows as cells of an evidence file; what cannot be read stays as it is, for the reader to refuse."""
    return [_cells(row, roles, bounds=bounds, place_of=place_of, today=today) for row in table.rows]


def _cells(
    row: Sequence[str], roles: Sequence[str], *, bounds: Bounds, place_of: PlaceOf, today: date
) -> dict[str, str]:
    cells: dict[str, str] = {}
    for text, role in zip(row, roles, strict=False):
        value = " ".join(text.split())
        if not role or not value:
            continue
        if role == SPOT:
            spots = read_spots(value, bounds=bounds, place_of=place_of)[0]
            cells |= _lonlat(spots[0]) if spots else {"lon": value}
        elif role in ("happened_at", "published_at"):
            cells[role] = _iso(value, today)
        elif role in ("lon", "lat", "error_m"):
            cells[role] = value.replace(",", ".")
        else:
            cells[role] = value
    return cells


def _lonlat(spot: WrittenSpot) -> dict[str, str]:
    return {"lon": f"{spot.lon:.6f}", "lat": f"{spot.lat:.6f}"}


def _iso(value: str, today: date) -> str:
    """A date in the writing of a spreadsheet as ISO 8601; what is that already, or nothing known, as it is."""
    try:
        read_interval(value)
    except ValueError:
        day = day_in(value, today=today)
        return value if day is None else day.isoformat()
    return value


def _rows(text: str) -> list[tuple[str, ...]]:
    text = text.strip("\ufeff\r\n")
    lines = text.splitlines()[:5]
    counts = {mark: min((line.count(mark) for line in lines), default=0) for mark in DELIMITERS}
    delimiter = "\t" if counts["\t"] else max(DELIMITERS, key=lambda mark: counts[mark])
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [tuple(cell.strip() for cell in row) for row in found if any(cell.strip() for cell in row)]
    except csv.Error:
        return [tuple(line.split(delimiter)) for line in text.splitlines() if line.strip()]


def _by_header(cell: str) -> str:
    own = next((role for role, names in HEADERS.items() if plain(cell) == role or plain(cell) in names), "")
    return meaning(cell) or own


def _by_cells(cells: Sequence[str], looks: Mapping[str, Callable[[str], bool]], taken: set[str]) -> str:
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return ""
    for role, fits in looks.items():
        if role not in taken and sum(fits(cell) for cell in filled) >= SHARE * len(filled):
            return role
    return ""


def _looks(terms: Terms, place_of: PlaceOf) -> dict[str, Callable[[str], bool]]:
    """What each role's cells look like, the most telling first."""
    box = terms.bounds

    def within(low: float, high: float) -> Callable[[str], bool]:
        return lambda cell: re.fullmatch(r"-?\d{1,3}[.,]\d+", cell) is not None and low <= _number(cell) <= high

    return {
        "url": lambda cell: re.match(r"(https?://|t\.me/|www\.)\S+", cell) is not None,
        SPOT: lambda cell: bool(read_spots(cell, bounds=box, place_of=place_of)[0]),
        "happened_at": _is_day,
        "published_at": _is_day,
        "lat": within(box.south, box.north),
        "lon": within(box.west, box.east),
        "kind": lambda cell: plain(cell) in KINDS,
        "seen": lambda cell: plain(cell) in terms.sides,
        "by": lambda cell: plain(cell) in terms.sides,
        "means": lambda cell: plain(cell) in MEANS,
        "posture": lambda cell: plain(cell) in POSTURES,
        "precision": lambda cell: plain(cell) in PRECISION_M,
        "location_of": lambda cell: plain(cell) in LOCATIONS,
        "source": lambda cell: cell in terms.grades,
        "reliability": lambda cell: re.fullmatch(r"[A-Fa-f]", cell) is not None,
        "credibility": lambda cell: re.fullmatch(r"[1-6]", cell) is not None,
        "error_m": lambda cell: re.fullmatch(r"\d{1,5}", cell) is not None,
        "note": lambda cell: len(cell) > 20 or " " in cell,
    }


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))


def _is_day(cell: str) -> bool:
    return (
        len(cell) < 40 and day_in(cell, today=date.max.replace(year=9998)) is not None and bool(re.match(r"\d", cell))
    )
