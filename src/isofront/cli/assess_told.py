"""How `isofront assess` says what it did or found: as one document, and as lines for a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from isofront.cli.claims_told import tame
from isofront.counts import counted
from isofront.findings import WORDS

if TYPE_CHECKING:
    from isofront.evidence.assessment import Judged
    from isofront.findings import AuthorRecord


def stamp(some: Sequence[Judged]) -> str:
    """What stands over private things."""
    return "PRIVATE SIMULATED" if any(one.assessment.simulated for one in some) else "PRIVATE"


def judged_document(judged: Judged, names: Mapping[str, str]) -> dict[str, Any]:
    """An assessment; `names` are those behind what it keeps of its evidence."""
    one, came = judged.assessment, judged.outcome
    low, high = one.likelihood.span
    return {
        "id": one.id,
        "author": one.author,
        "on": f"{one.as_of:%Y-%m-%d}",
        "known_at": f"{one.known_at:%Y-%m-%dT%H:%M:%SZ}",
        "question": one.question,
        "place": one.place,
        "sentence": one.sentence,
        "word": WORDS["en"][one.likelihood],
        "likelihood": one.likelihood.value,
        "span": [low, high],
        "word_in_sentence": one.worded,
        "confidence": one.confidence or None,
        "for": [names.get(key, "(gone)") for key in one.evidence],
        "against": [names.get(key, "(gone)") for key in one.against],
        "resolves_by": None if one.resolves_by is None else f"{one.resolves_by}",
        "outcome": None
        if came is None
        else {"came": came.came.value, "reason": came.reason, "by": came.by, "known_at": f"{came.known_at:%Y-%m-%d}"},
    }


def record_document(one: AuthorRecord) -> dict[str, Any]:
    """An author's record."""
    return {
        "author": one.author,
        "scored": one.scored,
        "unclear": one.unclear,
        "open": one.open,
        "overdue": one.overdue,
        "brier": None if one.brier is None else round(one.brier, 4),
        "brier_of_own_rate": None if one.base is None else round(one.base, 4),
        "too_few_to_say": one.few,
        "reliability": [
            {
                "word": WORDS["en"][row.likelihood],
                "span": list(row.likelihood.span),
                "n": row.n,
                "came": row.came,
                "share": round(row.came / row.n, 4),
                "interval": [round(end, 4) for end in row.interval],
                "too_few_to_say": row.few,
            }
            for row in one.words
        ],
    }


# Lines


def say(document: dict[str, Any], *, as_json: bool) -> None:
    """Print what was done or found."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    sys.stdout.write("\n".join(_lines(document)) + "\n")


def _lines(document: dict[str, Any]) -> Iterator[str]:
    if "kept" in document:
        yield f"{document['kept']}: {'kept' if document['new'] else 'known before'} ({document['likelihood']})"
        yield f"head {document['head']}"
    elif "assessments" in document:
        n = len(document["assessments"])
        yield f"{document['stamp']}  {counted(n, 'assessment')}"
        for one in document["assessments"]:
            yield from _assessment_lines(one)
    elif "authors" in document:
        yield f"{document['stamp']}  probability words and what came; Brier: 0 is best"
        for author in document["authors"]:
            yield from _author_lines(author)
    else:
        before = ", known before" if document["known"] else ""
        yield f"{document['assessment']}: {document['outcome']}{before}"
        yield f"head {document['head']}"


def _assessment_lines(one: dict[str, Any]) -> Iterator[str]:
    low, high = one["span"]
    chosen = "" if one["word_in_sentence"] else ", word chosen by who entered it"
    yield f"{one['id']}  {one['on']}  {tame(one['author'])}: {tame(one['sentence'])}"
    yield f"  {one['word']} ({100 * low:.0f} to {100 * high:.0f} %{chosen}); asked: {tame(one['question'])}"
    if one["confidence"]:
        yield f"  confidence: {one['confidence']}"
    yield f"  for: {', '.join(one['for']) or 'nothing named'}; against: {', '.join(one['against']) or 'nothing named'}"
    came = one["outcome"]
    if came is not None:
        yield f"  came: {came['came']} ({came['known_at']}, {tame(came['by'])}: {tame(came['reason'])})"
    elif one["resolves_by"]:
        yield f"  open until {one['resolves_by']}"


def _author_lines(one: dict[str, Any]) -> Iterator[str]:
    counts = f"{one['scored']} with an outcome, {one['unclear']} unclear, {one['open']} open ({one['overdue']} overdue)"
    yield f"{tame(one['author'])}: {counts}"
    if one["brier"] is not None:
        few = "; too few to say" if one["too_few_to_say"] else ""
        yield f"  Brier {one['brier']:.3f}, against {one['brier_of_own_rate']:.3f} for always saying the own rate{few}"
    for row in one["reliability"]:
        low, high = (f"{100 * end:.0f}" for end in row["span"])
        a, b = (f"{100 * end:.0f}" for end in row["interval"])
        few = "; too few to say" if row["too_few_to_say"] else ""
        yield f"  {row['word']} ({low} to {high} %): came {row['came']} of {row['n']} ({a} to {b} %{few})"
