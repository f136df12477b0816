"""Real names out, pseudonyms in, before a byte of a file is read further: the rules in a theatre's `pseudonyms.toml`.

    [names]
    "Ivan Petrenko" = "Soldier K"

The file stays on this machine: it is no part of the ledger, of a bundle or of any output. Every writing of a name is
replaced (any case, however its words are spaced or run together, with marks between that cannot be seen, composed or
not, also as JSON, HTML or URLs escape it), in whatever encoding the input has; what is printed or kept afterwards
knows the pseudonym alone. Other forms of a name (its cases, its initials) are names of their own, each with a line.
"""

from __future__ import annotations

import html
import io
import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from urllib.parse import quote, unquote

from isofront.counts import counted
from isofront.errors import TheatreError
from isofront.sources.text import is_utf8
from isofront.theatre.loading import home_of

FILE_NAME = "pseudonyms.toml"
_LEGACY = ("cp1251", "cp1252")
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, zero-width and direction marks: copied from pages without being seen, or put there to hide a name."""
_UNSEEN_ESCAPED = (
    r"\\u(?:00ad|034f|061c|180e|200[b-f]|202[a-e]|206[0-9]|fe0[0-9a-f]|feff)"
    r"|&(?:shy|zwnj|zwj|lrm|rlm|\#0*(?:173|820[3-7]|8288)|\#x0*(?:ad|200[b-f]|2060|feff));"
    r"|%(?:C2%AD|E2%80%8[B-F]|E2%81%A0|EF%BB%BF)"
)
_HIDDEN = f"[{_UNSEEN}]*"
_HIDDEN_ESCAPED = f"(?:[{_UNSEEN}]|{_UNSEEN_ESCAPED})*"
_BETWEEN = rf"(?:[\s_.\-+{_UNSEEN}]|\\[nrt]|\\u00a0|%20|&nbsp;|{_UNSEEN_ESCAPED})*"
_STARTS = r"(?:(?<!\w)|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4}))"
_BREAKING = frozenset(',;"\\\t\n\r<>&|')
"""Characters that mean something to CSV, JSON or XML: a pseudonym with one would break the rows it stands in."""


@dataclass(frozen=True)
class Pseudonyms:
    """Names and what stands in their place; without any, nothing is touched."""

    names: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, folder: Path) -> Pseudonyms:
        """The rules of a theatre's folder (or of the folder its file is in); none where it has no such file.

        Raises:
            TheatreError: the file cannot be read as rules. The message names no name.
        """
        file = home_of(folder) / FILE_NAME
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
        _refuse(names)
        return cls({" ".join(name.split()): other for name, other in names.items()})

    def __bool__(self) -> bool:
        return bool(self.names)

    def text(self, text: str) -> str:
        """A text with every name replaced."""
        if not self.names:
            return text
        escaped = "\\u" in text or "&" in text or "%" in text
        return (self._escaped if escaped else self._plain).sub(self._other, text)

    def content(self, content: bytes) -> bytes:
        """The same for a file's bytes, in whatever encoding they are; bytes that are no text of it stay as they are."""
        if not self.names:
            return content
        if wide := _wide(content):
            for encoding in wide:
                content = self._decoded(
                    content, encoding, "surrogateescape" if encoding == "utf-8" else "surrogatepass"
                )
            return content
        cleaned = self._decoded(content, "utf-8", "surrogateescape")
        if not is_utf8(content):
            for encoding in _LEGACY:
                cleaned = self._decoded(cleaned, encoding, "surrogateescape")
        return cleaned

    def stream(self, stream: BufferedIOBase) -> BufferedIOBase:
        """A stream without the names, from where it stands; itself where there are no rules."""
        return io.BytesIO(self.content(stream.read())) if self.names else stream

    def _decoded(self, content: bytes, encoding: str, errors: str) -> bytes:
        """The bytes replaced as text of an encoding; an odd last byte of UTF-16 is kept."""
        odd = content[len(content) & ~1 :] if encoding.startswith("utf-16") else b""
        text = content[: len(content) - len(odd)].decode(encoding, errors)
        pattern = self._escaped if "\\u" in text or "&" in text or "%" in text else self._plain
        writable = {key: other.encode(encoding, "replace").decode(encoding) for key, other in self._folded.items()}
        found = pattern.sub(lambda match: writable[_key(match.group())], text)
        return content if found == text else found.encode(encoding, errors) + odd

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        return self._compiled(_letter, _HIDDEN)

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return self._compiled(_escaped_letter, _HIDDEN_ESCAPED)

    def _compiled(self, letter: Callable[[str], str], hidden: str) -> re.Pattern[str]:
        longest = sorted(self.names, key=len, reverse=True)
        words = (_BETWEEN.join(hidden.join(map(letter, word)) for word in name.split()) for name in map(_nfc, longest))
        return re.compile(rf"{_STARTS}(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_key(name): other for name, other in self.names.items()}

    def _other(self, found: re.Match[str]) -> str:
        return self._folded[_key(found.group())]


NO_PSEUDONYMS = Pseudonyms()
"""Where nobody is named otherwise."""


def _refuse(names: dict[str, str]) -> None:
    if short := sum(len(name.strip()) < 3 for name in names):
        raise TheatreError(
            f"{FILE_NAME}: {counted(short, 'name')} of fewer than 3 letters, which would be found inside words"
        )
    if breaking := sum(bool(_BREAKING & set(other)) for other in names.values()):
        raise TheatreError(
            f"{FILE_NAME}: {breaking} pseudonyms with a comma, a quote or the like: they would break rows"
        )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _letter(one: str) -> str:
    """A letter, composed or not; case is the pattern's affair."""
    apart = unicodedata.normalize("NFD", one)
    return re.escape(one) if apart == one else f"(?:{re.escape(one)}|{re.escape(apart)})"


def _escaped_letter(one: str) -> str:
    """The same, and as JSON, HTML and URLs write letters beyond ASCII, in both cases."""
    if one.isascii():
        return re.escape(one)
    forms = [_letter(one)]
    for case in dict.fromkeys((one, one.lower(), one.upper())):
        codes = [f"\\\\u{unit:04x}" for unit in _units(case)]
        points = [f"&\\#(?:{ord(c)}|x0*{ord(c):x});" for c in case]
        forms += ["".join(codes), "".join(points), re.escape(quote(case))]
    return f"(?:{'|'.join(forms)})"


def _units(text: str) -> list[int]:
    wide = text.encode("utf-16-be")
    return [int.from_bytes(wide[at : at + 2], "big") for at in range(0, len(wide), 2)]


def _key(name: str) -> str:
    """A name as it is compared: escapes undone, composed, its letters alone, without case."""
    bare = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), name)
    bare = _nfc(unquote(html.unescape(bare)))
    return re.sub(rf"(?:\\[nrt]|[\s_.\-+{_UNSEEN}])+", "", bare).casefold()


def _wide(content: bytes) -> tuple[str, ...]:
    """The UTF-16 that bytes are: told by their mark, or both kinds where they hold zeros; none of other bytes."""
    if content.startswith(b"\xff\xfe"):
        return ("utf-16-le",)
    if content.startswith(b"\xfe\xff"):
        return ("utf-16-be",)
    return ("utf-16-le", "utf-16-be", "utf-8") if b"\0" in content[:4096] else ()
