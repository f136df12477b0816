"""Numbers with their nouns, as commands say them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.counts import counted

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1200, "1,200 rows")])
def test_one_thing_is_told_in_the_singular(n, said):
    assert counted(n, "row") == said


def test_a_noun_may_have_a_plural_of_its_own():
    assert (counted(1, "entry", "entries"), counted(2, "entry", "entries")) == ("1 entry", "2 entries")


def test_a_file_of_one_row_is_told_as_one_row(tmp_path, capfd):
    first = (EXAMPLES / "evidence.csv").read_text(encoding="utf-8").splitlines()[:2]
    (tmp_path / "one.csv").write_text("\n".join(first) + "\n", encoding="utf-8")
    sides = ("--side", "south=Southland", "--side", "north=Northland", "--protect", "none")
    anchor = ("--anchor", str(EXAMPLES / "start.geojson"), "--anchor-date", "2020-05-01", "--anchor-holder", "south")
    war = str(tmp_path / "war")
    assert main(["init", war, "--bounds", "0", "0", "0.4", "0.3", *sides, *anchor]) == 0
    assert main(["add", "--theatre", war, "--backfill", str(tmp_path / "one.csv")]) == 0
    told = capfd.readouterr().out
    assert "one.csv: 1 row read" in told
    assert "ledger: 1 line," in told
    assert main(["bundle", "out", str(tmp_path / "b"), "--theatre", war]) == 0
    assert ": 1 report, 0 entries, 0 tombstones, 0 unsaved rows" in capfd.readouterr().out
    assert main(["bundle", "in", str(tmp_path / "b"), "--theatre", war]) == 0
    assert "added nothing\n1 here already\n1 line," in capfd.readouterr().out


def test_a_single_claim_that_cannot_be_kept_is_told_once(tmp_path, capfd):
    (tmp_path / "start.geojson").write_bytes((EXAMPLES / "start.geojson").read_bytes())
    sides = ("--side", "south=Southland", "--side", "north=Northland", "--protect", "none")
    anchor = (
        *("--anchor", str(tmp_path / "start.geojson")),
        *("--anchor-date", "2020-05-01", "--anchor-holder", "south"),
    )
    war = str(tmp_path / "war")
    assert main(["init", war, "--bounds", "0", "0", "0.4", "0.3", *sides, *anchor]) == 0
    capfd.readouterr()
    words = ["claim", "--theatre", war, "--speaker", "x", "--said-at", "7.5.2020", "--about", "losses", "--place", "y"]
    assert main([*words, "--json"]) == 3
    told = capfd.readouterr()
    assert json.loads(told.out)["error"].startswith("said_at '7.5.2020'")
    assert len(told.err.splitlines()) == 1
