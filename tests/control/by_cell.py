"""What the compiled loops of a map tell in cells, one thing at a time: in a map they run one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from isofront.control.behind import Behind
from isofront.control.cells_unsure import gone_over
from isofront.control.grey_reason import reasons
from isofront.control.observing import Watching, watched
from isofront.control.posterior import Posterior
from isofront.control.presence import (
    PresenceNumbers,
    PresenceTuning,
    heard_past,
    odds_past,
    seen_logs,
    traces,
    weighed,
)
from isofront.ground.grid import Grid


@dataclass(frozen=True, slots=True)
class Presence:
    """What recent items tell, in cells.

    `local` is what they add to the log-odds that an item shows side 1, `looks` counts them; `seen` counts those of each
    side close by, and `reach_km` is how far past its own line each was seen about here. `said` counts statements that a
    side holds the ground (claims, flags), `left` that it went.
    """

    local: Float[np.ndarray, "ny nx"]
    looks: Float[np.ndarray, "ny nx"]
    seen: Float[np.ndarray, "2 ny nx"]
    reach_km: Float[np.ndarray, "2 ny nx"]
    said: Float[np.ndarray, "2 ny nx"]
    left: Float[np.ndarray, "2 ny nx"]


@dataclass(frozen=True, slots=True)
class Watched:
    """The degree of unobserved, and days since somebody last looked (inf: nobody did)."""

    unobserved: Float[np.ndarray, "ny nx"]
    last_look_days: Float[np.ndarray, "ny nx"]


def presence(found: Posterior) -> Presence:
    """Presence on the day of a posterior."""
    of, table, depth_km = found.model, found.windows[-1].table, found.end.depth_km
    told = traces(of.setting, table, depth_km, found.batch, today=found.as_of, tuning=of.config.presence)
    whole = of.setting.cells_of_banks(told.sums, lattice=of.setting.fine)
    weighed(whole.reshape(len(whole), -1), PresenceNumbers.of(told.tuning, told.usual_km, 0.0))
    return Presence(whole[0], whole[2], whole[7:9], whole[5:7], whole[9:11], whole[11:13])


def grey_odds(
    there: Presence, past_km: Float[np.ndarray, "ny nx"], *, side: int, age_days: float, tuning: PresenceTuning
) -> Float[np.ndarray, "ny nx"]:
    """Log-odds that ground so far past a side's line (side 0 or 1) is grey; the anchor drew no grey."""
    out, flat = np.empty(past_km.shape, np.float32), past_km.ravel()
    numbers, looks = PresenceNumbers.of(tuning, np.zeros(2), age_days), there.looks.ravel()
    logs, parts = np.empty((2, flat.size), np.float32), np.empty((3, flat.size), np.float32)
    seen = np.ascontiguousarray(there.seen, np.float32).reshape(2, -1)
    seen_logs(seen, logs)
    heard_past(side, seen, logs, there.reach_km[side].ravel(), numbers, parts)
    odds_past(parts, looks, flat, np.empty(0, np.float32), numbers, out.ravel())
    return out


def grey_reasons(
    p_held: Float[np.ndarray, "2 ny nx"], there: Presence, missed: Float[np.ndarray, "ny nx"]
) -> UInt8[np.ndarray, "ny nx"]:
    """The reason in every cell that neither side holds with one half; 0 elsewhere."""
    out = np.empty(missed.shape, np.uint8)
    flat = (one.reshape(2, -1) for one in (p_held, there.seen, there.said, there.left))
    reasons(*flat, missed.ravel(), out.ravel())
    return out


def unobserved(found: Watching, grid: Grid, depth_km: Float[np.ndarray, "ny nx"]) -> Watched:
    """The observation model in the cells of a grid, which lie so deep."""
    missed = found.lattice.to_cells(found.missed, grid)
    watched(depth_km.ravel(), found.watched_km, missed.reshape(-1))
    return Watched(missed, found.last_look_days[np.ix_(*found.nodes_of(grid))])


def gone(found: Behind) -> Float[np.ndarray, "2 ny nx"]:
    """P(gone over) to each side, less what is too little to be shown."""
    odds = found.setting.cells_of_banks(found.odds, lattice=found.setting.fine)
    out = np.empty((2, found.depth_km.size))
    for side in range(2):
        gone_over(odds[side].ravel(), found.depth_km.ravel(), *found.scales, out[side])
    return out.reshape(odds.shape)
