"""A site's list read back: whatever lies there, a fault of the file is said to be that."""

from __future__ import annotations

from pathlib import Path

import pytest

from isofront.errors import BadInputError
from isofront.publish.brief_site import Site
from isofront.publish.site import abouts


@pytest.mark.parametrize("content", [b"{", b'{"title": "\xff", "editions": []}', b"[" * 200_000, b"[]"])
def test_a_list_that_cannot_be_read_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "editions.json").write_bytes(content)
    with pytest.raises(BadInputError, match=r"editions\.json: "):
        Site.of(tmp_path)
    home = tmp_path / "editions" / "0001-2030-01-01"
    home.mkdir(parents=True)
    (home / "edition.json").write_bytes(content)
    with pytest.raises(BadInputError, match=r"edition\.json: "):
        abouts(tmp_path)
