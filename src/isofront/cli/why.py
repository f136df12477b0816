"""`isofront why LON LAT --on DATE`: what made a spot what it is, report by report. Private."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.engine import Draft
    from isofront.engine.why import Told, Without

CHECKED = 5
FLIP_TOP = 5
LEAST_BEHIND = 0.005
"""The least difference between P of the map and P of the link that is told."""


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
    check: Annotated[
        int, typer.Option(help="how many leading reports to take back one by one, with all else fitted anew; 0: none")
    ] = CHECKED,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document, with every report")] = False,
) -> None:
    """Say why a spot is held or grey: the anchor's depth plus each report's share, in km, largest first."""
    if not 0 <= check <= most:
        raise UsageError(f"--check {check}: wanted 0 to {most}, as many as are named")
    day = moment(on, option="--on")
    known = [moment(known_by, option="--known-by")] if known_by is not None else None
    with steps(check + 1) as say:
        answer = _answer(theatre, day, known, spot=(lon, lat), check=check, say=say)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(answer, most=most)) + "\n")


def _answer(
    theatre: Path,
    day: datetime,
    known: list[datetime] | None,
    *,
    spot: tuple[float, float],
    check: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    from isofront.engine import drafts
    from isofront.engine.why import told
    from isofront.front.anchor import reason_name

    cell = _cell_at(theatre, spot)
    draft = next(iter(drafts(theatre, [day], known, progress=say)))
    field = draft.field
    found = told(draft, cell, top=check, progress=say)
    chance, side = found.chance, field.sides[0]
    return {
        "stamp": "PRIVATE SIMULATED" if draft.simulated else "PRIVATE",
        "lon": spot[0],
        "lat": spot[1],
        "on": f"{day:%Y-%m-%dT%H:%M:%SZ}",
        "known_by": f"{draft.known_by:%Y-%m-%dT%H:%M:%SZ}",
        "latent": f"km inside the ground held by {side}, as the anchor's maker draws it",
        "prior_km": float(found.reasons.prior_km[0]),
        "latent_km": float(found.reasons.depth_km[0]),
        "common_km": float(found.reasons.common_km[0]),
        "spread_km": chance.spread_km,
        "kept_km": chance.prior_km,
        "stands": round(chance.stands, 4),
        "link": chance.formula(side),
        "p_by_link": round(chance.p(chance.latent_km), 4),
        "out_of_range": field.out_of_range is not None and bool(field.out_of_range[cell]),
        "p": {
            f"control_{side}": round(float(field.control[0][cell]), 4),
            f"p_{side}": round(float(field.p_held[0][cell]), 4),
            "p_grey": round(float(field.p_grey[cell]), 4),
            f"p_{field.sides[1]}": round(float(field.p_held[1][cell]), 4),
        },
        "grey_reason": reason_name(int(field.grey_reason[cell])),
        "present": {side: round(float(field.p_present[k][cell]), 4) for k, side in enumerate(field.sides)},
        "reports": _reports(draft, found),
        "others_km": 0.0,
        "n_others": 0,
        "flip": None if found.flip is None else _without(found.flip),
    }


def _cell_at(folder: Path, spot: tuple[float, float]) -> tuple[int, int]:
    from isofront.theatre import load

    theatre = load(folder)
    cell = theatre.grid.cell_of(*theatre.grid.to_km(*spot))
    if cell is None:
        hint = "; lat before lon, it seems" if theatre.box.holds(*spot[::-1]) else ""
        raise UsageError(f"{spot[0]} {spot[1]}: outside the theatre and its margin, wanted a spot inside{hint}")
    return cell


def _reports(draft: Draft, found: Told) -> list[dict[str, Any]]:
    """Every report that has a share, the largest first: share, what it alone is worth, and what it is."""
    reports = {report.id: report for report in draft.reports}
    decisions = {one.decision.id: one.decision for one in draft.standing.acting}
    rows = [
        (name, float(km), float(alone))
        for name, km, alone in zip(
            found.reasons.ids, found.reasons.shares_km[0], found.reasons.worth_km[0], strict=True
        )
        if km
    ]
    return [
        {"id": name, "km": km, "alone_km": alone, "toward": draft.field.sides[0 if km > 0 else 1]}
        | ({"without": _without(found.without[name])} if name in found.without else {})
        | _about(reports.get(name) or decisions[name])
        for name, km, alone in sorted(rows, key=lambda row: (-abs(row[1]), row[0]))
    ]


def _without(one: Without) -> dict[str, Any]:
    """What a fit without reports gives."""
    return {"without": list(one.names), "latent_km": one.latent_km, "p": round(one.p, 4)}


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
    said = ", ".join(f"{name} {p:.0%}" for name, p in answer["p"].items())
    lines = [f"{answer['stamp']}  {answer['lon']} {answer['lat']} on {answer['on'][:10]}: {said}"]
    lines.append(f"{answer['prior_km']:+8.2f} km  the anchor's own map ({answer['latent']})")
    lines += [
        f"{one['km']:+8.2f} km  {one['id']}: {_told(one)}, toward {one['toward']}{_checked(one)}" for one in named
    ]
    if rest:
        lines.append(f"{sum(one['km'] for one in rest):+8.2f} km  {len(rest)} other report{'s' * (len(rest) > 1)}")
    lines.append(f"{answer['latent_km']:+8.2f} km  in all, give or take {answer['spread_km']:.2f} km")
    if answer["reports"]:
        lines.append(f"          of it {answer['common_km']:+.2f} km is what many say alike and no one of them alone")
    lines.append(f"          the line here still stands where the anchor has it: {answer['stands']:.0%}")
    lines.append(f"          {answer['link']}; kept {answer['kept_km']:+.2f} km")
    lines += _grey_line(answer)
    if answer["out_of_range"]:
        lines.append("          MOVING, MODEL OUT OF RANGE: P above leans to what recent reports alone say")
    lines += _behind_line(answer)
    return [*lines, _flip_line(answer["flip"])]


def _behind_line(answer: dict[str, Any]) -> list[str]:
    """How far P is from what the line alone would give; nothing where the map does not run behind."""
    behind = next(iter(answer["p"].values())) - answer["p_by_link"]
    if answer["out_of_range"] or abs(behind) < LEAST_BEHIND:
        return []
    return [f"          P above is {behind:+.0%} from it: reports about here stand past the line, which may run behind"]


def _grey_line(answer: dict[str, Any]) -> list[str]:
    """Why a spot is grey, which kilometres past the line do not tell; nothing where a side is likelier to hold it."""
    if answer["p"]["p_grey"] < max(p for name, p in answer["p"].items() if not name.startswith("control_")):
        return []
    there = ", ".join(f"{side} {p:.0%}" for side, p in answer["present"].items())
    return [f"          grey: {answer['grey_reason'].replace('_', ' ')}; P(is there): {there}"]


def _checked(one: dict[str, Any]) -> str:
    """What a fit without the report says, if one was made."""
    if "without" not in one:
        return ""
    return f" (without it {one['without']['latent_km']:+.2f} km, P {one['without']['p']:.0%})"


def _flip_line(flip: dict[str, Any] | None) -> str:
    if flip is None:
        return "No removal of leading reports was found that puts this spot on the other side of the even-odds line."
    some = ", ".join(flip["without"][:FLIP_TOP]) + (" …" if len(flip["without"]) > FLIP_TOP else "")
    return (
        f"Without {len(flip['without'])} of them ({some}) it would lie on the other side of the even-odds line "
        f"(P {flip['p']:.0%})."
    )
