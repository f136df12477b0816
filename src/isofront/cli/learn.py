"""`isofront learn`: what a theatre's own past maps and reports teach, as a file that the theatre can name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.cli.plain_steps import plain_steps
from isofront.counts import counted
from isofront.errors import BadInputError

if TYPE_CHECKING:
    from isofront.compare.holdout import Holdout
    from isofront.control.learned import Factor, Learned
    from isofront.control.learning import Past
    from isofront.control.motion import Motion
    from isofront.control.moved import Chart
    from isofront.engine import Ground
    from isofront.ground.polygons import Feature
    from isofront.theatre.model import Theatre

Say = Callable[[str], None]


def register(app: typer.Typer) -> None:
    """Add `learn`."""
    app.command("learn")(learn)


def learn(
    folder: Annotated[Path, typer.Argument(help="the theatre's folder", metavar="FOLDER")],
    *,
    maps: Annotated[
        list[Path], typer.Option(help="past maps: a polygon file whose features carry `date`, or a folder; repeatable")
    ],
    out: Annotated[Path, typer.Option(help="the file to write, such as FOLDER/learned.json")],
    as_json: Annotated[bool, typer.Option("--json", help="print the file's content instead of a summary")] = False,
) -> None:
    """Learn observation table, motion and link from a theatre's own past maps and the reports in its ledger."""
    from isofront.control.learned import written
    from isofront.ground.files import write_atomically

    with _progress() as say:
        found = learned_of(folder, maps, say)
    content = written(found)
    write_atomically(out, content)
    sys.stdout.write(content.decode() if as_json else _told(found, out))


@dataclass(frozen=True)
class History:
    """A theatre's past as the control room reads it, with what is only needed to tell of it."""

    theatre: Theatre
    past: Past
    first: date
    last: date
    covariates: Mapping[str, tuple[float, float]]


def learned_of(folder: Path, maps: list[Path], say: Say) -> Learned:
    """Everything that a theatre's past teaches, with held-out scores.

    Raises:
        BadInputError: too few maps or reports.
    """
    from isofront.compare.holdout import MOTION, held_out, lesson
    from isofront.control import Config
    from isofront.control.learning import check

    say("reading past maps")
    history, config = history_of(folder, maps), Config()
    check(history.past)
    trial = held_out(history.past, config, say)
    say("learning from all of it")
    whole = lesson(history.past, None, config)
    motion = whole.motion if MOTION in trial.used else config.motion
    return _learned(history, trial, table=whole.table.log.round(4).tolist(), motion=motion)


def history_of(folder: Path, maps: list[Path]) -> History:
    """The theatre's past: its dated maps on its grid, the reports of that time, its covariates."""
    import numpy as np

    from isofront.compare import midnight, scored_ground
    from isofront.control import batch
    from isofront.control.learning import Past, standard
    from isofront.engine import read_reports
    from isofront.theatre import home_of, load, read_covariates

    theatre, home = load(folder), home_of(folder)
    dated = _dated(maps)
    first, last = min(dated), max(dated)
    grounds = {day: _ground(theatre, home, day, features) for day, features in sorted(dated.items())}
    charts = tuple(_chart(ground, (day - first).days) for day, ground in grounds.items())
    reports = read_reports(home, midnight(last) + timedelta(days=1))
    items = batch(reports, grid=theatre.grid, sides=theatre.side_ids, anchored=midnight(first))
    inside = scored_ground(theatre.box, theatre.grid).inside
    layers = {name: standard(layer, inside) for name, layer in read_covariates(theatre, home).items()}
    factors = np.stack([one[0] for one in layers.values()]) if layers else np.zeros((0, *theatre.grid.shape))
    distance = grounds[first].distance_on(midnight(first))
    past = Past(theatre.grid, inside, distance, charts, items, factors)
    return History(theatre, past, first, last, {name: one[1:] for name, one in layers.items()})


def _dated(maps: list[Path]) -> dict[date, tuple[Feature, ...]]:
    """Polygons by day; of two files that show the same day, the one given first."""
    from isofront.compare.truth import read_dated

    found: dict[date, tuple[Feature, ...]] = {}
    for path in maps:
        if not path.exists():
            raise BadInputError(f"--maps {path}: not there, wanted polygons with dates")
        for day, features in read_dated(path).items():
            found.setdefault(day, features)
    if len(found) < 2:
        raise BadInputError(f"{len(found)} past map in {', '.join(one.name for one in maps)}, wanted many, a day each")
    return found


def _ground(theatre: Theatre, home: Path, day: date, features: tuple[Feature, ...]) -> Ground:
    """The theatre as if that day's map were its anchor."""
    import msgspec

    from isofront.compare import midnight
    from isofront.engine import Ground
    from isofront.theatre import anchor_map

    anchor = msgspec.structs.replace(theatre.anchor, date=midnight(day))
    dated = msgspec.structs.replace(theatre, anchor=anchor)
    return Ground(dated, home, anchor_map(features, dated, name=f"map of {day}"), None, ())


def _chart(ground: Ground, day: int) -> Chart:
    from isofront.control.moved import Chart

    return Chart(float(day), ground.anchored)


def _learned(history: History, trial: Holdout, *, table: list[list[float]], motion: Motion) -> Learned:
    from isofront import __version__
    from isofront.control.learned import VERSION, Learned, Range
    from isofront.control.learning import kindred

    theatre, past = history.theatre, history.past
    span = Range(history.first.isoformat(), history.last.isoformat(), len(past.charts), len(past.speaking))
    return Learned(
        version=VERSION,
        made_by=f"isofront {__version__}",
        simulated=theatre.simulated,
        sides=theatre.side_ids,
        drawn=theatre.side_ids[past.drawn],
        learned_from=span,
        used=trial.used,
        motion=motion,
        link_slope=trial.slope,
        scores=trial.scores,
        n_held_out=trial.n_days,
        kind_of_war=kindred(past, theatre.side_ids),
        covariates=_factors(history, motion),
        table=table,
    )


def _factors(history: History, motion: Motion) -> dict[str, Factor]:
    from isofront.control.learned import Factor
    from isofront.control.learning import judged_factors

    judged = judged_factors(history.past, motion)
    return {
        name: Factor(coefficient, mean, spread, gain)
        for (name, (mean, spread)), (coefficient, gain) in zip(history.covariates.items(), judged, strict=True)
    }


def _told(found: Learned, out: Path) -> str:
    """What was learned, in a few lines."""
    span, before, after = found.learned_from, found.scores["default"], found.scores["learned"]
    used = ", ".join(found.used) or "nothing: what ships is as good on held-out days, and stays in force"
    lines = [
        f"{'SIMULATED: ' if found.simulated else ''}{counted(span.n_maps, 'map')}, "
        f"{span.first_map} to {span.last_map}, {counted(span.n_reports, 'report')}",
        f"held-out days ({found.n_held_out}): log loss {before.log_loss:.3f} as shipped, {after.log_loss:.3f} learned; "
        f"ECE {before.ece:.3f}, {after.ece:.3f}",
        f"used: {used}",
        *(_told_factor(name, one) for name, one in found.covariates.items()),
        f'{out}: name it in theatre.toml as  [engine]  learned = "{out.name}"',
    ]
    return "\n".join(lines) + "\n"


def _told_factor(name: str, one: Factor) -> str:
    if one.coefficient == 0:
        return f"covariate {name}: no gain on held-out movement ({one.held_out_gain:+.4f} nats), left out"
    return (
        f"covariate {name}: log activity {one.coefficient:+.2f} per standard deviation ({one.held_out_gain:+.4f} nats)"
    )


@contextmanager
def _progress() -> Iterator[Say]:
    """What is being done, on stderr."""
    if not sys.stderr.isatty():
        with plain_steps(1) as say:
            yield say
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update
