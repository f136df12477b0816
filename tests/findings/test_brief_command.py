"""`isofront brief` on a small invented war: files, sources, refusals, and a report that is taken back."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from engine_war import add, polygon, ring, rows, start

from isofront.cli import main
from isofront.cli.elsewhere import Elsewhere, elsewhere
from isofront.engine import drafts
from isofront.engine.brief import measured_of, told_of
from isofront.engine.brief_map import Grounds
from isofront.engine.brief_moved import MOVED_KM, _movers, is_told
from isofront.evidence.assessment import assessments
from isofront.evidence.claim import claims
from isofront.evidence.ledger import Ledger, ledger_path
from isofront.findings.brief import brief
from isofront.findings.brief_sentence import Sentence


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A war in which red came over the line at one town."""
    made = start(tmp_path_factory.mktemp("briefed"), polygon(ring()))
    path = made / "theatre.toml"
    town = '\n[[settlements]]\nnames = { en = "Ford", uk = "Брід" }\nat = [20.15, 50.03]\npopulation = 900\n'
    path.write_text(path.read_text(encoding="utf-8") + town, encoding="utf-8")
    add(made, rows(20, lon=20.15, lat=50.03, note="SIMULATED"))
    return made


DAY = datetime(2024, 5, 21, tzinfo=UTC)


def told(war: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    capsys.readouterr()
    asked = ["brief", "--on", "2024-05-21", "--theatre", str(war), "--out", str(out), "--json"]
    assert main([*asked, *more]) == 0
    return json.loads(capsys.readouterr().out)


def sentences(document: dict) -> list[dict]:
    return [one for section in document["sections"] for one in section["sentences"]]


@pytest.mark.slow
def test_every_file_is_written_stamped_and_needs_nothing_from_outside(war, tmp_path, capsys) -> None:
    document = told(war, tmp_path, capsys)
    assert document["stamp"] == "PRIVATE SIMULATED"
    assert {path.name for path in tmp_path.iterdir()} >= {
        "brief.md",
        "brief.html",
        "brief.pdf",
        "map.png",
        "locator.png",
    }
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert page.count("PRIVATE SIMULATED") >= 2
    assert 'src="http' not in page
    assert "<script" not in page
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")
    assert all(one["ids"] for one in sentences(document))
    assert "Ford" in (tmp_path / "brief.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_without_a_folder_it_is_written_where_one_is_under_a_name_of_its_own(war, monkeypatch) -> None:
    monkeypatch.chdir(war)
    for language in ("en", "uk"):
        assert main(["brief", "--on", "2024-05-21", "--language", language, "--format", "md"]) == 0
        assert (war / f"brief-2024-05-21-{language}" / "brief.md").is_file()


def made(war: Path) -> list[Sentence]:
    """The sentences of one day, as known so late that what is done today is known."""
    draft = next(iter(drafts(war, [DAY], [datetime(2200, 1, 1, tzinfo=UTC)])))
    return [one for part in brief(told_of(measured_of(draft)).facts) for one in part.sentences]


def test_a_report_taken_back_changes_every_sentence_that_rested_on_it(war, tmp_path) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    before = made(own)
    name = next(one.ids[0] for one in before if one.text_key == "fought")
    assert main(["retract", name, "--theatre", str(own), "--reason", "test"]) == 0
    after = made(own)
    assert [one for one in before if name in one.ids and one in after] == []
    assert [one.text_key for one in after if name in str(one.ids)] == ["correction_retraction"]
    drafted = [one for one in before if any(name.startswith("draft:") for name in one.ids)]
    assert not [one for one in drafted if one in after], "what rests on the whole map rests on another map now"


def test_a_brief_of_a_day_that_is_approved_tells_what_changed_since_the_map_before_it(war, tmp_path) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    day = ["review", str(own), "--as-of", "2024-05-21", "--accept", "all", "--approve", "--by", "kim", "--reason", "ok"]
    before = {one.text_key: one for one in made(own)}
    assert main(day) == 0
    after = {one.text_key: one for one in made(own)}
    assert "change_none" not in after
    for key in ("change_side", "axis", "town"):
        assert (key in before) == (key in after), key
    assert after["map_start"].ids[1] == "anchor:2024-05-01"
    assert after["map_own"].ids[1].startswith("approval:a-")
    assert "map_own" not in before


@pytest.mark.slow
def test_ukrainian_takes_the_names_of_the_theatre(war, tmp_path, capsys) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    path = own / "theatre.toml"
    path.write_text('titles = { uk = "Вигадана війна" }\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    out = tmp_path / "out"
    document = told(own, out, capsys, "--language", "uk", "--format", "html")
    assert "Брід" in json.dumps(document, ensure_ascii=False)
    assert document["title"].startswith("Вигадана війна")
    assert [path.name for path in out.iterdir()] == ["brief.html"]
    assert "повідомлення · " in (out / "brief.html").read_text(encoding="utf-8")


def test_a_claim_that_an_assessment_names_goes_by_one_name_all_over_the_brief(war, tmp_path) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    said = ["--said-at", "2024-05-19", "--place", "Ford", "--backfill", "--theatre", str(own)]
    number = ["--speaker", "clerk", "--about", "attackers-inside", "--value", "40", "--side", "red"]
    assert main(["claim", *said, *number, "--json"]) == 0
    with Ledger.open(ledger_path(own)) as ledger:
        (name,) = [one.id for one in claims(ledger)]
    judged = [
        "--author",
        "own",
        "--on",
        "2024-05-20",
        "--question",
        "Will it hold?",
        "--sentence",
        "It will likely hold.",
    ]
    assert main(["assess", "--theatre", str(own), *judged, "--against", name, "--backfill"]) == 0
    draft = next(iter(drafts(own, [DAY], [datetime(2024, 5, 22, tzinfo=UTC)])))
    found = told_of(measured_of(draft))
    rests = [one.ids for part in brief(found.facts) for one in part.sentences if one.text_key == "judged_rests"]
    assert rests == [(next(key for key in found.notes if key.startswith("assessment:")), name)]
    assert found.notes[name].by == "clerk"


def test_civilians_are_told_by_each_speakers_last_word_and_judgements_until_a_month_after_their_outcome(
    war, tmp_path
) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    counted = ["--about", "residents-remaining", "--place", "Ford", "--backfill", "--theatre", str(own)]
    for day, who, n in (("05-01", "clerk", 400), ("05-19", "clerk", 90), ("05-02", "nurse", 300)):
        assert main(["claim", *counted, "--said-at", f"2024-{day}", "--speaker", who, "--value", str(n)]) == 0
    for day, came in (("03-01", "04-01"), ("03-02", "05-10"), ("03-03", "")):
        asked = ["--author", "own", "--on", f"2024-{day}", "--question", f"{day}?", "--sentence", "It is likely."]
        assert main(["assess", "--theatre", str(own), *asked, "--backfill"]) == 0
        with Ledger.open(ledger_path(own)) as ledger:
            (name,) = [one.assessment.id for one in assessments(ledger) if one.assessment.question == f"{day}?"]
        came_of = ["--outcome", "yes", "--reason", "so", "--on", f"2024-{came}"]
        assert not came or main(["assess", name, "--theatre", str(own), *came_of]) == 0
    told = made(own)
    low = [(one.values["speaker"], one.values["low"]) for one in told if one.text_key == "civilians"]
    assert sorted(low) == [("clerk", 90), ("nurse", 300)]
    assert [f"{one.values['on']:%m-%d}" for one in told if one.text_key == "judged"] == ["03-02", "03-03"]


def test_evidence_of_a_judgement_that_was_taken_back_or_destroyed_speaks_for_it_no_more(war, tmp_path) -> None:
    own = shutil.copytree(war, tmp_path / "war")
    said = ["--said-at", "2024-05-19", "--place", "Ford", "--backfill", "--theatre", str(own), "--speaker", "clerk"]
    for n in (40, 50, 60):
        assert main(["claim", *said, "--about", "attackers-inside", "--value", str(n), "--side", "red"]) == 0
    with Ledger.open(ledger_path(own)) as ledger:
        names = [one.id for one in sorted(claims(ledger), key=lambda one: float(one.low or 0))]
    judged = ["--author", "own", "--on", "2024-05-20", "--question", "?", "--sentence", "It is likely.", "--backfill"]
    assert main(["assess", "--theatre", str(own), *judged, "--for", ",".join(names[:2]), "--against", names[2]]) == 0
    assert rests(own) == ("judged_rests", tuple(names), (2, 1, 0))
    assert main(["retract", names[1], "--theatre", str(own), "--reason", "test"]) == 0
    assert rests(own) == ("judged_rests", (names[0], names[2]), (1, 1, 1))
    assert main(["redact", names[2], "--theatre", str(own), "--reason", "test"]) == 0
    assert rests(own) == ("judged_rests", (names[0],), (1, 0, 2))
    assert main(["retract", names[0], "--theatre", str(own), "--reason", "test"]) == 0
    assert rests(own) == ("judged_bare", (), (2, 1, 0))


def rests(war: Path) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
    """What is said of what a judgement rests on: the key, the evidence named, how much for, against and gone."""
    one = next(one for one in made(war) if one.text_key in ("judged_rests", "judged_bare"))
    return one.text_key, one.ids[1:], tuple(one.values[key] for key in ("n_for", "n_against", "gone"))


def test_a_public_brief_wants_a_site_and_nothing_of_a_theatre(war, tmp_path, capsys) -> None:
    asked = ["brief", "--on", "2024-05-21", "--out", str(tmp_path / "out"), "--public"]
    assert main(asked) == 2
    assert "--site" in capsys.readouterr().err
    assert main([*asked, "--site", str(tmp_path), "--theatre", str(war)]) == 2
    assert "--theatre" in capsys.readouterr().err
    assert main([*asked, "--site", str(war)]) == 2
    assert "editions.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_picture_is_drawn_here_where_no_other_process_can_be_had() -> None:
    gone = ProcessPoolExecutor(1)
    gone._broken = "its process died"  # as the executor marks itself
    assert Elsewhere(None).begin(bytes, 3)() == b"\0\0\0"
    assert Elsewhere(gone).begin(bytes, 3)() == b"\0\0\0"
    with elsewhere() as pen:
        assert pen.begin(bytes, 3)() == b"\0\0\0"


def test_reports_moved_a_place_if_their_mean_share_there_is_large_as_why_has_it(war) -> None:
    draft = next(iter(drafts(war, [DAY], [datetime(2200, 1, 1, tzinfo=UTC)])))
    spots = np.argwhere(draft.field.touched)
    cells = [spots[:25], spots[len(spots) // 2 :][:25], spots[:0], spots[::7]]
    for some, found in zip(cells, _movers(Grounds(draft), cells), strict=True):
        reasons = draft.posterior.explain(some)
        mean = np.abs(reasons.shares_km.mean(axis=0)) if len(some) else np.zeros(len(reasons.ids))
        assert found == tuple(sorted(name for name, km in zip(reasons.ids, mean, strict=True) if km >= MOVED_KM))
    assert any(_movers(Grounds(draft), cells))


@pytest.mark.parametrize(
    ("km2", "max_km", "told"), [(0.2, 0.14, False), (1.0, 0.14, True), (0.2, 0.25, True), (0.2, None, True)]
)
def test_an_edge_is_told_that_moved_by_a_cell_or_over_ground_worth_telling(km2, max_km, told) -> None:
    assert is_told(km2, max_km, cell_km=0.25) is told
