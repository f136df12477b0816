from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.ground.grid import Bounds
from isofront.ground.places import Places, folded

BOX = Bounds(36.4, 47.9, 38.1, 48.9)


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load()


def test_the_gazetteer_loads_quickly() -> None:
    began = time.process_time()
    Places.load().within(BOX)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["Pokrovsk", "POKROVSK", "Покровськ", " покровськ ", "Pokrovs'k", "Krasnoarmiysk"])
def test_a_town_is_found_by_any_of_its_spellings(places: Places, name: str) -> None:
    town = places.find(name, near=BOX)[0]
    assert (round(town.lon, 1), round(town.lat, 1)) == (37.2, 48.3)


def test_places_that_share_a_name_are_all_offered(places: Places) -> None:
    assert len(places.find("Kostiantynivka", near=Bounds(22.0, 44.0, 40.5, 52.5))) >= 5


def test_a_name_outside_the_box_is_not_found(places: Places) -> None:
    assert places.find("Paris", near=BOX) == ()
    assert places.find("", near=BOX) == ()
    assert places.find("'-.", near=BOX) == ()


def test_an_unknown_name_has_its_nearest_spellings(places: Places) -> None:
    assert "Myrnohrad" in places.nearest_spellings("Mirnohrad", near=BOX, n=5)
    assert places.nearest_spellings("Zzzzzzzzzzzz", near=BOX) == ()


def test_places_come_largest_first_and_can_be_limited(places: Places) -> None:
    people = [place.population or 0 for place in places.within(BOX, 5_000)]
    assert people == sorted(people, reverse=True)
    assert min(people) >= 5_000


@pytest.mark.parametrize("over", [999, 1_000, 5_000, 99_999])
def test_a_smaller_file_has_all_places_over_so_many_people_alike(places: Places, over: int) -> None:
    wide = Bounds(22.0, 44.0, 42.0, 54.0)
    assert Places.load(over=over).within(wide, over + 1) == places.within(wide, over + 1) != ()


class Everything(msgspec.Struct):
    geonameid: int
    latitude: float
    longitude: float


@pytest.fixture(scope="module")
def everything(places: Places) -> list[Everything]:
    return list(msgspec.json.decode(places.content, type=dict[str, Everything]).values())


@pytest.mark.parametrize(
    "box",
    [
        BOX,
        Bounds(8.0, -1.2, 11.0, 1.1),
        Bounds(-71.0, -34.0, -70.0, -33.0),
        Bounds(-0.4, 51.2, 0.3, 51.8),
        Bounds(179.0, -20.0, 180.0, -10.0),
    ],
)
def test_the_search_of_a_box_finds_what_reading_all_of_it_finds(
    places: Places, everything: list[Everything], box: Bounds
) -> None:
    wanted = {place.geonameid for place in everything if box.holds(place.longitude, place.latitude)}
    assert {place.id for place in places.within(box)} == wanted
    assert wanted or box.west == 179


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)
