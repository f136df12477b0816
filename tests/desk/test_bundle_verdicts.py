"""Bundles: verdicts, locks and approvals given on two laptops, and what of them has to be settled by a person."""

from __future__ import annotations

from datetime import timedelta

from bundled import DAY, NOW, SQUARE, approve, decide, decided, exchange, into, out

from isofront.evidence.decision import Ground, Verdict, read_approved, read_history
from isofront.review.standing import standing


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
