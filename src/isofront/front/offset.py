"""How much of the difference between two maps is one uniform offset of A's line, out or in, by the same way all along.

With φ(x) the signed distance (km) of a cell to A's line, positive inside A, the map A moved out by d holds the cells
with φ > −d. Its symmetric difference with B is then

    S(d) = #{x in B: φ ≤ −d} + #{x not in B: φ > −d},

a step function of d that changes only at d = −φ(x): one sort of φ and one running sum give it for every d at once.
Explained is the share of the difference that goes: 1 − min S / S(0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float


@dataclass(frozen=True, slots=True)
class Offset:
    """The best single offset (km, positive: A's held ground grown) and the difference before and after it, km².

    `explained` is the share of the difference that it takes away; None if there is no difference.
    """

    km: float
    before_km2: float
    after_km2: float

    @property
    def explained(self) -> float | None:
        """1 − after / before."""
        return 1 - self.after_km2 / self.before_km2 if self.before_km2 else None


def best_offset(phi_a: Float[np.ndarray, " n"], in_b: Bool[np.ndarray, " n"], *, cell_km: float) -> Offset | None:
    """The offset of A that is nearest to B over some cells; None where A has no line (an infinite φ).

    Of offsets that are equally good the middle of the range is taken, or the least one where 0 is among them.
    """
    if len(phi_a) == 0 or not np.isfinite(phi_a).all():
        return None
    steps, wrong = _steps(-np.asarray(phi_a, float), in_b)
    least = wrong.min()
    km2 = cell_km * cell_km
    before = float(np.count_nonzero((phi_a > 0) != in_b)) * km2
    return Offset(_middle(steps, wrong == least, cell_km=cell_km), before, float(least) * km2)


def _steps(d: Float[np.ndarray, " n"], in_b: Bool[np.ndarray, " n"]) -> tuple[np.ndarray, np.ndarray]:
    """The offsets at which S changes, ascending, and S for an offset between each and the next (first: below all).

    A cell belongs to A moved by more than its d; there it is wrong unless B holds it.
    """
    order = np.argsort(d, kind="stable")
    ranked = d[order]
    change = np.where(in_b[order], -1, 1)
    wrong = np.count_nonzero(in_b) + np.concatenate([[0], np.cumsum(change)])
    last = np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])  # equal d move together
    return ranked, np.where(last, wrong, np.iinfo(np.int64).max)


def _middle(steps: np.ndarray, best: np.ndarray, *, cell_km: float) -> float:
    """The middle of the widest range of best offsets (low < d ≤ high); 0 where that is as good as any.

    A range without an end (A is best grown over everything, or away) is answered just past the last cell.
    """
    low, high = np.concatenate([[-np.inf], steps])[best], np.concatenate([steps, [np.inf]])[best]
    if ((low < 0) & (high >= 0)).any():
        return 0.0
    widest = int(np.argmax(high - low))
    if np.isinf(low[widest]):
        return float(high[widest])
    return float(low[widest] + (cell_km if np.isinf(high[widest]) else high[widest] - low[widest]) / 2)
