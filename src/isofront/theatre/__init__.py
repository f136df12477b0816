"""The theatre: what is mapped, from one TOML file and one polygon file in a folder.

In: `theatre.toml` and the anchor beside it. Out: a checked `Theatre` (sides, bounds, grid, sources, barriers, policy)
and its `AnchorMap` (who held what on the anchor's date, in km). A fault in the file stops the run with its line. `dump`
and `geojson_of` write what `init` leaves in a new folder.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.theatre.anchor import AnchorArea, AnchorMap, anchor_map, read_anchor
    from isofront.theatre.coast import land_near
    from isofront.theatre.covariates import read_covariate, read_covariates
    from isofront.theatre.cover import Cover, read_cover
    from isofront.theatre.land import read_land
    from isofront.theatre.loading import FILE_NAME, home_of, load, parse, start_of
    from isofront.theatre.settlements import read_settlements, settlements_of
    from isofront.theatre.weather import SkyDay, read_weather, weather_of
    from isofront.theatre.writing import dump, geojson_of
else:
    __getattr__ = given_by(__name__)

__all__ = [
    "FILE_NAME",
    "AnchorArea",
    "AnchorMap",
    "Cover",
    "SkyDay",
    "anchor_map",
    "dump",
    "geojson_of",
    "home_of",
    "land_near",
    "load",
    "parse",
    "read_anchor",
    "read_covariate",
    "read_covariates",
    "read_cover",
    "read_land",
    "read_settlements",
    "read_weather",
    "settlements_of",
    "start_of",
    "weather_of",
]
