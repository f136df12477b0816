"""Work that takes seconds, done by one thread at a time and kept by key, so that a request never waits for it.

A request asks for a result; while there is none it gets `NotYet`, which the page hears as "202, ask again".
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Say = Callable[[str], None]
T = TypeVar("T")

KEPT = 12
"""At most this many results are kept; the least recently used goes first."""
PATIENCE_S = 0.1
"""How long a request waits for its result before it is told to ask again."""
FORGOTTEN_S = 8.0
"""Work that has not begun is dropped if nobody has asked for it for this long."""


class NotYet(Exception):  # noqa: N818 - it is no fault
    """The result is being worked on: what it is, what is being done, for how long."""

    def __init__(self, name: str, said: str, seconds: float) -> None:
        super().__init__(f"{name}: {said}" if said else name)
        self.name, self.said, self.seconds = name, said, seconds


@dataclass(eq=False)
class _Job:
    name: str
    make: Callable[[Say], Any]
    asked: float
    began: float
    said: str = ""
    started: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    value: Any = None
    fault: BaseException | None = None

    def say(self, said: str) -> None:
        """How far it is."""
        self.said = said


class Workshop:
    """Results by key, made in the background one after another."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._jobs: OrderedDict[Hashable, _Job] = OrderedDict()
        self._lock = threading.Condition()
        self._thread: threading.Thread | None = None

    def result(
        self, key: Hashable, make: Callable[[Say], T], *, name: str = "working", patience_s: float = PATIENCE_S
    ) -> T:
        """The result under a key; `make` is given a function that says how far it is.

        Raises:
            NotYet: it is not there yet; ask again.
            BaseException: what `make` raised, once; asked again it is tried again.
        """
        job = self._job(key, make, name)
        if not job.done.wait(patience_s):
            raise NotYet(job.name, job.said, time.monotonic() - job.began)
        if job.fault is not None:
            with self._lock:
                self._jobs.pop(key, None)
            raise job.fault
        value: T = job.value
        return value

    def drop(self, old: Callable[[Hashable], bool]) -> None:
        """Forget results that nobody can ask for any more; what is being worked on ends first."""
        with self._lock:
            for key in [key for key, job in self._jobs.items() if old(key) and (job.done.is_set() or not job.started)]:
                del self._jobs[key]

    def known(self, key: Hashable) -> bool:
        """Whether the result is there, or comes."""
        with self._lock:
            return key in self._jobs

    def _job(self, key: Hashable, make: Callable[[Say], Any], name: str) -> _Job:
        with self._lock:
            now = time.monotonic()
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = _Job(name, make, now, now)
                self._start()
                self._lock.notify_all()
            job.asked = now
            self._jobs.move_to_end(key)
            self._forget()
            return job

    def _forget(self) -> None:
        """Drop what was used longest ago, and what nobody waits for any more."""
        now = time.monotonic()
        stale = [key for key, job in self._jobs.items() if not job.started and now - job.asked > FORGOTTEN_S]
        done = [key for key, job in self._jobs.items() if job.done.is_set()]
        for key in [*stale, *done[: max(0, len(done) - self._kept)]]:
            del self._jobs[key]

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="desk workshop", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            job = self._next()
            try:
                job.value = job.make(job.say)
            except BaseException as fault:
                job.fault = fault
            job.done.set()

    def _next(self) -> _Job:
        with self._lock:
            while True:
                self._forget()
                # What was asked for last is what somebody looks at now.
                job = next((one for one in reversed(self._jobs.values()) if not one.started), None)
                if job is not None:
                    job.started, job.began = True, time.monotonic()
                    return job
                self._lock.wait()
