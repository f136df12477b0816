"""`--field FILE`: the corridor-width field of a whole map, as a raster or a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.errors import UsageError
from isofront.front.ladder import Ladder

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.cli.front.ground import Ground
    from isofront.engine import Draft
    from isofront.front import Disc, Rule
    from isofront.front.place_corridor import Spot, Surroundings
    from isofront.front.pockets import Stage
    from isofront.front.rules import Widths
    from isofront.ground.grid import Grid

RASTERS, PICTURES = (".tif", ".tiff"), (".png", ".svg")


@dataclass(frozen=True)
class Marks:
    """What a picture of the field shows besides (km): the place asked about, the chords of necks, names at spots."""

    place: Disc | None = None
    chords: Sequence[Sequence[Spot]] = ()
    names: Sequence[tuple[str, Spot]] = ()


def checked_field(path: Path | None) -> None:
    """Refuse a file name that says neither raster nor picture, before the work is done.

    Raises:
        UsageError: it does.
    """
    if path is not None and path.suffix.lower() not in (*RASTERS, *PICTURES):
        raise UsageError(f"--field {path}: wanted a name that ends in {', '.join((*RASTERS, *PICTURES))}")


def write_polygon_field(path: Path, ground: Ground, around: Mapping[Rule, Surroundings], marks: Marks) -> None:
    """The field of polygons from files, under each rule whose polygons were given."""
    from isofront.front.free import extent_land
    from isofront.front.rules import Widths
    from isofront.front.width_field import grid_about, widths_on

    def on(grid: Grid) -> Widths:
        return Widths("", grid, {rule: widths_on(one.field, grid) for rule, one in around.items()})

    land = extent_land(ground.held) if ground.land is None else ground.land
    grid = grid_about(ground.held.bounds, land.bounds, ground.crs)
    _write(path, _Scene(on, grid, ground.held, ground.land, Ladder()), marks, {"stamp": ground.stamp})


def write_draft_field(path: Path, draft: Draft, stage: Stage, marks: Marks, about: Mapping[str, str]) -> None:
    """The field of one side's land on a theatre's own draft."""
    from isofront.engine.necks import ladder_of, widths_on_draft
    from isofront.front import Rule

    on = widths_on_draft(draft, stage)
    scene = _Scene(on, draft.field.grid, stage.ground[Rule.HELD], stage.land, ladder_of(draft))
    _write(path, scene, marks, about)


@dataclass(frozen=True)
class _Scene:
    """How to get the field on a grid, the grid of the raster, and the ground it comes from."""

    on: Callable[[Grid], Widths]
    grid: Grid
    enemy: BaseGeometry
    land: BaseGeometry | None
    ladder: Ladder


def _write(path: Path, scene: _Scene, marks: Marks, about: Mapping[str, str]) -> None:
    from isofront.ground.files import write_atomically
    from isofront.publish.width_picture import view_on
    from isofront.publish.width_raster import widths_tif

    if path.suffix.lower() in RASTERS:
        write_atomically(path, widths_tif(scene.on(scene.grid), about))
        return
    spots = [spot for chord in marks.chords for spot in chord]
    if marks.place is not None:
        spots.append((marks.place.east_km, marks.place.north_km))
    widths = scene.on(view_on(scene.grid, spots))
    write_atomically(path, _picture(widths, scene, marks, about, kind=path.suffix.lower()[1:]))


def _picture(widths: Widths, scene: _Scene, marks: Marks, about: Mapping[str, str], *, kind: str) -> bytes:
    from isofront.publish.width_picture import WidthScene, width_picture

    whose = f" of {widths.side}" if widths.side else ""
    when = f", {about['as_of'][:10]}" if "as_of" in about else ""
    return width_picture(
        WidthScene(
            widths=widths,
            enemy=scene.enemy,
            land=scene.land,
            chords=marks.chords,
            place=marks.place,
            title=f"Width of the way to the rear{whose}{when}",
            stamp=about["stamp"],
            ladder=scene.ladder,
            names=marks.names,
        ),
        kind=kind,
    )
