"""A pasted table: its columns guessed, its rows looked at before anything is written, then added as a file would be."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from typing import Any

import msgspec

from isofront.desk.desk import WAITS, Desk
from isofront.desk.guessing import ROLES, Table, canonical, read_table
from isofront.desk.habits import channel_of, source_of
from isofront.desk.pasted import finder
from isofront.desk.routing import Request, Route
from isofront.desk.rows import as_csv, sentences, usual_habits
from isofront.desk.ukrainian import both
from isofront.errors import BadInputError, UsageError
from isofront.ground.files import write_atomically
from isofront.intake import add_files
from isofront.sources import Found, Refused, Terms, read_file

MOST_SHOWN = 200
"""At most this many rejects are listed; the rest are counted."""
SHOWN_ROWS = 12
SHOWN_CHARS = 160


class _Paste(msgspec.Struct, forbid_unknown_fields=True):
    """`roles` are what the user says of the columns; `source` is who reports where rows do not say."""

    text: str
    roles: list[str] | None = None
    source: str = ""
    backfill: bool = False


def preview(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/bulk` `{text, roles?, source, backfill}`: what would become of each row; nothing is written."""
    asked = request.read(_Paste)
    table, roles = _table(desk, asked)
    read, fault = _tried(desk, asked, table, roles)
    good = [one for one in read if isinstance(one, Found)]
    bad = [one for one in read if isinstance(one, Refused)]
    return {
        "fault": None if fault is None else both(fault),
        "roles": list(roles),
        "choices": list(ROLES),
        "header": table.header,
        "rows": [[cell[:SHOWN_CHARS] for cell in row] for row in table.rows[:SHOWN_ROWS]],
        "n_rows": len(table.rows),
        "n_good": len(good),
        "first": [sentences(desk, one.report) for one in good[:SHOWN_ROWS]],
        "n_rejects": len(bad),
        "rejects": [
            {
                "row": one.row,
                "column": one.column,
                "reason": one.reason,
                "text": _shown(table, one.row),
                "said": both(one.reason, column=one.column),
            }
            for one in bad[:MOST_SHOWN]
        ],
        "doubts": dict(Counter(doubt.name.lower() for one in good for doubt in one.doubts)),
    }


def save(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/bulk/save`, the same body: the rows as a private file, and that file through `add`."""
    asked = request.read(_Paste)
    table, roles = _table(desk, asked)
    content = as_csv(_rows(desk, table, roles))
    path = desk.private / f"pasted-{hashlib.sha256(content).hexdigest()[:12]}.csv"
    write_atomically(path, content, private=True)
    tally = add_files(
        desk.folder,
        [path],
        backfill=asked.backfill,
        now=desk.now(),
        theatre=desk.theatre,
        source=asked.source or None,
        waiting=desk.told_to_wait,
    )
    desk.memory.pop(WAITS, None)
    if faults := [one.fault for one in tally.files if one.fault]:
        raise BadInputError("; ".join(faults))
    counts = ("read", "added", "duplicates", "rejects", "linked")
    return {name: tally.total(name) for name in counts} | {"head": tally.head, "count": tally.count, "file": path.name}


def _table(desk: Desk, asked: _Paste) -> tuple[Table, tuple[str, ...]]:
    terms = Terms.of(desk.theatre, now=desk.now(), backfill=asked.backfill)
    table = read_table(asked.text, terms=terms, place_of=finder(desk.ground.settlements))
    if not table.rows:
        raise BadInputError("the pasted text holds no rows, wanted lines copied from a spreadsheet")
    roles = tuple(asked.roles) if asked.roles is not None else table.roles
    unknown = [role for role in roles if role and role not in ROLES]
    doubles = [role for role, n in Counter(role for role in roles if role).items() if n > 1]
    if unknown or doubles or len(roles) != len(table.roles):
        told = unknown or doubles or [f"{len(roles)} columns, wanted {len(table.roles)}"]
        raise UsageError(f"roles: {', '.join(told)[:80]}: wanted each column of evidence once at most")
    return table, roles


def _rows(desk: Desk, table: Table, roles: tuple[str, ...]) -> list[dict[str, str]]:
    rows = canonical(
        table,
        roles,
        bounds=desk.theatre.box,
        place_of=finder(desk.ground.settlements),
        today=desk.today,
    )
    if "source" not in roles:
        habits, sources = usual_habits(desk), desk.theatre.sources
        whose = [source_of(channel_of(row.get("url", "")), habits, sources) for row in rows]
        rows = [row | ({"source": one} if one else {}) for row, one in zip(rows, whose, strict=True)]
    if desk.theatre.simulated:
        rows = [row | {"note": _simulated(row.get("note", ""))} for row in rows]
    return rows


def _simulated(note: str) -> str:
    return note if "SIMULATED" in note else f"{note} SIMULATED".strip()


def _read(desk: Desk, asked: _Paste, table: Table, roles: tuple[str, ...]) -> list[Found | Refused]:
    terms = Terms.of(desk.theatre, now=desk.now(), backfill=asked.backfill, source=asked.source or None)
    content = as_csv(_rows(desk, table, roles))
    return list(read_file(io.BytesIO(content), file="the pasted rows", terms=terms).rows)


def _tried(desk: Desk, asked: _Paste, table: Table, roles: tuple[str, ...]) -> tuple[list[Found | Refused], str | None]:
    """The rows read; or none, and what of the columns stands in the way: the user may still say what they are."""
    try:
        return _read(desk, asked, table, roles), None
    except BadInputError as fault:
        return [], str(fault)


def _shown(table: Table, line: int) -> str:
    """The pasted row behind a line of the file made of it: line 1 holds the names."""
    place = line - 2
    return " · ".join(table.rows[place])[:SHOWN_CHARS] if 0 <= place < len(table.rows) else ""


ROUTES = (
    Route("POST", "/api/entry/bulk", preview),
    Route("POST", "/api/entry/bulk/save", save),
)
