"""How far long work is, told in plain lines where no bar can be drawn."""

from __future__ import annotations

import pytest

from isofront.cli import plain_steps as plain
from isofront.cli.map import steps


def test_work_that_is_soon_over_says_nothing(capfd):
    with steps(1) as say:
        say("drawing")
        say("")
    assert capfd.readouterr() == ("", "")


def test_long_work_tells_the_step_it_is_at_and_each_after_it_once(capfd):
    lines = plain.Lines(2)
    for word in ("2030-01-01", "2030-01-01: drawing", ""):
        lines(word)
    lines._speak()  # what the timer does once the work takes a while
    for word in ("2030-01-02", "2030-01-02", "2030-01-02: drawing", "", "the page"):
        lines(word)
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "isofront: 2 of 2, 2030-01-01: drawing",
        "isofront: 2 of 2, 2030-01-02",
        "isofront: 2 of 2, 2030-01-02: drawing",
        "isofront: 2 of 2, the page",
    ]


def test_no_line_comes_once_the_work_is_over(monkeypatch, capfd):
    monkeypatch.setattr(plain, "QUIET_S", 0.0)
    with pytest.raises(KeyboardInterrupt):
        _interrupted()
    told = capfd.readouterr().err
    assert told in ("", "isofront: reading\n", "isofront: drawing\n", "isofront: reading\nisofront: drawing\n")


def _interrupted():
    with steps(1) as say:
        say("drawing")
        raise KeyboardInterrupt


def test_rows_of_a_long_file_are_told_now_and_then(monkeypatch, capfd):
    now = [0.0]
    monkeypatch.setattr(plain.time, "monotonic", lambda: now[0])
    rows = plain.Rows("safe")
    for second in range(25):
        now[0] = float(second)
        rows("a.csv", second * 100)
    assert capfd.readouterr().err.splitlines() == [
        "isofront: a.csv: 300 rows safe",
        "isofront: a.csv: 1,400 rows safe",
    ]
