"""Each maker's file, in its own shape, becomes the classes and sides that its maker means."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import makers_files as good
import pytest
import shapely
from makers_files import CLOCKWISE, EAST, HOLE, SQUARE, collection, esri, feature, folder, keyed, kml, placemark
from pyproj import Transformer

from isofront.errors import BadInputError, UsageError
from isofront.makers import MapFile, Wish, load, shipped
from isofront.makers.deepstate import history

SAID = dict[tuple[str, str | None], int]


def said(file: MapFile) -> SAID:
    return dict(Counter((area.cls.value, area.side) for area in file.areas))


def test_deepstates_keys_become_classes_and_other_wars_units_and_arrows_are_left_out(read):
    file = read("last.json", good.deepstate_last())
    assert file.maker == "deepstate"
    assert said(file) == {("held", "ru"): 2, ("grey", None): 1, ("liberated", "ua"): 1}
    assert file.left_out == {"ground of other wars": 1, "arrows of attack": 1, "units": 1, "airfields": 1}
    assert {area.date for area in file.areas} == {datetime(2025, 11, 4, 21, tzinfo=UTC)}
    assert not file.rejects
    assert not file.unmapped


def test_a_bare_collection_takes_its_date_from_the_unix_time_in_its_name(read):
    file = read(f"history_{good.NOVEMBER_4}.geojson", collection(keyed("status.occupied")))
    assert (file.maker, file.areas[0].date) == ("deepstate", datetime(2025, 11, 4, 21, tzinfo=UTC))


def test_old_snapshots_are_told_by_their_fill(read):
    file = read(f"{good.NOVEMBER_4}.geojson", good.deepstate_old())
    assert said(file) == {("held", "ru"): 2, ("liberated", "ua"): 3, ("grey", None): 2}
    assert file.left_out == {"ground of other wars": 1}


def test_a_key_that_nobody_knows_is_listed_and_not_guessed_by_its_colour(read):
    file = read("last.json", collection(keyed("status.occupied"), keyed("status.novel", fill="#a52714")))
    assert said(file) == {("held", "ru"): 1}
    assert file.unmapped == {"key status.novel, fill #a52714": 1}


def test_the_list_of_maps_says_what_it_is_and_tells_dates_and_what_is_not_shown(read):
    with pytest.raises(BadInputError, match=r"the list of 3 maps from 2025-11-04.* \(1 not shown\), no areas in it"):
        read("public.json", good.deepstate_list())
    assert [entry.shown for entry in history(good.deepstate_list())] == [True, False, True]


def test_a_list_with_maps_in_it_is_read_whole_but_for_maps_not_shown(read):
    entries = [{**entry, "map": collection(keyed("status.occupied"))} for entry in good.deepstate_list()]
    file = read("all.json", entries)
    assert [area.date.day for area in file.areas] == [4, 6]
    assert "not shown by its maker" in file.rejects[0].reason


def test_grey_of_one_key_has_a_rule_for_before_and_after_it_was_redefined():
    crosswalk = shipped()["deepstate"]
    moments = [datetime(year, 6, 1, tzinfo=UTC) for year in (2024, 2026)]
    before, after, undated = (crosswalk.rule_for({"key": ("status.unknown",)}, when) for when in (*moments, None))
    assert before.cls == after.cls
    assert before.means != after.means
    assert undated == after


def test_the_daily_mirror_is_held_ground_at_the_start_of_the_day_in_its_name(read):
    file = read("deepstatemap_data_20251104.geojson", {**good.daily(), "crs": None})
    assert (file.maker, said(file)) == ("deepstate-daily", {("held", "ru"): 1})
    assert file.areas[0].date == datetime(2025, 11, 4, tzinfo=UTC)
    assert read("mirror_2025-11-04.geojson", good.daily()).maker == "deepstate-daily"


def test_nzz_holds_what_did_not_change_and_what_was_gained_never_what_was_lost(read):
    file = read("anything.json", good.nzz())
    assert (file.maker, said(file)) == ("nzz", {("held", "ru"): 2})
    assert file.left_out == {"ground no longer held": 1}
    assert file.areas[0].date == datetime(2025, 11, 4, tzinfo=UTC)
    assert read("bare.json", good.nzz()["value"]).maker == "nzz"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VIEW_RussiaCoTinUkraine_V3.json", ("held", "ru")),
        ("UkraineControlMapAO04NOV2025.geojson", ("held", "ru")),
        ("AssessedRussianAdvanceInUkraine_V2_view.geojson", ("grey", None)),
        ("View_AssessedRussianInfiltrationAreasinUkraine_V4.geojson", ("infiltration", "ru")),
        ("VIEW_ClaimedRussianTerritoryinUkraine_V2.geojson", ("claimed", "ru")),
        ("VIEW_ClaimedUkrainianCounteroffensives_V2.geojson", ("claimed", "ua")),
        ("Assessed_Russian_Gains_in_the_Past_24_Hours_view.geojson", ("held", "ru")),
    ],
)
def test_isws_layers_are_told_by_their_names(read, name, expected):
    assert said(read(name, esri())) == {expected: 1}
    assert set(said(read(name, good.isw_geojson()))) == {expected}


def test_a_feature_that_names_its_layer_beats_the_name_of_the_file(read):
    named = feature(OBJECTID=1, EditDate=1, layer="Assessed Russian Infiltration")
    assert said(read("control.geojson", collection(named))) == {("infiltration", "ru"): 1}


def test_esri_rings_are_shells_with_the_clock_and_holes_against_it(read):
    far = [[x + 2, y] for x, y in CLOCKWISE]
    (area,) = read("control.json", esri(HOLE, CLOCKWISE, far)).areas
    assert area.geometry.area == pytest.approx(2 - 0.04)
    assert len(area.geometry.geoms) == 2


def test_web_mercator_is_brought_to_degrees_and_the_latest_edit_dates_the_map(read):
    metres = Transformer.from_crs(4326, 3857, always_xy=True)
    rings = [[list(metres.transform(*spot)) for spot in ring] for ring in (CLOCKWISE, HOLE)]
    file = read("control.json", esri(*rings, wkid=102100))
    assert file.areas[0].geometry.equals_exact(shapely.Polygon(CLOCKWISE, [HOLE]), 1e-9)
    assert file.areas[0].date == datetime(2025, 11, 5, tzinfo=UTC)
    assert any("latest edit" in note for note in file.notes)


def test_a_page_that_is_not_the_last_says_so(read):
    file = read("control_p1.json", esri(exceededTransferLimit=True))
    assert any("exceededTransferLimit" in note for note in file.notes)


def test_an_esri_error_page_is_said_to_be_one(read):
    with pytest.raises(BadInputError, match=r"server's error page \(code 400: Cannot perform query\)"):
        read("p.json", {"error": {"code": 400, "message": "Cannot perform query", "details": []}})


def test_kml_goes_by_the_plain_words_of_its_folders_and_dates_from_folder_or_time_stamp(read):
    file = read("mapper.kml", good.mapper_kml())
    assert file.maker == "kml"
    assert said(file) == {("grey", None): 1, ("held", "ru"): 1, ("infiltration", None): 1}
    assert [area.date and area.date.day for area in file.areas] == [None, 4, 5]
    assert file.left_out == {"points and lines, no areas": 1}


def test_without_folders_the_plain_words_of_names_count_and_own_columns_keep_their_names(read, tmp_path):
    named = kml(placemark(before="<name>Russian control</name>"), placemark(before="<name>Grey zone</name>"))
    assert said(read("a.kml", named)) == {("held", "ru"): 1, ("grey", None): 1}
    good.put(tmp_path / "own.toml", good.OWN_CROSSWALK.replace("layers", "kml"))
    data = "<ExtendedData><Data name='status'><value>between</value></Data></ExtendedData>"
    assert said(read("b.kml", kml(placemark(before=data)), crosswalk=load(tmp_path / "own.toml"))) == {
        ("grey", None): 1
    }


def test_an_old_snapshot_needs_no_more_than_its_fills(read):
    file = read("x.geojson", collection(feature(name="Напис", fill="#A52714"), feature(fill="#bdbdbd")))
    assert (file.maker, said(file)) == ("deepstate", {("held", "ru"): 1, ("grey", None): 1})
    with pytest.raises(BadInputError, match="plain/1"):
        read("x.geojson", collection(feature(fill="#a52714"), feature(fill="#00ff00")))


def test_the_same_colour_means_what_each_source_says_it_means(read, tmp_path):
    red = kml(good.STYLES, folder("Layer 1", placemark(before="<styleUrl>#s</styleUrl>")))
    with pytest.raises(BadInputError, match=r"does not know: folder Layer 1, colour #a52714"):
        read("a.kml", red)
    (tmp_path / "mine.toml").write_text(
        'maker = "mine"\nversion = "1"\nreads = "kml"\n'
        '[[rules]]\nwhen = { colour = "#a52714" }\nclass = "claimed"\nside = "b"\n'
    )
    file = read("a.kml", red, crosswalk=load(tmp_path / "mine.toml"))
    assert (file.crosswalk, said(file)) == ("mine/1", {("claimed", "b"): 1})


def test_a_mapper_with_a_crosswalk_of_its_own_is_told_by_the_documents_name(read):
    file = read(
        "x.kmz", good.kmz(("doc.kml", kml(folder("Confirmed Russian Control", placemark()), title="AMK Mapping")))
    )
    assert (file.maker, said(file)) == ("amk", {("held", "ru"): 1})


def test_extended_data_of_own_work_keeps_class_side_and_date(read):
    def table(**values: str) -> str:
        data = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in values.items())
        return f"<ExtendedData>{data}</ExtendedData>"

    own = (
        placemark(before=table(**{"class": "held", "side": "south", "date": "2020-05-01"})),
        placemark(before=table(**{"class": "grey", "date": "2020-05-02"})),
    )
    file = read("own.kml", kml(*own))
    assert [(area.cls.value, area.side, area.date.day) for area in file.areas] == [
        ("held", "south", 1),
        ("grey", None, 2),
    ]


def test_nothing_of_a_description_or_a_name_is_kept(read):
    file = read("mapper.kml", good.mapper_kml())
    assert "<b>" not in repr(file)


def test_liveuamaps_points_come_in_two_shapes_and_the_side_in_words(read):
    file = read("1762290000.json", good.liveuamap())
    assert said(file) == {("held", "ru"): 1, ("liberated", "ua"): 1}
    assert file.areas[0].geometry.equals(shapely.Polygon(SQUARE))
    assert file.areas[1].geometry.equals(shapely.Polygon(EAST))
    assert file.unmapped == {"name Somewhere": 1}
    assert file.areas[0].date == datetime(2025, 11, 4, 21, tzinfo=UTC)


def test_viinas_settlements_become_spots_where_the_gazetteer_knows_them(read, tmp_path):
    places = good.put(tmp_path / "places.csv", good.PLACES.replace("11,37.1,48.1\n", ""))
    file = read("control.csv", good.VIINA, wish=Wish(places=places))
    assert said(file) == {("held", "ru"): 1, ("grey", None): 1}
    assert [area.geometry for area in file.areas] == [shapely.Point(37.2, 48.2), shapely.Point(37.3, 48.3)]
    assert "geonameid '11': not in the gazetteer" in file.rejects[0].reason
    assert file.left_out == {"settlements without a status": 1}


def test_one_day_of_many_can_be_asked_for(read, tmp_path):
    places = good.put(
        tmp_path / "UA.txt", "".join(f"{n}\ta\ta\t\t48.{n}\t37.{n}" + "\t" * 13 + "\n" for n in (11, 12, 13))
    )
    file = read("control.csv", good.VIINA, wish=Wish(on=datetime(2025, 11, 4, tzinfo=UTC).date(), places=places))
    assert len(file.areas) == 2
    assert file.notes == ("2 rows of other days",)


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp", "parquet", "geojson"])
def test_any_layer_is_read_with_a_crosswalk(tmp_path, ending):
    from isofront.makers import read_map

    path, table = tmp_path / f"layer.{ending}", good.layer_table()
    table.to_parquet(path) if ending == "parquet" else table.to_file(path)
    good.put(tmp_path / "own.toml", good.OWN_CROSSWALK)
    file = read_map(path, crosswalk=load(tmp_path / "own.toml"))
    found = sorted((area.cls.value, area.side, area.date.day, area.geometry.area) for area in file.areas)
    assert file.crosswalk == "our-desk/7"
    assert [one[:3] for one in found] == [("grey", None, 2), ("held", "south", 1)]
    assert found[1][3] == pytest.approx(0.96)


def test_a_layer_in_another_coordinate_system_is_brought_to_degrees(tmp_path):
    from isofront.makers import read_map

    table = good.layer_table().rename(columns={"status": "class"}).assign(**{"class": ["held", "grey"]})
    table.to_crs("EPSG:32637").to_file(tmp_path / "utm.gpkg")
    file = read_map(tmp_path / "utm.gpkg")
    assert file.areas[1].geometry.equals_exact(shapely.Polygon(EAST), 1e-6, normalize=True)


def test_isofronts_own_words_need_no_crosswalk_and_grey_stays_grey(read):
    file = read("own.geojson", good.plain())
    assert said(file) == {("held", "south"): 1, ("grey", None): 1, ("infiltration", "south"): 1}
    assert [area.date.day for area in file.areas] == [1, 2, 2]


def test_a_user_may_rename_the_sides_date_a_map_and_name_a_holder(read):
    wish = Wish(datetime(2030, 1, 1, tzinfo=UTC), sides={"ru": "red"})
    file = read("last.json", collection(keyed("status.occupied"), keyed("status.dismissed")), wish=wish)
    assert said(file) == {("held", "red"): 1, ("liberated", "ua"): 1}
    assert {area.date.year for area in file.areas} == {2030}
    own = read("own.geojson", collection(feature(**{"class": "held"})), wish=Wish(holder="south"))
    assert said(own) == {("held", "south"): 1}
    with pytest.raises(UsageError, match="side 'xx': the crosswalk of deepstate knows ru, ua"):
        read("last.json", good.deepstate_last(), wish=Wish(sides={"xx": "red"}))


def test_a_file_of_another_maker_is_said_to_be_that(read):
    with pytest.raises(BadInputError, match="not a file of nzz but of deepstate"):
        read("last.json", good.deepstate_last(), "nzz")
    with pytest.raises(BadInputError, match="not a file of kml but of nzz"):
        read("n.json", good.nzz(), "kml")
    with pytest.raises(UsageError, match="--maker nobody: not known, wanted one of: amk, deepstate"):
        read("last.json", good.deepstate_last(), "nobody")


@pytest.mark.parametrize("maker", sorted(shipped()))
def test_every_crosswalk_that_comes_with_isofront_says_whose_it_is_and_is_dated(maker):
    crosswalk = shipped()[maker]
    assert crosswalk.about.endswith(".")
    assert crosswalk.rules
    assert crosswalk.label == f"{maker}/{crosswalk.version}"


@pytest.mark.parametrize(
    ("text", "said_so"),
    [
        ("maker = 1", "Expected `str`"),
        ('maker = "a"\nversion = "1"\nrules = [{ class = "occupied" }]', "Invalid enum value 'occupied'"),
        ('maker = "a"\nversion = "1"\nrules = [{ class = "held", whne = {} }]', "unknown field `whne`"),
        ('maker = "a"\nversion = "1"\nrules = [{ }]', "wanted either `class` or `drop`"),
        ("maker = ", "own.toml"),
        ("[" * 5_000, "own.toml"),
    ],
)
def test_a_crosswalk_with_a_slip_stops_with_the_place_of_it(tmp_path, text, said_so):
    path = good.put(tmp_path / "own.toml", text)
    with pytest.raises(UsageError, match=r"own\.toml") as fault:
        load(path)
    assert said_so in str(fault.value)
