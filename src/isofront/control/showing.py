"""What a posterior shows in every cell: who holds it, grey and why, who is there, what went unseen or untouched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8
from scipy.spatial import cKDTree
from scipy.special import expit
from threadpoolctl import threadpool_limits

from isofront.control.explain import centres_km
from isofront.control.field import Field
from isofront.control.grey_reason import grey_reasons
from isofront.control.link import p_inside, sloped
from isofront.control.observing import Conditions, Watched, watched
from isofront.control.posterior import Posterior
from isofront.control.presence import Presence, grey_odds, presence
from isofront.ground.grid import Grid

P_STEP = 1e-4
"""Probabilities are rounded to this before anything is drawn or written."""


def show(posterior: Posterior, sides: tuple[str, str], given: Conditions | None = None) -> Field:
    """Probabilities for every cell; `given` is what decided whether anything could be seen (None: nothing is known)."""
    config, given = posterior.model.config, given or Conditions()
    with threadpool_limits(1, user_api="blas"):
        there = presence(
            posterior.model.setting,
            posterior.windows[-1].table,
            posterior.end.depth_km,
            posterior.batch,
            today=posterior.as_of,
            tuning=config.presence,
            given=given,
        )
    control = _control(posterior)
    grey, present = _past(posterior, there)
    held = np.stack([control * (1 - grey[1]), (1 - control) * (1 - grey[0])])
    there_too = np.stack([control + (1 - control) * present[0], 1 - control + control * present[1]])
    seen = _watched(posterior, given)
    reasons = grey_reasons(_in_steps(held)[0], there, seen.unobserved)
    shown = _Shown(control, held, there_too, seen, reasons, _touched(posterior, there))
    return _field(posterior.model.grid, sides, shown)


def _control(posterior: Posterior) -> Float[np.ndarray, "ny nx"]:
    """P(inside side 1's ground as the maker draws it): where the line stands, and where it has moved."""
    link, stands = posterior.model.config.link, posterior.stands()
    old = p_inside(posterior.prior_km(), np.zeros(posterior.model.grid.shape), link, blur_km=link.stand_blur_km)
    new = p_inside(posterior.end.depth_km, posterior.end.variance_km2, link, blur_km=link.blur_km)
    return sloped(np.asarray(stands * old + (1 - stands) * new), link.slope)


def _past(posterior: Posterior, there: Presence) -> tuple[Float[np.ndarray, "2 ny nx"], Float[np.ndarray, "2 ny nx"]]:
    """For each side, in the other's ground by the maker's line: P(grey), P(the side is there).

    The drawn side's ground is held without doubt: the other side is next to never there.
    """
    tuning, anchored = posterior.model.config.presence, posterior.model.anchored
    odds = [
        grey_odds(
            there,
            -sign * posterior.end.depth_km,
            side=side,
            old_grey_km=anchored.grey_km if side == anchored.drawn else None,
            age_days=posterior.as_of,
            tuning=tuning,
        )
        for side, sign in enumerate((1.0, -1.0))
    ]
    grey = expit(np.stack(odds))
    heard = np.stack([np.maximum(sign * there.local, 0.0) for sign in (1.0, -1.0)])
    present = expit(np.stack(odds) + tuning.lead + heard)
    for share in (grey, present):
        share[1 - anchored.drawn] *= tuning.inside_drawn
    return grey, present


def _watched(posterior: Posterior, given: Conditions) -> Watched:
    """How likely something to be seen would have been missed of late, and when somebody last looked."""
    setting = posterior.model.setting
    return watched(
        setting.grid,
        setting.lattice,
        posterior.batch,
        posterior.end.depth_km,
        as_of=posterior.as_of,
        given=given,
        tuning=posterior.model.config.observing,
    )


def _touched(posterior: Posterior, there: Presence) -> Bool[np.ndarray, "ny nx"]:
    link = posterior.model.config.link
    moved = np.abs(posterior.end.depth_km - posterior.prior_km()) > link.touched_km
    heard = (np.abs(there.local) > link.touched_odds) | (there.looks > link.touched_looks)
    return _near_reports(posterior, moved | heard, link.touched_near_km)


def _near_reports(posterior: Posterior, cells: Bool[np.ndarray, "ny nx"], reach_km: float) -> Bool[np.ndarray, "ny nx"]:
    """Those of the cells that lie no farther than `reach_km` from a report that acted: others nobody looked at."""
    apart, near = posterior.model.setting.distance, cells.copy()
    seen = cKDTree(apart.lift(np.concatenate([window.batch.at_km for window in posterior.windows])))
    spots = centres_km(posterior.model.grid, np.argwhere(cells))
    near[cells] = np.isfinite(seen.query(apart.lift(spots), distance_upper_bound=reach_km)[0])
    return near


@dataclass(frozen=True, slots=True)
class _Shown:
    """A field before it is rounded: P(side 1 by the maker's line), P held, P present, watched, why grey, touched."""

    control: Float[np.ndarray, "ny nx"]
    held: Float[np.ndarray, "2 ny nx"]
    present: Float[np.ndarray, "2 ny nx"]
    watched: Watched
    reason: UInt8[np.ndarray, "ny nx"]
    touched: Bool[np.ndarray, "ny nx"]


def _field(grid: Grid, sides: tuple[str, str], shown: _Shown) -> Field:
    """Rounded, with the reason where neither side holds; control never outside what held and grey allow."""
    held, grey = _in_steps(shown.held)
    first = np.clip(_rounded(shown.control), held[0], held[0] + grey)
    return Field(
        grid,
        sides,
        _float32(held),
        _float32(grey),
        _float32(np.stack([first, 1 - first])),
        _float32(_rounded(shown.present)),
        _float32(_rounded(np.clip(shown.watched.unobserved, 0, 1))),
        shown.reason,
        shown.touched,
        last_look_days=_float32(shown.watched.last_look_days),
    )


def _rounded(p: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    return np.asarray(np.round(p / P_STEP) * P_STEP)


def _in_steps(held: Float[np.ndarray, "2 ny nx"]) -> tuple[Float[np.ndarray, "2 ny nx"], Float[np.ndarray, "ny nx"]]:
    """The three probabilities in whole steps that sum to one; the largest takes the remainder."""
    three = np.stack([held[0], 1 - held[0] - held[1], held[1]])
    steps = np.round(three / P_STEP).astype(np.int64)
    rest = round(1 / P_STEP) - steps.sum(axis=0)
    largest = three.argmax(axis=0)
    np.put_along_axis(steps, largest[None], np.take_along_axis(steps, largest[None], axis=0) + rest, axis=0)
    whole = steps * P_STEP
    return whole[[0, 2]], whole[1]


def _float32(values: Float[np.ndarray, "*n"]) -> Float32[np.ndarray, "*n"]:
    return np.asarray(values, np.float32)
