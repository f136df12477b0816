"""Closed windows are kept so that days share work; neither what is kept nor the order of days changes a bit."""

from __future__ import annotations

from numpy.testing import assert_array_equal
from small_war import GRID, SIDES, START, model, reports

from isofront.control import batch, show
from isofront.control import posterior as posteriors


def test_days_in_any_order_and_little_room_give_the_map_of_a_fresh_model(monkeypatch):
    monkeypatch.setattr(posteriors, "KEPT_CELLS", 0)
    told = batch(reports(3, 60, days=30.0), grid=GRID, sides=SIDES, anchored=START)
    kept = model()
    for day in (30.0, 9.0, 23.0):
        fresh, again = (one.posterior(told, as_of=day, known_by=day + 1) for one in (model(), kept))
        assert_array_equal(again.mean(), fresh.mean())
        assert_array_equal(show(again, SIDES).p_held, show(fresh, SIDES).p_held)
        assert len(again.windows) == len(fresh.windows)


def test_a_kept_day_is_not_fitted_again():
    said: list[str] = []
    told, of = batch(reports(3, 60, days=30.0), grid=GRID, sides=SIDES, anchored=START), model()
    of.progress = said.append
    for _ in range(2):
        of.posterior(told, as_of=20.0, known_by=21.0)
    assert len(said) == 2
