"""A shelf from the files that `map` writes: a day, or a folder for each; approved, or drafts where asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from isofront.counts import counted
from isofront.errors import BadInputError
from isofront.server.shelf import PUBLIC_ALONE, TITLES, Shelf

OPEN_STATES = ("approved", "edition")
"""States that may be served; drafts only where they are asked for."""
MOST_BYTES = 500_000_000


def read_folder(folder: Path, *, drafts: bool = False) -> Shelf:
    """What a folder written by `map` (one day, or a folder a day) holds in an approved state.

    Raises:
        BadInputError: it is no such folder, or nothing there is approved.
    """
    days = [one for one in (folder, *_folders(folder)) if (one / "summary.json").is_file()]
    if not days:
        raise BadInputError(f"{folder}: no summary.json in it or in its folders, wanted a folder written by map")
    summaries = [(one, document(one / "summary.json")) for one in days]
    open_days = [(one, told) for one, told in summaries if drafts or told.get("state") in OPEN_STATES]
    if not open_days:
        raise BadInputError(
            f"{folder}: {counted(len(days), 'draft')} and nothing approved; approve with review, or --drafts "
            "serves them as drafts"
        )
    features: dict[str, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for day, told in open_days:
        for name, some in _features_of(day, told):
            features.setdefault(name, []).extend(some)
    left_out = len(summaries) - len(open_days)
    shelf = Shelf.of(folder.resolve().name, features)
    return replace(shelf, notes=(f"{counted(left_out, 'draft')} not served",) if left_out else ())


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadInputError(f"{folder}: is no folder, wanted a site, a theatre's folder, or one that map wrote")
    return sorted(one for one in folder.iterdir() if one.is_dir())


def _features_of(day: Path, told: Mapping[str, Any]) -> Iterable[tuple[str, list[tuple[datetime, Mapping[str, Any]]]]]:
    moment = moment_of(told, day / "summary.json")
    for name in TITLES:
        if name in PUBLIC_ALONE:
            continue
        path = day / f"{name}.geojson"
        if path.is_file():
            yield name, [(moment, one) for one in features_in(document(path).get("features"), path)]
    yield "settlements", [(moment, one) for one in _settlements(told)]


def moment_of(told: Mapping[str, Any], path: Path) -> datetime:
    """The day that a file's document names.

    Raises:
        BadInputError: it names none.
    """
    try:
        moment = datetime.fromisoformat(str(told["as_of"]))
    except (KeyError, ValueError) as fault:
        raise BadInputError(f"{path}: no as_of that is a time, wanted a file written by map or publish") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def features_in(value: object, path: Path) -> list[Any]:
    """A collection's features, or a list's records.

    Raises:
        BadInputError: it is no list of objects.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadInputError(f"{path}: no list of features or records, wanted a file written by map or publish")
    return value


def _settlements(told: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The settlements of a summary as points; those without a place in degrees are none."""
    about = {key: told.get(key) for key in ("state", "simulated", "stamp")}
    listed = told.get("settlements")
    for one in listed if isinstance(listed, list) else ():
        at = [one.get("lon"), one.get("lat")] if isinstance(one, dict) else [None]
        if all(isinstance(value, (int, float)) for value in at):
            words = {key: one.get(key) for key in ("name", "status", "p")}
            yield {"geometry": {"type": "Point", "coordinates": at}, "properties": words | about}


def document(path: Path) -> dict[str, Any]:
    """A file's JSON object.

    Raises:
        BadInputError: it holds none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: over {MOST_BYTES:,} bytes, wanted a file written by map")
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault})") from fault
    if not isinstance(found, dict):
        raise BadInputError(f"{path}: JSON of another kind, wanted a file written by map")
    return found
