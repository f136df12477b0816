"""A name that must stay unknown gets past no command: not typed, not in a file's name, not in a bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from isofront.cli import main
from isofront.cli.names import without_names
from isofront.evidence import Ledger, ledger_path

EXAMPLES = Path(__file__).parents[2] / "examples"
NAME = "Ivan Petrenko"
RULES = f'[names]\n"{NAME}" = "Soldier K"\n'


def make(folder: Path, *, rules: bool) -> Path:
    sides = ("--side", "south=Southland", "--side", "north=Northland", "--protect", "none")
    anchor = ("--anchor", str(EXAMPLES / "start.geojson"), "--anchor-date", "2020-05-01", "--anchor-holder", "south")
    assert main(["init", str(folder), "--bounds", "0", "0", "0.4", "0.3", *sides, *anchor]) == 0
    if rules:
        (folder / "pseudonyms.toml").write_text(RULES, encoding="utf-8")
    assert main(["add", "--theatre", str(folder), "--backfill", str(EXAMPLES / "evidence.csv")]) == 0
    return folder


def bytes_of(folder: Path) -> bytes:
    """All that a theatre's folder keeps, but its rules."""
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file() and one.name != "pseudonyms.toml")


def first_id(folder: Path) -> str:
    with Ledger.open(ledger_path(folder)) as ledger:
        return next(iter(ledger.reports())).id


@pytest.fixture
def war(tmp_path) -> Path:
    return make(tmp_path / "here" / "war", rules=True)


def test_a_reason_is_kept_and_told_without_the_name(war, capfd):
    name = first_id(war)
    assert main(["retract", name, "--theatre", str(war), "--reason", f"{NAME.upper()} says it was elsewhere"]) == 0
    assert b"Soldier K says" in bytes_of(war)
    told = capfd.readouterr()
    assert NAME.lower() not in (told.out + told.err).lower()
    assert b"petrenko" not in bytes_of(war).lower()


def test_a_mistyped_command_line_does_not_print_the_name(war, capfd):
    assert main(["assess", "--theatre", str(war), "--authr", NAME]) == 2
    assert main(["add", "--theatre", str(war), f"{NAME}.csv"]) == 2
    told = capfd.readouterr()
    assert "Petrenko" not in told.out + told.err


def test_a_bundle_that_holds_the_name_is_refused_with_its_line(war, tmp_path, capfd):
    other = make(tmp_path / "there" / "war", rules=False)
    assert main(["retract", first_id(other), "--theatre", str(other), "--reason", f"{NAME} was elsewhere"]) == 0
    bundle = tmp_path / "other.bundle"
    assert main(["bundle", "out", str(bundle), "--theatre", str(other)]) == 0
    before = bytes_of(war)
    assert main(["bundle", "in", str(bundle), "--theatre", str(war)]) == 3
    assert "line 3: holds a name that pseudonyms.toml replaces here" in capfd.readouterr().err
    assert bytes_of(war) == before


def test_ids_and_paths_stay_as_they_were_typed(war):
    file = war / f"{NAME}.csv"
    file.write_text("", encoding="utf-8")
    words = ["redact", f"{NAME}-1", "--theatre", str(war), f"--reason={NAME}"]
    assert without_names(words) == ["redact", f"{NAME}-1", "--theatre", str(war), "--reason=Soldier K"]
    assert without_names(["add", "--theatre", str(war), str(file)])[-1] == str(file)
    assert without_names(["assess", "--theatre", str(war / "theatre.toml"), "--author", NAME])[-1] == "Soldier K"


def test_a_theatre_named_without_an_option_has_its_names_replaced_too(war, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    words = ["review", str(war), "--as-of", "2020-05-10", "--accept", "all", "--by", NAME, "--reason", f"{NAME} saw it"]
    assert main(words) == 0
    assert b"Soldier K saw it" in bytes_of(war)
    assert b"petrenko" not in bytes_of(war).lower()
    assert NAME not in "".join(capfd.readouterr())


def test_of_several_theatres_the_names_of_each_are_replaced(war, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "pseudonyms.toml").write_text('[names]\n"Jane Roe" = "Soldier L"\n', encoding="utf-8")
    words = ["brief", "--theatre", str(war), f"--also={other}", "--reason", f"{NAME}, Jane Roe"]
    assert without_names(words)[-1] == "Soldier K, Soldier L"
