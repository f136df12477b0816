"""What is wrong with a file is said in one line; the rest of it is read, and what was lost is listed."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import makers_files as good
import makers_fuzz
import numpy as np
import pytest
import shapely
from makers_files import BOW_TIE, EAST, HOLE, SQUARE, collection, feature, kml, placemark

from isofront.errors import BadInputError, IsofrontError
from isofront.makers import MapFile, Wish, archive, map_of
from isofront.makers.crosswalk import shipped
from isofront.makers.opened import opened_bytes

Read = Callable[..., MapFile]


def held(ring: object = None, **more: object) -> dict[str, object]:
    return feature(ring, **{"class": "held", "side": "south", **more})


def with_geometry(geometry: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"class": "held"}, "geometry": geometry}


MULTI = {"type": "MultiPolygon"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (held([[37, 48], [38, None], [38, 49], [37, 48]]), "a coordinate is no number"),
        (held([[37, 48], ["38", 48], [38, 49], [37, 48]]), "a coordinate is no number"),
        (held([[37, 48], [38], [38, 49], [37, 48]]), "something other than [lon, lat]"),
        (held([[37, 48], [38, 10**400], [38, 49], [37, 48]]), "not finite"),
        (held([[37, 48], [38, 48]]), "a ring has 2 points, wanted at least 4"),
        (held([[37, 48], [38, 49], [39, 50], [37, 48]]), "encloses nothing"),
        (held([[37, 95], [38, 95], [38, 96], [37, 95]]), "lat before lon, it seems"),
        (held([[37, 200], [38, 200], [38, 201], [37, 200]]), "no spot in degrees"),
        (held([[500_000, 5_300_000], [501_000, 5_300_000], [501_000, 5_301_000]]), "metres on some flat map"),
        (held([[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]), "crosses the antimeridian"),
        (held([[179.9, 0], [-179.9, 0], [-179.9, 1], [179.9, 1], [179.9, 0]]), "crosses the antimeridian"),
        (held(date="1527-11-04"), "date 1527-11-04: wanted a date from 1900 to 2100"),
        (held(date="2202-11-04"), "date 2202-11-04: wanted a date from 1900 to 2100"),
        (held(date="2025-02-30"), "date '2025-02-30'"),
        (held(date="3/4/2025"), "can be read in two ways"),
        (with_geometry(None), "has no geometry"),
        (with_geometry({"type": "Hexagon"}), "its geometry is Hexagon"),
        (with_geometry({"type": "Polygon", "coordinates": []}), "is empty"),
        (with_geometry({"type": "GeometryCollection", "geometries": []}), "its geometry is empty"),
        (with_geometry({"type": "Polygon", "coordinates": "x"}), "coordinates hold x"),
        (17, "is 17, wanted a GeoJSON feature"),
    ],
)
def test_a_feature_that_cannot_be_used_is_rejected_and_the_rest_is_read(read: Read, wrong: object, reason: str) -> None:
    file = read("own.geojson", collection(held(), wrong, held(EAST)))
    assert [area.number for area in file.areas] == [1, 3]
    assert [(one.row, reason in one.reason) for one in file.rejects] == [(2, True)], file.rejects
    assert "\n" not in file.rejects[0].reason


def test_one_bad_part_does_not_void_a_country(read: Read) -> None:
    parts = [[SQUARE, HOLE], [[[1, 1], [2, float("nan")], [2, 2], [1, 1]]], [EAST]]
    file = read("own.geojson", collection(with_geometry({**MULTI, "coordinates": parts})))
    assert file.areas[0].geometry.area == pytest.approx(1.96)
    assert "part 2: a coordinate is not finite" in file.rejects[0].reason


def test_not_a_number_and_infinity_void_one_feature_not_the_file(read: Read) -> None:
    text = json.dumps(collection(held(), held([[37, 48], [float("inf"), 48], [38, 49], [37, 48]]), held(EAST)))
    file = read("own.geojson", text)
    assert len(file.areas) == 2
    assert "not finite" in file.rejects[0].reason


def test_heights_here_and_there_collections_open_rings_and_bow_ties_are_put_right_and_said(read: Read) -> None:
    mixed = held([[37, 48], [38, 48, 0], [38, 49, 5, 6], [37, 49], [37, 48]])
    inner = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [EAST]}]}
    point = {"type": "Point", "coordinates": [1, 2]}
    group = with_geometry({"type": "GeometryCollection", "geometries": [inner, point]})
    file = read("own.geojson", collection(mixed, group, held(SQUARE[:-1]), held(BOW_TIE)))
    assert [area.repair for area in file.areas] == [None, None, "ring closed", "self-intersection"]
    assert [round(area.geometry.area, 6) for area in file.areas] == [1, 1, 1, 0.5]
    assert file.rejects[0].reason == "its 1 Point are no areas, left out"


def test_swapped_axes_are_known_by_where_a_makers_maps_lie(read: Read) -> None:
    swapped = [[lat, lon] for lon, lat in SQUARE]
    with pytest.raises(BadInputError, match="lat before lon, it seems; wanted lon first"):
        read("nzz.json", collection(feature(swapped, type="nochange", date="2025-11-04")))


def test_degrees_in_a_file_that_states_metres_are_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="numbers of degrees, but the file states EPSG:3857"):
        read("control.json", good.esri(wkid=102100))


def test_a_coordinate_system_that_nobody_knows_is_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="not one that PROJ knows"):
        read("control.json", good.esri(wkid=999_999))


def test_the_same_id_again_is_rejected_with_both_places(read: Read) -> None:
    twice = [held(), held(), held(EAST)]
    for one, id_ in zip(twice, ("a", "a", "b"), strict=True):
        one["id"] = id_
    file = read("own.geojson", collection(*twice))
    assert len(file.areas) == 2
    assert file.rejects[0].reason == "id a is that of feature 1, the same again"
    twice[1]["geometry"] = {"type": "Polygon", "coordinates": [EAST]}
    assert "with other content" in read("own.geojson", collection(*twice)).rejects[0].reason


def test_ids_that_are_all_alike_are_none(read: Read) -> None:
    several = [held(SQUARE), held(EAST), held(HOLE)]
    for one in several:
        one["id"] = 0
    assert len(read("own.geojson", collection(*several)).areas) == 3


def test_of_a_file_cut_short_the_whole_features_are_read_and_the_loss_is_said(read: Read) -> None:
    whole = json.dumps(good.nzz())
    file = read("nzz.json", whole[: whole.index('"losses"') - 30])
    assert len(file.areas) == 2
    assert "breaks off" in file.rejects[0].reason
    text = good.mapper_kml()
    file = read("m.kml", text[: text.index("Infiltration") - 30])
    assert len(file.areas) == 2
    assert any("what follows is lost" in one.reason for one in file.rejects)


def test_a_placemark_that_a_file_breaks_off_in_is_no_area(read: Read) -> None:
    text = kml(placemark(before="<ExtendedData><Data name='class'><value>held</value></Data></ExtendedData>"))
    doubled = text.replace("</Document>", text[text.index("<Placemark>") : text.index("</Document>")] + "</Document>")
    file = read("m.kml", doubled[: doubled.rindex("37,48,0<")])
    assert len(file.areas) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1251"])
def test_a_wrong_encoding_costs_letters_not_places(read: Read, encoding: str) -> None:
    text = json.dumps(collection(held(note="Покровськ")), ensure_ascii=False)
    file = read("own.geojson", text.encode(encoding))
    assert len(file.areas) == 1
    assert bool(file.notes) == (encoding != "utf-8-sig")


def test_gzip_is_unpacked_but_no_bomb(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read("own.geojson.gz", gzip.compress(json.dumps(collection(held())).encode())).areas) == 1
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(BadInputError, match="unpacks to more than 1,000,000 bytes"):
        read("bomb.json.gz", gzip.compress(b" " * 2_000_000))


def test_gzip_of_several_parts_is_refused_not_read_up_to_the_first(read: Read) -> None:
    packed = gzip.compress(json.dumps(collection(held())).encode())
    assert len(read("padded.geojson.gz", packed + bytes(512)).areas) == 1
    with pytest.raises(BadInputError, match="gzip of several parts"):
        read("own.geojson.gz", packed + packed)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE kml SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_are_refused_whatever_they_lead_to(read: Read, head: str) -> None:
    with pytest.raises(BadInputError, match="XML with a DTD or entities"):
        read("x.kml", kml(placemark(), head=head))


def test_an_archive_that_leads_out_of_itself_or_swells_is_refused_entry_by_entry(read: Read) -> None:
    inside = good.mapper_kml()
    file = read("a.kmz", good.kmz(("doc.kml", inside), ("../../up.kml", inside), ("/etc/x.kml", inside)))
    assert len(file.areas) == 3
    assert ["leads out of the archive" in one.reason for one in file.rejects[:2]] == [True, True]
    with pytest.raises(BadInputError, match="more than a map packs"):
        read("b.kmz", good.kmz(("doc.kml", b"<kml>" + b" " * 21_000_000)))


def test_xml_deeper_than_any_map_is_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="nested more than 200 deep"):
        read("x.kml", "<kml>" + "<Folder>" * 50_000)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("x.json", b"", "is empty"),
        ("x.json", b"[[[[" * 30_000, "nested too deeply"),
        ("x.json", b"[1, 2]", "a JSON list that is no maker's"),
        ("x.html", b"<!DOCTYPE html><html></html>", "a web page"),
        ("x.gpx", b"<gpx></gpx>", "XML of another kind (gpx), not KML"),
        ("x.pdf", b"%PDF-1.7", "a PDF"),
        ("x.csv", b"Date;Name;Faction;Latitude;Longitude;Geolocation\n", "a table of events (GeoConfirmed), not a map"),
        ("x.csv", b"event_id_cnty,event_type,latitude,longitude\n", "a table of events (ACLED), not a map"),
        ("x.csv", b"a,b\n1,2\n", "a table whose columns are no maker's"),
        ("x.bin", b"\x01\x02\x00\x03", "a binary file of an unknown kind"),
        ("x.gpkg", b"SQLite format 3\x00" + b"\x01" * 200, "cannot be read as GPKG"),
        ("x.zip", good.kmz(("readme.txt", "no map")), "an archive without KML or Shapefile"),
    ],
)
def test_a_file_that_is_no_map_is_said_to_be_what_it_is(read: Read, name: str, content: bytes, what: str) -> None:
    with pytest.raises(BadInputError) as fault:
        read(name, content)
    assert what in str(fault.value)
    assert str(fault.value).count(name)


@pytest.mark.slow
def test_ten_million_vertices_are_refused_in_bounded_time(read: Read) -> None:
    content = b'{"type":"Polygon","coordinates":[[' + b"[1.5,2.5]," * 10_000_000 + b"[1,2]]]}"
    began = time.process_time()
    with pytest.raises(BadInputError, match="more than 5,000,000 vertices, wanted fewer"):
        map_of(opened_bytes(content, name="large.geojson"))
    assert time.process_time() - began < 10


def test_a_scribble_is_refused_and_the_rest_is_read(read: Read) -> None:
    scribble = np.random.default_rng(1).uniform([37, 48], [38, 49], (1_500, 2)).tolist()
    began = time.process_time()
    file = read("own.geojson", collection(held(scribble), held(EAST)))
    assert time.process_time() - began < 10
    assert [area.number for area in file.areas] == [2]
    assert "crosses or overlaps itself" in file.rejects[0].reason


@pytest.mark.parametrize("case", makers_fuzz.cases(), ids=lambda case: case.name)
def test_some_bad_files_built_to_shape_neither_crash_nor_vanish(case: makers_fuzz.Case, tmp_path) -> None:
    places = good.put(tmp_path / "places.csv", good.PLACES)
    for content in makers_fuzz.bad_files(case, 20, seed=7):
        makers_fuzz.judged(case, content, Wish(places=places))


@pytest.mark.slow
@pytest.mark.parametrize("case", makers_fuzz.cases(), ids=lambda case: case.name)
def test_many_bad_files_built_to_shape_neither_crash_nor_vanish(case: makers_fuzz.Case, tmp_path) -> None:
    places = good.put(tmp_path / "places.csv", good.PLACES)
    for content in makers_fuzz.bad_files(case, 80, seed=8):
        makers_fuzz.judged(case, content, Wish(places=places))


def test_what_survives_is_valid_whatever_was_drawn(read: Read) -> None:
    rng = np.random.default_rng(5)
    drawn = [held(rng.uniform([37, 48], [38, 49], (rng.integers(3, 12), 2)).tolist()) for _ in range(60)]
    try:
        file = read("own.geojson", collection(*drawn))
    except IsofrontError as fault:
        pytest.fail(str(fault))
    assert all(shapely.is_valid(area.geometry) and area.geometry.area > 0 for area in file.areas)
    assert len({area.number for area in file.areas} | {one.row for one in file.rejects}) == 60


@pytest.mark.parametrize("maker", ["liveuamap", "isw"])
def test_a_document_of_another_kind_is_refused_with_a_crosswalk_of_ones_own_too(read: Read, maker: str) -> None:
    for content in (b"[1, 2]", b'{"fields": 3}', b'"text"'):
        with pytest.raises(BadInputError, match=r"own\.json: "):
            read("own.json", content, maker, crosswalk=shipped()[maker])


def test_a_gazetteer_with_an_open_quote_is_refused_by_name(read: Read, tmp_path: Path) -> None:
    places = good.put(tmp_path / "places.csv", 'geonameid,lon,lat\n"' + "x" * 200_000)
    with pytest.raises(BadInputError, match=r"places\.csv: not CSV"):
        read("control.csv", good.VIINA, wish=Wish(places=places))
