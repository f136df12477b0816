"""The public draft: cleared reports, each in its cell, through the same engine as any draft.

ground, protected sides    public_model       the model, which knows whose reports it will never hear
cleared reports            drafted_in_cells   the draft of the day from their cells
coarse reports             public_draft       the same, of the day or of an earlier one
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from isofront.control.items import DAY
from isofront.control.posterior import Model
from isofront.control.weigh import plain_table, shipped_tables
from isofront.engine.drafting import Draft, Ground, draft_from, model_of
from isofront.engine.ground import Progress
from isofront.engine.inputs import Inputs
from isofront.evidence.report import Report
from isofront.publish.coarse import coarsened, day_end


def public_draft(inputs: Inputs, model: Model, coarse: Sequence[Report], *, on: datetime | None = None) -> Draft:
    """The draft of the day, or of an earlier one, from cleared reports that are coarse already, from the anchor on."""
    ground, day = inputs.ground, on or inputs.approval.as_of
    known_by = day_end(inputs.approval.known_by) + timedelta(days=1)
    days = (day - ground.anchor.date) / DAY
    said = [replace(one, last_day=min(one.last_day, days)) for one in inputs.said if one.first_day <= days]
    return draft_from(ground, model, coarse, said, as_of=day, known_by=known_by)


def drafted_in_cells(inputs: Inputs, model: Model, cleared: Sequence[Report], *, km: float) -> Draft:
    """The draft of the day from cleared reports, each in its cell of `km`."""
    return public_draft(inputs, model, coarsened(cleared, crs=inputs.ground.theatre.crs, km=km))


def public_model(ground: Ground, day: datetime, protected: Set[str], *, progress: Progress | None = None) -> Model:
    """The model that knows which sides' reports it will never hear: else the others' would carry all before them."""
    model = model_of(ground, day, progress=progress)
    gone = {k for k, side in enumerate(ground.theatre.side_ids) if side in protected}
    if gone:
        tables = model.tables or (plain_table(), *shipped_tables(ground.drawn))
        model.tables = tuple(table.without(gone) for table in tables)
    return model
