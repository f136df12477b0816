"""Rows that came in a bundle and that nobody saved yet: shown below the row being written, to finish or discard.

They lie in a private file, one JSON object a line: `draft` is the row's name, `pasted` what was pasted, the rest are
cells. They are nobody's evidence until somebody finishes one and saves it as any other row.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from isofront.desk.desk import Desk
from isofront.desk.keeping import RowDraft
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.ground.files import write_atomically
from isofront.sources.columns import COLUMNS

UNSAVED_FILE = "unsaved.ndjson"
"""As `isofront bundle in` names it."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def unsaved(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/entry/unsaved`: the rows, each as a draft of the entry panel; lines that cannot be read are counted."""
    rows, unread = _rows(desk.private)
    return {"rows": [{"id": name, "draft": draft_of(row)} for name, row in rows.items()], "unread": unread}


def discard(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/unsaved/{id}/discard`: the row is finished or not wanted; only its line goes."""
    name, path = request.holes["id"], desk.private / UNSAVED_FILE
    with desk.alone():
        if name not in _rows(desk.private)[0]:
            raise NotFoundError(f"id: {name[:60]!r} is no row that came in a bundle")
        left = [line for line in _lines(path) if _named(line) != name]
        write_atomically(path, "".join(f"{line}\n" for line in left).encode(), private=True)
    return {"discarded": name}


def draft_of(row: dict[str, str]) -> RowDraft:
    """A row of a bundle as the entry panel keeps one; its cells count as set by hand, so that nothing changes them."""
    cells = {name: value for name, value in row.items() if name in COLUMNS and name not in ("happened_at", "id")}
    day = _DAY.match(row.get("happened_at", ""))
    spot = ["spot"] if {"lon", "lat"} <= set(cells) else []
    touched = [*cells, *spot, *(["day"] if day else [])]
    return RowDraft(text=row.get("pasted", ""), cells=cells, day=day[0] if day else "", touched=touched)


def _rows(folder: Path) -> tuple[dict[str, dict[str, str]], int]:
    """Readable rows by name, the first of each, and how many lines are none."""
    found: dict[str, dict[str, str]] = {}
    unread = 0
    for line in _lines(folder / UNSAVED_FILE):
        name = _named(line)
        if name is None:
            unread += 1
        else:
            told = json.loads(line)
            found.setdefault(name, {key: str(value) for key, value in told.items() if value is not None})
    return found, unread


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()] if path.exists() else []


def _named(line: str) -> str | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    name = told.get("draft") if isinstance(told, dict) else None
    return name if isinstance(name, str) and name else None


ROUTES = (
    Route("GET", "/api/entry/unsaved", unsaved),
    Route("POST", "/api/entry/unsaved/{id}/discard", discard),
)
