"""What a map's file says of itself in whatever format: that it is PRIVATE, that it is SIMULATED."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

_PRIVATE = re.compile(rb"\bPRIVATE\b")
_SIMULATED = re.compile(rb"\bSIMULATED\b")
_TRUE = re.compile(rb'"simulated"\s*:\s*"?true', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a file says of itself."""

    private: bool = False
    simulated: bool = False

    @property
    def words(self) -> str:
        """The stamps as one string; empty where there is none."""
        return " ".join(word for word, so in (("PRIVATE", self.private), ("SIMULATED", self.simulated)) if so)


def stamped(path: Path) -> Stamped:
    """What a file of any size says: it is not read whole."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            private = content.find(b"stamp") >= 0 and _PRIVATE.search(content) is not None
            simulated = _SIMULATED.search(content) is not None
            return Stamped(private, simulated or _TRUE.search(content) is not None)
    except (OSError, ValueError):
        return Stamped()  # not there, or empty: whoever reads it next says so
