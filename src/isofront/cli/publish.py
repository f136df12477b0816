"""`isofront publish`, `correct` and `pull`: from an approved day to a public site, and what is wrong there."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.counts import counted
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.engine.edition import Asked, Made
    from isofront.engine.publish import Release

_Site = Annotated[Path, typer.Option(help="the site's folder: empty, new, or one that publish made")]
_Theatre = Annotated[Path, typer.Option(help="the theatre's folder")]
_Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]
SHOWN = 8

_log = logging.getLogger("isofront.publish")


def register(app: typer.Typer) -> None:
    """Add `publish`, `correct` and `pull`."""
    app.command("publish")(publish)
    app.command("correct")(correct)
    app.command("pull")(pull)


def publish(
    *,
    on: Annotated[str, typer.Option(help="the approved day")],
    out: Annotated[Path | None, typer.Option(help="the site's folder: empty, new, or one that publish made")] = None,
    theatre: _Theatre = Path(),
    second: Annotated[str | None, typer.Option(help="a second editor who agrees to a large change")] = None,
    without_second: Annotated[
        bool, typer.Option("--without-second", help="publish a large change under one name; --reason is public")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="why; public")] = None,
    again: Annotated[bool, typer.Option("--again", help="publish once more what was withdrawn")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would be public and what not; write nothing")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Make an edition of an approved day and write the public site: delayed, coarse, without protected sides."""
    now, day = datetime.now(UTC), moment(on, option="--on")
    if out is None and not dry_run:
        raise UsageError("--out is missing, wanted a folder for the site (or --dry-run)")
    if without_second and not (reason or "").strip():
        raise UsageError("--without-second goes with --reason, which is recorded and public")
    from isofront.engine.edition import Asked
    from isofront.engine.publish import release_of
    from isofront.engine.site import publish_release

    said = (reason or "").strip()
    asked = Asked(second, said if without_second else None, said, again)
    with steps(1) as say:
        release = release_of(theatre, day, now=now, progress=say)
    if not dry_run and release.ready and release.wants_second_name and asked.second is None and asked.bypass is None:
        asked = _asked_at_terminal(release, asked)
    with steps(1) as say:
        made = None if dry_run or out is None else publish_release(release, out, asked, progress=say)
    document = _about(release) | ({} if made is None else _edition(made))
    _print(document, [*_release_lines(document), *_made_lines(made)], as_json=as_json)


def _asked_at_terminal(release: Release, asked: Asked) -> Asked:
    """The difference, then the second editor's name from whoever sits at a terminal; without one nobody is asked."""
    if not sys.stdin.isatty():
        return asked
    sys.stderr.write("\n".join(_release_lines(_about(release))) + "\n")
    second = typer.prompt("name of a second editor who agrees (empty: nothing is published)", default="", err=True)
    return replace(asked, second=second.strip() or None)


def _about(release: Release) -> dict[str, Any]:
    from isofront.publish.policy import causes

    approval = release.inputs.approval
    return {
        "stamp": "PRIVATE",
        "as_of": f"{approval.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "approval": approval.id,
        "ready": release.ready,
        "ready_at": f"{release.ready_at:%Y-%m-%dT%H:%M:%SZ}",
        "cleared": len(release.cleared.reports),
        "held_back": causes(release.held),
        "held": [{"id": one.report.id, "why": one.words} for one in release.held],
        "claims": {
            "cleared": len(release.claims.claims),
            "held": [{"id": one.claim.id, "why": one.words} for one in release.claims.held],
        },
        "layers_not_before": {name: f"{when:%Y-%m-%dT%H:%M:%SZ}" for name, when in sorted(release.not_yet.items())},
        "closed_km2": round(float(release.closed.area), 1),
        "against": "start" if release.inputs.last is None else release.inputs.last.edition.id,
        "changed_km2": round(release.moved_km2, 1),
        "transitions_km2": release.transitions_km2,
        "advances": [
            {"side": one.side, "kind": one.kind.value, "km2": round(one.km2, 1), "up_to_km": _km(one.max_km)}
            for one in release.advances.found
        ],
        "settlements": release.settlements_changed,
        "second_name": release.wants_second_name,
        "mappers": {
            "shown": [
                {"id": one.mapper.id, "as_of": f"{one.as_of:%Y-%m-%dT%H:%M:%SZ}", "file": one.file,
                 "licence": one.mapper.licence}
                for one in release.others.found
            ],
            "notes": list(release.others.notes),
        },
    }  # fmt: skip


def _km(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _edition(made: Made) -> dict[str, Any]:
    return {
        "edition": made.edition.id,
        "new": made.new,
        "site": str(made.site),
        "files": made.edition.files,
        "simulated": made.edition.simulated,
        "without_second_name": made.edition.bypass,
    }


def _release_lines(told: dict[str, Any]) -> list[str]:
    held = sum(told["held_back"].values())
    lines = [
        f"{told['as_of'][:10]}: the public map rests on {counted(told['cleared'], 'report')}, {held:,} held back",
        *(f"  {n:>6}  {why}" for why, n in told["held_back"].items()),
        *(f"  {name} may not show before {when[:16]}Z" for name, when in told["layers_not_before"].items()),
    ]
    claims = told["claims"]
    if claims["cleared"] or claims["held"]:
        lines.append(f"  {counted(claims['cleared'], 'claim')} may show, {len(claims['held'])} not")
        lines += [f"    {one['id']}: {one['why']}" for one in claims["held"][:SHOWN]]
    lines += [
        f"  beside it the map of {one['id']} as of {one['as_of'][:10]} ({one['file']}; {one['licence']})"
        for one in told["mappers"]["shown"]
    ]
    lines += [f"  {note}" for note in told["mappers"]["notes"]]
    if told["closed_km2"]:
        lines.append(f"  {told['closed_km2']:g} km² stay as they were: no editor agreed to what would change there")
    lines.append(f"against {told['against']}: {told['changed_km2']:g} km² change")
    lines += [f"  {change.replace('->', ' -> ')}: {km2:g} km²" for change, km2 in told["transitions_km2"].items()]
    for one in told["advances"][:SHOWN]:
        far = "" if one["up_to_km"] is None else f", up to {one['up_to_km']:g} km"
        lines.append(f"  {one['side']} {one['kind']}: {one['km2']:g} km²{far}")
    lines += [f"  {one['name']}: {one['from']} -> {one['to']}" for one in told["settlements"][:SHOWN]]
    if told["second_name"]:
        lines.append("so much wants a second name")
    return lines if told["ready"] else [*lines, f"may be published from {told['ready_at'][:16]}Z"]


def _made_lines(made: Made | None) -> list[str]:
    if made is None:
        return ["nothing was written"]
    word = "edition" if made.new else "nothing new; written again: edition"
    return [f"{word} {made.edition.id}: {made.site}/index.html"]


def correct(
    edition: Annotated[str, typer.Argument(help="the edition that was wrong, such as 0012-2030-01-31")],
    *,
    area: Annotated[Path, typer.Option(help="polygons of the ground that was wrong")],
    reason: Annotated[str, typer.Option(help="why; public")],
    out: _Site,
    theatre: _Theatre = Path(),
    holder: Annotated[
        str | None, typer.Option("--class", help="what it is: a side's id, or grey; default: what it was before")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="one more edition, though this correction stands")] = False,
    as_json: _Json = False,
) -> None:
    """Put an edition right: a new edition of its day, a dated line in the feeds, a banner on the old page."""
    from isofront.engine.edition import Asked
    from isofront.engine.review import read_ground
    from isofront.engine.site import correct_edition
    from isofront.publish.site import tells_of

    with steps(1) as say:
        asked = Asked(reason=_reason(reason), again=again)
        made = correct_edition(
            theatre, edition, read_ground(area), out, asked, holder=holder, now=datetime.now(UTC), progress=say
        )
    if not tells_of(out, edition):
        _log.warning(f"--out {out}: edition {edition} does not lie there, so no banner says that it is corrected")
    lines = [f"{edition} is corrected by {made.edition.id}: {made.site}/index.html"]
    if not made.new:
        lines = [
            f"{edition} is corrected so already, by {made.edition.id}; nothing new, written again: "
            f"{made.site}/index.html (--again makes one more edition)"
        ]
    if made.edition.bypass:
        lines.append("so much changes under one name, for a correction: recorded and public")
    _print(_edition(made) | {"corrects": edition}, lines, as_json=as_json)


def pull(
    edition: Annotated[str, typer.Argument(help="the edition that has to go")],
    *,
    reason: Annotated[str, typer.Option(help="why; public")],
    out: Annotated[Path, typer.Option(help="the site's folder, which holds the edition")],
    theatre: _Theatre = Path(),
    anyway: Annotated[
        bool, typer.Option("--anyway", help="record it, and write the tombstone to a folder that lacks the edition")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Take an edition out of the public's sight at once: a tombstone stands in its place, embeds go blank."""
    from isofront.engine.site import pull_edition, told_since

    told = pull_edition(theatre, edition, out, reason=_reason(reason), now=datetime.now(UTC), anyway=anyway)
    document = {"edition": told.edition, "pulled_at": f"{told.at:%Y-%m-%dT%H:%M:%SZ}", "reason": told.reason}
    since = told_since(out, edition)
    lines = [
        f"{edition} is withdrawn",
        "  what it rests on goes into later editions until it is taken back or withheld",
    ]
    lines += [f"  {one} still tells what changed since {edition}" for one in since]
    _print(document | {"told_since": list(since)}, lines, as_json=as_json)


def _reason(text: str) -> str:
    if not text.strip():
        raise UsageError("--reason is empty, wanted a few words on why; they are public")
    return text.strip()


def _print(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")
