"""The answer of the control room: probabilities for every cell of a grid, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from isofront.arrays import Bool, Float32, UInt8
from isofront.ground.grid import Grid


class GreyReason(IntEnum):
    """Why a cell is grey (0 where it is not)."""

    NONE = 0
    MIXED_PRESENCE = 1
    DISPUTED_EVIDENCE = 2
    NEITHER_PRESENT = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ground where recent reports disagree with the field beyond the test of `limits`: the model is out of its range.

    `side` (0 or 1) is who seems to have come; `detached` if all of it lies far behind the line. Its `reports` lie at
    `spots_km`, mark the ground within `reach_km`, and the first happened `since_days` after the anchor; `past_km` is
    how far past the line they lie at the median, `strength` the log-likelihood ratio against the field.
    """

    side: int
    detached: bool
    since_days: float
    spots_km: tuple[tuple[float, float], ...]
    reach_km: float
    past_km: float
    strength: float
    reports: tuple[str, ...]
    n_sources: int


@dataclass(frozen=True, slots=True)
class Field:
    """Who holds what. Arrays are [row, column], row 0 south; side axes follow `sides`.

    p_held[0] + p_grey + p_held[1] = 1 in every cell, all in steps of 1e-4.
    control[k] = P(the cell lies inside side k's held area as the anchor's maker draws it).
    p_present[k] = P(side k is there); infiltration is p_present high where p_held is low.
    unobserved is a degree in [0, 1]. `touched` marks cells that any report moved: elsewhere the last
    approved map stands, vertex for vertex. `out_of_range` marks where reports disagree with the model beyond its test
    (None: nowhere); `stretches` says what lies behind the marks.
    `last_look_days` is how long ago somebody looked (inf: nobody did; None: not asked).
    """

    grid: Grid
    sides: tuple[str, str]
    p_held: Float32[np.ndarray, "2 ny nx"]
    p_grey: Float32[np.ndarray, "ny nx"]
    control: Float32[np.ndarray, "2 ny nx"]
    p_present: Float32[np.ndarray, "2 ny nx"]
    unobserved: Float32[np.ndarray, "ny nx"]
    grey_reason: UInt8[np.ndarray, "ny nx"]
    touched: Bool[np.ndarray, "ny nx"]
    out_of_range: Bool[np.ndarray, "ny nx"] | None = None
    stretches: tuple[Stretch, ...] = ()
    last_look_days: Float32[np.ndarray, "ny nx"] | None = None
