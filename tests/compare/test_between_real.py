"""Two real mappers side by side, where the folder of real data is at hand: how large their difference is, in sum."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import pytest

from isofront.cli import main

pytestmark = pytest.mark.real
BOX = ("--bounds", "36.75", "48.05", "37.65", "48.60", "--crs", "EPSG:32637")


def answer(capsys, real_data: Path, *words: str) -> dict:
    capsys.readouterr()
    files = (real_data / "deepstate_public.parquet", real_data / "nzz_public.parquet")
    assert main(["compare", *map(str, files), *BOX, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("month", ["08", "09", "10", "11", "12"])
def test_the_second_mapper_shows_more_held_ground_and_hardly_any_less(real_data: Path, capsys, month):
    found = answer(capsys, real_data, "--on", f"2025-{month}-01", "--lag-days", "0")
    assert 180 < found["only_b_km2"] < 312
    assert 3 < found["only_a_km2"] < 12.5
    assert found["offset"]["km"] > 0.9
    assert (found["a"]["side"], found["b"]["side"]) == ("RU", "RU")


@pytest.mark.slow
def test_over_the_weeks_the_lines_lie_a_mile_apart_and_agreement_is_as_published(real_data: Path, capsys):
    found = answer(
        capsys, real_data, "--from", "2024-07-01", "--to", "2025-07-31", "--band-km", "20", "--lag-days", "0"
    )
    assert found["days"] == 56
    assert 1.0 < found["line_median_km"] < 2.0
    assert 3.0 < found["line_p95_km"] < 6.0
    assert 0.75 < found["kappa_band"] < 0.88
    assert 0.87 < found["accuracy_band"] < 0.94
    assert median(one["only_b_km2"] for one in found["rows"]) > 5 * median(one["only_a_km2"] for one in found["rows"])
