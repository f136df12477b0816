"""The handover's screen: every number is the draft's or the ledger's, and it fits."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest
import shapely
from desk_war import make_war

from isofront.cli import main
from isofront.desk.handover import handover, page
from isofront.desk.keeping import DRAFT_FILE, RowDraft, keep
from isofront.engine import drafts
from isofront.engine.review import approved, judged, locked, review_of
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import History, Judge, Verdict, approval_entry, decision_entry, lock_entry
from isofront.intake import add_files

DAY = datetime(2021, 5, 16, tzinfo=UTC)
NOW = datetime(2021, 5, 16, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def fought(tmp_path_factory):
    """A war with something to decide, and its draft."""
    folder = make_war(tmp_path_factory.mktemp("handed") / "war", n_reports=60)
    text = (folder / "theatre.toml").read_text(encoding="utf-8")
    (folder / "theatre.toml").write_text(f"{text}\n[review]\nleast_km2 = 0.3\nleast_p = 0.55\n", encoding="utf-8")
    return folder, next(iter(drafts(folder, [DAY])))


def test_it_holds_what_the_review_holds(fought):
    _, draft = fought
    found, told = review_of(draft), handover(draft)
    assert {one["id"] for one in told["queue"]} == {one.id for one in found.proposals}
    assert told["waiting"]["pieces"] == len(found.waiting)
    assert (told["reports"], told["reports_used"]) == (len(draft.reports), len(draft.used))
    assert told["stamp"] == "PRIVATE SIMULATED"
    assert [one["p"] for one in told["watch"]] == sorted(one["p"] for one in told["watch"])


def test_it_says_what_asks_again_what_is_locked_and_by_whom(fought, tmp_path):
    folder = shutil.copytree(fought[0], tmp_path / "war")
    draft = next(iter(drafts(folder, [DAY])))
    judge = Judge("nadia", "calm\n# not a heading", NOW)
    found = review_of(draft)
    assert found.proposals, "the war must leave something to decide"
    hold = judged(draft, Verdict.HOLD, judge, proposal=found.proposals[0], until=datetime(2021, 5, 18, tzinfo=UTC))
    lock = locked(draft, shapely.box(10.02, 50.02, 10.05, 50.05), judge, where="here")
    with Ledger.open(ledger_path(folder), write=True) as ledger:
        ledger.append([decision_entry(hold), lock_entry(lock)], now=NOW)
    told = handover(next(iter(drafts(folder, [DAY]))))
    assert [one["id"] for one in told["asks_again"]] == [hold.id]
    assert [one["id"] for one in told["locks"]] == [lock.id]
    lines = page(told).splitlines()
    assert f"- {hold.id} hold until 2021-05-18 by nadia: calm # not a heading" in lines
    assert f"- {lock.id} by nadia: calm # not a heading" in lines


def test_it_fits_one_screen_however_much_there_is(fought):
    told = handover(fought[1])
    many = {
        "queue": (told["queue"] or [_proposal()]) * 40,
        "asks_again": [_statement(n) for n in range(40)],
        "stands": [_statement(n) for n in range(40)],
        "locks": [{"id": f"l-{n}", "by": "ana", "reason": "x\n" * 500} for n in range(40)],
        "watch": told["watch"] * 20,
        "doubts": [{"about": "a", "why": "b"}] * 40,
    }
    lines = page(told | many).splitlines()
    assert len(lines) <= 56
    assert sum(1 for line in lines if line) <= 48
    assert "- and 32 more" in lines
    assert max(map(len, lines)) < 600


def _statement(n):
    return {"id": f"d-{n}", "verdict": "hold", "until": "2021-05-18T00:00:00Z", "by": "ana", "reason": "quiet"}


def _proposal():
    return {
        "id": "p-1", "near": "at Alder", "from": "east", "to": "grey", "km2": 2.0, "sure": 0.7, "reports_for": ["r"],
        "reports_against": [], "settles": None, "turns": False,
    }  # fmt: skip


def test_the_command_prints_it_and_writes_it_for_its_owner_alone(fought, tmp_path, capsys):
    capsys.readouterr()
    out = tmp_path / "handover.md"
    assert main(["handover", "--theatre", str(fought[0]), "--as-of", "2021-05-16", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("# PRIVATE SIMULATED: The War of Alder, handover for 2021-05-16")
    assert out.read_text(encoding="utf-8") == printed
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_without_a_day_it_is_the_day_after_the_last_report(fought, capsys):
    capsys.readouterr()
    assert main(["handover", "--theatre", str(fought[0]), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["as_of"] == "2021-05-14T00:00:00Z"
    assert told["last_seen"] == "2021-05-13T09:00:00Z"


def test_a_bundle_travels_by_the_command_line(fought, tmp_path, capsys):
    war, file = str(fought[0]), tmp_path / "x.isobundle"
    other = shutil.copytree(fought[0], tmp_path / "other", ignore=shutil.ignore_patterns("ledger*"))
    capsys.readouterr()
    assert main(["bundle", "out", str(file), "--theatre", war, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["stamp"], told["reports"]) == ("PRIVATE", 60)
    assert file.stat().st_mode & 0o077 == 0
    words = ["bundle", "in", str(file), "--theatre", str(other), "--json"]
    assert main([*words, "--sum", told["sum"]]) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["reports"], first["conflicts"]) == (60, [])
    assert main(words) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["reports"], again["head"]) == (0, first["head"])
    assert main(["ledger", "verify", "--theatre", str(other)]) == 0
    assert main([*words, "--sum", "0" * 64]) == 4


def test_a_row_that_was_being_written_travels_once_and_is_no_evidence(fought, tmp_path, capsys):
    one = shutil.copytree(fought[0], tmp_path / "one")
    other = shutil.copytree(fought[0], tmp_path / "other")
    keep(
        one / "desk", DRAFT_FILE,
        RowDraft(text="https://t.me/x/1\u2028 50.1, 10.2", cells={"kind": "strike", "lon": "10.2"}),
    )  # fmt: skip
    file = tmp_path / "x.isobundle"
    capsys.readouterr()
    assert main(["bundle", "out", str(file), "--theatre", str(one), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["drafts"] == 1
    for wanted in (1, 0):
        assert main(["bundle", "in", str(file), "--theatre", str(other), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["drafts"] == wanted
    row = json.loads((other / "desk" / "unsaved.ndjson").read_text(encoding="utf-8"))
    assert {"kind": "strike", "lon": "10.2", "pasted": "https://t.me/x/1\u2028 50.1, 10.2"}.items() <= row.items()


@pytest.mark.slow
def test_two_laptops_draw_the_same_map_after_an_exchange_and_the_approved_ground_stands(fought, tmp_path, capsys):
    """Both added one feed at different hours; one of them approved the day."""
    laptops = [shutil.copytree(fought[0], tmp_path / name) for name in ("ana", "ben")]
    feed = tmp_path / "feed.csv"
    head = "id,happened_at,lon,lat,precision,kind,seen,by,source,credibility,note"
    rows = [f"f{i},2021-05-15,10.17,50.1{i % 10},exact,position,east,east,alder_watch,2,SIMULATED" for i in range(12)]
    feed.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for hour, folder in enumerate(laptops):
        add_files(folder, [feed], now=NOW.replace(hour=10 + hour))
    draft = next(iter(drafts(laptops[0], [DAY])))
    approval, made = approved(review_of(draft), Judge("ana", "fine", NOW.replace(hour=12)), history=History())
    with Ledger.open(ledger_path(laptops[0]), write=True) as ledger:
        ledger.append([approval_entry(approval, made)], now=NOW.replace(hour=12))
    for there, here in ((0, 1), (1, 0)):
        file = str(tmp_path / f"{there}.isobundle")
        assert main(["bundle", "out", file, "--theatre", str(laptops[there])]) == 0
        capsys.readouterr()
        assert main(["bundle", "in", file, "--theatre", str(laptops[here]), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["conflicts"], told["known_apart"], told["reports"]) == ([], 12, 0)
    first, second = (next(iter(drafts(folder, [DAY]))) for folder in laptops)
    assert [one.geometry.wkb for one in first.drawing.areas] == [one.geometry.wkb for one in second.drawing.areas]
    assert not first.fresh.any()
    assert not second.fresh.any()
    for folder in laptops:
        assert main(["ledger", "verify", "--theatre", str(folder)]) == 0
