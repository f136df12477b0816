"""What is withdrawn is gone and stays gone: on a full disk, with a full ledger, whatever is published after it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from publishing_war import LATER, NOW, published, released
from review_editors import square

from isofront.cli import main
from isofront.engine import site as engine_site
from isofront.engine.edition import Asked, Made, names_another
from isofront.engine.review import read_ground
from isofront.engine.site import correct_edition, edition_of, publish_release, pull_edition, put, told_since
from isofront.errors import IsofrontError, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.publish import in_place

NAME = "0001-2024-05-25"


@pytest.fixture(autouse=True)
def bare_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages hold their document and nothing else."""
    monkeypatch.setattr("isofront.publish.page._template", lambda: (b"<html>", b"", b"</body></html>"))


@pytest.fixture
def shown(plain_war: Path, plain_edition: Made, tmp_path: Path) -> tuple[Path, Path]:
    """A theatre whose day was published, and its site."""
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    put(replace(plain_edition, home=war), tmp_path / "site")
    return war, tmp_path / "site"


def everything(site: Path) -> dict[str, bytes]:
    return {str(one.relative_to(site)): one.read_bytes() for one in sorted(site.rglob("*")) if one.is_file()}


def test_a_tombstone_stays_when_what_was_withdrawn_is_put_right_or_its_correction_is_published_again(shown, tmp_path):
    war, site = shown
    wrong = read_ground(square(tmp_path / "wrong.geojson", 20.1, 50.0, 20.2, 50.06))
    first = correct_edition(war, NAME, wrong, site, Asked(reason="a film set"), now=LATER)
    assert told_since(site, NAME) == (first.edition.id,)
    pull_edition(war, NAME, site, reason="a post", now=LATER)
    gone = {name: content for name, content in everything(site).items() if NAME in name}
    put(replace(first, new=False), site)
    assert {name: content for name, content in everything(site).items() if NAME in name} == gone
    assert json.loads(gone[f"editions/{NAME}/status.json"])["state"] == "pulled"
    (listed, _) = json.loads((site / "editions.json").read_text(encoding="utf-8"))["editions"]
    assert listed["state"] == "pulled"


def test_a_map_that_was_withdrawn_is_published_again_only_on_somebodys_word(shown):
    war, site = shown
    pull_edition(war, NAME, site, reason="a post that must not be known", now=NOW)
    later = released(war, now=NOW + timedelta(hours=1))
    with pytest.raises(UsageError, match=r"withdrawn: a post that must not be known; .*--again"):
        edition_of(later, Asked(reason="the nightly job"))
    assert publish_release(later, site, Asked(again=True)).new


def test_withdrawing_all_that_was_published_does_not_do_without_a_second_name(shown):
    war, site = shown
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[policy]\nsecond_name_over_km2 = 1\n", encoding="utf-8")
    pull_edition(war, NAME, site, reason="a post", now=NOW)
    assert not released(war, now=NOW + timedelta(hours=1)).wants_second_name, "the same map again"
    with Ledger.open(ledger_path(war), write=True) as ledger:
        for one in ledger.reports():
            ledger.retract(one.id, "a mistake", now=NOW)
    later = released(war, now=NOW + timedelta(hours=1))
    assert (later.before, later.wants_second_name) == (None, True)
    with pytest.raises(UsageError, match="--second"):
        edition_of(later, Asked())


@pytest.mark.parametrize(
    "second", ["Nadia", " nadia.", "NA\u200bDIA", "na dia", "nadi\ufe0fa", "\uff4eadia", "-", "\u200b", ""]
)
def test_the_same_name_written_otherwise_is_no_second_name(second):
    assert not names_another(second, "nadia")


@pytest.mark.parametrize(("second", "first"), [("petro", "nadia"), ("किरण", "करण"), ("Ada 2", "Ada 1")])
def test_another_name_is_one_in_any_script(second, first):
    assert names_another(second, first)


def _full_ledger(_: Made) -> None:
    raise IsofrontError("the ledger is full")


def test_on_a_full_disk_nothing_is_published_nothing_is_recorded_and_nothing_stays_behind(
    plain_war, plain_edition, tmp_path, monkeypatch
):
    war, site = Path(shutil.copytree(plain_war, tmp_path / "war")), tmp_path / "site"
    write, left = in_place.write_atomically, [9]

    def full(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise IsofrontError(f"{path}: cannot be written (No space left on device)")
        write(path, content)

    monkeypatch.setattr(in_place, "write_atomically", full)
    with Ledger.open(ledger_path(war)) as ledger:
        head = ledger.head
    with pytest.raises(IsofrontError, match="No space left"):
        put(replace(plain_edition, home=war), site)
    with Ledger.open(ledger_path(war)) as ledger:
        assert ledger.head == head
    assert everything(site) == {}
    left[0] = 10**6
    with monkeypatch.context() as patched:
        patched.setattr(engine_site, "_entered", _full_ledger)
        with pytest.raises(IsofrontError, match="ledger is full"):
            put(replace(plain_edition, home=war), site)
    assert everything(site) == {}
    put(replace(plain_edition, home=war), site)
    assert (site / "editions.json").is_file()


@pytest.mark.parametrize("room", ["once the old one is gone", "never"])
def test_what_must_go_goes_on_a_full_disk_too(shown, monkeypatch, room):
    war, site = shown
    write, place = in_place.write_atomically, site / "editions" / NAME

    def full(path: Path, content: bytes) -> None:
        if room == "never" or (place / "control.tif").exists():
            raise IsofrontError(f"{path}: cannot be written (No space left on device)")
        write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(in_place, "write_atomically", full)
        if room == "never":
            with pytest.raises(IsofrontError, match="taken away"):
                pull_edition(war, NAME, site, reason="a post", now=LATER)
            assert not place.exists()
            assert not [name for name in everything(site) if name.startswith(("index", "offline", "places"))]
        else:
            pull_edition(war, NAME, site, reason="a post", now=LATER)
    pull_edition(war, NAME, site, reason="a post", now=LATER)
    assert json.loads((place / "status.json").read_text(encoding="utf-8"))["state"] == "pulled"
    assert b"features" not in (site / "index.html").read_bytes()


def test_what_must_go_goes_before_a_ledger_that_cannot_be_written_and_makes_room_for_it(shown, monkeypatch):
    war, site = shown
    record, tried = engine_site._recorded, []

    def full(home: Path, told: object) -> object:
        tried.append((site / "editions" / NAME).exists())
        if len(tried) == 1:
            raise IsofrontError("ledger.db: the disk is full")
        return record(home, told)

    monkeypatch.setattr(engine_site, "_recorded", full)
    pull_edition(war, NAME, site, reason="a post", now=LATER)
    assert tried == [True, False]
    assert json.loads((site / "editions" / NAME / "status.json").read_text(encoding="utf-8"))["state"] == "pulled"
    with pytest.raises(UsageError, match="is not in the ledger"):
        pull_edition(war, "../../war", site, reason="a slip", now=LATER)
    assert war.is_dir()


def test_an_edition_that_is_there_to_the_byte_is_not_moved_so_that_no_reader_finds_it_gone(shown, plain_edition):
    war, site = shown
    place = site / "editions" / NAME
    before, folder = everything(site), place.stat().st_ino
    put(replace(plain_edition, home=war, new=False), site)
    assert (everything(site), place.stat().st_ino) == (before, folder)
    (place / "areas.geojson.gz").write_bytes(b"other")
    put(replace(plain_edition, home=war, new=False), site)
    assert everything(site) == before


def test_half_made_files_of_a_killed_command_go_with_the_next_one_and_strangers_files_stay(shown):
    war, site = shown
    strange = site / ".htaccess"
    left = (site / ".index.html.x8k2", site / ".offline.html.gz.abc", site / "editions" / NAME / ".status.json.q")
    for one in (strange, *left):
        one.write_text("half", encoding="utf-8")
    published(war, site)
    assert [one.exists() for one in (strange, *left)] == [True, False, False, False]


@pytest.mark.parametrize("where", ["no such folder", "a folder of mine", "another site"])
def test_a_slip_in_the_folders_name_withdraws_nothing_and_says_so(shown, tmp_path, capsys, where):
    war, site = shown
    wrong = tmp_path / "wrong"
    if where != "no such folder":
        wrong.mkdir()
        name = "thesis.txt" if where == "a folder of mine" else "editions.json"
        (wrong / name).write_text('{"editions": [{"id": "0001-2020-01-01"}]}', encoding="utf-8")
    with Ledger.open(ledger_path(war)) as ledger:
        head = ledger.head
    before, words = everything(site), ("--theatre", str(war), "--reason", "a post")
    left = sorted(one.name for one in wrong.glob("*"))
    assert main(["pull", NAME, "--out", str(wrong), *words]) != 0
    assert ("thesis" if where == "a folder of mine" else "nothing was withdrawn") in capsys.readouterr().err
    with Ledger.open(ledger_path(war)) as ledger:
        assert ledger.head == head
    assert (everything(site), sorted(one.name for one in wrong.glob("*"))) == (before, left)


def test_a_site_of_another_ledger_is_never_written_to(shown, plain_edition, tmp_path):
    war, site = shown
    other = Path(shutil.copytree(site, tmp_path / "other"))
    listed = json.loads((other / "editions.json").read_text(encoding="utf-8"))
    listed["editions"][0]["sha256"] = "0" * 64
    (other / "editions.json").write_text(json.dumps(listed), encoding="utf-8")
    before = everything(other)
    with pytest.raises(UsageError, match=f"edition {NAME} there is of another ledger"):
        put(replace(plain_edition, home=war, new=False), other)
    with pytest.raises(UsageError, match=f"edition {NAME} there is of another ledger"):
        pull_edition(war, NAME, other, reason="a post", now=LATER, anyway=True)
    assert everything(other) == before


def test_a_tombstone_is_written_where_the_edition_does_not_lie_only_on_somebodys_word(shown, tmp_path):
    war, site = shown
    with pytest.raises(UsageError, match="--anyway"):
        pull_edition(war, NAME, tmp_path / "new", reason="a post", now=LATER)
    pull_edition(war, NAME, tmp_path / "new", reason="a post", now=LATER, anyway=True)
    status = json.loads((tmp_path / "new" / "editions" / NAME / "status.json").read_text(encoding="utf-8"))
    assert status["state"] == "pulled"
    assert (site / "editions" / NAME / "control.tif").exists(), "the site that holds it is still to be named"
    pull_edition(war, NAME, site, reason="a post", now=LATER)
    assert not (site / "editions" / NAME / "control.tif").exists()


def test_the_command_names_the_editions_that_still_tell_of_what_is_withdrawn(shown, capsys):
    war, site = shown
    about = site / "editions" / "0002-2024-05-26" / "edition.json"
    about.parent.mkdir()
    about.write_text(json.dumps({"id": "0002-2024-05-26", "previous": NAME}), encoding="utf-8")
    assert main(["pull", NAME, "--theatre", str(war), "--out", str(site), "--reason", "a post"]) == 0
    assert f"0002-2024-05-26 still tells what changed since {NAME}" in capsys.readouterr().out
