"""A theatre file's bytes -> a Theatre, or one line that says what is wrong and where."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import IsofrontError, TheatreError, UsageError
from isofront.theatre import lines, model
from isofront.theatre.checks import faults
from isofront.theatre.model import Theatre

FILE_NAME = "theatre.toml"
"""What a theatre's folder is known by."""
MAX_BYTES = 20_000_000
"""A theatre file is typed by people; one larger than this is something else."""
MAX_DEPTH = 12

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*?)`(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<key>.*?)`(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def load(folder: Path) -> Theatre:
    """The theatre in a folder (or in the TOML file named itself).

    Raises:
        UsageError: no theatre file is there.
        TheatreError: it is wrong; the message names the line.
    """
    file = folder if folder.suffix == ".toml" and folder.is_file() else folder / FILE_NAME
    return parse(_text(file), name=file.name)


def home_of(folder: Path) -> Path:
    """The theatre's folder, where its file may have been named instead."""
    return folder.parent if folder.is_file() else folder


def parse(text: str, *, name: str = FILE_NAME) -> Theatre:
    """A theatre file's text as a Theatre, checked.

    Raises:
        TheatreError: it is wrong; the message names the line.
    """
    raw = _raw(text, name=name)
    try:
        theatre = msgspec.convert(_dates_as_times(raw), type=Theatre)
    except msgspec.ValidationError as fault:
        raise _explained(str(fault), text=text, name=name) from fault
    except (ValueError, OverflowError) as fault:
        raise TheatreError(f"{_where(text, ('anchor', 'date'), name=name)}: anchor.date: {fault}") from fault
    for path, what in faults(theatre):
        raise TheatreError(f"{_where(text, path, name=name)}: {what}")
    return theatre


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise TheatreError(f"{file}: {file.stat().st_size:,} bytes, wanted a theatre file of at most {MAX_BYTES:,}")
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        here = file.parent == Path() and not file.is_absolute()
        where = "no theatre in this folder; --theatre DIR names one" if here else "no theatre there"
        raise UsageError(f"{file}: {where}; `isofront init` makes one") from fault
    except NotADirectoryError as fault:
        raise UsageError(f"{file.parent}: is a file, wanted a theatre's folder") from fault
    except UnicodeDecodeError as fault:
        raise TheatreError(f"{file.name}: byte {fault.start} is not UTF-8 text, wanted a TOML file") from fault
    except OSError as fault:
        raise IsofrontError(f"{file}: cannot be read ({fault.strerror or fault})") from fault


def _raw(text: str, *, name: str) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except RecursionError as fault:
        raise TheatreError(f"{name}: nested too deeply, wanted a TOML file as `isofront init` writes it") from fault
    except ValueError as fault:
        raise TheatreError(_with_line_first(str(fault), name=name)) from fault
    if not raw:
        raise TheatreError(f"{name}: is empty, wanted a TOML file as `isofront init` writes it")
    if _is_deep(raw):
        raise TheatreError(f"{name}: nested too deeply, wanted a TOML file as `isofront init` writes it")
    for path, number in _not_finite(raw):
        raise TheatreError(f"{_where(text, path, name=name)}: {_dotted(path)} is {number}, wanted a finite number")
    return raw


def _is_deep(raw: dict[str, Any]) -> bool:
    """Whether it goes deeper than any key of a theatre by far."""
    level: list[Any] = [raw]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level for inner in (value.values() if isinstance(value, dict) else value)]
        level = [value for value in level if isinstance(value, (dict, list))]
    return bool(level)


def _with_line_first(fault: str, *, name: str) -> str:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", fault)
    if place is None:
        return f"{name}: {fault}"
    where = f"line {place[1]} column {place[2]}" if place[1] else "at its end"
    return f"{name} {where}: not TOML: {fault[: place.start()]}"


def _not_finite(value: object, path: lines.Path = ()) -> Iterator[tuple[lines.Path, float]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _not_finite(inner, (*path, number))


def _dates_as_times(raw: dict[str, Any]) -> dict[str, Any]:
    """The anchor's date as UTC time: a bare date is the start of its day, a time without zone is UTC."""
    anchor = raw.get("anchor")
    if not isinstance(anchor, dict) or not isinstance(anchor.get("date"), (str, date)):
        return raw
    return raw | {"anchor": anchor | {"date": start_of(anchor["date"])}}


def start_of(when: str | date) -> datetime:
    """00:00 UTC at the start of a date; a time as UTC (one without zone is taken for it); or a text that gives either.

    Raises:
        ValueError: a text that is neither a date nor a time, or at an end of the calendar, where no day comes after.
    """
    if isinstance(when, str):
        when = datetime.fromisoformat(when.strip())
    if not 1 < when.year < MAXYEAR:
        raise ValueError(f"year {when.year}")
    if isinstance(when, datetime):
        return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    return datetime(when.year, when.month, when.day, tzinfo=UTC)


def _explained(fault: str, *, text: str, name: str) -> TheatreError:
    if unknown := _UNKNOWN.match(fault):
        path, key = _steps(unknown["path"]), unknown["key"]
        where = _where(text, (*path, key), name=name)
        return TheatreError(f"{where}: key {key!r} is not known; nearest: {_nearest(key, path)!r}")
    if missing := _MISSING.match(fault):
        path = _steps(missing["path"])
        table = _dotted(path) or "the theatre"
        return TheatreError(f"{_where(text, path, name=name)}: {table} has no key {missing['key']!r}, wanted one")
    what, _, path_text = fault.partition(" - at `")
    path = _steps(path_text.removesuffix("`"))
    return TheatreError(f"{_where(text, path, name=name)}: {_dotted(path)}: {_plain(what)}")


def _plain(fault: str) -> str:
    """msgspec's words in ours: Expected `float`, got `str` -> wanted a float, got a str."""
    return re.sub(r"`([^`]*)`", r"\1", fault).replace("Expected", "wanted")


def _steps(path: str | None) -> lines.Path:
    found = _STEP.findall((path or "").removeprefix("$"))
    return tuple(key if key else (int(index) if index.isdigit() else index) for key, index in found)


def _where(text: str, path: lines.Path, *, name: str) -> str:
    line = lines.nearest_line(lines.key_lines(text), path) if path else None
    return f"{name} line {line}" if line else name


def _dotted(path: lines.Path) -> str:
    named = (step for step in path if step != "...")
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in named).removeprefix(".")


RECORDS: Mapping[tuple[str, ...], type[msgspec.Struct]] = {
    (): model.Theatre,
    ("sides",): model.Side,
    ("sources",): model.Source,
    ("barriers",): model.Barrier,
    ("barriers", "crossings"): model.Crossing,
    ("anchor",): model.Anchor,
    ("settlements",): model.Settlement,
    ("roads",): model.Road,
    ("policy",): model.Policy,
    ("observing",): model.Observing,
    ("review",): model.Reviewing,
    ("map",): model.Mapping,
    ("covariates",): model.Covariate,
    ("engine",): model.Engine,
    ("ladder",): model.Ladder,
    ("mappers",): model.Mapper,
}


def _nearest(key: str, path: lines.Path) -> str:
    known = RECORDS[tuple(step for step in path if isinstance(step, str) and step != "...")].__struct_fields__
    return max(known, key=lambda name: difflib.SequenceMatcher(None, key.casefold(), name).ratio())
