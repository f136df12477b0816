"""What libraries load as they are loaded, though nobody here asks for it: left to whoever asks.

`numpy.f2py` comes with NumPy's names, and is loaded once a name in it is asked: 0.04 seconds of those that a command
waits for before it begins.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

LATE = "numpy.f2py"


def load_late() -> None:
    """From now on, in this process; what is loaded stays."""
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the module where it is, and has it loaded late."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname == LATE else None
        if found is None or found.loader is None:
            return None
        found.loader = LazyLoader(found.loader)
        return found
