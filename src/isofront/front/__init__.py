"""Geometry from a field, never from reports.

In: a control `Field`, the last approved areas (or the anchor's polygons) and the frame of the map, on the flat map in
kilometres. Out: a `Drawing`: held and grey areas as one coverage with shared edges, the edges with their bands, the
even-odds line, overlays; and what changed, in km². Where no report touched the ground the approved map stands, vertex
for vertex.
"""

from isofront.front.anchor import anchor_areas, clipped, frame_km
from isofront.front.drawing import draw
from isofront.front.enclosure import Disc, Enclosure
from isofront.front.ladder import Ladder, Rung, held_rungs
from isofront.front.measure import area_km2, changed_km2, status_at
from isofront.front.neck_field import Necks, necks
from isofront.front.neck_samples import Interval, Sampled
from isofront.front.pincer_list import Pincer, pincers, places_inside
from isofront.front.place_corridor import (
    Corridor,
    Neck,
    Surroundings,
    corridor,
    corridors,
    surroundings_of,
)
from isofront.front.rules import ByRule, PlaceNecks, Pocket, Pockets, Rule
from isofront.front.shapes import Area, Class, Drawing, Line, Role

__all__ = [
    "Area",
    "ByRule",
    "Class",
    "Corridor",
    "Disc",
    "Drawing",
    "Enclosure",
    "Interval",
    "Ladder",
    "Line",
    "Neck",
    "Necks",
    "Pincer",
    "PlaceNecks",
    "Pocket",
    "Pockets",
    "Role",
    "Rule",
    "Rung",
    "Sampled",
    "Surroundings",
    "anchor_areas",
    "area_km2",
    "changed_km2",
    "clipped",
    "corridor",
    "corridors",
    "draw",
    "frame_km",
    "held_rungs",
    "necks",
    "pincers",
    "places_inside",
    "status_at",
    "surroundings_of",
]
