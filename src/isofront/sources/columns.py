"""Which header means which column; forgiving about order, case and spelling, never about duplicates."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from isofront.errors import BadInputError

REQUIRED = ("happened_at", "lon", "lat", "kind", "seen", "source")
"""Columns a file must have; `wkt` may stand for lon and lat."""

COLUMNS = (
    "id", "happened_at", "published_at", "lon", "lat", "error_m", "kind", "seen", "by", "source", "reliability",
    "credibility", "url", "note", "means", "target", "posture", "location_of", "precision", "wkt", "media_hash",
    "release",
)  # fmt: skip

ALIASES = {
    "side": "seen",
    "actor": "by",
    "happened": "happened_at",
    "published": "published_at",
    "longitude": "lon",
    "lng": "lon",
    "long": "lon",
    "latitude": "lat",
    "link": "url",
    "links": "url",
    "notes": "note",
    "media": "media_hash",
    "geometry_wkt": "wkt",
    "release_class": "release",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: for each cell the column it means, or None; and the headers that mean none.

    `names` are the same for building rows quickly: cells that mean nothing share an empty name, which nobody asks for.
    """

    means: tuple[str | None, ...]
    unused: tuple[str, ...]
    names: tuple[str, ...] = ()


def meaning(header: str) -> str | None:
    """The column a header means."""
    name = header.strip().strip("\ufeff").casefold().replace(" ", "_").replace("-", "_")
    name = ALIASES.get(name, name)
    return name if name in COLUMNS else None


def read_header(headers: Sequence[str], *, file: str, source_told: bool = False) -> Header:
    """The file's columns; raises BadInputError where one is missing or stands there twice.

    `source_told`: the user said who reports, so that the column may be missing.
    """
    means = tuple(meaning(header) for header in headers)
    _refuse_duplicates(headers, means, file=file)
    _refuse_gaps(headers, means, file=file, source_told=source_told)
    unused = tuple(
        header.strip() for header, what in zip(headers, means, strict=True) if what is None and header.strip()
    )
    return Header(means, unused, tuple(column or "" for column in means))


def _refuse_duplicates(headers: Sequence[str], means: Sequence[str | None], *, file: str) -> None:
    for column in COLUMNS:
        same = [header.strip() for header, what in zip(headers, means, strict=True) if what == column]
        if len(same) > 1:
            raise BadInputError(
                f"{file}: line 1: columns {' and '.join(map(repr, same))} both mean {column}, wanted one"
            )


def _refuse_gaps(headers: Sequence[str], means: Sequence[str | None], *, file: str, source_told: bool) -> None:
    missing = [column for column in REQUIRED if column not in means and not (column == "source" and source_told)]
    if "wkt" in means:
        missing = [column for column in missing if column not in ("lon", "lat")]
    if missing:
        wanted = ", ".join(column + _nearest(column, headers, means) + _HINTS.get(column, "") for column in missing)
        raise BadInputError(f"{file}: line 1: missing column{'s' * (len(missing) > 1)} {wanted}; {_read(headers)}")


_HINTS = {"source": " (or --source NAME, if all rows are of one)"}


def _nearest(column: str, headers: Sequence[str], means: Sequence[str | None]) -> str:
    free = [header.strip() for header, what in zip(headers, means, strict=True) if what is None and header.strip()]
    near = difflib.get_close_matches(column, free, n=1, cutoff=0.6)
    return f" (is it {near[0]!r}?)" if near else ""


def _read(headers: Sequence[str]) -> str:
    shown = ", ".join(header.strip()[:30] for header in headers[:20])
    return f"read: {shown[:200] or 'an empty line'}"
