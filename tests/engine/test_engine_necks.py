"""Which towns are measured on a theatre's own map."""

from __future__ import annotations

import shapely

from isofront.engine.necks import _near
from isofront.front import Disc, Rule
from isofront.front.pockets import Stage, Town


def test_a_town_that_a_coarse_coast_puts_into_the_sea_is_left_out_and_stops_no_map():
    stage = Stage("a", "b", shapely.box(0, 0, 100, 50), dict.fromkeys(Rule, shapely.box(0, 0, 50, 50)))
    spots = {"inland": (60, 25), "at sea": (60, 53), "far off": (99, 25)}
    towns = [Town(name, 0, Disc(float(east), float(north), 1.0)) for name, (east, north) in spots.items()]
    assert [town.name for town in _near(towns, stage)] == ["inland"]
    assert _near([], stage) == []
