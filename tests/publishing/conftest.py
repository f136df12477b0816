"""Small wars, approved; never written to after they are made, or copied first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from engine_war import rows
from publishing_war import SECRET, approve, begun, files_of, made, row

from isofront.engine.edition import Made


@pytest.fixture(autouse=True, scope="session")
def quick(one_thread: None) -> None:
    """All tests here run on one thread."""


@pytest.fixture(scope="session")
def plain_war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Red was seen past the line in the south; approved."""
    war = begun(tmp_path_factory.mktemp("plain"))
    approve(war)
    return war


@pytest.fixture
def war(plain_war: Path, tmp_path: Path) -> Path:
    """A copy to publish from."""
    return Path(shutil.copytree(plain_war, tmp_path / "war"))


@pytest.fixture(scope="session")
def plain_edition(plain_war: Path) -> Made:
    return made(plain_war)


@pytest.fixture(scope="session")
def telling_war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A war whose evidence is full of what must not get out; blue is protected."""
    told = [
        {
            **one, "id": f"private-id-{k}", "source": "Oksana's channel", "note": SECRET,
            "url": f"https://example.org/p/{k}", "target": "dugout of the 81st Brigade" if k % 2 else "dugout",
            "release": "public" if k < 4 else "",
        }
        for k, one in enumerate(rows(20, lon=20.15, lat=50.03))
    ]  # fmt: skip
    told += [
        row(
            "blue-1", 20.1234, 50.0876, seen="blue", source="Blue staff", note="our people", url="https://example.org/b"
        ),
        row("blue-2", 20.2511, 50.1543, seen="blue", source="Blue staff", kind="infiltration"),
        row("hidden", 20.1611, 50.0321, release="withheld", url="https://example.org/hidden"),
    ]
    war = begun(tmp_path_factory.mktemp("telling"), protect="blue", reports=told)
    approve(war)
    return war


@pytest.fixture(scope="session")
def telling_files(telling_war: Path) -> dict[str, bytes]:
    return files_of(telling_war)
