"""Change and series on maps that real mappers drew, where the folder of real data is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront.cli import main

pytestmark = pytest.mark.real


def answer(capsys, *words: str) -> dict:
    capsys.readouterr()
    assert main(["front", *words, "--crs", "EPSG:32637", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_month_of_change_is_the_difference_of_the_files_areas(real_data: Path, capsys):
    import geopandas

    path = real_data / "deepstate_public.parquet"
    rows = geopandas.read_parquet(path).to_crs("EPSG:32637")
    old, new = (rows[rows["date"] == day].geometry.iloc[0] for day in ("2025-11-01", "2025-12-01"))
    side = answer(capsys, "change", str(path), "--from", "2025-11-01", "--to", "2025-12-01")["sides"]["RU"]
    assert side["gained_km2"] == pytest.approx(new.difference(old).area / 1e6, abs=0.2)
    assert side["lost_km2"] == pytest.approx(old.difference(new).area / 1e6, abs=0.2)


def test_a_series_of_the_reference_days_reads_the_published_necks(real_data: Path, tmp_path: Path, capsys):
    held = [
        word
        for name, file in (("A", "deepstate_public.parquet"), ("B", "nzz_public.parquet"))
        for word in ("--held", f"{name}={real_data / file}")
    ]
    words = ["--from", "2025-11-04", "--to", "2025-11-05", "--land", str(real_data / "land.geojson"), *held]
    told = answer(capsys, "corridor", "--at", "37.264", "48.302", *words, "--out", str(tmp_path))
    necks = {row["mapper"]: row["neck_km"] for row in told["rows"] if row["date"] == "2025-11-04"}
    assert necks == pytest.approx({"A": 7.9, "B": 6.6}, abs=0.06)
