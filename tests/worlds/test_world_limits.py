"""Where a world breaks the model's assumptions, the map soon says so, and is less confidently wrong there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from isofront import worlds
from isofront.control import Anchored, Field, Model, batch, show
from isofront.control.limits import at_its_limits, limits
from isofront.evidence.report import Report

DAYS, RATE = 14, 12.0
SEEDS = {"rapid_advance": 3, "air_landing": 3}

pytestmark = pytest.mark.slow


@lru_cache(maxsize=4)
def world(preset: str) -> worlds.Scenario:
    return worlds.invented(preset, seed=SEEDS[preset], n_days=DAYS, per_day_100km=RATE)


def originals(reports: tuple[Report, ...]) -> list[Report]:
    """Without what names an earlier post: reposts are found by `add`."""
    seen: dict[str, Report] = {}
    for report in reports:
        seen.setdefault(report.links[0].url, report)
    return list(seen.values())


def maps(preset: str, day: float) -> tuple[Field, Field]:
    """The field of a day before and after the marks."""
    course, told = world(preset).course, originals(world(preset).reports)
    started = course.starts
    anchor = Anchored(np.clip(course.distance_km(0)[0].astype(float), -40.0, 40.0), 0)
    at = world(preset).theatre.anchor.date
    assert at.date() == started
    items = batch(told, grid=course.grid, sides=course.sides, anchored=at)
    fit = Model(course.grid, anchor).posterior(items, as_of=day, known_by=day + 1)
    before = show(fit, course.sides)
    return before, at_its_limits(before, limits(fit, sources={one.id: one.source for one in told}))


def began(preset: str) -> float:
    first = world(preset).moves_csv.decode().splitlines()[1].split(",")[1]
    return (np.datetime64(first[:-1]) - np.datetime64(world(preset).course.starts)) / np.timedelta64(1, "D")


def wrong_km2(field: Field, preset: str, day: float) -> float:
    held = world(preset).course.distance_km(day)[0] > 0
    p = field.control[0]
    return float((held & (p < 0.1)).sum() * field.grid.cell_km**2)


@pytest.mark.parametrize("preset", SEEDS)
def test_what_breaks_the_model_is_marked_soon_and_nothing_before(preset: str) -> None:
    start = began(preset)
    assert maps(preset, np.floor(start))[1].stretches == ()
    soon = float(np.ceil(start))
    assert maps(preset, soon)[1].stretches
    before, after = maps(preset, soon + 1)
    assert all(one.side == 0 for one in after.stretches)
    assert min(one.since_days for one in after.stretches) >= start - 1
    assert wrong_km2(after, preset, soon + 1) < 0.6 * wrong_km2(before, preset, soon + 1)
