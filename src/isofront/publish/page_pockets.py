"""The pockets of one date as the page reads them: geometry and numbers, no words, for the page speaks two languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isofront.front.neck_samples import Sampled
from isofront.front.rules import ByRule, Pocket, Rule
from isofront.publish.feature import Feature
from isofront.publish.geojson import feature_record
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.pockets import lonlats, sampled_record
from isofront.publish.pockets_shown import numbers_inside, shown_pockets
from isofront.publish.sheet import Sheet
from isofront.theatre.model import Settlement


def page_pockets(sheet: Sheet, places: Sequence[Settlement], *, digits: int) -> dict[str, Any]:
    """The pockets that the picture shows too; `inside` are numbers in the page's list of settlements."""
    features = [feature_record(_feature(sheet, one, places, digits)) for one in shown_pockets(sheet)]
    return {"type": "FeatureCollection", "features": features}


def _feature(sheet: Sheet, one: Pocket, places: Sequence[Settlement], digits: int) -> Feature:
    crs = sheet.field.grid.crs
    placed = in_lonlat(only(one.geometry, dimension=2), crs=crs, digits=digits)
    words = {
        "side": one.side,
        "km2": round(one.pocket_km2, 1),
        "chord": [[round(degree, digits) for degree in spot] for spot in lonlats(one.chord, crs)],
        "tips": [[round(degree, digits) for degree in spot] for spot in lonlats(one.tips, crs)],
        "inside": numbers_inside(one.inside, places, placed),
        "rules": [_rule(rule, found) for rule, found in one.place.by_rule.items()],
    }
    return Feature(only(placed, dimension=2), words)


def _rule(rule: Rule, found: ByRule) -> dict[str, Any]:
    neck = found.corridor.neck_km
    about = {"rule": rule.value, "neck_km": None if neck is None else round(neck, 2), "rung": found.corridor.rung.value}
    return about | _sampled(found.sampled)


def _sampled(sampled: Sampled | None) -> dict[str, Any]:
    record = sampled_record(sampled)
    if record is None:
        return {"sampled": None, "p_under_5": None, "p_cut_off": None}
    return {
        "sampled": record["neck_km"],
        "p_under_5": record["p_neck_under_5_km"],
        "p_cut_off": record["p_cut_off"],
    }
