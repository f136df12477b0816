"""Long work is done once, in the background, and kept as long as it can be asked for."""

from __future__ import annotations

import threading
import time

import pytest
from desk_war import NOW, make_war

from isofront.desk import Desk, NotYet, Workshop


def waited(shop: Workshop, key: object, make: object) -> object:
    for _ in range(6_000):
        try:
            return shop.result(key, make)
        except NotYet:
            time.sleep(0.01)
    raise AssertionError("never done")


def test_a_request_never_waits_and_the_work_is_done_once():
    shop, begun, gate, made = Workshop(), threading.Event(), threading.Event(), []

    def make(say):
        say("half way")
        begun.set()
        gate.wait(60)
        made.append(1)
        return 42

    with pytest.raises(NotYet):
        shop.result("key", make, patience_s=0.0)
    assert begun.wait(60)
    with pytest.raises(NotYet, match="half way"):
        shop.result("key", make, patience_s=0.01)
    gate.set()
    assert waited(shop, "key", make) == 42
    assert waited(shop, "key", make) == 42
    assert made == [1]


def test_a_fault_is_told_and_the_next_asking_tries_again():
    shop, tries = Workshop(), []

    def make(_):
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not this time")
        return "done"

    with pytest.raises(ValueError, match="not this time"):
        waited(shop, "key", make)
    assert waited(shop, "key", make) == "done"


def test_only_so_many_results_are_kept_the_last_used_longest():
    shop, made = Workshop(kept=2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        waited(shop, key, lambda _, key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_what_was_asked_for_last_is_begun_first():
    shop, first, gate, begun = Workshop(), threading.Event(), threading.Event(), []
    for key in range(4):
        with pytest.raises(NotYet):
            shop.result(key, lambda _, key=key: (begun.append(key), first.set(), gate.wait(60)), patience_s=0.01)
        assert first.wait(60), "the first is at work before another is asked for"
    gate.set()
    for _ in range(6_000):  # asking again would change the order
        if len(begun) == 4:
            break
        time.sleep(0.01)
    assert begun == [0, 3, 2, 1]


def test_a_result_of_an_older_ledger_is_not_given_and_not_kept(tmp_path):
    war = make_war(tmp_path / "war")
    desk, made = Desk(war, now=lambda: NOW), []

    def count(_):
        made.append(desk.head[1])
        return len(made)

    def later() -> int:
        for _ in range(6_000):
            try:
                return desk.later("count", count, name="counting")
            except NotYet:
                time.sleep(0.01)
        raise AssertionError

    assert (later(), later()) == (1, 1)
    with desk.ledger(write=True) as ledger:
        ledger.retract("w1", "a slip", now=NOW)
    assert (later(), later()) == (2, 2)
    assert len(desk.work._jobs) == 1
    (war / "theatre.toml").write_text((war / "theatre.toml").read_text("utf-8") + "\n# touched\n", encoding="utf-8")
    assert later() == 3
