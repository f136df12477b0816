"""`isofront why LON LAT --on DATE`: what made a spot what it is, report by report. Private."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from isofront.cli.map import moment
from isofront.errors import UsageError

FLIP_TOP = 5


def register(app: typer.Typer) -> None:
    """Add `why`."""
    app.command("why", context_settings={"ignore_unknown_options": True})(why)


def why(
    lon: Annotated[float, typer.Argument(help="degrees east")],
    lat: Annotated[float, typer.Argument(help="degrees north")],
    *,
    on: Annotated[str, typer.Option(help="the day, as --as-of of `map`")],
    theatre: Annotated[Path, typer.Option(help="the theatre's folder")] = Path(),
    known_by: Annotated[str | None, typer.Option(help="use only what was known before")] = None,
    most: Annotated[int, typer.Option(help="how many reports to name")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document, with every report")] = False,
) -> None:
    """Say why a spot is held or grey: the prior map's depth plus each report's share, in km, largest first."""
    day = moment(on, option="--on")
    known = [moment(known_by, option="--known-by")] if known_by is not None else None
    answer = _answer(theatre, day, known, lon=lon, lat=lat)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(answer, most=most)) + "\n")


def _answer(theatre: Path, day: datetime, known: list[datetime] | None, *, lon: float, lat: float) -> dict[str, Any]:
    import numpy as np

    from isofront.control.flip import Chance
    from isofront.engine import drafts, whys

    draft = next(iter(drafts(theatre, [day], known)))
    grid, field = draft.ground.grid, draft.field
    cell = grid.cell_of(*grid.to_km(lon, lat))
    if cell is None:
        raise UsageError(f"{lon} {lat}: outside the theatre and its margin, wanted a spot inside")
    reason = whys(draft, np.array([cell]), most=len(draft.reports))[0]
    reports = {report.id: report for report in draft.reports}
    decisions = {one.decision.id: one.decision for one in draft.standing.acting}
    spread = float(np.sqrt(draft.posterior.variance()[cell]))
    link, stands = draft.posterior.model.config.link, float(draft.posterior.stands()[cell])
    chance = Chance(link, reason.prior_km, reason.latent_km, spread, stands)
    marked = field.out_of_range is not None and bool(field.out_of_range[cell])
    return {
        "stamp": "PRIVATE SIMULATED" if draft.simulated else "PRIVATE",
        "lon": lon,
        "lat": lat,
        "on": f"{day:%Y-%m-%dT%H:%M:%SZ}",
        "known_by": f"{draft.known_by:%Y-%m-%dT%H:%M:%SZ}",
        "latent": f"km inside the ground held by {field.sides[0]}, as the anchor's maker draws it",
        "prior_km": reason.prior_km,
        "latent_km": reason.latent_km,
        "spread_km": spread,
        "stands": round(stands, 4),
        "link": chance.formula(field.sides[0]),
        "out_of_range": marked,
        "p": {
            f"control_{field.sides[0]}": round(float(field.control[0][cell]), 4),
            f"p_{field.sides[0]}": round(float(field.p_held[0][cell]), 4),
            "p_grey": round(float(field.p_grey[cell]), 4),
            f"p_{field.sides[1]}": round(float(field.p_held[1][cell]), 4),
        },
        "others_km": reason.others_km,
        "n_others": reason.n_others,
        "reports": [
            {"id": push.report_id, "km": push.km, "toward": field.sides[0 if push.km > 0 else 1]}
            | _about(reports.get(push.report_id) or decisions[push.report_id])
            for push in reason.pushes
        ],
        "flip": chance.flip([(push.report_id, push.km) for push in reason.pushes]),
    }


def _about(report: Any) -> dict[str, Any]:
    """What a report is, or an editor's decision."""
    if not hasattr(report, "kind"):
        return {
            "kind": "decision",
            "verdict": report.verdict.value,
            "happened": f"{report.as_of:%Y-%m-%d}",
            "source": report.by,
            "reason": report.reason,
        }
    return {
        "kind": report.kind.value,
        "seen": report.seen,
        "happened": f"{report.happened.start:%Y-%m-%d}",
        "source": report.source,
        "reliability": report.reliability,
        "credibility": report.credibility,
        "links": [link.url for link in report.links],
    }


def _told(one: dict[str, Any]) -> str:
    if one["kind"] == "decision":
        return f"{one['verdict']} by {one['source']} on {one['happened']}: {one['reason']}"
    grade = f"{one['reliability']}{one['credibility']}"
    return f"{one['kind']}, {one['seen']} seen, {one['happened']}, source {one['source']} ({grade})"


def _lines(answer: dict[str, Any], *, most: int) -> list[str]:
    named, rest = answer["reports"][:most], answer["reports"][most:]
    others = answer["others_km"] + sum(one["km"] for one in rest)
    said = ", ".join(f"{name} {p:.0%}" for name, p in answer["p"].items())
    lines = [f"{answer['stamp']}  {answer['lon']} {answer['lat']} on {answer['on'][:10]}: {said}"]
    lines.append(f"{answer['prior_km']:+8.2f} km  the anchor's own map ({answer['latent']})")
    lines += [f"{one['km']:+8.2f} km  {one['id']}: {_told(one)}, toward {one['toward']}" for one in named]
    lines.append(f"{others:+8.2f} km  {answer['n_others'] + len(rest)} other reports")
    lines.append(f"{answer['latent_km']:+8.2f} km  in all, give or take {answer['spread_km']:.2f} km")
    lines.append(f"          the line here still stands where the anchor has it: {answer['stands']:.0%}")
    lines.append(f"          {answer['link']}")
    if answer["out_of_range"]:
        lines.append("          MOVING, MODEL OUT OF RANGE: P above leans to what recent reports alone say")
    return [*lines, _flip_line(answer["flip"])]


def _flip_line(flip: dict[str, Any] | None) -> str:
    if flip is None:
        return "No removal of reports alone would put this spot on the other side of the even-odds line."
    some = ", ".join(flip["without"][:FLIP_TOP]) + (" …" if len(flip["without"]) > FLIP_TOP else "")
    return (
        f"Without {len(flip['without'])} of them ({some}) it would lie on the other side of the even-odds line "
        f"(P {flip['p']:.0%})."
    )
