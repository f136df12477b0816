"""`isofront learn` on an invented war filmed as no other: what it learned beats what ships, on held-out days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from isofront import worlds
from isofront.cli import main
from isofront.intake import add_files
from isofront.worlds.habits import ATTACKER, TAME, Depth

SHIFTED = replace(
    TAME,
    name="shifted",
    looks=tuple(
        replace(
            look, zones=(0.0, 0.0, 1.0), in_defenders=Depth(4.0, 16.0) if look.seen == ATTACKER else Depth(6.0, 16.0)
        )
        for look in TAME.looks
    ),
)
"""Whoever is seen, is seen deep behind the defender's line: the attacker at 4 km, the defender at 6 km."""


def made(folder: Path, *, seed: int, days: int) -> Path:
    scenario = worlds.invented("likereal", seed=seed, n_days=days, per_day_100km=8.0, habits=SHIFTED)
    coarse = msgspec.structs.replace(scenario.theatre, cell_m=1000.0)
    replace(scenario, theatre=coarse).write(folder, truth_every_days=7)
    add_files(folder, [folder / "evidence.csv"], backfill=True, now=datetime(2035, 1, 1, tzinfo=UTC))
    return folder


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("war"), seed=3, days=71)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_was_learned_beats_what_ships_on_held_out_days_and_in_another_war_filmed_like_it(war, tmp_path, capsys):
    other = made(tmp_path / "other", seed=4, days=43)
    assert main(["learn", str(war), "--maps", str(war / "truth"), "--out", str(other / "learned.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "table" in found["used"]
    assert found["scores"]["learned"]["log_loss"] < found["scores"]["default"]["log_loss"]
    days = "2021-03-29,2021-04-05,2021-04-12"
    words = ["score", "--theatre", str(other), "--truth", str(other / "truth"), "--days", days, "--json"]
    scores = []
    for engine in ("", '\n[engine]\nlearned = "learned.json"\n'):
        with (other / "theatre.toml").open("a", encoding="utf-8", newline="\n") as file:
            file.write(engine)
        assert main(words) == 0
        scores.append(json.loads(capsys.readouterr().out)["methods"]["map"]["means"])
    shipped, learned = scores
    assert learned["log_loss"] < 0.95 * shipped["log_loss"]
    assert learned["brier"] < 0.85 * shipped["brier"]
    assert learned["accuracy"] > shipped["accuracy"] + 0.1


@pytest.mark.slow
def test_too_few_maps_are_refused_with_what_was_wanted(war, capsys):
    first = sorted((war / "truth").iterdir())[:1]
    assert main(["learn", str(war), "--maps", str(first[0]), "--out", str(war / "no.json")]) == 3
    assert "1 past map in" in capsys.readouterr().err
    assert not (war / "no.json").exists()
