"""What `front corridor` says: of polygons read from files, or of a theatre's own draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.cli.front.field import Marks, write_draft_field, write_polygon_field
from isofront.errors import UsageError
from isofront.front import ByRule, Disc, Interval, Rule, Rung, Sampled
from isofront.front.ladder import RUNGS, Ladder
from isofront.front.place_corridor import Corridor
from isofront.front.rules import each_rule, headline, km_words, rungs_across, rungs_over, width_words
from isofront.publish.pockets import corridor_record, lonlats, rules_record, sampled_record

if TYPE_CHECKING:
    from isofront.engine import Draft

Files = tuple[Path, Path | None, Path | None, Path | None]
"""Held, land, grey, presence."""

MOST_SIGMA_M = 20_000.0


@dataclass(frozen=True)
class Answer:
    """A place's corridor by rule, as a document and as lines; `about` is what a draft adds (side, day, stamp).

    `ladder` says what the words for rungs mean.
    """

    name: str | None
    disc: Disc
    crs: str
    by_rule: Mapping[Rule, ByRule]
    about: Mapping[str, Any]
    ladder: Ladder

    @property
    def _corridors(self) -> dict[Rule, Corridor]:
        return {rule: one.corridor for rule, one in self.by_rule.items()}

    @property
    def _plain(self) -> ByRule:
        return self.by_rule[Rule.HELD]

    def document(self) -> dict[str, Any]:
        """The rule "held" as the plain keys, then all three side by side."""
        lon, lat = lonlats([(self.disc.east_km, self.disc.north_km)], self.crs)[0]
        asked = {"place": self.name, "lon": lon, "lat": lat, "radius_m": round(self.disc.radius_km * 1000, 1)}
        plain = corridor_record(self._plain.corridor, self.crs) | {"sampled": sampled_record(self._plain.sampled)}
        rest = {"headline": headline(self._corridors), "by_rule": rules_record(self.by_rule, self.crs)}
        rungs = [rung.value for rung in rungs_over(self.by_rule.values(), self.ladder)]
        return asked | dict(self.about) | {"rungs": rungs} | plain | rest

    def lines(self) -> list[str]:
        """The same in words. One rung only where rules and intervals agree; else their range."""
        plain = self._plain.corridor
        return [
            *([str(self.about["stamp"])] if "stamp" in self.about else []),
            *self._headline(),
            *_neck_lines(plain, self.crs),
            *(_ring_line(plain) if plain.enclosure else ["enclosure  n/a: the place itself is taken"]),
            f"free       {plain.footprint_free:.0%} of the place",
            *(line for rule, one in self.by_rule.items() for line in _sampled_lines(rule, one.sampled)),
        ]

    def _headline(self) -> list[str]:
        found = self._corridors
        first = f"rung       {self._rung_words()}"
        return [first] if len(found) == 1 else [first, f"neck       {headline(found)}: {each_rule(found)}"]

    def _rung_words(self) -> str:
        """One rung only where rules, intervals and the spots of the place agree; else from which to which, and why."""
        some = list(self.by_rule.values())
        rungs, across = rungs_over(some, self.ladder), rungs_across(some, self.ladder)
        whys = {
            "by rule": len({one.corridor.rung for one in some}) > 1,
            "by the doubt of the line": len(rungs) > len({one.corridor.rung for one in some}),
            "over the place": bool(set(across) - set(rungs)),
        }
        every = [rung.value for rung in RUNGS if rung in {*rungs, *across}]
        ends = " to ".join(dict.fromkeys((every[0], every[-1])))
        return ", ".join([ends, *(why for why, so in whys.items() if so)]) if len(every) > 1 else ends


def read_corridor(
    files: Files,
    crs: str | None,
    *,
    at: tuple[float, float] | None,
    name: str | None,
    radius_m: float | None,
    sigma_m: float | None,
    n_samples: int,
    field: Path | None = None,
) -> Answer:
    """The corridor of a place on polygons from files; intervals if it is said how far their edges may lie off."""
    from isofront.cli.front.ground import place_of, read_ground
    from isofront.front import corridors, surroundings_of
    from isofront.front.displaced import displaced_necks

    if sigma_m is not None and not 0 < sigma_m <= MOST_SIGMA_M:
        raise UsageError(f"--sigma-m {sigma_m:g}: wanted metres, above 0 and at most {MOST_SIGMA_M:g}")
    held, land, grey, presence = files
    ground = read_ground(held, land, crs=crs, grey=grey, presence=presence)
    disc, known = place_of(ground, at=at, name=name, radius_m=radius_m)
    enemies = {Rule(rule): enemy for rule, enemy in ground.by_rule() if enemy is not None}
    around = {rule: surroundings_of(enemy, ground.land) for rule, enemy in enemies.items()}
    found: dict[Rule, ByRule] = {}
    for rule, enemy in enemies.items():
        one, told = corridors(around[rule], (disc,))[0], None
        if sigma_m is not None:
            pocket = one.neck.pocket
            told = displaced_necks(enemy, ground.land, disc, pocket, sigma_km=sigma_m / 1000, n=n_samples)
        found[rule] = ByRule(one, told)
    if field is not None:
        write_polygon_field(field, ground, around, _marks(disc, known, found))
    about = {} if sigma_m is None else {"sigma_m": sigma_m}
    return Answer(known, disc, ground.crs, found, about, Ladder())


def drafted_corridor(
    theatre: Path,
    on: str | None,
    known_by: str | None,
    *,
    at: tuple[float, float] | None,
    name: str | None,
    radius_m: float | None,
    n_samples: int,
    field: Path | None = None,
) -> Answer:
    """The corridor of a place on a theatre's own draft, by three rules and as intervals."""
    from isofront.engine.necks import ladder_of, place_necks, presence_p_of, stage_of

    draft = draft_of(theatre, on, known_by)
    disc, known = place_in(draft, at=at, name=name, radius_m=radius_m)
    found = place_necks(draft, known or "", disc, n_samples=n_samples)
    if field is not None:
        stage = stage_of(draft, found.side, presence_p=presence_p_of(draft))
        write_draft_field(field, draft, stage, _marks(disc, known, found.by_rule), about_of(draft))
    return Answer(
        known, disc, draft.field.grid.crs, found.by_rule, about_of(draft) | {"side": found.side}, ladder_of(draft)
    )


def _marks(disc: Disc, name: str | None, found: Mapping[Rule, ByRule]) -> Marks:
    chord = found[Rule.HELD].corridor.neck.chord
    spot = (disc.east_km, disc.north_km)
    return Marks(disc, [chord] if chord else [], [(name, spot)] if name else [])


def draft_of(theatre: Path, on: str | None, known_by: str | None) -> Draft:
    """A theatre's own draft of a day."""
    from isofront.cli.map import moment, steps
    from isofront.engine import drafts

    day = moment(on or "", option="--on")
    known = None if known_by is None else [moment(known_by, option="--known-by")]
    with steps(1) as say:
        return next(iter(drafts(theatre, [day], known, progress=say)))


def about_of(draft: Draft) -> dict[str, str]:
    """What every answer about a draft says of it: its two times, and its stamp."""
    from isofront.publish.stamp import PRIVATE, SIMULATED, utc_text

    stamp = f"{PRIVATE} {SIMULATED}" if draft.simulated else PRIVATE
    return {"as_of": utc_text(draft.as_of), "known_by": utc_text(draft.known_by), "stamp": stamp}


def place_in(
    draft: Draft, *, at: tuple[float, float] | None, name: str | None, radius_m: float | None
) -> tuple[Disc, str | None]:
    """The place asked about: one of the theatre's settlements, else as for polygons."""
    import shapely

    from isofront.cli.front.ground import Ground, place_of
    from isofront.engine import TOWN_RADIUS_KM

    asked = (name or "").casefold()
    own = [
        one
        for one in draft.ground.settlements
        if at is None and asked in {word.casefold() for word in (*one.names.values(), *one.spellings)}
    ]
    if len(own) == 1:
        radius = (radius_m or own[0].radius_m or TOWN_RADIUS_KM * 1000) / 1000
        return Disc(*draft.field.grid.to_km(*own[0].at), radius), own[0].name
    frame = draft.ground.frame
    ground = Ground(draft.field.grid.crs, shapely.box(*frame.bounds), frame, None, None, draft.ground.theatre.box)
    return place_of(ground, at=at, name=name, radius_m=radius_m)


def _neck_lines(one: Corridor, crs: str) -> list[str]:
    if one.neck_km is None and one.rung is Rung.TAKEN:
        return ["to held    n/a: nothing of the place is free"]
    lines = [f"to held    {width_words(one)}; {km_words(one.robust_neck_km)} without features thinner than 500 m"]
    if one.neck.tips:
        lines.append("tips       " + " and ".join(f"{lon:.5f} {lat:.5f}" for lon, lat in lonlats(one.neck.tips, crs)))
    if one.neck.pocket_km2 is not None:
        second = one.neck.second_exit_km
        exits = f"second exit {km_words(second)}" if second else "no second exit"
        lines.append(f"pocket     {one.neck.pocket_km2:.0f} km², {exits}")
    return lines


def _ring_line(one: Corridor) -> list[str]:
    rings = (f"{ring.blocked:.0%} within {ring.radius_km:g} km" for ring in one.enclosure)
    arcs = ", ".join(f"{ring.largest_free_arc_deg:.0f}°" for ring in one.enclosure)
    return [f"enclosure  {', '.join(rings)}; largest free arc {arcs}"]


def _sampled_lines(rule: Rule, told: Sampled | None) -> list[str]:
    if told is None or told.neck_km is None:
        return []
    pocket = f", pocket {_of(told.pocket_km2, 'km²')}" if told.pocket_km2 else ""
    chances = f"under 5 km {told.p_under_5:.0%}, cut off {told.p_cut_off:.0%}, taken {told.p_taken:.0%}"
    return [f"sampled    to {rule.words}: neck {_of(told.neck_km, 'km')}{pocket}; {chances} (90 %, {told.n} maps)"]


def _of(one: Interval, unit: str) -> str:
    """ "8.3 (4.1–11.5) km"; "open" where all of it is."""
    low, median, high = (
        "open" if value == float("inf") else f"{value:.1f}" for value in (one.low, one.median, one.high)
    )
    return low if low == "open" else f"{median} ({low}–{high}) {unit}"
