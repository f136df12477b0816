"""What needs a look: at the front, past its review date, and never anybody's by that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from small_war import GRID, field, lonlat, report

from isofront.control.overdue import needs_a_look
from isofront.theatre.model import Settlement

WHOLE = shapely.box(*GRID.box_km)


def town(name: str, east: float, north: float) -> Settlement:
    return Settlement({"en": name}, lonlat(GRID.west_km + east, GRID.south_km + north))


@pytest.fixture(scope="module")
def told():
    return field([report("a", 15.0, 15.0, day=18.0), report("b", 15.0, 5.0, day=1.0)], as_of=30.0, known_by=31.0)


def asked(told, *, review_days: float = 21.0, frame=WHOLE):
    towns = [town("Seen", 14.6, 15.0), town("Stale", 14.6, 5.0), town("Never", 14.6, 25.0), town("Rear", 29.0, 25.0)]
    return needs_a_look(told, frame=frame, settlements=towns, review_days=review_days)


def test_towns_at_the_front_are_listed_longest_unseen_first(told):
    found = asked(told)["settlements"]
    assert [one["name"] for one in found] == ["Never", "Stale"]
    assert [one["days"] for one in found] == [None, 29.0]
    assert [one["name"] for one in asked(told, review_days=40.0)["settlements"]] == ["Never"]


def test_watched_ground_that_is_silent_and_sure_is_not_asked_about(told):
    """Silence speaks where somebody looks; where nobody can, or nobody is sure, the date does."""
    held = np.stack([np.full(GRID.shape, 0.97), np.full(GRID.shape, 0.01)]).astype(np.float32)
    sure = replace(told, p_held=held, unobserved=np.zeros(GRID.shape, np.float32))
    assert asked(sure)["area_km2"] == 0
    blind = replace(sure, unobserved=np.full(GRID.shape, 0.6, np.float32))
    found = asked(blind)
    assert {name for one in [*found["settlements"], *found["areas"]] for name in one["because"]} == {"unobserved"}
    open_question = replace(sure, p_held=np.stack([held[0] * 0.6, held[1]]))
    found = asked(open_question)
    assert {name for one in [*found["settlements"], *found["areas"]] for name in one["because"]} == {"undecided"}


def test_areas_hold_what_was_not_seen_and_lie_where_they_say(told):
    found = asked(told)
    assert found["areas"]
    assert sum(one["km2"] for one in found["areas"]) <= found["area_km2"] + 1e-6
    for one in found["areas"]:
        cell = GRID.cell_of(*GRID.to_km(one["lon"], one["lat"]))
        assert cell is not None
        assert told.p_held.max(axis=0)[cell] < 1


def test_a_field_that_was_not_asked_lists_nothing(told):
    found = asked(replace(told, last_look_days=None))
    assert (found["settlements"], found["areas"], found["area_km2"]) == ([], [], 0.0)


def test_nothing_is_overdue_where_one_side_surely_holds_all(told):
    sure = replace(told, p_held=np.stack([np.ones(GRID.shape), np.zeros(GRID.shape)]).astype(np.float32))
    assert asked(sure)["area_km2"] == 0


def test_what_lies_at_sea_or_past_the_bounds_is_not_asked_about(told):
    west, south, east, _ = GRID.box_km
    dry = shapely.box(west, south, east, south + 10.0)
    found = asked(told, frame=dry)
    assert [one["name"] for one in found["settlements"]] == ["Stale"]
    assert found["areas"]
    assert all(GRID.to_km(one["lon"], one["lat"])[1] < south + 10.0 for one in found["areas"])
    at_sea = asked(told, frame=shapely.box(west, south + 10.0, east, GRID.box_km[3]))
    assert found["area_km2"] + at_sea["area_km2"] == pytest.approx(asked(told)["area_km2"], abs=0.01)
