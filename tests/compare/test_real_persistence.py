"""The old map kept, against a real mapper's own later maps: the loss that any map must undercut."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.compare import (
    Scorecard,
    Trial,
    held_cells_lonlat,
    midnight,
    read_truth,
    scored_ground,
    scored_persistence,
)
from isofront.ground.grid import Bounds, Grid

AREAS = {
    "pokrovsk": Bounds(36.4, 47.9, 38.1, 48.9),
    "kupiansk": Bounds(37.35, 49.45, 38.05, 49.95),
    "huliaipole": Bounds(35.9, 47.4, 36.7, 47.95),
}
ANCHOR, LAST = date(2025, 3, 3), date(2025, 7, 28)


@pytest.mark.real
@pytest.mark.slow
def test_the_old_map_grows_wrong_by_the_month(real_data):
    truth = read_truth(real_data / "deepstate_public.parquet", side="ru")
    days = [day for day in truth if ANCHOR < day <= LAST and day.weekday() == 0]
    found = []
    for area, bounds in AREAS.items():
        ground = scored_ground(bounds, Grid.covering(bounds, crs="EPSG:32637", cell_m=250.0))
        cells = {day: held_cells_lonlat(truth[day], ground) for day in days}
        trial = Trial(area, "ru", ground, held_cells_lonlat(truth[ANCHOR], ground), midnight(ANCHOR), cells)
        found += scored_persistence(trial, days)
    card = Scorecard(tuple(found))
    means = card.means("hard persistence")
    print({name: value and round(value, 3) for name, value in means.items()})
    months = [card.means("hard persistence", horizon=span)["log_loss"] for span in ((0, 30), (61, 90), (91, 150))]
    assert months == sorted(months, key=lambda loss: loss or 0.0)
    assert means["changed_f1"] == 0
    assert (means["accuracy"] or 0) > 0.8
