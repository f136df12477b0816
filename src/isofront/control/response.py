"""What taking one report back takes away from the depth of spots, to first order: its worth, km.

K(s, x_i) alpha_i is how report i *pulls*. Where many reports speak, pulls of many kilometres cancel, and a report that
is taken out leaves no hole: the others give way. With Gaussian sites of weight W (Opper and Archambeau 2009) and
V = (K⁻¹ + W)⁻¹ the depth at s falls by

    V(s, x_i) alpha_i / (1 - W_i V_ii)

and a change δ of the map that a window starts from has become δ(s) - V(s, ·) W δ(·) at its end, since later reports
correct what earlier ones did. So windows are gone through from the last to the first, each with the places whose depth
or pace matters to the spots, and how much. Activity, tables and re-distancing are taken as they came out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from isofront.arrays import Float, Int
from isofront.control.motion import covariance, pace_covariance
from isofront.control.tiles import Tile, around, tiles_of
from isofront.control.window import Window

WITHIN_KM = 30.0
"""Reports farther from a tile than this are left out: V falls faster than K, which is below a hundredth there."""
LEAST_LEFT = 0.05
"""1 - W V is held up at this, as in `Fit.without_each`."""
NOTHING = 1e-7
"""Places that matter less than this to every spot are let go."""

Rows = Float[np.ndarray, "spots _"]


@dataclass(frozen=True, slots=True)
class Response:
    """For some spots: what each report is worth, and how it pulls in the window where it acts; both km."""

    ids: tuple[str, ...]
    worth_km: Rows
    pull_km: Rows


@dataclass(frozen=True, slots=True)
class _Matters:
    """Places (km) whose depth (km) and pace (km/day) at the end of a window matter to each spot, and how much."""

    at_km: Float[np.ndarray, "n 2"]
    depth: Rows
    pace: Rows

    def felt(self) -> _Matters:
        """Without the places that do not matter."""
        keep = np.flatnonzero((np.abs(self.depth).max(axis=0) > NOTHING) | (np.abs(self.pace).max(axis=0) > NOTHING))
        return _Matters(self.at_km[keep], self.depth[:, keep], self.pace[:, keep])


def responses(windows: Sequence[Window], spots_km: Float[np.ndarray, "spots 2"]) -> Iterator[tuple[Tile, Response]]:
    """Tile by tile: which of the spots lie in it, and what every report near it is worth to them."""
    origin = windows[0].setting.origin_km
    for tile in tiles_of(spots_km, origin):
        near = [around(tile.key, window.batch.at_km, origin, reach_km=WITHIN_KM) for window in windows]
        yield tile, _response(windows, near, spots_km[tile.core])


def _response(
    windows: Sequence[Window], near: Sequence[Int[np.ndarray, " _"]], spots_km: Float[np.ndarray, "spots 2"]
) -> Response:
    n = len(spots_km)
    matters, found = _Matters(spots_km, np.eye(n), np.zeros((n, n))), []
    for window, here in zip(reversed(windows), reversed(near), strict=True):
        worth, pull, matters = _through(window, here, matters)
        found.append(([window.batch.ids[k] for k in here.tolist()], worth, pull))
    return _summed(found, n)


def _summed(found: Sequence[tuple[list[str], Rows, Rows]], n: int) -> Response:
    """A report that acted in two windows (it was late) is named once, with the sum of both."""
    names = np.array([name for some, _, _ in found for name in some], dtype=object).astype(str)
    ids, which = np.unique(names, return_inverse=True)
    both = np.zeros((2, len(ids), n))
    for out, rows in zip(both, zip(*((worth, pull) for _, worth, pull in found), strict=True), strict=True):
        np.add.at(out, which, np.hstack(rows).T)
    return Response(tuple(ids.tolist()), both[0].T, both[1].T)


def _through(window: Window, near: Int[np.ndarray, " n"], matters: _Matters) -> tuple[Rows, Rows, _Matters]:
    """Worth and pull of a window's reports for each spot, and what matters at the end of the window before."""
    setting, fit = window.setting, window.fit
    depth, pace = matters.depth, matters.pace
    if window.scale is not None:
        depth = depth * window.scale.at(setting.grid, matters.at_km)
    heard = _heard(window, near, matters.at_km, depth, pace)
    weight, alpha = fit.weight[near], fit.alpha[near]
    left = _left(covariance(window.spots.part(near), window.spots.part(near), setting.motion), weight, heard)
    alone = np.maximum(1 - weight * fit.variance[near], LEAST_LEFT)
    yields, coasts = -left * weight, setting.motion.coasting_days(window.spots.days[near])
    before = _Matters(
        np.concatenate([matters.at_km, window.batch.at_km[near]]),
        np.hstack([depth, yields]),
        np.hstack(
            [
                pace * np.exp(-window.days / setting.motion.memory_days)
                + depth * setting.motion.coasting_days(window.days),
                yields * coasts,
            ]
        ),
    )
    return left * alpha / alone, heard * alpha, before.felt()


def _left(among: Float[np.ndarray, "n n"], weight: Float[np.ndarray, " n"], heard: Rows) -> Rows:
    """heard (I + W K)⁻¹, by the root of the symmetric I + √W K √W: weights are above 0."""
    if not len(weight):
        return heard
    root = np.sqrt(weight)
    whole = among * root
    whole *= root[:, None]
    whole[np.diag_indices_from(whole)] += 1.0
    # Not `linalg.solve`: it also estimates the condition of what cannot be worse than its trace, in as much time again.
    _, left, fault = linalg.lapack.dposv(whole.T, (heard * root).T, lower=1, overwrite_a=1, overwrite_b=1)
    if fault:
        raise np.linalg.LinAlgError(f"I + W K is not positive definite at row {fault}")
    return np.asarray(left.T / root)


def _heard(
    window: Window,
    near: Int[np.ndarray, " n"],
    at_km: Float[np.ndarray, "m 2"],
    depth: Float[np.ndarray, "spots m"],
    pace: Float[np.ndarray, "spots m"],
) -> Rows:
    """How much a pull of 1 at each report moves what matters, at the window's end."""
    spots, reports, motion = window.spots_at(at_km), window.spots.part(near), window.setting.motion
    acts = window.near(at_km)
    moved = (depth * acts) @ covariance(spots, reports, motion)
    return np.asarray(moved + (pace * acts) @ pace_covariance(spots, reports, motion) if pace.any() else moved)
