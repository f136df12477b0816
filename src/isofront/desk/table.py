"""Every route of the desk, topic by topic: a new topic is one more module in this list."""

from __future__ import annotations

from isofront.desk import backgrounds, bulk, entry, frame, layers, line_acts, look, queue, release, unsaved, why
from isofront.desk.routing import Route

ROUTES: tuple[Route, ...] = (
    *frame.ROUTES,
    *entry.ROUTES,
    *bulk.ROUTES,
    *unsaved.ROUTES,
    *queue.ROUTES,
    *look.ROUTES,
    *why.ROUTES,
    *line_acts.ROUTES,
    *layers.ROUTES,
    *backgrounds.ROUTES,
    *release.ROUTES,
)
"""Asked in this order; no two answer to the same method and path."""
