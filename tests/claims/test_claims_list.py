"""`isofront claims` and `isofront assess` in a theatre: lists, tables, records; what they must never print."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.cli.claims_told import _percent
from isofront.evidence import Ledger, ledger_path

ROWS = """id;speaker;said_at;about;place;value;bound;unit;status;side;against;interest;counts;quote;named_as;revises
a1;an aide;2020-05-08;attackers-inside;Oldtown;200;about;;;red;;blue;;about two hundred;described;
a2;soldiers;2020-05-08;attackers-inside;Oldtown;300;at_least;;;red;;blue;;;group;
a3;Ivan;2020-05-09;attackers-inside;Oldtown;250 to 400;;;;red;;;;\u202eعربي <b>\u001b[31mred</b>;first_name;
a4;an aide;2020-05-10;attackers-inside;Oldtown;260;about;;;red;;blue;;;described;a1
r1;an aide;2020-05-08;ratio-of-forces;Oldtown;8:1;;;;red;blue;blue;red:80 blue:10;;described;
v1;the mayor;2020-05-07;residents-remaining;Oldtown;1234;at_least;;;;;blue;;exactly 1234 people;full;
m1;a ministry;2020-05-05;control;Oldtown;;;;taken;red;;red;;;full;
m2;a ministry;2020-05-06;control;Newtown;;;;taken;red;blue;red;;;full;
m3;a staff;2020-05-06;control;Newtown;;;;encircled;blue;;blue;;;full;
"""
REPORTS = """id,source,kind,seen,by,lon,lat,error_m,happened_at,published_at,reliability,credibility
p1,S1,position,red,,0.25,0.15,100,2020-05-06,2020-05-06T12:00Z,B,2
p2,S1,position,red,,0.25,0.15,100,2020-05-07,2020-05-07T12:00Z,B,2
p3,S2,position,blue,,0.251,0.151,100,2020-05-07,2020-05-07T13:00Z,B,2
"""


@pytest.fixture(scope="module")
def theatre(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(empty, tmp_path_factory.mktemp("list") / "war")
    rows, reports = folder / "rows.csv", folder / "reports.csv"
    rows.write_text(ROWS, encoding="utf-8")
    reports.write_text(REPORTS, encoding="utf-8")
    assert main(["add", str(reports), "--theatre", str(folder), "--backfill"]) == 0
    assert main(["claim", str(rows), "--theatre", str(folder), "--backfill"]) == 0
    return folder


def listed(theatre: Path, capsys: pytest.CaptureFixture[str], *words: str):
    capsys.readouterr()
    assert main(["claims", "--theatre", str(theatre), *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def said(theatre: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["claims", "--theatre", str(theatre), *words]) == 0
    return capsys.readouterr().out


def test_rival_numbers_stand_side_by_side_and_are_not_averaged(theatre: Path, capsys) -> None:
    document = listed(theatre, capsys, "Старе", "--about", "attackers-inside")
    (group,) = document["groups"]
    values = {row["id"]: row["value"].removesuffix(" people") for row in group["rows"]}
    assert values == {"a1": "about 200", "a2": "at least 300", "a3": "250 to 400", "a4": "about 260"}
    assert [row["against_interest"] for row in group["rows"]] == [True, True, None, True]
    assert (group["rows"][0]["revised_by"], group["rows"][0]["revised_at"]) == ("a4", "2020-05-10T00:00:00Z")
    assert (group["standing"], group["range"]["words"], group["pooled"]) == (3, "250 to 400 people", None)
    assert [one["words"] for one in group["by_interest"]] == ["260 people and more", "250 to 400 people"]
    on_map = group["on_map"]
    assert (on_map["state"], on_map["status"], on_map["held"]) == ("start", "held_red", {"red": 1.0})
    assert [(one["side"], one["reports"], one["days"]) for one in on_map["seen"]] == [("red", 2, 2), ("blue", 1, 1)]
    text = said(theatre, capsys, "Oldtown", "--about", "attackers-inside")
    assert "against interest; revised 2020-05-10 by a4" in text
    assert "Ivan, first name only" in text


def test_filters_and_what_was_known_by_a_moment_narrow_the_list(theatre: Path, capsys) -> None:
    def ids(*words: str) -> list[str]:
        document = listed(theatre, capsys, *words)
        return sorted(row["id"] for group in document["groups"] for row in group["rows"])

    assert ids("--speaker", "AIDE") == ["a1", "a4", "r1"]
    assert ids("--interest", "none") == ["a3"]
    assert ids("--interest", "Redland") == ["m1", "m2"]
    assert ids("--from", "2020-05-09", "--to", "2020-05-10") == ["a3", "a4"]
    assert ids("--known-by", "2020-05-06") == ["m1"]
    assert ids("Nowhere") == []


def test_a_ratio_keeps_both_counts_and_civilians_are_told_rounded_without_their_quote(theatre: Path, capsys) -> None:
    text = said(theatre, capsys, "Oldtown")
    assert "8 to 1 (Redland 80, Blueland 10)" in text
    assert "at least 1,200 people" in text
    assert "1234" not in text
    assert "1234" not in json.dumps(listed(theatre, capsys, "Oldtown"))


def test_markup_control_characters_and_turned_text_reach_no_terminal(theatre: Path, capsys) -> None:
    text = said(theatre, capsys, "Oldtown", "--about", "attackers-inside")
    assert "\u2068عربي <b> [31mred</b>\u2069" in text
    assert not {"\u001b", "\u202e"} & set(text)


def test_a_pooled_interval_comes_only_if_asked_for_after_the_list(theatre: Path, capsys) -> None:
    text = said(theatre, capsys, "Oldtown", "--pool")
    assert text.index("a4") < text.index("pooled, as asked") < text.index("hierarchical")
    assert "not pooled: wanted 3 numbers or more to pool, found 1" in text
    assert "pooled" not in said(theatre, capsys, "Oldtown", "--about", "ratio-of-forces")


def test_control_claims_stand_in_one_table_with_a_verdict(theatre: Path, capsys) -> None:
    rows = {row["claim"]: row for row in listed(theatre, capsys, "--control")["rows"]}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "m1": "supported", "m2": "not reviewed", "m3": "not judged here"
    }  # fmt: skip
    assert "called encircled" in said(theatre, capsys, "--control")


def test_on_a_day_the_draft_stands_beside_with_its_chance(theatre: Path, capsys) -> None:
    document = listed(theatre, capsys, "--control", "--on", "2020-05-08")
    assert document["map"]["state"] == "draft"
    oldtown = next(row for row in document["rows"] if row["claim"] == "m1")
    assert oldtown["on_map"]["p"] > 0.5
    assert sum(oldtown["on_map"]["held"].values()) + oldtown["on_map"]["grey"] == pytest.approx(1, abs=1e-3)


def test_a_record_against_a_mappers_dated_files_says_too_few(theatre: Path, capsys) -> None:
    ring = [[0.2, -0.1], [0.5, -0.1], [0.5, 0.4], [0.2, 0.4], [0.2, -0.1]]
    wide = [[0.05, -0.1], [0.5, -0.1], [0.5, 0.4], [0.05, 0.4], [0.05, -0.1]]
    for day, one in (("2020-05-01", ring), ("2020-05-08", ring), ("2020-05-11", wide), ("2020-07-01", wide)):
        feature = {
            "type": "Feature",
            "properties": {"date": day, "side": "red"},
            "geometry": {"type": "Polygon", "coordinates": [one]},
        }
        (theatre / f"map-{day}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    files = [word for file in sorted(theatre.glob("map-*.geojson")) for word in ("--against", str(file))]
    (ministry,) = [
        one for one in listed(theatre, capsys, "--record", *files)["speakers"] if one["speaker"] == "a ministry"
    ]
    fates = {one["id"]: (one["fate"], one["lag_days"]) for one in ministry["claims"]}
    assert fates == {"m1": ("drawn before", -4), "m2": ("borne out", 5)}
    assert (ministry["share"], ministry["too_few_to_say"], ministry["median_lead_days"]) == (1, True, 5)
    assert "too few to say" in said(theatre, capsys, "--record", *files)
    assert [_percent(share) for share in (0.0, 0.004, 1.0)] == ["0 %", "under 1 %", "100 %"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--about", "atackers"), "attackers"),
        (("--interest", "green"), "wanted one of red, blue, none"),
        (("--control", "--pool"), "wanted one of"),
        (("--against", "x.geojson"), "goes with --record"),
        (("--from", "2020-05-09", "--to", "2020-05-01"), "ends before it begins"),
        (("--record", "--after", "0"), "a day or more"),
        (("--on", "May"), "wanted a date"),
    ],
)
def test_wrong_use_is_said_in_one_line(theatre: Path, capsys, words: tuple[str, ...], says: str) -> None:
    assert main(["claims", "--theatre", str(theatre), *words]) == 2
    assert says in capsys.readouterr().err


def test_a_wrong_place_names_the_nearest(theatre: Path, capsys) -> None:
    assert main(["claims", "Oldtwon", "--theatre", str(theatre)]) == 0
    assert "nearest: Oldtown" in capsys.readouterr().err


def judge(theatre: Path, *words: str) -> int:
    usual = ("--author", "own", "--question", "Does it fall?", "--on", "2020-05-09")
    return main(["assess", "--theatre", str(theatre), *usual, *words])


def test_an_assessment_is_kept_with_what_it_rests_on_and_later_its_outcome(theatre: Path, capsys) -> None:
    sentence = ("--sentence", "It is likely that Oldtown falls.", "--resolves-by", "2020-06-01", "--place", "Старе")
    assert judge(theatre, *sentence, "--for", "a2,p1", "--against", "claim:m1", "--json") == 0
    name = json.loads(capsys.readouterr().out)["kept"]
    assert judge(theatre, *sentence, "--for", "a2,p1", "--against", "claim:m1") == 0
    assert "known before" in capsys.readouterr().out
    came = ["assess", name, "--theatre", str(theatre), "--outcome", "yes", "--reason", "it fell", "--json"]
    first, again = (main(came) or json.loads(capsys.readouterr().out) for _ in range(2))
    assert (first["known"], again["known"]) == (False, True)
    assert first["head"] == again["head"]
    assert main(["assess", name, "--theatre", str(theatre), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["assessments"]
    assert (one["likelihood"], one["span"], one["outcome"]["came"]) == ("likely", [0.55, 0.8], "yes")
    assert one["place"] == "Oldtown"
    assert (one["for"], one["against"]) == (["claim:a2", "p1"], ["claim:m1"])
    assert main(["assess", "--record", "--theatre", str(theatre), "--json"]) == 0
    (own,) = json.loads(capsys.readouterr().out)["authors"]
    assert (own["scored"], own["brier"], own["too_few_to_say"]) == (1, round(0.325**2, 4), True)


def test_redacted_evidence_leaves_a_gap_and_a_redacted_assessment_nothing(
    theatre: Path, tmp_path: Path, capsys
) -> None:
    war = shutil.copytree(theatre, tmp_path / "war")
    assert judge(war, "--sentence", "It is unlikely that SECRET-TOWN falls.", "--for", "a3") == 0
    assert main(["redact", "a3", "--reason", "asked", "--theatre", str(war)]) == 0
    capsys.readouterr()
    assert main(["assess", "--theatre", str(war), "--json"]) == 0
    found = {one["sentence"]: one for one in json.loads(capsys.readouterr().out)["assessments"]}
    mine = found["It is unlikely that SECRET-TOWN falls."]
    assert mine["for"] == ["(redacted)"]
    main(["assess", mine["id"], "--theatre", str(war), "--outcome", "no", "--reason", "SECRET-TOWN stands"])
    assert main(["redact", mine["id"], "--reason", "asked", "--theatre", str(war)]) == 0
    assert b"SECRET-TOWN" not in b"".join(file.read_bytes() for file in war.glob("ledger.db*"))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--sentence", "It is likely.", "--for", "nothing-here"), 3, "has this id"),
        (("--sentence", "It is likely.", "--for", "a1", "--against", "a1"), 3, "for and against"),
        (("--sentence", "It is likely.", "--resolves-by", "2020-05-01"), 3, "before it was made"),
        (("--sentence", "It is likely.", "--confidence", "huge"), 3, "low, moderate or high"),
        (("--sentence", "It is likely.", "--place", "Oldtwon"), 3, "nearest: Oldtown"),
        (("--sentence", "It is likely and we are confident."), 3, "in one sentence"),
        (("--sentence", "It is likely.", "--record"), 2, "one at a time"),
        (("--outcome", "yes"), 2, "the assessment's id"),
    ],
)
def test_what_is_no_assessment_is_refused_in_one_line(theatre: Path, capsys, words, code: int, says: str) -> None:
    assert judge(theatre, *words) == code
    assert says in capsys.readouterr().err


def test_the_chain_still_verifies(theatre: Path) -> None:
    from isofront.evidence import verify

    assert verify(ledger_path(theatre)).holds
    with Ledger.open(ledger_path(theatre)) as ledger:
        assert ledger.reports(datetime(2020, 5, 9, tzinfo=UTC))
