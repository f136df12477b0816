"""How likely each report was to the field: log E P(k | depth), under the field's own Gaussian at its spot."""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.weigh import BEND_KM, NODE_WEIGHTS, NODES, STEPS, Table
from isofront.kept_code import njit

LOW, PER_STEP = float(STEPS[0]), float(1 / (STEPS[1] - STEPS[0]))


def log_expected(
    table: Table, category: Int[np.ndarray, " n"], depth_km: Float[np.ndarray, " n"], doubt_km: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """log E P(k | depth) for depth ~ N(depth_km, doubt_km²), by Gauss-Hermite sums."""
    out = np.empty(len(depth_km))
    _log_expected(table.log, category, depth_km, doubt_km, out)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _log_expected(log, category, mean, spread, out):
    """Sums over the table, linear between its steps, as `Table.at` has it."""
    last = log.shape[1] - 1
    for i in range(mean.shape[0]):
        row, total = log[category[i]], 0.0
        for node in range(NODES.shape[0]):
            depth = mean[i] + spread[i] * NODES[node]
            step = np.log1p(abs(depth) / BEND_KM)
            place = min(max(((step if depth >= 0 else -step) - LOW) * PER_STEP, 0.0), float(last))
            k = min(np.int64(place), last - 1)
            total += NODE_WEIGHTS[node] * np.exp(row[k] * (1 - (place - k)) + row[k + 1] * (place - k))
        out[i] = np.log(total)
