"""Roads and interdicted ground as layers of features: private, like all that this room writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.interdicted import LEVEL_WORDS, Arm, Interdicted
from isofront.front.exposed import NOBODY, Stretch
from isofront.publish.feature import Feature, Layer
from isofront.publish.layers import sheet_properties
from isofront.publish.lonlat import DIGITS, in_lonlat, only
from isofront.publish.sheet import Sheet


def road_layers(sheet: Sheet) -> dict[str, Layer]:
    """The layers by name, those that the sheet has: `interdicted`, and `routes` where there are roads."""
    about, found = sheet_properties(sheet), {}
    if sheet.interdicted is not None:
        found["interdicted"] = _interdicted(sheet.interdicted, sheet.field.grid.crs)
    if sheet.exposed is not None:
        found["routes"] = [_road(one, sheet.field.grid.crs, sheet.exposed.credit) for one in sheet.exposed.stretches]
    return {
        name: Layer(name, tuple(Feature(one.geometry, one.properties | about) for one in features))
        for name, features in found.items()
    }


def _road(one: Stretch, crs: str, credit: str) -> Feature:
    words = {
        "role": "road",
        "kind": one.kind,
        "name": one.name,
        "on": one.holder if one.holder != NOBODY else "grey",
        "within_km": one.within_km,
        "km": round(one.km, 2),
    } | ({"credit": credit} if credit else {})
    return Feature(in_lonlat(one.geometry, crs=crs, digits=DIGITS), words)


def _interdicted(field: Interdicted, crs: str) -> list[Feature]:
    """The cells of each side that are interdicted, and all that nobody looked at as one area."""
    level, found = field.level, []
    for s, side in enumerate(field.sides):
        for row, column in np.argwhere(level[s] >= 1).tolist():
            found.append(Feature(_placed(cell_box(field, row, column), crs), _cell_words(field, s, row, column, side)))
    unseen = [cell_box(field, row, column) for row, column in np.argwhere(field.unobserved).tolist()]
    if unseen:
        found.append(Feature(_placed(shapely.union_all(unseen), crs), {"class": "unobserved", "side": None}))
    return found


def _cell_words(field: Interdicted, s: int, row: int, column: int, side: str) -> dict[str, Any]:
    means = {arm.value: round(float(field.by_arm[arm][s, row, column]), 2) for arm in Arm}
    return {
        "class": "interdicted",
        "side": side,
        "level": LEVEL_WORDS[int(field.level[s, row, column])],
        "a_week_on_25_km2": round(float(field.rate[s, row, column]), 2),
        "window_days": field.window_days,
        **means,
    }


def cell_box(field: Interdicted, row: int, column: int) -> BaseGeometry:
    """The square of one cell, km."""
    west = field.grid.west_km + column * field.grid.cell_km
    south = field.grid.south_km + row * field.grid.cell_km
    return shapely.box(west, south, west + field.grid.cell_km, south + field.grid.cell_km)


def _placed(area: BaseGeometry, crs: str) -> BaseGeometry:
    return only(in_lonlat(area, crs=crs), dimension=2)
