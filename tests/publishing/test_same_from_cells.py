"""The whole site of several editions is a function of cells and days: no method finds a place finer than its cell.

Whatever a reader can compute, from whichever files and however many editions, is a function of these bytes. So if the
bytes stay when every report moves about in its cell, nobody can tell where in its cell it lies.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from publishing_war import approve, begun, plain_files, published, row

from isofront.cli import main
from isofront.ground.grid import to_km, to_lonlat

CRS = "EPSG:32634"
KINDS = ("position", "strike", "assault", "infiltration", "flag")
POLICY = "\n[policy]\nsecond_name_over_km2 = 10000\n"
DAYS = ("2024-05-25", "2024-06-01", "2024-06-10")
ROWS = list[dict[str, object]]


def sparse(seed: int, n: int = 45) -> ROWS:
    """A few reports far apart: each decides alone whether some ground changes, so that small things show."""
    rng = np.random.default_rng(seed)
    found: ROWS = []
    for k in range(n):
        side = "red" if rng.random() < 0.6 else "blue"
        day = datetime(2024, 5, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(3, 38)))
        lon = 20.2 + rng.normal(0, 0.05) + (-0.05 if side == "red" else 0.03)
        found.append(
            row(
                f"r{k}",
                round(lon, 5),
                round(50.02 + rng.random() * 0.25, 5),
                seen=side,
                day=_clock(day, rng),
                kind=KINDS[k % 5],
            )
        )
    return found


@pytest.fixture(autouse=True)
def bare_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages hold their document and nothing else: the template may be built anew while this runs."""
    monkeypatch.setattr("isofront.publish.page._template", lambda: (b"<html>", b"", b"</body></html>"))


def _clock(day: datetime, rng: np.random.Generator) -> str:
    return f"{day:%Y-%m-%d}T{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}:00Z"


def shaken(some: ROWS, *, seed: int) -> ROWS:
    """Each report elsewhere in its cell, at another time of its day."""
    rng = np.random.default_rng(seed)
    found = []
    for one in some:
        east, north = to_km(np.array([one["lon"]], float), np.array([one["lat"]], float), crs=CRS)
        within = rng.uniform(0.02, 0.98, 2)
        lon, lat = to_lonlat(np.floor(east) + within[:1], np.floor(north) + within[1:], crs=CRS)
        at = {"lon": round(float(lon[0]), 6), "lat": round(float(lat[0]), 6)}
        day = datetime.fromisoformat(str(one["happened_at"])[:10])
        found.append(one | at | {"happened_at": _clock(day, rng)})
    return found


def site_of(
    folder: Path, some: ROWS, *, protect: str = "none", days: tuple[str, ...] = DAYS, policy: str = POLICY
) -> dict[str, bytes]:
    """Every public file after each day was approved and published, as a reader gets them."""
    folder.mkdir(parents=True)
    war = begun(folder, protect=protect, reports=some, policy=policy)
    for day in days:
        approve(war, day=day)
        on = datetime.fromisoformat(day).replace(tzinfo=UTC)
        published(war, folder / "site", on=on, now=on + timedelta(days=9, hours=5))
    return plain_files(folder / "site")


def answers(site: Path) -> list[bytes]:
    """What the server tells of a site."""
    from isofront.server import read_folder

    shelf = read_folder(site / "editions")
    return [item.text for one in shelf.collections.values() for item in one.items]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 3])
def test_reports_moved_about_in_their_cells_and_days_change_no_byte_of_a_site_with_a_history(tmp_path: Path, seed: int):
    some = sparse(seed)
    one = site_of(tmp_path / "one", some)
    other = site_of(tmp_path / "other", shaken(some, seed=seed + 100))
    assert sorted(name for name in one | other if one.get(name) != other.get(name)) == []
    assert len(json.loads(one["editions.json"])["editions"]) == len(DAYS)
    assert answers(tmp_path / "one" / "site") == answers(tmp_path / "other" / "site")


@pytest.mark.slow
def test_without_any_one_report_of_a_protected_side_the_site_is_the_same_to_the_byte(tmp_path: Path):
    some = sparse(3)
    whole = site_of(tmp_path / "whole", some, protect="blue", days=DAYS[:1])
    ours = [one["id"] for one in some if one["seen"] == "blue"]
    for name in ours[:2]:
        rest = [one for one in some if one["id"] != name]
        assert site_of(tmp_path / str(name), rest, protect="blue", days=DAYS[:1]) == whole


@pytest.mark.slow
def test_where_accepted_ground_of_a_protected_side_does_not_act_no_byte_of_a_history_tells_of_its_reports(
    tmp_path: Path,
):
    some, policy = sparse(3), f"{POLICY}show_accepted_protected = false\n"
    whole = site_of(tmp_path / "whole", some, protect="blue", days=DAYS[:2], policy=policy)
    rest = [one for one in some if one["id"] != "r6"]
    assert site_of(tmp_path / "rest", rest, protect="blue", days=DAYS[:2], policy=policy) == whole
    acting = site_of(tmp_path / "acting", some, protect="blue", days=DAYS[:2])
    name = "editions/0002-2024-06-01/areas.geojson"
    assert acting[name] != whole[name], "what was accepted does act unless a theatre says otherwise"


@pytest.mark.slow
def test_what_editors_were_asked_about_and_left_open_stays_as_it_was_until_they_agree(tmp_path: Path):
    war = begun(tmp_path, policy=POLICY)
    approve(war, accept=False)
    at = datetime(2024, 5, 25, tzinfo=UTC)
    first = published(war, tmp_path / "site", on=at, now=at + timedelta(days=9))
    assert json.loads(first.files["changes.json"])["changed_km2"] == 0
    assert json.loads(first.files["edition.json"])["reports"] < 20
    again = Path(shutil.copytree(war, tmp_path / "again"))
    told = ["--by", "nadia", "--reason", "looked again"]
    assert main(["review", str(again), "--as-of", "2024-05-26", "--accept", "all", "--approve", *told]) == 0
    later = published(again, tmp_path / "site", on=at + timedelta(days=1), now=at + timedelta(days=9))
    assert json.loads(later.files["changes.json"])["changed_km2"] > 1
