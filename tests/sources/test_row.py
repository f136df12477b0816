"""One row: what it may say, how it is read, and each way in which it can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from isofront.evidence import Kind, LocationOf, Means, Posture
from isofront.sources import Doubt, Found, Refused


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2031, 5, number, hour, tzinfo=UTC)


def test_a_plain_row_is_a_report(row):
    report = row().report
    assert (report.id, report.kind, report.seen, report.by, report.source) == (
        "a-1",
        Kind.POSITION,
        "red",
        "red",
        "alpha",
    )
    assert (report.lon, report.lat, report.error_m, report.credibility) == (20.5, 45.3, 60.0, 6)
    assert report.group == "a-1"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"kind": "positon"}, "kind", "did you mean 'position'"),
        ({"kind": ""}, "kind", "wanted one of position, strike"),
        ({"seen": "green"}, "seen", "'green' is no side of this theatre, wanted blue, red or nothing"),
        ({"by": "green"}, "by", "no side"),
        ({"lon": "nan"}, "lon", "no finite number"),
        ({"lat": "inf"}, "lat", "no finite number"),
        ({"lat": "-1e999"}, "lat", "no finite number"),
        ({"lon": "east"}, "lon", "'east' is no number"),
        ({"lon": "20°30'0\"E"}, "lon", "is no number, wanted decimal degrees such as"),
        ({"lat": "45.3N"}, "lat", "'45.3N' is no number, wanted decimal degrees"),
        ({"lon": "0", "lat": "0.0"}, "lon", "where no place is known"),
        ({"happened_at": "05/01/2031 14:30"}, "happened_at", "'05/01/2031 14:30' is no ISO 8601 date or time, wanted"),
        ({"lon": "2_0.5"}, "lon", "no finite number"),
        ({"lon": ""}, "lon", "empty, wanted degrees"),
        ({"lat": "95"}, "lat", "no latitude"),
        ({"lon": "200"}, "lon", "no longitude"),
        ({"lon": "45.3", "lat": "20.5"}, "lon", "look swapped"),
        ({"error_m": "-5"}, "error_m", "wanted metres from 0"),
        ({"error_m": "nan"}, "error_m", "no finite number"),
        ({"error_m": "1e9"}, "error_m", "wanted metres from 0"),
        ({"reliability": "G"}, "reliability", "'G', wanted A-F"),
        ({"credibility": "7"}, "credibility", "'7', wanted 1-6"),
        ({"credibility": "x"}, "credibility", "no number"),
        ({"happened_at": ""}, "happened_at", "empty, wanted an ISO 8601"),
        ({"happened_at": "01.05.2031"}, "happened_at", "no ISO 8601"),
        ({"happened_at": "1527-05-06"}, "happened_at", "more than ten years before"),
        ({"happened_at": "2031-07-01"}, "happened_at", "in the future"),
        ({"happened_at": "2031-05-02/2095-05-01"}, "happened_at", "in the future"),
        ({"happened_at": "2031-05-02/2031-05-01"}, "happened_at", "ends before it starts"),
        ({"happened_at": "9999-12-31"}, "happened_at", "past the calendar"),
        ({"published_at": "yesterday"}, "published_at", "no ISO 8601"),
        ({"published_at": "2031-06-09"}, "published_at", "in the future"),
        ({"published_at": "2031-04-01"}, "published_at", "more than a day before it happened"),
        ({"id": "x" * 201}, "id", "201 characters"),
        ({"wkt": "CIRCLE(1 2)"}, "wkt", "no POINT, LINESTRING or POLYGON"),
        ({"wkt": "POLYGON((20 45, 20 46))"}, "wkt", "cannot be read"),
        ({"wkt": "(" * 5000}, "wkt", "nested deeper"),
        ({"wkt": "POINT(" + "1" * 110_000 + " 2)"}, "wkt", "characters of WKT"),
        ({"wkt": "POLYGON(EMPTY)"}, "wkt", "empty"),
        ({"wkt": "MULTIPOINT(20 45, nan nan)"}, "wkt", "no number"),
        ({"wkt": "LINESTRING(20 45, nan nan, 21 46)"}, "wkt", "cannot be read"),
        ({"wkt": "LINESTRING(-1e308 0, 1e308 0)"}, "wkt", "no number"),
        ({"wkt": "LINESTRING(20 1e400, 21 45)"}, "wkt", "no number"),
    ],
)
def test_a_bad_cell_is_refused_with_its_column_and_reason(row, cells, column, reason):
    bad = row(**cells)
    assert isinstance(bad, Refused)
    assert bad.column == column
    assert reason in bad.reason
    assert bad.row == 2


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [
        ({"lon": "25.0"}, Doubt.OUTSIDE),
        ({"happened_at": "2030-12-01", "published_at": ""}, Doubt.BEFORE_START),
        ({"published_at": "2031-05-01T01:00:00Z"}, Doubt.PUBLISHED_EARLY),
        ({"source": "a man called Petro"}, Doubt.UNKNOWN_SOURCE),
        ({"means": "catapult"}, Doubt.WORD),
        ({"live": True, "happened_at": "2031-05-01"}, Doubt.KNOWN_LATE),
    ],
)
def test_an_odd_row_is_kept_and_its_oddness_counted(row, cells, doubt):
    found = row(**cells)
    assert isinstance(found, Found)
    assert found.doubts == (doubt,)


def test_a_spot_in_the_margin_is_not_outside(row):
    assert row(lon="21.05").doubts == ()


def test_empty_seen_is_kept_and_shows_no_presence(row):
    report = row(seen="", by="").report
    assert (report.seen, report.by, report.shows_presence) == (None, None, False)


def test_sides_are_known_by_id_and_by_name_in_any_case(row):
    assert [row(seen=word).report.seen for word in ("RED", "redland", "Синя Марка")] == ["red", "red", "blue"]


def test_the_rows_own_grade_beats_the_theatres(row):
    grades = [
        row(source=source, reliability=own).report.reliability
        for source, own in [("beta", "a"), ("beta", ""), ("new", "")]
    ]
    assert grades == ["A", "D", "F"]


def test_live_work_is_known_when_it_is_recorded(row, terms):
    report = row(live=True).report
    assert (report.known_at, report.known_inferred) == (terms.now, False)


def test_backfill_is_known_when_published_else_after_the_sources_lag(row):
    assert row().report.known_at == day(2, 10)
    inferred = row(published_at="").report
    assert (inferred.known_at, inferred.known_inferred) == (day(1, 16), True)
    other = row(published_at="", source="beta", happened_at="2031-05-01").report
    assert (other.known_at, other.known_inferred) == (day(3), True)


def test_a_date_is_that_whole_day_and_a_published_date_was_known_by_its_end(row):
    report = row(happened_at="2031-05-01", published_at="2031-05-01").report
    assert (report.happened.start, report.happened.end) == (day(1), day(2))
    assert day(1, 23) < report.known_at < day(2)


def test_an_interval_and_other_zones_are_read_as_utc(row):
    report = row(happened_at="2031-05-01T10:00+03:00/2031-05-02", published_at="").report
    assert (report.happened.start, report.happened.end) == (day(1, 7), day(3))


@pytest.mark.parametrize(
    ("cells", "presence"),
    [
        ({"target": "infantry"}, True),
        ({"target": "drone operators"}, True),
        ({"target": "drone"}, False),
        ({"target": "UAV in flight"}, False),
        ({"target": "fixed-wing drone shot down"}, False),
        ({"target": "helicopter in the air"}, False),
        ({"target": "jet bombs airborne"}, False),
        ({"target": "jet " * 30_000 + "on the ground"}, True),
        ({"target": "wreck of a tank"}, False),
        ({"target": "prisoners of war"}, False),
        ({"posture": "POW"}, False),
        ({"posture": "destroyed"}, False),
        ({"posture": "captured"}, False),
        ({"posture": "dug-in"}, True),
        ({"location_of": "camera"}, False),
        ({"kind": "activity"}, False),
    ],
)
def test_drones_in_flight_wrecks_and_prisoners_are_never_presence(row, cells, presence):
    assert row(**cells).report.shows_presence is presence


def test_the_other_words_are_read(row):
    report = row(means="KAB", posture="moving", location_of="target", precision="street", error_m="").report
    assert (report.means, report.posture, report.location_of) == (Means.GLIDE_BOMB, Posture.MOVING, LocationOf.TARGET)
    assert (report.precision, report.error_m) == ("street", 150.0)


def test_no_error_and_no_word_is_a_kilometre(row):
    assert row(error_m="").report.error_m == 1000.0


def test_several_links_and_their_media(row):
    links = row(url="https://a.example/1 https://b.example/2", media_hash="ab12").report.links
    assert [(link.url, link.media_hash) for link in links] == [
        ("https://a.example/1", "ab12"),
        ("https://b.example/2", None),
    ]


def test_a_shape_gives_the_spot_and_at_least_its_own_size_as_error(row):
    report = row(lon="", lat="", error_m="", wkt="LINESTRING(20.5 45.3, 20.5 45.32)").report
    assert (report.lon, round(report.lat, 6)) == (20.5, 45.31)
    assert 1000 < report.error_m < 1200


def test_simulated_marks_the_report(row):
    assert row(note="SIMULATED by seed 4").report.simulated
    assert not row(note="nothing of the kind").report.simulated


def test_without_an_id_the_content_is_the_id(row):
    one, other, moved = row(id=""), row(id="", reliability=""), row(id="", lat="45.31")
    assert one.report.id == other.report.id != moved.report.id


def test_content_does_not_depend_on_when_or_how_it_was_read(row):
    assert row().content == row(live=True).content


def test_a_misp_admiralty_tag_is_a_grade(row) -> None:
    found = row(
        reliability='admiralty-scale:source-reliability="b"', credibility='admiralty-scale:information-credibility="2"'
    )
    assert (found.report.reliability, found.report.credibility) == ("B", 2)
