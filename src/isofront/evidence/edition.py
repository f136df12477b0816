"""What was published, in the ledger: editions with what they were made from, and what was pulled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from isofront.errors import IntegrityError, UsageError
from isofront.evidence.decision import Ground, Polygons
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger
from isofront.evidence.versioned import decoded

VERSION = 1
EDITION, PULL = "edition", "pull"


class Edition(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One edition: which approved map, under which policy, from which ledger, and the hash of each file.

    `made_at` is the moment that delays were counted to (an hour's start), `head` the ledger before this entry,
    `inputs` the hash of the cleared reports and statements as the public engine read them. `by` approved the map,
    `second` agreed to a large change; `bypass` says why nobody did, which is public. `corrects` names the edition that
    this one puts right, `corrected` the ground, `reason` why.
    """

    id: str
    number: int
    as_of: datetime
    known_by: datetime
    approval: str
    made_at: datetime
    by: str
    engine: str
    policy: str
    protected: tuple[str, ...]
    head: str
    inputs: str
    files: dict[str, str]
    second: str | None = None
    bypass: str | None = None
    reason: str = ""
    corrects: str | None = None
    simulated: bool = False
    version: int = VERSION


class EditionMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The raw bytes of an edition: its areas (km), the ground it corrects, and each settlement's class."""

    crs: str
    areas: tuple[Ground, ...]
    corrected: Polygons
    settlements: dict[str, str]
    version: int = VERSION


class Pull(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An edition taken out of the public's sight at once; `reason` is public."""

    id: str
    edition: str
    at: datetime
    reason: str
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Published:
    """All that was published, with the number of each line, oldest first; and what was pulled, by edition."""

    editions: tuple[tuple[int, Edition], ...] = ()
    pulled: tuple[tuple[int, Pull], ...] = ()

    def named(self, name: str) -> tuple[int, Edition]:
        """An edition by its id, with its line.

        Raises:
            UsageError: there is none.
        """
        for n, one in self.editions:
            if one.id == name:
                return n, one
        known = ", ".join(one.id for _, one in self.editions) or "none yet"
        raise UsageError(f"edition {name!r} is not in the ledger, wanted one of: {known}")

    def pull_of(self, name: str) -> Pull | None:
        """The first pull of an edition, if it was pulled."""
        return next((one for _, one in self.pulled if one.edition == name), None)

    @property
    def corrections(self) -> dict[str, Edition]:
        """By the edition that was wrong, the last that puts it right."""
        return {one.corrects: one for _, one in self.editions if one.corrects is not None}

    def upto(self, n: int) -> Published:
        """What stood before line `n`."""
        return Published(
            tuple(one for one in self.editions if one[0] < n), tuple(one for one in self.pulled if one[0] < n)
        )

    @property
    def last(self) -> tuple[int, Edition] | None:
        """The newest edition that was not pulled."""
        return next((told for told in reversed(self.editions) if self.pull_of(told[1].id) is None), None)


def read_published(ledger: Ledger) -> Published:
    """Every edition and pull of a ledger.

    Raises:
        IntegrityError: an entry is not what its type says.
    """
    editions, pulled = [], []
    for n, kind, body in ledger.records(EDITION, PULL):
        where = f"{ledger.path}: ledger line {n}"
        if kind == EDITION:
            editions.append((n, decoded(body, Edition, newest=VERSION, where=where)))
        else:
            pulled.append((n, decoded(body, Pull, newest=VERSION, where=where)))
    return Published(tuple(editions), tuple(pulled))


def read_edition_map(ledger: Ledger, n: int) -> EditionMap:
    """The map of the edition in line `n`.

    Raises:
        IntegrityError: its bytes are gone or are no map.
    """
    where = f"{ledger.path}: ledger line {n}"
    raw = ledger.raw(n)
    if raw is None:
        raise IntegrityError(f"{where}: the edition's bytes are gone")
    return decoded(raw, EditionMap, newest=VERSION, where=where)


def edition_entry(edition: Edition, made: EditionMap) -> Entry:
    """An edition for the ledger, its map as raw bytes."""
    return Entry(EDITION, edition.id, msgspec.json.encode(edition), msgspec.json.encode(made))


def pull_entry(pull: Pull) -> Entry:
    """A pull for the ledger."""
    return Entry(PULL, pull.id, msgspec.json.encode(pull))


def edition_id(number: int, as_of: datetime) -> str:
    """An edition's name: its number and its day."""
    return f"{number:04d}-{as_of:%Y-%m-%d}"


def sha256(content: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(content).hexdigest()
