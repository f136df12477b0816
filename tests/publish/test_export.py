"""`isofront export`: each format is read back by a client of its own, and says what it is and what it is not for."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import fromstring

import geopandas
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from isofront.cli import main
from isofront.cli.export import WRITERS
from isofront.errors import BadInputError
from isofront.publish import write
from isofront.publish.export_csv import FORMULA_STARTS, safe_cell
from isofront.publish.export_folder import read_map_folder
from isofront.publish.export_kml import kml_colour
from isofront.publish.export_tables import reports_csv
from isofront.publish.export_vector import pmtiles_of
from isofront.publish.layers import layers_of

NOTICE = "not for navigation, evacuation or targeting"
CLIENTS = """
import json, sys
import pyogrio

kml = sys.argv[1]
layers = [str(name) for name, _ in pyogrio.list_layers(kml)]
held = pyogrio.read_dataframe(kml, layer=layers[0])
print(json.dumps({"layers": layers, "held": held.union_all().wkt}))
"""
TILES = """
import json, sys
import pyogrio

info, frame = pyogrio.read_info(sys.argv[1]), pyogrio.read_dataframe(sys.argv[1])
print(json.dumps({
    "driver": info["driver"], "about": info["dataset_metadata"],
    "classes": sorted(set(frame["class"])), "stamps": sorted(set(frame["stamp"])),
}))
"""


def told(script: str, path: Path) -> dict:
    """What a client says of a file, in a process where GDAL has all its drivers."""
    words = [sys.executable, "-c", script, str(path)]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def day(a_sheet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `map` writes, without its pictures, which take long and are not read here."""
    folder = tmp_path_factory.mktemp("day")
    for name, make in write._makers(a_sheet, layers_of(a_sheet), partial).items():
        if name not in ("map.png", "map.svg"):
            (folder / name).write_bytes(make())
    return folder


@pytest.fixture(scope="module")
def out(day: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All formats but tiles, which take long."""
    folder = tmp_path_factory.mktemp("exported")
    formats = ",".join(name for name in WRITERS if name != "pmtiles")
    assert main(["export", str(day), "--out", str(folder), "--format", formats]) == 0
    return folder


def test_geoparquet_is_version_1_1_with_the_features_of_the_geojson_and_the_stamp_in_the_file(day, out):
    for name in ("areas", "infiltration"):
        frame, plain = geopandas.read_parquet(out / f"{name}.parquet"), geopandas.read_file(day / f"{name}.geojson")
        assert shapely.equals_exact(frame.geometry.values, plain.geometry.values, 0.0).all()
        facts = parquet.read_schema(out / f"{name}.parquet").metadata
        assert json.loads(facts[b"geo"])["version"] == "1.1.0"
        assert facts[b"isofront:stamp"] == b"PRIVATE SIMULATED"
        assert facts[b"isofront:notice"].decode() == NOTICE


def test_flatgeobuf_is_read_by_gdal_and_says_what_it_is(day, out):
    import pyogrio

    frame, plain = geopandas.read_file(out / "areas.fgb"), geopandas.read_file(day / "areas.geojson")
    assert shapely.equals(shapely.union_all(frame.geometry), shapely.union_all(plain.geometry))
    assert sorted(frame["class"]) == sorted(plain["class"])
    assert set(frame["stamp"]) == {"PRIVATE SIMULATED"}
    about = pyogrio.read_info(out / "areas.fgb")["layer_metadata"]["DESCRIPTION"]
    assert about == f"PRIVATE SIMULATED: 2031-05-09, draft; {NOTICE}"


def test_edges_and_bands_are_layers_of_one_geometry_type_each(out):
    assert set(geopandas.read_file(out / "front.fgb").geom_type) <= {"LineString", "MultiLineString"}
    assert set(geopandas.read_file(out / "front_bands.fgb").geom_type) <= {"Polygon", "MultiPolygon"}


def test_kml_has_a_folder_a_class_that_gdal_reads_as_drawn(day, out):
    read = told(CLIENTS, out / "map.kml")
    assert read["layers"][:3] == ["Held by red", "Held by blu", "Grey zone: held by neither"]
    areas = geopandas.read_file(day / "areas.geojson")
    drawn = shapely.union_all(areas[(areas["class"] == "held") & (areas["side"] == "red")].geometry)
    assert shapely.force_2d(shapely.from_wkt(read["held"])).symmetric_difference(drawn).area < 1e-9


def test_kml_is_coloured_as_the_map_is_and_every_mark_bears_the_stamp(out):
    text = (out / "map.kml").read_text(encoding="utf-8")
    root = fromstring(text)
    ns = {"k": "http://www.opengis.net/kml/2.2"}
    styles = {one.get("id"): one for one in root.iterfind(".//k:Style", ns)}
    assert styles["held-red"].find("k:LineStyle/k:color", ns).text == kml_colour("#b5472f")
    marks = root.findall(".//k:Placemark", ns)
    assert {mark.find("k:styleUrl", ns).text[1:] for mark in marks} <= set(styles)
    for mark in marks:
        data = {one.get("name"): one.find("k:value", ns).text for one in mark.iterfind(".//k:Data", ns)}
        assert (data["stamp"], data["notice"]) == ("PRIVATE SIMULATED", NOTICE)


def test_a_colour_in_kml_is_alpha_blue_green_red():
    assert kml_colour("#123456", 1.0) == "ff563412"
    assert kml_colour("#123456", 0.5) == "80563412"


@pytest.mark.slow
def test_pmtiles_are_read_by_gdal_with_all_classes_and_the_notice(day, tmp_path):
    found = read_map_folder(day)
    path = tmp_path / "areas.pmtiles"
    path.write_bytes(pmtiles_of([found.layers["areas"]], found)["areas"])
    read = told(TILES, path)
    assert read["driver"] == "PMTiles"
    assert NOTICE in read["about"]["description"]
    assert (read["about"]["minzoom"], read["about"]["maxzoom"]) == ("0", "12")
    assert read["classes"] == ["grey", "held"]
    assert read["stamps"] == ["PRIVATE SIMULATED"]


def test_the_raster_is_the_maps_own_cog(day, out):
    with rasterio.open(out / "control.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.tags()["STAMP"] == "PRIVATE SIMULATED"
    assert (out / "control.tif").read_bytes() == (day / "control.tif").read_bytes()


def test_csv_has_every_settlement_and_report_and_each_row_its_stamp(a_sheet, out):
    for name, n in (("settlements", len(a_sheet.settlements)), ("reports", len(a_sheet.reports))):
        rows = list(csv.DictReader((out / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        assert len(rows) == n
        assert {(row["stamp"], row["as_of"], row["notice"]) for row in rows} == {
            ("PRIVATE SIMULATED", "2031-05-09T00:00:00Z", NOTICE)
        }
    areas = {row["class"]: row["km2"] for row in csv.DictReader((out / "areas.csv").read_text().splitlines())}
    assert areas["red"] == "5123.457"


@given(
    st.one_of(
        st.text(max_size=12), st.sampled_from(FORMULA_STARTS).flatmap(lambda c: st.text(max_size=8).map(c.__add__))
    )
)
def test_no_cell_begins_as_a_formula_and_text_is_kept(text):
    cell = safe_cell(text)
    assert not cell.lstrip(" \u00a0\ufeff").startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.replace("\x00", "").removeprefix("'")


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert [safe_cell(value) for value in (-3.5, 4, None, True, "-3", " =1", "a=b")] == [
        *(-3.5, 4, "", "true", "'-3", "' =1", "a=b")
    ]


LAYERS = {"held-red", "held-blu", "grey", "edge-red", "edge-blu", "band-red", "settlements", "names", "even-odds"}


def test_the_svg_has_a_group_a_layer_and_the_stamp_on_its_face(out):
    text = (out / "layers.svg").read_text(encoding="utf-8")
    fromstring(text)
    assert set(re.findall(r'id="layer-([\w-]+)"', text)) >= LAYERS
    assert ">PRIVATE SIMULATED" in text
    assert "Not for navigation, evacuation or targeting" in text


def test_the_pdf_lists_its_layers_as_optional_content_and_every_object_is_where_its_table_says(out):
    content = (out / "layers.pdf").read_bytes()
    objects = _objects(content)
    named = {
        name.decode() for one in objects.values() if b"/OCG " in one for name in re.findall(rb"/Name \((.*?)\)", one)
    }
    assert named >= LAYERS
    root = next(one for one in objects.values() if b"/Type /Catalog" in one)
    assert b"/OCProperties" in root
    assert any(b"/Properties" in one and b"/Layer0" in one for one in objects.values())


def _objects(content: bytes) -> dict[int, bytes]:
    """Every object of a PDF by its number, found by the table at its end as a reader finds it."""
    start = int(re.search(rb"startxref\s+(\d+)", content)[1])
    table = content[start:].split(b"trailer")[0].split(b"\n")[2:]
    found = {}
    for number, line in enumerate(table):
        if line.rstrip().endswith(b"n"):
            at = int(line[:10])
            assert content[at:].startswith(b"%d 0 obj" % number)
            found[number] = content[at : content.index(b"endobj", at)]
    return found


def test_equal_folders_give_equal_bytes(day, out, tmp_path):
    words = ["--format", "svg,pdf,kml,csv", "--format", "flatgeobuf"]
    assert main(["export", str(day), "--out", str(tmp_path), *words]) == 0
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name


def test_only_the_formats_asked_for_are_written_and_json_lists_them(day, tmp_path, capsys):
    capsys.readouterr()
    assert main(["export", str(day), "--out", str(tmp_path), "--format", "kml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["files"] == [str(tmp_path / "map.kml")]
    assert (said["stamp"], said["state"]) == ("PRIVATE SIMULATED", "draft")
    assert main(["export", str(day), "--out", str(tmp_path), "--format", "dwg"]) == 2


def test_a_folder_that_is_none_or_of_many_days_is_one_clear_line(day, tmp_path):
    with pytest.raises(BadInputError, match=r"no summary\.json"):
        read_map_folder(tmp_path)
    shutil.copytree(day, tmp_path / "many" / "2031-05-09")
    with pytest.raises(BadInputError, match=r"like .*2031-05-09"):
        read_map_folder(tmp_path / "many")
    broken = tmp_path / "many" / "2031-05-09" / "areas.geojson"
    broken.write_text('{"features": [{"geometry": null}]}', encoding="utf-8")
    with pytest.raises(BadInputError, match=r"areas\.geojson: a feature that is none"):
        read_map_folder(broken.parent)


def test_a_map_without_areas_and_a_damaged_geopackage_are_named(day, tmp_path):
    own = Path(shutil.copytree(day, tmp_path / "day"))
    (own / "map.gpkg").write_bytes((own / "map.gpkg").read_bytes()[:20_000])
    with pytest.raises(BadInputError, match=r"map\.gpkg: its reports cannot be read"):
        reports_csv(read_map_folder(own))
    (own / "areas.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(BadInputError, match=r"no areas in areas\.geojson"):
        read_map_folder(own)
