"""What a hostile or hasty row tries: refused with a reason, never guessed, nothing lost without a word."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isofront.errors import BadInputError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.claim import Claim, claims
from isofront.evidence.taking import Taker
from isofront.findings.saying import range_words
from isofront.intake_claims import add_claims
from isofront.sources.claim_cells import number_of
from isofront.sources.claims import ClaimTerms, Spot, read_claims
from isofront.sources.terms import Refused

NOW = datetime(2020, 5, 10, tzinfo=UTC)
TERMS = ClaimTerms(
    {"red": "red", "blue": "blue"},
    (Spot("Oldtown", (), 0.25, 0.15),),
    NOW,
    lies_outside=lambda lon, lat: not (0 <= lon <= 0.4 and 0 <= lat <= 0.3),
)
ROW = {"speaker": "an official", "said_at": "2020-05-08", "about": "attackers-inside", "place": "Oldtown", "value": 200}


def read(**more: object) -> Claim | Refused:
    (row,) = read_claims(json.dumps([ROW | more]).encode(), file="f.json", terms=TERMS)
    return row.told


def reason(**more: object) -> str:
    one = read(**more)
    assert isinstance(one, Refused)
    return one.reason


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"value": 1.5}, "whole number"),
        ({"value": "1.000"}, "1000 or 1?"),
        ({"value": "5 people"}, "unit and its bound have columns"),
        ({"value": "1:8", "about": "ratio"}, "so many to one"),
        ({"said_at": "2020-05-12"}, "has not come yet"),
        ({"for_day": "9999-12-31", "about": "control", "status": "held", "side": "red", "value": ""}, "no day that"),
        ({"id": "x" * 201}, "id of 201 characters"),
        ({"place": "1" * 1_000_000}, "no settlement of the theatre"),
        ({"quote": "пункт" * 200_000, "about": "residents-remaining"}, "quote of 1,000,000 characters"),
        ({"lon": 0.25}, "lon without lat"),
        ({"about": "ratio", "value": 8, "counts": "red:80 red:10"}, "one side twice"),
        ({"place": "Oldtown", "lon": 50, "lat": 10}, "outside the theatre"),
        ({"speaker": "x" * 121}, "at most 120"),
        ({"speaker": "\u200b\u202e"}, "speaker is empty"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_was_wanted(more: dict[str, object], told: str) -> None:
    assert told in reason(**more)


@pytest.mark.parametrize("counts", ["red:100 blue:800", "red:100 blue:100", "red:8 blue:0"])
def test_counts_that_contradict_the_ratio_beside_them_are_refused(counts: str) -> None:
    ratio = {"about": "ratio", "value": "8:1", "side": "red", "against": "blue"}
    assert "the value says 8" in reason(**ratio, counts=counts)
    assert isinstance(read(**ratio, counts="red:820 blue:100"), Claim)


def test_an_average_a_day_may_have_a_part() -> None:
    assert isinstance(read(about="attacks-per-day", value=54.5), Claim)


def test_marks_that_cannot_be_seen_make_no_second_speaker() -> None:
    names = {read(speaker=name).speaker for name in ("an official", "an\u200b official\u202c", "an\nofficial")}
    assert names == {"an official"}
    assert read(speaker="قائد ميداني").speaker == "قائد ميداني"


@pytest.mark.parametrize(
    "quote",
    [
        "they sleep in the cellar of the school",
        "at 12 Mill Street",
        "біля пункту евакуації",
        "евакуаційний автобус о шостій",
        "у підвалах",
        "вул. Миру, 7",
    ],
)
def test_words_that_say_where_civilians_are_are_not_kept_with_their_number(quote: str) -> None:
    assert "where civilians are" in reason(about="residents-remaining", value=400, quote=quote)
    assert isinstance(read(quote=quote), Claim)


def test_an_accepted_draft_that_counts_civilians_keeps_no_words_and_one_beyond_the_last_is_said() -> None:
    draft = ROW | {"type": "quantity", "state": "draft", "about": "residents-remaining", "quote": "in the cellars"}
    draft = {key: value for key, value in draft.items() if key != "said_at"} | {"said_on": "2020-05-08"}
    content = json.dumps([draft]).encode()
    (row,) = read_claims(content, file="d.json", terms=TERMS, accept=frozenset({1}))
    one = row.told
    assert isinstance(one, Claim)
    assert one.quote == ""
    with pytest.raises(BadInputError, match="no draft 7, wanted 1 to 1"):
        read_claims(content, file="d.json", terms=TERMS, accept=frozenset({1, 7}))


def test_a_comma_that_makes_a_cell_too_many_costs_the_row_and_says_so() -> None:
    text = "speaker,said_at,about,place,value\nan official,2020-05-08,attackers-inside,Oldtown,1,000\n"
    (row,) = read_claims(text.encode(), file="f.csv", terms=TERMS)
    assert isinstance(row.told, Refused)
    assert "quotation marks" in row.told.reason


def test_a_column_that_stands_twice_is_refused_for_nobody_knows_which_is_meant() -> None:
    text = "speaker,said_at,about,place,value,value\nan official,2020-05-08,attackers-inside,Oldtown,100,200\n"
    with pytest.raises(BadInputError, match="column 'value' stands there more than once"):
        read_claims(text.encode(), file="f.csv", terms=TERMS)


def test_a_control_claim_and_its_report_come_in_together_or_not_at_all(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(empty, tmp_path / "war")
    held = ROW | {"about": "control", "status": "held", "side": "red", "value": ""}
    rows = read_claims(json.dumps([held]).encode(), file="f.json", terms=TERMS)
    with monkeypatch.context() as cut:
        cut.setattr(Taker, "take", _no_power)
        with pytest.raises(OSError, match="power"):
            add_claims(folder, rows, now=NOW)
    with Ledger.open(ledger_path(folder)) as ledger:
        assert (ledger.count, ledger.names()) == (0, {})
    add_claims(folder, rows, now=NOW)
    with Ledger.open(ledger_path(folder)) as ledger:
        assert ([one.id for one in claims(ledger)], [one.id for one in ledger.reports()]) == ([rows[0].told.id],) * 2


def _no_power(*_: object, **__: object) -> str:
    raise OSError("power")


def test_a_row_is_told_by_its_line_also_where_the_ledger_refuses_it(empty: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(empty, tmp_path / "war")
    text = "id,speaker,said_at,about,place,value,revises\n" + "".join(
        f"{id_},an official,2020-05-08,attackers-inside,Oldtown,{value},{revises}\n"
        for id_, value, revises in (("c-1", "200", ""), ("c-1", "300", ""), ("c-2", "none", ""), ("c-3", "9", "c-9"))
    )
    tally = add_claims(folder, read_claims(text.encode(), file="f.csv", terms=TERMS), now=NOW)
    assert [(one.file, one.row, one.column) for one in tally.refused] == [
        ("f.csv", 3, "id"), ("f.csv", 4, None), ("f.csv", 5, "revises"),
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["side", "against", "interest"])
def test_a_side_that_is_a_number_is_none(column: str) -> None:
    assert "side '5': wanted one of red, blue" in reason(**{column: 5})


def test_a_moment_before_the_calendar_is_refused() -> None:
    assert "wanted a day or moment" in reason(said_at="0001-01-01T00:00:00+23:00")


def test_a_heading_with_a_quote_too_many_is_no_csv() -> None:
    with pytest.raises(BadInputError, match=r"f\.csv line 1: not CSV"):
        read_claims(b'"a"b,speaker,said_at,about,place\n', file="f.csv", terms=TERMS)


def test_one_person_is_no_people() -> None:
    assert range_words(1, None, "killed") == "1 person and more"
    assert range_words(1, 3, "killed") == "1 to 3 people"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"speaker": "a rival"}, "was said by 'an official'"),
        ({"about": "defenders-inside"}, "is about attackers-inside, Oldtown"),
        ({"said_at": "2020-05-01"}, "was said later"),
    ],
)
def test_nobody_takes_back_the_words_of_another_or_of_a_later_day(
    empty: Path, tmp_path: Path, more: dict[str, object], told: str
) -> None:
    folder = shutil.copytree(empty, tmp_path / "war")
    rows = [ROW | {"id": "c-1"}, ROW | {"id": "c-2", "revises": "c-1", "value": 9, "said_at": "2020-05-09"} | more]
    tally = add_claims(folder, read_claims(json.dumps(rows).encode(), file="f.json", terms=TERMS), now=NOW)
    assert [one.id for one in tally.added] == ["c-1"]
    assert told in tally.refused[0].reason


@pytest.mark.parametrize("bound", ["at_least", "at_most"])
def test_a_range_that_is_also_called_one_sided_is_refused(bound: str) -> None:
    with pytest.raises(BadInputError, match="of a range of two numbers"):
        number_of({"value": "200 to 300", "bound": bound}, "attackers-inside")
