"""Edits made in a desktop GIS into the ledger: decisions with reasons, new reports, corrections, retractions.

Whatever cannot be one of these is a reject with layer, feature and reason, listed and kept; none is lost in silence.
A file taken twice adds nothing: what stands already is counted as such.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from shapely import Point
from shapely.geometry.base import BaseGeometry

from isofront.desk.gis_columns import AREAS, EDGES, PROPOSALS, REPORT_SAID, REPORTS, RETRACT, SAID, Row, layers_for
from isofront.desk.gis_grounds import GisRefusedError, follows, verdict_of
from isofront.desk.gis_in import Edit, Facts, read_edits, same_cell, same_place
from isofront.desk.gis_out import report_row
from isofront.engine import Draft, drafts, read_standing
from isofront.errors import BadInputError, UsageError
from isofront.evidence import Ledger, Reject, RejectStore, Report, ledger_path
from isofront.evidence.decision import Decision, Judge, decision_entry, read_history
from isofront.evidence.store import only_writer
from isofront.intake import add_files, check_files
from isofront.sources.pseudonyms import Pseudonyms
from isofront.theatre import load
from isofront.theatre.model import Theatre

Say = Callable[[str], None]


@dataclass(slots=True)
class Applied:
    """What became of a file's edits; all of them together are `edits`.

    `already` stood in the ledger; `following` are areas that shrank where a neighbour grew.
    """

    edits: int = 0
    decisions: list[tuple[str, str, str]] = field(default_factory=list)
    added: int = 0
    corrections: int = 0
    retracted: list[str] = field(default_factory=list)
    already: int = 0
    following: int = 0
    rejects: list[Reject] = field(default_factory=list)
    head: str = ""
    count: int = 0

    @property
    def usable(self) -> bool:
        """Whether anything could be taken, or nothing was to be."""
        return self.edits == 0 or len(self.rejects) < self.edits


@dataclass(frozen=True, slots=True)
class Terms:
    """Whose name stands on edits that name nobody, the moment of recording, and whether to write at all."""

    now: datetime
    by: str = ""
    check: bool = False


def gis_in(folder: Path, path: Path, terms: Terms, *, say: Say = lambda _: None) -> Applied:
    """Take a file's edits into a theatre's ledger.

    Raises:
        BadInputError: it is not a file of `desk out`, or of another theatre.
        UsageError: somebody decided while the draft was made.
    """
    theatre, names = load(folder), Pseudonyms.of(folder)
    facts, edits = read_edits(path, layers_for(theatre), names=names)
    if facts.theatre != theatre.name:
        raise BadInputError(f"{path.name}: made from theatre {facts.theatre!r}, and this is {theatre.name!r}")
    done = Applied(edits=len(edits))
    shown = names.text(path.name)
    with RejectStore(folder, shown) as store:
        _decide(folder, facts, [one for one in edits if one.layer != REPORTS], terms, done, say=say)
        _report(folder, theatre, [one for one in edits if one.layer == REPORTS], terms, done)
        done.rejects = [replace(one, file=shown) for one in done.rejects]
        if not terms.check:
            for one in done.rejects:
                store.add(one)
            store.finish(hashlib.sha256(path.read_bytes()).hexdigest())
    if ledger_path(folder).exists():
        with Ledger.open(ledger_path(folder)) as ledger:
            done.head, done.count = ledger.head, ledger.count
    return done


def _refuse(done: Applied, edit: Edit, reason: str) -> None:
    about = f"{edit.layer} {edit.id}" if edit.id else edit.layer
    done.rejects.append(Reject("", edit.fid, about, reason))


# Ground


def _decide(folder: Path, facts: Facts, edits: Sequence[Edit], terms: Terms, done: Applied, *, say: Say) -> None:
    for one in (one for one in edits if one.layer == EDGES):
        _refuse(done, one, "edges follow from the areas: edit those, or a proposal")
    ground = [one for one in edits if one.layer in (AREAS, PROPOSALS)]
    if not ground:
        return
    draft = next(iter(drafts(folder, [facts.as_of], [facts.known_by], progress=say)))
    with only_writer(folder), Ledger.open(ledger_path(folder), create=True) as ledger:
        if read_standing(folder, as_of=draft.as_of, known_by=draft.known_by) != draft.standing:
            raise UsageError("somebody else decided meanwhile, so nothing was recorded: take the file in again")
        before = [one for _, one in read_history(ledger).decisions]
        made = list(_verdicts(draft, ground, before, terms, done))
        if made and not terms.check:
            ledger.append([decision_entry(one) for one in made], now=terms.now)


def _verdicts(
    draft: Draft, edits: Sequence[Edit], before: Sequence[Decision], terms: Terms, done: Applied
) -> Iterator[Decision]:
    for one in edits:
        try:
            if follows(draft, one, edits):
                done.following += 1
                continue
            decision = verdict_of(draft, one, before, judge=_judge(one, terms))
        except (GisRefusedError, UsageError, BadInputError) as fault:
            _refuse(done, one, str(fault))
            continue
        if decision is None:
            done.already += 1
        else:
            done.decisions.append((decision.id, decision.verdict.value, decision.proposal or one.id or "new ground"))
            yield decision


def _judge(edit: Edit, terms: Terms) -> Judge:
    """Who says so and why; an edit without either is none."""
    row = edit.after or {}
    reason, reviewer = str(row.get("reason") or "").strip(), str(row.get("reviewer") or terms.by).strip()
    if edit.after is not None and not reason:
        raise GisRefusedError("no reason given: fill in `reason`")
    if edit.after is not None and not reviewer:
        raise GisRefusedError("nobody decides: fill in `reviewer`, or give --by")
    return Judge(reviewer, reason, terms.now)


# Reports


def _report(folder: Path, theatre: Theatre, edits: Sequence[Edit], terms: Terms, done: Applied) -> None:
    now = _reports_now(folder) if edits else {}
    sorted_out: dict[str, list[Edit]] = {"new": [], "correction": [], "retraction": []}
    for one in edits:
        try:
            sorted_out[_kind_of(one, terms, now)].append(one)
        except GisRefusedError as fault:
            _refuse(done, one, str(fault))
    for one in sorted_out["retraction"]:
        _retract(folder, one, terms, done, known=one.id in now)
    _take(folder, theatre, sorted_out["new"], terms, done, correct=False)
    _take(folder, theatre, sorted_out["correction"], terms, done, correct=True)


def _reports_now(folder: Path) -> dict[str, Report]:
    if not ledger_path(folder).exists():
        return {}
    with Ledger.open(ledger_path(folder)) as ledger:
        return {one.id: one for one in ledger.reports()}


def _kind_of(edit: Edit, terms: Terms, now: Mapping[str, Report]) -> str:
    """What an edit of a report is: new, a correction or a retraction; or why it is none of these."""
    if edit.fault:
        raise GisRefusedError(edit.fault)
    if edit.after is None:
        raise GisRefusedError("deleted: to take a report back, set `act` to retract and give a reason")
    if edit.before is None:
        return "new"
    fixed = edit.changed & {"id", "known_at", "wkt"}
    if fixed:
        raise GisRefusedError(f"{', '.join(sorted(fixed))}: not to be edited of a report that is there")
    said = edit.moved or edit.changed - {*SAID, "act"}
    if edit.after["act"] == RETRACT and said:
        raise GisRefusedError("edited and to be retracted: one or the other")
    if edit.after["act"] != RETRACT and not said:
        raise GisRefusedError("a reason, but nothing changed: edit a cell or the place, or set `act`")
    _judge(edit, terms)
    if not said:
        return "retraction"
    _refuse_overtaken(edit, now.get(str(edit.id)))
    return "correction"


def _refuse_overtaken(edit: Edit, now: Report | None) -> None:
    """A correction of what is no longer said would undo somebody else's, unseen."""
    if now is None:
        raise GisRefusedError("it was taken back or redacted since the file was written")
    assert edit.before is not None
    assert edit.after is not None
    if not any(_says(row, spot, now) for row, spot in ((edit.before, edit.was), (edit.after, edit.shape))):
        raise GisRefusedError("somebody corrected it since the file was written: write the file anew with `desk out`")


def _says(row: Row, spot: BaseGeometry | None, report: Report) -> bool:
    """Whether a feature says what a report says."""
    told = report_row(report)
    said = _stamped(row, simulated=report.simulated)
    same = all(same_cell(told[name], said.get(name)) for name in REPORT_SAID if name != "wkt")
    return same and spot is not None and same_place(spot, Point(report.lon, report.lat))


def _retract(folder: Path, edit: Edit, terms: Terms, done: Applied, *, known: bool) -> None:
    judge, name = _judge(edit, terms), str(edit.id)
    if not known:
        done.already += 1
        return
    if not terms.check:
        with only_writer(folder), Ledger.open(ledger_path(folder), write=True) as ledger:
            ledger.retract(name, f"{judge.reason} ({judge.by})", now=terms.now)
    done.retracted.append(name)


def _take(folder: Path, theatre: Theatre, edits: Sequence[Edit], terms: Terms, done: Applied, *, correct: bool) -> None:
    """Rows through the same intake as `add`; a row it cannot use is a reject here too."""
    good = list(_usable(theatre, edits, terms, done))
    if terms.check:
        done.corrections += correct * len(good)
        done.added += (not correct) * len(good)
        return
    own = [one for one in good if one.before is None and one.id]
    for some in ([one for one in good if one not in own], *([one] for one in own)):
        if some and not _added(folder, theatre, some, terms, done, correct=correct):
            _refuse(done, some[0], f"the id {some[0].id!r} is another report's: leave `id` empty for a new one")


def _added(
    folder: Path, theatre: Theatre, edits: Sequence[Edit], terms: Terms, done: Applied, *, correct: bool
) -> bool:
    """Whether the ledger took all of them; a new one with an id of its own comes alone."""
    with _as_file(edits, theatre) as file:
        tally = add_files(folder, [file], correct=correct, now=terms.now, theatre=theatre)
    done.added += tally.total("added")
    done.corrections += tally.total("corrections")
    done.already += tally.total("duplicates")
    return tally.total("rejects") == 0


def _usable(theatre: Theatre, edits: Sequence[Edit], terms: Terms, done: Applied) -> Iterator[Edit]:
    if not edits:
        return
    with _as_file(edits, theatre) as file:
        _, rejects = check_files(theatre, [file], backfill=False, now=terms.now)
    faults = {one.row: f"{one.column}: {one.reason}" if one.column else one.reason for one in rejects}
    for number, one in enumerate(edits, start=1):
        if number in faults:
            _refuse(done, one, faults[number])
        else:
            yield one


@contextmanager
def _as_file(edits: Iterable[Edit], theatre: Theatre) -> Iterator[Path]:
    """The rows as a file that `add` reads, for as long as it is needed."""
    lines = (json.dumps(_row(one, simulated=theatre.simulated), ensure_ascii=False) for one in edits)
    with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
        file = Path(folder) / "reports.ndjson"
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        yield file


def _row(edit: Edit, *, simulated: bool) -> Row:
    """A feature as a row of evidence; who edited it and why stays with the row's bytes."""
    assert edit.after is not None
    row = {name: edit.after[name] for name in (*REPORT_SAID, *SAID) if edit.after.get(name) is not None}
    place = edit.shape if edit.moved else edit.was
    assert place is not None
    if edit.moved:
        row.pop("wkt", None)
    spot = place.representative_point()
    return _stamped(row, simulated=simulated) | {"lon": repr(float(spot.x)), "lat": repr(float(spot.y))}


def _stamped(row: Row, *, simulated: bool) -> Row:
    """The row with the word without which no row of an invented war is taken."""
    note = str(row.get("note") or "")
    return row | {"note": f"{note} SIMULATED".strip()} if simulated and "SIMULATED" not in note else row
