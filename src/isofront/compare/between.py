"""Two mappers' maps of one day side by side: ground, agreement near the line, the way between lines, one offset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int8
from isofront.front.apart import Apart, Difference, apart, deep_in, difference, line_in
from isofront.front.offset import Offset, best_offset
from isofront.ground import distance_blocks
from isofront.ground.distance_field import distance_km, inside_cells, segments_km
from isofront.ground.grid import Grid
from isofront.ground.repair import polygonal

CELL_M = 100.0
"""Agreement is counted over cells of this size whose middle lies in the frame."""

TILE = 1024
OFFSET_CELLS = 2_000_000
"""For the offset of a very large frame the cells are widened until at most this many remain."""

HELD, GREY, REST = 1, 2, 0


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapper draws, km: ground held by the side compared, and grey (empty where the mapper has none)."""

    held: BaseGeometry
    grey: BaseGeometry = field(default_factory=MultiPolygon)

    def within(self, frame: BaseGeometry) -> Mapped:
        """What is drawn inside a frame, grey only where it is not held."""
        held = polygonal(shapely.intersection(self.held, frame))
        grey = self.grey if self.grey.is_empty else shapely.difference(shapely.intersection(self.grey, frame), held)
        return Mapped(held, polygonal(grey))


@dataclass(frozen=True, slots=True)
class Band:
    """Agreement over the cells near A's line. IoU and kappa are of held; None where they are not defined."""

    n_cells: int
    n_equal: int
    n_a: int
    n_b: int
    n_both: int
    with_grey: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that were told apart: grey only where both maps draw it."""
        return ("held", "grey", "rest") if self.with_grey else ("held", "rest")

    @property
    def accuracy(self) -> float | None:
        """The share of cells to which both give the same class."""
        return self.n_equal / self.n_cells if self.n_cells else None

    @property
    def iou(self) -> float | None:
        """Cells held on both over cells held on either."""
        either = self.n_a + self.n_b - self.n_both
        return self.n_both / either if either else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of held and not held: (agreement − chance) / (1 − chance)."""
        if not self.n_cells:
            return None
        a, b, both = (count / self.n_cells for count in (self.n_a, self.n_b, self.n_both))
        chance = a * b + (1 - a) * (1 - b)
        agreed = 1 - (a + b - 2 * both)
        return (agreed - chance) / (1 - chance) if chance < 1 else None


@dataclass(frozen=True, slots=True)
class Between:
    """All that two maps of one day differ by, inside a frame. `band` and `line` are None where A has no line."""

    frame_km2: float
    difference: Difference
    band: Band | None
    line: Apart | None
    offset: Offset | None
    offset_cell_km: float


@dataclass(frozen=True, slots=True)
class Loops:
    """How cells are measured: by compiled loops, which take half a second to load, or without, for a single day."""

    compiled: bool = True

    def distance_km(self, grid: Grid, line: BaseGeometry, *, limit_km: float = np.inf) -> Float[np.ndarray, "ny nx"]:
        """Distance of cell centres to a line, km; past the limit it may be the limit."""
        if self.compiled:
            return distance_km(grid, segments_km(line), limit_km=limit_km)
        return distance_blocks.distance_of(grid, line)

    def inside(self, grid: Grid, polygons: BaseGeometry) -> Bool[np.ndarray, "ny nx"]:
        """Which cell centres lie inside polygons."""
        return inside_cells(grid, polygons) if self.compiled else distance_blocks.insides_of(grid, polygons)


COMPILED = Loops()


def between(
    a: Mapped,
    b: Mapped,
    frame: BaseGeometry,
    *,
    crs: str,
    band_km: float,
    land: BaseGeometry | None = None,
    loops: Loops = COMPILED,
) -> Between:
    """Compare two maps inside a frame (km); `band_km` is the band's whole width, `land` bounds the frame further."""
    ground = frame if land is None else polygonal(shapely.intersection(frame, land))
    one, other = a.within(ground), b.within(ground)
    line = line_in(one.held, ground, land=land)
    grid = Grid.over(ground.bounds, crs=crs, cell_km=CELL_M / 1000)
    return Between(
        frame_km2=float(shapely.area(ground)),
        difference=difference(one.held, other.held),
        band=None if line.is_empty else band_of(one, other, line, ground, grid=grid, band_km=band_km, loops=loops),
        line=apart(line, line_in(other.held, ground, land=land), deep_in(ground)),
        offset=None if line.is_empty else offset_of(one, other, line, ground, grid=coarse_enough(grid), loops=loops),
        offset_cell_km=coarse_enough(grid).cell_km,
    )


def coarse_enough(grid: Grid) -> Grid:
    """The grid, or one of cells a whole number of times as large."""
    times = int(np.ceil(np.sqrt(max(1.0, grid.nx * grid.ny / OFFSET_CELLS))))
    if times == 1:
        return grid
    nx, ny = -(-grid.nx // times), -(-grid.ny // times)
    return Grid(grid.crs, grid.west_km, grid.south_km, grid.cell_km * times, nx, ny)


def band_of(
    a: Mapped,
    b: Mapped,
    line: BaseGeometry,
    frame: BaseGeometry,
    *,
    grid: Grid,
    band_km: float,
    loops: Loops = COMPILED,
) -> Band:
    """Agreement over the cells of the frame within half the band's width of a line.

    Classes are held and the rest; held, grey and the rest where both maps draw grey.
    """
    with_grey = not (a.grey.is_empty or b.grey.is_empty)
    counts = np.zeros(5, np.int64)
    for part in tiles_near(grid, line, band_km / 2):
        near = loops.distance_km(part, line, limit_km=band_km) <= band_km / 2
        cells = near & loops.inside(part, frame)
        mine, theirs = (classes_of(one, part, with_grey=with_grey, loops=loops)[cells] for one in (a, b))
        held_a, held_b = mine == HELD, theirs == HELD
        counts += [cells.sum(), (mine == theirs).sum(), held_a.sum(), held_b.sum(), (held_a & held_b).sum()]
    n_cells, n_equal, n_a, n_b, n_both = (int(count) for count in counts)
    return Band(n_cells, n_equal, n_a, n_b, n_both, with_grey=with_grey)


def classes_of(one: Mapped, grid: Grid, *, with_grey: bool, loops: Loops = COMPILED) -> Int8[np.ndarray, "ny nx"]:
    """1 held, 2 grey, 0 the rest, by the middle of each cell."""
    classes = np.full(grid.shape, REST, np.int8)
    if with_grey:
        classes[loops.inside(grid, one.grey)] = GREY
    classes[loops.inside(grid, one.held)] = HELD
    return classes


def tiles_near(grid: Grid, line: BaseGeometry, reach_km: float) -> Iterator[Grid]:
    """The grid in parts of at most `TILE` cells a side, those alone to which the line comes near."""
    shapely.prepare(line)
    for row in range(0, grid.ny, TILE):
        for column in range(0, grid.nx, TILE):
            part = grid.part(slice(row, row + TILE), slice(column, column + TILE))
            if shapely.dwithin(line, shapely.box(*part.box_km), reach_km):
                yield part


def offset_of(
    a: Mapped, b: Mapped, line: BaseGeometry, frame: BaseGeometry, *, grid: Grid, loops: Loops = COMPILED
) -> Offset | None:
    """The best single offset of A's line toward B, over the cells of the frame."""
    cells = loops.inside(grid, frame)
    away = loops.distance_km(grid, line)[cells]
    phi: Float[np.ndarray, " n"] = np.where(loops.inside(grid, a.held)[cells], away, -away)
    in_b: Bool[np.ndarray, " n"] = loops.inside(grid, b.held)[cells]
    return best_offset(phi, in_b, cell_km=grid.cell_km)
