"""Where something is, in each language of the page: the user's own place, and the nearest settlement."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.desk.sentence import WINDS
from isofront.engine.ground import Ground, near, nearest_settlement


def near_told(ground: Ground, shape: BaseGeometry) -> dict[str, str]:
    """`near` of the engine in English, and the same in Ukrainian, names undeclined behind a colon."""
    spot = shapely.point_on_surface(shape)
    small = ground.micro_place_at(spot).removeprefix("at ")
    words = [f"тут: {small}"] if small else []
    if found := nearest_settlement(ground, spot):
        name = found.settlement.names.get("uk") or found.settlement.name
        far = f"{found.km:.0f} км на {WINDS['uk'][found.wind]} від: {name}"
        words.append(far if found.km >= 1 else f"тут: {name}")
    return {"en": near(ground, shape), "uk": ", ".join(words)}
