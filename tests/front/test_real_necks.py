"""Necks on maps that real mappers drew, where the folder of real data is at hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.front import Disc, Rung, corridor, pincers, places_inside
from isofront.ground.grid import to_km, to_lonlat
from isofront.ground.polygons import project_km, read_polygons

pytestmark = pytest.mark.real

CRS, DAY = "EPSG:32637", "2025-11-04"
TOWN = (37.264, 48.302)


@cache
def held(path: Path) -> BaseGeometry:
    features = [one for one in read_polygons(path) if str(one.properties["date"]).startswith(DAY)]
    return shapely.union_all([project_km(one.geometry, crs=CRS) for one in features])


@cache
def country(folder: Path) -> BaseGeometry:
    return shapely.union_all([project_km(one.geometry, crs=CRS) for one in read_polygons(folder / "land.geojson")])


def place() -> Disc:
    east, north = to_km(np.array([TOWN[0]]), np.array([TOWN[1]]), crs=CRS)
    return Disc(float(east[0]), float(north[0]), 1.5)


@pytest.mark.parametrize(
    ("file", "neck", "pocket"), [("deepstate_public.parquet", 7.9, 153), ("nzz_public.parquet", 6.6, 98)]
)
def test_the_neck_of_the_reference_day_is_the_published_one(real_data: Path, file: str, neck: float, pocket: float):
    found = corridor(held(real_data / file), country(real_data), place())
    assert found.neck_km == pytest.approx(neck, abs=0.06)
    assert found.neck.pocket_km2 == pytest.approx(pocket, abs=1)
    assert found.rung is Rung.POCKET
    assert found.robust_neck_km >= found.neck_km
    lon, lat = to_lonlat(*np.array(found.neck.tips).T, crs=CRS)
    assert lon == pytest.approx([37.17, 37.23], abs=0.03), "one tip in the centre of the city, one to the north-east"
    assert lat == pytest.approx([48.288, 48.34], abs=0.01)


@pytest.mark.parametrize("file", ["deepstate_public.parquet", "nzz_public.parquet"])
def test_the_pocket_is_found_unaided_and_is_the_largest(real_data: Path, file: str):
    found = pincers(held(real_data / file), country(real_data))
    alone = corridor(held(real_data / file), country(real_data), place())
    assert 5 <= len(found) <= 30
    assert found[0].neck_km == pytest.approx(alone.neck_km)
    assert places_inside(found[0].pocket, [(place().east_km, place().north_km)]) == [0]


def test_by_any_mappers_presence_the_neck_is_no_wider(real_data: Path):
    first, second = (held(real_data / name) for name in ("deepstate_public.parquet", "nzz_public.parquet"))
    both = corridor(shapely.union(first, second), country(real_data), place())
    alone = min(corridor(one, country(real_data), place()).neck_km for one in (first, second))
    assert both.neck_km <= alone + 1e-6
