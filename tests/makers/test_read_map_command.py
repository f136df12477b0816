"""`isofront read-map`: in any folder, with no theatre and no network; exit codes, what is written, what is said."""

from __future__ import annotations

import json
from pathlib import Path

import makers_files as good
import pytest
from makers_files import EAST, collection, feature, keyed

from isofront.cli import main


def features(path: Path) -> list[dict[str, object]]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def test_a_map_becomes_geojson_with_class_side_date_maker_and_crosswalk(tmp_path, capsys):
    source, out = good.put(tmp_path / "last.json", good.deepstate_last()), tmp_path / "out.geojson"
    assert main(["read-map", str(source), "--out", str(out)]) == 0
    first = features(out)[0]["properties"]
    assert first == {
        "class": "held",
        "side": "ru",
        "date": "2025-11-04T21:00:00Z",
        "maker": "deepstate",
        "crosswalk": "deepstate/2026-11-01",
        "rule": "key status.occupied",
    }
    assert "taken for deepstate" in capsys.readouterr().err
    left = json.loads((tmp_path / "out.rejects.json").read_text(encoding="utf-8"))
    assert left["left_out"]["units"] == 1


def test_under_json_stdout_is_one_document(tmp_path, capsys):
    source = good.put(tmp_path / "own.geojson", good.plain())
    assert main(["read-map", str(source), "--out", str(tmp_path / "o.geojson"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["classes"] == {"grey": 1, "held": 1, "infiltration": 1}
    assert said["dates"] == ["2020-05-01", "2020-05-02"]
    assert said["rejects_file"] is None


def test_maps_and_places_with_lat_before_lon_are_refused_once_a_theatre_tells_where_they_lie(tmp_path, capsys):
    straight = [[20.1, 50.1], [20.4, 50.1], [20.4, 50.4], [20.1, 50.1]]
    turned = [[lat, lon] for lon, lat in straight]
    theatre, out = tmp_path / "war", str(tmp_path / "o.geojson")
    ring = " ".join(f"{lon},{lat}" for lon, lat in turned)
    files = [
        good.put(tmp_path / "own.geojson", collection(feature(turned, side="red", **{"class": "held"}))),
        good.put(tmp_path / "own.kml", good.kml(good.folder("Russian control", good.placemark(ring)))),
    ]
    anchor = good.put(tmp_path / "start.geojson", collection(feature(straight)))
    places = good.put(tmp_path / "places.csv", "name,lon,lat\nMiddletown,50.2,20.2\n")
    new = ["init", str(theatre), "--bounds", "20", "50", "21", "51", "--side", "red=Red", "--side", "blue=Blue"]
    new += ["--protect", "none", "--anchor", str(anchor), "--anchor-date", "2020-01-01", "--anchor-holder", "red"]
    assert main([*new, "--settlements", str(places)]) == 3
    assert main(new) == 0
    for file in files:
        assert main(["read-map", str(file), "--holder", "red", "--out", out]) == 0
        assert main(["read-map", str(file), "--out", out, "--theatre", str(theatre)]) == 3
    assert main(["add", "--theatre", str(theatre), "--approved", "--by", "kim", str(files[0])]) == 3
    assert capsys.readouterr().err.count("lat before lon, it seems") == 4


def test_pages_and_days_and_folders_are_read_together_and_repeats_count_once(tmp_path, capsys):
    page = good.isw_geojson()
    good.put(tmp_path / "maps" / "control_1.geojson", page)
    good.put(
        tmp_path / "maps" / "control_2.geojson",
        collection(*page["features"][1:], feature(good.HOLE, OBJECTID=3, EditDate=1762300800000)),
    )
    good.put(tmp_path / "maps" / "notes.txt", "no map")
    assert main(["read-map", str(tmp_path / "maps"), "--out", str(tmp_path / "o.geojson"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["areas"], said["repeated"], said["rejects"]) == (3, 1, 1)
    assert len(features(tmp_path / "o.geojson")) == 3


def test_nothing_usable_is_exit_3_and_leaves_no_file(tmp_path, capsys):
    source, out = good.put(tmp_path / "x.json", {"error": {"code": 500, "message": "busy"}}), tmp_path / "o.geojson"
    assert main(["read-map", str(source), "--out", str(out)]) == 3
    assert "error page (code 500: busy)" in capsys.readouterr().err
    assert not out.exists()
    assert main(["read-map", str(tmp_path / "absent.json"), "--out", str(out)]) == 3


@pytest.mark.parametrize("wrong", [["--maker", "nobody"], ["--sides", "ru"], ["--date", "1527"], ["--on", "x"]])
def test_wrong_use_is_exit_2(tmp_path, wrong):
    source = good.put(tmp_path / "last.json", good.deepstate_last())
    assert main(["read-map", str(source), "--out", str(tmp_path / "o.geojson"), *wrong]) == 2


def test_an_earlier_list_of_rejects_goes_when_there_is_nothing_to_list(tmp_path):
    out = tmp_path / "o.geojson"
    bad = collection(keyed("status.occupied"), keyed("status.novel"))
    assert main(["read-map", str(good.put(tmp_path / "a.json", bad)), "--out", str(out)]) == 0
    assert (tmp_path / "o.rejects.json").exists()
    assert main(["read-map", str(good.put(tmp_path / "b.json", good.plain())), "--out", str(out)]) == 0
    assert not (tmp_path / "o.rejects.json").exists()


def test_equal_input_gives_equal_bytes_and_what_was_written_is_read_back_alike(tmp_path):
    source, first, again = good.put(tmp_path / "n.json", good.nzz()), tmp_path / "a.geojson", tmp_path / "b.geojson"
    for out in (first, again):
        assert main(["read-map", str(source), "--out", str(out)]) == 0
    assert first.read_bytes() == again.read_bytes()
    assert main(["read-map", str(first), "--out", str(again)]) == 0
    assert [one["geometry"] for one in features(first)] == [one["geometry"] for one in features(again)]


def test_a_theatre_can_start_from_what_read_map_wrote_and_keeps_its_grey(tmp_path, capsys):
    drawn = collection(keyed("status.occupied"), keyed("status.unknown", EAST), keyed("status.dismissed", good.HOLE))
    good.put(tmp_path / f"{good.NOVEMBER_4}.json", drawn)
    out = tmp_path / "o.geojson"
    assert main(["read-map", str(tmp_path / f"{good.NOVEMBER_4}.json"), "--out", str(out), "--sides", "ru=south"]) == 0
    begin = ["init", str(tmp_path / "war"), "--bounds", "37.2", "48.2", "39.8", "48.8", "--protect", "none"]
    sides = ["--side", "south=South", "--side", "ua=North", "--cell", "1000", "--anchor", str(out)]
    assert main([*begin, *sides, "--anchor-date", "2025-11-04T21:00:00Z"]) == 0
    kept = features(tmp_path / "war" / "anchor.geojson")
    assert [one["properties"] for one in kept] == [{"class": "held", "side": "south"}, {"class": "grey"}]
    assert "left out that do not say who holds" in capsys.readouterr().err


def test_of_a_history_with_many_dates_a_theatre_takes_its_anchors(tmp_path, capsys):
    days = [
        feature(ring, **{"class": "held", "side": "south", "date": day})
        for ring, day in ((EAST, "2020-05-01"), (good.SQUARE, "2020-05-02"))
    ]
    source, out = good.put(tmp_path / "own.geojson", collection(*days)), tmp_path / "o.geojson"
    assert main(["read-map", str(source), "--out", str(out)]) == 0
    begin = [
        "init",
        str(tmp_path / "war"),
        "--bounds",
        "37.2",
        "48.2",
        "38.8",
        "48.8",
        "--protect",
        "none",
        "--cell",
        "1000",
    ]
    sides = ["--side", "south=South", "--side", "ua=North", "--anchor", str(out), "--anchor-date"]
    assert main([*begin, *sides, "2020-05-03"]) == 3
    assert "maps of 2 dates from 2020-05-01 to 2020-05-02, none of 2020-05-03" in capsys.readouterr().err
    assert main([*begin, *sides, "2020-05-02"]) == 0
    assert len(features(tmp_path / "war" / "anchor.geojson")) == 1


@pytest.mark.parametrize("name", ["as_of", "map_date"])
def test_a_layer_of_our_own_files_keeps_its_day(tmp_path, name):
    layer = collection(good.feature(**{"class": "held", "side": "x", name: "2030-01-31T00:00:00Z"}))
    source, out = good.put(tmp_path / "areas.geojson", layer), tmp_path / "out.geojson"
    assert main(["read-map", str(source), "--out", str(out)]) == 0
    assert [one["properties"]["date"] for one in features(out)] == ["2030-01-31"]


def test_a_file_that_is_read_is_never_overwritten(tmp_path, capsys):
    source = good.put(tmp_path / "ours.geojson", good.nzz())
    before = source.read_bytes()
    assert main(["read-map", str(tmp_path), "--out", str(source)]) == 2
    assert "would overwrite" in capsys.readouterr().err
    rejects = good.put(tmp_path / "x.rejects.json", good.nzz())
    assert main(["read-map", str(rejects), "--out", str(tmp_path / "x.geojson")]) == 2
    assert source.read_bytes() == rejects.read_bytes() == before
