"""Several desks, windows and programs at one theatre: none writes over another in silence, none waits in silence."""

from __future__ import annotations

import os

import pytest
from desk_war import make_war

from isofront.cli.bundle import _drafts
from isofront.desk import Desk
from isofront.desk.row_file import held, let_go
from isofront.evidence.store import only_writer

CELLS = {"lat": "50.1", "lon": "10.2", "kind": "strike", "seen": "east", "source": "alder_watch", "precision": "exact"}
ROW = {"cells": CELLS, "day": "2021-05-18", "part": ""}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A theatre whose ledger a test may add to."""
    return make_war(tmp_path_factory.mktemp("together") / "war", n_reports=3)


def written(caller, text, **more):
    caller.post("/api/entry/draft", {"text": text, "cells": {"kind": "flag"}} | more, method="PUT")


def waits_for(caller, method, target, body):
    """What a request waits for, once the desk itself has worked out what it needs."""
    while True:
        status, _, told = caller.ask(method, target, body)
        assert status == 202, told
        if told["pending"]["name"] != "what sources usually are":
            return told["pending"]["name"]


def test_two_desks_at_one_theatre_keep_each_its_own_row(desk_at, war):
    one, two = desk_at(war), desk_at(war)
    written(one, "first")
    written(two, "second")
    assert [caller.get("/api/entry/draft")["text"] for caller in (one, two)] == ["first", "second"]
    assert sorted(row.row["pasted"] for row in _drafts(war)) == ["first", "second"]


def test_a_row_that_a_desk_left_behind_comes_back_at_the_next_one(desk_at, war):
    one, two = desk_at(war), desk_at(war)
    written(one, "first")
    written(two, "second")
    two.opened.__exit__(None, None, None)
    one.post("/api/entry/draft", {}, method="PUT")
    assert one.get("/api/entry/draft")["text"] == "second"
    assert len(list((war / "desk").glob("entry*.json"))) == 1


def test_a_desk_that_ended_gives_its_file_to_the_next(war):
    first = Desk(war)
    assert held(first).name == "entry.json"
    second = Desk(war)
    assert held(second).name == "entry-2.json"
    let_go(first)
    assert held(Desk(war)).name == "entry.json"
    let_go(second)


def test_a_window_that_was_opened_before_another_does_not_write_over_its_row(desk_at, war):
    caller = desk_at(war)
    caller.get("/api/entry/draft?window=a")
    caller.post("/api/entry/draft?window=a", {"text": "in a"}, method="PUT")
    assert caller.get("/api/entry/draft?window=b")["text"] == "in a"
    status, _, told = caller.ask("PUT", "/api/entry/draft?window=a", {"text": "more in a"})
    assert status == 409
    assert "another window" in told["detail"]
    assert "іншому вікні" in told["said"]["uk"]
    caller.post("/api/entry/draft?window=b", {"text": "in b"}, method="PUT")
    assert caller.get("/api/entry/draft?window=a")["text"] == "in b"


def test_who_saves_while_another_program_writes_is_told_and_saved_once(desk_at, bare):
    caller = desk_at(bare)
    with only_writer(bare):
        for method, target, body in (
            ("POST", "/api/entry/save", ROW),
            ("POST", "/api/entry/bulk/save", {"text": "lat\tlon\tkind\tseen\n50.1\t10.2\tstrike\teast\n"}),
        ):
            assert waits_for(caller, method, target, body) == "another program writes to the ledger"
        assert caller.ask("GET", "/api/head")[2]["count"] == 3
    assert caller.post("/api/entry/save", ROW)["added"]
    assert caller.get("/api/head")["count"] == 4


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this account can write anywhere")
def test_a_row_at_a_theatre_that_cannot_be_written_is_refused_in_a_line(desk_at, war):
    caller = desk_at(war)
    war.chmod(0o500)
    try:
        status, _, told = caller.ask("PUT", "/api/entry/draft", {"text": "x"})
        assert (status, "cannot be written" in told["detail"]) == (409, True)
    finally:
        war.chmod(0o700)
