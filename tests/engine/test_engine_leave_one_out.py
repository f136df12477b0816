"""What `why` says a report adds is what taking it back takes away: for the five that say most at a spot."""

from __future__ import annotations

import json
import shutil

import pytest
from engine_war import SMALL, add, polygon, ring, rows, start

LATER = "2100-01-01"


@pytest.fixture(scope="module")
def mixed_war(tmp_path_factory):
    """A theatre where both sides were seen about the line, here and there."""
    war = start(tmp_path_factory.mktemp("mixed"), polygon(ring()), words=[*SMALL[:3], "1000", *SMALL[4:]])
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("51.0]", "50.3]"), encoding="utf-8")
    told = [*rows(4, lon=20.15, lat=50.03), *rows(3, lon=20.12, lat=50.15, seen="blue"), *rows(2, lon=20.19, lat=50.2)]
    add(war, [one | {"id": f"{one['id']}-{k}"} for k, one in enumerate(told)])
    return war


def test_the_five_that_say_most_are_worth_what_their_removal_costs(mixed_war, told, tmp_path):
    """Sign right for all, and size within 30 % (or 4 m) for all."""
    spot = ("20.175", "50.06", "--on", "2024-05-25", "--known-by", LATER, "--json")
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
