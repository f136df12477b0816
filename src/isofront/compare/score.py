"""How good a map is against a reference that was not shown to it: pure functions from arrays to numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float
from isofront.compare.calibrate import Reliability, brier, clipped, log_loss, reliability
from isofront.compare.edge_lines import LineDistance, edge_line, line_distance, near_line
from isofront.compare.grey import GreyScores
from isofront.compare.ground import ScoredGround

BAND_KM = 5.0
"""The band: cells inside the bounds within this distance of the true line."""


@dataclass(frozen=True, slots=True)
class ChangedGround:
    """Ground that changed hands since the anchor, in cells inside the bounds: drawn, true, and drawn rightly."""

    n_drawn: int
    n_true: int
    n_both: int

    @property
    def precision(self) -> float | None:
        """Of what the map says changed, the share that did; None if it says nothing did."""
        return self.n_both / self.n_drawn if self.n_drawn else None

    @property
    def recall(self) -> float | None:
        """Of what changed, the share that the map says did; None if nothing did."""
        return self.n_both / self.n_true if self.n_true else None

    @property
    def f1(self) -> float | None:
        """2 · both / (drawn + true); None if nothing changed and the map says so."""
        either = self.n_drawn + self.n_true
        return 2 * self.n_both / either if either else None


@dataclass(frozen=True, slots=True)
class Scores:
    """One map against the reference of one day. None: nothing to measure (no line, nothing changed, no grey)."""

    n_band: int
    log_loss: float | None
    brier: float | None
    accuracy: float | None
    iou: float | None
    reliability: Reliability
    line: LineDistance | None
    changed: ChangedGround
    grey: GreyScores | None = None

    @property
    def ece(self) -> float | None:
        """Expected calibration error in the band, 15 bins of equal width."""
        return self.reliability.ece


def score_control(
    p: Float[np.ndarray, "ny nx"],
    truth: Bool[np.ndarray, "ny nx"],
    anchor: Bool[np.ndarray, "ny nx"],
    ground: ScoredGround,
) -> Scores:
    """Score P(held) of one side against where the reference draws that side (`held_cells` makes both masks)."""
    drawn, true_line = p >= 0.5, edge_line(truth, ground)
    band = near_line(true_line, ground, BAND_KM)
    p_band, held = clipped(p[band]), truth[band]
    counts = bool(band.any())
    return Scores(
        n_band=int(band.sum()),
        log_loss=log_loss(p_band, held) if counts else None,
        brier=brier(p_band, held) if counts else None,
        accuracy=float(np.mean(drawn[band] == held)) if counts else None,
        iou=_iou(drawn[band], held),
        reliability=reliability(p_band, held),
        line=line_distance(edge_line(drawn, ground), true_line),
        changed=changed_ground(drawn[ground.inside], truth[ground.inside], anchor[ground.inside]),
    )


def changed_ground(
    drawn: Bool[np.ndarray, " n"], truth: Bool[np.ndarray, " n"], anchor: Bool[np.ndarray, " n"]
) -> ChangedGround:
    """Cells whose holder differs from the anchor: drawn so, truly so, and both."""
    said, was = drawn != anchor, truth != anchor
    return ChangedGround(int(said.sum()), int(was.sum()), int((said & was).sum()))


def _iou(drawn: Bool[np.ndarray, " n"], held: Bool[np.ndarray, " n"]) -> float | None:
    union = int((drawn | held).sum())
    return float((drawn & held).sum() / union) if union else None
