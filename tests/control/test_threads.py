"""Threads share work; what comes out, and in which order, never depends on them."""

from __future__ import annotations

import threading

import numba
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from isofront.threads import ahead, each, every_lane, one_blas_thread, side_by_side


@pytest.fixture(params=[1, 2])
def threads(request):
    before = numba.get_num_threads()
    if request.param > numba.config.NUMBA_NUM_THREADS:
        pytest.skip("this machine has one core")
    numba.set_num_threads(request.param)
    yield request.param
    numba.set_num_threads(before)


@pytest.mark.parametrize("n", [0, 1, 3, 40])
def test_answers_come_in_the_order_of_tasks(threads, n):
    assert list(each(lambda task: task * task, range(n))) == [k * k for k in range(n)]
    assert list(ahead(lambda task: task * task, range(n))) == [k * k for k in range(n)]


def test_work_within_work_is_done_too(threads):
    def inner(task: int) -> int:
        return sum(each(lambda k: k * task, range(20)))

    assert list(each(inner, range(20))) == [190 * k for k in range(20)]
    assert list(ahead(inner, range(5))) == [190 * k for k in range(5)]
    assert side_by_side(lambda: inner(1), lambda: inner(2)) == (190, 380)


def test_each_large_task_has_one_thread_and_no_more_are_begun_than_there_are_lanes(threads):
    begun: list[int] = []

    def work(task: int) -> int:
        begun.append(task)
        return numba.get_num_threads()

    answers = ahead(work, range(6))
    assert next(answers) == 1
    assert len(begun) <= threads
    assert len(list(answers)) == 5


def test_what_all_lanes_wait_for_has_all_their_threads(threads):
    def work(_: int) -> tuple[int, int]:
        with every_lane():
            many = numba.get_num_threads()
        return many, numba.get_num_threads()

    assert list(ahead(work, range(3))) == [(threads, 1)] * 3
    assert work(0) == (threads, threads)


def test_what_goes_wrong_is_told_and_who_stops_early_waits_for_nothing_more(threads):
    def fails(task: int) -> int:
        if task == 3:
            raise ValueError("three")
        return task

    with pytest.raises(ValueError, match="three"):
        list(each(fails, range(20)))
    answers = ahead(fails, range(20))
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(answers)
    few = ahead(lambda task: task, range(10**9))
    assert next(few) == 0
    few.close()


def numbers() -> list[int]:
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_blas_has_one_thread_in_every_lane_whoever_set_it_before(threads):
    def inside(_: int) -> list[int]:
        with one_blas_thread():
            return numbers()

    with threadpool_limits(2, user_api="blas"):
        before = numbers()
        assert set(inside(0)) <= {1}
        assert {n for one in ahead(inside, range(6)) for n in one} <= {1}
        assert numbers() == before


def test_blas_has_one_thread_while_anybody_is_in_there_and_its_own_number_afterwards():
    before, first_is_in, second_is_in = numbers(), threading.Event(), threading.Event()

    def first() -> None:
        with one_blas_thread():
            first_is_in.set()
            assert second_is_in.wait(20)

    other = threading.Thread(target=first)
    other.start()
    assert first_is_in.wait(20)
    with one_blas_thread():
        second_is_in.set()
        other.join()
        assert set(numbers()) <= {1}
    assert numbers() == before
