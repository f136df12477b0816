"""Where nothing came, the line stands vertex for vertex; where something came, only there does it move."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from engine_reading import document, raster, vertices
from engine_war import LINE, add, draw, polygon, ring, rows, start

pytestmark = pytest.mark.usefixtures("unpictured")
INNER = {spot for spot in LINE if 50.0 < spot[1] < 51.0}


def test_without_reports_the_anchor_is_drawn_vertex_for_vertex(quiet_war, tmp_path):
    out = draw(quiet_war, tmp_path / "out", "2024-07-01")
    for side in ("red", "blue"):
        here = vertices(out / "areas.geojson", **{"class": "held"}, side=side)
        assert here >= INNER
        rim = {spot for spot in here if spot not in set(LINE)}
        on_rim = [min(abs(x - 20.0), abs(x - 20.4), abs(y - 50.0), abs(y - 51.0)) < 2e-6 for x, y in rim]
        assert all(on_rim)
    edge = vertices(out / "front.geojson", role="edge", side="red")
    assert edge >= INNER
    summary = document(out / "summary.json")
    assert summary["reports_used"] == 0
    assert summary["changed_km2"] == 0
    assert summary["area_km2"]["grey"] == 0


def test_reports_at_one_end_leave_the_vertices_at_the_other(fought_map):
    far = {spot for spot in INNER if spot[1] > 50.8}
    for side in ("red", "blue"):
        assert far <= vertices(fought_map / "areas.geojson", side=side)
    assert document(fought_map / "summary.json")["changed_km2"] > 0


def test_no_ground_turns_grey_far_from_every_report(fought_map):
    """The reports lie about 50.03 N; 0.15 degrees farther, 17 km, nobody looked."""
    grey = vertices(fought_map / "areas.geojson", **{"class": "grey"})
    assert grey
    assert max(lat for _, lat in grey) < 50.18


@pytest.mark.slow
def test_the_map_is_the_same_bytes_in_a_fresh_process(fought_war, fought_map, tmp_path):
    code = "import sys; from isofront.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["map", "--theatre", str(fought_war), "--as-of", "2024-05-25", "--out", str(tmp_path)]
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "PYTHONHASHSEED": "77"}
    subprocess.run([sys.executable, "-c", code, *words], check=True, env=environment, capture_output=True)
    for name in ("areas.geojson", "front.geojson", "summary.json"):
        assert (tmp_path / name).read_bytes() == (fought_map / name).read_bytes(), name
    one, other = raster(tmp_path / "control.tif"), raster(fought_map / "control.tif")
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.slow
def test_several_days_in_one_call_are_the_single_days(fought_war, fought_map, tmp_path):
    out = draw(fought_war, tmp_path / "days", "2024-05-15", "2024-05-25")
    for name in ("areas.geojson", "front.geojson", "summary.json"):
        assert (out / "2024-05-25" / name).read_bytes() == (fought_map / name).read_bytes(), name
    assert [one["as_of"][:10] for one in _days(document(out / "index.json"))] == ["2024-05-15", "2024-05-25"]


def _days(index):
    return index if isinstance(index, list) else next(value for value in index.values() if isinstance(value, list))


def test_map_never_changes_the_theatre_or_its_ledger(fought_war, tmp_path):
    def digests() -> dict[str, str]:
        files = [
            path
            for path in sorted(fought_war.rglob("*"))
            if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        ]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = digests()
    draw(fought_war, tmp_path / "again")
    assert digests() == before


@pytest.mark.slow
def test_adding_the_same_file_again_changes_no_byte_of_the_map(tmp_path):
    war = start(tmp_path, polygon(ring()))
    add(war, rows(6, lon=20.16, lat=50.1))
    before = (draw(war, tmp_path / "a") / "areas.geojson").read_bytes()
    add(war, rows(6, lon=20.16, lat=50.1), name="same.csv")
    assert (draw(war, tmp_path / "b") / "areas.geojson").read_bytes() == before


@pytest.mark.slow
def test_retracting_every_report_brings_the_anchor_back(tmp_path, told):
    war = start(tmp_path, polygon(ring()))
    still = (draw(war, tmp_path / "a") / "areas.geojson").read_bytes()
    add(war, rows(4, lon=20.16, lat=50.1))
    assert (draw(war, tmp_path / "b") / "areas.geojson").read_bytes() != still
    for k in range(4):
        assert told("retract", f"red{k}", "--theatre", war, "--reason", "wrong")[0] == 0
    assert (draw(war, tmp_path / "c", also=("--known-by", "2090-01-01")) / "areas.geojson").read_bytes() == still


def test_a_place_a_side_took_back_before_anything_was_known_of_it_stays(fought_war, tmp_path):
    """Nothing was known on the first of the month: the anchor stands although the ledger has reports."""
    out = draw(fought_war, Path(tmp_path) / "early", also=("--known-by", "2024-05-02"))
    assert document(out / "summary.json")["reports_used"] == 0
    assert vertices(out / "areas.geojson", side="red") >= INNER
