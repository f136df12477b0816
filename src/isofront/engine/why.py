"""Why a spot is what it is, held against the test: the reports that say most are taken back, and all is fitted anew.

`Posterior.explain` gives what each report is worth to first order. Here the leading ones get their worth by a fit
without them, the order is looked at again, and a removal that would put the spot past the even-odds line is tried out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from isofront.control import Posterior, Reasons, batch
from isofront.control.flip import EVEN, Chance
from isofront.control.items import DAY
from isofront.control.weigh import N_CATEGORIES
from isofront.counts import counted
from isofront.engine.drafting import Draft
from isofront.engine.ground import Progress

TOP = 5
MOST_FITS, MOST_FLIPS = 12, 4
"""At most so many fits to settle which reports lead, and to find what flips a spot."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Without:
    """A spot with some reports taken back and all the rest fitted anew: depth (km) and P(inside side 1's ground)."""

    names: tuple[str, ...]
    latent_km: float
    p: float


@dataclass(frozen=True, slots=True)
class Told:
    """Why a cell is what it is. `reasons` has this cell alone; `without` says what the leading reports change.

    `flip` is the shortest row of leading reports found without which it would lie past the even-odds line, or None.
    """

    reasons: Reasons
    chance: Chance
    without: dict[str, Without]
    flip: Without | None


def told(draft: Draft, cell: Cell, *, top: int = TOP, progress: Progress | None = None) -> Told:
    """The reasons of a cell, with the `top` leading reports, and what would flip it, by fits without them (0: none)."""
    reasons, chance = draft.posterior.explain(np.array([cell])), chance_at(draft.posterior, cell)
    say = progress or (lambda word: None)
    reasons, tried = _leading(draft, cell, reasons, top, say)
    order = _holding(reasons, chance)
    turned = _flipping(draft, cell, order, chance, say) if top else _guessed(order, chance)
    return Told(reasons, chance, tried, turned)


def chance_at(posterior: Posterior, cell: Cell) -> Chance:
    """What gives a cell its probability."""
    row, column = cell
    within = slice(row, row + 1), slice(column, column + 1)
    prior, stands = float(posterior.prior_km(within).item()), float(posterior.stands(within).item())
    spread = float(np.sqrt(posterior.variance()[cell]))
    return Chance(posterior.model.config.link, prior, float(posterior.mean()[cell]), spread, stands)


def posterior_without(draft: Draft, names: Collection[str]) -> Posterior:
    """The posterior of the draft's day as if some reports or decisions had never been there."""
    ground, held = draft.ground, draft.posterior.batch
    kept = [report for report in draft.reports if report.id not in names]
    items = batch(kept, grid=ground.grid, sides=ground.theatre.side_ids, anchored=ground.anchor.date)
    spoken = [name not in names for name in held.ids] & (held.category >= N_CATEGORIES)
    if spoken.any():
        items = items.and_(held.where(spoken))
    model = draft.posterior.model.apart()
    return model.posterior(items, as_of=draft.posterior.as_of, known_by=(draft.known_by - ground.anchor.date) / DAY)


def _fitted(draft: Draft, cell: Cell, names: Sequence[str]) -> Without:
    chance = chance_at(posterior_without(draft, frozenset(names)), cell)
    return Without(tuple(names), chance.latent_km, chance.p(chance.latent_km))


def _leading(draft: Draft, cell: Cell, reasons: Reasons, top: int, say: Progress) -> tuple[Reasons, dict[str, Without]]:
    """Reasons in which the leading reports have their worth by fits without them, and these fits."""
    tried: dict[str, Without] = {}
    checked = reasons
    while len(tried) < MOST_FITS:
        order = _by_size(checked)[:top]
        name = next((name for name in order if name not in tried), None)
        if name is None:
            break
        say(f"fitting without {name}")
        tried[name] = _fitted(draft, cell, [name])
        depth = float(reasons.depth_km[0])
        checked = reasons.checked({one: depth - found.latent_km for one, found in tried.items()})
    return checked, tried


def _by_size(reasons: Reasons) -> list[str]:
    """Reports by the size of their share, the largest first."""
    shares = reasons.shares_km[0]
    return [reasons.ids[k] for k in np.argsort(-np.abs(shares), kind="stable") if shares[k] != 0]


def _holding(reasons: Reasons, chance: Chance) -> list[tuple[str, float]]:
    """Reports that speak for whom the spot is given to, with their shares, the largest first."""
    first = chance.p(chance.latent_km) >= EVEN
    shares = dict(zip(reasons.ids, reasons.shares_km[0].tolist(), strict=True))
    return [(name, shares[name]) for name in _by_size(reasons) if (shares[name] > 0) == first]


def _guessed(order: Sequence[tuple[str, float]], chance: Chance) -> Without | None:
    found = chance.flip(order)
    return None if found is None else Without(tuple(found["without"]), found["latent_km"], found["p"])


def _flipping(
    draft: Draft, cell: Cell, order: Sequence[tuple[str, float]], chance: Chance, say: Progress
) -> Without | None:
    """Leading reports, as few as a handful of fits finds, without which the spot lies past the even-odds line."""
    first, names = chance.p(chance.latent_km) >= EVEN, [name for name, _ in order]
    guess = chance.flip(order)
    least, k = 0, len(names) if guess is None else len(guess["without"])
    found: Without | None = None
    for _ in range(MOST_FLIPS):
        if k <= least or not names:
            break
        say(f"fitting without {counted(k, 'report')}")
        tried = _fitted(draft, cell, names[:k])
        if (tried.p >= EVEN) != first:
            found, k = tried, (least + k) // 2
        else:
            least, k = k, min(2 * k, len(names)) if found is None else (k + len(found.names)) // 2
    return found
