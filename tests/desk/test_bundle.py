"""Bundles: what two ledgers come to after they exchanged all they have, and what a bundle may never do."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from bundled import DAY, NOW, SQUARE, add, approve, content, decide, decided, into, out, rewritten, told
from hypothesis import given
from hypothesis import strategies as some

from isofront.errors import BadInputError, IntegrityError, UsageError
from isofront.evidence import Ledger, ledger_path, verify
from isofront.evidence.bundle import open_bundle
from isofront.evidence.bundle_out import held_in
from isofront.evidence.bundle_records import ToldDraft
from isofront.evidence.claim import Claim, claim_entry, claims
from isofront.evidence.decision import Ground, Lock, Verdict, evidence_key, read_approved, read_history
from isofront.review.standing import standing


@pytest.fixture
def ledgers(tmp_path):
    """Two laptops."""
    made = []
    for name in ("ana", "ben"):
        (tmp_path / name).mkdir()
        made.append(Ledger.open(ledger_path(tmp_path / name), create=True))
    yield made
    for one in made:
        one.close()


def exchange(one, other, tmp_path, *take, redact=False):
    """Both write a bundle, both take the other's."""
    first, second = out(one, tmp_path / "one"), out(other, tmp_path / "other")
    return into(one, second, *take, redact=redact), into(other, first, *take, redact=redact)


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


def test_two_verdicts_on_one_proposal_are_listed_until_somebody_settles_it(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1"))
    decide(ben, decided("d-2", Verdict.ACCEPT, by="ben"))
    for merged in exchange(ana, ben, tmp_path):
        (conflict,) = merged.conflicts
        assert conflict.kind == "verdict"
        assert merged.decisions == 0
    assert into(ben, out(ana, tmp_path / "b"), "d-1").decisions == 1
    merged = into(ana, out(ben, tmp_path / "b"))
    assert (merged.settled, merged.conflicts) == (1, [])


def test_a_verdict_given_in_knowledge_of_ours_follows_it(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1"))
    into(ben, out(ana, tmp_path / "b"))
    decide(ben, decided("d-2", Verdict.RELEASE, of="d-1", proposal=None, ground=None, until=None))
    merged = into(ana, out(ben, tmp_path / "b"))
    assert (merged.decisions, merged.conflicts) == (1, [])


def test_the_same_answer_by_both_is_recorded_once(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1"))
    decide(ben, decided("d-2", by="ben", reason="too"))
    for merged in exchange(ana, ben, tmp_path):
        assert (merged.agreed, merged.decisions, merged.conflicts) == (1, 0, [])


def test_ground_that_two_drew_apart_and_not_alike_is_listed(ledgers, tmp_path):
    ana, ben = ledgers
    for ledger, name, side in ((ana, "d-1", "red"), (ben, "d-2", "blue"), (ben, "d-3", "red")):
        becomes = (Ground(SQUARE, side),)
        decide(ledger, decided(name, Verdict.EDIT, proposal=None, ground=None, becomes=becomes, by=name))
        if name == "d-1":
            continue
        merged = into(ana, out(ben, tmp_path / name))
        assert [one.id for one in merged.conflicts] == ["d-2"]
    assert merged.decisions == 1, "the same class for the same ground is no conflict"


def test_what_follows_a_verdict_in_conflict_waits_with_it(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1"), decided("d-3", Verdict.RELEASE, of="d-1", proposal=None, ground=None, until=None))
    decide(ben, decided("d-2", Verdict.ACCEPT, by="ben"))
    file = out(ana, tmp_path / "b")
    merged = into(ben, file)
    assert (merged.waiting, len(merged.conflicts)) == (["d-3"], 1)
    assert into(ben, file, "d-1").decisions == 2


def test_approvals_made_apart_are_listed_and_one_made_in_knowledge_follows(ledgers, tmp_path):
    ana, ben = ledgers
    approve(ana, "a-1")
    approve(ben, "a-2", used=("x",))
    for merged in exchange(ana, ben, tmp_path):
        assert [one.kind for one in merged.conflicts] == ["approval"]
    assert into(ben, out(ana, tmp_path / "b"), "a-1").approvals == 1
    approve(ben, "a-3", DAY + timedelta(days=1))
    merged = into(ana, out(ben, tmp_path / "b"))
    assert (merged.settled, merged.approvals, merged.conflicts) == (1, 1, [])


def test_a_verdict_that_an_approval_made_elsewhere_did_not_know_of_still_acts_after_it(ledgers, tmp_path):
    ana, ben = ledgers
    decide(ana, decided("d-1", Verdict.ACCEPT, as_of=DAY))
    approve(ben, "a-1")
    exchange(ana, ben, tmp_path)
    found = []
    for one in (ana, ben):
        history = read_history(one)
        now = standing(history, lambda n, one=one: read_approved(one, n), as_of=DAY, known_by=NOW + timedelta(days=1))
        found.append([decision.id for decision in now.since])
    assert found == [["d-1"], ["d-1"]]


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


def test_another_theatre_is_refused_by_name(ledgers, tmp_path):
    file = out(ledgers[0], tmp_path / "b")
    with pytest.raises(BadInputError, match="theatre 'vale', and this is 'strait'"):
        open_bundle(file, theatre="strait", sides=("red", "blue"))
    with pytest.raises(BadInputError, match="has the sides red, blue, this one red, green"):
        open_bundle(file, theatre="vale", sides=("red", "green"))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_bundle_that_was_cut_off_is_refused(ledgers, tmp_path, keep):
    add(ledgers[0], *(told(f"r-{n}", place=n) for n in range(40)))
    file = out(ledgers[0], tmp_path / "b")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(IntegrityError, match=r"cut off|ends early"):
        into(ledgers[1], file)
    plain = gzip.decompress(whole).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(plain[:-1])))
    with pytest.raises(IntegrityError, match="ends early"):
        into(ledgers[1], file)


def test_changed_bytes_are_refused(ledgers, tmp_path):
    add(ledgers[0], told("r-1"))
    file = out(ledgers[0], tmp_path / "b")
    plain = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(plain.replace(b"45.3", b"45.4")))
    with pytest.raises(IntegrityError, match="not that of its lines"):
        into(ledgers[1], file)
    file.write_bytes(gzip.compress(plain + b'{"type":"index","refs":[]}\n'))
    with pytest.raises(IntegrityError, match="lines follow"):
        into(ledgers[1], file)
    file.write_bytes(gzip.compress(plain))
    with pytest.raises(IntegrityError, match="wanted abc"):
        open_bundle(file, theatre="vale", sides=("red", "blue"), wanted_sum="abc")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a zip", b"\x1f\x8b", gzip.compress(b"../../etc/passwd\n" * 9, mtime=0)],
    ids=["nothing", "a zip", "two bytes of gzip", "gzip of something else"],
)
def test_what_is_no_bundle_is_refused(ledgers, tmp_path, content):
    (tmp_path / "b").write_bytes(content)
    with pytest.raises((BadInputError, IntegrityError)):
        into(ledgers[1], tmp_path / "b")
    assert ledgers[1].count == 0


def test_a_bomb_is_stopped_before_it_fills_the_memory(ledgers, tmp_path, monkeypatch):
    monkeypatch.setattr("isofront.evidence.bundle.MAX_LINE", 100_000)
    (tmp_path / "b").write_bytes(gzip.compress(b" " * 5_000_000))
    with pytest.raises(IntegrityError, match="more than a bundle can hold"):
        into(ledgers[1], tmp_path / "b")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one | {"id": "r-2"}, "another's bytes"),
        (lambda one: one | {"id": "x" * 300}, "300 characters"),
        (lambda one: one | {"versions": []}, "without a version"),
        (lambda one: one | {"content": "../../x"}, "wanted hex digits"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"seen": "green"}}]}, "none of the"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"lon": 400}}]}, "no place on"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"error_m": 0}}]}, "error_m 0"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"reliability": "Z"}}]}, "'Z'"),
        (lambda one: one | {"surprise": 1}, "unknown field"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_anything_is_written(ledgers, tmp_path, change, said):
    ana, ben = ledgers
    add(ana, told("r-0", place=2), told("r-1"))
    file = out(ana, tmp_path / "b")
    rewritten(file, lambda lines: [change(one) if one.get("id") == "r-1" else one for one in lines])
    with pytest.raises(IntegrityError, match=said):
        into(ben, file)
    assert ben.count == 0


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"ground": {"polygons": [[[[0, 0], [1, 1]]]], "side": "red"}}, "polygons that are none"),
        ({"ground": {"polygons": [[[[0, 0], [1e9, 0], [1, 1], [0, 0]]]], "side": "red"}}, "polygons that are none"),
        ({"ground": {"polygons": [], "side": "green"}}, "side 'green'"),
        ({"crs": "+proj=nonsense"}, "is not known"),
        ({"version": 99}, "version 99"),
        ({"id": "d-2"}, "another's bytes"),
        ({"as_of": "2031-05-01T00:00:00"}, "time without a zone"),
        ({"until": None, "verdict": "extend"}, "missing"),
        ({"more": 1}, "cannot be read"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(ledgers, tmp_path, made, said):
    ana, ben = ledgers
    decide(ana, decided("d-1"))

    def change(lines):
        return [
            one | {"body": json.dumps(json.loads(one["body"]) | made)} if one["type"] == "entry" else one
            for one in lines
        ]

    with pytest.raises(IntegrityError, match=said):
        into(ben, rewritten(out(ana, tmp_path / "b"), change))
    assert ben.count == 0


def test_a_redacted_report_takes_what_a_bundle_noted_of_it_along(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1", known_at=NOW))
    add(ben, told("r-1", known_at=NOW + timedelta(hours=1)))
    into(ben, out(ana, tmp_path / "b"))
    assert ben.counts()["known"] == 1
    ben.redact("r-1", "asked to", now=NOW)
    assert b"r-1" not in ben.path.read_bytes()
    assert verify(ben.path).holds


def _claim(name="c-1", **parts):
    usual = {
        "speaker": "an official", "said_at": DAY, "known_at": DAY, "about": "attackers-inside", "place": "Alder",
        "lon": 20.5, "lat": 45.3, "low": 200, "high": 200, "side": "red",
    }  # fmt: skip
    return claim_entry(Claim(name, **(usual | parts)))


def test_claims_travel_once_with_what_takes_them_back(ledgers, tmp_path):
    ana, ben = ledgers
    ana.append([_claim(), _claim("c-2", low=50, high=50)], now=NOW)
    ben.append([_claim(known_at=NOW)], now=NOW)
    ana.retract("claim:c-1", "misread", now=NOW)
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.claims, merged.same, merged.retractions, merged.conflicts) == (1, 1, 1, [])
    assert [one.id for one in claims(ben)] == ["c-2"]
    head = ben.head
    assert into(ben, out(ana, tmp_path / "b")).claims == 0
    assert ben.head == head
    assert verify(ben.path).holds


def test_a_claim_in_other_words_is_listed_and_one_that_was_redacted_stays_out(ledgers, tmp_path):
    ana, ben = ledgers
    ana.append([_claim(), _claim("c-2")], now=NOW)
    ben.append([_claim(low=300, high=300), _claim("c-2")], now=NOW)
    ben.redact("claim:c-2", "asked to", now=NOW)
    merged = into(ben, out(ana, tmp_path / "b"))
    assert [(one.kind, one.id) for one in merged.conflicts] == [("claim", "c-1")]
    assert [one.low for one in claims(ben)] == [300]
    back = into(ana, out(ben, tmp_path / "c"))
    assert [(one.kind, one.id) for one in back.conflicts] == [("redacted", "claim:c-2"), ("claim", "c-1")]
    assert into(ana, out(ben, tmp_path / "c"), redact=True).redacted == ["claim:c-2"]
    assert [one.id for one in claims(ana)] == ["c-1"]


def test_a_claim_that_cannot_be_is_refused(ledgers, tmp_path):
    ana, ben = ledgers
    ana.append([_claim(about="residents", low=3, high=3)], now=NOW)
    with pytest.raises(IntegrityError, match="fewer would point at people"):
        into(ben, out(ana, tmp_path / "b"))
