"""Where to look: stretches of the front, by what one report there would settle, and by how long ago anybody looked.

The even-odds line is cut into stretches of a few kilometres. At the least sure spot of each an exact sighting is
imagined, of either side in turn, each as likely as the table and the posterior make it. With phi(s) ~ N(m, v) at the
spot, a sighting o has the predictive weight Z_o = E[P(o | phi)] and leaves phi(s) with mean m_o and variance v_o;
every cell x moves with it by its covariance c (moments matched, as in assumed-density filtering):

    m_o(x) = m(x) + c/v · (m_o - m),    v_o(x) = v(x) - (c/v)² · (v - v_o)

What one report would settle is Σ_x area · (min(p, 1-p) - Σ_o Z_o min(p_o, 1-p_o)): the ground (km²) that the map is
expected to get wrong now, less what it is expected to get wrong after. The formula is in docs/maths/looking.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy import linalg
from shapely.ops import substring

from isofront.arrays import Float, Int
from isofront.control import Posterior
from isofront.control.link import p_inside, sloped
from isofront.control.motion import covariance
from isofront.control.tiles import tiles_of
from isofront.control.weigh import KINDS, Table
from isofront.control.window import Window
from isofront.desk.desk import Desk
from isofront.desk.placing import near_told
from isofront.desk.routing import Request, Route
from isofront.engine import Draft
from isofront.evidence.report import Kind
from isofront.front.contours import level_lines, probit
from isofront.ground.grid import Grid

STRETCH_KM = 5.0
REACH_KM = 10.0
"""A sighting has next to no effect farther off: cells within this distance of a stretch's spot are looked at."""
STEP_KM = 0.5
"""Spacing of the cells looked at (every cell where they are coarser): nothing that a report moves is finer."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
MOST = 60
LEAST_PART_KM = 1.0
"""Shorter pieces of the even-odds line are islands that one look takes in with its neighbours."""


@dataclass(frozen=True, slots=True)
class Lookout:
    """A piece of the front (km), the spot where a sighting would settle most, and what it would.

    `settles_km2` is ground the map is expected to get wrong now and not with one more report; `unsure_km2` what it is
    expected to get wrong now within reach. `look_days` is how long ago anybody looked at the spot (inf: nobody did).
    """

    line: shapely.Geometry
    spot: tuple[float, float]
    p: float
    settles_km2: float
    unsure_km2: float
    look_days: float
    unobserved: float


@dataclass(frozen=True, slots=True)
class Now:
    """The posterior in every cell, worked out once: depth and prior (km), variance (km²), P(the line still stands)."""

    posterior: Posterior
    depth: Float[np.ndarray, "ny nx"]
    variance: Float[np.ndarray, "ny nx"]
    prior: Float[np.ndarray, "ny nx"]
    stands: Float[np.ndarray, "ny nx"]

    @classmethod
    def of(cls, posterior: Posterior) -> Now:
        """The posterior's surfaces."""
        return cls(posterior, posterior.mean(), posterior.variance(), posterior.prior_km(), posterior.stands())


def stretches(draft: Draft) -> tuple[Lookout, ...]:
    """All stretches of a draft's front, what settles most first."""
    now = Now.of(draft.posterior)
    found = [_stretch(draft, now, piece) for piece in _pieces(draft)]
    return tuple(sorted(found, key=lambda one: (-one.settles_km2, one.spot)))


def _pieces(draft: Draft) -> list[shapely.Geometry]:
    """The even-odds line inside the bounds, in stretches of about `STRETCH_KM`."""
    field, frame = draft.field, draft.ground.frame
    line = shapely.line_merge(shapely.intersection(level_lines(field.grid, probit(field.control[0])), frame))
    pieces: list[shapely.Geometry] = []
    for part in shapely.get_parts(line):
        if part.geom_type != "LineString" or part.length < LEAST_PART_KM:
            continue
        n = max(1, round(part.length / STRETCH_KM))
        cuts = np.linspace(0, part.length, n + 1)
        pieces += [substring(part, cuts[k], cuts[k + 1]) for k in range(n)]
    return pieces


def _stretch(draft: Draft, now: Now, piece: shapely.Geometry) -> Lookout:
    field, grid = draft.field, draft.field.grid
    along = shapely.line_interpolate_point(piece, np.linspace(0.1, 0.9, 9), normalized=True)
    cells = [cell for point in along if (cell := grid.cell_of(point.x, point.y)) is not None]
    row, column = max(cells, key=lambda cell: (float(now.variance[cell]), cell))
    spot = float(grid.east_km[column]), float(grid.north_km[row])
    about = _cells_about(draft, spot)
    gain, unsure = gain_km2(now, (row, column), about)
    look = np.inf if field.last_look_days is None else float(field.last_look_days[row, column])
    unobserved = float(field.unobserved[row, column])
    return Lookout(piece, spot, float(field.control[0][row, column]), gain, unsure, look, unobserved)


def _cells_about(draft: Draft, spot: tuple[float, float]) -> Int[np.ndarray, "n 2"]:
    """Cells inside the bounds within reach of a spot, the spot's own among them; each stands for `STEP_KM` squared."""
    grid = draft.field.grid
    step = _stride(grid)
    row, column = grid.cell_of(*spot) or (0, 0)
    rows, columns = np.arange(row % step, grid.ny, step), np.arange(column % step, grid.nx, step)
    rows = rows[np.abs(grid.north_km[rows] - spot[1]) <= REACH_KM]
    columns = columns[np.abs(grid.east_km[columns] - spot[0]) <= REACH_KM]
    cells = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    apart = np.hypot(*(grid.centres_of(cells) - spot).T)
    west, south, east, north = draft.ground.frame.bounds
    at = grid.centres_of(cells)
    inside = (at[:, 0] > west) & (at[:, 0] < east) & (at[:, 1] > south) & (at[:, 1] < north)
    return np.asarray(cells[(apart <= REACH_KM) & (inside | (apart < grid.cell_km / 2))])


def _stride(grid: Grid) -> int:
    return max(1, round(STEP_KM / grid.cell_km))


# One report


def gain_km2(now: Now, cell: tuple[int, int], about: Int[np.ndarray, "n 2"]) -> tuple[float, float]:
    """Ground (km²) among some cells that one exact sighting at a cell would settle, and that is unsure now."""
    grid = now.posterior.model.grid
    area = (_stride(grid) * grid.cell_km) ** 2
    mean, variance = float(now.depth[cell]), float(now.variance[cell])
    share, still = shares(now.posterior, cell, about), np.zeros(len(about))
    before, after = float(_wrong(now, about, still, still).sum()), 0.0
    for weight, moved, left in outcomes(now.posterior.windows[-1].table, mean, variance):
        wrong = _wrong(now, about, share * (moved - mean), share**2 * (variance - left))
        after += weight * float(wrong.sum())
    return area * (before - after), area * before


def outcomes(table: Table, mean: float, variance: float) -> list[tuple[float, float, float]]:
    """For a sighting of either side at a spot: how likely it is, and the mean and variance of the depth after it."""
    depth = mean + np.sqrt(variance) * NODES
    rows = np.array([KINDS.index(Kind.POSITION) * 4 + 2 * side for side in (0, 1)])
    say = np.exp(table.at(rows[:, None], np.tile(depth, (2, 1))))
    say /= say.sum(axis=0)
    found = []
    for one in say:
        weight = float((one * WEIGHTS).sum())
        after = one * WEIGHTS / weight
        moved = float((after * depth).sum())
        found.append((weight, moved, float((after * (depth - moved) ** 2).sum())))
    return found


def shares(posterior: Posterior, cell: tuple[int, int], about: Int[np.ndarray, "n 2"]) -> Float[np.ndarray, " n"]:
    """How far each cell's depth moves with the depth at a spot: covariance over the spot's variance."""
    grid, spots = posterior.model.grid, np.vstack([[cell], about])
    both, say = np.zeros(len(spots)), posterior.say_at(grid.centres_of(spots))
    for chain, part in zip(posterior.chains, (1 - say, say), strict=False):
        both += part * _across(chain.windows[-1], grid, spots)
    most = max(float(both[0]), float(posterior.variance()[cell]), 1e-6)
    return np.asarray(np.clip(both[1:] / most, -1, 1))


def _across(window: Window, grid: Grid, cells: Int[np.ndarray, "n 2"]) -> Float[np.ndarray, " n"]:
    """Covariance of depths with the first cell's in one chain's open window, km²; 0 where no report acts."""
    spots = window.spots_at(grid.centres_of(cells))
    fit = window.fit
    here = spots.part(np.array([0]))
    across = covariance(here, spots, fit.prior.motion)[0]
    key = tiles_of(here.at[:, :2], fit.prior.origin_km)[0].key
    solver = fit.solver(key)
    if solver is not None:
        pivots, root = covariance(fit.pivots(solver), spots, fit.prior.motion), solver.share.root
        first = linalg.solve_triangular(root, pivots[:, 0], lower=True, check_finite=False)
        left = solver.inverse.astype(float)
        heard = first - left.T @ (left @ first)  # f0ᵀ F - (Lf0)ᵀ LF, without F of every cell
        across = across - linalg.solve_triangular(root, heard, lower=True, trans="T", check_finite=False) @ pivots
    near = window.near(spots.at[:, :2])
    near[0] = True
    return np.asarray(across * near)


def _wrong(
    now: Now,
    about: Int[np.ndarray, "n 2"],
    moved_km: Float[np.ndarray, " n"],
    less_km2: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """min(p, 1 - p) in cells whose depth moved and whose variance shrank by so much."""
    p = _p(now, about, moved_km, less_km2)
    return np.asarray(np.minimum(p, 1 - p))


def _p(
    now: Now,
    about: Int[np.ndarray, "n 2"],
    moved_km: Float[np.ndarray, " n"],
    less_km2: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """P(inside side 1's ground) in such cells; how far the line still stands follows (as in `flip.Chance`)."""
    link, at = now.posterior.model.config.link, (about[:, 0], about[:, 1])
    depth, variance, prior, stands = now.depth[at], now.variance[at], now.prior[at], now.stands[at]
    left = np.maximum(variance - less_km2, 1e-4)
    before, after = (depth - prior) ** 2 / variance, (depth + moved_km - prior) ** 2 / left
    odds = (
        stands
        / np.maximum(1 - stands, 1e-9)
        * np.sqrt(variance / left)
        * np.exp(np.clip(0.5 * (before - after), -50, 50))
    )
    still = odds / (1 + odds)
    old = p_inside(prior, np.zeros_like(prior), link, blur_km=link.stand_blur_km)
    new = p_inside(depth + moved_km, left, link, blur_km=link.blur_km)
    return sloped(np.asarray(still * old + (1 - still) * new), link.slope)


# The page


def look(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/look?as_of=&known_by=`: stretches of the front, what one report would settle most of first."""
    draft = desk.draft(request.day(), request.moment("known_by"))

    def found(_: object) -> dict[str, Any]:
        return look_document(draft, stretches(draft))

    return desk.later(("look", draft.as_of, draft.known_by), found, name="where to look")


def look_document(draft: Draft, found: Sequence[Lookout]) -> dict[str, Any]:
    """The stretches as the page reads them: at most `MOST`, by what settles most, and those longest not looked at."""
    late = sorted(found, key=lambda one: (-one.look_days, -one.settles_km2, one.spot))
    kept = {id(one) for one in (*found[:MOST], *late[:MOST])}
    return {
        "stretches": [_record(draft, one, late.index(one) + 1) for one in found if id(one) in kept],
        "left_out": len(found) - len(kept),
        "review_days": draft.ground.theatre.observing.review_days,
        "total_km2": round(sum(one.settles_km2 for one in found), 3),
    }


def _record(draft: Draft, one: Lookout, rank_late: int) -> dict[str, Any]:
    from isofront.desk.deciding import geometry_of

    lon, lat = draft.ground.grid.to_lonlat(*one.spot)
    return {
        "at": [round(float(lon), 5), round(float(lat), 5)],
        "near": near_told(draft.ground, shapely.Point(one.spot)),
        "p": round(one.p, 4),
        "settles_km2": round(one.settles_km2, 4),
        "unsure_km2": round(one.unsure_km2, 3),
        "look_days": round(one.look_days, 1) if np.isfinite(one.look_days) else None,
        "unobserved": round(one.unobserved, 3),
        "rank_late": rank_late,
        "geometry": geometry_of(draft, one.line),
    }


ROUTES = (Route("GET", "/api/look", look),)
