"""An edition's day with what several sections of a public brief need: places, reasons, reports, shapes by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isofront.findings.brief_facts import Ids, Where
from isofront.publish.brief_ground import Ground
from isofront.publish.brief_site import PlaceRow, PublicDay, ReportRow, WhyRow


@dataclass(frozen=True)
class Seen:
    """An edition's day with what several sections need."""

    told: PublicDay

    @cached_property
    def ground(self) -> Ground:
        """Its shapes."""
        return Ground(self.told)

    @property
    def places(self) -> list[tuple[str, PlaceRow, float]]:
        """Each settlement's name, row and people."""
        rows = self.told.day.public.places
        return [(one.name, row, float(one.population or 0)) for one, row in zip(self.told.page.settlements, rows)]  # noqa: B905 - an edition may tell of none

    @cached_property
    def status(self) -> dict[int, str]:
        """Each settlement's class, by its number on the page: names are borne by several."""
        return {k: one.status for k, one in enumerate(self.told.day.status) if one.status is not None}

    @cached_property
    def why(self) -> dict[int, WhyRow]:
        """Each settlement's reasons, by its number."""
        return {row.place: row for row in self.told.day.public.why if row.place is not None}

    def number(self, name: str, status: str | None = None) -> int | None:
        """A settlement's number by its name, of namesakes the one that has the class; None if the page has none."""
        own = [k for k, one in enumerate(self.told.page.settlements) if one.name == name]
        alike = [k for k in own if self.status.get(k) == status]
        return next(iter(alike or own), None)

    def number_at(self, name: str, lon: float, lat: float) -> int | None:
        """A settlement's number by its name and where it lies; None if the page has none."""
        some = enumerate(self.told.page.settlements)
        return next((k for k, one in some if (one.name, float(one.lon), float(one.lat)) == (name, lon, lat)), None)

    @cached_property
    def reports(self) -> dict[int, ReportRow]:
        """The reports that the page shows, by number."""
        return {one.number: one for one in self.told.day.public.reports or ()}

    def report_id(self, number: int) -> str:
        """A report as this edition shows it."""
        return f"{self.told.about.id}#{number}"

    def ids_of(self, numbers: Iterable[int]) -> Ids:
        """Those of them that are shown."""
        return tuple(self.report_id(n) for n in sorted(set(numbers)) if n in self.reports)

    def nearest(self, east_km: float, north_km: float) -> Where | None:
        """The settlement nearest to a spot."""
        if not len(self.ground.towns_km):
            return None
        away = np.array([east_km, north_km]) - self.ground.towns_km
        km = np.hypot(*away.T)
        k = int(km.argmin())
        name = self.told.page.settlements[k].name
        return Where(name, float(km[k]), float(np.degrees(np.arctan2(*away[k]))) % 360)

    def of_cell(self, cell: int) -> Where | None:
        """The settlement nearest to the middle of a cell."""
        cells, km = self.told.day.public.cells, float(self.told.about.cell_km)
        column, row = cells[cell]
        return self.nearest((column + 0.5) * km, (row + 0.5) * km)

    def town_ids(self, name: str, status: str) -> Ids:
        """The reports that say most for a settlement's class: those toward its holder, in grey all."""
        number = self.number(name, status)
        row = None if number is None else self.why.get(number)
        if row is None:
            return ()
        side = status.removeprefix("held_")
        return self.ids_of(one.report for one in row.reasons if status == "grey" or one.toward == side)
