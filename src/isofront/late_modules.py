"""What libraries do as they are loaded, though nobody here asks for it: left out, or left to whoever asks.

numpy.f2py                       comes with NumPy's names: loaded once a name in it is asked
SciPy's help on its functions    is read, sorted and written anew for 300 of them, to add a table: left as it is

Together a quarter of a second of those that a command waits for before it begins. The second is done only for releases
of SciPy that it was tried on (`TRIED`): another may read its help otherwise, and then nothing of SciPy could be loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

LATE = "numpy.f2py"
HELP, READER = "scipy._lib._docscrape", "FunctionDoc"
"""SciPy's module that reads its own help, and the class by which it does."""
TRIED = ("1.17",)
"""The releases of SciPy (first two numbers) whose help is read as this file takes it to be."""


def load_late() -> None:
    """From now on, in this process; what is loaded stays."""
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds modules where they are, and has some of them loaded otherwise."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        otherwise = _otherwise(fullname)
        found = PathFinder.find_spec(fullname, path, target) if otherwise else None
        if otherwise is None or found is None or found.loader is None:
            return None
        found.loader = otherwise(found.loader)
        return found


def _otherwise(name: str) -> Any:
    """What loads a module in place of its own loader; None for all that is loaded as ever."""
    if name == LATE:
        return LazyLoader
    version = getattr(sys.modules.get("scipy"), "__version__", "")
    return _Unread if name == HELP and ".".join(version.split(".")[:2]) in TRIED else None


class _Unread:
    """Loads SciPy's reader of help, and has it read nothing."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if hasattr(module, READER):
            setattr(module, READER, _Help)


class _Help(dict[str, list[Any]]):
    """A function's help as SciPy asks for it: what is added to a section goes nowhere, and its words stay."""

    def __init__(self, function: Any, *_: Any, **__: Any) -> None:
        super().__init__()
        self._words = getattr(function, "__doc__", None) or ""

    def __missing__(self, section: str) -> list[Any]:
        return []

    def __str__(self) -> str:
        return f"\n{self._words}"
