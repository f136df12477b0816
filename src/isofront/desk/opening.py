"""The day that a desk opens on: today, or in an old war the newest day with something on it."""

from __future__ import annotations

from datetime import date, timedelta

from isofront.desk.desk import Desk
from isofront.desk.reports import all_columns
from isofront.engine import read_standing

FAR = timedelta(days=14)
"""A war whose newest day lies farther back than this is not worked on as it happens."""


def opening_day(desk: Desk) -> date:
    """The day under work where the address names none.

    Raises:
        NotYet: the ledger is being read.
    """
    last = min(desk.today, desk.theatre.ends or desk.today)
    approved = _approved_day(desk)
    if not is_far(approved, last):
        return last
    newest = max((day for day in (approved, _reported_day(desk)) if day), default=None)
    return newest if newest and is_far(newest, last) else last


def is_far(day: date | None, last: date) -> bool:
    """Whether a day lies too far before the last one to open on that; so does no day at all."""
    return day is None or last - day > FAR


def _approved_day(desk: Desk) -> date | None:
    now = desk.now()
    approved = read_standing(desk.folder, as_of=now, known_by=now).approved
    return None if approved is None else approved.approval.as_of.date()


def _reported_day(desk: Desk) -> date | None:
    last = all_columns(desk)["last"]
    return None if last is None else date.fromisoformat(last)
