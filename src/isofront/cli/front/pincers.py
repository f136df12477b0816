"""`isofront front pincers`: every pocket behind a narrow neck, settlements first; no place is named beforehand."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.front.field import Marks, checked_field, write_draft_field, write_polygon_field
from isofront.cli.front.options import AsJson, Crs, Field, Held, KnownBy, Land, On, Theatre, refuse_mixed
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.cli.front.ground import Ground
    from isofront.front import Pincer, Pocket
    from isofront.front.place_corridor import Spot

Box = tuple[float, float, float, float]
Row = dict[str, Any]
_log = logging.getLogger("isofront.cli")


def pincers(
    *,
    held: Held = None,
    land: Land = None,
    crs: Crs = None,
    theatre: Theatre = None,
    on: On = None,
    known_by: KnownBy = None,
    inhabited: Annotated[bool, typer.Option("--inhabited", help="only pockets with a settlement inside")] = False,
    box: Annotated[
        Box | None, typer.Option(help="only pockets with a tip in this box, degrees", metavar="W S E N")
    ] = None,
    field: Field = None,
    side: Annotated[str | None, typer.Option(help="with --theatre: only the pockets of this side's ground")] = None,
    as_json: AsJson = False,
) -> None:
    """List every pocket over 10 km² behind a neck under 8 km, and the places inside; none is named beforehand.

    Those with settlements inside come first. With --theatre the neck is under the `pocket_km` of its [ladder], if that
    is wider.
    """
    refuse_mixed(held, theatre, on, known_by)
    checked_field(field)
    box = _checked_box(box)
    if theatre is not None:
        if land is not None or crs is not None:
            raise UsageError("--theatre: its own map is measured; --land and --crs are for --held")
        rows, most_km, about = _drafted(theatre, on, known_by, side=side, field=field)
    else:
        assert held is not None
        if side is not None:
            raise UsageError("--side goes with --theatre: polygons show what one enemy holds")
        rows, most_km, about = _of_polygons(held, land, crs, field=field)
    shown = [row for row in rows if (row["inside"] or not inhabited) and (box is None or _in_box(row, box))]
    if as_json:
        if len(shown) < len(rows):
            _log.warning("%s", _left_out(shown, rows))
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        told = [*about, *_table(shown, rows, most_km)]
        sys.stdout.write("\n".join([*told, *([f"wrote {field}"] if field else [])]) + "\n")


def _checked_box(box: Box | None) -> Box | None:
    if box is not None and not (-180 <= box[0] < box[2] <= 180 and -90 <= box[1] < box[3] <= 90):
        raise UsageError(f"--box {' '.join(f'{edge:g}' for edge in box)}: wanted west south east north, degrees")
    return box


def _in_box(row: Row, box: Box) -> bool:
    return any(box[0] <= lon <= box[2] and box[1] <= lat <= box[3] for lon, lat in row["tips"])


def _ordered(rows: Sequence[Row]) -> list[Row]:
    """Those with settlements inside first; the order within is kept."""
    return sorted(rows, key=lambda row: not row["inside"])


def _of_polygons(
    held: Path, land: Path | None, crs: str | None, *, field: Path | None
) -> tuple[list[Row], float, list[str]]:
    from isofront.cli.front.ground import read_ground
    from isofront.front import Rule, surroundings_of
    from isofront.front.pincer_list import MAX_NECK_KM, pincers_in

    ground = read_ground(held, land, crs=crs)
    around = surroundings_of(ground.held, ground.land)
    found = () if around.field is None else pincers_in(around.field)
    inside = _inside(found, ground)
    if field is not None:
        write_polygon_field(field, ground, {Rule.HELD: around}, _marks(found, inside))
    rows = [_row(one, names, ground.crs) for one, names in zip(found, inside, strict=True)]
    return _ordered(rows), MAX_NECK_KM, []


def _marks(found: Sequence[Pincer | Pocket], inside: Sequence[Sequence[str]]) -> Marks:
    """Every neck, and beside it the largest settlement behind it."""
    named = [(names[0], _middle(one.tips)) for one, names in zip(found, inside, strict=True) if names]
    return Marks(chords=[one.tips for one in found], names=named)


def _middle(tips: Sequence[Spot]) -> Spot:
    (east, north), (other_east, other_north) = tips
    return (east + other_east) / 2, (north + other_north) / 2


def _row(one: Pincer, inside: list[str], crs: str) -> Row:
    from isofront.publish.pockets import lonlats

    return {
        "neck_km": round(one.neck_km, 3),
        "tips": lonlats(one.tips, crs),
        "pocket_km2": round(one.pocket_km2, 2),
        "inside": inside,
    }


def _inside(found: tuple[Pincer, ...], ground: Ground) -> list[list[str]]:
    """The gazetteer's places in each pocket, the largest first."""
    import numpy as np
    import shapely

    from isofront.front import places_inside
    from isofront.ground.grid import Bounds, to_km, to_lonlat
    from isofront.ground.places import Places

    if not found:
        return []
    lon, lat = to_lonlat(*shapely.get_coordinates([one.pocket for one in found]).T, crs=ground.crs)
    near = Bounds(*(float(edge) for edge in (lon.min(), lat.min(), lon.max(), lat.max())))
    places = Places.load().within(near)
    spots = np.array([(place.lon, place.lat) for place in places]).reshape(-1, 2)
    flat = list(zip(*(axis.tolist() for axis in to_km(spots[:, 0], spots[:, 1], crs=ground.crs)), strict=True))
    return [[places[k].name for k in places_inside(one.pocket, flat)] for one in found]


def _drafted(
    theatre: Path, on: str | None, known_by: str | None, *, side: str | None, field: Path | None
) -> tuple[list[Row], float, list[str]]:
    """Every pocket of a theatre's own draft, on either side's ground."""
    from isofront.cli.front.corridor_told import about_of, draft_of
    from isofront.engine.necks import ladder_of, necks_of, presence_p_of, stage_of
    from isofront.front.pincer_list import MAX_NECK_KM
    from isofront.front.rules import headline
    from isofront.publish.pockets import lonlats, rounded

    draft = draft_of(theatre, on, known_by)
    sides = draft.field.sides
    if side is not None and side not in sides:
        raise UsageError(f"--side {side}: wanted {sides[0]} or {sides[1]}")
    if field is not None and side is None:
        raise UsageError(f"--field with --theatre: wanted whose way to the rear too, --side {' or '.join(sides)}")
    crs, about = draft.field.grid.crs, about_of(draft)
    found = [one for one in necks_of(draft, samples={}).pockets if side in (None, one.side)]
    if field is not None and side is not None:
        stage = stage_of(draft, side, presence_p=presence_p_of(draft))
        write_draft_field(field, draft, stage, _marks(found, [one.inside for one in found]), about)
    rows = [
        {
            "neck_km": round(one.neck_km, 3),
            "tips": lonlats(one.tips, crs),
            "pocket_km2": round(one.pocket_km2, 2),
            "inside": list(one.inside),
            "side": one.side,
            "measured_at": one.place.name or None,
            "headline": headline(one.place.corridors),
            "by_rule": {rule.value: rounded(c.neck_km, 3) for rule, c in one.place.corridors.items()},
            **about,
        }
        for one in found
    ]
    return _ordered(rows), max(MAX_NECK_KM, float(ladder_of(draft).pocket_km)), [about["stamp"]]


def _left_out(shown: Sequence[Row], found: Sequence[Row]) -> str:
    return f"{len(found) - len(shown)} of {len(found)} pockets left out by --inhabited or --box"


def _table(rows: Sequence[Row], found: Sequence[Row], most_km: float) -> list[str]:
    """A line for each pocket; what was left out by --inhabited or --box is counted."""
    if not found:
        return [f"no pocket of more than 10 km² behind a neck under {most_km:g} km"]
    if not rows:
        return [_left_out(rows, found)]
    whose = "side" in rows[0]
    lines = [f"{'neck km':>8} {'pocket km²':>11}  {'tips (lon lat)':<39}  {'of':<8}inside" if whose else
             f"{'neck km':>8} {'pocket km²':>11}  {'tips (lon lat)':<39}  inside"]  # fmt: skip
    for row in rows:
        tips = ", ".join(f"{lon:.4f} {lat:.4f}" for lon, lat in row["tips"])
        side = f"{row['side']:<8}" if whose else ""
        words = ", ".join(row["inside"]) or "no settlement"
        where = f"; {row['measured_at'] or 'its middle'}: {row['headline']}" if whose else ""
        lines.append(f"{row['neck_km']:>8.1f} {row['pocket_km2']:>11.0f}  {tips:<39}  {side}{words}{where}")
    return [*lines, *([_left_out(rows, found)] if len(rows) < len(found) else [])]
