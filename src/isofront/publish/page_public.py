"""What the page says of one edition: its number, delay and caution, layers, reports as cells, reasons in words.

Everything here stands in the edition's other files too (spec/page-data.md). Reports and reasons name their cell by its
number in `cells`, a cell its column and row; the page puts the words together in the reader's language.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from isofront.ground.grid import to_lonlat
from isofront.publish.cell_grid import cell_grid
from isofront.publish.coarse import Cell
from isofront.publish.feature import Feature
from isofront.publish.geojson import collection
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.mappers import mapper_heads
from isofront.publish.packed import packed
from isofront.publish.pockets_shown import numbers_inside
from isofront.publish.policy_claims import REMAINING
from isofront.publish.public_map import PublicClaim, PublicMap, PublicPlace, PublicReport, PublicWhy
from isofront.publish.stamp import utc_text

P_STEP = 0.05
"""Probabilities of settlements are told in such steps."""
RECENT_DAYS = 30
"""Older reports are on the page only if a reason names them; `reports.geojson` has them all."""
HALF = 0.5
LAYERS = (
    "areas", "front", "infiltration", "unobserved", "out_of_range", "pockets", "interdicted", "routes",
)  # fmt: skip


def public_date(date: Mapping[str, Any], one: PublicMap, *, digits: int) -> dict[str, Any]:
    """One date of the page's document as the public sees it: layers packed, probabilities stepped, its own block."""
    told = dict(date) | {
        "pockets": collection(_pockets(one, digits)),
        "interdicted": collection(_interdicted(one, digits)),
        "status": [told | {"p": stepped(told["p"])} for told in date["status"]],
        "public": public_block(one),
    }
    if "infiltration" in one.not_yet:
        told["infiltration"] = collection([])
    shapes = packed({name: told.pop(name) for name in LAYERS})
    return {key: value for key, value in told.items() if key not in ("reports", "why")} | {"shapes": shapes}


def stepped(p: float | None) -> float | None:
    """A probability to the nearest twentieth."""
    return None if p is None or math.isnan(p) else round(round(p / P_STEP) * P_STEP, 2)


def public_block(one: PublicMap) -> dict[str, Any]:
    """The edition, its cautions, its reports as cells and its reasons."""
    reports = _recent(one)
    cells = sorted({report.cell for report in reports} | {why.cell for why in one.whys})
    numbers = {cell: k for k, cell in enumerate(cells)}
    return {
        "id": one.id,
        "number": one.number,
        "made_at": utc_text(one.made_at),
        "delay_hours": one.delay / timedelta(hours=1),
        "moved_km_95": one.moved_km,
        "moved_spans": one.moved_n,
        "moved_from": one.moved_from,
        "cell_km": one.cell_km,
        "corrects": one.corrects,
        "reason": one.reason,
        "without_second_name": one.bypass is not None,
        "elsewhere": False,
        "looked": True,
        "not_before": {name: utc_text(when) for name, when in sorted(one.not_yet.items())},
        "grid": cell_grid(cells, crs=one.sheet.field.grid.crs, km=one.cell_km).record,
        "cells": [list(cell) for cell in cells],
        "reports_days": RECENT_DAYS,
        "reports": None if one.reports is None else [_report(told, numbers) for told in reports],
        "why": [_why(one, told, place, numbers) for place, told in enumerate(one.whys)],
        "changes": one.changes,
        "places": [place_words(one, told) for told in one.places],
        **mapper_heads(one.mappers, as_of=one.sheet.as_of),
    }


# Reports and reasons


def _recent(one: PublicMap) -> list[PublicReport]:
    """The reports of late, and those that a reason or a change names."""
    since = f"{one.sheet.as_of - timedelta(days=RECENT_DAYS):%Y-%m-%d}"
    named = {reason.report for why in one.whys for reason in why.reasons}
    named |= {number for line in one.changes["lines"] for number in line["reports"]}
    return [told for told in one.reports or () if told.day >= since or told.number in named]


def _report(told: PublicReport, numbers: Mapping[Cell, int]) -> list[Any]:
    """number, cell, day, kind, seen, reliability, credibility, link: a row, for there are thousands."""
    graded = [told.reliability, told.credibility]
    return [told.number, numbers[told.cell], told.day, told.kind, told.seen, *graded, told.link]


def _why(one: PublicMap, told: PublicWhy, place: int, numbers: Mapping[Cell, int]) -> list[Any]:
    """place, cell, status, since, seen within days, rests on, reasons, last seen; cells have no place and come last."""
    reasons = [[r.report, r.toward, r.strength] for r in told.reasons] if one.reports is not None else []
    at = [None if told.name is None else place, numbers[told.cell]]
    return [*at, told.status, told.since, told.seen_within_days, told.rests_on, reasons, told.last_seen]


# Settlements


def place_words(one: PublicMap, told: PublicPlace) -> dict[str, Any]:
    """What is said of a settlement; what is not known is left out."""
    own = [row for row in one.places if row.name == told.name]
    number = next(k for k, row in enumerate(own) if row is told)
    here = [claim for claim in one.claims if (claim.place, claim.namesake) == (told.name, number)]
    newest = max((claim for claim in here if claim.about == REMAINING), key=lambda claim: claim.said, default=None)
    words = {
        "front_km": told.front_km,
        "front_km_before": told.front_km_before,
        "before": told.before,
        "routes": told.routes,
        "routes_change": told.routes_change,
        "neck_km": told.neck_km,
        "rung": told.rung,
        "enclosure": dict(told.enclosure) or None,
        "population": told.population,
        "civilians": None if newest is None else claim_words(newest) | {"age_days": _age_days(one, newest)},
        "claims": [claim_words(claim) for claim in sorted(here, key=lambda claim: claim.said, reverse=True)] or None,
    }
    return {key: value for key, value in words.items() if value is not None}


def _age_days(one: PublicMap, claim: PublicClaim) -> int:
    return (one.sheet.as_of.date() - date.fromisoformat(claim.for_day or claim.said)).days


def claim_words(told: PublicClaim) -> dict[str, Any]:
    """A claim as files tell it; what was not said is left out."""
    words = {
        "about": told.about,
        "unit": told.unit or None,
        "low": told.low,
        "high": told.high,
        "bound": told.bound if told.low is not None else None,
        "status": told.status,
        "side": told.side,
        "against": told.against,
        "said": told.said,
        "for_day": told.for_day,
        "by": told.by,
        "interest": told.interest,
        "grade": [told.reliability, told.credibility],
        "link": told.link,
        "revised": told.revised or None,
    }
    return {key: value for key, value in words.items() if value is not None}


# Layers on cells


def _pockets(one: PublicMap, digits: int) -> list[Feature]:
    """As in the picture: the pockets with a settlement inside that lie in no larger one."""
    found = [told for told in one.pockets or () if told["inside"]]
    grounds = [told["ground"] for told in found]
    return [
        _pocket(one, told, digits)
        for k, told in enumerate(found)
        if not any(
            shapely.intersection(told["ground"], other).area > HALF * told["ground"].area for other in grounds[:k]
        )
    ]


def _pocket(one: PublicMap, told: Mapping[str, Any], digits: int) -> Feature:
    east, north = np.array(told["tips_km"], float).reshape(-1, 2).T
    lon, lat = to_lonlat(east, north, crs=one.sheet.field.grid.crs)
    tips = [[round(float(x), digits), round(float(y), digits)] for x, y in zip(lon, lat, strict=True)]
    rules = [rule | {"sampled": None, "p_under_5": None, "p_cut_off": None} for rule in told["rules"]]
    placed = _placed(one, told["ground"], digits)
    words = {
        "side": told["side"],
        "km2": told["km2"],
        "chord": tips,
        "tips": tips,
        "inside": numbers_inside(told["inside"], [status.settlement for status in one.sheet.settlements], placed),
        "rules": rules,
    }
    return Feature(placed, words)


def _interdicted(one: PublicMap, digits: int) -> list[Feature]:
    """Each side's cells of a like level as one feature, then what nobody looked at."""
    joined: dict[tuple[str, int], list[shapely.Geometry]] = {}
    for told in one.interdicted or ():
        joined.setdefault((told["side"], told["level"]), []).append(told["box_km"])
    found = [
        Feature(_placed(one, shapely.union_all(boxes), digits), {"side": side, "level": level})
        for (side, level), boxes in sorted(joined.items())
    ]
    if one.unlooked is not None and not one.unlooked.is_empty:
        found.append(Feature(_placed(one, one.unlooked, digits), {"side": None, "level": 0}))
    return [feature for feature in found if not feature.geometry.is_empty]


def _placed(one: PublicMap, shape: shapely.Geometry, digits: int) -> shapely.Geometry:
    """In degrees and inside the theatre's bounds, where the page's drawing ends."""
    degrees = in_lonlat(shape, crs=one.sheet.field.grid.crs, digits=digits)
    inside = shapely.intersection(degrees, shapely.box(*one.sheet.theatre.bounds), grid_size=10.0**-digits)
    return only(inside, dimension=2)
