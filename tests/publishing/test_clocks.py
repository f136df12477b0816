"""What a reader could tell from clock times, from the order of the ledger, and from what a layer still keeps back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from engine_war import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing_war import DAY, NOW, approve, begun, features, made, released, row

from isofront.engine.agreed import lying_in
from isofront.engine.inputs import read_inputs
from isofront.engine.public import public_reports
from isofront.evidence.report import Interval, Kind, Link, Report
from isofront.ground.grid import to_lonlat
from isofront.publish.coarse import coarsened
from isofront.publish.policy import terms_of

CRS = "EPSG:32634"
MINUTES = st.integers(0, 24 * 60 - 1)
WEEK = "\n[policy]\ndelay_h_by_layer = { reports = 240 }\n"


def at(minute: int, *, name: str = "a", lon: float = 20.1, error_m: float = 60.0) -> Report:
    """Seen at one minute of a day; each name is another source's."""
    then = datetime(2024, 5, 20, tzinfo=UTC) + timedelta(minutes=minute)
    link = (Link("https://example.org/one"),)
    return Report(
        name, f"source {name}", Kind.POSITION, "red", None, lon, 50.1, error_m, Interval(then, then), then, then,
        links=link if error_m > 1000 else (),
    )  # fmt: skip


@settings(max_examples=30)
@given(MINUTES, MINUTES, MINUTES, MINUTES, st.sampled_from([60.0, 1500.0]), st.floats(0, 900))
def test_two_reports_of_one_cell_and_day_are_one_event_or_two_whatever_the_clock_says(a, b, c, d, error_m, more):
    one, other = at(a, error_m=error_m), at(b, name="b", error_m=error_m)
    again = at(c, error_m=error_m + more), at(d, name="b", error_m=error_m)
    known = [replace(told, known_at=one.known_at) for told in (one, other, *again)]
    first, second = coarsened(known[:2], crs=CRS, km=1.0), coarsened(known[2:], crs=CRS, km=1.0)
    assert [len({told.group for told in some}) for some in (first, second)] == [1, 1]
    assert [replace(told, group="") for told in first] == [replace(told, group="") for told in second]


def test_numbers_of_reports_that_look_alike_do_not_say_which_was_recorded_first(plain_war):
    terms = terms_of(released(plain_war).inputs.ground.theatre, NOW)
    some = [at(9, name=f"n{k}") for k in range(12)]
    told = public_reports(some, terms, crs=CRS, km=1.0)
    assert {name: one.number for name, one in told.items()} == {
        name: one.number for name, one in public_reports(some[::-1], terms, crs=CRS, km=1.0).items()
    }
    assert [told[one.id].number for one in some] != list(range(1, 13))


def test_a_list_of_reports_leaves_no_gaps_and_names_none_that_it_still_keeps_back(tmp_path):
    fresh = [row(f"f{k}", 20.13 + k / 400, 50.04, day="2024-05-24") for k in range(6)]
    war = begun(tmp_path, reports=[*rows(20, lon=20.15, lat=50.03), *fresh], policy=WEEK)
    approve(war)
    open_ = made(war, now=DAY + timedelta(days=10, hours=1)).files
    told = [one["properties"] for one in features(open_, "reports")]
    assert 0 < len(told) < 26
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))
    numbers = {one["number"] for one in told}
    whys, changes = json.loads(open_["why.json"]), json.loads(open_["changes.json"])
    assert {reason["report"] for place in whys["places"] for reason in place["reasons"]} <= numbers
    assert {number for line in changes["lines"] for number in line["reports"]} <= numbers
    shut = json.loads(made(war).files["changes.json"])
    assert shut["lines"]
    assert [line["reports"] for line in shut["lines"]] == [[] for _ in shut["lines"]], "not even how many there are"


def test_where_the_bounds_cut_a_cell_its_reports_are_put_right_together(plain_war):
    ground = released(plain_war).inputs.ground
    west = ground.frame.bounds[0]
    column = int(west // 1)
    inside, outside = west + 0.02, west - 0.02
    assert column < outside < inside < column + 1, "the invented bounds do cut their cells"
    lon, lat = to_lonlat(np.array([inside, outside]), np.array([5556.5, 5556.5]), crs=CRS)
    some = [
        replace(at(0, name=str(k)), lon=float(x), lat=float(y)) for k, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]
    cell = shapely.intersection(shapely.box(column, 5556, column + 1, 5557), ground.frame)
    assert lying_in(some, cell, ground) == {"0", "1"}
    assert lying_in(some, shapely.box(column + 1, 5556, column + 2, 5557), ground) == frozenset()


def test_what_editors_said_acts_from_a_full_hour_on_so_that_an_edition_of_that_hour_can_be_made_again(
    plain_war, monkeypatch
):
    """A delay that ended within an hour would tell the minute in which somebody spoke."""
    asked = []
    real = read_inputs
    monkeypatch.setattr(
        "isofront.engine.publish.read_inputs", lambda *args, **more: asked.append(more["now"]) or real(*args, **more)
    )
    release = released(plain_war, now=NOW.replace(minute=59))
    assert asked == [release.terms.now] == [NOW.replace(minute=0)]
