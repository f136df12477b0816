from __future__ import annotations

import itertools
import json
import struct
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from isofront.errors import BadInputError
from isofront.ground import rings
from isofront.ground.polygons import Feature, clip_to_box, project_km, read_polygons
from isofront.ground.repair import merged
from isofront.ground.rings import Budget
from isofront.ground.wkb import polygons_in_wkb

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def geojson(*ring_lists: object, kind: str = "Polygon") -> bytes:
    features = [{"type": "Feature", "geometry": {"type": kind, "coordinates": rings}} for rings in ring_lists]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def read_bytes(content: bytes) -> tuple[Feature, ...]:
    """The polygons of a GeoJSON file of these bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.geojson"
        path.write_bytes(content)
        return read_polygons(path)


def nested(levels: int) -> bytes:
    return b'{"type":"GeometryCollection","geometries":[' * levels + b"]}" * levels


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\x00\x01\x02\xff", "not GeoJSON"),
        (b"\xff\xfe{\x00", "not GeoJSON"),
        (b'{"type": "Feat', "not GeoJSON"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><kml/>', "`isofront read-map FILE --out MAP.geojson` first"),
        (b"[" * 100_000, "nested too deeply"),
        (nested(100_000), "nested too deeply"),
        (nested(50), "collections nested more than 8 deep"),
        (b"[]", "without a GeoJSON type"),
        (b"3", "without a GeoJSON type"),
        (b'{"type": "FeatureCollection"}', "without a list of features"),
        (b'{"type": "FeatureCollection", "features": []}', "holds no features"),
        (b'{"type": "FeatureCollection", "features": [3]}', "feature 1: is 3"),
        (b'{"type": "Feature", "geometry": null}', "feature 1: its geometry is None"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "feature 1: its geometry is Point"),
        (b'{"type": "Polygon", "coordinates": 3}', "coordinates hold 3"),
        (b'{"type": "Polygon", "coordinates": [[1, 2]]}', "other than [lon, lat]"),
        (b'{"type": "Polygon", "coordinates": [[[true, 2], [0, 1], [1, 1], [0, 0]]]}', "other than [lon, lat]"),
        (b'{"type": "Polygon", "coordinates": [[["1", 2], [0, 1], [1, 1], [0, 0]]]}', "other than [lon, lat]"),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 2], [0, 1], [1, 1], [0, 0]]]}', "not GeoJSON"),
        (b'{"type": "Polygon", "coordinates": [[[1e999, 2], [0, 1], [1, 1], [0, 0]]]}', "not GeoJSON"),
        (b'{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}', "a ring has 2 points"),
        (b'{"type": "MultiPolygon", "coordinates": []}', "its polygon is empty"),
        (geojson([]), "feature 1: its polygon is empty"),
        (geojson([SQUARE], [[]]), "feature 2: a ring has 0 points"),
        (geojson([[[0, 0], [1, 1], [2, 2], [0, 0]]]), "encloses nothing"),
        (geojson([[[500000, 5300000], [500001, 5300000], [500000, 5300001]]]), "no spot in degrees"),
        (geojson([[[20, 95], [21, 95], [20, 96]]]), "(20, 95) is no spot in degrees"),
        (
            geojson([[[178, -17], [-178, -17], [-178, -16], [178, -16]]]),
            "crosses the antimeridian, wanted it split there",
        ),
        (geojson([[[179.9, -17], [-179.9, -17], [-179.9, -16], [179.9, -16]]]), "crosses the antimeridian"),
        (
            b'{"type": "Polygon", "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}, "coordinates": []}',
            "coordinates in urn:ogc:def:crs:EPSG::32637, wanted lon/lat",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError) as fault:
        read_bytes(content)
    assert said in str(fault.value)
    assert str(fault.value).startswith("x.geojson")
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 300


def test_a_polygon_that_crosses_itself_is_mended_and_says_so() -> None:
    (feature,) = read_bytes(geojson([BOW_TIE]))
    assert feature.repair == "self-intersection"
    assert feature.geometry.is_valid
    assert feature.geometry.area == pytest.approx(0.5)


def test_overlapping_parts_are_mended_into_their_union() -> None:
    content = geojson([[SQUARE], [[[0.5, 0], [1.5, 0], [1.5, 1], [0.5, 1]]]], kind="MultiPolygon")
    (feature,) = read_bytes(content)
    assert feature.repair
    assert feature.geometry.area == pytest.approx(1.5)


@pytest.mark.parametrize("n", [1_000, 5_000, 60_000])
def test_a_scribble_is_refused_in_bounded_time(n: int) -> None:
    scribble = np.random.default_rng(n).uniform(0, 1, (n, 2)).tolist()
    began = time.process_time()
    with pytest.raises(BadInputError, match=r"crosses or overlaps itself more than 20,000 times|too densely for a map"):
        read_bytes(geojson([scribble]))
    assert time.process_time() - began < 15


def test_a_fan_of_holes_is_refused_in_bounded_time() -> None:
    angle = np.linspace(0.1, 1.4, 16_000)
    rim = np.column_stack([0.01 + 0.5 * np.cos(angle), 0.01 + 0.5 * np.sin(angle)]).tolist()
    holes = [[[0.01, 0.01], *rim[2 * n : 2 * n + 2], [0.01, 0.01]] for n in range(8_000)]
    began = time.process_time()
    with pytest.raises(BadInputError, match="8,000 vertices on one spot, wanted at most 100"):
        read_bytes(geojson([SQUARE, *holes]))
    assert time.process_time() - began < 15


def test_aslant_stripes_are_refused_in_bounded_time() -> None:
    step = np.arange(40_000) * 1e-6
    low, high = np.column_stack([step, -step]), np.column_stack([1 + step, 1 - step])
    stripes = np.where(
        (np.arange(80_000) // 2 % 2 == np.arange(80_000) % 2)[:, None], low.repeat(2, 0), high.repeat(2, 0)
    )
    began = time.process_time()
    with pytest.raises(BadInputError, match="80,002 edges lie across each other too densely for a map"):
        read_bytes(geojson([[*stripes.tolist(), [2.0, -3.0], [-1.0, -3.0]]]))
    assert time.process_time() - began < 15


def test_neighbours_that_share_long_borders_are_joined() -> None:
    rng = np.random.default_rng(3)
    north = np.linspace(50, 51, 5_000)
    borders = [np.column_stack([k / 10 + rng.uniform(-0.02, 0.02, 5_000), north]) for k in range(6)]
    strips = [shapely.Polygon(np.vstack([left, right[::-1]])) for left, right in itertools.pairwise(borders)]
    whole = merged(strips, where="x")
    assert whole.area == pytest.approx(sum(strip.area for strip in strips))
    assert shapely.get_num_coordinates(whole) < 10_100


def test_a_mended_polygon_of_too_many_vertices_is_refused() -> None:
    angle = np.linspace(0, 2 * np.pi, 210_000, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    ring[[10, 5_000]] = ring[[5_000, 10]]
    with pytest.raises(BadInputError, match="210,000 vertices"):
        read_bytes(geojson([ring.tolist()]))


def test_more_vertices_than_the_limit_are_refused() -> None:
    budget = Budget("x", vertices=8)
    budget.spend(8)
    with pytest.raises(BadInputError, match="more than 8 vertices"):
        budget.spend(1)
    assert rings.MAX_VERTICES == 5_000_000


@given(st.integers(3, 40), st.floats(0.01, 1), st.booleans())
def test_a_good_polygon_keeps_every_vertex_and_its_order(n: int, radius: float, closed: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.column_stack([20 + radius * np.cos(angle), 50 + radius * np.sin(angle)])
    (feature,) = read_bytes(geojson([(np.vstack([ring, ring[:1]]) if closed else ring).tolist()]))
    assert np.array_equal(shapely.get_coordinates(feature.geometry), np.vstack([ring, ring[:1]]))
    assert feature.repair is None


@pytest.mark.parametrize("lon", [(-180, 180), (-179.9999, 180), (-80, 100)])
def test_ground_about_a_pole_and_far_apart_vertices_are_no_crossing_of_the_antimeridian(
    lon: tuple[float, float],
) -> None:
    west, east = lon
    middle = (west + east) / 2
    ring = [[west, -90], [middle, -89], [east, -90], [east, -70], [middle, -65], [west, -70]]
    assert read_bytes(geojson([ring]))[0].geometry.bounds == (west, -90, east, -65)


def test_heights_are_dropped_and_collections_of_polygons_are_read() -> None:
    high = [[*spot, 99.0] for spot in SQUARE]
    content = json.dumps({"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [high]}]})
    (feature,) = read_bytes(content.encode())
    assert feature.geometry.equals(shapely.box(0, 0, 1, 1))
    assert not feature.geometry.has_z


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet", "shp", "fgb"])
def test_every_format_gives_the_same_vertices_and_properties(tmp_path: Path, suffix: str) -> None:
    geopandas = pytest.importorskip("geopandas")
    areas = [
        shapely.box(20.123456789, 50, 20.5, 50.5),
        shapely.box(20.5, 50, 21, 50.5).union(shapely.box(22, 50, 23, 51)),
    ]
    frame = geopandas.GeoDataFrame({"class": ["held", "grey"], "side": ["red", None]}, geometry=areas, crs=4326)
    file = tmp_path / f"a.{suffix}"
    keep_order = {"SPATIAL_INDEX": "NO"} if suffix == "fgb" else {}
    frame.to_parquet(file) if suffix == "parquet" else frame.to_file(file, **keep_order)
    features = read_polygons(file)
    assert [feature.properties["class"] for feature in features] == ["held", "grey"]
    assert features[0].properties["side"] == "red"
    assert not features[1].properties["side"]
    for feature, area in zip(features, areas, strict=True):
        assert feature.geometry.normalize().equals_exact(area.normalize(), 0)


@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "shp", "fgb"])
def test_a_file_in_metres_is_refused_by_the_name_of_its_coordinates(tmp_path: Path, suffix: str) -> None:
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.box(20, 50, 21, 51)], crs=4326).to_crs(32634)
    file = tmp_path / f"a.{suffix}"
    frame.to_parquet(file) if suffix == "parquet" else frame.to_file(file)
    with pytest.raises(BadInputError, match=r"coordinates in WGS.* 84 .* UTM zone 34N, wanted lon/lat"):
        read_polygons(file)


@pytest.mark.parametrize(
    "content",
    [
        b"PAR1" + b"\0" * 100,
        b"SQLite format 3\0" + b"\0" * 200,
        b"fgb\x03fgb\x01" + b"\xff" * 100,
        b"\0\0\x27\x0a" + b"\0" * 200,
    ],
)
def test_a_damaged_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.bin").write_bytes(content)
    with pytest.raises(BadInputError, match=r"a\.bin: cannot be read as"):
        read_polygons(tmp_path / "a.bin")


def test_a_link_under_another_formats_name_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.geojson").write_bytes(geojson([SQUARE]))
    layer = "<OGRVRTLayer name='secret'><SrcDataSource>secret.geojson</SrcDataSource></OGRVRTLayer>"
    link = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
    for suffix in ("kml", "vrt", "geojson", "gpkg"):
        (tmp_path / f"a.{suffix}").write_text(link, encoding="utf-8")
        with pytest.raises(BadInputError, match="not GeoJSON"):
            read_polygons(tmp_path / f"a.{suffix}")


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.geojson", tmp_path):
        with pytest.raises(BadInputError, match="cannot be read"):
            read_polygons(path)


def collection(levels: int) -> bytes:
    return struct.pack("<BII", 1, 7, 1) * levels + struct.pack("<BII", 1, 7, 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"\x01\x03\x00", "damaged"),
        (struct.pack("<BII", 1, 3, 0xFFFFFFFF), "damaged"),
        (struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF), "more than 5,000,000 vertices"),
        (struct.pack("<BIII", 1, 3, 1, 100), "damaged"),
        (collection(100_000), "nested more than 8 deep"),
        (shapely.Point(1, 2).wkb, "geometry of WKB type 1"),
        (shapely.LineString([(1, 2), (3, 4)]).wkb, "geometry of WKB type 2"),
        (struct.pack("<BIII6d", 1, 3, 1, 3, 0, 0, float("nan"), 1, 1, 1), "not finite"),
        (struct.pack("<BIII6d", 1, 3, 1, 3, 0, 0, float("inf"), 1, 1, 1), "not finite"),
    ],
)
def test_damaged_or_hostile_wkb_is_refused_before_a_shape_is_built(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        polygons_in_wkb(content, where="x", budget=Budget("x"))


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
def test_wkb_of_every_flavour_gives_its_rings(order: int, flavor: str) -> None:
    shell, hole = [(0, 0, 5), (4, 0, 5), (4, 4, 5), (0, 4, 5), (0, 0, 5)], [(1, 1, 5), (2, 1, 5), (2, 2, 5), (1, 1, 5)]
    area = shapely.MultiPolygon([shapely.Polygon(shell, [hole]), shapely.box(5, 5, 6, 6)])
    wkb = shapely.to_wkb(area, byte_order=order, flavor=flavor, output_dimension=3)
    (first, second) = polygons_in_wkb(wkb, where="x", budget=Budget("x"))
    assert [ring.tolist() for ring in first] == [[list(spot[:2]) for spot in ring] for ring in (shell, hole)]
    assert len(second) == 1


@given(st.binary(max_size=200))
def test_any_bytes_as_wkb_are_read_or_refused(content: bytes) -> None:
    try:
        polygons_in_wkb(content, where="x", budget=Budget("x"))
    except BadInputError:
        return


@given(st.binary(max_size=60))
def test_any_bytes_as_geojson_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(BadInputError):
        read_bytes(content)


def test_areas_that_lie_apart_keep_every_vertex_when_they_are_joined() -> None:
    first, second = shapely.Polygon([(0, 0), (0.5, 0), (1, 0), (1, 1), (0, 1)]), shapely.box(3, 3, 4, 4)
    joined = merged([first, second], where="x")
    assert shapely.get_num_coordinates(joined) == 6 + 5
    assert merged([first, first], where="x").equals(first)


def test_a_heap_of_overlapping_areas_is_refused_in_bounded_time() -> None:
    rng = np.random.default_rng(1)
    triangles = [shapely.Polygon(rng.uniform(0, 1, (3, 2))) for _ in range(1_500)]
    with pytest.raises(BadInputError, match="crosses or overlaps itself"):
        merged(triangles, where="x")


def test_clipping_keeps_the_vertices_inside() -> None:
    area = shapely.Polygon([(0, 0), (0.25, 0.3), (0.5, 0.1), (3, 0), (3, 3), (0, 3)])
    cut = clip_to_box(area, (-1.0, -1.0, 1.0, 1.0))
    assert {(0.25, 0.3), (0.5, 0.1), (0.0, 0.0)} <= set(map(tuple, shapely.get_coordinates(cut).tolist()))
    assert clip_to_box(area, (-1.0, -1.0, 4.0, 4.0)) is area
    assert clip_to_box(area, (8.0, 8.0, 9.0, 9.0)).is_empty


def test_projecting_moves_every_vertex_and_adds_none() -> None:
    flat = project_km(shapely.box(20, 50, 21, 51), crs="EPSG:32634")
    assert shapely.get_num_coordinates(flat) == 5
    assert flat.area == pytest.approx(7_900, rel=0.02)
