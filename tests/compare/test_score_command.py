"""`isofront score` on maps already made, of a theatre made by `isofront init`."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
import typer
from typer.testing import CliRunner

from isofront.cli import score as command
from isofront.cli.init import register as register_init
from isofront.errors import BadInputError, UsageError
from isofront.theatre import load

START = date(2030, 5, 1)
DAYS = [START + timedelta(weeks=k) for k in (1, 2, 3)]


def polygons(lon: float, properties: dict[str, str]) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shapely.box(lon, 49.9, 10.5, 50.4)),
    }


def collection(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def write_control(path: Path, theatre: Path, lon: float) -> None:
    """A map that says: east of lon is a's, for sure."""
    import rasterio
    from rasterio.transform import from_origin

    grid = load(theatre).grid
    east, _ = grid.centres_km()
    held = (east > grid.to_km(lon, 50.15)[0]).astype(np.float32)
    west, _, _, north = grid.box_km
    path.parent.mkdir(parents=True)
    place = from_origin(west * 1000, north * 1000, grid.cell_km * 1000, grid.cell_km * 1000)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="float32",
        count=1,
        width=grid.nx,
        height=grid.ny,
        crs=grid.crs,
        transform=place,
    ) as raster:
        raster.write(np.flipud(held), 1)
        raster.set_band_description(1, "control_a")


@pytest.fixture
def theatre(tmp_path: Path) -> Path:
    """The front goes west by 0.02 degrees a week; the maps lag by 0.01."""
    (tmp_path / "start.geojson").write_text(collection(polygons(10.25, {})), encoding="utf-8")
    truth = collection(*[polygons(10.25 - 0.02 * k, {"date": day.isoformat()}) for k, day in enumerate(DAYS, start=1)])
    (tmp_path / "truth.geojson").write_text(truth, encoding="utf-8")
    options = "--bounds 10 50 10.4 50.3 --crs EPSG:32632 --cell 1000 --protect none --side a=A --side b=B"
    options += " --anchor-date 2030-05-01 --anchor-holder a"
    app = typer.Typer()
    app.callback()(lambda: None)
    register_init(app)
    words = ["init", str(tmp_path / "tiny"), "--anchor", str(tmp_path / "start.geojson"), *options.split()]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    for k, day in enumerate(DAYS, start=1):
        lon = 10.25 - 0.02 * k + 0.01
        write_control(tmp_path / "maps" / day.isoformat() / "control.tif", tmp_path / "tiny", lon)
    return tmp_path


def run(folder: Path, **options: object) -> None:
    command.score(truth=folder / "truth.geojson", theatre=[folder / "tiny"], maps=folder / "maps", **options)


def test_the_table_has_the_map_and_both_yardsticks(theatre, capsys):
    run(theatre)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[1:4]] == ["map", "hard persistence", "kernel vote"]
    assert any(line.startswith("skill against hard persistence") for line in lines)


def test_a_theatre_can_be_named_by_its_file(theatre, capsys):
    file = theatre / "tiny" / "theatre.toml"
    command.score(truth=theatre / "truth.geojson", theatre=[file], maps=theatre / "maps")
    assert "hard persistence" in capsys.readouterr().out


def test_json_is_one_document_and_out_holds_it_with_a_picture(theatre, capsys):
    run(theatre, as_json=True, out=theatre / "scores")
    printed = capsys.readouterr().out
    document = json.loads(printed)
    assert (theatre / "scores" / "scores.json").read_text(encoding="utf-8") == printed
    assert (theatre / "scores" / "scores.svg").stat().st_size > 1000
    means = document["methods"]["map"]["means"]
    assert means["line_km"] < document["methods"]["hard persistence"]["means"]["line_km"]
    assert means["line_km"] == pytest.approx(0.71, abs=0.6), "a lag of 0.01 degrees is 0.7 km"
    assert document["skill"]["hard persistence"]["log_loss"] > 0


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ({"days": "2030-05-08,2030-05-22"}, 2),
        ({"days": "2030-05-10/2030-05-20"}, 1),
        ({"weekday": "wed"}, 3),
    ],
)
def test_days_can_be_listed_ranged_and_sifted(theatre, capsys, options, days):
    run(theatre, as_json=True, **options)
    document = json.loads(capsys.readouterr().out)
    assert len({day["day"] for day in document["days"]}) == days


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"days": "2030-05-09"}, UsageError, "no polygons of that day"),
        ({"days": "yesterday"}, UsageError, "wanted a date like"),
        ({"weekday": "xyz"}, UsageError, "wanted one of mon"),
        ({"weekday": "sunday"}, BadInputError, "none of the days"),
        ({"side": "c"}, UsageError, "wanted a or b"),
    ],
)
def test_wrong_options_are_refused_in_a_line(theatre, options, error, words):
    with pytest.raises(error, match=words):
        run(theatre, **options)


def test_a_map_on_another_grid_is_refused(theatre):
    command_maps = theatre / "maps" / DAYS[0].isoformat() / "control.tif"
    command_maps.write_bytes(b"")
    with pytest.raises(BadInputError, match="cannot be read as a map"):
        run(theatre)
