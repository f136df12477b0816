"""Work shared by a few threads of one process, so that no answer depends on how many there are.

As many threads work as numba may use. Each task's answer is its own, and answers come back in the order of the tasks.
What is compiled holds no lock of Python's, nor does what NumPy does with large arrays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, count, islice
from threading import Lock, local
from typing import Any, TypeVar

import numba as nb
import scipy.linalg  # noqa: F401 - its BLAS is the one that compiled loops call: it must be there to be told
from threadpoolctl import OpenBLASController, ThreadpoolController

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Other = TypeVar("Other")


def each(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
    """The answers to tasks in their order; each thread, this one too, takes the next task as soon as it is free."""
    todo, threads = list(tasks), nb.get_num_threads()
    if threads < 2 or len(todo) < 2 * threads:
        return map(work, todo)
    answers: list[Any] = [None] * len(todo)
    numbers = count()

    def share() -> None:
        while (number := next(numbers)) < len(todo):
            answers[number] = work(todo[number])

    others = [_pool(threads - 1).submit(share) for _ in range(threads - 1)]
    share()
    for other in others:
        if not other.cancel():
            other.result()
    return iter(answers)


def side_by_side(here: Callable[[], Answer], there: Callable[[], Other]) -> tuple[Answer, Other]:
    """Two answers, worked out at once where there are several threads: only `here` may use more than one.

    Threads that are busy with something else are not waited for.
    """
    if nb.get_num_threads() < 2:
        return here(), there()
    other = _pool(nb.get_num_threads() - 1).submit(there)
    one = here()
    return one, there() if other.cancel() else other.result()


def ahead(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
    """The answers to large tasks in their order, as many in work at once as there are threads, each on one of them.

    A task is begun when the one that many before it has been dealt with, so that few answers are held at once.
    """
    todo, lanes = iter(tasks), nb.get_num_threads()
    first = list(islice(todo, lanes))
    if len(first) < 2:
        yield from map(work, chain(first, todo))
        return
    with ThreadPoolExecutor(lanes, initializer=_begin_lane, initargs=(lanes,)) as pool:
        begun: deque[Future[Answer]] = deque(pool.submit(work, task) for task in first)
        try:
            while begun:
                yield begun.popleft().result()
                begun.extend(pool.submit(work, task) for task in islice(todo, 1))
        finally:
            for one in begun:
                one.cancel()


_LANE = local()


def _begin_lane(lanes: int) -> None:
    _LANE.lanes = lanes
    nb.set_num_threads(1)


@contextmanager
def every_lane() -> Iterator[None]:
    """What all lanes wait for is worked on by as many threads as there are lanes; elsewhere nothing changes."""
    before = nb.get_num_threads()
    nb.set_num_threads(getattr(_LANE, "lanes", before))
    try:
        yield
    finally:
        nb.set_num_threads(before)


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads that wait for work, since they are asked many times in one map; each works on one task at a time."""
    return ThreadPoolExecutor(threads, initializer=nb.set_num_threads, initargs=(1,))


class _OneThread:
    """The limit on BLAS, which is the whole process's: who comes in first sets it, who leaves last takes it back."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limit = Lock(), 0, None

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            if self._limit is None:
                _let_any_thread_set()
                self._limit = _blas().limit(limits=1, user_api="blas")

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._limit is not None:
                _let_any_thread_set()
                self._limit.restore_original_limits()
                self._limit = None
                _let_any_thread_set()


_ONE_THREAD = _OneThread()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """While anybody is in here, BLAS works on one thread: its tasks are small, and threads of ours call it."""
    _ONE_THREAD.enter()
    try:
        yield
    finally:
        _ONE_THREAD.leave()


def _let_any_thread_set() -> None:
    """Threadpoolctl obeys (from 3.8 on) the thread alone that set a limit first; ours take turns by a lock."""
    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """The BLAS libraries that are loaded; looking for them takes milliseconds."""
    return ThreadpoolController()
