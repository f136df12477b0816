"""Nobody can tell a report's place better than its cell from anything public; protected sides leave no trace."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_war import rows
from hypothesis import given
from hypothesis import strategies as st
from publishing_war import DAY, NOW, approve, begun, files_of, released, row
from rasterio.io import MemoryFile

from isofront.engine import draft_from
from isofront.engine.inputs import read_inputs
from isofront.engine.public import coarse_bands
from isofront.engine.site import put
from isofront.errors import TheatreError
from isofront.evidence.report import Report
from isofront.ground.grid import to_km, to_lonlat
from isofront.publish.coarse import cells_of, coarsened

KM = 1.0
CRS = "EPSG:32634"


@pytest.mark.slow
def test_moving_every_report_about_in_its_cell_changes_no_public_byte(plain_edition, tmp_path):
    moved = [one | dict(zip(("lon", "lat"), elsewhere(one, seed=k), strict=True)) for k, one in enumerate(reports())]
    war = begun(tmp_path, reports=moved)
    approve(war)
    assert files_of(war) == plain_edition.files


def reports() -> list[dict[str, object]]:
    return rows(20, lon=20.15, lat=50.03)


def elsewhere(one: dict[str, object], *, seed: int) -> tuple[float, float]:
    """Another spot in the same cell."""
    east, north = to_km(np.array([one["lon"]], float), np.array([one["lat"]], float), crs=CRS)
    within = np.random.default_rng(seed).uniform(0.02, 0.98, 2)
    lon, lat = to_lonlat(np.floor(east) + within[:1], np.floor(north) + within[1:], crs=CRS)
    return round(float(lon[0]), 6), round(float(lat[0]), 6)


def test_removing_a_report_of_a_protected_side_changes_no_public_byte(tmp_path):
    ours = [
        row("ours-1", 20.12, 50.06, seen="blue"),
        row("ours-2", 20.17, 50.03, seen="blue", day="2024-05-22"),
        row("ours-3", 20.3, 50.2, seen="blue", kind="infiltration"),
    ]
    found = []
    for name, some in (("with", [*reports(), *ours]), ("without", reports())):
        (tmp_path / name).mkdir()
        war = begun(tmp_path / name, protect="blue", reports=some)
        approve(war)
        found.append(files_of(war))
    assert found[0] == found[1]


@given(st.floats(20.0, 20.4), st.floats(50.0, 50.3), st.floats(1.0, 90_000.0))
def test_a_report_becomes_that_of_its_cell_and_never_surer_than_it(lon, lat, error_m):
    one = _report(lon, lat, error_m)
    (told,) = coarsened([one], crs=CRS, km=KM)
    east, north = to_km(np.array([told.lon]), np.array([told.lat]), crs=CRS)
    assert np.allclose(np.array([east[0], north[0]]) % KM, KM / 2, atol=1e-6)
    assert (cells_of([told], crs=CRS, km=KM) == cells_of([one], crs=CRS, km=KM)).all()
    assert told.error_m >= KM * 1000
    assert coarsened([told], crs=CRS, km=KM)[0].lon == pytest.approx(told.lon)


def _report(lon: float, lat: float, error_m: float) -> Report:
    from datetime import timedelta

    from isofront.evidence.report import Interval, Kind

    then = DAY - timedelta(days=3)
    return Report("r", "s", Kind.POSITION, "red", None, lon, lat, error_m, Interval(then, then), None, then)


@pytest.mark.slow
def test_least_squares_over_all_editions_finds_the_middle_of_the_cell_and_nothing_nearer(plain_war, tmp_path):
    """The attacker knows the model, the anchor, all other reports to the cell, and every edition's raster."""
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    approve(war, day="2024-06-10")
    days = ((DAY, NOW), (DAY.replace(month=6, day=10), NOW.replace(month=6, day=20)))
    seen = [(released(war, on=on, now=now), raster(files_of(war, on=on, now=now))) for on, now in days]
    release = seen[0][0]
    errors = []
    for victim in release.cleared.reports[7:8]:
        errors.append(apart_km(located(victim, seen), victim))
    centre = [apart_km(coarsened([one], crs=CRS, km=KM)[0], one) for one in release.cleared.reports[7:8]]
    assert errors == pytest.approx(centre, abs=0.05)


def raster(files: dict[str, bytes]) -> np.ndarray:
    with MemoryFile(files["control.tif"]) as memory, memory.open() as file:
        return np.asarray(file.read())[:, ::-1]


def located(victim: Report, seen: list[tuple[object, np.ndarray]]) -> Report:
    """The place of one report that fits all editions best, over places finer than its cell."""
    cell = cells_of([victim], crs=CRS, km=KM)[0]
    steps = np.linspace(0.1, 0.9, 5)
    tried = [(cell[0] + x, cell[1] + y) for x in steps for y in steps]
    misfit = [sum(_misfit(victim, spot, *one) for one in seen) for spot in tried]
    best = np.flatnonzero(np.array(misfit) <= min(misfit) + 1e-12)
    east, north = np.array([tried[k] for k in best]).mean(axis=0)
    lon, lat = to_lonlat(np.array([east]), np.array([north]), crs=CRS)
    return replace(victim, lon=float(lon[0]), lat=float(lat[0]))


def _misfit(victim: Report, spot: tuple[float, float], release: object, shown: np.ndarray) -> float:
    told = coarsened(release.cleared.reports, crs=CRS, km=KM)
    lon, lat = to_lonlat(np.array([spot[0]]), np.array([spot[1]]), crs=CRS)
    guess = [replace(one, lon=float(lon[0]), lat=float(lat[0])) if one.id == victim.id else one for one in told]
    draft = release.draft
    again = draft_from(
        draft.ground, draft.posterior.model, guess, release.inputs.said, as_of=draft.as_of, known_by=draft.known_by
    )
    return float(((coarse_bands(again, km=KM).bands - shown) ** 2).sum())


def apart_km(one: Report, other: Report) -> float:
    east, north = to_km(np.array([one.lon, other.lon]), np.array([one.lat, other.lat]), crs=CRS)
    return float(np.hypot(*np.diff(np.column_stack([east, north]), axis=0)[0]))


@pytest.mark.parametrize(
    ("crs", "km", "fault"), [(CRS, 2.0, ""), (CRS, 1.5, "coarsen_km 1.5"), ("EPSG:32633", 1.0, "EPSG:32633")]
)
def test_an_edition_in_cells_that_cross_those_of_an_earlier_one_is_refused_for_both_place_a_report_finer(
    plain_war, plain_edition, tmp_path, crs, km, fault
):
    """In cells of 1 and of 1.5 km a report lies within .70 km² in the mean, in those of two zones within .45."""
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    put(replace(plain_edition, home=war), tmp_path / "site")
    file = war / "theatre.toml"
    text = re.sub(r'crs = "[^"]*"', f'crs = "{crs}"', file.read_text(encoding="utf-8"))
    file.write_text(f"{text}\n[policy]\ncoarsen_km = {km}\n", encoding="utf-8")
    if not fault:
        assert read_inputs(war, DAY, now=NOW).shown
        return
    with pytest.raises(TheatreError, match=rf"{fault}.*edition 0001-2024-05-25 was published in cells of 1 km"):
        read_inputs(war, DAY, now=NOW)


def test_a_spot_has_one_cell_whatever_the_theatres_bounds_are():
    spots = [_report(20.1 + k / 997, 50.1 + k / 1009, 50.0) for k in range(40)]
    whole = coarsened(spots, crs=CRS, km=KM)
    alone = [coarsened([one], crs=CRS, km=KM)[0].lon for one in spots]
    assert alone == [one.lon for one in whole]
