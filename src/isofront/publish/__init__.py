"""A sheet in, files out: raster, vectors, pictures, tables and the page's data.

Takes a `Sheet` (one date of a map, complete) and writes each format whole or not at all. Everything made here is
PRIVATE and says so in every file; simulated input says SIMULATED too. No file holds the wall clock, the folder's
name or chance: equal sheets give equal bytes. Images turn north up here and nowhere else.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.publish.page_data import map_data
    from isofront.publish.sheet import Push, SettlementStatus, Sheet, State, Why
    from isofront.publish.stamp import folder_of
    from isofront.publish.summary import write_index
    from isofront.publish.write import write_sheet
else:
    __getattr__ = given_by(__name__)

__all__ = [
    "Push",
    "SettlementStatus",
    "Sheet",
    "State",
    "Why",
    "folder_of",
    "map_data",
    "write_index",
    "write_sheet",
]
