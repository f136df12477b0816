"""The desk itself: one theatre's folder, who sits there, and what was worked out so far."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from isofront.desk.workshop import NotYet, Say, Workshop
from isofront.engine import Draft, Ground, default_known_by, drafts, ground_of
from isofront.errors import UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.entry import FIRST_PREV
from isofront.evidence.store import only_writer
from isofront.theatre import load
from isofront.theatre.loading import FILE_NAME
from isofront.theatre.micro import LAYERS
from isofront.theatre.model import Theatre

T = TypeVar("T")
WAITING, WAITS = "another program writes to the ledger", "waits"
PRIVATE_FOLDER = "desk"
"""Where the desk keeps half-written rows and choices, in the theatre's folder; readable by its owner alone."""


def wall_clock() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Held:
    """A result's key: of which ledger head and theatre files it is, and what it is."""

    state: tuple[str, str]
    key: Hashable


@dataclass
class Desk:
    """What every topic works on. `editor` is whose name stands on decisions; `now` is asked, never read."""

    folder: Path
    editor: str = ""
    now: Callable[[], datetime] = wall_clock
    work: Workshop = field(default_factory=Workshop)
    tile_origins: tuple[str, ...] = ()
    """Origins (`https://tiles.example`) that the page may load pictures from; none until the user turns one on."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What a topic keeps between requests under its own name, whatever the ledger says meanwhile."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What topics keep while the desk is open and no longer, each under its own name."""
    _theatre: tuple[str, Theatre] | None = None
    _ground: tuple[str, Ground] | None = None
    _state: tuple[str, str] = ("", "")

    @property
    def decider(self) -> str:
        """Whose name stands on a decision.

        Raises:
            UsageError: nobody said.
        """
        if not self.editor:
            raise UsageError("by: a decision by nobody is none, wanted a name or pseudonym (top of the page, or --by)")
        return self.editor

    @property
    def today(self) -> date:
        """The day by the theatre's clock, by which a mapper's days and parts of days are meant."""
        return self.now().astimezone(ZoneInfo(self.theatre.timezone)).date()

    @property
    def private(self) -> Path:
        """The desk's own folder inside the theatre's."""
        return self.folder / PRIVATE_FOLDER

    @property
    def theatre_hash(self) -> str:
        """Names the theatre's file and the size and date of each file it names: changes whenever a draft would."""
        told = hashlib.sha256((self.folder / FILE_NAME).read_bytes())
        for path in sorted([*self.folder.iterdir(), *(self.folder / LAYERS).glob("*.geojson")]):
            if path.is_file() and not path.name.startswith(("ledger", "rejects", ".")):
                stat = path.stat()
                told.update(f"{path.name}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
        return told.hexdigest()

    @property
    def theatre(self) -> Theatre:
        """The theatre as its file says it now."""
        named = self.theatre_hash
        if self._theatre is None or self._theatre[0] != named:
            self._theatre = named, load(self.folder)
        return self._theatre[1]

    @property
    def ground(self) -> Ground:
        """Theatre, anchor, land and places: what does not change from day to day."""
        named = self.theatre_hash
        if self._ground is None or self._ground[0] != named:
            self._ground = named, ground_of(self.folder)
        return self._ground[1]

    @contextlib.contextmanager
    def ledger(self, *, write: bool = False) -> Iterator[Ledger]:
        """The ledger, opened for this one request; `write` makes it if there is none."""
        with Ledger.open(ledger_path(self.folder), create=write, write=write) as ledger:
            yield ledger

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Write with no other program writing: the theatre's lock, held to the end.

        Raises:
            NotYet: another program writes; nothing was written, and the page asks again by itself.
        """
        with only_writer(self.folder, waiting=self.told_to_wait):
            self.memory.pop(WAITS, None)
            yield

    def told_to_wait(self) -> None:
        """Another program holds the ledger.

        Raises:
            NotYet: always.
        """
        since = self.memory.setdefault(WAITS, time.monotonic())
        raise NotYet(WAITING, "", time.monotonic() - since)

    @property
    def has_ledger(self) -> bool:
        """Whether anything was ever recorded."""
        return ledger_path(self.folder).exists()

    @property
    def head(self) -> tuple[str, int]:
        """The ledger's last hash and how many lines it has."""
        if not self.has_ledger:
            return FIRST_PREV, 0
        with self.ledger() as ledger:
            return ledger.head, ledger.count

    def later(self, key: Hashable, make: Callable[[Say], T], *, name: str) -> T:
        """The result of long work on the theatre and ledger as they are now.

        Raises:
            NotYet: it is being worked on; the page asks again by itself.
        """
        state = self.head[0], self.theatre_hash
        if state != self._state:
            self._state = state
            self.work.drop(lambda held: isinstance(held, _Held) and held.state != state)
        return self.work.result(_Held(state, key), make, name=name)

    def draft(self, as_of: datetime, known_by: datetime | None = None) -> Draft:
        """The engine's draft of a day, kept until ledger or theatre change.

        Raises:
            NotYet: it is being worked on.
            UsageError: the day lies before the anchor's date.
        """
        known = known_by or default_known_by(as_of)
        return self.later(
            ("draft", as_of, known),
            lambda say: next(iter(drafts(self.folder, [as_of], [known], progress=say))),
            name=f"draft of {as_of:%Y-%m-%d}",
        )
