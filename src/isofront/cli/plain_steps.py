"""How far long work is, in plain lines on stderr: for a log, where no bar can be drawn."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer

QUIET_S = 2.0
"""Work that is over sooner says nothing."""
TOLD_EACH_S = 10.0
"""How often a line tells how many rows there are by now."""


class Lines:
    """A line for each step once the work takes a while: the step of then, and each that begins after it."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._word, self._lock = total, 0, "reading", Lock()
        self._loud = False
        self._timer = Timer(QUIET_S, self._speak)
        self._timer.daemon = True

    def start(self) -> None:
        """From now on the time counts."""
        self._timer.start()

    def stop(self) -> None:
        """No line comes after this."""
        self._timer.cancel()
        self._timer.join()

    def __call__(self, word: str) -> None:
        """A step begins; the empty word means that one of the whole number is done."""
        with self._lock:
            if not word:
                self._done += 1
            elif word != self._word:
                self._word = word
                if self._loud:
                    self._print()

    def _speak(self) -> None:
        with self._lock:
            self._loud = True
            self._print()

    def _print(self) -> None:
        far = f"{min(self._done + 1, self._total)} of {self._total}, " if self._total > 1 else ""
        print(f"isofront: {far}{self._word}", file=sys.stderr, flush=True)


@contextmanager
def plain_steps(total: int) -> Iterator[Callable[[str], None]]:
    """What tells each step of `total` pieces of work on stderr."""
    lines = Lines(total)
    lines.start()
    try:
        yield lines
    finally:
        lines.stop()


class Rows:
    """Now and then a line with how many rows of a file are done."""

    def __init__(self, word: str) -> None:
        self._word, self._told = word, time.monotonic() - TOLD_EACH_S + QUIET_S

    def __call__(self, file: str, n_rows: int) -> None:
        """So many rows of this file by now."""
        now = time.monotonic()
        if now - self._told > TOLD_EACH_S:
            self._told = now
            print(f"isofront: {file}: {n_rows:,} rows {self._word}", file=sys.stderr, flush=True)


def waiting() -> None:
    """Said once, where another process holds the ledger."""
    print("isofront: another command is using this ledger; waiting for it to end", file=sys.stderr, flush=True)
