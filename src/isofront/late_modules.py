"""Modules that libraries ask for as they are loaded, though hardly anybody uses them: loaded by whoever does.

SciPy takes all names of NumPy with an asterisk, and so asks for NumPy's Fortran wrappers, which load an interpreter of
character sets: a tenth of what a command waits for before it begins.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

LATE = frozenset({"numpy.f2py"})


class _Late:
    """Finds them where they are, and lets them run once somebody asks for a name in them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname in LATE else None
        if found is not None and found.loader is not None:
            found.loader = LazyLoader(found.loader)
        return found


def load_late() -> None:
    """From now on, in this process; what is loaded stays."""
    if not any(isinstance(one, _Late) for one in sys.meta_path):
        sys.meta_path.insert(0, _Late())
