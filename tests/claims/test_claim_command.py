"""What somebody said, into the ledger: by hand, from files, from accepted drafts; and what is refused."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.engine import drafts
from isofront.evidence import Kind, Ledger, ledger_path, verify
from isofront.evidence.claim import Bound, Status, claims
from isofront.sources.pseudonyms import FILE_NAME


@pytest.fixture
def theatre(empty: Path, tmp_path: Path) -> Path:
    return shutil.copytree(empty, tmp_path / "war")


def run(theatre: Path, *words: str) -> int:
    return main(["claim", "--theatre", str(theatre), *words])


def by_hand(theatre: Path, **said: str) -> int:
    given = {"speaker": "an official", "said-at": "2020-05-08", "about": "attackers-inside", "place": "Oldtown"}
    return run(
        theatre, *(word for key, value in (given | said).items() for word in (f"--{key.replace('_', '-')}", value))
    )


def kept(theatre: Path):
    with Ledger.open(ledger_path(theatre)) as ledger:
        return claims(ledger)


def test_a_number_is_kept_with_its_bound_grades_and_interest(theatre: Path) -> None:
    assert by_hand(theatre, value="200", bound="about", side="red", interest="blue", grade="B3") == 0
    (one,) = kept(theatre)
    assert (one.low, one.high, one.bound, one.side, one.interest) == (200, 200, Bound.ABOUT, "red", "blue")
    assert (one.reliability, one.credibility, one.unit, one.place) == ("B", 3, "people", "Oldtown")
    assert verify(ledger_path(theatre)).holds


def test_the_same_claim_again_changes_nothing(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert by_hand(theatre, value="200") == 0
    with Ledger.open(ledger_path(theatre)) as ledger:
        head = ledger.head
    assert by_hand(theatre, value="200") == 0
    assert "0 claims kept, 1 known before" in capsys.readouterr().out
    with Ledger.open(ledger_path(theatre)) as ledger:
        assert ledger.head == head


def test_an_old_claim_that_is_entered_as_live_is_told_and_with_backfill_it_is_not(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_hand(theatre, value="200") == 0
    assert "1 claim of over a week ago, known only from now" in capsys.readouterr().err
    assert run(theatre, "--speaker", "a mayor", "--said-at", "2020-05-08", "--about", "attackers-inside",
               "--place", "Oldtown", "--value", "90", "--backfill") == 0  # fmt: skip
    assert "known only from now" not in capsys.readouterr().err


def test_a_control_claim_reaches_the_engine_under_its_own_id_and_a_denial_does_not(theatre: Path) -> None:
    assert by_hand(theatre, about="control", status="entered", side="red", id_="") == 2  # no such option
    assert by_hand(theatre, about="control", status="entered", side="red") == 0
    assert by_hand(theatre, about="control", status="not_entered", side="red") == 0
    entered = next(one for one in kept(theatre) if one.status is Status.ENTERED)
    with Ledger.open(ledger_path(theatre)) as ledger:
        (report,) = ledger.reports()
    assert (report.id, report.kind, report.seen, report.known_at) == (entered.id, Kind.CLAIM, "red", entered.known_at)
    day, known = datetime(2020, 5, 10, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    draft = next(iter(drafts(theatre, [day], [known])))
    assert entered.id in {one.id for one in draft.used}


def test_a_place_is_found_in_any_spelling_and_a_wrong_one_names_the_nearest(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_hand(theatre, place="Старе", value="200") == 0
    assert kept(theatre)[0].place == "Oldtown"
    assert by_hand(theatre, place="Oldtwon", value="200") == 3
    assert "nearest: Oldtown" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"value": "-5"}, "from 0"),
        ({"value": "lots"}, "wanted a number"),
        ({"value": "nan"}, "finite"),
        ({"value": "300:1", "about": "ratio-of-forces"}, "at most 100"),
        ({"value": "300", "about": "share-held"}, "at most 100"),
        ({"value": "5", "unit": "km"}, "counted in people"),
        ({"value": "5", "about": "atackers-inside"}, "attackers-inside"),
        ({"value": "5", "side": "green"}, "wanted one of red, blue"),
        ({"value": "5", "about": "residents-remaining"}, "point at people"),
        ({"value": "50", "place": "School basement, Oldtown"}, "homes and shelters"),
        ({"value": "50", "said_at": "May"}, "wanted a day"),
        ({"value": "50", "url": "javascript:alert(1)"}, "http"),
        ({"value": "50", "revises": "c-none"}, "no claim has the id"),
        ({"about": "control", "status": "conquered"}, "wanted one of entered"),
    ],
)
def test_what_cannot_be_kept_says_why_in_one_line(
    said: dict[str, str], says: str, theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_hand(theatre, **said) == 3
    assert says in capsys.readouterr().err
    assert not ledger_path(theatre).exists() or not kept(theatre)


def test_a_file_keeps_what_is_good_and_lists_the_rest(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = theatre / "claims.csv"
    file.write_text(
        "speaker;said_at;about;place;value;counts;quote\n"
        "an aide;2020-05-08;ratio-of-forces;Oldtown;8:1;red:80 blue:10;<b>eight</b> to one\n"
        "a soldier;2020-05-08T12:00+02:00;attackers-inside;Oldtown;200 to 300;;\u202eقالوا\n"
        "an aide;2020-05-08;attackers-inside;Nowhere;5;;\n",
        encoding="utf-8",
    )
    assert run(theatre, str(file), "--backfill", "--json") == 0
    out = capsys.readouterr().out
    answer = json.loads(out[out.index("{") :])
    assert (answer["read"], len(answer["added"]), len(answer["refused"])) == (3, 2, 1)
    ratio, soldiers = kept(theatre)
    assert (ratio.low, ratio.counts, ratio.quote) == (8, {"red": 80, "blue": 10}, "<b>eight</b> to one")
    assert (soldiers.low, soldiers.high, soldiers.bound) == (200, 300, Bound.RANGE)
    assert soldiers.known_at == soldiers.said_at == datetime(2020, 5, 8, 10, tzinfo=UTC)


def test_drafts_are_kept_only_as_far_as_a_person_accepts_them(theatre: Path) -> None:
    article = theatre / "article.txt"
    article.write_text(
        "The mayor of Oldtown said on Friday that about 500 residents remain in Oldtown.", encoding="utf-8"
    )
    drafts = theatre / "drafts.json"
    row = {"state": "draft", "type": "quantity", "about": "residents-remaining", "place": "Oldtown", "value": 500,
           "unit": "people", "bound": "about", "speaker": "mayor", "said_on": "2020-05-08", "quote": "…"}  # fmt: skip
    drafts.write_text(json.dumps([row, row | {"value": 600}, row | {"value": 700, "speaker": None}]), encoding="utf-8")
    assert run(theatre, str(drafts)) == 3
    assert run(theatre, str(drafts), "--accept", "2") == 0
    assert [one.low for one in kept(theatre)] == [600]
    assert run(theatre, str(drafts), "--accept", "all", "--speaker", "a newspaper") == 0
    assert {one.speaker for one in kept(theatre)} == {"mayor", "a newspaper"}


def test_accepted_drafts_that_are_no_claims_say_what_they_are(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = theatre / "drafts.json"
    rows = [
        {"state": "draft", "type": "place", "about": "place", "place": "Oldtown", "speaker": None},
        {"state": "draft", "type": "assessment", "about": "judgement", "place": None, "speaker": "A. Nalyst"},
    ]
    drafts.write_text(json.dumps(rows), encoding="utf-8")
    assert run(theatre, str(drafts), "--accept", "all") == 3
    told = capsys.readouterr().err
    assert "a place that the text names" in told
    assert "isofront assess" in told
    assert "speaker is empty" not in told


def test_a_retracted_claim_is_gone_from_then_on_and_known_before(theatre: Path) -> None:
    assert by_hand(theatre, value="200") == 0
    (one,) = kept(theatre)
    assert main(["retract", f"claim:{one.id}", "--reason", "a mistake", "--theatre", str(theatre)]) == 0
    assert kept(theatre) == []
    assert verify(ledger_path(theatre)).holds


def test_a_redacted_claims_words_are_nowhere_in_the_file(theatre: Path) -> None:
    assert by_hand(theatre, value="200", quote="words-that-must-go") == 0
    (one,) = kept(theatre)
    assert main(["redact", f"claim:{one.id}", "--reason", "asked", "--theatre", str(theatre)]) == 0
    held = b"".join(file.read_bytes() for file in theatre.glob("ledger.db*"))
    assert b"words-that-must-go" not in held
    assert verify(ledger_path(theatre)).holds


def test_a_real_name_is_in_no_byte_of_the_theatre_but_its_own_rules(
    theatre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (theatre / FILE_NAME).write_text('[names]\n"Ivan Secretov" = "Soldier K"\n', encoding="utf-8")
    assert by_hand(theatre, speaker="Ivan Secretov", value="200", quote="said IVAN SECRETOV") == 0
    assert by_hand(theatre, speaker="ivan secretov", value="lots") == 3
    file = theatre.parent / "claims.csv"
    file.write_text(
        "speaker,said_at,about,place,value\nIvan  Secretov,2020-05-08,losses,Oldtown,7\n", encoding="utf-16"
    )
    run(theatre, str(file))
    said = capsys.readouterr()
    everything = b"".join(path.read_bytes() for path in theatre.rglob("*") if path.is_file() and path.name != FILE_NAME)
    assert b"secretov" not in (everything + said.out.encode() + said.err.encode()).lower()
    assert kept(theatre)[0].speaker == "Soldier K"


def test_taking_back_or_destroying_a_control_claim_takes_its_report_with_it(theatre: Path) -> None:
    assert by_hand(theatre, about="control", status="entered", side="red", quote="words-that-must-go") == 0
    (one,) = kept(theatre)
    assert main(["retract", one.id, "--reason", "a mistake", "--theatre", str(theatre)]) == 0
    with Ledger.open(ledger_path(theatre)) as ledger:
        assert (claims(ledger), ledger.reports()) == ([], [])
    assert by_hand(theatre, about="control", status="entered", side="red", quote="words-that-must-go") == 0
    assert kept(theatre) == []  # the same file again does not bring back what was taken back
    assert main(["redact", f"claim:{one.id}", "--reason", "asked", "--theatre", str(theatre)]) == 0
    assert b"words-that-must-go" not in b"".join(file.read_bytes() for file in theatre.glob("ledger.db*"))
    assert by_hand(theatre, about="control", status="entered", side="red", quote="words-that-must-go") == 3
    assert verify(ledger_path(theatre)).holds


def test_civilians_are_counted_by_settlement_alone(theatre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = theatre / "claims.csv"
    rows = ["a priest,2020-05-08,residents-remaining,A farm,40,0.2,0.2", "a priest,2020-05-08,losses,A farm,40,0.2,0.2"]
    file.write_text("\n".join(["speaker,said_at,about,place,value,lon,lat", *rows]), encoding="utf-8")
    assert run(theatre, str(file)) == 0
    assert "civilians are counted by settlement" in capsys.readouterr().err
    assert [one.about for one in kept(theatre)] == ["losses"]
