"""Averages over the ground about each node, of nodes near the line alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from isofront.arrays import Bool, Float
from isofront.threads import side_by_side

LITTLE = 0.02
"""What a node counts that sees none near the line: its average is 1."""

Nodes = Float[np.ndarray, "ly lx"]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes near the line, and for a narrow and a wide neighbourhood its scale (in steps) and what each node sees."""

    near: Bool[np.ndarray, "ly lx"]
    steps: tuple[float, float]
    seen: tuple[Nodes, Nodes]

    @classmethod
    def of(cls, near: Bool[np.ndarray, "ly lx"], steps: tuple[float, float]) -> Neighbourhood:
        """The same nodes for many surfaces."""
        return cls(near, steps, _both(near.astype(float), steps))

    def averaged(self, values: Float[np.ndarray, " near"]) -> tuple[Nodes, Nodes]:
        """The local and the wide average at every node of what the nodes near the line have."""
        surface = np.zeros(self.near.shape)
        surface[self.near] = values
        local, wide = _both(surface, self.steps)
        return (local + LITTLE) / (self.seen[0] + LITTLE), (wide + LITTLE) / (self.seen[1] + LITTLE)


def _both(surface: Nodes, steps: tuple[float, float]) -> tuple[Nodes, Nodes]:
    return side_by_side(lambda: _blurred(surface, steps[0]), lambda: _blurred(surface, steps[1]))


def _blurred(surface: Nodes, steps: float) -> Nodes:
    return np.asarray(gaussian_filter(surface, steps, mode="constant"))
