"""`isofront serve`: a theatre's approved maps out of its ledger, and a folder of `map`; in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
import shapely
from engine_war import SMALL, add, polygon, ring, rows, start
from shapely.geometry import shape

from isofront.cli import main
from isofront.cli.serve import shelf_of
from isofront.errors import BadInputError
from isofront.server import Request, answered


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small theatre whose map of one day was approved twice, the second time with what had been left open."""
    words = [*SMALL[:3], "1000", *SMALL[4:]]
    made = start(tmp_path_factory.mktemp("served"), polygon(ring()), words=words)
    file = made / "theatre.toml"
    place = '\n[[settlements]]\nnames = { en = "Midtown" }\nat = [20.2, 50.1]\n'
    file.write_text(file.read_text(encoding="utf-8").replace("51.0]", "50.3]") + place, encoding="utf-8")
    add(made, rows(20, lon=20.15, lat=50.03))
    return made


SIGNED = ("--by", "nadia", "--reason", "seen")


def test_before_anything_is_approved_there_is_nothing_to_serve(tmp_path):
    words = [*SMALL[:3], "5000", *SMALL[4:]]
    with pytest.raises(BadInputError, match="no approved map"):
        shelf_of(start(tmp_path, polygon(ring()), words=words))


@pytest.mark.slow
def test_a_theatres_approved_map_is_one_coverage_marked_approved_and_private(war):
    assert main(["review", str(war), "--as-of", "2024-05-25", "--accept", "all", "--approve", *SIGNED]) == 0
    words = ["--speaker", "an official", "--said-at", "2024-05-20", "--about", "attackers-inside", "--place", "Midtown"]
    assert main(["claim", "--theatre", str(war), *words, "--value", "200", "--side", "red"]) == 0
    shelf = shelf_of(war)
    said = answered(shelf, Request("GET", "/claims?place=MIDTOWN&from=2024-05-20", {"host": "localhost"}))
    (claim,) = json.loads(said.body)["claims"]
    assert (claim["speaker"], claim["low"], claim["about"]) == ("an official", 200, "attackers-inside")
    answer = answered(shelf, Request("GET", "/collections/areas/items", {"host": "localhost"}))
    features = json.loads(answer.body)["features"]
    assert {one["properties"]["state"] for one in features} == {"approved"}
    assert {one["properties"]["stamp"] for one in features} == {"PRIVATE"}
    assert {one["properties"]["as_of"] for one in features} == {"2024-05-25T00:00:00Z"}
    assert {"red", "blue"} <= {one["properties"]["side"] for one in features}
    areas = [shape(one["geometry"]) for one in features]
    assert shapely.coverage_is_valid(areas)
    assert shapely.union_all(areas).bounds == pytest.approx((20.0, 50.0, 20.4, 50.3), abs=1e-3)


@pytest.mark.slow
def test_the_last_approval_of_a_day_counts(war):
    if main(["review", str(war), "--as-of", "2024-05-25", "--accept", "all", "--approve", *SIGNED]) != 0:
        pytest.fail("the first approval was not recorded")
    before = len(shelf_of(war).collections["areas"].items)
    assert main(["review", str(war), "--as-of", "2024-05-25", "--approve", *SIGNED]) == 0
    shelf = shelf_of(war)
    assert len(shelf.days) == 1
    assert len(shelf.collections["areas"].items) == before


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal does")
def test_it_says_where_it_answers_and_ctrl_c_ends_it(maps):
    words = [sys.executable, "-m", "isofront", "serve", str(maps), "--port", "0", "--json"]
    # A test run in the background ignores Ctrl-C, and so would its children.
    plain = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **plain) as process:
        told = json.loads(process.stdout.readline())
        with urlopen(f"{told['url']}/healthz") as answer:
            assert json.load(answer)["days"] == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        said = process.stderr.read()
        assert "1 draft not served" in said
        assert "ended; nothing is served any more" in said
        assert process.stdout.read() == ""
    assert told["collections"] == {"areas": 4, "front": 2, "settlements": 2}
    assert told["stamp"] == "PRIVATE SIMULATED"


def test_an_address_of_another_machine_is_wrong_use(maps, capsys):
    assert main(["serve", str(maps), "--host", "0.0.0.0"]) == 2
    assert "stay on this machine" in capsys.readouterr().err
