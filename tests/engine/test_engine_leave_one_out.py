"""What `why` says a report adds is what taking it back takes away: for the five that say most at a spot."""

from __future__ import annotations

import json
import shutil

import pytest
from engine_war import SMALL, add, polygon, ring, rows, start

ON = ("--on", "2024-05-25", "--known-by", "2100-01-01", "--json")
LATE = ("--on", "2024-05-31", *ON[2:])


@pytest.fixture(scope="module")
def mixed_war(tmp_path_factory):
    """A theatre where both sides were seen about the line, here and there."""
    war = start(tmp_path_factory.mktemp("mixed"), polygon(ring()), words=[*SMALL[:3], "1000", *SMALL[4:]])
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("51.0]", "50.3]"), encoding="utf-8")
    told = [*rows(4, lon=20.15, lat=50.03), *rows(3, lon=20.12, lat=50.15, seen="blue"), *rows(2, lon=20.19, lat=50.2)]
    add(war, [one | {"id": f"{one['id']}-{k}"} for k, one in enumerate(told)])
    return war


@pytest.mark.slow
def test_the_five_that_say_most_are_worth_what_their_removal_costs(mixed_war, told, tmp_path):
    """Sign right for all, and size within 30 % (or 4 m) for all."""
    spot = ("20.175", "50.06", *ON)
    whole = json.loads(told("why", *spot, "--theatre", mixed_war)[1])
    lost = []
    for number, one in enumerate(whole["reports"][:5]):
        war = shutil.copytree(mixed_war, tmp_path / str(number))
        assert told("retract", one["id"], "--reason", "left out", "--theatre", war)[0] == 0
        without = json.loads(told("why", *spot, "--theatre", war)[1])
        assert one["id"] not in {left["id"] for left in without["reports"]}
        lost.append((one["id"], one["km"], whole["latent_km"] - without["latent_km"]))
    assert len(lost) == 5
    assert all(share * cost > 0 for _, share, cost in lost), lost
    assert all(abs(cost - share) <= 0.3 * abs(share) + 0.004 for _, share, cost in lost), lost
    assert [one["alone_km"] for one in whole["reports"][:5]] == pytest.approx([cost for _, _, cost in lost], abs=1e-9)


def test_every_report_is_named_and_all_of_them_with_the_anchor_are_the_depth(mixed_war, told):
    answer = json.loads(told("why", "20.175", "50.06", *ON, "--theatre", mixed_war)[1])
    assert answer["prior_km"] + sum(one["km"] for one in answer["reports"]) == pytest.approx(
        answer["latent_km"], abs=1e-9
    )
    assert [one["id"] for one in answer["reports"] if "without" in one][:5] == [
        one["id"] for one in answer["reports"][:5]
    ]


def test_what_would_flip_a_spot_is_tried_out(mixed_war, told, tmp_path):
    war, spot = shutil.copytree(mixed_war, tmp_path / "war"), ("20.15", "50.26")
    add(war, [one | {"id": f"west-{one['id']}"} for one in rows(12, lon=20.16, lat=50.25)])
    answer = json.loads(told("why", *spot, *LATE, "--theatre", war)[1])
    assert answer["flip"] is not None
    for name in answer["flip"]["without"]:
        assert told("retract", name, "--reason", "left out", "--theatre", war)[0] == 0
    left = json.loads(told("why", *spot, *LATE, "--check", "0", "--theatre", war)[1])
    assert left["latent_km"] == pytest.approx(answer["flip"]["latent_km"], abs=1e-9)
    assert (left["p"]["control_red"] >= 0.5) != (answer["p"]["control_red"] >= 0.5)
