"""A small invented theatre, fought over, and the review command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_war import SMALL, add, polygon, ring, rows, start

from isofront.cli import main

DAY = "2024-05-25"
Review = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(autouse=True, scope="session")
def quick(one_thread: None) -> None:
    """All tests here run on one thread."""


@pytest.fixture(scope="session")
def fought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theatre where red was seen past the line in the south: two proposals, and never written to."""
    war = start(tmp_path_factory.mktemp("reviewed"), polygon(ring()), words=[*SMALL[:3], "1000", *SMALL[4:]])
    file = war / "theatre.toml"
    small = file.read_text(encoding="utf-8").replace("51.0]", "50.3]")
    place = '[[settlements]]\nnames = { en = "Midtown" }\nat = [20.2, 50.1]\n'
    file.write_text(f"{small}\n{place}", encoding="utf-8")
    add(war, rows(20, lon=20.15, lat=50.03))
    return war


@pytest.fixture
def war(fought: Path, tmp_path: Path) -> Path:
    """A copy to decide in."""
    return Path(shutil.copytree(fought, tmp_path / "war"))


@pytest.fixture
def review(capsys: pytest.CaptureFixture[str]) -> Review:
    """Run `isofront review --json`; exit code and document."""

    def run(war: Path, *words: object, day: str = DAY) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["review", str(war), "--as-of", day, "--json", *map(str, words)])
        return code, json.loads(capsys.readouterr().out)

    return run
