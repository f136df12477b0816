"""Reports under their keys while a batch is taken: which of those that came before a new one is compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from isofront.evidence.likeness import Keys, is_placed, reach_deg
from isofront.evidence.traits import Traits

MAX_SEARCHED = 64
"""How many reports under one key are looked at, so that a thousand reposts do not cost a million looks."""
_MANY = 16
_OFTEN = 2
"""A key with `_MANY` reports that was asked for this often is sorted into bands of latitude: only then does it pay."""
_BAND_DEG = 0.005
_MOST_BANDS = 24
_EXACT_M = 100.0
"""Reports less exact than this are in no band: their errors reach too far."""


@dataclass(slots=True)
class _Bands:
    """The reports of one key by latitude, as far as they were sorted in; those that are not exact apart."""

    sorted_in: int = 0
    exact: dict[int, list[int]] = field(default_factory=dict)
    wide: list[int] = field(default_factory=list)

    def put(self, n: int, traits: Traits) -> None:
        at = self.wide if traits.error_m > _EXACT_M else self.exact.setdefault(_band(traits.lat), [])
        at.append(n)


class Filing:
    """Numbers of lines under their keys, oldest first."""

    def __init__(self) -> None:
        self._under: dict[int, list[int]] = {}
        self._bands: dict[int, _Bands] = {}
        self._asked: dict[int, int] = {}

    def put(self, key: int, n: int) -> None:
        """File line `n`, which is newer than all."""
        if key in self._under:
            self._under[key].append(n)
        else:
            self._under[key] = [n]

    def lines(self) -> set[int]:
        """All that are filed."""
        return {n for filed in self._under.values() for n in filed}

    def meets(self, keys: Keys) -> bool:
        """Whether anything is filed where a report's near-duplicates could be."""
        return not self._under.keys().isdisjoint(keys.searched)

    def candidates(self, keys: Keys, traits: Traits, tell: Callable[[int], Traits]) -> list[int]:
        """Lines that could tell of near-duplicates, newest first: the newest of each key that do not lie too far.

        Two reports that lie far apart can only be linked by what they link to; then they share a key of that kind, too,
        under which all are looked at, unless more are filed there than are looked at.
        """
        held = [key for key in keys.searched if key in self._under]
        is_crowded = any(len(self._under[key]) >= MAX_SEARCHED for key in held if not is_placed(key))
        reach = math.inf if is_crowded else reach_deg(traits, _EXACT_M)
        first, last = (0, _MOST_BANDS) if math.isinf(reach) else (_band(traits.lat - reach), _band(traits.lat + reach))
        found: set[int] = set()
        for key in held:
            filed = self._under[key]
            if len(filed) >= _MANY and last - first < _MOST_BANDS and is_placed(key) and self._is_often(key):
                found.update(self._near(key, range(first, last + 1), tell))
            else:
                found.update(filed[-MAX_SEARCHED:])
        return sorted(found, reverse=True)

    def _is_often(self, key: int) -> bool:
        self._asked[key] = times = self._asked.get(key, 0) + 1
        return times >= _OFTEN

    def _near(self, key: int, bands: range, tell: Callable[[int], Traits]) -> list[int]:
        filed, sorted_ = self._under[key], self._bands.setdefault(key, _Bands())
        for n in filed[sorted_.sorted_in :]:
            sorted_.put(n, tell(n))
        sorted_.sorted_in = len(filed)
        oldest = filed[-MAX_SEARCHED:][0]
        near = [sorted_.wide, *(sorted_.exact[band] for band in bands if band in sorted_.exact)]
        return [n for some in near for n in _since(oldest, some)]


def _since(oldest: int, lines: list[int]) -> Iterable[int]:
    for n in reversed(lines):
        if n < oldest:
            return
        yield n


def _band(lat: float) -> int:
    return math.floor(lat / _BAND_DEG)
