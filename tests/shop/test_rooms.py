"""Rooms give their names when asked; a command waits for nothing that it does not use."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import isofront
from isofront.cli import COMMANDS
from isofront.rooms import homes

SOURCE = Path(isofront.__file__).parent
LAZY = sorted(one.parent.name for one in SOURCE.glob("*/__init__.py") if "given_by(__name__)" in one.read_text("utf-8"))
HEAVY = ("numba", "scipy", "pandas", "geopandas", "matplotlib", "rasterio", "pyogrio", "pyarrow")


@pytest.mark.parametrize("room", LAZY)
def test_a_lazy_room_gives_just_the_names_that_it_lists(room):
    module = importlib.import_module(f"isofront.{room}")
    assert sorted(homes(module.__name__)) == sorted(module.__all__)
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        module.no_such_name  # noqa: B018


@pytest.mark.parametrize("room", LAZY)
def test_no_file_of_a_lazy_room_stands_in_the_place_of_a_name(room):
    files = {one.stem.casefold() for one in (SOURCE / room).glob("*.py")}
    names = importlib.import_module(f"isofront.{room}").__all__
    assert not [name for name in names if name in files]


def test_no_command_loads_heavy_libraries_before_it_has_read_its_options():
    modules = sorted({command.module for command in COMMANDS})
    loads = "; ".join(f"import {module}" for module in modules)
    seen = f"import sys; {loads}; print(*[one for one in {HEAVY!r} if one in sys.modules])"
    run = subprocess.run([sys.executable, "-c", seen], check=True, capture_output=True, text=True)
    assert run.stdout.split() == []
