"""Rings out of well-known binary, without building a shape: counts are checked against the bytes that are there."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import numpy as np

from isofront.errors import BadInputError
from isofront.ground.rings import MAX_DEPTH, Budget, Ring, checked_ring

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000


def polygons_in_wkb(
    content: bytes, *, where: str, budget: Budget, check: Callable[..., Ring] = checked_ring
) -> list[list[Ring]]:
    """The rings of each polygon in a WKB, ISO or EWKB geometry, height and measure dropped; `check` passes each ring.

    Raises:
        BadInputError: it is cut short, too deep, too large, or holds something other than polygons.
    """
    try:
        return list(_Reader(content, where=where, budget=budget, check=check).geometry(depth=0))
    except (struct.error, ValueError) as fault:
        raise BadInputError(f"{where}: its geometry is damaged ({fault}), wanted well-known binary") from fault


class _Reader:
    """A cursor over one geometry's bytes."""

    def __init__(self, content: bytes, *, where: str, budget: Budget, check: Callable[..., Ring]) -> None:
        self.content = content
        self.at = 0
        self.where = where
        self.budget = budget
        self.check = check

    def geometry(self, *, depth: int) -> Iterator[list[Ring]]:
        if depth > MAX_DEPTH:
            raise BadInputError(f"{self.where}: collections nested more than {MAX_DEPTH} deep, wanted polygons")
        order = "<" if self._take("B") == 1 else ">"
        kind, dimensions = self._kind(order)
        if kind == _POLYGON:
            yield from self._polygon(order, dimensions)
        elif kind in (_MULTIPOLYGON, _COLLECTION):
            for _ in range(self._take(f"{order}I")):
                yield from self.geometry(depth=depth + 1)
        else:
            raise BadInputError(f"{self.where}: geometry of WKB type {kind}, wanted a Polygon or MultiPolygon")

    def _take(self, form: str) -> int:
        (value,) = struct.unpack_from(form, self.content, self.at)
        self.at += struct.calcsize(form)
        return int(value)

    def _kind(self, order: str) -> tuple[int, int]:
        """(type, coordinates per vertex)."""
        code = self._take(f"{order}I")
        if code & _EWKB_SRID:
            self._take(f"{order}I")
        iso, kind = divmod(code & 0xFFFF, 1000)
        extra = {0: 0, 1: 1, 2: 1, 3: 2}.get(iso, 0) + bool(code & _EWKB_Z) + bool(code & _EWKB_M)
        return kind, 2 + extra

    def _polygon(self, order: str, dimensions: int) -> Iterator[list[Ring]]:
        rings = [self._ring(order, dimensions) for _ in range(self._take(f"{order}I"))]
        if rings:
            yield rings

    def _ring(self, order: str, dimensions: int) -> Ring:
        n = self._take(f"{order}I")
        self.budget.spend(n)
        numbers = np.frombuffer(self.content, dtype=f"{order}f8", count=n * dimensions, offset=self.at)
        self.at += 8 * n * dimensions
        return self.check(numbers.reshape(n, dimensions)[:, :2].astype(np.float64), where=self.where)
