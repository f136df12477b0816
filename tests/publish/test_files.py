"""Every file of a sheet, read back with the programs people use."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import msgspec
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from defusedxml.ElementTree import fromstring
from PIL import Image
from pyarrow import parquet

from isofront.errors import IsofrontError
from isofront.publish import folder_of, write_index, write_sheet
from isofront.publish.geopackage import GEOMETRY

NAMES = {
    "control.tif",
    "areas.geojson",
    "front.geojson",
    "infiltration.geojson",
    "unobserved.geojson",
    "out_of_range.geojson",
    "pockets.geojson",
    "pockets.json",
    "summary.json",
    "areas.parquet",
    "front.parquet",
    "map.gpkg",
    "map.png",
    "map.svg",
}


@pytest.fixture(scope="module")
def out(a_sheet, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_sheet(a_sheet, folder)
    return folder


@pytest.fixture(scope="module")
def unsimulated(make_sheet, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    sheet = make_sheet(simulated=False)
    sheet.summary["simulated"] = False
    write_sheet(sheet, folder)
    return folder


def strict(path: Path):
    def refuse(word: str):
        raise AssertionError(f"{path.name} holds {word}")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def test_the_paths_returned_are_all_the_files_there_are(a_sheet, tmp_path):
    paths = write_sheet(a_sheet, tmp_path / "new" / "folder")
    assert {path.name for path in paths} == NAMES
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == NAMES


def test_equal_sheets_give_equal_bytes_in_every_file(make_sheet, out, tmp_path):
    write_sheet(make_sheet(), tmp_path)
    assert [name for name in sorted(NAMES) if (tmp_path / name).read_bytes() != (out / name).read_bytes()] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_file_says_private_and_simulated_and_never_where_it_was_made(out, name):
    content = _told(out / name)
    assert "PRIVATE" in content
    assert "SIMULATED" in content
    assert str(out) not in content
    assert "2026-" not in content


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_sheet_of_real_reports_says_private_only(unsimulated, name):
    content = _told(unsimulated / name)
    assert "PRIVATE" in content
    assert "SIMULATED" not in content


def _told(path: Path) -> str:
    """What a file says in words: its text, its tags, or its metadata."""
    if path.suffix == ".tif":
        with rasterio.open(path) as file:
            return str(list(file.tags().values()))
    if path.suffix == ".png":
        with Image.open(path) as image:
            return str(image.info)
    if path.suffix == ".parquet":
        frame = geopandas.read_parquet(path)
        return str(parquet.read_schema(path).metadata) + " ".join(frame["stamp"].unique())
    if path.suffix == ".gpkg":
        info = pyogrio.read_info(path, layer="areas")
        return str(info["dataset_metadata"]) + str(info["layer_metadata"])
    return path.read_text(encoding="utf-8")


def test_a_folder_that_is_a_file_gives_one_clear_line(a_sheet, tmp_path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(IsofrontError, match="taken: is a file, wanted a folder") as caught:
        write_sheet(a_sheet, tmp_path / "taken")
    assert "\n" not in str(caught.value)


def test_the_raster_is_a_cloud_optimized_geotiff_in_metres_with_named_bands(a_sheet, out):
    with rasterio.open(out / "control.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.profile["tiled"]
        assert file.overviews(1)
        assert file.crs.to_epsg() == 32636
        assert file.crs.linear_units == "metre"
        assert file.descriptions == ("control_red", "p_red", "p_grey", "p_blu", "unobserved")
        assert set(file.dtypes) == {"float32"}
        assert file.tags()["AS_OF"] == "2031-05-09T00:00:00Z"
        assert file.tags()["KNOWN_BY"] == "2031-05-10T00:00:00Z"
        west, south, east, north = (km * 1000 for km in a_sheet.field.grid.box_km)
        assert tuple(file.bounds) == pytest.approx((west, south, east, north))


def test_the_raster_has_north_on_top_and_the_fields_own_values(a_sheet, out):
    with rasterio.open(out / "control.tif") as file:
        bands = file.read()
        lon, lat = 31.2, 48.62
        east, north = a_sheet.field.grid.to_km(lon, lat)
        row, column = a_sheet.field.grid.cell_of(east, north)
        assert next(file.sample([(east * 1000, north * 1000)]))[1] == a_sheet.field.p_held[0, row, column]
    np.testing.assert_array_equal(bands[1][::-1], a_sheet.field.p_held[0])
    np.testing.assert_array_equal(bands[4][::-1], a_sheet.field.unobserved)
    assert np.isfinite(bands).all()
    np.testing.assert_allclose(bands[1:4].sum(axis=0), 1, atol=1e-5)


def test_a_field_with_a_hole_is_refused(make_sheet, tmp_path):
    sheet = make_sheet()
    sheet.field.p_grey[3, 3] = np.nan
    with pytest.raises(IsofrontError, match=r"control\.tif: band p_grey is not finite"):
        write_sheet(sheet, tmp_path)


@pytest.mark.parametrize("name", ["areas", "front", "infiltration", "unobserved"])
def test_geojson_is_read_by_gdal_and_plain_json_alike(out, name):
    plain = strict(out / f"{name}.geojson")
    read = geopandas.read_file(out / f"{name}.geojson")
    assert plain["type"] == "FeatureCollection"
    assert len(read) == len(plain["features"]) > 0
    assert all(feature["properties"]["stamp"] == "PRIVATE SIMULATED" for feature in plain["features"])
    assert all(feature["properties"]["as_of"] == "2031-05-09T00:00:00Z" for feature in plain["features"])
    assert all(feature["properties"]["state"] == "draft" for feature in plain["features"])
    assert read.crs.to_epsg() == 4326
    assert read.geometry.is_valid.all()
    west, south, east, north = read.total_bounds
    assert 29.7 < west < east < 31.8
    assert 47.8 < south < north < 49.1


def test_areas_are_one_coverage_rounded_to_a_millionth_of_a_degree(out):
    areas = geopandas.read_file(out / "areas.geojson")
    assert shapely.coverage_is_valid(areas.geometry.values)
    coordinates = shapely.get_coordinates(areas.geometry.values)
    np.testing.assert_array_equal(coordinates, np.round(coordinates, 6))
    assert set(areas["class"]) == {"held", "grey"}
    assert set(areas.loc[areas["class"] == "held", "side"]) == {"red", "blu"}
    assert set(areas.loc[areas["class"] == "grey", "grey_reason"]) == {"mixed_presence", "neither_present"}


def test_outer_rings_in_files_run_anticlockwise(out):
    for name in ("areas", "infiltration", "unobserved"):
        for shape in geopandas.read_file(out / f"{name}.geojson").explode().geometry:
            assert shape.exterior.is_ccw
            assert not any(ring.is_ccw for ring in shape.interiors)


def test_the_front_has_edges_bands_and_an_even_odds_line(out):
    front = geopandas.read_file(out / "front.geojson")
    found = {
        (role, None if side is None or side != side else side)
        for role, side in zip(front["role"], front["side"], strict=True)
    }
    assert found == {("edge", "red"), ("edge", "blu"), ("even_odds", None), ("band", "red"), ("band", "blu")}


def test_edges_run_along_the_areas_vertex_for_vertex(out):
    areas = geopandas.read_file(out / "areas.geojson")
    front = geopandas.read_file(out / "front.geojson")
    vertices = {tuple(spot) for spot in shapely.get_coordinates(areas.geometry.values)}
    edges = front[(front["role"] == "edge") & (front["side"] == "red")]
    assert {tuple(spot) for spot in shapely.get_coordinates(edges.geometry.values)} <= vertices


def test_the_summary_has_the_promised_keys_and_no_nan(make_sheet, tmp_path):
    sheet = make_sheet()
    sheet.summary["changed_km2"] = float("nan")
    write_sheet(sheet, tmp_path)
    summary = strict(tmp_path / "summary.json")
    assert set(summary) == {
        *("as_of", "known_by", "state", "simulated", "reports_used", "known_inferred", "rejects"),
        *("area_km2", "changed_km2", "settlements", "out_of_range", "stamp"),
    }
    assert summary["changed_km2"] is None
    assert summary["as_of"] == "2031-05-09T00:00:00Z"
    assert summary["area_km2"] == {"red": 5123.457, "blu": 6203.2, "grey": 412.123, "unobserved": 360.0}
    assert set(summary["settlements"][0]) == {"name", "lon", "lat", "status", "p"}


def test_an_index_names_each_dates_folder_in_order_of_time(make_sheet, a_sheet, tmp_path):
    later = make_sheet(as_of=a_sheet.as_of + timedelta(days=7, hours=12))
    index = strict(write_index(tmp_path, [later, a_sheet]))
    assert [row["folder"] for row in index["dates"]] == ["2031-05-09", "2031-05-16T120000Z"]
    assert index["dates"][0]["folder"] == folder_of(a_sheet.as_of)
    assert index["dates"][0]["area_km2"]["red"] == 5123.457
    assert index["stamp"] == "PRIVATE SIMULATED"


@pytest.mark.parametrize("name", ["areas", "front"])
def test_geoparquet_is_version_1_1_and_equals_the_geojson(out, name):
    frame = geopandas.read_parquet(out / f"{name}.parquet")
    geo = json.loads(parquet.read_schema(out / f"{name}.parquet").metadata[b"geo"])
    plain = geopandas.read_file(out / f"{name}.geojson")
    assert geo["version"] == "1.1.0"
    assert "covering" in geo["columns"]["geometry"]
    assert frame.crs.to_epsg() == 4326
    assert shapely.equals_exact(frame.geometry.values, plain.geometry.values, 0.0).all()


def test_the_geopackage_has_every_layer_with_one_geometry_type(out, a_sheet):
    layers = {name: kind for name, kind in pyogrio.list_layers(out / "map.gpkg") if kind is not None}
    assert layers == GEOMETRY
    assert len(geopandas.read_file(out / "map.gpkg", layer="reports")) == len(a_sheet.reports)
    assert len(geopandas.read_file(out / "map.gpkg", layer="settlements")) == len(a_sheet.settlements)
    areas = geopandas.read_file(out / "map.gpkg", layer="areas")
    assert shapely.coverage_is_valid(areas.geometry.values)


def test_the_geopackage_is_sound_and_bears_the_maps_date_alone(out):
    with sqlite3.connect(out / "map.gpkg") as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        dates = file.execute(
            "SELECT last_change FROM gpkg_contents UNION SELECT timestamp FROM gpkg_metadata_reference"
            " UNION SELECT update_time FROM layer_styles"
        ).fetchall()
    file.close()
    assert dates == [("2031-05-09T00:00:00.000Z",)]


@pytest.fixture(scope="module")
def qml(out) -> dict[str, ElementTree.Element]:
    file = sqlite3.connect(out / "map.gpkg")
    rows = file.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1").fetchall()
    file.close()
    return {name: fromstring(text) for name, text in rows}


def test_every_layer_has_a_default_style_whose_rules_name_real_symbols_and_columns(out, qml):
    assert set(qml) == set(GEOMETRY)
    for layer, style in qml.items():
        columns = set(geopandas.read_file(out / "map.gpkg", layer=layer).columns)
        symbols = {symbol.get("name"): symbol for symbol in style.findall("renderer-v2/symbols/symbol")}
        for rule in style.findall("renderer-v2/rules/rule"):
            assert rule.get("symbol") in symbols
            quoted = rule.get("filter", "").split('"')[1::2]
            assert set(quoted) <= columns
        drawn = {"MultiPolygon": "fill", "MultiLineString": "line", "Point": "marker"}[GEOMETRY[layer]]
        assert {symbol.get("type") for symbol in symbols.values()} == {drawn}


def test_the_style_of_areas_uses_the_theatres_colours_and_hatches_grey(qml, a_sheet):
    from isofront.publish.palette import rgba, side_colours

    rules = {rule.get("label"): rule.get("symbol") for rule in qml["areas"].findall("renderer-v2/rules/rule")}
    symbols = {symbol.get("name"): symbol for symbol in qml["areas"].findall("renderer-v2/symbols/symbol")}
    first = symbols[rules["Held by Redland"]].find("layer/Option/Option[@name='color']").get("value")
    assert first == rgba(side_colours(a_sheet.theatre)[0].fill, 0.85)
    grey = [layer.get("class") for layer in symbols[rules["Grey zone"]].findall("layer")]
    assert grey == ["SimpleFill", "LinePatternFill"]
    assert symbols[rules["Grey zone"]].find("layer/symbol/layer").get("class") == "SimpleLine"


def test_settlements_are_labelled_by_name(qml):
    assert qml["settlements"].get("labelsEnabled") == "1"
    assert qml["settlements"].find("labeling/settings/text-style").get("fieldName") == "name"


def test_a_sheet_with_nothing_on_it_still_gives_every_file(make_sheet, a_sheet, tmp_path):
    from dataclasses import replace

    bare = replace(
        a_sheet.drawing, lines=(), infiltration=(), unobserved=shapely.Polygon(), areas=a_sheet.drawing.areas[:1]
    )
    theatre = msgspec.structs.replace(a_sheet.theatre, settlements=(), roads=(), barriers=())
    sheet = make_sheet(theatre=theatre, drawing=bare, settlements=(), reports=(), why=(), summary={})
    write_sheet(sheet, tmp_path)
    assert strict(tmp_path / "front.geojson")["features"] == []
    assert len(geopandas.read_file(tmp_path / "map.gpkg", layer="reports")) == 0
    assert len(geopandas.read_parquet(tmp_path / "front.parquet")) == 0
