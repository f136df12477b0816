"""What stands behind the entry panel: habits, days, sentences, tables, and the ledger's own near-duplicate rule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from desk_war import NOW, make_war
from hypothesis import given
from hypothesis import strategies as st

from isofront.desk.guessing import canonical, read_table
from isofront.desk.habits import channel_of, habits_of, source_of
from isofront.desk.sentence import sentences_of
from isofront.desk.written_times import PARTS, clock_in, day_in, happened_text, part_of
from isofront.errors import UsageError
from isofront.evidence import Interval, Kind, Ledger, Link, Means, Offer, Posture, Report, ledger_path
from isofront.evidence.report import LocationOf
from isofront.sources import Terms
from isofront.sources.times import read_interval
from isofront.theatre import load
from isofront.theatre.model import Settlement, Source

TODAY = date(2025, 11, 6)
HRYSHYNE = Settlement({"en": "Hryshyne", "uk": "Гришине"}, (37.08, 48.327))
REPORT = Report(
    id="r", source="s", kind=Kind.STRIKE, seen="ru", by="ua", lon=37.09, lat=48.31, error_m=50.0,
    happened=Interval(datetime(2025, 11, 4, 10, tzinfo=UTC), datetime(2025, 11, 4, 16, tzinfo=UTC)), published_at=None,
    known_at=NOW, means=Means.FPV, precision="exact",
)  # fmt: skip


def said(report: Report) -> dict[str, str]:
    return sentences_of(report, settlements=(HRYSHYNE,), zone="Europe/Kyiv", today=TODAY)


def test_a_row_reads_as_the_sentence_that_was_promised():
    assert said(REPORT)["en"] == "ru seen here; hit by ua with FPV; near Hryshyne; exact; 4 Nov afternoon"
    assert said(REPORT)["uk"] == "тут видно: ru; удару завдали: ua (FPV); поблизу: Гришине; точно; 4 листопада вдень"


@given(
    kind=st.sampled_from(Kind),
    seen=st.sampled_from(["ru", None]),
    means=st.sampled_from([*Means, None]),
    posture=st.sampled_from([*Posture, None]),
    location=st.sampled_from([*LocationOf, None]),
    apart=st.floats(0, 0.5),
)
def test_every_row_reads_as_something_in_both_languages(kind, seen, means, posture, location, apart):
    report = replace(REPORT, kind=kind, seen=seen, means=means, posture=posture, location_of=location, lat=48.3 + apart)
    for text in said(report).values():
        assert "{" not in text
        assert "None" not in text
    if posture in (Posture.WRECK, Posture.CAPTURED):
        assert "no presence" in said(report)["en"]


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), part=st.sampled_from([*PARTS, "14:20", "03:05"]))
def test_a_part_of_a_day_comes_back_from_its_interval(day, part):
    span = read_interval(happened_text(day.isoformat(), part, zone="Asia/Kathmandu"))
    assert part_of(span.start, span.end, zone="Asia/Kathmandu") == (day, part)


def test_a_whole_day_stays_a_whole_day_and_nonsense_is_refused():
    assert happened_text("2025-11-04", "", zone="Europe/Kyiv") == "2025-11-04"
    for day, part in (("soon", ""), ("2025-11-04", "noonish"), ("2025-11-04", "25:00")):
        with pytest.raises(UsageError, match="wanted"):
            happened_text(day, part, zone="Europe/Kyiv")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-11-04", (2025, 11, 4)), ("04.11.2025", (2025, 11, 4)), ("4/11/25", (2025, 11, 4)),
        ("04.11", (2025, 11, 4)),
        ("4 листопада", (2025, 11, 4)), ("4 ноября 2024 г.", (2024, 11, 4)), ("Nov 4", (2025, 11, 4)),
        ("4th November, 2025", (2025, 11, 4)), ("31.12", (2024, 12, 31)), ("7 Nov", (2025, 11, 7)),
        ("8 Nov", (2024, 11, 8)),
        ("99.99.2025", None), ("no day", None), ("3.14 km", None), ("ratio 12.30 %", None),
    ],
)  # fmt: skip
def test_days_are_read_as_posts_write_them(text, day):
    assert day_in(f"drone {text} seen", today=TODAY) == (None if day is None else date(*day))


def test_a_clock_time_is_read_and_a_date_is_none():
    assert (clock_in("at 14:20, 04.11"), clock_in("8:05Z"), clock_in("25:61"), clock_in("1:2:3")) == (
        "14:20",
        "08:05Z",
        "",
        "",
    )


@given(text=st.text(max_size=200))
def test_any_text_has_a_day_or_none(text):
    day_in(text, today=TODAY)
    clock_in(text)


def test_a_channel_is_known_by_its_address_however_it_is_written():
    for url in (
        "https://t.me/Alder_TV/12",
        "t.me/alder_tv/12?single",
        "http://telegram.me/s/alder_tv",
        "https://t.me/@alder_tv",
    ):
        assert channel_of(url) == "t.me/alder_tv"
    assert channel_of("https://twitter.com/Alder/status/1") == "x.com/alder"
    assert channel_of("https://example.org/watch?v=1") == "example.org"


def test_a_source_is_the_theatres_of_that_name_else_who_posted_there_before_else_the_channel():
    told = [replace(REPORT, id=str(i), source="watch", links=(Link("https://t.me/alder_tv/1"),)) for i in range(3)]
    habits, listed = habits_of(told), (Source("Alder-TV"),)
    assert source_of("t.me/alder_tv", habits, listed) == "Alder-TV"
    assert source_of("t.me/alder_tv", habits, ()) == "watch"
    assert source_of("t.me/new_one", habits, listed) == "new_one"
    assert source_of(None, habits, listed) is None


def test_a_habit_needs_several_reports():
    late = replace(REPORT, published_at=REPORT.happened.end + timedelta(hours=30))
    one, three = habits_of([late]).sources["s"], habits_of([replace(late, id=str(i)) for i in range(3)]).sources["s"]
    assert (one.lag_h, dict(one.precision)) == (None, {})
    assert (three.lag_h, dict(three.precision), dict(three.error_m)) == (
        30.0,
        {Kind.STRIKE: "exact"},
        {Kind.STRIKE: 50.0},
    )


def test_a_source_that_posts_on_the_day_itself_is_not_early():
    same_day = replace(REPORT, published_at=REPORT.happened.end - timedelta(hours=6))
    assert habits_of([replace(same_day, id=str(i)) for i in range(3)]).sources["s"].lag_h == 0.0


@pytest.fixture(scope="module")
def war(tmp_path_factory):
    return make_war(tmp_path_factory.mktemp("desk") / "war")


@pytest.fixture(scope="module")
def terms(war):
    return Terms.of(load(war), now=NOW)


def test_what_the_ledger_calls_alike_is_what_it_links_when_the_row_is_added(war):
    with Ledger.open(ledger_path(war), write=True) as ledger:
        for i, one in enumerate(ledger.reports()[:8]):
            same = replace(one, id=f"again{i}", source="other", lon=one.lon + 0.0005, links=(), group=f"again{i}")
            found = {other.id for other, _ in ledger.alike(same)}
            taken = ledger.take([Offer(same, str(i).encode(), b"")], correct=False, now=NOW)
            groups = {report.id: report.group for report in ledger.reports()}
            assert bool(found) == bool(taken.linked)
            assert found <= {name for name, group in groups.items() if group == groups[same.id]}


def place_of(_: str) -> None:
    return None


def test_columns_are_guessed_without_names(terms):
    text = "18.05.2021\teast\t50.11, 10.2\tposition\thttps://t.me/a/1\n19.05.2021\twest\t50.12, 10.3\tstrike\thttps://t.me/a/2"
    table = read_table(text, terms=terms, place_of=place_of)
    assert table.header is None
    assert table.roles == ("happened_at", "seen", "spot", "kind", "url")


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_columns_are_known_by_names_in_other_tongues(terms, mark):
    rows = [
        ["Дата", "Широта", "Довгота", "Тип", "Сторона", "Посилання"],
        ["18.05.2021", "50,11", "10,2", "strike", "Eastland", "x"],
    ]
    table = read_table("\n".join(mark.join(row) for row in rows), terms=terms, place_of=place_of)
    assert table.roles == ("happened_at", "lat", "lon", "kind", "seen", "url")
    (row,) = canonical(table, table.roles, bounds=terms.bounds, place_of=place_of, today=NOW.date())
    assert row == {
        "happened_at": "2021-05-18",
        "lat": "50.11",
        "lon": "10.2",
        "kind": "strike",
        "seen": "Eastland",
        "url": "x",
    }


def test_names_that_nobody_knows_still_are_no_row(terms):
    text = "Ереignis\tWo genau\n18.05.2021\t50.11, 10.2\n19.05.2021\t50.12, 10.2"
    table = read_table(text, terms=terms, place_of=place_of)
    assert len(table.rows) == 2
    assert table.roles == ("happened_at", "spot")


@given(cells=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=6))
def test_any_table_is_read_without_a_fault_and_no_column_twice(terms, cells):
    table = read_table("\n".join("\t".join(row) for row in cells), terms=terms, place_of=place_of)
    roles = [role for role in table.roles if role]
    assert len(roles) == len(set(roles))
    canonical(table, table.roles, bounds=terms.bounds, place_of=place_of, today=NOW.date())


def test_after_midnight_in_the_theatre_the_day_is_the_new_one(tmp_path, desk_at):
    late = datetime(2021, 5, 20, 22, 30, tzinfo=UTC)  # 01:30 on the 21st in Kyiv
    caller = desk_at(make_war(tmp_path / "war"), now=late)
    assert caller.get("/api/desk")["today"] == "2021-05-21"
    assert caller.post("/api/entry/read", {"text": "50.1, 10.2"})["day"] == "2021-05-21"


def test_two_desks_on_one_ledger_lose_no_row_and_no_undo(tmp_path, desk_at):
    war = make_war(tmp_path / "war")
    desks = [desk_at(war), desk_at(war)]
    cells = {"lat": "50.1", "kind": "position", "source": "x", "seen": "east"}

    def enter(i: int) -> str:
        row = {"cells": cells | {"lon": f"10.{200 + i}"}, "day": "2021-05-16"}
        return desks[i % 2].post("/api/entry/save", row)["report"]["id"]

    with ThreadPoolExecutor(4) as hands:
        names = list(hands.map(enter, range(12)))
        list(hands.map(lambda name: desks[0].post("/api/entry/undo", {"id": name}), names[:4]))
    kept = {one["id"]: one["undone"] for one in desks[1].get("/api/entry/recent")["recent"]}
    assert kept == {name: i < 4 for i, name in enumerate(names)}
