"""The posterior of the latent at the reports: variational Gaussian inference in data space, tile by tile.

With prior N(m0, K) and log-likelihoods from a `Table`, q = N(m, V) that minimises KL(q ‖ posterior) has
m = m0 + K alpha with alpha_i = E_q[d log P_i / d phi] and V = (K⁻¹ + W)⁻¹ with W_i = -E_q[d² log P_i / d phi²]
(Opper & Archambeau 2009). Expectations under q, unlike Laplace's point slopes, see past the kinks of the table.
The posterior mean anywhere is the prior mean plus Σ K(s, x_i) alpha_i: one term per report.

K alpha is taken in full, pair by pair within reach. V, and the step that makes m and alpha agree, come from tiles: the
reports of a tile and its halo (restricted additive Schwarz, Cai & Sarkis 1999), with K there as Fᵀ F + D by a
pivoted Cholesky decomposition that stops when no diagonal of the rest exceeds `REST_KM2` (Harbrecht et al. 2012); D
is what is left on the diagonal (Snelson & Ghahramani 2006). A step that is not exact costs rounds, not truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from isofront.arrays import Float, Float32, Int
from isofront.control.motion import Motion, Spots, covariance32, pivoted, variance
from isofront.control.tile_algebra import explained, factors, inverse_of, solution, stepped
from isofront.control.tiles import CORE_KM, HALO_KM, Key, Tile, around, tiles_of
from isofront.control.weigh import Table
from isofront.threads import each

LEAST_VARIANCE_KM2 = 1e-4
LEAST_WEIGHT = 1e-3
"""Curvature below this (a report in a flat or hollow part of its table) is held up, so that V stays a variance."""
SETTLED_KM = 5e-3
STEP, LATE_STEP = 0.8, 0.35
"""How much of a step is taken; less after ten rounds, so that none goes round in a circle."""
AFRESH, AFRESH_WARM = (0, 1, 3, 7, 11, 15), (0, 2, 7, 11, 15)
"""Rounds in which tiles are solved anew, and where it starts from another fit; between them the last gives the step."""
REST_KM2 = 0.02
REST_SHARE = 0.01
"""How much of a report's prior variance the pivots of its tile may leave unshared with others: km², and a share."""


@dataclass(frozen=True, slots=True)
class Items:
    """Reports as numbers: category, and how much each counts (reposts less)."""

    category: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]


@dataclass(frozen=True, slots=True)
class Share:
    """K of a tile's reports (core and halo) as Fᵀ F + D: which reports, the pivots among them, F (pivots first) and D.

    `root` is the Cholesky root of K at the pivots, `inverse` its inverse.
    """

    within: Int[np.ndarray, " n"]
    pivots: Int[np.ndarray, " r"]
    root: Float[np.ndarray, "r r"]
    inverse: Float32[np.ndarray, "r r"]
    f: Float32[np.ndarray, "r n"]
    rest: Float[np.ndarray, " n"]


@dataclass(frozen=True, slots=True)
class Solved:
    """(I + W K)⁻¹ of a tile (Woodbury): E = 1 + W D, W / E, the inverse root of I + F W / E Fᵀ.

    `spread2` is (K⁻¹ + W)⁻¹ᵢᵢ at those of its reports for which the tile answers.
    """

    share: Share
    eased: Float[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    inverse: Float32[np.ndarray, "r r"]
    spread2: Float[np.ndarray, " core"]

    @classmethod
    def of(cls, share: Share, weight: Float[np.ndarray, " reports"], place: Int[np.ndarray, " core"]) -> Solved:
        """The tile with these weights; it answers for its reports at some places."""
        return cls(share, *solution(share.f, share.rest, weight[share.within], place))

    def step(self, sought: Float[np.ndarray, " reports"]) -> Float[np.ndarray, " n"]:
        """(I + W K)⁻¹ sought, at the tile's reports."""
        return np.asarray(stepped(self.share.f, self.eased, self.weight, self.inverse, sought[self.share.within]))

    def explained(self, across: Float32[np.ndarray, "r m"]) -> Float[np.ndarray, " m"]:
        """How much the reports take off the prior variance of other spots, from their covariance with the pivots."""
        return np.asarray(explained(self.share.inverse, self.inverse, across))


@dataclass(frozen=True, slots=True)
class Prior:
    """The covariance of reports by tiles: K between a tile's own and those of later tiles, and what it shares.

    K is symmetric, so a block serves both tiles: `later` are the columns of a tile's block, its own first, `beside` the
    tiles (by number) that they belong to. `near` are the reports within reach of a tile.
    """

    spots: Spots
    motion: Motion
    origin_km: tuple[float, float]
    tiles: tuple[Tile, ...]
    near: tuple[Int[np.ndarray, " _"], ...]
    beside: tuple[tuple[int, ...], ...]
    later: tuple[Int[np.ndarray, " _"], ...]
    blocks: tuple[Float32[np.ndarray, "_ _"], ...]
    shares: tuple[Share, ...]
    place: tuple[Int[np.ndarray, " _"], ...]
    own: Float[np.ndarray, " n"]

    @classmethod
    def of(cls, spots: Spots, motion: Motion, origin_km: tuple[float, float]) -> Prior:
        """The prior at reports; squares are counted from the origin."""
        flat, tiles = spots.at[:, :2], tiles_of(spots.at[:, :2], origin_km)
        near = tuple(around(tile.key, flat, origin_km, reach_km=motion.reach_km) for tile in tiles)

        def share(tile: Tile) -> Share:
            return share_of(spots, around(tile.key, flat, origin_km, reach_km=HALO_KM), motion)

        shares = tuple(each(share, tiles))
        place = tuple(np.searchsorted(share.within, tile.core) for share, tile in zip(shares, tiles, strict=True))
        beside = _beside(tiles, motion.reach_km)
        later = tuple(np.concatenate([tiles[k].core for k in some]) for some in beside)
        own, blocks = variance(spots, motion), _blocks(spots, motion, tiles, later)
        return cls(spots, motion, origin_km, tiles, near, beside, later, blocks, shares, place, own)

    def with_activity(self, activity: Float[np.ndarray, " n"]) -> Prior:
        """The prior at the same places and times with another activity; the pivots stay."""
        spots, motion = replace(self.spots, activity=activity), self.motion
        shares = tuple(each(lambda share: shared(spots, share.within, share.pivots, motion), self.shares))
        own, blocks = variance(spots, motion), _blocks(spots, motion, self.tiles, self.later)
        return replace(self, spots=spots, shares=shares, own=own, blocks=blocks)

    def times(self, alpha: Float[np.ndarray, " n"], tiles: Iterable[int] | None = None) -> Float[np.ndarray, " n"]:
        """K alpha, where alpha is 0 but at the reports of some tiles (by number; None: all).

        OpenBLAS, now and then, flags an invalid operation where none is in its answer: the answer is looked at instead.

        Raises:
            FloatingPointError: K alpha is not finite.
        """
        light, told = alpha.astype(np.float32), set(range(len(self.tiles)) if tiles is None else tiles)

        def part(number: int) -> tuple[Float32[np.ndarray, " _"], Float32[np.ndarray, " _"]]:
            block, n = self.blocks[number], len(self.tiles[number].core)
            here, there = np.zeros(n, np.float32), np.zeros(block.shape[1] - n, np.float32)
            with np.errstate(invalid="ignore"):
                if not told.isdisjoint(self.beside[number]):
                    here = block @ light[self.later[number]]
                if number in told:
                    there = light[self.tiles[number].core] @ block[:, n:]
            return here, there

        out = np.zeros(len(self.own))
        for tile, later, (here, there) in zip(self.tiles, self.later, each(part, range(len(self.tiles))), strict=True):
            out[tile.core] += here
            out[later[len(here) :]] += there
        if not np.isfinite(out).all():
            raise FloatingPointError(f"K alpha is not finite at {int((~np.isfinite(out)).sum())} of {len(out)} reports")
        return out

    def solved(self, weight: Float[np.ndarray, " n"], numbers: Iterable[int]) -> dict[int, Solved]:
        """Tiles, by number, with these weights."""
        chosen = list(numbers)

        def solve(number: int) -> Solved:
            return Solved.of(self.shares[number], weight, self.place[number])

        return dict(zip(chosen, each(solve, chosen), strict=True))

    def settled(self, moved_km: Float[np.ndarray, " n"], least_km: float) -> set[int]:
        """Tiles (by number) within whose reach no mean has moved any more; what happens elsewhere is not asked."""
        still = np.abs(moved_km) < least_km
        return {number for number, near in enumerate(self.near) if still[near].all()}

    def take(
        self, out: Float[np.ndarray, " n"], numbers: Iterable[int], parts: Iterable[Float[np.ndarray, " _"]]
    ) -> None:
        """Write what tiles (by number) answer for all their reports where each answers for its own."""
        for number, part in zip(numbers, parts, strict=True):
            out[self.tiles[number].core] = part[self.place[number]]


def share_of(spots: Spots, within: Int[np.ndarray, " n"], motion: Motion) -> Share:
    """K of some reports by pivots: each time the report whose variance is shared least, until little is left."""
    some = spots.part(within)
    f, pivots, rest = pivoted(some, motion, rest_km2=REST_KM2, rest_share=REST_SHARE)
    root = np.ascontiguousarray(f[:, pivots].T)
    return Share(within, pivots, root, inverse_of(root.astype(np.float32)), f.astype(np.float32), rest)


def shared(spots: Spots, within: Int[np.ndarray, " n"], pivots: Int[np.ndarray, " r"], motion: Motion) -> Share:
    """K of some reports by pivots that are given."""
    some = spots.part(within)
    across = covariance32(some.part(pivots), some, motion)
    return Share(within, pivots, *factors(across, pivots, variance(some, motion)))


def _beside(tiles: Sequence[Tile], reach_km: float) -> tuple[tuple[int, ...], ...]:
    """For each tile itself and those after it (by number) whose squares lie within reach of its own."""
    keys = np.array([tile.key for tile in tiles], np.int64).reshape(-1, 2)
    found = []
    for number, key in enumerate(keys):
        gap_km = np.maximum(np.abs(keys[number:] - key) - 1, 0) * CORE_KM
        found.append(tuple((number + np.flatnonzero((gap_km**2).sum(axis=1) < reach_km**2)).tolist()))
    return tuple(found)


def _blocks(
    spots: Spots, motion: Motion, tiles: Sequence[Tile], later: Sequence[Int[np.ndarray, " _"]]
) -> tuple[Float32[np.ndarray, "_ _"], ...]:
    """K between each tile's own reports and some; single precision is far finer than rounds settle."""

    def block(number: int) -> Float32[np.ndarray, "_ _"]:
        return covariance32(spots.part(tiles[number].core), spots.part(later[number]), motion)

    return tuple(each(block, range(len(tiles))))


@dataclass(frozen=True, slots=True)
class Fit:
    """At the reports: pulls alpha (1/km), weights W (1/km²), mean and variance; and the tiles behind them."""

    alpha: Float[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    mean: Float[np.ndarray, " n"]
    variance: Float[np.ndarray, " n"]
    prior: Prior
    solvers: tuple[Solved, ...]

    def settled(self) -> Fit:
        """The same without K between tiles, which no further question needs once the rounds are over."""
        return replace(self, prior=replace(self.prior, near=(), beside=(), later=(), blocks=()))

    def at_rest(self) -> Fit:
        """The same without what only further rounds would need: what a closed window keeps."""
        bare = replace(self.prior, tiles=(), near=(), beside=(), later=(), blocks=(), shares=(), place=())
        return replace(self, prior=bare, solvers=())

    def solver(self, key: Key) -> Solved | None:
        """What answers for a square: its tile, or the reports round it if none lies in it; None if none is near."""
        return self._tiles().get(key) or self._solver_round(key)

    def _tiles(self) -> dict[Key, Solved]:
        return {tile.key: one for tile, one in zip(self.prior.tiles, self.solvers, strict=True)}

    def _solver_round(self, key: Key) -> Solved | None:
        prior = self.prior
        within = around(key, prior.spots.at[:, :2], prior.origin_km, reach_km=HALO_KM)
        nothing = np.zeros(0, np.int64)
        return Solved.of(share_of(prior.spots, within, prior.motion), self.weight, nothing) if len(within) else None

    def pivots(self, solver: Solved) -> Spots:
        """The reports that a tile's covariance is carried by."""
        return self.prior.spots.part(solver.share.within[solver.share.pivots])

    def explained_variance(self, spots: Spots) -> Float[np.ndarray, " m"]:
        """How much the reports take off the prior variance of spots, km²; each tile answers for its own."""
        tiles, own = tiles_of(spots.at[:, :2], self.prior.origin_km), self._tiles()

        def answer(tile: Tile) -> Float[np.ndarray, " k"] | float:
            solver = own.get(tile.key) or self._solver_round(tile.key)
            if solver is None:
                return 0.0
            return solver.explained(covariance32(self.pivots(solver), spots.part(tile.core), self.prior.motion))

        out = np.zeros(len(spots))
        for tile, found in zip(tiles, each(answer, tiles), strict=True):
            out[tile.core] = found
        return out

    def without_each(self) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
        """Mean and variance at each report as if it alone had not come (its Gaussian site divided out)."""
        precision = 1 / self.variance
        left = np.maximum(precision - self.weight, 0.05 * precision)
        return self.mean - self.alpha / left, 1 / left


def fit(
    items: Items,
    prior_mean: Float[np.ndarray, " n"],
    prior: Prior,
    table: Table,
    *,
    rounds: int,
    start: Fit | None = None,
    settled_km: float = SETTLED_KM,
) -> Fit:
    """The variational posterior at the reports; damped fixed-point rounds, warm-started if `start` is given.

    Rounds end where no mean moves by more than `settled_km`.
    """
    if len(items.category) == 0:
        nothing = np.zeros(0)
        return Fit(nothing, nothing, nothing, nothing, prior, ())
    alpha = np.zeros(len(prior.own)) if start is None else start.alpha.copy()
    mean = prior_mean + prior.times(alpha)
    spread2 = prior.own.copy() if start is None else start.variance.copy()
    weight = None if start is None else start.weight
    solvers: dict[int, Solved] = {}
    busy = list(range(len(prior.tiles)))
    for number in range(rounds):
        say = table.expected(items.category, mean, np.sqrt(np.maximum(spread2, LEAST_VARIANCE_KM2)))
        fresh = np.maximum(say.bend, LEAST_WEIGHT) * items.weight
        weight = fresh if weight is None else 0.5 * weight + 0.5 * fresh
        if number in (AFRESH if start is None else AFRESH_WARM):
            solvers |= prior.solved(weight, busy)
            for k in busy:
                spread2[prior.tiles[k].core] = solvers[k].spread2
            spread2 = np.clip(spread2, LEAST_VARIANCE_KM2, prior.own)
        gap, step = items.weight * say.slope - alpha, np.zeros(len(alpha))
        prior.take(step, busy, list(each(partial(Solved.step, sought=gap), [solvers[k] for k in busy])))
        step *= STEP if number < 10 else LATE_STEP
        moved_km = prior.times(step, busy)
        alpha, mean = alpha + step, mean + moved_km
        settled = prior.settled(moved_km, settled_km)
        busy = [k for k in busy if k not in settled]
        if not busy:
            break
    assert weight is not None
    return Fit(alpha, weight, mean, spread2, prior, tuple(solvers[k] for k in range(len(prior.tiles))))
