"""The page's document: complete, compact, and in the shape that the page reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from isofront.control.interdicted import Arm, Interdicted
from isofront.front.exposed import Exposed, Stretch
from isofront.ground.grid import Bounds, Grid
from isofront.publish import map_data
from isofront.publish.page_data import other_names
from isofront.theatre.model import Settlement


@pytest.fixture(scope="module")
def document(make_sheet, a_sheet) -> dict:
    later = make_sheet(as_of=a_sheet.as_of + timedelta(days=7), settlements=a_sheet.settlements[:3])
    return json.loads(json.dumps(map_data([later, a_sheet]), allow_nan=False))


def test_the_head_says_what_the_map_is(document):
    assert document["title"] == "Battle of Verkhne"
    assert document["stamp"] == ["PRIVATE", "SIMULATED"]
    assert document["simulated"] is True
    assert document["languages"] == ["en", "uk"]
    assert [side["id"] for side in document["sides"]] == ["red", "blu"]
    assert document["sides"][0]["colour"] == "#b2442e"
    assert document["bounds"] == [30.0, 48.0, 31.5, 48.9]
    assert document["land"] is None
    assert len(document["roads"]["features"]) == 2
    assert len(document["barriers"]["features"]) == 1


def test_dates_come_in_order_of_time_with_every_layer(document):
    assert [date["as_of"][:10] for date in document["dates"]] == ["2031-05-09", "2031-05-16"]
    for date in document["dates"]:
        assert {feature["properties"]["class"] for feature in date["areas"]["features"]} == {"held", "grey"}
        assert {feature["properties"]["role"] for feature in date["front"]["features"]} == {"edge", "even_odds", "band"}
        assert date["infiltration"]["features"][0]["properties"] == {"side": "red"}
        assert date["unobserved"]["features"][0]["properties"] == {}
        assert date["reports_used"] == 1342


def test_statuses_run_parallel_to_the_settlements_whatever_a_date_lacks(document):
    names = [place["name"] for place in document["settlements"]]
    assert len(names) == 3
    for date in document["dates"]:
        assert [status["name"] for status in date["status"]] == names


def test_reasons_add_up_and_name_reports_by_number(document):
    point = document["dates"][0]["why"]["points"][0]
    lon, lat, prior, latent, others, n_others, pushes = point
    assert (lon, lat, n_others) == (30.62, 48.47, 3)
    assert prior + others + sum(km for _, km in pushes) == pytest.approx(latent)
    assert [document["report_index"][number] for number, _ in pushes] == ["r001", "r004"]


def test_reports_are_the_recent_ones_and_those_that_a_reason_names(document, a_sheet):
    shown = {feature["properties"]["id"] for feature in document["dates"][0]["reports"]["features"]}
    since = a_sheet.as_of - timedelta(days=30)
    recent = {report.id for report in a_sheet.reports if report.happened.end >= since}
    assert shown == recent | {"r001", "r004"}
    assert len(shown) < len(a_sheet.reports)


def test_coordinates_have_five_places_and_areas_stay_one_coverage(document):
    areas = [shapely.from_geojson(json.dumps(one["geometry"])) for one in document["dates"][0]["areas"]["features"]]
    assert shapely.coverage_is_valid(areas)
    for lon, lat in shapely.get_coordinates(areas):
        assert (lon, lat) == (round(lon, 5), round(lat, 5))


def _struck(grid: Grid) -> Interdicted:
    """The first side is struck often in two neighbouring cells; only there did anybody look."""
    rate, looks = np.zeros((2, grid.ny, grid.nx)), np.zeros((grid.ny, grid.nx))
    rate[0, 0, :2], looks[0, :2] = 3.0, 5.0
    by_arm = {arm: rate / len(Arm) for arm in Arm}
    return Interdicted(grid, ("red", "blu"), datetime(2031, 5, 9, tzinfo=UTC), 28.0, rate, by_arm, looks)


def test_interdicted_cells_of_a_like_level_are_one_area_and_unseen_ground_is_told_apart(make_sheet, a_sheet):
    cells = Grid.covering(Bounds(30.2, 48.2, 30.9, 48.7), crs=a_sheet.field.grid.crs, cell_m=3000.0)
    found = map_data([make_sheet(interdicted=_struck(cells))])["dates"][0]["interdicted"]["features"]
    assert [one["properties"] for one in found] == [{"side": "red", "level": 3}, {"side": None, "level": 0}]
    assert found[0]["geometry"]["type"] == "Polygon"


def test_interdicted_ground_ends_at_the_bounds_of_the_theatre(make_sheet, a_sheet):
    bounds = Bounds(*a_sheet.theatre.bounds)
    cells = Grid.covering(bounds, crs=a_sheet.field.grid.crs, cell_m=3000.0)
    found = map_data([make_sheet(interdicted=_struck(cells))])["dates"][0]["interdicted"]["features"]
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in found]
    assert shapely.total_bounds(shapes).tolist() == pytest.approx(list(a_sheet.theatre.bounds))
    degrees = shapely.get_coordinates(shapes)
    assert (degrees == degrees.round(5)).all()


def test_roads_come_in_steps_of_nearness_and_far_ones_not_at_all(make_sheet, a_sheet):
    west, south, east, north = a_sheet.field.grid.box_km
    line = shapely.LineString([(west, south), (east, north)])
    roads = Exposed(tuple(Stretch("road", "R", "red", km, 1.0, line) for km in (1.0, 3.0, 5.0, None)))
    found = map_data([make_sheet(exposed=roads)])["dates"][0]["routes"]["features"]
    assert [one["properties"] for one in found] == [{"within_km": 5.0}, {"within_km": 3.0}]


def test_a_sheet_without_roads_shows_none(document):
    for date in document["dates"]:
        assert date["interdicted"]["features"] == date["routes"]["features"] == []


def test_land_is_given_in_degrees(make_sheet, a_sheet):
    land = shapely.box(*a_sheet.field.grid.box_km)
    geometry = map_data([make_sheet(land=land)])["land"]
    assert geometry["type"] == "Polygon"
    assert 29 < geometry["coordinates"][0][0][0] < 32


def test_of_other_spellings_only_those_that_sound_otherwise_are_told_and_a_few():
    names = ("Покровск", "Pokrovs'k", "Krasnoarmiisk", "Красноармійськ", *(f"Alt{letter}ro" for letter in "abcdefgh"))
    place = Settlement({"en": "Pokrovsk", "uk": "Покровськ"}, (37.2, 48.3), spellings=names)
    found = other_names(place)
    assert found[0] == "Krasnoarmiisk"
    assert not {"Покровск", "Pokrovs'k", "Красноармійськ"} & set(found)
    assert len(found) == 6
