"""Why a cell is what it is: the anchor's depth and what each report adds to it, km, through every window.

What report i adds is its *worth* `SC_i`, what taking it alone back takes away, and a part of what reports say *in
common*: where many say the same no one of them is needed, and worths sum to less than all of them together did. The
rest is shared alike among those that pull that way (the egalitarian non-separable contribution value, Moulin 1985),

    share_i = SC_i + (depth - anchor - Σ SC) · w_i / Σ w,    w_i = pull_i / (pull_i + `ONE_VOICE_KM`) that way, else 0

so the anchor's depth and all shares sum to the depth, and a report that matters by itself has a share near its worth.
`response.py` gives worths to first order; `Reasons.checked` takes exact ones, found by fitting anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.response import Response, responses
from isofront.control.window import Window

ONE_VOICE_KM = 0.005
"""Reports that pull by more than this count alike in what is said in common; a tenth of it counts a tenth."""
LEAST_VOICES = 0.05
"""With fewer voices than this what is left is not the reports', but the anchor's own, measured anew."""

Shares = Float[np.ndarray, "cells n"]


@dataclass(frozen=True, slots=True)
class Reasons:
    """For each cell: the anchor's depth (km), the shares of reports (km, in the order of `ids`), and their sum.

    `worth_km` is what taking each alone back takes away, `pull_km` how it pulls while the others hold still.
    """

    ids: tuple[str, ...]
    prior_km: Float[np.ndarray, " cells"]
    shares_km: Shares
    depth_km: Float[np.ndarray, " cells"]
    worth_km: Shares
    pull_km: Shares

    @property
    def common_km(self) -> Float[np.ndarray, " cells"]:
        """What reports say in common: all they add less what each alone is worth."""
        return np.asarray((self.shares_km - self.worth_km).sum(axis=1))

    def checked(self, worth_km: Mapping[str, float]) -> Reasons:
        """The same (of one cell) with the worths of some reports as found by fitting without them."""
        worth = self.worth_km.copy()
        for name, km in worth_km.items():
            worth[:, self.ids.index(name)] = km
        anchor = self.prior_km
        return _shared(self.ids, anchor, self.depth_km, worth, self.pull_km)


def explain(
    windows: Sequence[Window], depth_km: Float[np.ndarray, " cells"], cells: Int[np.ndarray, "cells 2"]
) -> Reasons:
    """The depth of cells (row, column), as it is on the last day, traced through the windows."""
    parts = list(explained(windows, depth_km, cells))
    ids = tuple(sorted({name for window in windows for name in window.batch.ids}))
    prior, both = np.zeros(len(cells)), np.zeros((3, len(cells), len(ids)))
    place = {name: k for k, name in enumerate(ids)}
    for rows, part in parts:
        prior[rows] = part.prior_km
        columns = [place[name] for name in part.ids]
        both[:, rows[:, None], columns] = part.shares_km, part.worth_km, part.pull_km
    return Reasons(ids, prior, both[0], prior + both[0].sum(axis=1), both[1], both[2])


def explained(
    windows: Sequence[Window], depth_km: Float[np.ndarray, " cells"], cells: Int[np.ndarray, "cells 2"]
) -> Iterator[tuple[Int[np.ndarray, " some"], Reasons]]:
    """The same tile by tile: which cells, and their reasons by the reports near them alone."""
    anchor = windows[0].start.depth_km[cells[:, 0], cells[:, 1]]
    for tile, found in responses(windows, windows[0].setting.grid.centres_of(cells)):
        rows = tile.core
        yield rows, _of(found, anchor[rows], depth_km[rows])


def _of(found: Response, anchor: Float[np.ndarray, " cells"], depth: Float[np.ndarray, " cells"]) -> Reasons:
    return _shared(found.ids, anchor, depth, found.worth_km, found.pull_km)


def _shared(
    ids: tuple[str, ...],
    anchor: Float[np.ndarray, " cells"],
    depth: Float[np.ndarray, " cells"],
    worth: Shares,
    pull: Shares,
) -> Reasons:
    """Worths with what is left of the way from the anchor to the depth shared among those that pull that way."""
    left = depth - anchor - worth.sum(axis=1)
    that_way = np.maximum(pull * np.sign(left)[:, None], 0.0)
    voice = that_way / (that_way + ONE_VOICE_KM)
    voices = voice.sum(axis=1)
    said = np.minimum(voices / LEAST_VOICES, 1.0)
    shares = worth + voice * (said * left / np.maximum(voices, 1e-12))[:, None]
    prior = depth - shares.sum(axis=1)
    return Reasons(ids, prior, shares, depth, worth, pull)
