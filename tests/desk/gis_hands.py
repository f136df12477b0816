"""Hands that edit a GeoPackage as QGIS saves it: rows updated, added and deleted by their fid."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import shapely

from isofront.desk.gis_apply import Terms, gis_in
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import read_history

DAY = datetime(2021, 5, 16, tzinfo=UTC)
NOW = datetime(2021, 5, 16, 9, tzinfo=UTC)
SIGNED = {"reason": "looked at the clips", "reviewer": "nadia"}


class Work:
    """A theatre, its file, and hands that edit it."""

    def __init__(self, folder, file, *, draft):
        self.folder, self.file, self.draft = folder, file, draft

    def sql(self, statement, *values):
        with sqlite3.connect(self.file) as file:
            file.create_function("ST_IsEmpty", 1, lambda blob: blob is None)
            for name, at in (("ST_MinX", 0), ("ST_MaxX", 2), ("ST_MinY", 1), ("ST_MaxY", 3)):
                file.create_function(name, 1, lambda blob, at=at: _bounds(blob)[at])
            return file.execute(statement, values).fetchall()

    def edit(self, layer, fid, shape=None, **cells):
        told = cells | ({} if shape is None else {"geom": blob_of(shape)})
        named = ", ".join(f'"{name}" = ?' for name in told)
        self.sql(f'UPDATE "{layer}" SET {named} WHERE fid = ?', *told.values(), fid)

    def add(self, layer, shape, **cells):
        told = cells | {"geom": blob_of(shape)}
        named = ", ".join(f'"{name}"' for name in told)
        self.sql(f'INSERT INTO "{layer}" ({named}) VALUES ({", ".join("?" * len(told))})', *told.values())

    def delete(self, layer, fid):
        self.sql(f'DELETE FROM "{layer}" WHERE fid = ?', fid)

    def shape(self, layer, fid):
        return _shape(self.sql(f'SELECT geom FROM "{layer}" WHERE fid = ?', fid)[0][0])

    def take(self, **terms):
        return gis_in(self.folder, self.file, Terms(NOW, **terms))

    def head(self):
        with Ledger.open(ledger_path(self.folder)) as ledger:
            return ledger.head, ledger.reports(), [one for _, one in read_history(ledger).decisions]


def blob_of(shape):
    """A GeoPackage blob without an envelope, as GDAL writes points."""
    return b"GP\x00\x01" + (4326).to_bytes(4, "little") + shapely.to_wkb(shape, byte_order=1)


def _shape(blob):
    skip = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    return shapely.from_wkb(blob[8 + skip :])


def _bounds(blob):
    """What GDAL's triggers ask for their index."""
    return (0.0, 0.0, 0.0, 0.0) if b"junk" in blob else _shape(blob).bounds
