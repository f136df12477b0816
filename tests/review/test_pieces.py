"""Differences of coverages, coverages with patches, and what decisions come to: laws on small maps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.errors import IntegrityError
from isofront.evidence import Entry, Ledger
from isofront.evidence.decision import (
    Approval,
    ApprovedMap,
    Decision,
    Ground,
    History,
    Lock,
    Verdict,
    polygons_of,
    read_history,
    shape_of,
)
from isofront.front import Area, Class, changed_km2
from isofront.review import Piece, differences, overlaid, proposal_id, standing

SIDES = ("red", "blue")
START = datetime(2024, 5, 1, tzinfo=UTC)
edges = st.lists(st.integers(0, 40), min_size=4, max_size=4)


def coverage(cuts: list[int]) -> tuple[Area, ...]:
    """Blue in the west, red in the east, grey between them, of strips 10 km high; edges wander with the cuts."""
    west = [(0.0, 0.0), (10.0 + cuts[0] / 10, 0.0), (10.0 + cuts[1] / 10, 10.0), (0.0, 10.0)]
    east = [(20.0 + cuts[2] / 10, 0.0), (30.0, 0.0), (30.0, 10.0), (20.0 + cuts[3] / 10, 10.0)]
    grey = [west[1], east[0], east[3], west[2]]
    return (
        Area(Class.HELD, "red", None, shapely.Polygon(east)),
        Area(Class.HELD, "blue", None, shapely.Polygon(west)),
        Area(Class.GREY, None, "mixed_presence", shapely.Polygon(grey)),
    )


@settings(max_examples=40)
@given(edges, edges)
def test_pieces_are_all_that_changed_and_nothing_else(one, other):
    before, after = coverage(one), coverage(other)
    found: dict[str, float] = {}
    for piece in differences(before, after, sides=SIDES):
        key = f"{piece.before}->{piece.after}"
        found[key] = found.get(key, 0.0) + piece.km2
    assert {key: km2 for key, km2 in found.items() if km2 > 1e-5} == pytest.approx(
        {key: km2 for key, km2 in changed_km2(before, after).items() if km2 > 1e-5}, abs=1e-6
    )


@settings(max_examples=40)
@given(edges, edges)
def test_taking_every_piece_makes_one_map_of_the_other(one, other):
    before, after = coverage(one), coverage(other)
    patches = [part for piece in differences(before, after, sides=SIDES) for part in piece.parts]
    made = overlaid(before, patches, sides=SIDES)
    assert shapely.coverage_is_valid([area.geometry for area in made])
    assert sum(changed_km2(after, made).values()) < 0.06  # strips thinner than 5 m go to a neighbour


def test_taking_nothing_keeps_every_vertex():
    before = coverage([1, 2, 3, 4])
    assert overlaid(before, [], sides=SIDES) is before
    assert differences(before, before, sides=SIDES) == ()


def test_ground_keeps_its_id_where_only_points_on_its_edges_or_centimetres_differ():
    def named(shape: shapely.Polygon, day: str = "2024-05-01", after: str = "red") -> str:
        return proposal_id(day, Piece("blue", after, shape, ()))

    field = shapely.Polygon([(500.0, 5000.0), (503.0, 5000.4), (503.2, 5002.1), (500.1, 5001.8)])
    redrawn = shapely.transform(shapely.segmentize(field, 0.7), lambda points: points + 1e-5 * np.sin(1e3 * points))
    wider = shapely.buffer(field, 0.1, join_style="mitre")
    assert named(redrawn) == named(shapely.reverse(field)) == named(field)
    others = [named(wider), named(shapely.transform(field, lambda points: points + 0.1))]
    others += [named(field, "2024-05-02"), named(field, after="grey")]
    assert len({named(field), *others}) == 5
    specks = [shapely.box(x, 7.0, x + 0.01, 7.01) for x in (1.02, 1.04)]
    assert named(specks[0]) != named(specks[1])


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=3, max_size=3, unique=True))
def test_geometry_comes_back_from_the_ledger_bit_for_bit(corners):
    shape = shapely.Polygon(corners)
    assert shape_of(polygons_of(shape)).geoms[0].exterior.coords[:] == shape.exterior.coords[:]


def _decision(name: str, verdict: Verdict, day: int, **also: object) -> Decision:
    when = START + timedelta(days=day)
    return Decision(name, verdict, when, when, "nadia", "why", ground=Ground((), "red"), **also)


def _approval(day: int) -> Approval:
    when = START + timedelta(days=day)
    return Approval(f"a{day}", when, when, when, "nadia", "why", "0", 0)


NO_MAP = ApprovedMap("", (), (), ())


def _standing(history: History, day: float):
    when = START + timedelta(days=day)
    return standing(history, lambda _: NO_MAP, as_of=when, known_by=when + timedelta(days=1))


def test_a_hold_acts_past_its_end_until_it_is_extended_or_released():
    end = START + timedelta(days=10)
    hold = _decision("d1", Verdict.HOLD, 1, until=end)
    longer = _decision("d2", Verdict.EXTEND, 12, of="d1", until=START + timedelta(days=30))
    freed = _decision("d3", Verdict.RELEASE, 29, of="d1")
    history = History(decisions=((1, hold), (2, longer), (3, freed)))
    assert [bool(_standing(history, day).asking(START + timedelta(days=day))) for day in (6, 7, 11, 12, 27, 29)] == [
        False, True, True, False, True, False,
    ]  # fmt: skip
    assert _standing(history, 28).acting[0].fixed
    assert not _standing(history, 29).acting[0].fixed


def test_only_verdicts_after_the_last_approval_change_the_map():
    first, second = _decision("d1", Verdict.ACCEPT, 1), _decision("d2", Verdict.ACCEPT, 3)
    history = History(((1, first), (3, second)), ((2, _approval(1)), (4, _approval(5))))
    assert [one.id for one in _standing(history, 4).since] == ["d2"]
    assert _standing(history, 4).approved.n == 2
    assert _standing(history, 5).since == ()
    assert _standing(history, 0).nothing


def test_an_older_day_decided_after_a_later_approval_leaves_that_map_alone():
    history = History(((2, _decision("d1", Verdict.ACCEPT, 1)),), ((1, _approval(5)),))
    assert _standing(history, 6).since == ()
    assert [one.id for one in _standing(history, 2).since] == ["d1"]


def test_a_record_of_a_later_version_is_refused_not_guessed_at(tmp_path):
    with Ledger.open(tmp_path / "ledger.db", create=True) as ledger:
        ledger.append([Entry("decision", "d9", b'{"version": 3, "id": "d9", "new": 1}')], now=START)
        with pytest.raises(IntegrityError, match="line 1: Decision of version 3, wanted 2"):
            read_history(ledger)


def test_a_lock_stands_until_it_is_unlocked():
    when = START + timedelta(days=1)
    lock = Lock("l1", when, "nadia", "why")
    key = Lock("u1", when + timedelta(days=5), "nadia", "why", of="l1")
    history = History(locks=((1, lock), (2, key)))
    assert [len(_standing(history, day).locks) for day in (-1, 1, 5, 6)] == [0, 1, 1, 0]
