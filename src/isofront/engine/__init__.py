"""The engine joins the rooms, one file a question.

`drafting` is the whole way on one page: a theatre's folder in, a day's draft out. The files beside it ask that draft
something (`why`, `change`, `necks`, `routes`, `claims`, `places`), put it before an editor (`review`), tell the day
(`brief`), or make of it what the public may see (`inputs`, `publish`, `edition`, `site`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.engine.drafting import (
        LEAST_PUSH_KM,
        TOWN_RADIUS_KM,
        WHY_PUSHES,
        Draft,
        bare_sheet,
        default_known_by,
        draft,
        draft_fields,
        draft_from,
        drafts,
        read_reports,
        read_standing,
        sheet,
        shown,
        statuses,
        whys,
    )
    from isofront.engine.ground import Ground, Progress, ground_of, model_of

__all__ = [
    "LEAST_PUSH_KM",
    "TOWN_RADIUS_KM",
    "WHY_PUSHES",
    "Draft",
    "Ground",
    "Progress",
    "bare_sheet",
    "default_known_by",
    "draft",
    "draft_fields",
    "draft_from",
    "drafts",
    "ground_of",
    "model_of",
    "read_reports",
    "read_standing",
    "sheet",
    "shown",
    "statuses",
    "whys",
]
__getattr__ = given_by(__name__)
