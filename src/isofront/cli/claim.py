"""`isofront claim`: what somebody said, into the ledger; by hand, from a file, or from accepted drafts."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.evidence.report import Reject
    from isofront.intake_claims import ClaimTally
    from isofront.sources.claims import ClaimTerms, ReadRow

SHOWN = 20
KNOWN_LATE = timedelta(days=7)
"""Live work that is older was hardly meant as such."""


def register(app: typer.Typer) -> None:
    """Add `claim`."""
    app.command("claim")(claim)


def claim(
    files: Annotated[list[Path] | None, typer.Argument(help="claims as CSV or JSON", metavar="FILE...")] = None,
    *,
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
    accept: Annotated[
        str | None, typer.Option(help="of the drafts of `isofront read`: which are kept, 2,5 or all", metavar="N,N")
    ] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="old claims: they were known when they were said")
    ] = False,
    speaker: Annotated[
        str | None,
        typer.Option(help="who said it: a name, a pseudonym, 'officials'; with a file, where it does not say"),
    ] = None,
    said_at: Annotated[
        str | None, typer.Option(help="when: a day or a moment; with a file, where it does not say", metavar="TIME")
    ] = None,
    about: Annotated[
        str | None, typer.Option(help="what about: attackers-inside, residents-remaining, control, …")
    ] = None,
    place: Annotated[str | None, typer.Option(help="the settlement, in any spelling")] = None,
    value: Annotated[str | None, typer.Option(help="200, '200 to 300', 8:1")] = None,
    bound: Annotated[str | None, typer.Option(help="exact, about, at_least, at_most")] = None,
    unit: Annotated[str | None, typer.Option(help="the unit it was said in, where there are several")] = None,
    status: Annotated[str | None, typer.Option(help="of a control claim: entered, held, taken, lost, grey, …")] = None,
    side: Annotated[str | None, typer.Option(help="whose people, or who holds or entered")] = None,
    against: Annotated[str | None, typer.Option(help="the other side, where both are named")] = None,
    counts: Annotated[str | None, typer.Option(help="both sides' numbers of a ratio: 'red:80 blue:10'")] = None,
    for_day: Annotated[str | None, typer.Option(help="the day it is about, if not the day it was said")] = None,
    interest: Annotated[str | None, typer.Option(help="the side that the speaker serves")] = None,
    against_interest: Annotated[str | None, typer.Option(help="yes or no, where you know better than the rule")] = None,
    grade: Annotated[str | None, typer.Option(help="reliability and credibility, such as B2", metavar="GRADE")] = None,
    quote: Annotated[str | None, typer.Option(help="the words, short")] = None,
    url: Annotated[str | None, typer.Option(help="where it was published")] = None,
    revises: Annotated[str | None, typer.Option(help="the id of the claim that this one takes the place of")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> int:
    """Keep what somebody said: a number, a ratio, or who holds a place. It is never averaged and never a fact."""
    from isofront.intake_claims import add_claims, claim_terms
    from isofront.theatre import home_of, load

    folder = home_of(theatre)
    now = datetime.now(UTC).replace(microsecond=0)
    terms = claim_terms(load(theatre), folder, now=now, backfill=backfill)
    said = {
        "speaker": speaker, "said_at": said_at, "about": about, "place": place, "value": value, "bound": bound,
        "unit": unit, "status": status, "side": side, "against": against, "counts": counts, "for_day": for_day,
        "interest": interest, "against_interest": against_interest, "quote": quote, "url": url, "revises": revises,
        **_grade(grade),
    }  # fmt: skip
    rows = _rows(files or [], {key: one for key, one in said.items() if one is not None}, _accepted(accept), terms)
    return _say(add_claims(folder, rows, now=now), as_json=as_json)


def _grade(grade: str | None) -> dict[str, str]:
    if grade is None:
        return {}
    if len(grade) != 2 or grade[0].upper() not in "ABCDEF" or grade[1] not in "123456":
        raise UsageError(f"--grade {grade!r}: wanted a letter A-F and a digit 1-6, such as B2")
    return {"reliability": grade[0], "credibility": grade[1]}


def _accepted(accept: str | None) -> frozenset[int] | None:
    """Which drafts are kept, counted from 1; {0} is all of them."""
    if accept is None:
        return None
    if accept == "all":
        return frozenset({0})
    try:
        numbers = frozenset(int(part) for part in accept.split(","))
    except ValueError as fault:
        raise UsageError(f"--accept {accept!r}: wanted numbers such as 2,5, or all") from fault
    if min(numbers) < 1:
        raise UsageError(f"--accept {accept!r}: drafts are counted from 1")
    return numbers


def _rows(files: list[Path], said: dict[str, str], accept: frozenset[int] | None, terms: ClaimTerms) -> list[ReadRow]:
    from isofront.sources.claims import read_claims

    usual: dict[str, str] = {key: said.pop(key) for key in ("speaker", "said_at") if files and key in said}
    if files and said:
        raise UsageError(f"--{next(iter(said)).replace('_', '-')} is for one claim by hand, not for files")
    if not files:
        if not said:
            raise UsageError("nothing to keep: wanted a file of claims, or --speaker --said-at --about --place …")
        return read_claims(msgspec.json.encode([said]), file="the command line", terms=terms)
    return [
        row
        for file in files
        for row in read_claims(_content(file), file=file.name, terms=terms, accept=accept, usual=usual)
    ]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise BadInputError(
            f"{file}: cannot be read ({fault.strerror or fault}), wanted claims as CSV or JSON"
        ) from fault


def _say(tally: ClaimTally, *, as_json: bool) -> int:
    alone = tally.read == 1 and not tally.added and not tally.duplicates  # then the error says it
    for one in () if alone else tally.refused[:SHOWN]:
        print(f"isofront: {_where(one)}: {one.reason}", file=sys.stderr)
    if len(tally.refused) > SHOWN:
        more = len(tally.refused) - SHOWN
        print(f"isofront: {more:,} more {'row' if more == 1 else 'rows'} refused (--json has all)", file=sys.stderr)
    if not tally.added and not tally.duplicates:
        one = tally.refused[0]
        several = f"none of {tally.read:,} rows could be kept; first: {_where(one)}: {one.reason}"
        first = one.reason if tally.read == 1 else several
        raise BadInputError(first)
    late = sum(kept.known_at - kept.said_at > KNOWN_LATE for kept in tally.added)
    if late:
        print(
            f"isofront: {counted(late, 'claim')} of over a week ago, known only from now: maps and briefs of earlier "
            "days leave out what is known later (old claims: --backfill)",
            file=sys.stderr,
        )
    if as_json:
        print(json.dumps(_document(tally), ensure_ascii=False))
    else:
        from isofront.cli.claims_told import tame

        kept_words = "claim" if len(tally.added) == 1 else "claims"
        print(
            f"{len(tally.added):,} {kept_words} kept, {tally.duplicates:,} known before, {len(tally.refused):,} refused"
        )
        for kept in tally.added[:SHOWN]:
            print(f"  {kept.id}  {kept.about}, {tame(kept.place)} — {tame(kept.speaker)}")
        print(f"head {tally.head}")
    return 0


def _where(one: Reject) -> str:
    return f"{one.file} row {one.row}{f', {one.column}' if one.column else ''}"


def _document(tally: ClaimTally) -> dict[str, Any]:
    return {
        "read": tally.read,
        "added": [one.id for one in tally.added],
        "duplicates": tally.duplicates,
        "reports": tally.reports,
        "refused": [
            {"file": one.file, "row": one.row, "column": one.column, "reason": one.reason} for one in tally.refused
        ],
        "head": tally.head,
    }
