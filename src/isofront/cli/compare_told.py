"""What `isofront compare` says: one JSON document, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from isofront.cli.front.dated import Entry, day_text
from isofront.cli.front.places import rounded, table
from isofront.counts import counted

if TYPE_CHECKING:
    from isofront.cli.compare import Pair
    from isofront.cli.compare_time import Lag, Says
    from isofront.cli.front.places import Town
    from isofront.compare.between import Between
    from isofront.front.apart import Directed

KEYS = (
    "only_a_km2", "only_b_km2", "both_km2", "iou_band", "accuracy_band", "kappa_band",
    "line_mean_km", "line_median_km", "line_p95_km",
)  # fmt: skip
"""The measures that scripts rely on, in this order, at the top of the document."""

ROW_KEYS = ("a_date", "b_date", *KEYS, "iou", "offset_km", "offset_explained")
MOST_TOLD = 25


def measures(found: Between) -> dict[str, Any]:
    """The nine measures of two maps; null where there is no line."""
    apart, band, line = found.difference, found.band, found.line
    values = (
        rounded(apart.only_a_km2, 4),
        rounded(apart.only_b_km2, 4),
        rounded(apart.both_km2, 4),
        *(None if band is None else rounded(value, 6) for value in _band_values(found)),
        *(None if line is None else rounded(value, 4) for value in _line_values(found)),
    )
    return dict(zip(KEYS, values, strict=True))


def _band_values(found: Between) -> tuple[float | None, ...]:
    band = found.band
    return (None, None, None) if band is None else (band.iou, band.accuracy, band.kappa)


def _line_values(found: Between) -> tuple[float | None, ...]:
    line = found.line
    return (None, None, None) if line is None else (line.mean_km, line.median_km, line.p95_km)


def document(
    pair: Pair,
    found: Between,
    *,
    lag: Lag | None,
    towns: Sequence[Town],
    said: tuple[Sequence[Says], Sequence[Says]],
) -> dict[str, Any]:
    """One day as the document that `--json` prints and the table is made from."""
    return {
        **measures(found),
        **about(pair, pair.entries),
        "frame_km2": rounded(found.frame_km2, 4),
        "iou": rounded(found.difference.iou, 6),
        "band_cells": None if found.band is None else found.band.n_cells,
        "band_classes": None if found.band is None else list(found.band.classes),
        "line_a_to_b": None if found.line is None else _directed(found.line.a_to_b),
        "line_b_to_a": None if found.line is None else _directed(found.line.b_to_a),
        "offset": _offset(found),
        "lag": _lag(lag),
        "settlements": _settlements(towns, said),
        "notes": list(pair.notes),
    }


def about(pair: Pair, entries: tuple[Entry, Entry]) -> dict[str, Any]:
    """Whose maps, of which day, in which box, on which flat map, with which classes: what an area figure needs."""
    a, b = (
        {
            "mapper": maps.source.name,
            "map": entry.label,
            "date": None if entry.date is None else day_text(entry.date),
            "side": maps.asked.side,
            "classes": list(maps.asked.classes),
        }
        for maps, entry in zip(pair.maps, entries, strict=True)
    )
    return {
        "stamp": stamp(pair, entries),
        "a": a,
        "b": b,
        "bounds": [rounded(edge, 6) for edge in pair.box],
        "crs": pair.crs,
        "land": pair.land is not None,
        "band_km": pair.band_km,
        "cell_m": 100,
    }


def stamp(pair: Pair, entries: tuple[Entry, Entry]) -> str:
    """PRIVATE; SIMULATED where one of the maps is."""
    simulated = any(maps.raw(entry).simulated for maps, entry in zip(pair.maps, entries, strict=True))
    return "PRIVATE SIMULATED" if simulated else "PRIVATE"


def _directed(one: Directed) -> dict[str, Any]:
    return {
        "mean_km": rounded(one.mean_km, 4),
        "median_km": rounded(one.median_km, 4),
        "p95_km": rounded(one.p95_km, 4),
        "length_km": rounded(one.length_km, 3),
    }


def _offset(found: Between) -> dict[str, Any] | None:
    one = found.offset
    if one is None:
        return None
    return {
        "km": rounded(one.km, 3),
        "explained": rounded(one.explained, 4),
        "before_km2": rounded(one.before_km2, 4),
        "after_km2": rounded(one.after_km2, 4),
        "cell_m": rounded(1000 * found.offset_cell_km, 1),
    }


def _lag(one: Lag | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "days": rounded(one.days, 3),
        "b_date": day_text(one.date),
        "difference_km2": rounded(one.km2, 4),
        "same_day_km2": rounded(one.same_day_km2, 4),
        "looked_from": day_text(one.first),
        "looked_to": day_text(one.last),
        "at_end": one.at_end,
    }


def _settlements(towns: Sequence[Town], said: tuple[Sequence[Says], Sequence[Says]]) -> list[dict[str, Any]]:
    """Settlements, those on which the mappers differ first, the largest first."""
    rows = [
        {
            "name": town.name,
            "lon": rounded(town.lon, 5),
            "lat": rounded(town.lat, 5),
            "population": town.population,
            "agree": a.cls == b.cls,
            "a": _says(a),
            "b": _says(b),
        }
        for town, a, b in zip(towns, *said, strict=True)
    ]
    return sorted(rows, key=lambda row: row["agree"])


def _says(one: Says) -> dict[str, Any]:
    since = None if one.since is None else day_text(one.since)
    return {"class": one.cls, "since": since, "or_earlier": one.or_earlier}


# Over time


def row(entries: tuple[Entry, Entry], found: Between) -> dict[str, Any]:
    """One day of a series."""
    a, b = (None if one.date is None else day_text(one.date) for one in entries)
    offset = found.offset
    return {
        "a_date": a,
        "b_date": b,
        **measures(found),
        "iou": rounded(found.difference.iou, 6),
        "offset_km": None if offset is None else rounded(offset.km, 3),
        "offset_explained": None if offset is None else rounded(offset.explained, 4),
    }


def series_document(
    pair: Pair, rows: Sequence[dict[str, Any]], lags: Sequence[Lag], last: tuple[Entry, Entry]
) -> dict[str, Any]:
    """Many days: the measures are medians over the days, and `rows` has each of them."""
    middle = {key: _median([one[key] for one in rows]) for key in ROW_KEYS[2:]}
    return {
        **{key: middle[key] for key in KEYS},
        **about(pair, last),
        "measures": "medians over the days",
        "from": rows[0]["a_date"],
        "to": rows[-1]["a_date"],
        "days": len(rows),
        "iou": middle["iou"],
        "offset": {"km": middle["offset_km"], "explained": middle["offset_explained"]},
        "span": {key: _span([one[key] for one in rows]) for key in KEYS},
        "lag": None if not lags else {"days": median(one.days for one in lags), "each": [_lag(one) for one in lags]},
        "rows": list(rows),
        "notes": list(pair.notes),
    }


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return rounded(median(known), 6) if known else None


def _span(values: Sequence[float | None]) -> list[float | None]:
    known = [value for value in values if value is not None]
    return [min(known), max(known)] if known else [None, None]


# In words


def lines(told: dict[str, Any]) -> list[str]:
    """The document as tables."""
    head = _head(told)
    body = [*_measure_lines(told), *_offset_lines(told), *_lag_lines(told)]
    if "rows" in told:
        return [*head, *body, "", *_row_lines(told["rows"])]
    return [*head, *body, *_settlement_lines(told["settlements"])]


def _head(told: dict[str, Any]) -> list[str]:
    west, south, east, north = told["bounds"]
    lines = [told["stamp"]]
    for letter in "ab":
        one = told[letter]
        side = f", side {one['side']}" if one["side"] else ""
        when = f", {told['from']} to {told['to']}" if "rows" in told else f", {one['date']}" if one["date"] else ""
        lines.append(f"{letter.upper()}  {one['mapper']}{when}: {' + '.join(one['classes'])}{side}")
    where = f"box {west:g} {south:g} {east:g} {north:g}, {told['crs']}{', on land' if told['land'] else ''}"
    days = f"; medians over {counted(told['days'], 'day')}" if "rows" in told else f", {told['frame_km2']:,.0f} km²"
    return [*lines, where + days, ""]


def _measure_lines(told: dict[str, Any]) -> list[str]:
    rows = [
        ("held on A alone", f"{told['only_a_km2']:,.1f} km²"),
        ("held on B alone", f"{told['only_b_km2']:,.1f} km²"),
        ("held on both", f"{told['both_km2']:,.1f} km²"),
        (f"in a band of {told['band_km']:g} km along A's line: same class", _share(told["accuracy_band"])),
        ("  held: IoU", _figure(told["iou_band"])),
        ("  held: kappa", _figure(told["kappa_band"])),
        ("between the lines: mean", _km(told["line_mean_km"])),
        ("  median", _km(told["line_median_km"])),
        ("  95 % nearer than", _km(told["line_p95_km"])),
    ]
    return table(rows)


def _share(value: float | None) -> str:
    return "no line" if value is None else f"{value:.1%}"


def _figure(value: float | None) -> str:
    return "no line" if value is None else f"{value:.3f}"


def _km(value: float | None) -> str:
    return "no line" if value is None else f"{value:,.2f} km"


def _offset_lines(told: dict[str, Any]) -> list[str]:
    one = told["offset"]
    if not one or one["km"] is None:
        return []
    if one["explained"] is None:
        return ["no difference"]
    way = "out" if one["km"] >= 0 else "in"
    return [f"one offset of A's line, {abs(one['km']):.2f} km {way}, explains {one['explained']:.0%} of the difference"]


def _lag_lines(told: dict[str, Any]) -> list[str]:
    one = told["lag"]
    if not one:
        return []
    days = one["days"]
    way = "later" if days > 0 else "earlier"
    if "each" in one:
        of = counted(len(one["each"]), "day")
        return [f"lag: B's maps of {abs(days):g} days {way} are nearest to A's (median of {of})"]
    gain = f"{one['difference_km2']:,.1f} km² apart instead of {one['same_day_km2']:,.1f}"
    if days == 0:
        return ["lag: none; of B's maps that of the same day is nearest"]
    more = "; the last map looked at, so it may be more" if one["at_end"] else ""
    return [f"lag: B's map of {one['b_date']}, {abs(days):g} days {way}, is nearest to A's: {gain}{more}"]


def _settlement_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    differ = [one for one in rows if not one["agree"]]
    if not rows:
        return []
    if not differ:
        return ["", f"the same class at {'the one settlement' if len(rows) == 1 else f'all {len(rows)} settlements'}"]
    told: list[tuple[str, ...]] = [("settlement", "A says", "B says")]
    told += [(one["name"], _said(one["a"]), _said(one["b"])) for one in differ[:MOST_TOLD]]
    rest = f"; {len(differ) - MOST_TOLD} more differ (--json has all)" if len(differ) > MOST_TOLD else ""
    return ["", *table(told, left=3), f"the same class at {len(rows) - len(differ)} of {len(rows)} settlements{rest}"]


def _said(one: dict[str, Any]) -> str:
    if one["since"] is None:
        return str(one["class"])
    return f"{one['class']} since {one['since']}{' or earlier' if one['or_earlier'] else ''}"


def _row_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    told: list[tuple[str, ...]] = [("day", "only A km²", "only B km²", "kappa", "median km", "p95 km", "offset km")]
    for one in rows:
        figures = (
            _plain(one[key], digits)
            for key, digits in (("kappa_band", 3), ("line_median_km", 2), ("line_p95_km", 2), ("offset_km", 2))
        )
        told.append((one["a_date"], f"{one['only_a_km2']:,.1f}", f"{one['only_b_km2']:,.1f}", *figures))
    return table(told)


def _plain(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
