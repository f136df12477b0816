"""Whoever opens a ledger that another holds for a moment waits for its turn."""

from __future__ import annotations

import threading

import apsw

from isofront.evidence import Ledger, ledger_path


def test_a_reader_waits_for_one_that_holds_the_ledger_alone_as_the_last_to_close_it_does(ledger, tmp_path):
    ledger.close()
    held = apsw.Connection(str(ledger_path(tmp_path)))
    held.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT").fetchall()
    leaves = threading.Timer(0.3, held.close)
    leaves.start()
    try:
        with Ledger.open(ledger_path(tmp_path)) as reading:
            assert reading.count == 0
    finally:
        leaves.join()
