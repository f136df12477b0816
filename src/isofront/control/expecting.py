"""How likely each report was to the field: log E P(k | depth), under the field's own Gaussian at its spot."""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.weigh import NODE_WEIGHTS, NODES, Table, read_at
from isofront.kept_code import njit


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
    """Gauss-Hermite sums over the table."""
    for i in range(mean.shape[0]):
        row, total = log[category[i]], 0.0
        for node in range(NODES.shape[0]):
            total += NODE_WEIGHTS[node] * np.exp(read_at(row, mean[i] + spread[i] * NODES[node]))
        out[i] = np.log(total)
