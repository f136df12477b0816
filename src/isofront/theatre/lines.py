"""Which line of a TOML text each key stands on, so that a fault can be pointed at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_OTHER = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every key and array element in a text that tomllib has read without fault."""
    lines: dict[Path, int] = {}
    for path, line in _Walker(text).walk():
        lines.setdefault(path, line)
    return lines


def nearest_line(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest thing round it that has one."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)


class _Walker:
    """Walks valid TOML once; it finds places only, tomllib gives the values."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.counted = 0
        self.line = 1
        self.table: Path = ()
        self.arrays: dict[Path, int] = {}

    def walk(self) -> Iterator[tuple[Path, int]]:
        while self._skip_blank() < len(self.text):
            if self.text[self.at] == "[":
                yield from self._header()
            else:
                yield from self._pair(self.table)

    def _skip_blank(self) -> int:
        self.at = _end(_BLANK, self.text, self.at)
        return self.at

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def _header(self) -> Iterator[tuple[Path, int]]:
        line = self._line()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path = self._resolved(self._key())
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        if many:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            yield path, line
            path = (*path, self.arrays[path])
        self.table = path
        yield from ((path[:n], line) for n in range(1, len(path) + 1))

    def _resolved(self, key: tuple[str, ...]) -> Path:
        """A header's key with the index of the latest element put in after each array of tables."""
        path: Path = ()
        for number, part in enumerate(key, start=1):
            path = (*path, part)
            if path in self.arrays and number < len(key):
                path = (*path, self.arrays[path])
        return path

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        line = self._line()
        path = (*table, *self._key())
        self.at = self.text.index("=", self.at) + 1
        yield from ((path[:n], line) for n in range(len(table) + 1, len(path) + 1))
        yield from self._value(path)

    def _key(self) -> tuple[str, ...]:
        parts = [self._key_part()]
        while self._skip_blank() < len(self.text) and self.text[self.at] == ".":
            self.at += 1
            parts.append(self._key_part())
        return tuple(parts)

    def _key_part(self) -> str:
        start = self._skip_blank()
        if self.text[start] in "\"'":
            self.at = _end(_STRING, self.text, start)
            return next(iter(tomllib.loads(f"{self.text[start : self.at]} = 0")))
        self.at = _end(_BARE, self.text, start)
        return self.text[start : self.at]

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        head = self.text[self._skip_blank()]
        if head == "[":
            yield from self._array(path)
        elif head == "{":
            yield from self._inline_table(path)
        else:
            self.at = _end(_STRING if head in "\"'" else _OTHER, self.text, self.at)

    def _array(self, path: Path) -> Iterator[tuple[Path, int]]:
        self.at += 1
        number = 0
        while self.text[self._skip_blank()] != "]":
            yield (*path, number), self._line()
            yield from self._value((*path, number))
            number += 1
            self._skip_comma()
        self.at += 1

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, int]]:
        self.at += 1
        while self.text[self._skip_blank()] != "}":
            yield from self._pair(path)
            self._skip_comma()
        self.at += 1

    def _skip_comma(self) -> None:
        if self.text[self._skip_blank()] == ",":
            self.at += 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if found is None or (found.end() == at and pattern is not _BLANK):
        raise ValueError(f"no place found at character {at}")
    return found.end()
