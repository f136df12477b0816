"""The invented war as a published edition: reports as cells, reasons in words."""

from __future__ import annotations

from typing import Any

from invented_war import PLACES, invented_war

ALDER = PLACES[0][2:4]
CELL = (10.5, 50.3)
"""The middle of a cell with reports and a reason of its own, away from any settlement."""


def public_war(n_dates: int = 3) -> dict[str, Any]:
    """The document that `publish` gives the page, with an edition for each date."""
    data = invented_war(n_dates)
    dates = [_public(date, k + 1) for k, date in enumerate(data["dates"])]
    return data | {"dates": dates, "stamp": ["PUBLIC", "SIMULATED"], "report_index": []}


def _public(date: dict[str, Any], number: int) -> dict[str, Any]:
    empty = {"type": "FeatureCollection", "features": []}
    block = {
        "id": f"000{number}-{date['as_of'][:10]}", "number": number, "made_at": date["as_of"], "delay_hours": 72.0,
        "moved_km_95": 2.5, "cell_km": 1.0, "corrects": None, "reason": "", "without_second_name": False,
        "elsewhere": False, "looked": False, "not_before": {"interdicted": "2031-07-01T00:00:00Z"},
        "cells": [_square(*ALDER), _square(*CELL)],
        "reports": [
            [1, 1, "2031-05-02", "position", "south", "B", 2, "https://example.org/seen"],
            [2, 1, "2031-05-03", "<img src=x>", "north", "F", 6, "javascript:alert(1)"],
            [3, 0, "2031-05-01", "flag", "south", "A", 1, None],
        ],
        "why": [
            [0, 0, "grey", None, None, 2, [[3, "south", "strong"], [2, "north", "weak"]]],
            [None, 1, "held_south", "2031-05-20", 7, None, [[1, "south", "moderate"]]],
        ],
    }  # fmt: skip
    more = {"state": "edition", "why": None, "reports": empty, "changed_since": "edition", "public": block}
    return date | more


def _square(lon: float, lat: float) -> list[list[float]]:
    return [[lon + dx, lat + dy] for dx, dy in ((-0.007, -0.0045), (-0.007, 0.0045), (0.007, 0.0045), (0.007, -0.0045))]
