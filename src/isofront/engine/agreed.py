"""What editors agreed to, and what of a public draft nobody did: squares that stay as they were.

reports in their cells    agreed_areas   the map that an approval without open questions agreed to
public draft, agreed      unapproved     squares in which it changes what no editor agreed to change
reports, ground           lying_in       whose cell has part in it: they are held back too
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.engine.drafting import Draft, Ground, model_of
from isofront.engine.ground import Progress
from isofront.engine.inputs import Inputs, areas_of
from isofront.engine.public_draft import drafted_in_cells
from isofront.evidence.report import Report
from isofront.front import Area
from isofront.front.measure import label
from isofront.publish.coarse import cell_box, cells_of
from isofront.publish.policy import Cleared

AGREED_KM = 5.0
"""Ground that changes in public has to lie so near to ground that an editor agreed to change alike."""
LEFT_OPEN_KM = 2.0
"""What changes in public so near to ground that editors left open is kept back."""
SQUARE_CELLS = 3
"""Where none is so near it is kept back in squares of so many public cells: coarser than any place that is given."""
AHEAD_KM2 = 0.5
"""Less ground of a square than this is rounding."""
EDGE = 1e-3
"""So much of a cell's side, along its edge, belongs to its neighbours as well as rounding can tell."""


def agreed_areas(inputs: Inputs, cleared: Cleared, draft: Draft, *, progress: Progress | None) -> tuple[Area, ...]:
    """What editors agreed to, as coarse as what is public: the map of all that they knew, each report in its cell.

    An approved map that was made from a queue agrees to whatever it was not left open on. Its own lines come from exact
    places, and whether they lie here or there would tell of them; so the map of the same reports in their cells stands
    for it. One that was drawn elsewhere stands for itself.
    """
    ground, terms = inputs.ground, inputs.ground.theatre.policy
    if inputs.undecided is None:
        return tuple(areas_of(inputs.approved, ground.theatre.crs))
    known = [one for one in inputs.reports if one.id in inputs.standing]
    if cleared.ids == {one.id for one in known}:
        return draft.drawing.areas
    model = model_of(ground, inputs.approval.as_of, progress=progress)
    return drafted_in_cells(inputs, model, known, km=terms.coarsen_km).drawing.areas


def unapproved(draft: Draft, inputs: Inputs, agreed: Sequence[Area], *, km: float) -> BaseGeometry:
    """Squares in which the public draft changes ground to a class that no editor agreed to within `AGREED_KM`.

    So wide, because what was agreed to knows what the public must not feel: a report of a protected side moves it by
    far less, and has no say in what is closed. Closed too is what changes on ground that editors left open.
    """
    ground = inputs.ground
    sides = ground.theatre.side_ids
    base, now, then = (by_class(some, sides) for some in (ground.areas, draft.drawing.areas, agreed))
    moved = {name: shapely.difference(then[name], base[name]) for name in (*sides, "grey")}
    moved["grey"] = shapely.union_all(list(moved.values()))  # half way to what was agreed is agreed too
    ahead = []
    for name, agreed_here in moved.items():
        new = shapely.difference(now[name], base[name])
        ahead.append(shapely.difference(new, shapely.buffer(agreed_here, AGREED_KM, quad_segs=4)))
        if inputs.undecided is not None and not inputs.undecided.is_empty:
            ahead.append(shapely.intersection(new, shapely.buffer(inputs.undecided, LEFT_OPEN_KM, quad_segs=4)))
    return _squares(shapely.union_all(ahead), step=SQUARE_CELLS * km)


def _squares(shape: BaseGeometry, *, step: float) -> BaseGeometry:
    """The squares that hold enough of some ground."""
    if shape.area < AHEAD_KM2:
        return shapely.MultiPolygon()
    west, south, east, north = np.floor(np.array(shape.bounds) / step).astype(int).tolist()
    squares = [cell_box((i, j), km=step) for i in range(west, east + 1) for j in range(south, north + 1)]
    lying = shapely.area(shapely.intersection(np.array(squares, dtype=object), shape))
    return shapely.union_all([square for square, km2 in zip(squares, lying, strict=True) if km2 >= AHEAD_KM2])


def by_class(areas: Iterable[Area], sides: tuple[str, str]) -> dict[str, BaseGeometry]:
    """The ground of each class of a coverage; empty where it has none."""
    every = tuple(areas)
    return {
        name: shapely.union_all([one.geometry for one in every if label(one) == name] or [shapely.MultiPolygon()])
        for name in (*sides, "grey")
    }


def lying_in(reports: Iterable[Report], shape: BaseGeometry, ground: Ground) -> frozenset[str]:
    """Ids of reports whose cell has part in some ground: where the bounds cut a cell, nothing tells on which side."""
    every, km = tuple(reports), ground.theatre.policy.coarsen_km
    cells, whose = np.unique(cells_of(every, crs=ground.theatre.crs, km=km), axis=0, return_inverse=True)
    low, high = (cells + EDGE) * km, (cells + 1.0 - EDGE) * km
    shapely.prepare(shape)
    inside = shapely.intersects(shape, shapely.box(*low.T, *high.T))
    return frozenset(one.id for one, k in zip(every, whose.ravel().tolist(), strict=True) if inside[k])
