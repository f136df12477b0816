"""How well drones see on each day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from isofront.arrays import Bool


def bad_days(n_days: int, *, share: float, rng: np.random.Generator) -> Bool[np.ndarray, " n_days"]:
    """Which days are bad: spells of three days on average, `share` of all days in the long run."""
    stay = 2 / 3
    begin = share * (1 - stay) / max(1 - share, 1e-9)
    draws = rng.random(n_days)
    bad = np.zeros(n_days, dtype=bool)
    for day in range(n_days):
        chance = share if day == 0 else (stay if bad[day - 1] else begin)
        bad[day] = draws[day] < chance
    return bad


def bad_dates(bad: Bool[np.ndarray, " n_days"], starts: date) -> tuple[date, ...]:
    """The dates of the bad days."""
    return tuple(starts + timedelta(days=int(day)) for day in np.flatnonzero(bad))
