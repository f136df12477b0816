"""Whole files: shapes of CSV, GeoJSON and NDJSON, good and hostile."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_rows import HEADER

from isofront.errors import BadInputError
from isofront.sources import Found, Refused

ROW = "a-1,2031-05-01T10:00:00Z,,20.5,45.3,60,position,red,red,alpha,B,2,https://x.example/1,by the mill"


def reports(rows):
    return [row.report for row in rows if isinstance(row, Found)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_read_alike(rows, encoding, delimiter):
    text = f"{HEADER}\r\n{ROW}\r\n".replace(",", delimiter).replace("by the mill", "Біля старого млина на околиці")
    (report,) = reports(rows(text.encode(encoding)))
    assert (report.lon, report.note) == (20.5, "Біля старого млина на околиці")


def test_semicolons_come_with_decimal_commas(rows):
    (report,) = reports(rows(f"{HEADER};\n{ROW};".replace(",", ";").replace("20.5", "20,5").replace("45.3", "45,3")))
    assert (report.lon, report.lat) == (20.5, 45.3)


def test_order_case_and_other_names_of_columns_do_not_matter(rows):
    text = "SOURCE,Side,Kind,Latitude,Longitude,Happened_At,actor\nalpha,red,strike,45.3,20.5,2031-05-01,blue\n"
    (report,) = reports(rows(text))
    assert (report.seen, report.by, report.lat) == ("red", "blue", 45.3)


def test_missing_columns_are_named_with_the_nearest_header(rows):
    with pytest.raises(BadInputError, match=r"missing columns happened_at \(is it 'hapened_at'\?\), kind; read: id"):
        rows("id,hapened_at,lon,lat,seen,source\n1,2,3,4,5,6\n")


def test_double_columns_are_refused(rows):
    with pytest.raises(BadInputError, match="'seen' and 'side' both mean seen"):
        rows("happened_at,lon,lat,kind,seen,side,source\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"PK\x03\x04rest", "zip or spreadsheet"),
        (b"PAR1rest", "Parquet"),
        (b"\x89PNG\r\n", "picture"),
        (b"[1, 2]", "JSON list"),
    ],
)
def test_a_file_of_another_kind_is_said(rows, content, said):
    with pytest.raises(BadInputError, match=said):
        rows(content)


def test_lines_that_end_in_a_bare_return_are_said_to(rows):
    with pytest.raises(BadInputError, match="lines end in CR alone"):
        rows(f"{HEADER}\r{ROW}\r{ROW}\r")


def test_a_row_that_is_not_utf8_is_refused_alone(rows):
    content = f"{HEADER}\n{ROW}\n".encode() + ROW.encode().replace(b"mill", b"\xff\xfe") + f"\n{ROW}\n".encode()
    kinds = [type(row) for row in rows(content)]
    assert kinds == [Found, Refused, Found]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(rows):
    first = ROW.replace("by the mill", '"by, the\n""old"" mill"')
    one, two = rows(f"{HEADER}\n{first}\n{ROW}\n")
    assert one.report.note == 'by, the\n"old" mill'
    assert (one.row, two.row) == (2, 4)
    assert one.raw.decode() == first + "\n"


def test_a_quote_that_never_closes_costs_one_row_and_no_more(rows):
    broken = ROW.replace("by the mill", '"by the mill')
    found = rows("\n".join([HEADER, ROW, broken, ROW, ROW]))
    assert [(row.row, type(row)) for row in found] == [(2, Found), (3, Refused), (4, Found), (5, Found)]
    assert "never closed" in found[1].reason


def test_a_file_full_of_quotes_that_never_close_is_read_in_no_time(rows):
    wide = ROW.replace("by the mill", "x" * 2000 + '"y"')
    found = rows("\n".join([HEADER, *[wide.replace('"y"', '"y,"z')] * 400, ROW]))
    assert [type(row) for row in found] == [Refused] * 400 + [Found]


def test_a_heading_with_a_cell_that_no_reader_takes_is_refused(rows):
    with pytest.raises(BadInputError, match="line 1 cannot be split into column names"):
        rows(f'{HEADER},"{"x" * 140_000}"\n{ROW},\n')


def test_a_quote_inside_a_cell_opens_nothing(rows):
    found = rows("\n".join([HEADER, ROW.replace("by the mill", '152 mm (6") gun'), ROW]))
    assert [row.report.note for row in found] == ['152 mm (6") gun', "by the mill"]


def test_rows_of_the_wrong_length_are_refused(rows):
    found = rows(f"{HEADER}\n{ROW},and more\n{ROW},,,\na-1,2031-05-01\n")
    assert [type(row) for row in found] == [Refused, Found, Refused]
    assert "15 cells, wanted 14" in found[0].reason


def test_an_endless_line_is_refused_and_the_next_is_read(rows):
    found = rows(f"{HEADER}\n{'x' * 3_000_000}\n{ROW}\n")
    assert [type(row) for row in found] == [Refused, Found]
    assert "line longer" in found[0].reason


def geojson(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: object, **properties: object) -> dict:
    good = {"happened_at": "2031-05-01", "kind": "strike", "seen": "red", "source": "alpha"}
    return {"type": "Feature", "geometry": geometry, "properties": good | properties}


def test_geojson_points_and_shapes_are_reports(rows):
    point = feature({"type": "Point", "coordinates": [20.5, 45.3]}, id="p", error_m=80)
    square = [[[20.5, 45.3], [20.6, 45.3], [20.6, 45.4], [20.5, 45.4], [20.5, 45.3]]]
    one, two = reports(rows(geojson(point, feature({"type": "Polygon", "coordinates": square}, id="q")), "f.geojson"))
    assert (one.id, one.lon, one.error_m, one.wkt) == ("p", 20.5, 80.0, None)
    assert two.wkt.startswith("POLYGON")
    assert (round(two.lon, 6), round(two.lat, 6)) == (20.55, 45.35)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "empty, wanted degrees"),
        ({"type": "Point", "coordinates": [20.5]}, "no pair"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "no pair"),
        ({"type": "Point", "coordinates": [True, False]}, "no pair"),
        ({"type": "Polygon", "coordinates": []}, "missing"),
        ({"type": "GeometryCollection", "geometries": []}, "wanted Point"),
        (7, "wanted an object"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "cannot be read"),
    ],
)
def test_bad_geometry_is_refused_alone(rows, geometry, said):
    good = feature({"type": "Point", "coordinates": [20.5, 45.3]})
    bad, fine = rows(geojson(feature(geometry), good), "f.geojson")
    assert said in bad.reason
    assert isinstance(fine, Found)


def test_properties_that_are_no_cells_are_refused(rows):
    (bad,) = rows(geojson(feature({"type": "Point", "coordinates": [20.5, 45.3]}, note={"deep": []})), "f.geojson")
    assert (bad.column, bad.reason) == ("note", "dict, wanted text or a number")


@pytest.mark.parametrize("name", ["f.geojson", "f.json"])
@pytest.mark.parametrize("n", [50, 100_000, 2_000_000])
def test_absurd_nesting_is_refused_before_it_is_built(rows, name, n):
    deep = '{"type":"FeatureCollection","features":[' + '{"geometry":[' * n + "]}" * n + "]}"
    with pytest.raises(BadInputError, match="nested deeper than 20"):
        rows(deep, name)


def test_broken_geojson_is_said_with_the_place(rows):
    with pytest.raises(BadInputError, match="cannot be read as a GeoJSON FeatureCollection"):
        rows('{"type":"FeatureCollection","features":[{]}', "f.geojson")


def test_ndjson_is_read_line_by_line_and_bad_lines_are_refused_alone(rows):
    good = json.dumps(feature(None)["properties"] | {"lon": 20.5, "lat": 45.3})
    lines = [good, "{", '{"lon": NaN}', "", "[1]", '{"a":' + "[" * 400 + "]" * 400 + "}", good]
    found = rows("\n".join(lines), "f.ndjson")
    assert [(row.row, type(row)) for row in found] == [(1, Found)] + [(n, Refused) for n in (2, 3, 5, 6)] + [(7, Found)]


def test_ndjson_is_known_by_its_first_line_too(rows):
    good = json.dumps(feature(None)["properties"] | {"lon": 20.5, "lat": 45.3})
    assert len(reports(rows(f"{good}\n{good}\n", "evidence.txt"))) == 2


def test_csv_geojson_and_ndjson_of_one_report_are_one_report(rows):
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    (from_csv,) = rows(f"{HEADER}\n{ROW}\n")
    (from_ndjson,) = rows(json.dumps(cells | {"lon": 20.5, "error_m": 60}), "f.ndjson")
    del cells["lon"], cells["lat"]
    (from_geojson,) = rows(geojson(feature({"type": "Point", "coordinates": [20.5, 45.3]}, **cells)), "f.geojson")
    assert from_csv.content == from_ndjson.content == from_geojson.content


def mutated(draw, text: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 6))):
        at, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        piece = draw(
            st.sampled_from([b"", b'"', b"\n", b",", b";", b"\xff", b"\0", b"nan", b"-", b"9" * 40, b"/", b"{", b"[["])
        )
        text = text[:at] + piece + text[min(end, at + 12) :]
    return text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_rows_never_crash_and_no_good_row_near_them_is_lost(rows, data):
    middle = mutated(data.draw, f"{ROW}\n{ROW}\n".encode())
    content = f"{HEADER}\n{ROW}\n".encode() + middle + f"\n{ROW}\n".encode()
    try:
        found = rows(content)
    except BadInputError:
        return
    assert all(isinstance(row, Found | Refused) for row in found)
    assert isinstance(found[0], Found)
    lines = sum(1 for line in content.split(b"\n")[1:] if line.strip())
    assert len(found) <= lines
    if b'"' not in middle:
        assert len(found) == lines


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_features_never_crash(rows, data):
    text = geojson(feature({"type": "LineString", "coordinates": [[20.5, 45.3], [20.6, 45.4]]}, id="q")).encode()
    try:
        found = rows(mutated(data.draw, text), "f.geojson")
    except BadInputError:
        return
    assert all(isinstance(row, Found | Refused) for row in found)


def test_a_table_without_sources_is_read_where_the_user_names_one_and_else_the_option_is_named(rows, terms) -> None:
    import io
    from dataclasses import replace

    from isofront.errors import BadInputError
    from isofront.sources import read_file

    table = b"happened_at,lon,lat,kind,seen\n2031-05-01,20.5,45.3,position,red\n"
    with pytest.raises(BadInputError, match="--source NAME"):
        rows(table)
    told = replace(terms, source="alpha")
    (found,) = read_file(io.BytesIO(table), file="f.csv", terms=told).rows
    assert found.report.source == "alpha"


@pytest.mark.parametrize("number", ["1" * 400, "-" + "1" * 400, "1e999", "true", '"20.5"'])
def test_a_coordinate_that_no_map_has_costs_its_feature_alone(rows, number):
    def feature(lon):
        said = '"happened_at":"2031-05-01","kind":"position","seen":"red","source":"alpha"'
        return f'{{"type":"Feature","properties":{{{said}}},"geometry":{{"type":"Point","coordinates":[{lon},45.3]}}}}'

    text = f'{{"type":"FeatureCollection","features":[{feature(number)},{feature("20.5")}]}}'
    bad, good = rows(text, "f.geojson")
    assert isinstance(bad, Refused)
    assert good.report.lon == 20.5


def test_json_in_utf_16_is_read_whole_or_not_at_all(rows, monkeypatch):
    line = '{"happened_at":"2031-05-01","lon":20.5,"lat":45.3,"kind":"position","seen":"red","source":"alpha"}\n'
    assert len(rows((line * 3).encode("utf-16"), "f.ndjson")) == 3
    monkeypatch.setattr("isofront.sources.files.MAX_GEOJSON_BYTES", 400)
    with pytest.raises(BadInputError, match="wanted UTF-8, which streams"):
        rows((line * 3).encode("utf-16"), "f.ndjson")
