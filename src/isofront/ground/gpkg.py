"""GeoPackages of other people: only tables whose rows lie in the file are read, none that SQLite would make up.

A view, a virtual table or a column that is worked out needs no bytes: a hundred kilobytes can be gigabytes when read,
or never end.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from isofront.errors import BadInputError

_TABLES = """SELECT tables.name, tables.type = 'table' AND NOT EXISTS
(SELECT 1 FROM pragma_table_xinfo(tables.name) WHERE hidden) FROM pragma_table_list AS tables"""


def whole_tables(path: Path, *, name: str) -> frozenset[str]:
    """The tables of a GeoPackage that lie in it row for row and column for column, by their names in small letters.

    Raises:
        BadInputError: it cannot be looked at, or what it says of its layers is itself worked out.
    """
    try:
        tables = _tables(path, "mode=ro")
    except sqlite3.Error:  # written by a program that keeps a log beside it, in a folder where that cannot be opened
        try:
            tables = _tables(path, "immutable=1")
        except sqlite3.Error as fault:
            raise BadInputError(f"{name}: cannot be read as GPKG ({fault}), wanted a whole file") from fault
    for table, is_whole in tables.items():
        if table.startswith("gpkg_") and not is_whole:
            raise BadInputError(made_up(name, table))
    return frozenset(table for table, is_whole in tables.items() if is_whole)


def made_up(name: str, layer: str) -> str:
    """The complaint about a layer that is not a whole table."""
    return f"{name}: {layer[:60]} is worked out when it is read, wanted a table of rows (`ogr2ogr` writes one)"


def _tables(path: Path, mode: str) -> dict[str, bool]:
    """Whether each table's rows lie in the file."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)) as file:
        return {str(name).lower(): bool(is_whole) for name, is_whole in file.execute(_TABLES)}
