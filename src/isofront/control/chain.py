"""A chain of windows from the anchor to a day, and two of them as one: short windows, and long ones for few reports.

Where many reports come the map of a month is trusted and the next month starts from it; where few do, a month holds
too little, and windows are longer and learn activity in more rounds. Both are fitted wherever both have a say, and what
is shown lies between them:

    depth = (1 - w) depth_short + w depth_long
    var   = (1 - w) var_short + w var_long + w (1 - w) (depth_short - depth_long)²

with w(s) from the local rate (`local_rate`). All that a chain says of reports is linear in depth, so shares are mixed
alike and still sum to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from isofront.arrays import Float
from isofront.control.draws import drawn
from isofront.control.explain import Reasons
from isofront.control.folding import fold
from isofront.control.items import Batch
from isofront.control.motion import variance
from isofront.control.setting import Setting
from isofront.control.window import Surface, Window
from isofront.ground.grid import Within

Cells = Float[np.ndarray, "ny nx"]


@dataclass(frozen=True)
class Chain:
    """Windows one after the other, the last of them open, and the latent at its end."""

    windows: tuple[Window, ...]
    end: Surface

    @property
    def setting(self) -> Setting:
        """What all its windows share."""
        return self.windows[-1].setting

    def prior_km(self, within: Within) -> Cells:
        """What the depth would be if every report's share were taken out, km, in some rows and columns."""
        return self.windows[-1].start.untouched_km[within]

    def with_reports(self, acting: Batch, *, opened: float) -> Chain:
        """The same with a few more reports in its open window."""
        window, end = fold(self.windows[-1], self.end, acting, opened=opened)
        return replace(self, windows=(*self.windows[:-1], window), end=end)

    def sample_at(
        self, spots_km: Float[np.ndarray, "m 2"], n: int, rng: np.random.Generator
    ) -> Float[np.ndarray, "n m"]:
        """How far samples stray from the mean depth at spots, in standard deviations: correlated standard normals."""
        found, spots = self.windows[-1].fit, self.windows[-1].spots_at(spots_km)
        left = variance(spots, self.setting.motion) - found.explained_variance(spots)
        return np.asarray(drawn(found, spots, n, rng) / np.sqrt(np.maximum(left, 1e-6)))


@dataclass(frozen=True)
class Slow:
    """The chain for few reports beside the other, and its say at nodes of each bank and in cells."""

    chain: Chain
    say: Float[np.ndarray, "banks ly lx"]
    in_cells: Cells

    @classmethod
    def of(cls, chain: Chain, say: Float[np.ndarray, "banks ly lx"], most: float) -> Slow:
        """The chain with its say."""
        return cls(chain, say, np.clip(chain.setting.cells_of_banks(say), 0.0, most))

    def mixed(self, end: Surface) -> Surface:
        """Both latents as one."""
        w, slow = self.in_cells, self.chain.end
        apart = slow.depth_km - end.depth_km
        spread = (1 - w) * end.variance_km2 + w * slow.variance_km2 + w * (1 - w) * apart**2
        pace, spared = end.pace + self.say * (slow.pace - end.pace), end.spared.mixed(slow.spared, self.say)
        return Surface(end.depth_km + w * apart, spread, pace, spared)


def mixed_reasons(quick: Reasons, slow: Reasons, w: Float[np.ndarray, " cells"]) -> Reasons:
    """Both chains' reasons for the same cells as one; a report that only one of them heard counts 0 in the other."""
    ids = tuple(sorted({*quick.ids, *slow.ids}))
    place = {name: k for k, name in enumerate(ids)}
    both = np.zeros((3, len(w), len(ids)))
    for part, say in ((quick, 1 - w), (slow, w)):
        columns = [place[name] for name in part.ids]
        for out, values in zip(both, (part.shares_km, part.worth_km, part.pull_km), strict=True):
            out[:, columns] += say[:, None] * values
    prior = (1 - w) * quick.prior_km + w * slow.prior_km
    return Reasons(ids, prior, both[0], prior + both[0].sum(axis=1), both[1], both[2])
