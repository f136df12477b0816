"""A room's names, each fetched when somebody first asks for it: what a command does not use, it does not wait for.

A room's `__init__.py` lists what it gives in ordinary imports under `if TYPE_CHECKING:`, which people, type checkers
and the import linter read, and hands this module's answer on as its `__getattr__` (PEP 562). One list, so that nothing
can disagree. A name that a file of the room also has stays a plain import, for the file would stand in its place.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from functools import cache


def given_by(room: str) -> Callable[[str], object]:
    """The `__getattr__` of a room's `__init__.py`."""

    def fetched(name: str) -> object:
        home = homes(room).get(name)
        if home is None:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(home), name)
        setattr(sys.modules[room], name, found)
        return found

    return fetched


@cache
def homes(room: str) -> dict[str, str]:
    """The module that each of a room's names comes from, by the imports under `if TYPE_CHECKING:`."""
    spec = sys.modules[room].__spec__
    source = getattr(spec and spec.loader, "get_source", lambda _: None)(room) or ""
    return dict(_imports(ast.parse(source)))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for block in tree.body:
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            for line in block.body:
                if isinstance(line, ast.ImportFrom) and line.module:
                    yield from ((one.asname or one.name, line.module) for one in line.names)
