"""Which pockets a reader is shown: the picture and the page agree on them; the files have all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from isofront.publish.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from isofront.front.rules import Pocket
    from isofront.theatre.model import Settlement


def shown_pockets(sheet: Sheet) -> tuple[Pocket, ...]:
    """The pockets that the picture shows: those with a settlement inside that lie in no other."""
    found = [one for one in sheet.pockets.pockets if one.inside] if sheet.pockets else []
    return tuple(one for k, one in enumerate(found) if not any(_lies_in(one, other) for other in found[:k]))


def _lies_in(one: Pocket, other: Pocket) -> bool:
    shared = shapely.intersection(one.geometry, other.geometry).area
    return bool(shared > 0.5 * one.geometry.area)


def numbers_inside(names: Iterable[str], places: Sequence[Settlement], ground: BaseGeometry) -> list[int]:
    """The numbers in `places` of those that lie in a pocket (degrees); of namesakes of the one nearest to it."""
    found: list[int] = []
    for name in names:
        own = [k for k, place in enumerate(places) if place.name == name and k not in found]
        found += [min(own, key=lambda k: shapely.distance(ground, shapely.Point(places[k].at)))] if own else []
    return found
