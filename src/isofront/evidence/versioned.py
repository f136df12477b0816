"""Records that lie in the ledger as JSON and say their version: read into their type, or refused in one line."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from isofront.errors import IntegrityError

FIRST_VERSION = 1
"""Of records that state none."""
T = TypeVar("T")


class _Versioned(msgspec.Struct):
    version: int = FIRST_VERSION


def decoded(content: bytes, kind: type[T], *, newest: int, where: str) -> T:
    """The record; `newest` is the latest version of it that this program knows.

    Raises:
        IntegrityError: it is no such record, or of a later version.
    """
    try:
        version = msgspec.json.decode(content, type=_Versioned).version
        if version > newest:
            raise IntegrityError(f"{where}: {kind.__name__} of version {version}, wanted {newest} or less")
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as fault:
        raise IntegrityError(f"{where}: not a {kind.__name__.lower()} ({fault})") from fault
