"""The answer of the control room: probabilities for every cell of a grid, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from isofront.ground.grid import Grid


class GreyReason(IntEnum):
    """Why a cell is grey (0 where it is not)."""

    NONE = 0
    MIXED_PRESENCE = 1
    DISPUTED_EVIDENCE = 2
    NEITHER_PRESENT = 3


@dataclass(frozen=True, slots=True)
class Field:
    """Who holds what. Arrays are [row, column], row 0 south; side axes follow `sides`.

    p_held[0] + p_grey + p_held[1] = 1 in every cell, all in steps of 1e-4.
    control[k] = P(the cell lies inside side k's held area as the anchor's maker draws it).
    p_present[k] = P(side k is there); infiltration is p_present high where p_held is low.
    unobserved is a degree in [0, 1]. `touched` marks cells that any report moved: elsewhere the last
    approved map stands, vertex for vertex.
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
