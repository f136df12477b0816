"""Why a spot is what it is, at the desk: parts sum to the whole, taking back is a fit, times can be travelled."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from contested import DAY, LATE, answer
from engine_war import add, rows
from hypothesis import given
from hypothesis import strategies as st

from isofront.control.flip import Chance
from isofront.control.link import Link
from isofront.desk.why import p_per_km

SPOT = [20.17, 50.05]
km = st.integers(-400, 400).map(lambda n: n / 100)


@pytest.fixture
def war(contested, tmp_path):
    return shutil.copytree(contested, tmp_path / "war")


def asked(caller, **more):
    return caller.post("/api/why", {"at": SPOT, "as_of": DAY, **more})


def test_prior_and_parts_sum_to_the_depth_and_to_the_probability(caller):
    told = asked(caller)
    assert told["prior_km"] + sum(one["km"] for one in told["parts"]) == pytest.approx(told["latent_km"], abs=2e-3)
    assert told["prior_p"] + sum(one["p"] for one in told["parts"]) == pytest.approx(told["p"], abs=2e-3)
    sizes = [abs(one["km"]) for one in told["parts"]]
    assert sizes == sorted(sizes, reverse=True)
    assert told["shown"]["control_red"] == pytest.approx(told["p"], abs=2e-3)


def test_parts_past_the_largest_are_told_as_a_sum(caller, monkeypatch):
    from isofront.desk import why

    monkeypatch.setattr(why, "MOST_PARTS", 3)
    told = asked(caller)
    assert (len(told["parts"]), told["others"]["n"]) == (3, 17)
    whole = told["prior_km"] + sum(one["km"] for one in told["parts"]) + told["others"]["km"]
    assert whole == pytest.approx(told["latent_km"], abs=2e-3)


def test_a_part_brings_its_post(caller):
    part = next(one for one in asked(caller)["parts"] if one["id"] == "red0")
    assert part["links"] == ["https://t.me/alder_watch_tv/1"]
    assert part["note"].startswith("SIMULATED")
    assert part["toward"] == "red"


def test_without_a_report_the_map_is_the_one_that_never_knew_it(caller, war, desk_at, tmp_path):
    name = asked(caller)["parts"][0]["id"]
    told = caller.post("/api/why/without", {"at": SPOT, "as_of": DAY, "ids": [name]})
    from isofront.cli import main

    never = shutil.copytree(war, tmp_path / "never")
    assert main(["retract", name, "--theatre", str(never), "--reason", "left out"]) == 0
    known = {"known_by": "2100-01-01"}
    other = asked(desk_at(never, now=LATE), **known)
    here = caller.post("/api/why/without", {"at": SPOT, "as_of": DAY, "ids": [name], **known})
    assert here["latent_km"][1] == pytest.approx(other["latent_km"], abs=0.02)
    assert here["p"][1] == pytest.approx(other["p"], abs=0.005)
    assert told["p"][1] != told["p"][0]


def test_without_all_reports_the_spot_lies_where_the_anchor_has_it_and_the_line_says_so(caller):
    ids = [f"red{k}" for k in range(20)]
    told = caller.post("/api/why/without", {"at": SPOT, "as_of": DAY, "ids": ids})
    assert told["flips"]
    assert told["km2"] > 1
    assert told["ground"]["type"] in ("Polygon", "MultiPolygon")


def test_what_is_no_spot_or_no_report_is_refused(caller):
    for body, words in (
        ({"at": [200, 50], "as_of": DAY}, "no spot"),
        ({"at": [0, 0], "as_of": DAY}, "outside"),
        ({"at": "here", "as_of": DAY}, "at"),
        ({"at": SPOT, "as_of": "2000-01-01"}, "before the anchor"),
    ):
        status, _, problem = caller.settled("POST", "/api/why", body)
        while status == 202:
            status, _, problem = caller.settled("POST", "/api/why", body)
        assert (status, words in problem["detail"]) == (400, True), problem
    for ids in ([], ["nobody"], [f"r{k}" for k in range(300)]):
        caller.get(f"/api/queue?as_of={DAY}")
        assert caller.settled("POST", "/api/why/without", {"at": SPOT, "as_of": DAY, "ids": ids})[0] == 400


def test_one_day_is_told_as_it_was_known_at_two_moments(caller, war):
    add(war, [one | {"id": f"late{k}"} for k, one in enumerate(rows(4, lon=20.17, lat=50.2, day=8))], name="late.csv")
    told = caller.get(f"/api/why/between?as_of={DAY}&known_by=2024-05-12&and=2024-05-26")
    assert told["came"]["n"] > 4
    assert {one["id"] for one in told["came"]["reports"]} >= {"red12"}
    assert told["km2"] > 0
    assert told["pieces"][0]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    status, _, problem = caller.ask("GET", f"/api/why/between?as_of={DAY}&known_by=2024-05-26&and=2024-05-12")
    assert (status, "earlier first" in problem["detail"]) == (400, True)


def test_a_decision_made_between_two_moments_is_told(caller):
    listed = caller.get(f"/api/queue?as_of={DAY}")
    caller.post("/api/queue/answer", answer(listed, "reject", listed["proposals"][0]["id"]))
    told = caller.get(f"/api/why/between?as_of={DAY}&known_by=2024-05-25&and=2024-05-26")
    assert [one["verdict"] for one in told["decided"]] == ["reject"]


@given(km, km, st.integers(5, 300).map(lambda n: n / 100), st.integers(0, 99).map(lambda n: n / 100))
def test_parts_of_a_probability_sum_to_it_whatever_the_curve(prior, depth, spread, stands):
    chance = Chance(Link(), prior, depth, spread, stands)
    whole = chance.p(depth) - chance.p(prior)
    assert p_per_km(chance, prior) * (depth - prior) == pytest.approx(whole, abs=1e-3)
    near = Chance(Link(), prior, prior, spread, stands)
    assert np.isfinite(p_per_km(near, prior))
