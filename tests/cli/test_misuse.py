"""What a mistyped command is told: what is missing, and what was wanted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.cli.brief_written import look_at_templates
from isofront.errors import UsageError

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def war(folder):
    sides = ("--side", "south=Southland", "--side", "north=Northland", "--protect", "none")
    anchor = ("--anchor", str(EXAMPLES / "start.geojson"), "--anchor-date", "2020-05-01", "--anchor-holder", "south")
    assert main(["init", "war", "--bounds", "0", "0", "0.4", "0.3", *sides, *anchor]) == 0
    return folder / "war"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["review", "war"], "--as-of is missing, wanted: the day, as --as-of of `map`"),
        (["review"], "FOLDER is missing, wanted: the theatre's folder"),
        (["why", "0.2,0.1", "--on", "2020-05-02"], "LON: read '0.2,0.1', wanted a number: degrees east"),
        (
            ["init", "x", "--bounds", "0", "0", "0.3", "--crs", "EPSG:32631"],
            "--bounds: read '--crs', wanted 4 numbers with spaces between: west south east north, degrees",
        ),
        (["map", "--as-of", "2020-05-02", "--out"], "Option '--out' requires an argument"),
        (["review", "--theatre", "war"], "the folder is a word alone, as in isofront review FOLDER"),
        (
            ["review", "war", "--as-of", "2020-05-02", "--edit", "new", "--class", "red"],
            "red: nothing more was wanted here; --edit took 'new' and '--class', wanted 2 words: a proposal's ID",
        ),
        (["compare", "start.geojson"], "B is missing, wanted: the other mapper's"),
        (["compare", "a", "b", "--classes-b", "helt"], "--classes-b helt: wanted some of held, grey"),
        (["export", "out", "--as-of", "2020-05-02"], "export has no --as-of; it takes FOLDER, --out, "),
        (["map", "--asof", "2020-05-02"], "map has no --asof; nearest: --as-of"),
        (["map", "--on", "2020-05-02"], "map has no --on; nearest: --as-of"),
        (["brief", "--as-of", "2020-05-02"], "brief has no --as-of; nearest: --on"),
        (["read-map", "start.geojson", "--out", "/"], "--out /: is a folder, wanted the name of a file"),
        (["read-events", "evidence.csv", "--out", ""], "--out .: is a folder, wanted the name of a file"),
        (["ledger", "--check"], "ledger has no --check; it takes one of: verify"),
        (["desk", "out", "work.txt", "--as-of", "2020-05-02"], "work.txt: wanted a name that ends in .gpkg"),
        (["simulate"], "PRESET is missing, wanted: one of: tame, "),
        (["bundle"], "bundle: no command given, wanted one of: out, in"),
        (["bundle", "friday"], "bundle 'friday': no such command, wanted one of: out, in"),
        (["front", "corridors"], "wanted one of: corridor, pincers, change, regions, routes"),
        (["verify"], "command 'verify' is not known; wanted: ledger verify"),
        (["simulate", "nope", "--out", "x"], "skirmish, pokrovsk"),
        (["simulate", "tame", "--out", "start.geojson"], "is a file, wanted a new folder"),
        (
            ["map", "--as-of", "2020-05-02", "--out", "o"],
            "theatre.toml: no theatre in this folder; --theatre DIR",
        ),
        (["ledger", "verify"], "ledger.db: no ledger in this folder; --theatre DIR names a theatre"),
        (["ledger", "verify", "war"], "war: nothing more was wanted here; a theatre is named by --theatre war"),
        (["ledger", "verify", "x"], "x: nothing more was wanted here"),
    ],
)
def test_a_mistyped_command_is_told_what_was_wanted(war, words, said, capfd):
    (war.parent / "start.geojson").write_bytes(b"{}")
    capfd.readouterr()
    assert main(words) in (2, 3)
    told = capfd.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_bundle_is_checked_by_its_whole_sum(war, folder, capfd):
    assert main(["add", "--theatre", "war", "--backfill", str(EXAMPLES / "evidence.csv")]) == 0
    capfd.readouterr()
    assert main(["bundle", "out", "b.isobundle", "--theatre", "war", "--json"]) == 0
    total = json.loads(capfd.readouterr().out)["sum"]
    words = ["bundle", "in", "b.isobundle", "--theatre", "war", "--sum"]
    assert main([*words, f"{total[:4]}…"]) == 2
    assert "only the beginning of a sum, wanted all 64 digits of it" in capfd.readouterr().err
    assert main([*words, total[:-1]]) == 2
    assert main([*words, "0" * 64]) == 4
    assert main([*words, total.upper()]) == 0
    assert main(["bundle", "in", "war", "--theatre", "war"]) == 2
    assert "is a folder, wanted a file that `isofront bundle out` wrote" in capfd.readouterr().err


def test_templates_whose_names_are_nearly_right_are_named_with_the_right_ones(folder, caplog):
    for name in ("brief.htm", "notes.txt", "uk.toml"):
        (folder / name).write_text("", encoding="utf-8")
    look_at_templates(folder, "en")
    assert [one.getMessage().partition(": ")[2] for one in caplog.records] == [
        "brief.htm is not used (nearest: brief.html)",
        "holds none of en.toml, brief.md, brief.html, brief.typ, so all is as shipped",
    ]
    caplog.clear()
    look_at_templates(folder, "uk")
    (folder / "brief.htm").unlink()
    look_at_templates(folder, "uk")
    assert len(caplog.records) == 1
    with pytest.raises(UsageError, match="no such folder"):
        look_at_templates(folder / "other", "uk")
