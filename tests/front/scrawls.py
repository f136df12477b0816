"""Random shapes of enemy ground with pockets in them."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry


def scrawl(rng: np.random.Generator) -> BaseGeometry:
    """A few blobs and a ring about the middle, broken by wedges: pockets with one or several ways out.

    No two walls are parallel, so that no two gates of a corridor are equally wide.
    """
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    wobble = sum(rng.normal(0, 0.5 / k) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in range(1, 9))
    outer = shapely.make_valid(Polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * (7 + wobble)[:, None]))
    ring = outer.difference(outer.buffer(-rng.uniform(0.5, 2.5)))
    for _ in range(rng.integers(1, 4)):
        turn, width = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 2)
        out, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)]) * width
        ring = ring.difference(Polygon([-across / 3, across / 3, 12 * out + across * 1.4, 12 * out - across * 1.4]))
    blobs = [shapely.Point(*rng.uniform(-8, 8, 2)).buffer(rng.uniform(0.3, 2)) for _ in range(rng.integers(0, 6))]
    return shapely.union_all([ring, *blobs])
