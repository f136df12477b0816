"""Print how long functions and files are: a thermometer, not a fence.

Aim near a median of 6 lines a function (9 in 10 within 25) and 150 a file; look twice past 50 and 400.
"""

from __future__ import annotations

import argparse
import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
LONG_FUNCTION = 50
LONG_FILE = 400


def function_lengths(path: Path) -> Iterator[tuple[int, str]]:
    """(lines of body without its docstring, name) of every function in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield lines, f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"


def summary(name: str, lengths: list[int]) -> str:
    """Count, median, nine in ten, longest."""
    ninth = sorted(lengths)[int(len(lengths) * 0.9)]
    median = statistics.median(lengths)
    return f"{name}: {len(lengths)}, median {median:.0f} lines, 9 in 10 within {ninth}, longest {max(lengths)}"


def main() -> None:
    """Measure every Python file under src/."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    files = [path for path in sorted(SOURCE.rglob("*.py")) if path.stat().st_size]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    functions = [found for path in files for found in function_lengths(path)]
    print(summary("files", list(lengths.values())))
    print(summary("functions", [lines for lines, _ in functions]))
    for path, lines in lengths.items():
        if lines > LONG_FILE:
            print(f"  look twice: {lines} lines  {path.relative_to(SOURCE)}")
    for lines, name in sorted(functions, reverse=True):
        if lines > LONG_FUNCTION:
            print(f"  look twice: {lines} lines  {name}")


if __name__ == "__main__":
    main()
