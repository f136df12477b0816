"""What `map` and `why` leave and say, on good input and on bad."""

from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest
from engine_reading import document, raster
from engine_war import SMALL, add, draw, polygon, ring, rows, start

FILES = {"control.tif", "areas.geojson", "front.geojson", "summary.json", "map.png", "map.svg", "map.html"}
KEYS = {"as_of", "known_by", "state", "simulated", "reports_used", "known_inferred", "rejects", "area_km2",
        "changed_km2", "merged_parts", "merged_km2", "settlements"}  # fmt: skip


def test_all_files_are_there_with_their_bands_and_keys(fought_map):
    assert {path.name for path in fought_map.iterdir()} >= FILES
    bands = raster(fought_map / "control.tif")
    assert set(bands) == {"control_red", "p_red", "p_grey", "p_blue", "unobserved"}
    for band in bands.values():
        assert band.dtype == np.float32
        assert np.isfinite(band).all()
        assert band.min() >= 0
        assert band.max() <= 1
    assert np.abs(bands["p_red"] + bands["p_grey"] + bands["p_blue"] - 1).max() < 1e-5
    assert (bands["p_red"] <= bands["control_red"] + 1e-6).all()
    assert (bands["control_red"] <= bands["p_red"] + bands["p_grey"] + 1e-6).all()
    summary = document(fought_map / "summary.json")
    assert set(summary) >= KEYS
    assert set(summary["area_km2"]) == {"red", "blue", "grey", "unobserved"}
    assert summary["state"] == "draft"
    assert summary["reports_used"] > 10
    assert summary["known_inferred"] == summary["reports_used"]


def test_areas_say_class_side_and_reason(fought_map):
    for feature in document(fought_map / "areas.geojson")["features"]:
        said = feature["properties"]
        assert said["class"] in ("held", "grey")
        assert (said["class"] == "held") == (said["side"] in ("red", "blue"))
        assert (said["class"] == "grey") == (said["grey_reason"] is not None)


def test_private_stands_on_everything(fought_map):
    for name in FILES - {"control.tif", "map.png"}:
        assert "PRIVATE" in (fought_map / name).read_text(encoding="utf-8"), name
    assert b"PRIVATE" in (fought_map / "map.png").read_bytes()
    import rasterio

    with rasterio.open(fought_map / "control.tif") as file:
        assert "PRIVATE" in json.dumps(file.tags())


def test_each_side_has_its_corridor_width_field_on_the_cells_of_the_map(fought_map):
    import rasterio

    with rasterio.open(fought_map / "control.tif") as control:
        for side in ("red", "blue"):
            with rasterio.open(fought_map / f"corridor_{side}.tif") as field:
                assert (field.transform, field.shape, field.crs) == (control.transform, control.shape, control.crs)
                assert field.descriptions == ("neck_held", "neck_held_or_grey", "neck_any_presence")
                assert "PRIVATE" in field.tags()["STAMP"]
                assert field.tags()["SIDE"] == side
                km = field.read()
            assert not (km < 0).any()
            assert not (km > 30).any()


def test_simulated_input_stamps_simulated(tmp_path, told):
    war = start(tmp_path, polygon(ring()))
    add(war, rows(2, lon=20.16, lat=50.1, note="SIMULATED"))
    out = draw(war, tmp_path / "out")
    assert document(out / "summary.json")["simulated"] is True
    assert "SIMULATED" in (out / "map.svg").read_text(encoding="utf-8")
    assert told("why", "20.16", "50.1", "--theatre", war, "--on", "2024-05-25")[1].startswith("PRIVATE SIMULATED ")


@pytest.mark.parametrize("words", [["--on", "2024-05-25,2024-05-26"], ["--on", "2024-05-25", "--known-by", ""]])
def test_why_is_about_one_day_and_one_knowledge(quiet_war, told, words):
    assert told("why", "20.16", "50.1", "--theatre", quiet_war, *words)[0] == 2


@pytest.mark.usefixtures("unpictured")
def test_json_prints_one_document_and_nothing_else(fought_war, tmp_path, told):
    code, out, _ = told("map", "--theatre", fought_war, "--as-of", "2024-05-25", "--out", tmp_path, "--json")
    assert code == 0
    assert json.loads(out) == document(tmp_path / "summary.json")
    code, out, _ = told("why", "20.16", "50.05", "--theatre", fought_war, "--on", "2024-05-25", "--json")
    assert code == 0
    json.loads(out)


@pytest.mark.parametrize(
    "spot",
    [
        ("20.16", "50.03"),
        *(pytest.param(far, marks=pytest.mark.slow) for far in (("20.2", "50.1"), ("20.35", "50.95"))),
    ],
)
def test_why_sums_to_the_latent_and_names_reports(fought_war, told, spot):
    answer = json.loads(told("why", *spot, "--theatre", fought_war, "--on", "2024-05-25", "--json")[1])
    total = answer["prior_km"] + sum(one["km"] for one in answer["reports"]) + answer["others_km"]
    assert total == pytest.approx(answer["latent_km"], abs=1e-6)
    assert answer["stamp"] == "PRIVATE"
    assert all(one["toward"] == ("red" if one["km"] > 0 else "blue") for one in answer["reports"])
    text = told("why", *spot, "--theatre", fought_war, "--on", "2024-05-25")[1]
    assert text.startswith("PRIVATE")
    assert " 0 other reports" not in text
    p = answer["p"]
    greyest = p["p_grey"] >= max(p["p_red"], p["p_blue"])
    assert ("P(is there): red" in text) is greyest
    assert set(answer["present"]) == {"red", "blue"}


def test_why_says_the_same_control_as_the_map(fought_war, fought_map, told):
    answer = json.loads(told("why", "20.16", "50.03", "--theatre", fought_war, "--on", "2024-05-25", "--json")[1])
    import rasterio
    from rasterio.warp import transform

    with rasterio.open(fought_map / "control.tif") as file:
        x, y = transform("EPSG:4326", file.crs, [20.16], [50.03])
        here = dict(zip(file.descriptions, next(iter(file.sample([(x[0], y[0])]))), strict=True))
    assert {name: pytest.approx(float(here[name]), abs=2e-4) for name in answer["p"]} == answer["p"]


def test_why_says_how_much_less_sure_the_map_is_where_reports_stand_past_the_line(quiet_war, tmp_path, told):
    own = tmp_path / "own"
    own.mkdir()
    war = start(own, polygon(ring()), words=[*SMALL[:3], "1000", *SMALL[4:]])
    add(
        war,
        [row | {"id": f"{row['id']}-{lat}"} for lat in (50.45, 50.5, 50.55) for row in rows(10, lon=20.08, lat=lat)],
    )
    asked = ("--theatre", war, "--on", "2024-05-25", "--check", "0")
    past = json.loads(told("why", "20.1", "50.5", *asked, "--json")[1])
    assert past["p"]["control_red"] > past["p_by_link"] + 0.1
    assert "past the line, which may run behind" in told("why", "20.1", "50.5", *asked)[1]
    assert "run behind" not in told("why", "20.1", "50.5", "--theatre", quiet_war, *asked[2:])[1]


def test_why_outside_the_theatre_is_wrong_use(fought_war, told):
    inside = "wanted a spot inside\n"
    turned = "lat before lon, it seems"
    for spot, said in (
        (("30", "50"), inside),
        (("50.1", "20.16"), turned),
        (("95", "145"), inside),
        (("nan", "5"), inside),
    ):
        code, _, err = told("why", *spot, "--theatre", fought_war, "--on", "2024-05-25")
        assert code == 2
        assert "outside the theatre" in err
        assert said in err


@pytest.mark.usefixtures("unpictured")
def test_red_seen_past_the_line_moves_it_or_greys_it_there(fought_war, fought_map, quiet_war, tmp_path):
    quiet = raster(draw(quiet_war, tmp_path / "quiet") / "control.tif")
    told = raster(fought_map / "control.tif")
    assert quiet["p_blue"].shape == told["p_blue"].shape
    assert (told["p_blue"] - quiet["p_blue"]).min() < -0.1
    assert (told["control_red"] - quiet["control_red"])[:20].max() < 0.03


@pytest.mark.slow
@pytest.mark.usefixtures("unpictured")
def test_the_second_side_as_holder_gives_the_mirrored_map(tmp_path):
    """The same war with the names exchanged: every number of red is blue's and the other way round."""
    bands = []
    for number, (holder, other) in enumerate((("red", "blue"), ("blue", "red"))):
        (tmp_path / str(number)).mkdir()
        war = start(tmp_path / str(number), polygon(ring()), holder=holder)
        add(war, rows(8, lon=20.16, lat=50.1, seen=holder) + rows(5, lon=20.15, lat=50.2, seen=other))
        bands.append(raster(draw(war, tmp_path / f"out{number}") / "control.tif"))
    one, mirrored = bands
    assert np.abs(one["p_red"] - mirrored["p_blue"]).max() <= 2e-4
    assert np.abs(one["p_blue"] - mirrored["p_red"]).max() <= 2e-4
    assert np.abs(one["control_red"] - (1 - mirrored["control_red"])).max() <= 2e-4


@pytest.mark.usefixtures("unpictured")
def test_an_anchor_with_a_grey_class_keeps_its_grey(tmp_path):
    belt = [(20.15, 51.01), (20.2, 51.01), (20.2, 49.99), (20.15, 49.99), (20.15, 51.01)]
    east = [(20.2, 51.01), (20.5, 51.01), (20.5, 49.99), (20.2, 49.99), (20.2, 51.01)]
    war = start(
        tmp_path, polygon(belt, **{"class": "grey"}), polygon(east, **{"class": "held"}, side="red"), holder=None
    )
    out = draw(war, tmp_path / "out", "2024-05-02")
    km2 = document(out / "summary.json")["area_km2"]
    assert km2["grey"] == pytest.approx(0.05 * 1.0 * 71.0 * 111.2, rel=0.05)
    grey = raster(out / "control.tif")["p_grey"]
    assert (grey > 0.5).sum() * 0.25 > 0.5 * km2["grey"]


def test_a_day_before_the_anchor_is_wrong_use(quiet_war, tmp_path, told):
    code, _, err = told("map", "--theatre", quiet_war, "--as-of", "2024-04-30", "--out", tmp_path / "out")
    assert code == 2
    assert "before the anchor" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--as-of", "yesterday"],
        ["--as-of", "9999-12-31"],
        ["--as-of", "2024-05-25", "--known-by", "x"],
        ["--as-of", "2024-05-25", "--known-by", ""],
        ["--as-of", "2024-05-25", "--known-by", "2024-05-25,2024-05-26"],
    ],
)
def test_a_day_that_is_none_is_wrong_use(quiet_war, tmp_path, told, words):
    assert told("map", "--theatre", quiet_war, "--out", tmp_path / "out", *words)[0] == 2


def test_a_missing_theatre_is_said_in_one_line(tmp_path, told):
    code, out, err = told("map", "--theatre", tmp_path / "none", "--as-of", "2024-05-25", "--out", tmp_path / "out")
    assert code in (2, 3)
    assert out == ""
    assert err.count("\n") == 1
    assert "none" in err


def test_an_out_folder_that_cannot_be_made_is_said_in_one_line(quiet_war, tmp_path, told):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, _, err = told("map", "--theatre", quiet_war, "--as-of", "2024-05-25", "--out", tmp_path / "file" / "out")
    assert code == 1
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_full_disk_is_said_in_one_line_and_leaves_no_half_file(quiet_war, tmp_path, told, monkeypatch):
    real, out = os.fsync, tmp_path / "out"
    written = []

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) > 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = told("map", "--theatre", quiet_war, "--as-of", "2024-05-25", "--out", out)
    assert code == 1
    assert err.count("\n") == 1
    assert "No space left" in err or "disk is full" in err
    left = {path.name for path in out.iterdir()} if out.exists() else set()
    assert not any(name.startswith((".", "tmp")) or name.endswith((".tmp", ".part")) for name in left)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_theatre_can_be_mapped(fought_war, tmp_path, told):
    war = tmp_path / "war"
    shutil.copytree(fought_war, war)
    war.chmod(0o500)
    try:
        assert told("map", "--theatre", war, "--as-of", "2024-05-25", "--out", tmp_path / "out")[0] == 0
    finally:
        war.chmod(0o700)
