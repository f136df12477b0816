"""One edit of ground as a verdict: on a proposal, on an area of the map that stands, or on ground drawn anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.desk.gis_columns import AREAS, SAID, VERDICTS, Row
from isofront.desk.gis_in import Edit
from isofront.desk.gis_out import class_of
from isofront.desk.line import changes
from isofront.engine import Draft
from isofront.engine.review import drawn_by_editor, judged, review_of
from isofront.errors import IsofrontError
from isofront.evidence import decision as records
from isofront.evidence.decision import Decision, Judge, Verdict, cited
from isofront.front.shapes import Area
from isofront.ground.degrees import M_PER_DEGREE
from isofront.ground.polygons import project_km
from isofront.ground.repair import polygonal
from isofront.review import Proposal, overlaid
from isofront.theatre import start_of

THIN_KM = 0.001
"""A strip thinner than this is what two drawings of one edge leave between them, not ground."""
LAP_KM = 0.002
"""Drawn ground overlaps its own class by this much, so that rounding in degrees leaves no strip between them."""
ASSIGN = "assign"
_BETWEEN = re.compile(r"[\s,;]+")


class GisRefusedError(IsofrontError):
    """An edit that cannot be taken, and why."""


def verdict_of(draft: Draft, edit: Edit, before: Sequence[Decision], *, judge: Judge) -> Decision | None:
    """The verdict that an edit is, or None if it was given before.

    Raises:
        GisRefusedError: it is none.
    """
    if edit.fault:
        raise GisRefusedError(edit.fault)
    if edit.after is None:
        raise GisRefusedError("deleted: ground goes to somebody by an edit, a proposal away by a verdict")
    evidence = _evidence(draft, edit.after)
    if edit.layer == AREAS:
        made = _area(draft, edit, judge)
    elif edit.before is None:
        made = _drawn(draft, _shape(edit), _class(edit.after), judge, until=_until(edit.after))
    else:
        made = _proposal(draft, edit, before, judge)
    return None if made is None else _signed(made, evidence)


def _signed(made: Decision, evidence: tuple[str, ...]) -> Decision:
    """The decision with the reports it rests on, under the name that follows from it."""
    newer = {"version": 2} if evidence or made.act else {}
    bare = msgspec.structs.replace(made, id="", evidence=evidence, **newer)
    return msgspec.structs.replace(bare, id=records.named("d", msgspec.json.encode(bare)))


def _evidence(draft: Draft, row: Row) -> tuple[str, ...]:
    names = [name for name in _BETWEEN.split(str(row.get("evidence") or "")) if name]
    known = {one.id for one in draft.reports}
    lost = [name for name in names if name not in known]
    if lost:
        raise GisRefusedError(f"evidence {', '.join(lost)[:80]}: no such report was known")
    return tuple(cited(name) for name in dict.fromkeys(names))


def _class(row: Row) -> str:
    if not row.get("becomes"):
        raise GisRefusedError("nobody's: choose in `becomes` whose ground it is")
    return str(row["becomes"])


def _until(row: Row) -> datetime | None:
    text = row.get("until")
    if not text:
        return None
    try:
        return start_of(str(text))
    except ValueError:
        raise GisRefusedError(f"until {text!r}: no date, wanted YYYY-MM-DD") from None


def _shape(edit: Edit) -> BaseGeometry:
    if edit.shape is None or shapely.get_dimensions(edit.shape) != 2:
        raise GisRefusedError("it is no polygon")
    shape = edit.shape if edit.shape.is_valid else shapely.make_valid(edit.shape, method="structure")
    return polygonal(shape)


# A proposal


def _proposal(draft: Draft, edit: Edit, before: Sequence[Decision], judge: Judge) -> Decision | None:
    row = edit.after or {}
    fixed = edit.changed - {"verdict", "until", "becomes", *SAID}
    if fixed:
        raise GisRefusedError(f"{', '.join(sorted(fixed))}: not to be edited")
    verdict = _verdict_word(edit)
    if _given(before, str(edit.id), verdict, judge):
        return None
    one = next((one for one in review_of(draft).proposals if one.id == edit.id), None)
    if one is None:
        raise GisRefusedError("it is not in the queue any more: write the file anew with `desk out`")
    until = _until(row)
    if verdict is Verdict.EDIT:
        shape = _shape(edit) if edit.moved else edit.was
        assert shape is not None
        return _drawn(draft, shape, _class(row), judge, until=until, about=one)
    becomes = one.piece.parts if verdict is Verdict.ACCEPT else ()
    if verdict is Verdict.HOLD and until is None:
        raise GisRefusedError("a hold wants a day in `until`, or it would never be asked about again")
    if verdict is Verdict.ACCEPT and until is not None:
        raise GisRefusedError("an accept has no end: leave `until` empty")
    return judged(draft, verdict, judge, proposal=one, becomes=becomes, until=until)


def _verdict_word(edit: Edit) -> Verdict:
    row = edit.after or {}
    drawn, word = edit.moved or "becomes" in edit.changed, row.get("verdict")
    if word is None and not drawn:
        raise GisRefusedError("a reason, but no verdict: choose one")
    if word is not None and word not in VERDICTS:
        raise GisRefusedError(f"verdict {word!r}, wanted {', '.join(VERDICTS)}")
    if drawn and word not in (None, "edit"):
        raise GisRefusedError(f"its ground was edited and the verdict is {word!r}: for your own ground say edit")
    return Verdict.EDIT if drawn or word == "edit" else Verdict(word)


def _given(before: Sequence[Decision], proposal: str, verdict: Verdict, judge: Judge) -> bool:
    """Whether this very answer stands in the ledger."""
    told = (proposal, verdict, judge.by, judge.reason)
    return any((one.proposal, one.verdict, one.by, one.reason) == told for one in before)


# Ground


def _drawn(
    draft: Draft,
    shape: BaseGeometry,
    name: str,
    judge: Judge,
    *,
    until: datetime | None,
    about: Proposal | None = None,
) -> Decision | None:
    """Ground in degrees that becomes a side's, or grey; None where it is that already."""
    area = drawn_by_editor(draft, shape, name, where="the feature")
    sides = draft.field.sides
    own = shapely.union_all([one.geometry for one in draft.decided if class_of(one) == name])
    lap = polygonal(shapely.intersection(shapely.buffer(area.geometry, LAP_KM), own))
    patch = Area(area.cls, area.side, area.grey_reason, polygonal(shapely.union(area.geometry, lap)))
    found = changes(draft.decided, overlaid(draft.decided, [patch], sides=sides), sides=sides)
    becomes = [one for one in found if not _is_thin(one.geometry)]
    if not becomes:
        return None
    made = judged(draft, Verdict.EDIT, judge, proposal=about, becomes=becomes, until=until)
    return msgspec.structs.replace(made, act=ASSIGN)


def _is_thin(shape: BaseGeometry) -> bool:
    """Whether it is thinner than an edge is drawn: twice area by length, km."""
    return bool(2 * shape.area < THIN_KM * shape.length)


def _area(draft: Draft, edit: Edit, judge: Judge) -> Decision | None:
    """An area of the map that was given to somebody else, or that grew: what it gained is drawn."""
    row = edit.after or {}
    fixed = edit.changed - {"becomes", *SAID}
    if edit.before is not None and fixed:
        raise GisRefusedError(f"{', '.join(sorted(fixed))}: not to be edited")
    if edit.before is None or edit.was is None or "becomes" in edit.changed:
        return _drawn(draft, _shape(edit), _class(row), judge, until=None)
    gained = _thick(shapely.difference(_shape(edit), edit.was)) if edit.moved else shapely.MultiPolygon()
    if gained.is_empty:
        raise GisRefusedError("a reason, but no ground gained: move its edge outward, or choose whose ground it is")
    return _drawn(draft, gained, _class(row), judge, until=None)


def follows(draft: Draft, edit: Edit, edits: Sequence[Edit]) -> bool:
    """Whether an area only shrank where neighbours grew: those say why.

    Raises:
        GisRefusedError: it gave ground up that nobody took.
    """
    if edit.layer != AREAS or edit.fault or not edit.moved or edit.was is None or edit.after is None:
        return False
    if "becomes" in edit.changed:
        return False
    new = _shape(edit)
    lost, gained = _thick(shapely.difference(edit.was, new)), _thick(shapely.difference(new, edit.was))
    others = [_shape(one) for one in edits if one is not edit and one.layer == AREAS and one.shape is not None]
    left = _thick(shapely.difference(lost, shapely.union_all(others)))
    if not left.is_empty:
        km2 = project_km(left, crs=draft.ground.theatre.crs).area
        raise GisRefusedError(f"it leaves {km2:.2g} km2 to nobody: let a neighbour grow there, or draw new ground")
    return bool(gained.is_empty)


def _thick(shape: BaseGeometry) -> BaseGeometry:
    """The parts (degrees) that are more than a strip between two drawings of one edge."""
    thin_deg = THIN_KM * 1000 / M_PER_DEGREE
    parts = [part for part in shapely.get_parts(polygonal(shape)) if 2 * part.area > thin_deg * part.length]
    return shapely.multipolygons(parts) if parts else shapely.MultiPolygon()
