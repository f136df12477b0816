"""What stays the same while windows come and go: the ground, its lattices and banks, and how windows are fitted."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from isofront.arrays import Bool, Float, Int16
from isofront.control.motion import Motion
from isofront.ground.distance import Distance
from isofront.ground.grid import EVERYWHERE, Grid, Within
from isofront.ground.lattice import Lattice


class Tuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How windows are fitted; kilometres and days."""

    window_days: float = 29.0
    few_rate: float = 2.6
    busy_rate: float = 4.5
    few_most: float = 0.8
    usual_rate: float = 5.0
    rate_pseudo: float = 250.0
    rate_km: float = 25.0
    rate_reach_km: float = 70.0
    rate_memory_days: float = 60.0
    start_activity: float = 0.6
    sparse_activity: float = 0.8
    sparse_windows: int = 3
    sparse_rounds: int = 6
    temper: float = 0.85
    near_km: float = 25.0
    lattice_km: float = 2.0
    fine_km: float = 1.0
    start_doubt_km: float = 0.12
    keep_variance: float = 0.6
    least_doubt_km: float = 0.2
    most_doubt_km: float = 3.0
    freedom: float = 0.7
    pseudo_items: float = 20.0
    own_items: float = 1.0
    table_rounds: int = 0
    activity_rounds: int = 2
    activity_stride: float = 1.4
    activity_near_km: float = 12.0
    activity_local_km: float = 6.0
    activity_wide_km: float = 25.0
    activity_pull: float = 0.5
    activity_keep: float = 0.7
    least_activity: float = 0.25
    most_activity: float = 6.0
    after_days: float = 21.0
    first_rounds: int = 6
    last_rounds: int = 16

    def where_sparse(self) -> Tuning:
        """The same for where reports are few (see `local_rate`): each window must hold enough of them.

        Few reports also move the activity little in one round, so it starts higher and takes more rounds, none of them
        with more than a plain stride.
        """
        return msgspec.structs.replace(
            self,
            window_days=self.window_days * self.sparse_windows,
            start_activity=self.sparse_activity,
            activity_rounds=self.sparse_rounds if self.activity_rounds else 0,
            activity_stride=1.0,
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """What stays the same from window to window.

    The latent, its doubt and activity are smooth over kilometres and worked out at the nodes of `lattice`; who was seen
    where is sharper, and told at those of `fine`. `bank_of` is on which of the banks each cell lies; None where all lie
    on one.
    """

    grid: Grid
    lattice: Lattice
    fine: Lattice
    distance: Distance
    motion: Motion
    tuning: Tuning
    banks: tuple[int | None, ...]
    bank_of: Int16[np.ndarray, "ny nx"] | None = None

    @classmethod
    def of(cls, grid: Grid, *, distance: Distance, motion: Motion, tuning: Tuning) -> Setting:
        """The setting of a grid with its lattices."""
        steps_km = tuning.lattice_km, tuning.fine_km
        lattice, fine = (Lattice.over(grid, step_km=max(km, grid.cell_km)) for km in steps_km)
        if not distance.walls:
            return cls(grid, lattice, fine, distance, motion, tuning, (None,))
        codes, bank_of = np.unique(distance.banks(grid.all_centres()), return_inverse=True)
        where = bank_of.reshape(grid.shape).astype(np.int16)
        return cls(grid, lattice, fine, distance, motion, tuning, tuple(codes.tolist()), where)

    @property
    def origin_km(self) -> tuple[float, float]:
        """From where tiles are counted: the grid's corner."""
        return self.grid.west_km, self.grid.south_km

    def on_bank(self, spots_km: Float[np.ndarray, "n 2"], bank: int | None) -> Bool[np.ndarray, " n"]:
        """Which spots lie on a bank; all of them where there is no barrier."""
        return np.ones(len(spots_km), bool) if bank is None else self.distance.banks(spots_km) == bank

    def cells_of_banks(
        self,
        surfaces: Float[np.ndarray, "*k banks ly lx"],
        *,
        within: Within = EVERYWHERE,
        lattice: Lattice | None = None,
    ) -> Float[np.ndarray, "*k ny nx"]:
        """One surface per bank, each at the cells (of some rows and columns) of its own bank: nothing leaks across."""
        grid, lattice = self.grid.part(*within), lattice or self.lattice
        if self.bank_of is None:
            return lattice.to_cells(surfaces[..., 0, :, :], grid)
        bank_of = self.bank_of[within]
        first, *others = np.flatnonzero(np.bincount(bank_of.ravel())).tolist() or [0]
        cells = lattice.to_cells(surfaces[..., first, :, :], grid)
        for number in others:
            np.copyto(cells, lattice.to_cells(surfaces[..., number, :, :], grid), where=bank_of == number)
        return cells

    def spots_of_banks(
        self, surfaces: Float[np.ndarray, "banks ly lx"], spots_km: Float[np.ndarray, "n 2"]
    ) -> Float[np.ndarray, " n"]:
        """One surface per bank, each at the spots of its own bank."""
        out = np.zeros(len(spots_km))
        for bank, one in zip(self.banks, surfaces, strict=True):
            here = self.on_bank(spots_km, bank)
            out[here] = self.lattice.at(one, spots_km[here])
        return out
