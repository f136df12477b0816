"""Reports as arrays, on the flat map and in days: what inference reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.control.weigh import N_CATEGORIES, categories
from isofront.evidence.report import Posture, Report
from isofront.ground.grid import Grid, to_km

REPOST_WEIGHT = 0.2
"""What a near-duplicate adds to the report it repeats."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports in a fixed order (known time, then id). `days` since the anchor: when it happened, when it was known.

    `category` is -1 for a report that says nothing about who is where. `stays` is how long who was seen stays, as a
    multiple of what is usual: vehicles on the move are soon gone, the dug-in are not.
    """

    ids: tuple[str, ...]
    at_km: Float[np.ndarray, "n 2"]
    happened_days: Float[np.ndarray, " n"]
    known_days: Float[np.ndarray, " n"]
    category: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    error_km: Float[np.ndarray, " n"]
    stays: Float[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def in_table(self) -> Bool[np.ndarray, " n"]:
        """Which the observation table has a row for: those that tell who is where, but for an editor's word."""
        return np.asarray((self.category >= 0) & (self.category < N_CATEGORIES))

    def digest(self, before: bytes = b"") -> bytes:
        """Equal for equal reports after equal others: what a kept answer is filed under."""
        found = sha256(before)
        found.update("\0".join(self.ids).encode())
        for one in (self.at_km, self.happened_days, self.known_days, self.category, self.weight, self.error_km):
            found.update(one.tobytes())
        return found.digest()

    def and_(self, other: Batch) -> Batch:
        """These, then others."""
        columns = (name for name in Batch.__dataclass_fields__ if name != "ids")
        both = (np.concatenate([getattr(self, name), getattr(other, name)]) for name in columns)
        return Batch((*self.ids, *other.ids), *both)

    def where(self, chosen: Bool[np.ndarray, " n"]) -> Batch:
        """The reports chosen; what it takes follows from how many they are."""
        rows = np.flatnonzero(chosen)
        if len(rows) == len(self.ids):
            return self
        in_a_row = len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows)
        some = slice(int(rows[0]), int(rows[-1]) + 1) if in_a_row else rows
        ids = self.ids[some] if isinstance(some, slice) else tuple([self.ids[row] for row in rows.tolist()])
        columns = (name for name in Batch.__dataclass_fields__ if name != "ids")
        return Batch(ids, *(getattr(self, name)[some] for name in columns))


def batch(reports: Sequence[Report], *, grid: Grid, sides: tuple[str, str], anchored: datetime) -> Batch:
    """Reports that lie on the grid, as arrays; the order they come in does not matter."""
    ordered = sorted(reports, key=lambda report: (report.known_at, report.id))
    lonlat = np.array([(report.lon, report.lat) for report in ordered], float).reshape(-1, 2)
    at_km = np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=grid.crs))
    whole = Batch(
        tuple(report.id for report in ordered),
        at_km,
        np.array([_middle_day(report, anchored) for report in ordered], float),
        np.array([(report.known_at - anchored) / DAY for report in ordered], float),
        categories(ordered, sides=sides),
        _weights(ordered),
        np.array([report.error_m / 1000 for report in ordered], float),
        np.array([stays(report) for report in ordered], float),
    )
    return whole.where(_on_grid(grid, at_km))


def _middle_day(report: Report, anchored: datetime) -> float:
    happened = report.happened
    return (happened.start + (happened.end - happened.start) / 2 - anchored) / DAY


POSTURE_STAYS = {Posture.MOVING: 0.8, Posture.HOLDING: 1.2, Posture.DUG_IN: 2.0}
VEHICLE_STAYS = 0.6
"""Vehicles that were seen are gone sooner than people: silence afterwards speaks against them."""
_VEHICLES = re.compile(r"\b(?:vehicle|tank(?:er)?|truck|armou?r(?:ed)?|ifv|apc|bmp|car|motorcycle|atv|quad)s?(?:\b|\d)")


def stays(report: Report) -> float:
    """How long those seen stay, as a multiple of the usual: by posture, and less for vehicles that are not dug in."""
    factor = 1.0 if report.posture is None else POSTURE_STAYS.get(report.posture, 1.0)
    vehicle = _VEHICLES.search((report.target or "").casefold())
    return factor * (VEHICLE_STAYS if vehicle and report.posture is not Posture.DUG_IN else 1.0)


def _weights(ordered: Sequence[Report]) -> Float[np.ndarray, " n"]:
    """1 for the first known of each group of near-duplicates, little for the others."""
    met: set[str] = set()
    weights = np.ones(len(ordered))
    for number, report in enumerate(ordered):
        group = report.group or report.id
        if group in met:
            weights[number] = REPOST_WEIGHT
        met.add(group)
    return weights


def _on_grid(grid: Grid, at_km: Float[np.ndarray, "n 2"]) -> Bool[np.ndarray, " n"]:
    west, south, east, north = grid.box_km
    with np.errstate(invalid="ignore"):
        inside = (at_km >= (west, south)).all(axis=1) & (at_km <= (east, north)).all(axis=1)
    return np.asarray(inside)
