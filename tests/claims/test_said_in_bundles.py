"""Claims and assessments between two ledgers: carried once, conflicts listed, what was redacted stays out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.evidence import Ledger, ledger_path, verify
from isofront.evidence.assessment import assessments
from isofront.evidence.claim import claims

CLAIMS = """id,speaker,said_at,about,place,value,status,side
c1,an aide,2020-05-08,losses,Oldtown,SECRET,,red
c2,a ministry,2020-05-08,control,Oldtown,,taken,red
""".replace("SECRET", "50")


@pytest.fixture
def two(empty: Path, tmp_path: Path) -> tuple[Path, Path]:
    return shutil.copytree(empty, tmp_path / "ana"), shutil.copytree(empty, tmp_path / "ben")


def run(folder: Path, *words: str) -> int:
    return main([*words, "--theatre", str(folder)])


def carry(source: Path, target: Path, capsys: pytest.CaptureFixture[str], *words: str):
    bundle = source / "all.bundle"
    assert run(source, "bundle", "out", str(bundle)) == 0
    capsys.readouterr()
    assert run(target, "bundle", "in", str(bundle), "--json", *words) == 0
    return json.loads(capsys.readouterr().out)


def judge(folder: Path) -> str:
    words = ("--author", "own", "--question", "?", "--sentence", "It is likely that it falls.", "--on", "2020-05-09")
    assert run(folder, "assess", *words, "--for", "c1,c2") == 0
    return held(folder)[1][0][0]


def held(folder: Path):
    with Ledger.open(ledger_path(folder)) as ledger:
        judged = [(one.assessment.id, one.outcome and one.outcome.came.value) for one in assessments(ledger)]
        return [one.id for one in claims(ledger)], judged, [one.id for one in ledger.reports()]


def test_claims_assessments_and_outcomes_are_carried_once(two, capsys) -> None:
    ana, ben = two
    (ana / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    assert run(ana, "claim", str(ana / "claims.csv")) == 0
    name = judge(ana)
    assert run(ana, "assess", name, "--outcome", "yes", "--reason", "it fell") == 0
    first, again = carry(ana, ben, capsys), carry(ana, ben, capsys)
    assert (first["claims"], first["assessments"], first["conflicts"]) == (2, 1, [])
    assert (again["claims"], again["assessments"], again["conflicts"]) == (0, 0, [])
    assert held(ben) == held(ana) == (["c1", "c2"], [(name, "yes")], ["c2"])
    assert run(ana, "retract", name, "--reason", "withdrawn") == 0
    assert carry(ana, ben, capsys)["retractions"] == 1
    assert held(ben)[1] == []
    assert verify(ledger_path(ben)).holds


def test_two_outcomes_that_knew_nothing_of_each_other_are_a_conflict(two, capsys) -> None:
    ana, ben = two
    (ana / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    assert run(ana, "claim", str(ana / "claims.csv")) == 0
    name = judge(ana)
    carry(ana, ben, capsys)
    for folder, came in ((ana, "yes"), (ben, "no")):
        assert run(folder, "assess", name, "--outcome", came, "--reason", "seen") == 0
    (conflict,) = carry(ana, ben, capsys)["conflicts"]
    assert (conflict["kind"], conflict["id"]) == ("outcome", name)
    assert held(ben)[1] == [(name, "no")]


def test_what_was_redacted_here_stays_out_and_can_be_redacted_there_too(two, capsys) -> None:
    ana, ben = two
    (ana / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    assert run(ana, "claim", str(ana / "claims.csv")) == 0
    name = judge(ana)
    carry(ana, ben, capsys)
    for one in ("c2", name):
        assert run(ben, "redact", one, "--reason", "asked") == 0
    carry(ana, ben, capsys)
    assert held(ben) == (["c1"], [], [])
    kinds = {one["kind"] for one in carry(ben, ana, capsys)["conflicts"]}
    assert kinds == {"redacted"}
    carry(ben, ana, capsys, "--redact")
    assert held(ana) == (["c1"], [], [])
    assert b"a ministry" not in b"".join(file.read_bytes() for file in ana.glob("ledger.db*"))
    assert verify(ledger_path(ana)).holds
