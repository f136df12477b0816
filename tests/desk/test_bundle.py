"""Bundles: what two ledgers come to after they exchanged all they have, and what a bundle may never do."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from bundled import DAY, NOW, SQUARE, add, approve, content, decide, decided, exchange, into, out, told
from hypothesis import given
from hypothesis import strategies as some

from isofront.errors import UsageError
from isofront.evidence import Ledger, verify
from isofront.evidence.bundle_out import held_in
from isofront.evidence.bundle_records import ToldDraft
from isofront.evidence.decision import Lock, evidence_key, read_approved, read_history

ACTS = some.lists(
    some.tuples(
        some.sampled_from(["add", "correct", "retract", "redact", "decide", "lock", "carry", "carry"]),
        some.booleans(),
        some.integers(0, 3),
        some.integers(0, 2),
    ),
    max_size=10,
)


def _act(what, ledger, number, place, owner):
    name = f"r-{number}"
    names = {one.id for one in ledger.reports()}
    if what == "add" and name not in names:
        add(ledger, told(name if place else f"{owner}-{number}", place=number))
    elif what == "correct" and name in names:
        add(ledger, told(name, place=number + 4 + place, known_at=DAY + timedelta(days=1 + place)))
    elif what == "retract" and name in names:
        ledger.retract(name, f"old {place}", now=NOW, known_at=DAY + timedelta(days=place))
    elif what == "redact" and name in names:
        ledger.redact(name, "asked to", now=NOW)
    elif what == "decide":
        _once(ledger, decided(f"d-{owner}{number}{place}", proposal=f"p-{owner}{number}{place}"))
    elif what == "lock":
        _once(ledger, Lock(f"l-{owner}{number}", NOW, owner, "quiet", "EPSG:32634", SQUARE))


def _once(ledger, one):
    if one.id not in {entry[3] for entry in held_in(ledger).entries}:
        decide(ledger, one)


@given(acts=ACTS, ana_first=some.booleans())
def test_after_an_exchange_both_hold_the_same_whoever_goes_first_and_again_adds_nothing(
    tmp_path_factory, acts, ana_first
):
    folder = tmp_path_factory.mktemp("law")
    with (
        Ledger.open(folder / "ana.db", create=True) as ana,
        Ledger.open(folder / "ben.db", create=True) as ben,
    ):
        for number, (what, at_ana, report, place) in enumerate(acts):
            here, there = (ana, ben) if at_ana else (ben, ana)
            if what == "carry":
                into(here, out(there, folder / f"{number}"), redact=True)
            else:
                _act(what, here, report, place, "ana" if at_ana else "ben")
        first, second = (ana, ben) if ana_first else (ben, ana)
        into(first, out(second, folder / "a"), redact=True)
        told_back = into(second, out(first, folder / "b"), redact=True)
        again = into(first, out(second, folder / "c"), redact=True)
        differing = {one.id for one in [*told_back.conflicts, *again.conflicts]}
        if not differing:
            assert content(first) == content(second)
        heads = first.head, second.head
        into(first, out(second, folder / "d"), redact=True)
        into(second, out(first, folder / "e"), redact=True)
        assert (first.head, second.head) == heads, "again adds nothing"
    assert verify(folder / "ana.db").holds
    assert verify(folder / "ben.db").holds


def test_a_report_keeps_the_time_at_which_its_producer_knew_it(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.reports, merged.conflicts) == (1, [])
    assert ben.reports() == ana.reports()
    assert ben.reports()[0].known_at == DAY + timedelta(hours=3)


def test_the_input_row_stays_at_home(ledgers, tmp_path):
    add(ledgers[0], told("r-1"))
    assert b"the row" not in gzip.decompress(out(ledgers[0], tmp_path / "b").read_bytes())


def test_adding_the_same_row_after_the_bundle_is_no_news(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    into(ben, out(ana, tmp_path / "b"))
    head = ben.head
    add(ben, told("r-1", known_at=NOW))
    assert ben.head == head


def test_corrections_and_retractions_travel_with_their_times(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    into(ben, out(ana, tmp_path / "b1"))
    add(ana, told("r-1", place=3, known_at=DAY + timedelta(days=2)))
    ana.retract("r-1", "not them", now=NOW, known_at=DAY + timedelta(days=4))
    merged = into(ben, out(ana, tmp_path / "b2"))
    assert (merged.reports, merged.corrections, merged.retractions) == (0, 1, 1)
    for days in (1, 3, 5):
        at = DAY + timedelta(days=days)
        assert ben.reports(at) == ana.reports(at)


def test_an_older_bundle_does_not_undo_a_correction(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    early = out(ana, tmp_path / "early")
    add(ana, told("r-1", place=3, known_at=NOW))
    into(ben, out(ana, tmp_path / "late"))
    head = ben.head
    assert into(ben, early).conflicts == []
    assert ben.head == head


def test_the_same_id_with_other_content_is_listed_and_neither_is_changed(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1", place=1))
    add(ben, told("r-1", place=2))
    heads = ana.head, ben.head
    for merged in exchange(ana, ben, tmp_path):
        (conflict,) = merged.conflicts
        assert (conflict.kind, conflict.id) == ("report", "r-1")
        assert "lon, note" in conflict.theirs
    assert (ana.head, ben.head) == heads


def test_a_conflict_is_settled_by_taking_theirs_and_then_is_none_for_either(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1", place=1))
    add(ben, told("r-1", place=2))
    merged = into(ben, out(ana, tmp_path / "b"), "r-1", "r-17")
    assert merged.not_there == ["r-17"]
    assert (merged.corrections, merged.conflicts) == (1, [])
    assert [one.note for one in ben.reports()] == ["at 1"]
    for merged in exchange(ana, ben, tmp_path):
        assert merged.conflicts == []


def test_what_was_redacted_here_never_comes_back(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    into(ben, out(ana, tmp_path / "b"))
    ben.redact("r-1", "asked to", now=NOW)
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.kept_out, merged.reports, ben.reports()) == (1, 0, [])


def test_what_they_redacted_is_destroyed_here_only_when_asked(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"))
    into(ben, out(ana, tmp_path / "b"))
    ana.redact("r-1", "asked to", now=NOW)
    file = out(ana, tmp_path / "b2")
    assert b"at 0" not in gzip.decompress(file.read_bytes())
    merged = into(ben, file)
    assert [(one.kind, one.id) for one in merged.conflicts] == [("redacted", "r-1")]
    assert len(ben.reports()) == 1
    assert into(ben, file, redact=True).redacted == ["r-1"]
    assert ben.reports() == []
    assert b"at 0" not in ben.path.read_bytes()
    assert into(ben, file).conflicts == []


def test_a_tombstone_of_what_never_was_here_keeps_it_out(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"), told("r-2", place=2))
    whole = out(ana, tmp_path / "whole")
    ana.redact("r-1", "asked to", now=NOW)
    assert into(ben, out(ana, tmp_path / "b")).tombstones == 1
    assert into(ben, whole).kept_out == 1
    add(ben, told("r-1"))
    assert [one.id for one in ben.reports()] == ["r-2"]
    with pytest.raises(UsageError, match="was redacted"):
        ben.retract("r-1", "again", now=NOW)


def test_rows_that_both_recorded_keep_their_own_times_and_approved_maps_still_know_them(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1", known_at=NOW))
    add(ben, told("r-1", known_at=NOW + timedelta(hours=1)))
    approve(ana, "a-1", used=(evidence_key(ana.reports()[0]),))
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.known_apart, merged.approvals, merged.conflicts) == (1, 1, [])
    assert ben.reports()[0].known_at == NOW + timedelta(hours=1)
    ((n, _),) = read_history(ben).approvals
    assert read_approved(ben, n).used == (evidence_key(ben.reports()[0]),)


def test_decisions_approvals_and_locks_travel_byte_for_byte(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1"), Lock("l-1", NOW, "ana", "quiet", "EPSG:32634", SQUARE))
    approve(ana, "a-1")
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.decisions, merged.approvals, merged.locks) == (1, 1, 1)
    assert content(ben)["entries"] == content(ana)["entries"]
    assert ben.raw(read_history(ben).approvals[0][0]) == ana.raw(read_history(ana).approvals[0][0])


def test_since_sends_what_was_recorded_from_then_on_and_says_what_is_missing(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1"), now=NOW - timedelta(days=5))
    decide(ana, decided("d-1"))
    add(ana, told("r-2", place=2), now=NOW)
    merged = into(ben, out(ana, tmp_path / "b", since=NOW - timedelta(days=1)))
    assert (merged.reports, merged.decisions, merged.missing) == (1, 1, 0)
    merged = into(Ledger.open(tmp_path / "c.db", create=True), out(ana, tmp_path / "c", since=NOW + timedelta(days=1)))
    assert (merged.reports, merged.missing) == (0, 1)


def test_drafts_travel_but_not_those_of_redacted_reports(ledgers, tmp_path):
    ana, ben = ledgers
    add(ben, told("r-9"))
    ben.redact("r-9", "asked to", now=NOW)
    drafts = [ToldDraft("e-1", {"kind": "strike"}), ToldDraft("r-9", {"kind": "strike"})]
    assert [one.id for one in into(ben, out(ana, tmp_path / "b", drafts=drafts)).drafts] == ["e-1"]


def test_equal_ledgers_give_equal_bytes(ledgers, tmp_path):
    add(ledgers[0], told("r-1"), told("r-2", place=1))
    assert out(ledgers[0], tmp_path / "a").read_bytes() == out(ledgers[0], tmp_path / "b").read_bytes()


def compact(document):
    return json.dumps(document, separators=(",", ":")).encode()


def test_a_bundle_says_on_its_first_line_what_it_is_and_that_it_is_private(tmp_path):
    with Ledger.open(tmp_path / "ana.db", create=True) as ana, Ledger.open(tmp_path / "ben.db", create=True) as ben:
        add(ana, told("r-1"))
        file = out(ana, tmp_path / "ana.bundle")
        first, rest = gzip.decompress(file.read_bytes()).split(b"\n", 1)
        header = json.loads(first)
        assert (header["format"], header["version"], header["stamp"]) == ("isofront bundle", 1, "PRIVATE")
        older = {key: value for key, value in header.items() if key not in ("format", "version", "stamp", "since")}
        body = compact(older) + b"\n" + rest.rsplit(b"\n", 2)[0] + b"\n"
        end = {"type": "end", "lines": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
        file.write_bytes(gzip.compress(body + compact(end) + b"\n"))
        assert into(ben, file).reports == 1, "bundles made before it was said are read"


def test_a_line_longer_than_any_error_that_a_row_may_state_travels(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, replace(told("r-1", wkt="LINESTRING(18 45, 23 45)"), error_m=196_000.0))
    assert into(ben, out(ana, tmp_path / "b")).reports == 1
