"""`isofront assess`: a judgement with its probability word and what it rests on; its outcome; an author's record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from isofront.cli.map import moment
from isofront.cli.plain_steps import waiting
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.evidence.assessment import Assessment, Judged, Outcome
    from isofront.evidence.ledger import Ledger


def register(app: typer.Typer) -> None:
    """Add `assess`."""
    app.command("assess")(assess)


def assess(
    name: Annotated[
        str | None, typer.Argument(help="with --outcome: which assessment", metavar="ID", show_default=False)
    ] = None,
    *,
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
    author: Annotated[
        str | None, typer.Option(help="who judges: a name, a pseudonym, 'own'; with --record, whose")
    ] = None,
    sentence: Annotated[str | None, typer.Option(help="the judgement, with its probability word in it")] = None,
    word: Annotated[str | None, typer.Option(help="the probability word, where the sentence has none")] = None,
    question: Annotated[
        str | None, typer.Option(help="the question it answers, so that an outcome can be told")
    ] = None,
    place: Annotated[str | None, typer.Option(help="the settlement it is about, if it is about one")] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option("--for", help="ids of reports, claims, decisions that speak for it", metavar="ID,ID"),
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="ids of what speaks against it", metavar="ID,ID")
    ] = None,
    confidence: Annotated[
        str | None, typer.Option(help="how well founded: low, moderate, high; never in the sentence")
    ] = None,
    on: Annotated[str | None, typer.Option(help="the day it was made; today if none", metavar="DATE")] = None,
    resolves_by: Annotated[str | None, typer.Option(help="the day by which it can be told", metavar="DATE")] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="an old one: it was known on the day it was made")
    ] = False,
    simulated: Annotated[bool, typer.Option("--simulated", help="an invented one")] = False,
    outcome: Annotated[str | None, typer.Option(help="what came of it: yes, no, unclear")] = None,
    reason: Annotated[str | None, typer.Option(help="with --outcome: how that is known")] = None,
    by: Annotated[str, typer.Option("--by", help="with --outcome: who says so")] = "own",
    record: Annotated[bool, typer.Option("--record", help="each author's record, where outcomes are known")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Keep a judgement, say what came of one, or list them; likelihood and confidence never in one sentence."""
    from isofront.theatre import home_of

    folder = home_of(theatre)
    said = {
        "author": author, "sentence": sentence, "word": word, "question": question, "place": place,
        "confidence": confidence, "on": on, "resolves_by": resolves_by, "outcome": outcome, "reason": reason, "by": by,
    }  # fmt: skip
    given = {key: value for key, value in said.items() if value is not None}
    cases = [one for one, asked in (("--outcome", outcome), ("--sentence", sentence), ("--record", record)) if asked]
    if len(cases) > 1:
        raise UsageError(f"{' and '.join(cases)}: wanted one at a time")
    given = _known_place(folder, given)
    if outcome is not None:
        document = _came(folder, name, given)
    elif sentence is not None:
        flags = {"backfill": backfill, "simulated": simulated}
        document = _keep(folder, given, (_ids(evidence), _ids(against)), flags)
    elif record:
        document = _record(folder, given.get("author"))
    else:
        document = _list(folder, name, given.get("author"))
    from isofront.cli.assess_told import say

    say(document, as_json=as_json)


def _ids(words: Sequence[str] | None) -> list[str]:
    return [one.strip() for word in words or () for one in word.split(",") if one.strip()]


def _known_place(folder: Path, given: dict[str, str]) -> dict[str, str]:
    """The place under the theatre's own name for it; one that it does not know is refused."""
    if "place" not in given:
        return given
    from isofront.intake_claims import claim_terms
    from isofront.theatre import load

    spot = claim_terms(load(folder), folder, now=datetime.now(UTC)).spot(given["place"])
    return given | {"place": spot.name}


# Keeping


def _keep(
    folder: Path, given: dict[str, str], rests_on: tuple[list[str], list[str]], flags: dict[str, bool]
) -> dict[str, Any]:
    from isofront.evidence.assessment import assessment_entry, assessments, fault_of
    from isofront.evidence.ledger import Ledger, ledger_path
    from isofront.evidence.store import only_writer
    from isofront.theatre import load

    load(folder)
    now = datetime.now(UTC).replace(microsecond=0)
    bare = _assessment(given, now, **flags)
    path = ledger_path(folder)
    with only_writer(folder, waiting=waiting), Ledger.open(path, create=True, waiting=waiting) as ledger:
        one = _resting(ledger, bare, *rests_on)
        if fault := fault_of(one):
            raise BadInputError(fault)
        known = {judged.assessment.id for judged in assessments(ledger)}
        if one.id not in known:
            _refuse_gone(ledger, one)
            ledger.append([assessment_entry(one)], now=now)
        return {"kept": one.id, "new": one.id not in known, "likelihood": one.likelihood.value, "head": ledger.head}


def _assessment(given: dict[str, str], now: datetime, *, backfill: bool, simulated: bool) -> Assessment:
    from isofront.evidence.assessment import Assessment
    from isofront.findings import likelihood_of

    sentence = " ".join(given["sentence"].split())
    chosen, worded = likelihood_of(sentence, given.get("word"))
    as_of = moment(given["on"], option="--on") if "on" in given else now
    ends = moment(given["resolves_by"], option="--resolves-by").date() if "resolves_by" in given else None
    return Assessment(
        "",
        given.get("author", ""),
        as_of,
        as_of if backfill else now,
        given.get("question", ""),
        sentence,
        chosen,
        resolves_by=ends,
        confidence=given.get("confidence", ""),
        place=given.get("place", ""),
        worded=worded,
        known_inferred=backfill,
        simulated=simulated,
    )


def _resting(ledger: Ledger, one: Assessment, evidence: Sequence[str], against: Sequence[str]) -> Assessment:
    from isofront.evidence.assessment import assessment_id, cited_evidence

    rests = msgspec.structs.replace(
        one, evidence=cited_evidence(ledger, evidence), against=cited_evidence(ledger, against)
    )
    return msgspec.structs.replace(rests, id=assessment_id(rests))


def _refuse_gone(ledger: Ledger, one: Assessment) -> None:
    from isofront.evidence.chain import id_hash

    if id_hash(f"assessment:{one.id}") in ledger.tombstones():
        raise BadInputError(f"{one.id!r} was redacted; it is not taken again")


def _came(folder: Path, name: str | None, given: dict[str, str]) -> dict[str, Any]:
    from isofront.evidence.assessment import Came, Outcome, assessments, outcome_note
    from isofront.evidence.ledger import only_writing

    if name is None:
        raise UsageError("--outcome: wanted the assessment's id before it (isofront assess lists them)")
    if given["outcome"] not in [one.value for one in Came]:
        raise UsageError(f"--outcome {given['outcome']!r}: wanted yes, no or unclear")
    if not given.get("reason", "").strip():
        raise UsageError("--outcome: wanted --reason too, a few words on how that is known")
    now = datetime.now(UTC).replace(microsecond=0)
    with only_writing(folder, waiting=waiting) as ledger:
        judged = _named(assessments(ledger), name)
        at = moment(given["on"], option="--on") if "on" in given else now
        came = Outcome(Came(given["outcome"]), given["reason"], given["by"], at)
        told = {"assessment": judged.assessment.id, "outcome": came.came.value}
        if _same(judged.outcome, came, day_given="on" in given):
            return told | {"known": True, "head": ledger.head}
        ledger.note([outcome_note(judged, came)], now=now)
        return told | {"known": False, "head": ledger.head}


def _same(before: Outcome | None, now: Outcome, *, day_given: bool) -> bool:
    """Whether this very outcome is known already; of one without a day the moment of typing makes no difference."""
    if before is None or (day_given and before.known_at != now.known_at):
        return False
    return (before.came, before.reason, before.by) == (now.came, now.reason, now.by)


def _named(judged: Sequence[Judged], name: str) -> Judged:
    bare = name.removeprefix("assessment:")
    found = next((one for one in judged if one.assessment.id == bare), None)
    if found is None:
        known = ", ".join(one.assessment.id for one in judged[-8:]) or "none"
        raise UsageError(f"assessment {name!r} is not in the ledger, wanted one of: {known}")
    return found


# Listing


def _all(folder: Path, author: str | None) -> tuple[list[Judged], dict[str, str]]:
    from isofront.evidence.assessment import assessments, evidence_named
    from isofront.evidence.ledger import Ledger, ledger_path

    path = ledger_path(folder)
    if not path.exists():
        return [], {}
    with Ledger.open(path) as ledger:
        found = [one for one in assessments(ledger) if author is None or one.assessment.author == author]
        return found, evidence_named(ledger, [one.assessment for one in found])


def _list(folder: Path, name: str | None, author: str | None) -> dict[str, Any]:
    from isofront.cli.assess_told import judged_document, stamp

    found, names = _all(folder, author)
    some = [_named(found, name)] if name is not None else found
    return {"stamp": stamp(some), "assessments": [judged_document(one, names) for one in some]}


def _record(folder: Path, author: str | None) -> dict[str, Any]:
    from isofront.cli.assess_told import record_document, stamp
    from isofront.findings import author_records

    found, _ = _all(folder, author)
    records = author_records(found, today=datetime.now(UTC).date())
    return {"stamp": stamp(found), "authors": [record_document(one) for one in records]}
