"""`isofront add --approved`: a user's own dated maps as the theatre's approved maps."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.cli.read_map import files_in, read_all, tell, wished
from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.intake_maps import Told
    from isofront.makers import MapFile

SAY_EVERY_S = 2.0
MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class Own:
    """What goes with the maps: who approved them, why, what their classes mean, the theatre's ids for their sides."""

    by: str | None
    reason: str | None
    crosswalk: Path | None
    sides: str | None

    @property
    def given(self) -> bool:
        """Whether any of it was said."""
        return any(one is not None for one in (self.by, self.reason, self.crosswalk, self.sides))


def add_maps(folder: Path, paths: Sequence[Path], own: Own, *, waiting: Callable[[], None], as_json: bool) -> int:
    """Read the maps, record each of their dates as approved, and say what became of them."""
    from isofront.evidence.decision import Judge
    from isofront.intake_maps import add_approved
    from isofront.makers import load
    from isofront.theatre import load as theatre_of

    if not (own.by or "").strip():
        raise UsageError("--by is missing: a map approved by nobody is none, wanted a name or pseudonym")
    walk = load(own.crosswalk) if own.crosswalk else None
    wish = replace(wished(own.sides), bounds=theatre_of(folder).bounds)
    read = read_all(files_in([str(path) for path in paths]), None, walk, wish)
    tell(read, with_options=False)
    invented = next((one.file for one in read if one.stamped.simulated), None)
    if invented is not None and not theatre_of(folder).simulated:
        raise BadInputError(
            f"{invented}: says that it is SIMULATED, wanted maps of real ground, or simulated = true in theatre.toml"
        )
    judge = Judge(str(own.by).strip(), (own.reason or "our own map").strip(), datetime.now(UTC))
    told = add_approved(folder, read, judge, waiting=waiting, progress=_progress())
    for note in [*told.notes, *(f"{one.file}: {one.reason}" for one in told.rejects)][: 4 * MOST_SAID]:
        print(f"isofront: {note}", file=sys.stderr)
    document = _document(told, read)
    print(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(_lines(document)))
    return 0 if told.added or told.duplicates else BadInputError.exit_code


def _progress() -> Callable[[int, int], None]:
    last = [time.monotonic()]

    def tick(number: int, of: int) -> None:
        if time.monotonic() - last[0] > SAY_EVERY_S:
            last[0] = time.monotonic()
            print(f"isofront: map {number:,} of {of:,}", file=sys.stderr, flush=True)

    return tick


def _document(told: Told, read: Sequence[MapFile]) -> dict[str, Any]:
    from isofront.publish.stamp import utc_text

    unmapped: dict[str, int] = {}
    for file in read:
        for kind, n in file.unmapped.items():
            unmapped[kind] = unmapped.get(kind, 0) + n
    rejects = [*(one for file in read for one in file.rejects), *told.rejects]
    return {
        "maps": told.read,
        "approved": [utc_text(when) for when in told.added],
        "duplicates": told.duplicates,
        "rejects": [{"file": one.file, "row": one.row, "reason": one.reason} for one in rejects],
        "unmapped": unmapped,
        "notes": told.notes,
        "starts_from": None if told.start is None else utc_text(told.start),
        "head": told.head,
    }


def _lines(document: dict[str, Any]) -> list[str]:
    days = [when[:10] for when in document["approved"]]
    span = "" if not days else f" ({days[0]})" if len(days) == 1 else f" ({days[0]} to {days[-1]})"
    known = f", {document['duplicates']:,} already known" if document["duplicates"] else ""
    refused = f", {len(document['rejects']):,} rejected" if document["rejects"] else ""
    lines = [f"{counted(document['maps'], 'dated map')}: {len(days):,} approved{span}{known}{refused}"]
    if document["starts_from"]:
        lines.append(f"  maps start from the one of {document['starts_from'][:10]} now; theatre.toml names its file")
    lines.append(f"ledger: head {document['head']}")
    return lines
