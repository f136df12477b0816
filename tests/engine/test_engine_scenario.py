"""The embedded scenario: its map comes from reports and the anchor, never from the scenario's own course."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from isofront import worlds
from isofront.engine import Draft, drafts, ground_of
from isofront.engine.necks import necks_of, plain_necks, with_intervals
from isofront.front import Class, Corridor, Disc, Role, Rule, corridor, status_at
from isofront.intake import add_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
DAY = datetime(2025, 11, 4, tzinfo=UTC)


def mapped(folder: Path, *, seed: int | None = None, reports: bool = True) -> Draft:
    scenario = worlds.pokrovsk() if seed is None else worlds.pokrovsk(seed=seed)
    scenario.write(folder)
    if reports:
        add_files(folder, [folder / "evidence.csv"], backfill=True, now=datetime.now(UTC))
    return next(iter(drafts(folder, [DAY])))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return mapped(tmp_path_factory.mktemp("told"))


def test_without_its_reports_the_scenarios_map_is_its_anchor(told, tmp_path):
    bare = mapped(tmp_path, reports=False)
    still = ground_of(tmp_path).anchored.depth_km
    assert ((bare.posterior.mean() > 0) == (still > 0)).all()
    assert not bare.field.touched.any()
    assert {line.geometry.wkb for line in bare.drawing.lines if line.role is Role.EVEN_ODDS} != set()
    held = {area.side: area.geometry for area in bare.drawing.areas if area.cls is Class.HELD}
    before = {area.side: area.geometry for area in bare.ground.areas if area.cls is Class.HELD}
    assert all(held[side].equals_exact(before[side], 1e-9) or held[side].equals(before[side]) for side in before)
    wide = pocket(bare).neck_km
    assert wide is None or wide > 10
    moved = np.abs(told.posterior.mean() - bare.posterior.mean())
    assert moved.max() > 3


def test_another_seed_moves_the_line(told, tmp_path):
    other = mapped(tmp_path, seed=20_990)
    differ = (told.posterior.mean() > 0) != (other.posterior.mean() > 0)
    assert differ.sum() * told.ground.grid.cell_km**2 > 10


def test_the_days_map_has_a_grey_town_and_a_pocket_behind_it(told):
    """What the story tells of 4 November: Pokrovsk mostly grey, Myrnohrad not the attacker's."""
    assert status_at(told.field, *told.ground.grid.to_km(37.18, 48.28), 3.2)[0] == "grey"
    behind = pocket(told)
    assert behind.neck_km is not None
    assert 2 < behind.neck_km < 10
    assert behind.footprint_free > 0.9


def test_the_two_tips_are_found_unaided_and_the_neck_is_a_span_with_its_doubt(told):
    """With no place named: a pocket with Myrnohrad in it, one tip at the city and one to the north-east of it."""
    found = necks_of(told)
    pocket = next(one for one in found.pockets if one.side == "ua")
    assert pocket is max((one for one in found.pockets if one.side == "ua"), key=lambda one: one.pocket_km2)
    assert "Myrnohrad" in pocket.inside
    (west, south), (east, north) = (told.ground.grid.to_lonlat(*tip) for tip in pocket.tips)
    assert (west, south) == (pytest.approx(37.19, abs=0.05), pytest.approx(48.28, abs=0.03))
    assert (east, north) == (pytest.approx(37.25, abs=0.05), pytest.approx(48.34, abs=0.03))
    widths = [30.0 if one.neck_km is None else one.neck_km for one in pocket.place.corridors.values()]
    assert widths == sorted(widths, reverse=True), "wider rules leave a narrower neck here"
    sampled = pocket.place.by_rule[Rule.HELD].sampled
    assert sampled.n == 200
    assert sampled.neck_km.low < pocket.place.plain.neck_km < sampled.neck_km.high
    assert sampled.enclosure[0].low < pocket.place.plain.enclosure[0].blocked < sampled.enclosure[0].high
    assert sampled.p_cut_off <= sampled.p_under_5 < 0.5
    assert len(pocket.place.rungs(found.ladder)) > 1


def test_what_is_measured_for_a_brief_is_measured_as_for_a_whole_map(told):
    few = {Rule.HELD: 3}
    whole, some = (with_intervals(plain_necks(told, whole=one), samples=few, rings=False) for one in (True, False))
    assert [one.name for one in some.places] == [one.name for one in whole.places]
    assert all(
        replace(a.by_rule[Rule.HELD].corridor, robust_neck_km=None) == b.by_rule[Rule.HELD].corridor
        and a.by_rule[Rule.HELD].sampled == b.by_rule[Rule.HELD].sampled
        for a, b in zip(whole.places, some.places, strict=True)
    )
    assert len(some.pockets) == len(whole.pockets) > 0
    for a, b in zip(whole.pockets, some.pockets, strict=True):
        assert (a.neck_km, a.tips, a.inside, a.place.name) == (b.neck_km, b.tips, b.inside, b.place.name)
        assert {rule: one.neck_km for rule, one in a.place.corridors.items()} == {
            rule: one.neck_km for rule, one in b.place.corridors.items()
        }
        assert a.place.by_rule[Rule.HELD].sampled == b.place.by_rule[Rule.HELD].sampled


def pocket(draft: Draft) -> Corridor:
    """The corridor of Myrnohrad past what the attacker holds on the map."""
    attacker = next(area.geometry for area in draft.drawing.areas if area.cls is Class.HELD and area.side == "ru")
    return corridor(attacker, draft.ground.frame, Disc(*draft.ground.grid.to_km(37.265, 48.31), 2.2))
