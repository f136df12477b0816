"""Real names out, pseudonyms in, before a byte of a file is read further: the rules in a theatre's `pseudonyms.toml`.

    [names]
    "Ivan Petrenko" = "Soldier K"

The file stays on this machine: it is no part of the ledger, of a bundle or of any output. Every writing of a name is
replaced (any case, however its words are spaced), in whatever encoding the input has; what is printed or kept
afterwards knows the pseudonym alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from isofront.errors import TheatreError

FILE_NAME = "pseudonyms.toml"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "cp1252")


@dataclass(frozen=True)
class Pseudonyms:
    """Names and what stands in their place; without any, nothing is touched."""

    names: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, folder: Path) -> Pseudonyms:
        """The rules of a theatre's folder; none where it has no such file.

        Raises:
            TheatreError: the file cannot be read as rules. The message names no name.
        """
        file = folder / FILE_NAME
        if not file.is_file():
            return cls()
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            raise TheatreError(
                f'{FILE_NAME}: cannot be read as TOML, wanted [names] with lines "name" = "other"'
            ) from None  # the cause may quote a name
        names = table.get("names", {})
        strings = isinstance(names, dict) and all(isinstance(one, str) and one for one in names.values())
        if set(table) - {"names"} or not strings:
            raise TheatreError(f'{FILE_NAME}: wanted one table [names] with lines "name" = "other"')
        if short := sum(len(name.strip()) < 3 for name in names):
            raise TheatreError(f"{FILE_NAME}: {short} names of fewer than 3 letters, which would be found inside words")
        return cls({" ".join(name.split()): other for name, other in names.items()})

    def __bool__(self) -> bool:
        return bool(self.names)

    def text(self, text: str) -> str:
        """A text with every name replaced."""
        return self._pattern.sub(self._other, text) if self.names else text

    def content(self, content: bytes) -> bytes:
        """The same for a file's bytes, in whatever encoding they are."""
        if not self.names:
            return content
        for encoding in _ENCODINGS:
            if (text := _decoded(content, encoding)) is not None:
                return self.text(text).encode(encoding, errors="replace")
        return content

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.names, key=len, reverse=True)
        written = (r"[\s_.\-]+".join(re.escape(word) for word in name.split()) for name in longest)
        return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_key(name): other for name, other in self.names.items()}

    @property
    def _other(self) -> Callable[[re.Match[str]], str]:
        return lambda found: self._folded[_key(found.group())]


def _key(name: str) -> str:
    return re.sub(r"[\s_.\-]+", " ", name).casefold()


def _decoded(content: bytes, encoding: str) -> str | None:
    """The bytes as text, if they are of this encoding and come back the same."""
    if encoding.startswith("utf-16") and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    if encoding == "utf-16-le" and content.startswith(b"\xfe\xff"):
        return None
    if encoding == "utf-16-be" and content.startswith(b"\xff\xfe"):
        return None
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if text.encode(encoding) == content else None
