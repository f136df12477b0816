"""Geometry from a field, never from reports.

In: a control `Field`, the last approved areas (or the anchor's polygons) and the frame of the map, on the flat map in
kilometres. Out: a `Drawing`: held and grey areas as one coverage with shared edges, the edges with their bands, the
even-odds line, overlays. Where no report touched the ground the approved map stands, vertex for vertex. And measures of
any mapper's polygons: `Change` and `Advances` between two maps, necks and pockets, a place's `Series`, regions.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.front.advances import Advance, Advances
    from isofront.front.anchor import anchor_areas, clipped
    from isofront.front.change import Change, RegionChange, SideChange, change_in
    from isofront.front.dated import Dated
    from isofront.front.drawing import draw
    from isofront.front.enclosure import Disc, Enclosure
    from isofront.front.frame import frame_km
    from isofront.front.ladder import Ladder, Rung, held_rungs
    from isofront.front.measure import area_km2, changed_km2, class_km2, status_at
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
    from isofront.front.regions import Region, regions_of
    from isofront.front.rules import ByRule, PlaceNecks, Pocket, Pockets, Rule
    from isofront.front.series import Measured, Series, series_of
    from isofront.front.shapes import Area, Class, Drawing, Line, Role
else:
    __getattr__ = given_by(__name__)

__all__ = [
    "Advance",
    "Advances",
    "Area",
    "ByRule",
    "Change",
    "Class",
    "Corridor",
    "Dated",
    "Disc",
    "Drawing",
    "Enclosure",
    "Interval",
    "Ladder",
    "Line",
    "Measured",
    "Neck",
    "Necks",
    "Pincer",
    "PlaceNecks",
    "Pocket",
    "Pockets",
    "Region",
    "RegionChange",
    "Role",
    "Rule",
    "Rung",
    "Sampled",
    "Series",
    "SideChange",
    "Surroundings",
    "anchor_areas",
    "area_km2",
    "change_in",
    "changed_km2",
    "class_km2",
    "clipped",
    "corridor",
    "corridors",
    "draw",
    "frame_km",
    "held_rungs",
    "necks",
    "pincers",
    "places_inside",
    "regions_of",
    "series_of",
    "status_at",
    "surroundings_of",
]
