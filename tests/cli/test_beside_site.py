"""Private files do not get into the folder that everybody is handed."""

from __future__ import annotations

from pathlib import Path

import pytest

from isofront.cli import main


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like what `publish` wrote, in the working folder."""
    (tmp_path / "site" / "editions" / "0001-2030-01-28").mkdir(parents=True)
    (tmp_path / "site" / "editions.json").write_text("{}", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


@pytest.mark.parametrize(
    "words",
    [
        ["map", "--as-of", "2030-01-28", "--out", "site"],
        ["map", "--as-of", "2030-01-28", "--out=site/maps/today"],
        ["brief", "--on", "2030-01-28", "--out", "site/editions/0001-2030-01-28"],
        ["export", "maps", "--out", "link/maps"],
        ["desk", "out", "site/war.gpkg", "--as-of", "2030-01-28"],
        ["bundle", "out", "elsewhere/../site/war.bundle"],
        ["init", "site/war"],
        ["simulate", "tame", "--out", "site/war"],
        ["compare", "a", "b", "--out", "site"],
    ],
)
def test_nothing_private_is_written_into_a_published_site(site: Path, words: list[str], capsys) -> None:
    before = sorted(site.rglob("*"))
    assert main(words) == 2
    assert "lies in a published site" in capsys.readouterr().err
    assert sorted(site.rglob("*")) == before


def test_a_brief_is_not_written_into_the_site_that_one_is_in(site: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(site)
    assert main(["brief", "--on", "2030-01-28", "--theatre", "../war"]) == 2
    assert "lies in a published site" in capsys.readouterr().err
    assert main(["brief", "--on", "2030-01-28", "--theatre", "../war", "--out", "../brief"]) == 2
    assert "published site" not in capsys.readouterr().err


def test_a_folder_beside_a_site_is_written_to(site: Path) -> None:
    assert main(["simulate", "tame", "--days", "30", "--out", "war"]) == 0
    assert (site.parent / "war" / "theatre.toml").is_file()
