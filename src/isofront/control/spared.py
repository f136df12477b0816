"""How much deeper each side's ground would be had none of its own reports drawn its line nearer.

An assault or an infiltration tells that the line is near, wherever it is seen: one from deep in a side's own ground
draws that side's line back, kilometres off too. That is right of the line, and it is not what was seen of *presence*:
a report of a side must not make that side's presence less likely. So presence is told from the depth as it would be
without such pulls: with Gaussian sites of weight W (Opper and Archambeau 2009) and N the reports of a side that pull
against it,

    δ(s) = δ₀(s) + K(s, ·) x      (I + W′ K) x = -α_N - W′ δ₀      W′ = W, 0 in N

to first order: the others answer for the hole that N leaves, and δ₀ is what a window starts with. Line, control and
grey stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from isofront.arrays import Bool, Float
from isofront.control.weigh import KINDS
from isofront.evidence.report import Kind
from isofront.threads import each

if TYPE_CHECKING:
    from isofront.control.infer import Fit, Solved
    from isofront.control.items import Batch
    from isofront.control.motion import Motion
    from isofront.control.window import Window

SIGNS = np.array([1.0, -1.0])
"""Depth grows into the ground of side 1, and away from that of side 2."""
STEPS = 2
"""Answers of tiles that are taken one after the other; the second mends what lies across their edges."""
NEAR_KM = 12.0
"""Farther from the line than this a side's presence is beyond doubt, or out of the question."""
NOTHING = 1e-9
"""Pulls (1/km) below this move nothing."""


@dataclass(frozen=True, slots=True)
class Spared:
    """For each side: km by which its ground would be deeper, and km/day by which its line would be faster, at nodes."""

    km: Float[np.ndarray, "2 banks ly lx"]
    pace: Float[np.ndarray, "2 banks ly lx"]

    @classmethod
    def nothing(cls, banks: int, shape: tuple[int, ...]) -> Spared:
        """Nothing was drawn nearer by anyone's own reports."""
        none = np.zeros((2, banks, *shape))
        return cls(none, none)

    def closed(self, scale: Float[np.ndarray, "ly lx"]) -> Spared:
        """The same as a window closes that multiplies depths; rounded as all that is carried."""
        return Spared(np.round(self.km * scale, 8), np.round(self.pace, 10))

    def mixed(self, other: Spared, say: Float[np.ndarray, "banks ly lx"]) -> Spared:
        """Another's with its say, and the rest of this."""
        return Spared(self.km + say * (other.km - self.km), self.pace + say * (other.pace - self.pace))

    def after(self, days: float, motion: Motion) -> Spared:
        """The same so many days on, as nobody reported: a line goes on by the pace it had."""
        left = np.exp(-days / motion.memory_days)
        return Spared(self.km + self.pace * motion.coasting_days(days), self.pace * left)

    def with_moves(self, km: Float[np.ndarray, "2 banks ly lx"], pace: Float[np.ndarray, "2 banks ly lx"]) -> Spared:
        """The same and what pulls add, in the direction of each side's own ground; never less than nothing.

        Nor more than matters: as each window that closes multiplies depths, years of them would add up to anything.
        """
        signs = SIGNS[:, None, None, None]
        return Spared(
            np.clip(self.km + signs * km.reshape(self.km.shape), 0.0, NEAR_KM),
            self.pace + signs * pace.reshape(self.km.shape),
        )


def pulls_spared(window: Window) -> Float[np.ndarray, "2 n"]:
    """Per side, how every report's pull would change (1/km) had none of the side's own pulled against it."""
    found, start, batch = window.fit, window.start.spared, window.batch
    out = np.zeros((2, len(batch)))
    for side, sign in enumerate(SIGNS):
        against = shows(batch, side) & (sign * found.alpha < 0)
        weight = np.where(against, 0.0, found.weight)
        sought = np.where(against, -found.alpha, 0.0) - sign * weight * _felt(window, start, side)
        if np.abs(sought).max(initial=0.0) > NOTHING:
            out[side] = _solution(found, weight, sought)
    return out


def shows(batch: Batch, side: int) -> Bool[np.ndarray, " n"]:
    """Which reports show people of a side where they are."""
    kind, of = batch.category // 4, batch.category // 2 % 2
    return np.asarray(batch.in_table & (of == side) & (kind != KINDS.index(Kind.LEFT)))


def _felt(window: Window, start: Spared, side: int) -> Float[np.ndarray, " n"]:
    """How much deeper the side's ground would be at the reports by what the window starts with, km."""
    setting, spots = window.setting, window.spots
    km, pace = (setting.spots_of_banks(one[side], window.batch.at_km) for one in (start.km, start.pace))
    return np.asarray(km + pace * setting.motion.coasting_days(spots.days))


def _answer(gap: Float[np.ndarray, " reports"], tile: Solved) -> Float[np.ndarray, " n"]:
    return tile.step(gap)


def _solution(found: Fit, weight: Float[np.ndarray, " n"], sought: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """(I + W K)⁻¹ sought by what the tiles of the fit answer."""
    prior, gap, out = found.prior, sought, np.zeros(len(sought))
    for number in range(STEPS):
        step = np.zeros(len(sought))
        prior.take(step, range(len(prior.tiles)), each(partial(_answer, gap), found.solvers))
        out = out + step
        if number + 1 < STEPS:
            gap = sought - out - weight * prior.times(out)
    return out
