"""`isofront score`: how good the maps of a theatre are against a reference's own, day by day, beside two yardsticks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import steps
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from isofront.arrays import Float
    from isofront.compare import Drafter, Scorecard, Shown, Trial
    from isofront.ground.grid import Grid

    Raster = Float[np.ndarray, "ny nx"]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WIDTH = 28

Say = Callable[[str], None]


def register(app: typer.Typer) -> None:
    """Add `score`."""
    app.command("score")(score)


def score(
    *,
    truth: Annotated[Path, typer.Option(help="the reference: a polygon file whose features carry `date`, or a folder")],
    theatre: Annotated[list[Path] | None, typer.Option(help="a theatre's folder; may be given several times")] = None,
    side: Annotated[str | None, typer.Option(help="the side scored; default: the anchor's holder, else side 1")] = None,
    days: Annotated[
        str | None, typer.Option(help="2030-01-07,2030-01-14 or 2030-01-07/2030-03-04; default: all after the anchor")
    ] = None,
    weekday: Annotated[str | None, typer.Option(help="of those, only this day of the week: mon … sun")] = None,
    maps: Annotated[
        Path | None, typer.Option(help="score maps already made (DIR/YYYY-MM-DD/control.tif) instead of drafting them")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder for scores.json and scores.svg")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print scores.json instead of a table")] = False,
) -> None:
    """Score the maps of one or several theatres against a reference that drew the same days."""
    from isofront.compare import as_document, scorecard_svg
    from isofront.ground.files import write_atomically

    folders = theatre or [Path()]
    if maps is not None and len(folders) > 1:
        raise UsageError("--maps goes with one theatre, wanted a single --theatre")
    trials = [_trial(folder, truth, side=side) for folder in folders]
    chosen = [_chosen(trial, days, weekday) for _, trial in trials]
    with steps(sum(map(len, chosen))) as say:
        drafters = [_drafter(folder, trial, maps, say) for folder, trial in trials]
        card = _scorecard(
            [(trial, draw, some) for (_, trial), draw, some in zip(trials, drafters, chosen, strict=True)]
        )
    how = "on the other theatres" if len(trials) > 1 else "on the days scored, in hindsight"
    document = json.dumps(as_document(card, recalibrated=how), indent=1, allow_nan=False) + "\n"
    if out is not None:
        title = f"{', '.join(card.areas)} against {truth.stem}"
        write_atomically(out / "scores.json", document.encode())
        write_atomically(out / "scores.svg", scorecard_svg(card, title=title))
    sys.stdout.write(document if as_json else _table(card, how))


def _trial(folder: Path, truth: Path, *, side: str | None) -> tuple[Path, Trial]:
    """The theatre's anchor, its reports and the reference on its grid."""
    from isofront.compare import Trial, held_cells, held_cells_lonlat, read_grey, read_truth, scored_ground
    from isofront.evidence import Ledger, ledger_path
    from isofront.theatre import home_of, load, read_anchor

    theatre, home = load(folder), home_of(folder)
    scored = side or theatre.anchor.holder or theatre.side_ids[0]
    if scored not in theatre.side_ids:
        raise UsageError(f"--side {scored}: not a side of {theatre.name}, wanted {' or '.join(theatre.side_ids)}")
    ground = scored_ground(theatre.box, theatre.grid)
    reports = []
    if ledger_path(home).exists():
        with Ledger.open(ledger_path(home)) as ledger:
            reports = ledger.reports()
    after = {day: shape for day, shape in read_truth(truth, side=scored).items() if day > theatre.anchor.date.date()}
    cells = {day: held_cells_lonlat(shape, ground) for day, shape in after.items()}
    grey = {day: held_cells_lonlat(shape, ground) for day, shape in read_grey(truth).items() if day in after}
    anchor = held_cells(read_anchor(theatre, home).held[scored], ground)
    return folder, Trial(theatre.name, scored, ground, anchor, theatre.anchor.date, cells, reports, grey)


def _chosen(trial: Trial, wanted: str | None, weekday: str | None) -> list[date]:
    """The days to score, all of which the reference has."""
    days = sorted(trial.truth)
    if wanted is not None:
        days = _in_range(days, wanted) if "/" in wanted else _listed(wanted)
    if weekday is not None:
        days = [day for day in days if day.weekday() == _weekday(weekday)]
    missing = [day.isoformat() for day in days if day not in trial.truth]
    if missing:
        raise UsageError(
            f"--days {missing[0]}: the reference has no polygons of that day, or it is not after the anchor"
        )
    if not days:
        raise BadInputError(
            f"{trial.area}: the reference has none of the days asked for after {trial.anchor_at:%Y-%m-%d}"
        )
    return days


def _in_range(days: Sequence[date], wanted: str) -> list[date]:
    first, _, last = wanted.partition("/")
    return [day for day in days if _day(first) <= day <= _day(last)]


def _listed(wanted: str) -> list[date]:
    return sorted({_day(word) for word in wanted.split(",")})


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word.strip())
    except ValueError as fault:
        raise UsageError(f"--days: read {word!r}, wanted a date like 2030-01-31") from fault


def _weekday(word: str) -> int:
    if word[:3].lower() not in _WEEKDAYS:
        raise UsageError(f"--weekday: read {word!r}, wanted one of {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(word[:3].lower())


def _scorecard(rounds: Sequence[tuple[Trial, Drafter, list[date]]]) -> Scorecard:
    """The maps first, then both yardsticks, all on the same days."""
    from isofront.compare import (
        Scorecard,
        recalibrations,
        scored_drafts,
        scored_persistence,
        scored_vote,
        vote_sample,
    )

    found = [day for trial, drafter, days in rounds for day in scored_drafts(trial, drafter(days))]
    found += [day for trial, _, days in rounds for day in scored_persistence(trial, days)]
    changes = recalibrations([vote_sample(trial, days) for trial, _, days in rounds])
    for (trial, _, days), change in zip(rounds, changes, strict=True):
        found += scored_vote(trial, days, change)
    return Scorecard(tuple(found))


def _drafter(folder: Path, trial: Trial, maps: Path | None, say: Say) -> Drafter:
    """Where the maps come from: files made before, or the engine now."""
    if maps is not None:
        return lambda days: _read_maps(maps, trial, days)
    return lambda days: _engine_drafts(folder, trial, days, say)


def _read_maps(maps: Path, trial: Trial, days: Sequence[date]) -> Iterator[tuple[date, Raster | Shown]]:
    for day in days:
        yield day, _read_control(maps / day.isoformat() / "control.tif", trial.side, trial.ground.grid)


def _read_control(path: Path, side: str, grid: Grid) -> Raster | Shown:
    """What control.tif shows, row 0 south: P(control) of a side, and grey if its bands are there."""
    import numpy as np
    import rasterio
    from rasterio.errors import RasterioIOError

    from isofront.compare import Shown

    try:
        with rasterio.open(path, driver="GTiff") as raster:
            names = {name: k for k, name in enumerate(raster.descriptions, start=1)}
            if f"control_{side}" not in names:
                raise BadInputError(f"{path}: bands {', '.join(map(str, names))}, wanted control_{side}")
            west, north = raster.transform.c / 1000, raster.transform.f / 1000
            bands = {name: np.flipud(raster.read(k)).astype(np.float64) for name, k in names.items()}
    except RasterioIOError as fault:
        raise BadInputError(f"{path}: cannot be read as a map ({fault}), wanted what `isofront map` writes") from fault
    box = grid.box_km
    p = bands[f"control_{side}"]
    if p.shape != grid.shape or abs(west - box[0]) > grid.cell_km / 10 or abs(north - box[3]) > grid.cell_km / 10:
        raise BadInputError(f"{path}: not on the theatre's grid of {grid.nx} x {grid.ny} cells")
    if "p_grey" not in bands:
        return np.asarray(p)
    held = [bands[name] for name in names if name is not None and name.startswith("p_") and name != "p_grey"]
    return Shown(p, bands["p_grey"], np.stack(held).max(axis=0) < 0.5)


def _engine_drafts(folder: Path, trial: Trial, days: Sequence[date], say: Say) -> Iterator[tuple[date, Raster | Shown]]:
    """The engine's drafts, each with what was known by the end of its day."""
    import numpy as np

    from isofront.compare import Shown, midnight
    from isofront.engine import draft_fields

    moments = [midnight(day) for day in days]
    fields = iter(draft_fields(folder, moments, [at + timedelta(days=1) for at in moments]))
    for day in days:
        say(f"{day}")
        field = next(fields)
        control = np.asarray(field.control[field.sides.index(trial.side)], np.float64)
        yield day, Shown(control, np.asarray(field.p_grey, np.float64), field.p_held.max(axis=0) < 0.5)
        say("")


def _table(card: Scorecard, how: str) -> str:
    """One line a method, then by days since the anchor, then skill."""
    from isofront.compare import TABLE_COLUMNS, table_rows

    widths = [max(10, len(name) + 2) for name in TABLE_COLUMNS]
    heading = _cells("", TABLE_COLUMNS, widths)
    rows = [_cells(label, map(_number, row), widths) for label, row in table_rows(card)]
    skill = [f"skill against {name}: {_number(card.skill(name))} of the log loss" for name in card.methods[1:]]
    worst = [_worst(method, card) for method in card.methods]
    said = [*skill, f"kernel vote recalibrated {how}", "worst area and day: " + "; ".join(filter(None, worst))]
    return "\n".join([heading, *rows, "", *said, *_grey_lines(card)]) + "\n"


def _cells(label: str, words: Iterable[str], widths: Sequence[int]) -> str:
    return f"{label:<{_WIDTH}}" + "".join(f"{word:>{width}}" for word, width in zip(words, widths, strict=True))


def _worst(method: str, card: Scorecard) -> str | None:
    day = card.worst_day(method)
    if day is None:
        return None
    return f"{method} {_number(day.scores.log_loss)} ({day.area}, {day.day})"


def _grey_lines(card: Scorecard) -> list[str]:
    """How good grey is, where the reference has any."""
    table, means = card.grey_reliability(), card.means(card.methods[0])
    if table is None:
        return []
    by_line = max(means["grey_auc_past_line"] or 0.0, means["grey_auc_away_from_line"] or 0.0)
    return [
        f"grey within 10 km of the line: ECE {_number(table.ece)}, area of P(grey) {_percent(means['grey_bias'])}, "
        f"drawn {_percent(means['grey_drawn_bias'])}; AUC {_number(means['grey_auc'])}, "
        f"by the anchor's line alone {_number(by_line)}"
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:+.1%}"


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}"
