"""What the page says of one edition: its number, delay and caution, reports as cells, reasons in words.

Everything here stands in the edition's other files too. Reports and reasons name their cell by its number in `cells`,
so that a cell's corners are written once; the page puts the words together in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import shapely

from isofront.publish.coarse import Cell, cell_box
from isofront.publish.lonlat import in_lonlat
from isofront.publish.public_map import PublicMap, PublicReport, PublicWhy
from isofront.publish.stamp import utc_text

P_STEP = 0.05
"""Probabilities of settlements are told in such steps."""


def public_date(date: Mapping[str, Any], one: PublicMap, *, digits: int) -> dict[str, Any]:
    """One date of the page's document as the public sees it: stepped probabilities, and the edition's own block."""
    return dict(date) | {
        "status": [told | {"p": stepped(told["p"])} for told in date["status"]],
        "public": public_block(one, digits=digits),
    }


def stepped(p: float | None) -> float | None:
    """A probability to the nearest twentieth."""
    return None if p is None else round(round(p / P_STEP) * P_STEP, 2)


def public_block(one: PublicMap, *, digits: int) -> dict[str, Any]:
    """The edition, its cautions, its reports as cells and its reasons."""
    cells = sorted({report.cell for report in one.reports or ()} | {why.cell for why in one.whys})
    numbers = {cell: k for k, cell in enumerate(cells)}
    return {
        "id": one.id,
        "number": one.number,
        "made_at": utc_text(one.made_at),
        "delay_hours": one.delay / timedelta(hours=1),
        "moved_km_95": one.moved_km,
        "cell_km": one.cell_km,
        "corrects": one.corrects,
        "reason": one.reason,
        "without_second_name": one.bypass is not None,
        "elsewhere": False,
        "looked": one.sheet.field.last_look_days is not None,
        "not_before": {name: utc_text(when) for name, when in sorted(one.not_yet.items())},
        "cells": [_corners(one, cell, digits) for cell in cells],
        "reports": None if one.reports is None else [_report(told, numbers) for told in one.reports],
        "why": [_why(one, told, place, numbers) for place, told in enumerate(one.whys)],
    }


def _corners(one: PublicMap, cell: Cell, digits: int) -> list[list[float]]:
    """A cell's corners in degrees, without the first again at the end."""
    shape = in_lonlat(cell_box(cell, km=one.cell_km), crs=one.sheet.field.grid.crs, digits=digits)
    ring = shapely.get_coordinates(shape)[:-1]
    return [[round(float(lon), digits), round(float(lat), digits)] for lon, lat in ring]


def _report(told: PublicReport, numbers: Mapping[Cell, int]) -> list[Any]:
    """number, cell, day, kind, seen, reliability, credibility, link: a row, for there are thousands."""
    graded = [told.reliability, told.credibility]
    return [told.number, numbers[told.cell], told.day, told.kind, told.seen, *graded, told.link]


def _why(one: PublicMap, told: PublicWhy, place: int, numbers: Mapping[Cell, int]) -> list[Any]:
    """place, cell, status, since, seen within days, rests on, reasons; settlements come first, cells have no place."""
    reasons = [[r.report, r.toward, r.strength] for r in told.reasons] if one.reports is not None else []
    at = [None if told.name is None else place, numbers[told.cell]]
    return [*at, told.status, told.since, told.seen_within_days, told.rests_on, reasons]


def without_reasons(date: Mapping[str, Any]) -> dict[str, Any]:
    """A date whose reports and reasons are read on its edition's own page: a page over many editions stays light."""
    told = date.get("public")
    if not told:
        return dict(date)
    return dict(date) | {"public": dict(told) | {"cells": [], "reports": [], "why": [], "elsewhere": True}}
