"""One ledger line and the hashes that chain it; the line itself holds nothing that anyone could want destroyed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

FIRST_PREV = "0" * 64
"""What the first line names as the line before it."""

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """What a room hands to the ledger: a type, the id it is about, its bytes, and the input bytes it came from.

    `type` is open: report, retraction, correction, link, redaction, claim, decision, assessment, approval, ….
    """

    type: str
    id: str
    body: bytes
    raw: bytes = b""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line of the chain: numbers, hashes and rule names only.

    `prev` is the SHA-256 of the line before. `of` is the number of the entry it is about, `to` the other end of a
    link, `why` the rule that made the link. `body` and `raw` name the bytes beside the chain by salted SHA-256.
    """

    n: int
    prev: str
    type: str
    at: datetime
    of: int | None = None
    to: int | None = None
    why: str | None = None
    body: str | None = None
    raw: str | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)


def line_bytes(line: Line) -> bytes:
    """The exact bytes that are hashed and kept: JSON, fields in the order above, empty ones left out."""
    return _ENCODER.encode(line)


def read_line(line: bytes) -> Line:
    """The line in these bytes; raises `msgspec.DecodeError` (or a subclass) where they are not one."""
    return _DECODER.decode(line)


def hash_of(line: bytes) -> bytes:
    """SHA-256 of a line's exact bytes."""
    return hashlib.sha256(line).digest()


def salted(salt: bytes, content: bytes) -> str:
    """The name by which a line knows bytes beside the chain: hex SHA-256 of salt and bytes.

    Salted, so that once the bytes (and the salt with them) are destroyed nobody can test a guess against the name.
    """
    return hashlib.sha256(salt + content).hexdigest()
