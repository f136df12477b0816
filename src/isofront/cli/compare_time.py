"""Two mappers over time for `isofront compare`: day by day, the lag between them, and who says what since when."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from isofront.cli.compare_maps import Maps
from isofront.cli.front.dated import Entry, day_text
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.cli.compare import Pair
    from isofront.cli.front.places import Town
    from isofront.compare.between import Mapped

SECONDS_PER_DAY = 86400.0
LAGS_OVER_TIME = 7
"""Over time the lag is looked for on so many days, evenly spaced, and the median taken."""

QUIET_S, TOLD_EACH_S = 2.0, 5.0
"""Work that takes longer says on stderr how far it is, and again every so often."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The map of B that is nearest to A's: its date, so many days later (+) or earlier (-), and the difference, km²."""

    days: float
    date: datetime
    km2: float
    same_day_km2: float
    first: datetime
    last: datetime

    @property
    def at_end(self) -> bool:
        """Whether it is the first or the last map that was looked at: the best lag may lie beyond."""
        return self.date in (self.first, self.last)


class Progress:
    """Says on stderr how far long work is, now and then."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._n = what, total, 0
        self._began = self._told = time.monotonic()

    def step(self) -> None:
        """One more is done."""
        self._n += 1
        now = time.monotonic()
        if now - self._began > QUIET_S and now - self._told > TOLD_EACH_S:
            self._told = now
            print(f"isofront: {self._what}: {self._n:,} of {self._total:,}", file=sys.stderr, flush=True)


def days_of(pair: Pair, first: datetime, last: datetime, *, max_age: int) -> list[tuple[Entry, Entry]]:
    """Every map of A from one day to another, with the newest map of B that is not too old for it.

    Raises:
        UsageError: there is no such pair.
    """
    a, b = (maps.source for maps in pair.maps)
    found = []
    for entry in a.entries:
        if entry.date is None or not first <= entry.date <= last:
            continue
        oldest = entry.date - timedelta(days=max_age)
        other = [one for one in b.entries if one.date is not None and oldest <= one.date <= entry.date]
        if other:
            found.append((entry, other[-1]))
    if not found:
        span = f"--from {day_text(first)} --to {day_text(last)}"
        raise UsageError(f"{span}: no day with a map of {a.name}, and one of {b.name} at most {max_age} days older")
    return found


# The lag


def lag_of(pair: Pair, entries: tuple[Entry, Entry], *, most_days: int) -> Lag | None:
    """Which earlier or later map of B is nearest to A's map; None where B has no other of those days."""
    import shapely

    mine, theirs = pair.maps
    here = entries[0].date or entries[1].date
    if here is None or not most_days:
        return None
    reach = timedelta(days=most_days)
    near = [one for one in theirs.source.entries if one.date is not None and abs(one.date - here) <= reach]
    if len(near) < 2:
        return None
    held = mine.mapped(entries[0]).held
    progress = Progress("looking for the lag, maps", len(near))
    apart: list[tuple[float, Entry]] = []
    for one in near:
        apart.append((_apart_km2(held, theirs.mapped(one).held, shapely), one))
        progress.step()
    same = next((km2 for km2, one in apart if one is entries[1]), None)
    if same is None:
        same = _apart_km2(held, theirs.mapped(entries[1]).held, shapely)
    km2, best = min(apart, key=lambda pair: (pair[0], abs(_days(here, pair[1].date))))
    when = best.date or here
    return Lag(_days(here, when), when, km2, same, near[0].date or here, near[-1].date or here)


def _apart_km2(a: Any, b: Any, shapely: Any) -> float:
    shared = float(shapely.area(shapely.intersection(a, b)))
    return float(shapely.area(a)) + float(shapely.area(b)) - 2 * shared


def _days(here: datetime, there: datetime | None) -> float:
    return 0.0 if there is None else (there - here).total_seconds() / SECONDS_PER_DAY


def lag_over(pair: Pair, entries: Sequence[tuple[Entry, Entry]], *, most_days: int) -> list[Lag]:
    """The lag on some days, evenly spaced."""
    n = min(LAGS_OVER_TIME, len(entries))
    picked = [entries[round(k * (len(entries) - 1) / max(1, n - 1))] for k in range(n)]
    found = [lag_of(pair, one, most_days=most_days) for one in picked]
    return [one for one in found if one is not None]


# Who says what, since when


@dataclass(frozen=True, slots=True)
class Says:
    """What a map says of a settlement, and the first day of the unbroken run in which it says so.

    `or_earlier`: the run begins with the mapper's first map. No day where the maps have none.
    """

    cls: str
    since: datetime | None
    or_earlier: bool


def says(maps: Maps, entry: Entry, towns: Sequence[Town], *, most_maps: int) -> list[Says]:
    """What a mapper says of each settlement's centre on a day, and since when."""
    earlier = [one for one in maps.source.entries if one is not entry and _is_before(one, entry)][-most_maps:]
    now = classes_at(maps.mapped(entry), towns)
    since: list[Entry] = [entry] * len(towns)
    open_ = set(range(len(towns)))
    progress = Progress(f"who says what since when, maps of {maps.source.name}", len(earlier))
    for one in reversed(earlier):
        if not open_:
            break
        then = classes_at(maps.mapped(one), [towns[k] for k in sorted(open_)])
        same = {k for k, cls in zip(sorted(open_), then, strict=True) if cls == now[k]}
        for k in same:
            since[k] = one
        open_ = same
        progress.step()
    first = earlier[0] if earlier else entry
    return [Says(cls, begun.date, begun is first) for cls, begun in zip(now, since, strict=True)]


def _is_before(one: Entry, entry: Entry) -> bool:
    return one.date is not None and entry.date is not None and one.date < entry.date


def classes_at(found: Mapped, towns: Sequence[Town]) -> list[str]:
    """held, grey or rest at the centre of each settlement."""
    import numpy as np
    import shapely

    east, north = (np.array([getattr(town, axis) for town in towns], float) for axis in ("east_km", "north_km"))
    held, grey = (shapely.intersects_xy(_prepared(shape), east, north) for shape in (found.held, found.grey))
    return ["held" if h else "grey" if g else "rest" for h, g in zip(held, grey, strict=True)]


def _prepared(shape: Any) -> Any:
    import shapely

    shapely.prepare(shape)
    return shape


def each(entries: Sequence[tuple[Entry, Entry]], measure: Callable[[tuple[Entry, Entry]], Any]) -> list[Any]:
    """A measure of every pair, with progress."""
    progress = Progress("compared, days", len(entries))
    found = []
    for pair in entries:
        found.append(measure(pair))
        progress.step()
    return found
