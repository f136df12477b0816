"""Where to look: one sighting imagined is what one sighting does, and doubt and silence are told apart."""

from __future__ import annotations

import numpy as np
import pytest
from contested import DAY
from hypothesis import given
from hypothesis import strategies as st
from review_editors import drafted

from isofront.control import batch
from isofront.control.weigh import plain_table
from isofront.desk import look
from isofront.evidence.report import Interval, Kind, Report


@pytest.fixture(scope="module")
def draft(contested):
    return drafted(contested, DAY)


@given(st.integers(-600, 600).map(lambda n: n / 100), st.integers(2, 900).map(lambda n: n / 100))
def test_what_is_expected_after_a_sighting_is_what_is_believed_before_it(mean, variance):
    found = look.outcomes(plain_table(), mean, variance)
    assert sum(weight for weight, _, _ in found) == pytest.approx(1)
    assert sum(weight * moved for weight, moved, _ in found) == pytest.approx(mean, abs=1e-9)
    square = sum(weight * (left + moved**2) for weight, moved, left in found)
    assert square - mean**2 == pytest.approx(variance, rel=1e-6)


def sighting(draft, spot, side):
    lon, lat = draft.field.grid.to_lonlat(*spot)
    return Report(
        id="x", source="", kind=Kind.POSITION, seen=side, by=None, lon=lon, lat=lat, error_m=100.0,
        happened=Interval(draft.as_of, draft.as_of), published_at=None, known_at=draft.as_of, reliability="B",
        credibility=2,
    )  # fmt: skip


def test_an_imagined_sighting_moves_the_map_as_a_real_one_does(draft):
    now, stretch = look.Now.of(draft.posterior), look.stretches(draft)[0]
    cell = draft.field.grid.cell_of(*stretch.spot)
    about = look._cells_about(draft, stretch.spot)
    share = look.shares(draft.posterior, cell, about)
    outcomes = look.outcomes(draft.posterior.windows[-1].table, float(now.depth[cell]), float(now.variance[cell]))
    for side, (_, moved, _) in zip(draft.field.sides, outcomes, strict=True):
        told = [sighting(draft, stretch.spot, side)]
        items = batch(told, grid=draft.ground.grid, sides=draft.field.sides, anchored=draft.ground.anchor.date)
        after = draft.posterior.with_reports(items)
        real = (after.mean() - draft.posterior.mean())[about[:, 0], about[:, 1]]
        guess = share * (moved - now.depth[cell])
        assert np.corrcoef(real, guess)[0, 1] > 0.98
        assert np.abs(guess).max() == pytest.approx(np.abs(real).max(), rel=0.25)


def test_stretches_come_with_what_settles_most_first_and_none_makes_the_map_worse(draft):
    found = look.stretches(draft)
    gains = [one.settles_km2 for one in found]
    assert gains == sorted(gains, reverse=True)
    assert all(0 <= one.settles_km2 <= one.unsure_km2 for one in found)
    length = sum(one.line.length for one in found)
    assert length == pytest.approx(look.STRETCH_KM * len(found), rel=0.3)


def test_the_page_is_told_how_long_nobody_looked(draft):
    told = look.look_document(draft, look.stretches(draft))
    late = sorted(told["stretches"], key=lambda one: one["rank_late"])
    ages = [np.inf if one["look_days"] is None else one["look_days"] for one in late]
    assert ages == sorted(ages, reverse=True)
    assert told["review_days"] == 21
    assert told["stretches"][0]["near"]["en"].endswith("Midtown")


def test_a_sure_line_has_less_to_settle(draft):
    unsure, sure = look.stretches(draft)[0], look.stretches(draft)[-1]
    assert unsure.settles_km2 > sure.settles_km2
    assert unsure.unsure_km2 > sure.unsure_km2
