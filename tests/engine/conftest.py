"""A small invented theatre, quiet or fought over, and its map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engine_war import add, draw, polygon, ring, rows, start

from isofront.cli import main


@pytest.fixture(autouse=True, scope="session")
def quick(one_thread: None) -> None:
    """All tests here run on one thread."""


@pytest.fixture
def quiet_war(tmp_path: Path) -> Path:
    """A theatre with an anchor and no reports."""
    return start(tmp_path, polygon(ring()))


@pytest.fixture(scope="session")
def fought_war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theatre where red was seen past the line at the south end."""
    war = start(tmp_path_factory.mktemp("fought"), polygon(ring()))
    add(war, rows(20, lon=20.15, lat=50.03))
    return war


@pytest.fixture(scope="session")
def fought_map(fought_war: Path) -> Path:
    """Its map."""
    return draw(fought_war, fought_war.parent / "out")


@pytest.fixture
def unpictured(monkeypatch: pytest.MonkeyPatch) -> None:
    """`map` leaves its two pictures empty, which cost as much as all its other files: for tests that look at others."""
    for name in ("map_png", "map_svg"):
        monkeypatch.setattr(f"isofront.publish.picture.{name}", lambda _: b"")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; exit code, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
