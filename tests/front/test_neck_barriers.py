"""Barriers that nobody crosses bound a side's land as a coast does: a neck may end at them, a tip never."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from isofront.engine.necks import SLIT_KM, slits_of
from isofront.front import Disc, corridor, pincers
from isofront.ground.distance import CROSSING_KM, Distance, Wall

LAND = box(-60.0, -45.0, 60.0, 60.0)
ENEMY = shapely.union_all([box(-60, -45, -10, -8), box(10, -45, 60, -8), box(-10, -11, -3, -8)])
PLACE = Disc(0.0, -25.0, 1.5)
NONE = np.zeros((0, 2))


def river(*crossings: tuple[float, float], height_km: float = 400.0) -> Distance:
    line = np.array([[4.0, -60.0], [4.0, 20.0]])
    return Distance((Wall(line, height_km, np.array(crossings, float).reshape(-1, 2)),))


def test_a_neck_ends_at_a_river_without_bridges_and_has_no_tip_there():
    open_land = corridor(ENEMY, LAND, PLACE)
    assert open_land.neck_km == pytest.approx(13, abs=0.01)
    cut = LAND.difference(shapely.union_all(slits_of(river())))
    found = corridor(ENEMY, cut, PLACE)
    assert found.neck_km == pytest.approx(7, abs=2 * SLIT_KM + 0.15)
    assert [round(east, 2) for east, _ in found.neck.tips] == [-3]
    assert len(found.neck.chord) == 2
    assert not any(one.pocket.contains(shapely.Point(0, -25)) for one in pincers(ENEMY, cut))


def test_a_river_is_no_barrier_at_its_bridges_nor_where_it_lets_anything_through():
    (slit,) = slits_of(river((4.0, -20.0)))
    assert slit.distance(shapely.Point(4, -20)) == pytest.approx(CROSSING_KM, abs=0.05)
    assert slits_of(river(height_km=72.0)) == []
    assert slits_of(Distance()) == []
