"""Necks, pockets and enclosure on Isofront's own map: by three rules, and as intervals over maps that could be so.

drawing, field         Stage, once for each side          what is the enemy's by each rule, continued past the bounds
stage, settlements     front.measured, front.pockets_of   every town near the front, every pocket found unaided
posterior, field       Posterior.sample_at, Levels        samples in which each cell is held as often as the map says
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.engine.drafting import TOWN_RADIUS_KM, Draft
from isofront.front import Class, Disc, Ladder, PlaceNecks, Pocket, Pockets, Rule, Rung
from isofront.front.contours import polygons_only, probit, region_between, within_frame, without_small_parts
from isofront.front.neck_focus import Focus
from isofront.front.neck_samples import Levels, sampled_necks
from isofront.front.place_corridor import Surroundings
from isofront.front.pockets import Stage, Town, measured, pockets_of, surroundings
from isofront.front.rules import Widths
from isofront.front.width_field import widths_on
from isofront.ground.distance import CROSSING_KM, WALL_KM, Distance
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, at_cells
from isofront.publish import Sheet
from isofront.threads import one_blas_thread

NEAR_KM = 15.0
"""Settlements so near to the enemy's held ground are measured."""

BEYOND_KM = 60.0
"""The map goes on outward so far past its bounds, each class as it is there, so that a front is not walled off."""

SLIT_KM = 0.01
"""Half the width of the cut that a barrier makes in the land."""

SAMPLES = 200
MAP_SAMPLES: Mapping[Rule, int] = {Rule.HELD: 200, Rule.HELD_OR_GREY: 40, Rule.ANY_PRESENCE: 40}
"""Maps drawn for each rule when a whole map is written; a place that is asked about gets `SAMPLES` for each."""

SEED = 20_250
Z_MOST = 3.0
"""Probabilities farther out than this many standard deviations are taken for certain: no specks far from the line."""


def with_necks(sheet: Sheet, draft: Draft, *, samples: Mapping[Rule, int] = MAP_SAMPLES) -> Sheet:
    """The sheet with the necks and pockets of its map."""
    return replace(sheet, pockets=necks_of(draft, samples=samples))


def necks_of(draft: Draft, *, samples: Mapping[Rule, int] = MAP_SAMPLES) -> Pockets:
    """Every town near the front of either side, and every pocket, by rule and as intervals."""
    return with_intervals(plain_necks(draft), samples=samples)


@dataclass(frozen=True, slots=True)
class PlainSide:
    """One side's towns near the front, its pockets and its corridor widths, as the map draws them."""

    scene: _Scene
    places: tuple[PlaceNecks, ...]
    pockets: tuple[Pocket, ...]
    widths: Widths | None


def plain_necks(draft: Draft, *, whole: bool = True) -> tuple[PlainSide, ...]:
    """Both sides' necks by rule, before any other map is sampled, and corridor widths.

    If not the whole is asked: towns by the rule "held" alone, and what pockets are measured at by every rule; no robust
    necks, and no corridor widths.
    """
    ladder, presence_p = ladder_of(draft), presence_p_of(draft)
    found = []
    for k, side in enumerate(draft.field.sides):
        stage = stage_of(draft, side, presence_p=presence_p)
        towns = _near(_towns_of(draft, k), stage)
        around = surroundings(stage)
        asked = around if whole else {Rule.HELD: around[Rule.HELD]}
        places = measured(stage, asked, towns, ladder, robust=whole)
        frame = draft.ground.frame
        behind = pockets_of(stage, around, towns, places if whole else (), ladder, robust=whole, within=frame)
        field = _widths(draft.field.grid, side, around, ladder) if whole else None
        found.append(PlainSide(_Scene(draft, stage, ladder, presence_p), places, behind, field))
    return tuple(found)


def largest_first(pockets: Iterable[Pocket]) -> tuple[Pocket, ...]:
    """Both sides' pockets in the order in which they are told."""
    return tuple(sorted(pockets, key=lambda one: -one.pocket_km2))


def with_intervals(
    plain: Sequence[PlainSide], *, samples: Mapping[Rule, int] = MAP_SAMPLES, rings: bool = True
) -> Pockets:
    """The same with what sampled maps say of places that are nearly cut off; of enclosure too, if `rings` asks."""
    places: list[PlaceNecks] = []
    pockets: list[Pocket] = []
    for one in plain:
        ringed = frozenset(pocket.place.key for pocket in one.pockets if rings)
        told = {place.key: place for place in _sampled(one.scene, one.places, samples, ringed=ringed)}
        places += told.values()
        pockets += [replace(pocket, place=_told_too(pocket.place, told)) for pocket in one.pockets]
    widths, scene = tuple(one.widths for one in plain if one.widths is not None), plain[0].scene
    n = samples.get(Rule.HELD, 0)
    return Pockets(tuple(places), largest_first(pockets), scene.ladder, scene.presence_p, n, widths)


def _told_too(place: PlaceNecks, told: Mapping[tuple[str, Disc], PlaceNecks]) -> PlaceNecks:
    """What a pocket is measured at, with the intervals of the town that it is."""
    same = told.get(place.key)
    return place if same is None else replace(place, by_rule={**place.by_rule, **same.by_rule})


def widths_on_draft(draft: Draft, stage: Stage) -> Callable[[Grid], Widths]:
    """What gives the corridor-width field of one side's land on the cells of any grid."""
    around, ladder = surroundings(stage), ladder_of(draft)
    return lambda grid: _widths(grid, stage.side, around, ladder)


def _widths(grid: Grid, side: str, around: Mapping[Rule, Surroundings], ladder: Ladder) -> Widths:
    km = {rule: widths_on(one.field, grid, open_km=ladder.open_km) for rule, one in around.items()}
    return Widths(side, grid, km)


def place_necks(
    draft: Draft, name: str, disc: Disc, side: str | None = None, *, n_samples: int = SAMPLES
) -> PlaceNecks:
    """One place by rule and as intervals; its side is the one whose ground it was on the anchor's map, if not said."""
    ladder, presence_p = ladder_of(draft), presence_p_of(draft)
    whose = side or draft.field.sides[side_number(draft, disc)]
    stage = stage_of(draft, whose, presence_p=presence_p)
    found = measured(stage, surroundings(stage), (Town(name, 0, disc),), ladder)
    scene = _Scene(draft, stage, ladder, presence_p)
    return _sampled(scene, found, dict.fromkeys(Rule, n_samples), every=True)[0]


def ladder_of(draft: Draft) -> Ladder:
    """The theatre's own cut-offs."""
    told = draft.ground.theatre.ladder
    return Ladder(told.open_km, told.pocket_km, told.gap_km, told.close_km, told.hold_days)


def presence_p_of(draft: Draft) -> float:
    """The probability above which a side's presence counts."""
    return float(draft.ground.theatre.ladder.presence_p)


# Who is where


def _towns_of(draft: Draft, k: int) -> list[Town]:
    """The settlements in bounds that were side k's on the anchor's map."""
    theatre = draft.ground.theatre
    found = []
    for one in draft.ground.settlements:
        radius = (one.radius_m or TOWN_RADIUS_KM * 1000) / 1000
        disc = Disc(*draft.field.grid.to_km(*one.at), radius)
        if theatre.box.holds(*one.at) and side_number(draft, disc) == k:
            found.append(Town(one.name, one.population or 0, disc))
    return found


def side_number(draft: Draft, disc: Disc) -> int:
    """The number of the side on whose ground a place lay on the anchor's map."""
    depth = at_cells(draft.field.grid, draft.ground.anchored.depth_km, np.array([[disc.east_km, disc.north_km]]))
    return 0 if depth[0] > 0 else 1


def _near(towns: Sequence[Town], stage: Stage) -> list[Town]:
    """Those near the enemy's edge; what the land file puts into the sea (a coarse coast, an island) has no rear."""
    spots = shapely.points([(town.disc.east_km, town.disc.north_km) for town in towns]) if towns else []
    for area in (stage.ground[Rule.HELD], stage.land):
        shapely.prepare(area)
    near = shapely.dwithin(stage.ground[Rule.HELD], spots, NEAR_KM) & shapely.dwithin(
        stage.land, spots, [town.disc.radius_km / 2 for town in towns]
    )
    return [town for town, kept in zip(towns, near, strict=True) if kept]


# The ground by rule


def stage_of(draft: Draft, side: str, *, presence_p: float) -> Stage:
    """One side's land and what is the enemy's by each rule, as the map draws it, continued past the map's bounds."""
    enemy = next(other for other in draft.field.sides if other != side)
    drawn = {name: _drawn(draft, name) for name in (enemy, None)}
    held = _continued(draft, drawn[enemy])
    grey = shapely.union(held, _continued(draft, drawn[None]))
    present = shapely.union(held, _continued(draft, _present(draft, enemy, presence_p)))
    ground = {Rule.HELD: held, Rule.HELD_OR_GREY: grey, Rule.ANY_PRESENCE: present}
    return Stage(side, enemy, _land(draft), ground)


def _drawn(draft: Draft, side: str | None) -> BaseGeometry:
    """A side's held ground, or grey (None): as drawn within the frame, as on the anchor's map outside of it."""
    ground = draft.ground
    cls = Class.GREY if side is None else Class.HELD
    within = [area.geometry for area in draft.drawing.areas if area.cls is cls and area.side == side]
    without = ground.anchor.grey if side is None else ground.anchor.held.get(side, shapely.MultiPolygon())
    beyond = shapely.difference(shapely.intersection(without, ground.known), ground.frame)
    return polygons_only(shapely.union_all([*within, beyond]))


def _present(draft: Draft, side: str, presence_p: float) -> BaseGeometry:
    """Where a side is present with a probability of at least that."""
    level = probit(draft.field.p_present[draft.field.sides.index(side)])
    shape = within_frame(region_between(draft.field.grid, level, _z_of(presence_p)), draft.ground.frame)
    return without_small_parts(shape, least_km2=draft.ground.theatre.map.minimum_part_km2)


def _z_of(p: float) -> float:
    return float(probit(np.array([p]))[0])


def _continued(draft: Draft, area: BaseGeometry) -> BaseGeometry:
    """An area with its cuts at the rim of the known ground drawn on outward, away from the middle of that ground."""
    middle, rim, factor = _rim(draft)
    cut = shapely.line_merge(shapely.intersection(rim, area))
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString" and part.length > 0]
    beyond = [_fan(shapely.get_coordinates(part), middle, factor) for part in parts]
    return shapely.union_all([area, *(shapely.make_valid(one) for one in beyond)])


def _rim(draft: Draft) -> tuple[Float[np.ndarray, " 2"], BaseGeometry, float]:
    """The middle of the known ground, a ring just inside its rim, and by how much that ring grows to `BEYOND_KM`."""
    known = shapely.union(draft.ground.known, draft.ground.frame).envelope
    middle = shapely.get_coordinates(shapely.centroid(known))[0]
    west, south, east, north = known.bounds
    inner = shapely.segmentize(shapely.box(west + 0.05, south + 0.05, east - 0.05, north - 0.05), 5.0)
    return middle, inner.exterior, 1 + 2 * BEYOND_KM / min(east - west, north - south)


def _fan(line: Float[np.ndarray, "n 2"], middle: Float[np.ndarray, " 2"], factor: float) -> BaseGeometry:
    """The ground between a line and the same line moved away from the middle."""
    return shapely.Polygon(np.vstack([line, (middle + factor * (line - middle))[::-1]]))


def _land(draft: Draft) -> BaseGeometry:
    """The ground that can be used: the known ground and beyond, on land, cut along barriers that nobody crosses."""
    middle, rim, factor = _rim(draft)
    ring = shapely.get_coordinates(rim)
    whole = shapely.Polygon(middle + factor * (ring - middle))
    if draft.ground.land is not None:
        whole = shapely.intersection(whole, draft.ground.land)
    slits = slits_of(draft.ground.distance_on(draft.as_of))
    return shapely.difference(whole, shapely.union_all(slits)) if slits else whole


def slits_of(distance: Distance) -> list[BaseGeometry]:
    """The lines of barriers that let nothing through, but near crossings."""
    found = []
    for wall in distance.walls:
        if wall.height_km < WALL_KM:
            continue
        crossings = shapely.union_all([shapely.Point(*at).buffer(CROSSING_KM) for at in wall.crossings_km])
        line = shapely.difference(shapely.LineString(wall.line_km), crossings)
        found.append(shapely.buffer(line, SLIT_KM, cap_style="flat", quad_segs=2))
    return found


# Samples


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every sample needs: the draft, one side's view of it, and what was assumed."""

    draft: Draft
    stage: Stage
    ladder: Ladder
    presence_p: float


def _sampled(
    scene: _Scene,
    places: Sequence[PlaceNecks],
    samples: Mapping[Rule, int],
    *,
    ringed: frozenset[tuple[str, Disc]] = frozenset(),
    every: bool = False,
) -> tuple[PlaceNecks, ...]:
    """The places with their intervals, where they stand on a rung worth a sample (or all of them are asked).

    Those in `ringed` get intervals of their enclosure too, by the rule "held"; all of them if all are asked.
    """
    chosen = [k for k, place in enumerate(places) if every or _is_close(place)]
    if not chosen or not any(samples.values()):
        return tuple(places)
    focus = _focus([places[k] for k in chosen], scene.draft.field.grid)
    noise = _noise(scene.draft, focus, max(samples.values()))
    discs = [places[k].disc for k in chosen]
    with one_blas_thread():
        told = {
            rule: sampled_necks(
                _maps(scene, rule, focus, noise, n),
                scene.stage.land,
                discs,
                rings=[every or (rule is Rule.HELD and places[k].key in ringed) for k in chosen],
                open_km=scene.ladder.open_km,
            )
            for rule, n in samples.items()
        }
    done = list(places)
    for row, k in enumerate(chosen):
        old = places[k].by_rule
        drawn = {rule: replace(old[rule], sampled=found[row]) for rule, found in told.items() if rule in old}
        done[k] = replace(places[k], by_rule={**old, **drawn})
    return tuple(done)


_CLOSE = {Rung.POCKET, Rung.GAP_2_5, Rung.GAP_UNDER_2, Rung.NO_GAP}


def _is_close(place: PlaceNecks) -> bool:
    return place.plain.rung in _CLOSE


def _focus(places: Sequence[PlaceNecks], grid: Grid) -> Focus:
    """Round the places and the pockets they lie in."""
    shapes = [shapely.Point(one.disc.east_km, one.disc.north_km).buffer(one.disc.radius_km) for one in places]
    pockets = [c.neck.pocket for one in places for c in one.corridors.values() if c.neck.pocket is not None]
    return Focus.about([*shapes, *pockets], grid.box_km)


def _maps(scene: _Scene, rule: Rule, focus: Focus, noise: _Noise, n: int) -> Iterator[BaseGeometry]:
    """Sampled maps of the enemy's ground under a rule."""
    levels = _levels(scene, rule, focus)
    ramp = focus.ramp(levels)
    for one in noise.on(levels, n):
        yield levels.enemy(one * ramp)


def _levels(scene: _Scene, rule: Rule, focus: Focus) -> Levels:
    """The probit of the probability that ground is the enemy's, fine in the focus, coarse outside, going on beyond."""
    grid = scene.draft.field.grid
    east_km, north_km = focus.axes(grid.box_km, 2 * BEYOND_KM)
    x, y = np.meshgrid(east_km, north_km)
    z = _z(scene, rule)
    return Levels(east_km, north_km, at_cells(grid, z, np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape))


def _z(scene: _Scene, rule: Rule) -> Float[np.ndarray, "ny nx"]:
    """How many standard deviations each cell lies inside the enemy's ground; what is nearly certain is certain."""
    field = scene.draft.field
    enemy, own = field.sides.index(scene.stage.enemy), field.sides.index(scene.stage.side)
    p = {
        Rule.HELD: field.p_held[enemy],
        Rule.HELD_OR_GREY: 1 - field.p_held[own],
        Rule.ANY_PRESENCE: np.maximum(field.p_present[enemy], field.p_held[enemy]),
    }[rule]
    z = np.asarray(probit(p), float) - (_z_of(scene.presence_p) if rule is Rule.ANY_PRESENCE else 0.0)
    return np.asarray(np.where(np.abs(z) >= Z_MOST, np.sign(z) * 2 * Z_MOST, z))


@dataclass(frozen=True, slots=True)
class _Noise:
    """Standard normal surfaces that hang together as the posterior does, as numbers at the nodes of a lattice."""

    lattice: Lattice
    nodes: Float[np.ndarray, "n ly lx"]

    def on(self, levels: Levels, n: int) -> Float[np.ndarray, "n ny nx"]:
        """The first n of them at the crossings of some levels."""
        return self.lattice.on_axes(self.nodes[:n], levels.east_km, levels.north_km)


def _noise(draft: Draft, focus: Focus, n: int) -> _Noise:
    """Draw n surfaces over the focus."""
    lattice = focus.lattice()
    drawn = draft.posterior.sample_at(lattice.nodes_km(), n, np.random.default_rng(SEED))
    return _Noise(lattice, drawn.reshape(n, *lattice.shape))
