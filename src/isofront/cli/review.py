"""`isofront review`: what the draft would change against the last approved map, and an editor's answers. Private."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.cli.plain_steps import waiting
from isofront.counts import counted
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.engine import Draft
    from isofront.engine.review import Review
    from isofront.evidence import Entry
    from isofront.evidence.decision import Approval, Decision, Judge, Lock, Polygons
    from isofront.review import Acting, Proposal

ALL = "all"
NEW = "new"
TOLD = 4
"""So many reports are named in a line of the plain list."""


def register(app: typer.Typer) -> None:
    """Add `review`."""
    app.command("review")(review)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the editor asked for on the command line."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    edit: tuple[str, str] | None
    holder: str | None
    hold: tuple[str, ...]
    release: tuple[str, ...]
    lock: Path | None
    unlock: tuple[str, ...]
    until: datetime | None
    weight: float
    approve: bool

    @property
    def some(self) -> bool:
        """Whether anything is to be recorded."""
        given = (self.accept, self.reject, self.edit, self.hold, self.release, self.lock, self.unlock, self.approve)
        return any(bool(one) for one in given)


_Ids = list[str] | None


def review(
    theatre: Annotated[Path, typer.Argument(help="the theatre's folder", metavar="FOLDER")],
    *,
    as_of: Annotated[str, typer.Option(help="the day, as --as-of of `map`")],
    known_by: Annotated[str | None, typer.Option(help="use only what was known before")] = None,
    accept: Annotated[_Ids, typer.Option(help="take a proposal into the next approved map, or `all`")] = None,
    reject: Annotated[_Ids, typer.Option(help="the ground is what it was: evidence, until --until")] = None,
    edit: Annotated[
        tuple[str, str] | None, typer.Option(help="a proposal's ID (or `new`) and a polygon file drawn instead")
    ] = None,
    holder: Annotated[str | None, typer.Option("--class", help="what the edit is: a side's id, or grey")] = None,
    hold: Annotated[_Ids, typer.Option(help="keep ground as it was until --until; a decision's id: extend it")] = None,
    release: Annotated[_Ids, typer.Option(help="let go of an earlier reject, edit or hold")] = None,
    lock: Annotated[Path | None, typer.Option(help="polygons that keep their approved state until unlocked")] = None,
    unlock: Annotated[_Ids, typer.Option(help="end a lock")] = None,
    until: Annotated[str | None, typer.Option(help="the day on which a reject, edit or hold asks again")] = None,
    weight: Annotated[float, typer.Option(help="how much a reject, edit or hold counts as evidence")] = 1.0,
    approve: Annotated[bool, typer.Option("--approve", help="make what is decided the day's approved map")] = False,
    reason: Annotated[str | None, typer.Option(help="why; kept in the ledger")] = None,
    by: Annotated[str | None, typer.Option(help="who decides: a name or pseudonym; kept in the ledger")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """List what a day's draft would change against the last approved map; or record what an editor makes of it."""
    now = datetime.now(UTC)
    day = moment(as_of, option="--as-of")
    known = [moment(known_by, option="--known-by")] if known_by is not None else None
    ends = None if until is None else moment(until, option="--until")
    asked = Answers(
        tuple(accept or ()), tuple(reject or ()), edit, holder, tuple(hold or ()), tuple(release or ()), lock,
        tuple(unlock or ()), ends, weight, approve,
    )  # fmt: skip
    _check(asked, by, reason)
    from isofront.engine import drafts
    from isofront.evidence.decision import Judge

    with steps(1) as say:

        def drafted() -> Draft:
            return next(iter(drafts(theatre, [day], known, progress=say)))

        if asked.some:
            judge = Judge(str(by).strip(), str(reason).strip(), now)
            document = _recorded(drafted(), drafted, asked, judge)
        else:
            document = _listed(drafted(), say)
    lines = _record_lines(document) if asked.some else _list_lines(document)
    text = json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")


def _check(asked: Answers, by: str | None, reason: str | None) -> None:
    if asked.some and not (by or "").strip():
        raise UsageError("--by is missing: a decision by nobody is none, wanted a name or pseudonym")
    if asked.some and not (reason or "").strip():
        raise UsageError("--reason is missing, wanted a few words on why")
    if asked.until is not None and not (asked.reject or asked.edit or asked.hold):
        raise UsageError("--until goes with --reject, --edit or --hold")
    if not 0 < asked.weight <= 10:
        raise UsageError(f"--weight {asked.weight:g}, wanted more than 0 and at most 10")
    if asked.holder is not None and asked.edit is None:
        raise UsageError("--class goes with --edit")


def _listed(draft: Draft, say: Callable[[str], None]) -> dict[str, Any]:
    from isofront.engine.review import review_of
    from isofront.engine.review_told import about

    say("what would settle it")
    found = review_of(draft, settle=True)
    reports = {one.id: one for one in draft.reports}
    return about(draft) | {
        "proposals": [_proposal(found, one, reports) for one in found.proposals],
        "waiting": {"pieces": len(found.waiting), "km2": round(sum(one.km2 for one in found.waiting), 3)},
        "asks_again": [_asking(draft, one) for one in found.asking],
        "decisions": [_asking(draft, one) for one in draft.standing.acting if one.released is None],
        "locks": [_lock(draft, one) for one in draft.standing.locks],
    }


def _proposal(found: Review, one: Proposal, reports: dict[str, Any]) -> dict[str, Any]:
    from shapely.geometry import mapping

    from isofront.engine.review import lonlat_of
    from isofront.engine.review_told import proposal_told

    settling = one.settling
    return proposal_told(one) | {
        "near": one.near,
        "reports": [_push(push.id, push.km, reports) for push in one.reasons],
        "against": [_push(push.id, push.km, reports) for push in one.against],
        "others_km": round(one.others_km, 6),
        "would_settle": None
        if settling is None
        else {"seen": settling.side, "error_m": 100, "p_after": round(settling.p_after, 4), "turns": settling.turns},
        "geometry": mapping(lonlat_of(found.draft, one.piece.shape)),
    }


def _push(name: str, km: float, reports: dict[str, Any]) -> dict[str, Any]:
    report = reports.get(name)
    about = {"kind": "decision"} if report is None else {
        "kind": report.kind.value, "seen": report.seen, "happened": f"{report.happened.start:%Y-%m-%d}",
        "source": report.source, "reliability": report.reliability, "credibility": report.credibility,
    }  # fmt: skip
    return {"id": name, "km": round(km, 6)} | about


def _asking(draft: Draft, one: Acting) -> dict[str, Any]:
    from isofront.publish.stamp import utc_text
    from isofront.review import redraw

    decision = one.decision
    said = redraw.said_of(decision)
    return {
        "id": decision.id, "verdict": decision.verdict.value, "until": utc_text(one.until), "by": decision.by,
        "reason": decision.reason, "proposal": decision.proposal,
        "says": sorted({ground.side or "grey" for ground in said}),
    } | _whereabouts(draft, [ground.polygons for ground in said], decision.crs)  # fmt: skip


def _lock(draft: Draft, one: Lock) -> dict[str, Any]:
    return {"id": one.id, "by": one.by, "reason": one.reason} | _whereabouts(draft, [one.polygons], one.crs)


def _whereabouts(draft: Draft, grounds: Sequence[Polygons], crs: str) -> dict[str, Any]:
    """How much ground it is, and where."""
    from shapely import union_all

    from isofront.engine.ground import near
    from isofront.evidence.decision import shape_of
    from isofront.review.redraw import in_crs

    shape = in_crs(union_all([shape_of(one) for one in grounds]), crs, draft.ground.theatre.crs)
    return {"km2": round(float(shape.area), 3), "near": near(draft.ground, shape)}


def _recorded(draft: Draft, again: Callable[[], Draft], asked: Answers, judge: Judge) -> dict[str, Any]:
    """Record the answers; `again` makes the draft anew once the ledger holds more evidence."""
    from isofront.engine import read_standing
    from isofront.engine.review import approved, approved_before, review_of
    from isofront.engine.review_told import about
    from isofront.evidence import Ledger, ledger_path
    from isofront.evidence.decision import approval_entry, read_history
    from isofront.evidence.store import only_writer

    found = review_of(draft)
    entries, told = _entries(found, asked, judge)
    home = draft.ground.folder
    with only_writer(home, waiting=waiting):
        if read_standing(home, as_of=draft.as_of, known_by=draft.known_by) != draft.standing:
            raise UsageError("somebody else decided meanwhile, so nothing was recorded: list the proposals again")
        with Ledger.open(ledger_path(home), create=True, waiting=waiting) as ledger:
            head = ledger.append(entries, now=judge.now) if entries else ledger.head
        document: dict[str, Any] = about(draft) | {"recorded": told, "approved": None}
        if asked.approve:
            if asked.reject or asked.edit or asked.hold or asked.release:
                draft = again()
            else:  # nothing that is evidence was said: the same posterior
                draft = replace(draft, standing=read_standing(home, as_of=draft.as_of, known_by=draft.known_by))
            found = review_of(draft)
            with Ledger.open(ledger_path(home), write=True, waiting=waiting) as ledger:
                history = read_history(ledger)
                approval, made = approved(found, judge, history=history)
                before = approved_before(approval, made, ledger=ledger, history=history)
                head = ledger.head if before else ledger.append([approval_entry(approval, made)], now=judge.now)
            document["approved"] = _approved(before or approval, found, new=before is None)
    return document | {"head": head}


def _approved(approval: Approval, found: Review, *, new: bool) -> dict[str, Any]:
    from isofront.publish.stamp import utc_text

    return {
        "id": approval.id, "as_of": utc_text(approval.as_of), "reports_used": approval.reports_used,
        "undecided": [one.id for one in found.proposals], "waiting": len(found.waiting), "new": new,
        "by": approval.by, "known_at": utc_text(approval.known_at),
    }  # fmt: skip


def _entries(found: Review, asked: Answers, judge: Judge) -> tuple[list[Entry], list[dict[str, Any]]]:
    from isofront.engine.review import locked, read_ground, stands_already, unlocked
    from isofront.evidence.decision import decision_entry, lock_entry

    decisions = list(_decisions(found, asked, judge))
    locks = [unlocked(found.draft, name, judge) for name in asked.unlock]
    if asked.lock is not None:
        locks.append(locked(found.draft, read_ground(asked.lock), judge, where=asked.lock.name))
    made: list[Decision | Lock] = [*decisions, *locks]
    before = {one.id: stands_already(found.draft, one) for one in made}
    entries = [decision_entry(one) for one in decisions if before[one.id] is None]
    entries += [lock_entry(one) for one in locks if before[one.id] is None]
    said = [(one.id, one.verdict.value, one.proposal or one.of) for one in decisions]
    said += [(one.id, "unlock" if one.of else "lock", one.of) for one in locks]
    return entries, [
        {"id": before[name] or name, "verdict": verdict, "about": about, "new": before[name] is None}
        for name, verdict, about in said
    ]


def _decisions(found: Review, asked: Answers, judge: Judge) -> Iterator[Decision]:
    from isofront.engine.review import judged
    from isofront.evidence.decision import Verdict

    once = _each_once(asked, found)
    acting = {one.decision.id for one in found.draft.standing.acting if one.released is None}
    for name in once.accept:
        one = found.named(name)
        yield judged(found.draft, Verdict.ACCEPT, judge, proposal=one, becomes=one.piece.parts)
    for name in once.reject:
        one = found.named(name)
        yield judged(found.draft, Verdict.REJECT, judge, proposal=one, until=asked.until, weight=asked.weight)
    if asked.edit is not None:
        yield _edited(found, asked, judge)
    for name in once.hold:
        if name in acting:
            yield judged(found.draft, Verdict.EXTEND, judge, until=asked.until, of=name)
        else:
            one = found.named(name)
            yield judged(found.draft, Verdict.HOLD, judge, proposal=one, until=asked.until, weight=asked.weight)
    for name in asked.release:
        if name not in acting:
            raise UsageError(f"--release {name!r}: no such decision acts, wanted one of: {', '.join(acting) or 'none'}")
        yield judged(found.draft, Verdict.RELEASE, judge, of=name)


def _each_once(asked: Answers, found: Review) -> Answers:
    """The answers with `all` spelt out: every proposal that is not answered otherwise. One answer a proposal."""
    others = [*asked.reject, *asked.hold, *([asked.edit[0]] if asked.edit else [])]
    named = [name for name in asked.accept if name != ALL]
    if ALL in asked.accept:
        named = [one.id for one in found.proposals if one.id not in others]
    twice = {name for name in (*named, *others) if (*named, *others).count(name) > 1}
    if twice:
        raise UsageError(f"{', '.join(sorted(twice))}: answered twice, wanted one answer a proposal")
    return replace(asked, accept=tuple(named))


def _edited(found: Review, asked: Answers, judge: Judge) -> Decision:
    from isofront.engine.review import drawn_by_editor, judged, read_ground
    from isofront.evidence.decision import Verdict

    assert asked.edit is not None
    name, file = asked.edit
    about = None if name == NEW else found.named(name)
    holder = asked.holder or (about.piece.after if about else None)
    if holder is None:
        raise UsageError("--edit new FILE needs --class: a side's id, or grey")
    area = drawn_by_editor(found.draft, read_ground(Path(file)), holder, where=Path(file).name)
    return judged(
        found.draft, Verdict.EDIT, judge, proposal=about, becomes=[area], until=asked.until, weight=asked.weight
    )


# Plain text


def _list_lines(document: dict[str, Any]) -> list[str]:
    before = document["previous"]
    lines = [
        f"{document['stamp']}  {document['as_of'][:10]} against the {before['state']} map of {before['as_of'][:10]}: "
        f"{counted(len(document['proposals']), 'proposal')}; "
        f"{counted(document['waiting']['pieces'], 'smaller or unsure change')} left to wait "
        f"({document['waiting']['km2']:.1f} km²)"
    ]
    for one in document["proposals"]:
        lines += _proposal_lines(one)
    asking = {one["id"] for one in document["asks_again"]}
    later = [one for one in document["decisions"] if one["id"] not in asking]
    lines += [_acting_line(one, "asks again, ") for one in document["asks_again"]]
    lines += [_acting_line(one) for one in sorted(later, key=lambda one: (one["until"], one["id"]))]
    lines += [f"{one['id']}  lock  {_ground_words(one)}; by {one['by']}: {one['reason']}" for one in document["locks"]]
    return lines


def _acting_line(one: dict[str, Any], asks: str = "") -> str:
    ground = f"{' and '.join(one['says'])}  {_ground_words(one)}"
    return f"{one['id']}  {one['verdict']}: {ground}; {asks}until {one['until'][:10]}; by {one['by']}: {one['reason']}"


def _ground_words(one: dict[str, Any]) -> str:
    return f"{one['km2']:.1f} km²" + (f", {one['near']}" if one["near"] else "")


def _proposal_lines(one: dict[str, Any]) -> list[str]:
    odds = f"p {one['p']:.0%}"
    if one["to"] == "grey":
        odds = f"p {one['sure']:.0%} that {one['from']} no longer holds it, {one['p']:.0%} that it is grey"
    lines = [f"{one['id']}  {one['from']} -> {one['to']}  {_ground_words(one)}; {odds}"]
    for word, pushes in (("for", one["reports"]), ("against", one["against"])):
        if pushes:
            more = f" and {len(pushes) - TOLD} more" if len(pushes) > TOLD else ""
            lines.append(f"    {word}: {', '.join(_told(push) for push in pushes[:TOLD])}{more}")
    settle = one["would_settle"]
    if settle is not None:
        result = "would turn it" if settle["turns"] else "would not turn it"
        lines.append(f"    one exact sighting of {settle['seen']} here {result} (p {settle['p_after']:.0%})")
    return lines


def _told(push: dict[str, Any]) -> str:
    seen = f" {push['seen']}" if push.get("seen") else ""
    return f"{push['id']} ({push['kind']}{seen}, {push['km']:+.2f} km)"


def _record_lines(document: dict[str, Any]) -> list[str]:
    lines = [
        f"{one['id']}  {one['verdict']} {one['about'] or ''}".rstrip()
        if one["new"]
        else f"{one['id']}  this {one['verdict']} stands already, so nothing was recorded"
        for one in document["recorded"]
    ]
    made = document["approved"]
    if made is not None:
        left = f"; {counted(len(made['undecided']), 'proposal')} left undecided" if made["undecided"] else ""
        says = f"is approved, from {counted(made['reports_used'], 'report')}"
        if not made["new"]:
            says = f"is approved already, by {made['by']}; nothing changed since, so nothing was recorded"
        lines.append(f"{made['id']}  {made['as_of'][:10]} {says}{left}")
    return [*(lines or ["nothing to record"]), f"head {document['head']}"]
