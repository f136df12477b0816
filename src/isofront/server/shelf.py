"""What is served: collections of features, each with its moment, read once from files and kept as the bytes to send."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError

TITLES: Mapping[str, tuple[str, str]] = {
    "areas": ("Held and grey ground", "One coverage per day: held by a side, or grey with its reason"),
    "front": ("Edges of held ground", "Edges, their 90 % bands, and the even-odds line, which is no front"),
    "infiltration": ("Infiltration", "Where a side is present without holding"),
    "unobserved": ("Unobserved ground", "Not seen of late, where reports were to be expected or could not be"),
    "out_of_range": ("Model out of range", "Where reports disagree with the model beyond its test"),
    "pockets": ("Pockets, necks and tips", "Ground nearly cut off, the chord that joins it, and the chord's ends"),
    "settlements": ("Settlements", "The class at each settlement's place, and its probability"),
}
"""Collections by id, in the order in which they are listed, with a title and a sentence."""

OPEN_STATES = ("approved", "edition")
"""States that may be served; drafts only where they are asked for."""

STAMP = "PRIVATE"
PUBLIC_MARK = b'"stamp":"PUBLIC'
"""What a feature of an edition says of itself; the shelf is public if all of them do."""
_FAULTS = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, ShapelyError)
"""What a feature that is none makes shapely and JSON stumble over."""

MOST_BYTES = 500_000_000
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """One feature: its id, its moment (UTC), its place in degrees, and the GeoJSON text that is sent for it."""

    id: str
    moment: datetime
    geometry: BaseGeometry
    text: bytes

    @property
    def box(self) -> Box:
        """West, south, east, north."""
        west, south, east, north = self.geometry.bounds
        return west, south, east, north


@dataclass(frozen=True)
class Collection:
    """Features of one kind over all days, in order of time and then of their file."""

    id: str
    items: tuple[Item, ...]

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items by their id."""
        return {one.id: one for one in self.items}

    @cached_property
    def extent(self) -> Box:
        """The box round all features, degrees."""
        west, south, east, north = shapely.total_bounds([one.geometry for one in self.items])
        return float(west), float(south), float(east), float(north)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first moment and the last."""
        return self.items[0].moment, self.items[-1].moment

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The features' places, to be asked what meets a box."""
        return shapely.STRtree([one.geometry for one in self.items])

    def meeting(self, boxes: Sequence[Box]) -> np.ndarray:
        """Numbers of the items that meet any of some boxes, ascending."""
        found = [self.tree.query(shapely.box(*box), predicate="intersects") for box in boxes]
        return np.unique(np.concatenate(found)) if found else np.arange(len(self.items))


@dataclass(frozen=True)
class Shelf:
    """All that is served: a title, the stamp that goes on every answer, and collections that hold something."""

    title: str
    stamp: str
    collections: Mapping[str, Collection]
    days: tuple[datetime, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, title: str, features: Mapping[str, Iterable[tuple[datetime, Mapping[str, Any]]]]) -> Shelf:
        """A shelf from GeoJSON features with the moment of each, by collection.

        Raises:
            BadInputError: there is none, or a feature's geometry is none.
        """
        found = {name: Collection(name, _items(name, features[name])) for name in TITLES if name in features}
        kept = {name: one for name, one in found.items() if one.items}
        if not kept:
            raise BadInputError(f"{title}: nothing to serve, wanted an approved map")
        simulated = any(b'"simulated":true' in item.text for one in kept.values() for item in one.items)
        days = sorted({item.moment for one in kept.values() for item in one.items})
        public = all(PUBLIC_MARK in item.text for one in kept.values() for item in one.items)
        stamp = "PUBLIC" if public else STAMP
        return cls(title, f"{stamp} SIMULATED" if simulated else stamp, kept, tuple(days))


def _items(name: str, features: Iterable[tuple[datetime, Mapping[str, Any]]]) -> tuple[Item, ...]:
    numbers: dict[datetime, int] = {}
    found = []
    for moment, feature in sorted(features, key=lambda pair: pair[0]):
        numbers[moment] = numbers.get(moment, 0) + 1
        found.append(_item(f"{day_name(moment)}.{numbers[moment]}", moment, feature, where=name))
    return tuple(found)


def _item(name: str, moment: datetime, feature: Mapping[str, Any], *, where: str) -> Item:
    try:
        geometry = shape(feature["geometry"])
        record = {
            "type": "Feature",
            "id": name,
            "geometry": feature["geometry"],
            "properties": dict(feature["properties"] or {}) | {"as_of": utc(moment)},
        }
        text = compact(record)
    except _FAULTS as fault:
        raise BadInputError(f"{where} feature {name}: no feature with a geometry ({fault!s:.80})") from fault
    if not all(map(math.isfinite, geometry.bounds)):
        raise BadInputError(f"{where} feature {name}: a geometry without a place, wanted finite degrees")
    return Item(name, moment, geometry, text)


def day_name(moment: datetime) -> str:
    """A moment as ids have it: the day, with the time only where it is not midnight."""
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return f"{moment:%Y-%m-%d}" if midnight else f"{moment:%Y-%m-%dT%H%M%SZ}"


def utc(moment: datetime) -> str:
    """A moment as RFC 3339 writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def compact(value: Any) -> bytes:
    """JSON in canonical bytes: sorted keys, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


# From the files that `map` writes


def read_folder(folder: Path, *, drafts: bool = False) -> Shelf:
    """What a folder written by `map` (one day, or a folder a day) holds in an approved state.

    Raises:
        BadInputError: it is no such folder, or nothing there is approved.
    """
    days = [one for one in (folder, *_folders(folder)) if (one / "summary.json").is_file()]
    if not days:
        raise BadInputError(f"{folder}: no summary.json in it or in its folders, wanted a folder written by map")
    summaries = [(one, _document(one / "summary.json")) for one in days]
    open_days = [(one, told) for one, told in summaries if drafts or told.get("state") in OPEN_STATES]
    if not open_days:
        raise BadInputError(
            f"{folder}: {len(days)} drafts and nothing approved; approve with review, or --drafts serves them as drafts"
        )
    features: dict[str, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for day, told in open_days:
        for name, some in _features_of(day, told):
            features.setdefault(name, []).extend(some)
    left_out = len(summaries) - len(open_days)
    shelf = Shelf.of(folder.resolve().name, features)
    notes = (f"{left_out} drafts are not served",) if left_out else ()
    return Shelf(shelf.title, shelf.stamp, shelf.collections, shelf.days, notes)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadInputError(f"{folder}: is no folder, wanted one written by map")
    return sorted(one for one in folder.iterdir() if one.is_dir())


def _features_of(day: Path, told: Mapping[str, Any]) -> Iterable[tuple[str, list[tuple[datetime, Mapping[str, Any]]]]]:
    moment = _moment(told, day)
    for name in TITLES:
        path = day / f"{name}.geojson"
        if path.is_file():
            yield name, [(moment, one) for one in _list(_document(path).get("features"), path)]
    yield "settlements", [(moment, one) for one in _settlements(told)]


def _moment(told: Mapping[str, Any], day: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(str(told["as_of"]))
    except (KeyError, ValueError) as fault:
        raise BadInputError(f"{day / 'summary.json'}: no as_of that is a time, wanted one written by map") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _list(value: object, path: Path) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadInputError(f"{path}: no list of features, wanted a FeatureCollection")
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


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: over {MOST_BYTES:,} bytes, wanted a file written by map")
        document = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault})") from fault
    if not isinstance(document, dict):
        raise BadInputError(f"{path}: JSON of another kind, wanted a file written by map")
    return document
