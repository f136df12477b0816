"""The ladder from open to taken, and its hold: a rung must last before it is said to have changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

HOLD_DAYS = 3
"""How long a new rung must last before it takes the place of the old one."""


class Rung(Enum):
    """The ladder from open to taken."""

    OPEN = "open"
    SEMI_ENCLOSED = "semi_enclosed"
    POCKET = "pocket"
    GAP_2_5 = "gap_2_5"
    GAP_UNDER_2 = "gap_under_2"
    NO_GAP = "no_gap"
    TAKEN = "taken"


RUNGS = tuple(Rung)
"""Every rung, from open down to taken."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where one rung ends and the next begins, km of neck; and how many days a new rung must last."""

    open_km: float | int = 30.0
    pocket_km: float | int = 10.0
    gap_km: float | int = 5.0
    close_km: float | int = 2.0
    hold_days: float | int = HOLD_DAYS

    def rung(self, neck_km: float) -> Rung:
        """The rung of a place that is not taken."""
        if neck_km <= 0:
            return Rung.NO_GAP
        steps = ((self.close_km, Rung.GAP_UNDER_2), (self.gap_km, Rung.GAP_2_5), (self.pocket_km, Rung.POCKET))
        for below_km, rung in steps:
            if neck_km < below_km:
                return rung
        return Rung.SEMI_ENCLOSED if neck_km <= self.open_km else Rung.OPEN


def held_rungs(
    days: Sequence[date | datetime], rungs: Sequence[Rung | None], hold_days: float | int = HOLD_DAYS
) -> tuple[Rung | None, ...]:
    """The rung to state on each day of a series (in order of time), so that a line that wavers moves no word.

    The first rung known is stated at once. After that it moves no farther than all maps of the last `hold_days` days
    agree: to the nearest of the rungs they show, if all of them lie on one side of it. These maps are today's, those
    before it, and the last one that is `hold_days` old or older. A day without a rung (None) changes nothing.
    """
    known = [k for k, rung in enumerate(rungs) if rung is not None]
    moves = dict(zip(known, _moves([days[k] for k in known], [_step(rungs[k]) for k in known], hold_days), strict=True))
    stated: Rung | None = None
    found = []
    for k in range(len(rungs)):
        stated = RUNGS[moves[k]] if k in moves else stated
        found.append(stated)
    return tuple(found)


def settled_rungs(
    days: Sequence[date | datetime], rungs: Sequence[Rung | None], hold_days: float | int = HOLD_DAYS
) -> tuple[bool, ...]:
    """Whether the rung to state on each day would be the same whatever was stated before the first of them.

    The moves of `held_rungs` keep the order of what they start from, so it is enough to start at both ends.
    """
    known = [k for k, rung in enumerate(rungs) if rung is not None]
    steps, own = [_step(rungs[k]) for k in known], [days[k] for k in known]
    ends = [_moves(own, steps, hold_days, start=start) for start in (0, len(RUNGS) - 1)]
    same = {k: low == high for k, low, high in zip(known, *ends, strict=True)}
    settled, found = False, []
    for k in range(len(rungs)):
        settled = same.get(k, settled)
        found.append(settled)
    return tuple(found)


def _step(rung: Rung | None) -> int:
    return -1 if rung is None else RUNGS.index(rung)


def _moves(
    days: Sequence[date | datetime], steps: Sequence[int], hold_days: float | int, *, start: int | None = None
) -> list[int]:
    """The stated step on each day, from `start` (else the first step): held to the range of the last `hold_days`."""
    found: list[int] = []
    for k, day in enumerate(days):
        n_old = bisect_right(days, day - timedelta(days=hold_days), hi=k + 1)
        recent = steps[n_old - 1 : k + 1] if n_old else ()
        stated = found[-1] if found else steps[k] if start is None else start
        found.append(min(max(stated, min(recent)), max(recent)) if recent else stated)
    return found
