"""What a feed's reader needs besides the file: sides, the moment of reading, the bounds; and what was unmapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from isofront.feeds.cells import plain_text
from isofront.feeds.sides import CIVILIANS, Sides
from isofront.feeds.units import without_units
from isofront.ground.grid import Bounds

MAX_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """`unmapped` counts, while a file is read, the actors and colours that stand for no side.

    `labels` are what VIINA's second file says of each event.
    """

    sides: Sides
    now: datetime
    bounds: Bounds | None = None
    unmapped: Counter[str] = field(default_factory=Counter)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def side_of(self, actor: str) -> str:
        """The side's id; empty where there is none (an actor nobody mapped is counted)."""
        if not actor:
            return ""
        found = self.sides.of_actor(actor)
        if found is None:
            self.note_unmapped(actor)
            return ""
        return "" if found == CIVILIANS else found

    def note_unmapped(self, name: str) -> None:
        """Count a name that stands for no side; units in it are not told."""
        name = _bare(name)
        if name in self.unmapped or len(self.unmapped) < MAX_NAMES:
            self.unmapped[name] += 1


@lru_cache(maxsize=20_000)
def _bare(name: str) -> str:
    return without_units(plain_text(name, most=200))
