"""How good a map's grey is where the reference has a grey class: calibrated, as large, and in the right place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float
from isofront.compare.calibrate import Reliability, reliability
from isofront.compare.edge_lines import EdgeLine, distance_to_line_km, edge_line, near_line
from isofront.compare.ground import ScoredGround

GREY_BAND_KM = 10.0
"""Grey is scored on cells inside the bounds within this distance of the true line."""
BEHIND_KM = 1000.0


@dataclass(frozen=True, slots=True)
class GreyScores:
    """P(grey) of one map against the reference's grey of one day; AUC is None where all or none of it is grey.

    `bias` is the area of P(grey) summed over the true area, less 1; `drawn_bias` the same of ground that neither side
    holds at 0.5. `auc_past` and `auc_away` rank by the anchor's line alone: by the distance past it (ground on the
    scored side last), and by the distance from it either way.
    """

    reliability: Reliability
    bias: float | None
    drawn_bias: float | None
    auc: float | None
    auc_past: float | None
    auc_away: float | None


def score_grey(
    p_grey: Float[np.ndarray, "ny nx"],
    drawn: Bool[np.ndarray, "ny nx"],
    truth: Bool[np.ndarray, "ny nx"],
    *,
    true_line: EdgeLine,
    anchor: Bool[np.ndarray, "ny nx"],
    ground: ScoredGround,
) -> GreyScores:
    """Score P(grey), and where grey is drawn, against the cells that the reference draws grey."""
    band = near_line(true_line, ground, GREY_BAND_KM)
    p, grey = np.asarray(p_grey[band], np.float64), truth[band]
    away = np.minimum(distance_to_line_km(edge_line(anchor, ground), ground)[band], BEHIND_KM)
    return GreyScores(
        reliability(p, grey),
        _bias(float(p.sum()), grey),
        _bias(float(drawn[band].sum()), grey),
        auc(p, grey),
        auc(-np.where(anchor[band], BEHIND_KM + away, away), grey),
        auc(-away, grey),
    )


def auc(score: Float[np.ndarray, " n"], true: Bool[np.ndarray, " n"]) -> float | None:
    """P(a true cell scores above another one), ties by half (Mann-Whitney); None if there are not both."""
    from scipy.stats import rankdata

    n, others = int(true.sum()), int((~true).sum())
    if not n or not others:
        return None
    return float((rankdata(score)[true].sum() - n * (n + 1) / 2) / (n * others))


def _bias(said: float, grey: Bool[np.ndarray, " n"]) -> float | None:
    true = int(grey.sum())
    return said / true - 1 if true else None
