"""Which pockets a reader is shown: the picture and the page agree on them; the files have all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from isofront.publish.sheet import Sheet

if TYPE_CHECKING:
    from isofront.front.rules import Pocket


def shown_pockets(sheet: Sheet) -> tuple[Pocket, ...]:
    """The pockets that the picture shows: those with a settlement inside that lie in no other."""
    found = [one for one in sheet.pockets.pockets if one.inside] if sheet.pockets else []
    return tuple(one for k, one in enumerate(found) if not any(_lies_in(one, other) for other in found[:k]))


def _lies_in(one: Pocket, other: Pocket) -> bool:
    shared = shapely.intersection(one.geometry, other.geometry).area
    return bool(shared > 0.5 * one.geometry.area)
