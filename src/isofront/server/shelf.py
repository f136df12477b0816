"""What is served: collections of features, each with its moment, read once from files and kept as the bytes to send."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

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
    "reports": ("Reports as cells", "Where cleared reports lie, as cells of a kilometre or more, each with its day"),
    "interdicted": ("Interdicted ground", "Cells in which movement was seen to be struck, at least seven days ago"),
}
"""Collections by id, in the order in which they are listed, with a title and a sentence."""
PUBLIC_ALONE = ("reports", "interdicted")
"""Layers that are handed on as an edition has them, coarse and late, and never as a private map has them."""

STAMP = "PRIVATE"
NOT_FOR = "Not for navigation, evacuation or targeting."
PUBLIC_MARK = b'"stamp":"PUBLIC'
"""What a feature of an edition says of itself; the shelf is public if all of them do."""
_FAULTS = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, ShapelyError)
"""What a feature that is none makes shapely and JSON stumble over."""

Record = Mapping[str, Any]
"""A JSON object as it was written; the server adds links and passes it on."""
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
    def moments(self) -> list[datetime]:
        """When each item is of, ascending."""
        return [one.moment for one in self.items]

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

    def meeting(self, boxes: Sequence[Box] | None) -> np.ndarray:
        """Numbers of the items that meet any of some boxes, ascending; of all items where no box is given."""
        if boxes is None:
            return np.arange(len(self.items))
        found = [self.tree.query(shapely.box(*box), predicate="intersects") for box in boxes]
        return np.unique(np.concatenate([np.array([], np.int64), *found]))


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as the list of editions has it (`told`), with what its own files say where it was not pulled."""

    id: str
    as_of: datetime
    state: str
    told: Record
    about: Record = field(default_factory=dict)
    changes: Record = field(default_factory=dict)

    @property
    def pulled(self) -> bool:
        """Whether it was taken out of the public's sight."""
        return self.state == "pulled"


@dataclass(frozen=True, slots=True)
class Said:
    """A claim: the place it is about, under all its names, the subject, the day, the record, whether it is invented."""

    places: tuple[str, ...]
    about: str
    day: datetime
    told: Record
    simulated: bool = False


@dataclass(frozen=True)
class Shelf:
    """All that is served: a title, the stamp that goes on every answer, and collections that hold something.

    `public` is a published site's shelf: what it holds was made for everybody.
    """

    title: str
    stamp: str
    collections: Mapping[str, Collection]
    days: tuple[datetime, ...] = ()
    notes: tuple[str, ...] = field(default=())
    public: bool = False
    editions: tuple[Edition, ...] = ()
    claims: tuple[Said, ...] = ()

    @property
    def notice(self) -> str:
        """What every answer says beside its stamp."""
        return NOT_FOR if self.public else f"{NOT_FOR} PRIVATE: share none of it."

    @cached_property
    def edition(self) -> Mapping[str, Edition]:
        """Editions by their id."""
        return {one.id: one for one in self.editions}

    @classmethod
    def of(cls, title: str, features: Mapping[str, Iterable[tuple[datetime, Mapping[str, Any]]]]) -> Shelf:
        """A shelf from GeoJSON features with the moment of each, by collection.

        Raises:
            BadInputError: there is none, or a feature's geometry is none.
        """
        found = {name: Collection(name, items_of(name, features[name])) for name in TITLES if name in features}
        kept = {name: one for name, one in found.items() if one.items}
        if not kept:
            raise BadInputError(f"{title}: nothing to serve, wanted an approved map")
        simulated = any(b'"simulated":true' in item.text for one in kept.values() for item in one.items)
        days = sorted({item.moment for one in kept.values() for item in one.items})
        public = all(PUBLIC_MARK in item.text for one in kept.values() for item in one.items)
        stamp = "PUBLIC" if public else STAMP
        return cls(title, f"{stamp} SIMULATED" if simulated else stamp, kept, tuple(days))


def items_of(name: str, features: Iterable[tuple[datetime, Mapping[str, Any]]]) -> tuple[Item, ...]:
    """A collection's items from GeoJSON features with the moment of each, numbered within their day.

    Raises:
        BadInputError: a feature's geometry is none.
    """
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
