"""The page over all editions: what is embedded, what is fetched, which edition there was when."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publishing_war import LATER, NOW, plain_files, published

from isofront.engine.site import pull_edition
from isofront.evidence import Ledger, ledger_path
from isofront.publish.in_place import GZIP, LEAST_PACKED, packed_bytes, put_file
from isofront.publish.page import ASSET
from isofront.publish.page_editions import FULL, gaps, history, light, whole
from isofront.publish.page_public import stepped
from isofront.publish.site import Told

DAYS = [f"2030-01-{day:02d}T00:00:00Z" for day in range(1, FULL + 4)]


def document(as_of: str, number: int, *, names: tuple[str, ...] = ("a", "b"), **more: Any) -> dict[str, Any]:
    """An edition's document, as `publish` writes one, but for its size."""
    changes = {"since": DAYS[max(0, number - 2)], "transitions_km2": {"x->grey": 1.2, "y->grey": 0.3}}
    block = {
        "id": f"{number:04d}-{as_of[:10]}", "number": number, "made_at": as_of, "corrects": None, "reason": "",
        "delay_hours": 72.0, "moved_km_95": None, "cells": [[0, 0]], "reports": [[1]], "why": [[0, 0], [None, 0]],
        "elsewhere": False, "changes": changes,
        "places": [{"front_km": k + number, "enclosure": {"10": 0.25}} for k in range(len(names))],
    }  # fmt: skip
    day = {
        "as_of": as_of, "known_by": as_of, "state": "edition", "area_km2": {"x": 1.0}, "changed_km2": 1.5,
        "changed_since": "edition", "public": block, "shapes": {"layers": {"pockets": [{"p": {"inside": [0]}}]}},
        "status": [{"name": name, "status": "held_x" if k else "grey", "p": 1.0} for k, name in enumerate(names)],
    }  # fmt: skip
    about = {"sides": [{"id": "x"}, {"id": "y"}], "settlements": [{"name": name} for name in names]}
    return about | {"stamp": ["PUBLIC"], "simulated": False, "dates": [day]} | more


DOCUMENTS = [document(day, k) for k, day in enumerate(DAYS, start=1)]


def told(name: str, made_at: str, **more: Any) -> Told:
    plain = {
        "id": name, "as_of": f"{name[5:]}T00:00:00Z", "made_at": made_at, "state": "published", "sha256": None,
        "corrected_by": None, "corrects": None, "reason": "", "changed_km2": None, "since": "the start",
        "bypass": None, "simulated": False, "caution": "",
    }  # fmt: skip
    return Told(**(plain | more))


def test_the_page_that_embeds_every_day_holds_reasons_of_the_newest_and_says_where_the_others_are() -> None:
    shown = [date["public"] for date in whole(DOCUMENTS, [])["dates"]]
    assert [one["elsewhere"] for one in shown] == [True] * 3 + [False] * FULL
    assert all(one["why"] == one["reports"] == one["cells"] == [] for one in shown[:3])


def test_the_page_of_a_server_embeds_the_newest_day_and_names_the_file_of_every_other() -> None:
    page = light(DOCUMENTS, [])
    *others, newest = page["dates"]
    assert newest == DOCUMENTS[-1]["dates"][0]
    assert [one["file"] for one in others] == [
        f"editions/{k:04d}-{day[:10]}/page.json" for k, day in enumerate(DAYS[:-1], 1)
    ]
    assert all("shapes" not in one and "why" not in one["public"] for one in others)
    assert len(page["series"]["steps"]) == len(DAYS)
    assert page["series"]["steps"][2] == {
        "as_of": DAYS[2], "area_km2": {"x": 1.0}, "changed_km2": 1.5, "gained_km2": {"grey": 1.5}, "since": DAYS[1],
        "days": 1,
    }  # fmt: skip


def test_of_two_editions_of_a_day_the_newer_shows_and_history_has_both() -> None:
    old, new = document(DAYS[0], 1), document(DAYS[0], 2)
    entries = [told("0001-2030-01-01", "2030-01-04T00:00:00Z", state="corrected", corrected_by="0002-2030-01-01"),
               told("0002-2030-01-01", "2030-01-05T00:00:00Z", corrects="0001-2030-01-01"),
               told("0003-2030-01-01", "2030-01-06T00:00:00Z", state="pulled")]  # fmt: skip
    page = light([old, new], entries)
    assert [one["public"]["id"] for one in page["dates"]] == ["0002-2030-01-01"]
    assert [(one["number"], one["state"], one["file"]) for one in page["history"]] == [
        (1, "corrected", "editions/0001-2030-01-01/page.json"),
        (2, "published", "editions/0002-2030-01-01/page.json"),
        (3, "pulled", None),
    ]
    assert history(entries)[0]["corrected_by"] == "0002-2030-01-01"


def test_settlements_that_came_later_are_unknown_before_and_none_takes_anothers_place() -> None:
    old, new = document(DAYS[0], 1, names=("b", "gone")), document(DAYS[1], 2, names=("a", "b"))
    [first, _] = whole([old, new], [])["dates"]
    assert first["status"] == [{"name": "a", "status": None, "p": None}, old["dates"][0]["status"][0]]
    assert first["public"]["places"] == [{}, old["dates"][0]["public"]["places"][0]]
    assert first["public"]["why"] == [] or first["public"]["why"][0][0] == 1
    assert first["shapes"]["layers"]["pockets"] == [{"p": {"inside": [1]}}]
    over = whole([old, new], [])["places"]
    assert over["places"][0] == {"status": "-g", "front_km": [None, 2], "enclosure": [None, 25]}
    assert over["places"][1] == {"status": "g0", "front_km": [1, 3], "enclosure": [25, 25]}


def test_what_another_map_says_of_settlements_follows_them_into_the_newest_order() -> None:
    old, new = document(DAYS[0], 1, names=("b", "gone")), document(DAYS[1], 2, names=("a", "b"))
    old["dates"][0]["public"]["mappers"] = [{"id": "hill", "says": "g1"}]
    [first, second] = whole([old, new], [])["dates"]
    assert first["public"]["mappers"] == [{"id": "hill", "says": "-g"}]
    assert "mappers" not in second["public"]


def test_a_day_with_other_sides_is_left_out() -> None:
    strange = document(DAYS[0], 1, sides=[{"id": "p"}, {"id": "q"}])
    assert len(light([strange, DOCUMENTS[1]], [])["dates"]) == 1


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True))
def test_a_gap_lies_only_between_neighbours_farther_apart_than_usual(days: list[int]) -> None:
    from datetime import UTC, datetime

    moments = [f"{datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%dT00:00:00Z}" for day in sorted(days)]
    found = gaps(moments)
    apart = [later - earlier for earlier, later in zip(sorted(days), sorted(days)[1:], strict=False)]
    assert all(later == earlier + 1 for earlier, later in found)
    assert all(apart[k] > 2 for k, _ in found)
    assert len(found) <= len(apart) / 2 + 1


def test_the_page_tells_probabilities_of_settlements_in_twentieths(telling_files: dict[str, bytes]) -> None:
    page = json.loads(telling_files["page.json"])
    [date] = page["dates"]
    probabilities = [one["p"] for one in date["status"]]
    assert probabilities == [stepped(p) for p in probabilities]
    assert len(probabilities) == len(date["public"]["places"]) == len(page["settlements"]) == 2
    assert stepped(None) is None
    edition = date["public"]
    assert all(0 <= row[1] < len(edition["cells"]) for row in edition["why"] + edition["reports"])
    assert [row[7] for row in edition["reports"] if row[7]] != []
    assert {len(row) for row in edition["why"]} == {8}
    assert max(row[7] for row in edition["why"] if row[7]) == max(row[2] for row in edition["reports"])
    assert all(float(told.get("front_km", 0)).is_integer() for told in edition["places"])


def test_a_packed_file_never_outlives_the_plain_one(tmp_path: Path) -> None:
    path, beside = tmp_path / "x.json", tmp_path / f"x.json{GZIP}"
    put_file(path, b"{}" * LEAST_PACKED)
    assert gzip.decompress(beside.read_bytes()) == path.read_bytes()
    first = beside.read_bytes()
    put_file(path, b"{}" * LEAST_PACKED)
    assert beside.read_bytes() == first
    put_file(path, b"{}")
    assert not beside.exists()


def test_the_page_without_a_map_leaves_a_hundred_kilobytes_of_500_for_the_first_day() -> None:
    """The first day of the reference theatre takes 78 (docs/decisions/0017-publishing.md)."""
    if not ASSET.is_file():
        pytest.skip("PAGE NOT BUILT: its size was not looked at; run `make page`")
    assert len(packed_bytes(ASSET.read_bytes())) < 400_000


@pytest.mark.slow
def test_what_is_pulled_is_in_no_file_of_the_site_packed_or_plain(plain_war: Path, tmp_path: Path) -> None:
    war, site = Path(shutil.copytree(plain_war, tmp_path / "war")), tmp_path / "site"
    published(war, site)
    with Ledger.open(ledger_path(war), write=True) as ledger:
        ledger.retract("red3", "a mistake", now=NOW)
    published(war, site, now=NOW + timedelta(hours=1))
    assert [len(json.loads((site / "places.json").read_bytes())[name]) for name in ("dates", "places")] == [1, 2]
    old = json.loads((site / "editions" / "0002-2024-05-25" / "page.json").read_bytes())
    arc = json.dumps(old["dates"][0]["shapes"]["arcs"][0], separators=(",", ":"))[1:40].encode()
    assert any(arc in content for content in plain_files(site).values())
    pull_edition(war, "0002-2024-05-25", site, reason="a place that must not be known", now=LATER)
    pull_edition(war, "0001-2024-05-25", site, reason="that too", now=LATER)
    assert not any(arc in content for content in plain_files(site).values())
    page = json.loads((site / "editions" / "0002-2024-05-25" / "page.json").read_bytes())
    assert (page["state"], "dates" in page) == ("pulled", False)
