"""Anchors drawn by a real mapper, where the folder of real data is at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from msgspec.structs import replace

from isofront.ground.polygons import Feature, project_km, read_polygons
from isofront.theatre import anchor_map
from isofront.theatre.model import Anchor, Side, Theatre

pytestmark = pytest.mark.real


def on(day: str, features: tuple[Feature, ...], **wanted: object) -> tuple[Feature, ...]:
    return tuple(
        replace_properties(feature)
        for feature in features
        if str(feature.properties["date"]).startswith(day)
        and all(feature.properties.get(key) == value for key, value in wanted.items())
    )


def replace_properties(feature: Feature) -> Feature:
    return Feature(feature.number, feature.geometry, {}, feature.repair)


def test_a_real_box_becomes_an_anchor_with_every_vertex(real_data: Path) -> None:
    features = on("2025-08-01", read_polygons(real_data / "deepstate_public.parquet"), tier="box_daily")
    theatre = Theatre(
        name="box",
        sides=(Side("ru", {"en": "Russia"}), Side("ua", {"en": "Ukraine"})),
        protected_sides=(),
        bounds=(36.4, 47.9, 38.1, 48.9),
        crs="EPSG:32637",
        anchor=Anchor("a.geojson", datetime(2025, 8, 1, tzinfo=UTC), "ru"),
    )
    anchor = anchor_map(features, theatre, name="real")
    vertices = {
        tuple(v) for f in features for v in shapely.get_coordinates(project_km(f.geometry, crs=theatre.crs)).tolist()
    }
    here = {tuple(spot) for spot in shapely.get_coordinates(anchor.held["ru"]).tolist()}
    assert vertices <= here
    assert shapely.distance(shapely.points(list(here - vertices)), anchor.known.boundary).max() < 1e-3
    assert anchor.held["ru"].area + anchor.held["ua"].area == pytest.approx(anchor.known.area, rel=0.002)
    whole_front = replace(theatre, bounds=(33.0, 46.0, 39.5, 51.0), crs="EPSG:32636", cell_m=1000.0)
    assert anchor_map(features, whole_front, name="real").held["ru"].is_valid
