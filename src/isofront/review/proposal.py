"""A piece of changed ground as a question to an editor, and whether it is worth asking."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Int
from isofront.control.field import Field
from isofront.evidence.decision import named
from isofront.ground.distance_field import inside_cells
from isofront.ground.grid import Grid
from isofront.review.pieces import Piece

MOST_CELLS = 25
ID_KM = 0.1
"""How far apart (km) the spots lie by which ground is known again: what differs by less is a sliver."""
ID_OFF = 0.118
"""Spots lie this share of `ID_KM` off any round number, where edges run."""


@dataclass(frozen=True, slots=True)
class Push:
    """Mean share of a report or decision in the depth over a piece, km: positive for the change, else against it."""

    id: str
    km: float


@dataclass(frozen=True, slots=True)
class Settling:
    """What one more exact sighting of `side` in the middle of the piece would make of the probability."""

    side: str
    p_after: float
    turns: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the draft would change: ground (km), from whom to whom, how probable, and why.

    `p` is the mean probability over the piece of what it would become; `p_before` of what it was. `sure` is how sure it
    is that the change is right: `p` for ground that becomes held, else 1 - `p_before`. `core_km2` is how much of it is
    changed with the theatre's `least_p`.
    """

    id: str
    piece: Piece
    p: float
    p_before: float
    sure: float
    core_km2: float
    pushes: tuple[Push, ...]
    others_km: float
    n_others: int
    near: str
    decisions: frozenset[str] = frozenset()
    settling: Settling | None = None

    @property
    def reasons(self) -> tuple[Push, ...]:
        """The reports behind it, largest share first."""
        return tuple(push for push in self.pushes if push.km > 0)

    @property
    def by_reports(self) -> bool:
        """Whether a report is the largest push for it, not an editor's statement: that spoke of other ground."""
        return bool(self.reasons) and self.reasons[0].id not in self.decisions

    @property
    def against(self) -> tuple[Push, ...]:
        """Counter-evidence, largest share first."""
        return tuple(push for push in self.pushes if push.km < 0)


def proposal_id(as_of_text: str, piece: Piece) -> str:
    """A short id: equal for equal day, ground and classes, another if one of them differs.

    It names what was looked at, so that no answer is taken for other ground. Ground that is drawn again beside an
    approved map comes back with points added on its edges and some of them centimetres off: that is the same ground.
    """
    return named("p", as_of_text, piece.before, piece.after, _ground_key(piece.shape))


def _ground_key(shape: BaseGeometry) -> str:
    """Which spots of a fixed lattice lie in it; of ground too small for any, its vertices to a metre."""
    west, south, east, north = np.asarray(shapely.bounds(shape)) / ID_KM
    column, row = int(np.floor(west)) - 1, int(np.floor(south)) - 1
    n_columns, n_rows = int(np.ceil(east)) - column + 1, int(np.ceil(north)) - row + 1
    at = Grid("", (column + ID_OFF) * ID_KM, (row + ID_OFF) * ID_KM, ID_KM, n_columns, n_rows)
    inside = inside_cells(at, shape)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if len(rows):
        cut = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        spots = hashlib.sha256(np.packbits(cut).tobytes()).hexdigest()
        return f"{row + rows[0]} {column + columns[0]} {cut.shape} {spots}"
    rounded = shapely.normalize(shapely.transform(shape, lambda points: np.round(points, 3) + 0.0))
    return str(shapely.to_wkb(rounded, hex=True))


def cells_of(field: Field, shape: BaseGeometry) -> Int[np.ndarray, "cells 2"]:
    """Cells (row, column) whose centres lie inside; the one that holds its middle if there are none."""
    cells = np.argwhere(inside_cells(field.grid, shape))
    if len(cells):
        return cells
    spot = shapely.point_on_surface(shape)
    cell = field.grid.cell_of(spot.x, spot.y)
    return np.array([cell if cell is not None else (0, 0)], np.int64)


def some_of(cells: Int[np.ndarray, "cells 2"]) -> Int[np.ndarray, "some 2"]:
    """At most `MOST_CELLS` of them, evenly."""
    return cells[:: max(1, -(-len(cells) // MOST_CELLS))]


def p_of(field: Field, name: str, cells: Int[np.ndarray, "cells 2"]) -> float:
    """Mean probability over cells that a side holds them, or that they are grey."""
    surface = field.p_grey if name == "grey" else field.p_held[field.sides.index(name)]
    return float(surface[cells[:, 0], cells[:, 1]].mean())


def sure_in(field: Field, piece: Piece, cells: Int[np.ndarray, "cells 2"]) -> Float[np.ndarray, " cells"]:
    """How probable it is in each cell that the change is right: the new side holds, or the old one no longer does."""
    name = piece.before if piece.after == "grey" else piece.after
    p = np.asarray(field.p_held[field.sides.index(name)][cells[:, 0], cells[:, 1]], float)
    return 1 - p if piece.after == "grey" else p


def core_km2(field: Field, piece: Piece, cells: Int[np.ndarray, "cells 2"], *, least_p: float) -> float:
    """How much of a piece (km2) is changed with at least that probability."""
    return float(piece.km2 * (sure_in(field, piece, cells) >= least_p).mean())


def direction(piece: Piece, *, sides: tuple[str, str], drawn: int) -> int:
    """+1 if the change follows when the depth (inside side 1's ground) grows, else -1."""
    rank = {sides[drawn]: 2, "grey": 1, sides[1 - drawn]: 0}
    toward_drawn = rank[piece.after] > rank[piece.before]
    return 1 if toward_drawn == (drawn == 0) else -1


def worth_asking(proposal: Proposal, *, least_km2: float) -> bool:
    """Whether its sure core is large enough, and a named report is behind it: drift alone is never proposed.

    Two thresholds, as edge finders have them (Canny 1986): a change is drawn at even odds, but only where enough of it
    is past them by a margin, so that what hovers about even odds does not go to and fro.
    """
    return proposal.core_km2 >= least_km2 and proposal.by_reports
