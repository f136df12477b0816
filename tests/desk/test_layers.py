"""A user's own named places: read from any file, found in any spelling, used in words, laid along."""

from __future__ import annotations

import base64
import json
import stat

import geopandas
import pyogrio
import pytest
import shapely
from desk_war import make_war
from hypothesis import given
from hypothesis import strategies as some

from isofront.desk import Desk, Request
from isofront.desk.layer_files import read_layer
from isofront.desk.layers import load
from isofront.desk.line_snap import guides_of
from isofront.engine import ground_of
from isofront.engine.ground import near
from isofront.errors import BadInputError
from isofront.ground.spelling import ALIKE, alike, sound
from isofront.theatre.micro import LAYERS, micro_places

STREET = {
    "name": "вулиця Шахтарська",
    "name:ru": "Шахтёрская улица",
    "name:en": "Shakhtarska Street",
    "highway": "residential",
}


def geojson(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def feature(shape, **words):
    return {"type": "Feature", "properties": words, "geometry": shapely.geometry.mapping(shape)}


LINE = shapely.LineString([(10.17, 50.09), (10.19, 50.11)])
MINE = shapely.Point(10.12, 50.06)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Shakhtarska", "вулиця Шахтарська"), ("шахтерская", "Шахтёрская улица"), ("Gorlivka", "Горлівка"),
        ("Мирноград", "Myrnohrad"), ("Mirnograd", "Мирноград"), ("Khersonska", "Херсонська"),
        ("Zelenyy Gay", "Зелений Гай"),
        ("Куп'янськ", "Kupyansk"), ("Centralnaya", "Центральна"), ("Pokrvsk", "Покровськ"), ("Schorsa", "Щорса"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling_and_mistyped(asked, name):
    assert alike(asked, name) >= ALIKE


@pytest.mark.parametrize(("one", "other"), [("Alder", "Cedar"), ("Шевченка", "Франка"), ("North", "South"), ("", "x")])
def test_other_names_are_not(one, other):
    assert alike(one, other) < ALIKE


@given(some.text(max_size=30), some.text(max_size=30))
def test_a_name_is_like_itself_and_likeness_lies_between_none_and_one(one, other):
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == (1.0 if sound(one) else 0.0)


def test_geojson_gives_names_kinds_and_spellings():
    layer = read_layer(geojson(feature(LINE, **STREET), feature(MINE), feature(MINE, name=" ")), name="a.geojson")
    (one,) = layer.named
    assert (one.name, one.kind, layer.without_name) == ("вулиця Шахтарська", "residential", 2)
    assert set(one.spellings) == {"Шахтёрская улица", "Shakhtarska Street"}


def test_kml_and_csv_give_the_same():
    mark = "<Placemark><name>Mine 3</name><Point><coordinates>10.12,50.06,0</coordinates></Point></Placemark>"
    kml = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>{mark}</Folder></Document></kml>'
    rows = "name;lat;lon;type\nMine 3;50,06;10,12;mine\nMine 4;x;1;mine\n"
    for content in (kml.encode(), rows.encode()):
        (one,) = read_layer(content, name="a").named
        assert (one.name, one.shape.wkt) == ("Mine 3", "POINT (10.12 50.06)")


def test_a_kml_point_of_several_places_is_no_area():
    mark = "<Placemark><name>Mine 3</name><Point><coordinates>1,1 2,1 2,2 1,1</coordinates></Point></Placemark>"
    with pytest.raises(BadInputError, match="no named place"):
        read_layer(f"<kml><Document>{mark}</Document></kml>".encode(), name="a")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32632"])
def test_a_geopackage_is_read_in_degrees_whatever_it_is_in(tmp_path, crs):
    table = geopandas.GeoDataFrame({"name": ["Oak line"], "type": ["tree line"]}, geometry=[LINE], crs="EPSG:4326")
    pyogrio.write_dataframe(table.to_crs(crs), tmp_path / "a.gpkg")
    (one,) = read_layer((tmp_path / "a.gpkg").read_bytes(), name="a.gpkg").named
    assert (one.name, one.kind) == ("Oak line", "tree line")
    assert shapely.equals_exact(one.shape, LINE, 1e-8)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "wanted columns name, lon and lat"),
        (b"PK\x03\x04", "unpack it"),
        (b"\xff\xfe\x00binary", "not UTF-8"),
        (b"{" * 100, "nested deeper|no GeoJSON"),
        (b'{"type":"FeatureCollection","features":' + b"[" * 60, "nested deeper"),
        (b'{"type":"FeatureCollection","features":3}', "no GeoJSON"),
        (geojson(feature(shapely.Point(500000, 5500000), name="metres")), r"no place on Earth in degrees \(1\)"),
        (geojson({"type": "Feature", "properties": {"name": "x"}, "geometry": None}), "no geometry"),
        (geojson(feature(shapely.GeometryCollection([MINE]), name="x")), "no geometry|collection"),
        (b"SQLite format 3\x00" + b"x" * 200, "cannot be read as a GeoPackage"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><kml/>', "DTD|ENTITY|DOCTYPE|no named place"),
        (b"name,lon,lat\n" + b"x" * 200_000, "cannot be split|no named place"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(content, said):
    with pytest.raises(BadInputError, match=said):
        read_layer(content, name="a file")


@pytest.fixture
def desk(tmp_path, desk_at):
    return desk_at(make_war(tmp_path / "war", n_reports=0))


def loaded(desk, content, file="streets.geojson", **more):
    return desk.post("/api/layers", {"file": file, "content": base64.b64encode(content).decode(), **more})


def test_a_layer_is_kept_private_and_removed_again(desk, tmp_path):
    told = loaded(desk, geojson(feature(LINE, **STREET), feature(MINE, name="Mine 3")), file="../../вулиці.geojson")
    assert (told["id"], told["places"]) == ("вулиці", 2)
    file = tmp_path / "war" / LAYERS / "вулиці.geojson"
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    shown = desk.get("/api/layers")
    assert [one["id"] for one in shown["layers"]] == ["вулиці"]
    assert {one["properties"]["name"] for one in shown["shapes"]["features"]} == {"вулиця Шахтарська", "Mine 3"}
    assert desk.ask("DELETE", "/api/layers/..%2Ftheatre")[0] == 404
    desk.post("/api/layers/%D0%B2%D1%83%D0%BB%D0%B8%D1%86%D1%96", method="DELETE")
    assert (desk.get("/api/layers")["layers"], file.exists()) == ([], False)


def test_search_finds_own_places_settlements_and_none_far_away(desk):
    loaded(desk, geojson(feature(LINE, **STREET)))
    (first, *_) = desk.post("/api/places", {"query": "shahtarskaya"})["places"]
    assert (first["name"], first["layer"]) == ("вулиця Шахтарська", "streets")
    assert desk.post("/api/places", {"query": "вильха"})["places"][0]["name"] == "Alder"
    assert desk.post("/api/places", {"query": "birch fery"})["places"][0]["name"] == "Birch Ferry"
    assert desk.post("/api/places", {"query": "Honolulu"})["places"] == []
    assert desk.post("/api/places", {"query": " "})["places"] == []


@pytest.mark.parametrize(
    "body", [{"file": "x.geojson", "content": "!!"}, {"file": "...", "content": ""}, {"file": "x"}]
)
def test_what_is_no_layer_is_refused(desk, body):
    assert desk.ask("POST", "/api/layers", body)[0] in (400, 422)


def test_words_name_the_nearest_own_place_within_reach_and_the_line_lies_along_it(tmp_path):
    folder = make_war(tmp_path / "war", n_reports=0)
    ground = ground_of(folder)
    here, far = (shapely.Point(ground.grid.to_km(*spot)).buffer(0.05) for spot in ((10.18, 50.1), (10.35, 50.18)))
    before = near(ground, here), near(ground, far)
    (folder / LAYERS).mkdir(parents=True)
    named = geojson(feature(LINE, name="Oak line", kind="tree line"))
    (folder / LAYERS / "own.geojson").write_bytes(named)
    again = ground_of(folder)
    assert (near(again, here), near(again, far)) == (f"at Oak line, {before[0]}", before[1])
    assert ("tree line Oak line") in [guide.words for guide in guides_of(again)]


def test_a_layer_that_was_spoilt_is_left_out_with_a_warning(tmp_path, caplog):
    (tmp_path / LAYERS).mkdir(parents=True)
    (tmp_path / LAYERS / "bad.geojson").write_bytes(b"{not json")
    (tmp_path / LAYERS / "deep.geojson").write_bytes(b'{"features":' + b"[" * 100_000)
    (tmp_path / LAYERS / "good.geojson").write_bytes(geojson(feature(MINE, name="Mine 3")))
    assert [one.name for one in micro_places(tmp_path)] == ["Mine 3"]
    assert "bad.geojson: left out" in caplog.text
    assert "deep.geojson: left out" in caplog.text


def test_a_new_layer_makes_the_desk_draw_anew(tmp_path):
    desk = Desk(make_war(tmp_path / "war", n_reports=0))
    before = desk.theatre_hash
    told = {"file": "a.geojson", "content": base64.b64encode(geojson(feature(MINE, name="Mine 3"))).decode()}
    load(desk, Request("POST", "/api/layers", content=json.dumps(told).encode()))
    assert desk.theatre_hash != before
