from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from isofront.errors import BadInputError
from isofront.theatre import read_settlements, settlements_of
from isofront.theatre.model import Settlement, Theatre


def test_places_are_read_from_csv_and_geojson_alike(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "name,lon,lat,population,radius_m,name_uk\nTown,20.5,50.5,1000,,Місто\nHut,20.6,50.6,,,\n", encoding="utf-8-sig"
    )
    (tmp_path / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[20.5,50.5]},'
        '"properties":{"name":"Town","name:uk":"Місто","population":1000}},{"type":"Feature","geometry":{"type":"Point",'
        '"coordinates":[20.6,50.6]},"properties":{"name":"Hut"}}]}',
        encoding="utf-8",
    )
    wanted = (Settlement({"en": "Town", "uk": "Місто"}, (20.5, 50.5), 1000), Settlement({"en": "Hut"}, (20.6, 50.6)))
    assert read_settlements(tmp_path / "a.csv") == wanted
    assert read_settlements(tmp_path / "a.geojson") == wanted


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column lat or lon or name"),
        (b"name,lon\nx,1\n", "no column lat"),
        (b"name,lon,lat\n", "holds no places"),
        (b"name,lon,lat\nx,1,abc\n", "line 2: lat 'abc', wanted a number"),
        (b"name,lon,lat\nx,1,nan\n", "line 2: lat 'nan', wanted a number"),
        (b"name,lon,lat\nx,50,120\n", "line 2: (50, 120) is no spot"),
        (b"name,lon,lat\nx,,\n", "line 2: (, ) is no spot"),
        (b"name,lon,lat\n,1,2\n", "line 2: has no name"),
        (b'name,lon,lat,"' + b"x" * 140_000 + b'"\nx,1,2,\n', "not CSV"),
        (b"\xff\xfe\x00", "byte 0 is not UTF-8"),
        (b"{", "not GeoJSON"),
        (b'{"features": [3]}', "feature 1: wanted a Point"),
        (b'{"a":' * 100_000, "not GeoJSON"),
    ],
)
def test_a_file_of_places_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(BadInputError) as fault:
        read_settlements(tmp_path / "a.csv")
    assert said in str(fault.value)


def test_a_theatre_without_settlements_has_those_of_the_gazetteer(theatre: Theatre) -> None:
    found = settlements_of(theatre, min_population=20_000)
    assert found
    assert all(theatre.box.holds(*settlement.at) for settlement in found)
    own = (Settlement({"en": "Town"}, (20.5, 50.5)),)
    assert settlements_of(replace(theatre, settlements=own)) == own
