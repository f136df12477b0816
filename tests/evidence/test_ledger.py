"""Appending, reading back as known by a moment, corrections, retractions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from isofront.errors import BadInputError, IntegrityError, UsageError
from isofront.evidence import Entry, Ledger, ledger_path, verify


def test_what_goes_in_comes_out(ledger, report, offered, now):
    reports = [report("a"), report("b", lon=20.7, note='ünïcode, and "quotes"')]
    ledger.take([offered(one) for one in reports], correct=False, now=now)
    assert ledger.reports() == reports


def test_adding_the_same_again_adds_nothing(ledger, report, offered, now):
    ledger.take([offered(report())], correct=False, now=now)
    head = ledger.head
    taken = ledger.take([offered(report()), offered(report())], correct=False, now=now)
    assert (taken.added, taken.duplicates, ledger.head) == (0, 2, head)


def test_the_same_id_twice_in_one_batch_is_one_report(ledger, report, offered, now):
    taken = ledger.take([offered(report()), offered(report())], correct=False, now=now)
    assert (taken.added, taken.duplicates, len(ledger.reports())) == (1, 1, 1)


def test_a_known_id_with_other_content_is_refused_unless_it_corrects(ledger, report, offered, now):
    ledger.take([offered(report())], correct=False, now=now)
    moved = offered(report(lon=20.9))
    assert ledger.take([moved], correct=False, now=now).refused == (0,)
    assert ledger.take([moved], correct=True, now=now).corrections == 1
    assert [one.lon for one in ledger.reports()] == [20.9]


def test_a_correction_acts_only_from_when_it_was_known(ledger, report, offered, now):
    ledger.take([offered(report())], correct=False, now=now)
    ledger.take([offered(report(lon=20.9))], correct=True, now=now)
    assert [one.lon for one in ledger.reports(known_by=now)] == [20.512345]
    assert [one.lon for one in ledger.reports(known_by=now + timedelta(seconds=1))] == [20.9]


def test_a_correction_published_later_is_known_from_its_publication(ledger, report, offered, now):
    first = report()
    later = first.known_at + timedelta(days=2)
    ledger.take([offered(first)], correct=False, now=now)
    ledger.take([offered(report(lon=20.9, published_at=later, known_at=later))], correct=True, now=now)
    assert [one.lon for one in ledger.reports(known_by=later)] == [20.512345]
    assert [one.lon for one in ledger.reports(known_by=later + timedelta(seconds=1))] == [20.9]


def test_going_back_to_the_first_content_is_a_correction_too(ledger, report, offered, now):
    for lon in (20.5, 20.9, 20.5):
        ledger.take([offered(report(lon=lon))], correct=True, now=now)
    assert [one.lon for one in ledger.reports()] == [20.5]
    assert ledger.counts() == {"report": 1, "correction": 2}


def test_a_correction_that_states_no_release_class_lifts_none(ledger, report, offered, now):
    ledger.take([offered(report(release="withheld"))], correct=False, now=now)
    for moved, stated, release in ((20.6, "", "withheld"), (20.7, "", "withheld"), (20.8, "private", "private")):
        ledger.take([offered(report(lon=moved, release=stated))], correct=True, now=now)
        (found,) = ledger.reports()
        assert (found.lon, found.release) == (moved, release)


def test_a_report_known_later_is_not_there_before(ledger, report, offered, now):
    one = report()
    ledger.take([offered(one)], correct=False, now=now)
    assert ledger.reports(known_by=one.known_at) == []
    assert len(ledger.reports(known_by=one.known_at + timedelta(microseconds=1))) == 1


def test_a_retraction_acts_only_from_when_it_was_known(ledger, report, offered, now):
    ledger.take([offered(report())], correct=False, now=now)
    ledger.retract("r-1", "it was an old video", now=now)
    assert len(ledger.reports(known_by=now)) == 1
    assert ledger.reports(known_by=now + timedelta(seconds=1)) == []
    assert ledger.reports() == []


def test_what_is_not_there_cannot_be_retracted_or_redacted(ledger):
    for act in (ledger.retract, ledger.redact):
        with pytest.raises(UsageError, match="no report has the id 'ghost'"):
            act("ghost", "why not", now=pytest.importorskip("datetime").datetime(2031, 1, 1))


def test_reposts_are_grouped_under_the_first_published(ledger, report, offered, now):
    first = report("z-first")
    second = replace(first, id="a-second", source="beta", lon=20.5125, published_at=now, known_at=now, group="a-second")
    taken = ledger.take([offered(second), offered(first)], correct=False, now=now)
    assert taken.linked == 1
    assert {one.group for one in ledger.reports()} == {"z-first"}


def test_a_group_is_led_by_what_was_known_then(ledger, report, offered, now):
    first = report("first", known_at=now)
    second = replace(report("second"), source="beta", published_at=first.published_at + timedelta(hours=1))
    ledger.take([offered(first), offered(second)], correct=False, now=now)
    assert [(one.id, one.group) for one in ledger.reports(known_by=now)] == [("second", "second")]
    assert {one.group for one in ledger.reports()} == {"first"}


def test_a_retracted_first_leaves_its_reposts_standing(ledger, report, offered, now):
    reports = [report("one"), report("two", source="beta", published_at=now)]
    ledger.take([offered(one) for one in reports], correct=False, now=now)
    ledger.retract("one", "wrong", now=now)
    assert [(one.id, one.group) for one in ledger.reports()] == [("two", "two")]


def test_other_rooms_may_append_entries_of_their_own_type(ledger, now, tmp_path):
    head = ledger.append([Entry("decision", "d-1", b'{"by": "an editor"}', b"")], now=now)
    assert [body for _, _, body in ledger.records("decision")] == [b'{"by": "an editor"}']
    assert verify(ledger_path(tmp_path), head=head).holds


def test_a_missing_ledger_is_said(tmp_path):
    with pytest.raises(BadInputError, match="no ledger here"):
        Ledger.open(ledger_path(tmp_path))


def test_a_file_that_is_no_ledger_is_said(tmp_path):
    import apsw

    apsw.Connection(str(ledger_path(tmp_path))).execute("CREATE TABLE x(y)")
    with pytest.raises(BadInputError, match="ledger format 0"):
        Ledger.open(ledger_path(tmp_path))


def test_a_report_that_this_version_cannot_read_is_told_by_its_line(ledger, report, offered, now):
    ledger.take([offered(report("a"))], correct=False, now=now)
    ledger.append([Entry("report", "b", msgspec.json.encode({"id": "b", "lon": None}))], now=now)
    with pytest.raises(IntegrityError, match="ledger line 2: no report that this version reads"):
        ledger.reports()
