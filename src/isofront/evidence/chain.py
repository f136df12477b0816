"""The end of the chain while a transaction adds to it."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime

import apsw

from isofront.evidence.entry import SALT_BYTES, Line, hash_of, line_bytes, salted

OF_SUBJECT = "SELECT n FROM payload WHERE n = :n OR (subject = :n AND subject <> n AND n <= :last)"
"""Every entry about report :n, from its first telling up to line :last."""


class ChainEnd:
    """The end of the chain while a transaction adds to it; rows are written together by `flush`."""

    def __init__(self, db: apsw.Connection, n: int, head: str, *, now: datetime) -> None:
        self.n, self._head, self._db = n, head, db
        self._at = now.astimezone(UTC).replace(microsecond=0)
        self._salts: list[bytes] = []
        self._lines: list[tuple[int, bytes, bytes]] = []
        self._payloads: list[tuple[int, int, bytes, bytes, bytes | None]] = []

    def add(
        self,
        kind: str,
        *,
        of: int | None = None,
        to: int | None = None,
        why: str | None = None,
        body: bytes | None = None,
        raw: bytes = b"",
    ) -> int:
        """Put a line at the end; its number."""
        self.n += 1
        salt = self._salt()
        named = salted(salt, body) if body is not None else None
        line = line_bytes(
            Line(self.n, self._head, kind, self._at, of, to, why, named, salted(salt, raw) if raw else None)
        )
        hashed = hash_of(line)
        self._head = hashed.hex()
        self._lines.append((self.n, line, hashed))
        if body is not None:
            self._payloads.append((self.n, of or self.n, salt, body, raw or None))
        return self.n

    def _salt(self) -> bytes:
        """The next of a hundred salts drawn at a time, for asking the system costs more than the bytes."""
        if not self._salts:
            drawn = os.urandom(SALT_BYTES * 100)
            self._salts = [drawn[at : at + SALT_BYTES] for at in range(0, len(drawn), SALT_BYTES)]
        return self._salts.pop()

    def flush(self) -> None:
        """Write the lines added since the last flush, inside the caller's transaction."""
        self._db.executemany("INSERT INTO chain VALUES(?, ?, ?)", self._lines)
        self._db.executemany("INSERT INTO payload VALUES(?, ?, ?, ?, ?)", self._payloads)
        self._lines.clear()
        self._payloads.clear()


def id_hash(report_id: str) -> bytes:
    """What a tombstone keeps of an id: enough to know it again, no more."""
    return hashlib.sha256(report_id.encode()).digest()
