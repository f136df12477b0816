"""What the tests of this room share: a file put down, read, and its areas in a few words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import makers_files as good
import pytest

from isofront.makers import MapFile, read_map


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., MapFile]:
    """Put content under a name and read it."""

    def put_and_read(name: str, content: Any, *arguments: Any, **more: Any) -> MapFile:
        return read_map(good.put(tmp_path / name, content), *arguments, **more)

    return put_and_read
