"""A day under review as records for JSON: what the command, the desk's page and the handover say of it alike."""

from __future__ import annotations

from typing import Any

from isofront.engine.drafting import Draft
from isofront.publish.stamp import utc_text
from isofront.review import Proposal


def about(draft: Draft) -> dict[str, Any]:
    """The day, what was known, and against what map."""
    last, anchor = draft.standing.approved, draft.ground.anchor.date
    previous: dict[str, Any] = {"state": "anchor", "as_of": utc_text(anchor), "by": None}
    if last is not None:
        told = last.approval
        previous = {"state": "approved", "as_of": utc_text(told.as_of), "id": told.id, "by": told.by}
    return {
        "stamp": "PRIVATE SIMULATED" if draft.simulated else "PRIVATE",
        "as_of": utc_text(draft.as_of),
        "known_by": utc_text(draft.known_by),
        "previous": previous,
    }


def proposal_told(one: Proposal) -> dict[str, Any]:
    """What a proposal would change, and how sure that is; without its ground and its reports."""
    return {
        "id": one.id,
        "from": one.piece.before,
        "to": one.piece.after,
        "km2": round(one.piece.km2, 3),
        "p": round(one.p, 4),
        "p_before": round(one.p_before, 4),
        "sure": round(one.sure, 4),
        "core_km2": round(one.core_km2, 3),
        "n_others": one.n_others,
    }
