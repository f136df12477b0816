"""The main job on real ground: numbers printed, and what must hold of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from isofront.cli import demo_real, main

real = pytest.mark.real
pytestmark = pytest.mark.timeout(900)


def test_without_the_data_it_says_so_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(demo_real.VARIABLE, str(tmp_path / "absent"))
    assert main(["demo-real", "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "no real data there" in said.err
    assert not (tmp_path / "out").exists()


def mapped(case: demo_real.Case, data: Path, out: Path) -> demo_real.Result:
    found = demo_real.result(case, data, out)
    print(demo_real.said(case, found, out))
    return found


@real
@pytest.mark.slow
def test_three_months_of_a_real_box_end_nearer_the_mappers_line_than_both_yardsticks(real_data, tmp_path):
    found = mapped(demo_real.BOX, real_data, tmp_path)
    ours, old, vote = (found.scores[name] for name in ("map", "hard persistence", "kernel vote"))
    assert ours.log_loss < vote.log_loss < old.log_loss
    assert ours.accuracy > vote.accuracy
    assert ours.line.mean_km < vote.line.mean_km < old.line.mean_km
    assert ours.changed.f1 > 0.5
    assert ours.ece < 0.06
    assert found.sheet.summary["reports_used"] > 4000


@real
@pytest.mark.slow
def test_twelve_days_of_real_items_leave_a_whole_front_where_it_is_and_grey_grows_where_both_are(real_data, tmp_path):
    found = mapped(demo_real.FRONT, real_data, tmp_path)
    trial, cell_km2 = found.trial, found.trial.ground.grid.cell_km**2
    drawn = (found.sheet.field.control[0] >= 0.5) & trial.ground.inside
    truth = trial.truth[demo_real.FRONT.as_of]
    assert abs(int(drawn.sum()) - int(trial.anchor.sum())) * cell_km2 < 25
    assert abs(int(drawn.sum()) - int(truth.sum())) * cell_km2 < 100
    assert found.scores["map"].accuracy > found.scores["hard persistence"].accuracy - 0.001
    assert found.scores["map"].log_loss < found.scores["hard persistence"].log_loss
    assert found.scores["map"].line.mean_km < 0.1
    both, none = demo_real.grey_near_reports(found, demo_real.FRONT)
    assert both > 2 * none
