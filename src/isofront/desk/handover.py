"""What the next person at the desk must know, on one screen: measured from one draft and the ledger, nothing typed in.

queue        proposals of the draft, the surest first, each with what speaks for and against it
asks again   rejects, edits and holds whose end is near or past; then those that stand longer, and locks
watch        settlements whose class is least sure, and ground at the front past its review date
doubts       where reports disagree with the model, with its own words of why; proposals with much against them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from isofront.counts import counted
from isofront.engine import Draft, bare_sheet, statuses
from isofront.engine.review import review_of
from isofront.engine.review_told import about
from isofront.evidence.rejects import rejects_count
from isofront.evidence.report import Report
from isofront.publish.out_of_range import out_of_range_records
from isofront.publish.sheet import SettlementStatus
from isofront.publish.stamp import utc_text
from isofront.review import Acting, Proposal

MOST = {"queue": 8, "asks_again": 4, "stands": 3, "locks": 3, "watch": 5, "overdue": 3, "doubts": 4}
"""At most this many of each are listed on the screen; the rest are counted."""
DOUBTFUL_P = 0.9
"""A settlement less sure of its class than this is worth watching."""
DISPUTED = 0.5
"""A proposal is disputed if what speaks against it weighs at least this share of what speaks for it."""


def handover(draft: Draft, *, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """All of it as one document, nothing cut: what `page` shortens."""
    say("what would settle it")
    found = review_of(draft, settle=True)
    asking = {one.decision.id for one in found.asking}
    acting = [one for one in draft.standing.acting if one.released is None]
    return _about(draft) | {
        "queue": [_proposal(one) for one in sorted(found.proposals, key=lambda one: (-one.sure, one.id))],
        "waiting": {"pieces": len(found.waiting), "km2": round(sum(one.km2 for one in found.waiting), 1)},
        "asks_again": [_statement(one) for one in found.asking],
        "stands": [_statement(one) for one in acting if one.decision.id not in asking],
        "locks": [{"id": one.id, "by": one.by, "reason": one.reason} for one in draft.standing.locks],
        "watch": _watch(draft),
        "overdue": draft.needs_a_look,
        "doubts": _doubts(draft, found.proposals),
    }


def _about(draft: Draft) -> dict[str, Any]:
    last = draft.standing.approved
    known = None if last is None else last.approval.known_at
    return about(draft) | {
        "theatre": draft.ground.theatre.title or draft.ground.theatre.name,
        "reports": len(draft.reports),
        "reports_used": len(draft.used),
        "reports_since": sum(known is None or one.known_at > known for one in draft.reports),
        "last_seen": _latest(draft.reports),
        "rejects": rejects_count(draft.ground.folder),
    }


def _latest(reports: Sequence[Report]) -> str | None:
    latest = max((one.happened.start for one in reports), default=None)
    return None if latest is None else utc_text(latest)


def _proposal(one: Proposal) -> dict[str, Any]:
    settling = one.settling
    return {
        "id": one.id,
        "near": one.near,
        "from": one.piece.before,
        "to": one.piece.after,
        "km2": round(one.piece.km2, 1),
        "sure": round(one.sure, 2),
        "reports_for": [push.id for push in one.reasons],
        "reports_against": [push.id for push in one.against],
        "settles": None if settling is None else {"seen": settling.side, "p": round(settling.p_after, 2)},
        "turns": settling is not None and settling.turns,
    }


def _statement(one: Acting) -> dict[str, Any]:
    told = one.decision
    return {
        "id": told.id, "verdict": told.verdict.value, "until": utc_text(one.until), "by": told.by,
        "reason": told.reason,
    }  # fmt: skip


def _watch(draft: Draft) -> list[dict[str, Any]]:
    """Settlements whose class is least sure, the least sure first."""
    unsure = sorted((one for one in statuses(draft) if one.p < DOUBTFUL_P), key=lambda one: (one.p, _name(one)))
    return [{"name": _name(one), "status": one.status, "p": round(one.p, 2)} for one in unsure]


def _name(one: SettlementStatus) -> str:
    return one.settlement.name


def _doubts(draft: Draft, proposals: Iterable[Proposal]) -> list[dict[str, str]]:
    """Where to be careful, and why."""
    doubts = [
        {"about": f"{one['class']} ground {one['place'] or 'far from any settlement'}", "why": str(one["why"])}
        for one in out_of_range_records(bare_sheet(draft))
    ]
    for one in proposals:
        pro, con = sum(push.km for push in one.reasons), -sum(push.km for push in one.against)
        if con > DISPUTED * pro:
            why = f"reports pull {con:.2f} km against ({len(one.against)}) and {pro:.2f} km for ({len(one.reasons)})"
            doubts.append({"about": f"{one.id} {one.near}", "why": why})
    doubts += [{"about": "the learned file", "why": sentence} for sentence in draft.warnings]
    inferred = sum(one.known_inferred for one in draft.used)
    if inferred:
        doubts.append(
            {"about": "known times", "why": f"inferred for {inferred} of {counted(len(draft.used), 'report')}"}
        )
    return doubts


# One screen of Markdown


def page(told: dict[str, Any]) -> str:
    """The document as Markdown that fits one screen."""
    lines = [f"# {told['stamp']}: {_text(told['theatre'])}, handover for {told['as_of'][:10]}", "", *_numbers(told)]
    lines += _part("Queue", [_proposal_line(one) for one in told["queue"]], "queue", none="nothing to decide")
    lines += _part("Asks again", [_statement_line(one) for one in told["asks_again"]], "asks_again")
    lines += _part("Stands longer", [_statement_line(one) for one in told["stands"]], "stands")
    lines += _part(
        "Locked", [f"{one['id']} by {_text(one['by'])}: {_text(one['reason'])}" for one in told["locks"]], "locks"
    )
    lines += _part("Watch", [_watch_line(one) for one in told["watch"]], "watch")
    lines += _part(
        f"Not looked at for {told['overdue']['review_days']:g} days", _overdue_lines(told["overdue"]), "overdue"
    )
    lines += _part("Doubts", [f"{_text(one['about'])}: {_text(one['why'])}" for one in told["doubts"]], "doubts")
    return "\n".join(lines) + "\n"


def _numbers(told: dict[str, Any]) -> list[str]:
    before = told["previous"]
    by = f", {_text(before['by'])}" if before["by"] else ""
    return [
        f"Against the {before['state']} map of {before['as_of'][:10]}{by}. Known by {told['known_by'][:16]}: "
        f"{counted(told['reports'], 'report')}, {told['reports_used']:,} used, {told['reports_since']:,} known since "
        f"that map; the last saw {(told['last_seen'] or 'nothing')[:10]}. {counted(told['rejects'], 'rejected row')}. "
        f"{counted(told['waiting']['pieces'], 'smaller or unsure change')} left to wait "
        f"({told['waiting']['km2']:g} km²).",
    ]


def _part(title: str, lines: Sequence[str], name: str, *, none: str = "") -> list[str]:
    if not lines and not none:
        return []
    most = MOST[name]
    shown = [f"- {line}" for line in lines[:most]] or [f"- {none}"]
    more = [f"- and {len(lines) - most} more"] if len(lines) > most else []
    return ["", f"**{title}** ({len(lines)})", *shown, *more]


def _proposal_line(one: dict[str, Any]) -> str:
    against = f", {len(one['reports_against'])} against" if one["reports_against"] else ""
    line = f"{one['id']} {one['near']}: {one['from']} to {one['to']}, {one['km2']:g} km², {one['sure']:.0%} sure, "
    line += f"{counted(len(one['reports_for']), 'report')} for{against}"
    if one["settles"] is None:
        return line
    turns = "turns it" if one["turns"] else "does not turn it"
    return f"{line}; one exact sighting of {one['settles']['seen']} {turns}"


def _statement_line(one: dict[str, Any]) -> str:
    return f"{one['id']} {one['verdict']} until {one['until'][:10]} by {_text(one['by'])}: {_text(one['reason'])}"


def _watch_line(one: dict[str, Any]) -> str:
    return f"{_text(one['name'])}: {one['status'].replace('_', ' ')}, {one['p']:.0%} sure"


def _overdue_lines(told: dict[str, Any]) -> list[str]:
    places = [f"{_text(one['name'])}: {_age(one['days'])}" for one in told["settlements"]]
    areas = [
        f"{one['km2']:,.0f} km² about lat {one['lat']}, lon {one['lon']}: {_age(one['days'])}" for one in told["areas"]
    ]
    return places + areas


def _age(days: float | None) -> str:
    return "no look since the start" if days is None else f"last look {counted(round(days), 'day')} ago"


def _text(words: str) -> str:
    """Free words on one line, so that none of them becomes a heading or a list."""
    return " ".join(words.split())[:160]
