"""Other people's maps in, areas in Isofront's words out; the makers and their crosswalks.

In: a file as its maker wrote it (DeepState, NZZ, ISW, KML mappers, Liveuamap, VIINA, any layer with a class mapping).
Out: a `MapFile`: areas with class (held, grey, infiltration, claimed, liberated), side and date, the crosswalk that
gave them, and everything that did not become an area: rejects with reasons, classes nobody mapped, what was left out.
One file per maker; `recognise.py` tells whose a file is; only `fetch.py` knows the network.
"""

from isofront.makers.areas import MapArea, MapClass, MapFile
from isofront.makers.crosswalk import Crosswalk, load, shipped
from isofront.makers.reading import Wish, joined, map_of, read_map

__all__ = [
    "Crosswalk",
    "MapArea",
    "MapClass",
    "MapFile",
    "Wish",
    "joined",
    "load",
    "map_of",
    "read_map",
    "shipped",
]
