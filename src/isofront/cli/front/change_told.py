"""What `front change` says: one document, and the same as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isofront.cli.front.dated import day_text
from isofront.cli.front.places import Town, lonlat_of, rounded, table, true_bearing

if TYPE_CHECKING:
    from datetime import datetime

    from isofront.cli.front.change import Found
    from isofront.front.advances import Advance
    from isofront.front.change import Rate, RegionChange

LEAST_TOLD_KM2 = 0.005
"""A settlement or district where less changed is not listed."""

LEAST_MOVE_KM2 = 1e-4
"""Transitions of less are rounding."""

MOST_TOLD = 20


def document(found: Found, regions: tuple[RegionChange, ...] | None) -> dict[str, Any]:
    """The one document that `--json` prints and the table is made from."""
    from isofront.front.change import change_in

    whole = found.change
    footprints = change_in(whole, [(town.name, town.footprint) for town in found.towns])
    return {
        "stamp": "PRIVATE SIMULATED" if found.simulated else "PRIVATE",
        "a": {"map": found.labels[0], "date": _day(whole.began)},
        "b": {"map": found.labels[1], "date": _day(whole.ended)},
        "days": rounded(whole.days, 3),
        "crs": found.crs,
        "frame_km2": rounded(whole.frame_km2, 4),
        "changed_km2": rounded(whole.changed_km2, 4),
        "stood_km2": rounded(whole.stood_km2, 4),
        "not_reviewed_km2": rounded(whole.unseen_km2 + whole.outside_km2, 4),
        "not_reviewed": {
            "unobserved_km2": rounded(whole.unseen_km2, 4),
            "outside_one_map_km2": rounded(whole.outside_km2, 4),
            "notes": list(found.notes),
        },
        "sides": {side: _side(found, side) for side in whole.sides},
        "transitions": [
            {"from": old, "to": new, "km2": rounded(km2, 4)}
            for (old, new), km2 in sorted(whole.transitions.items())
            if km2 >= LEAST_MOVE_KM2
        ],
        "advances": [_advance(found, number) for number in range(len(found.advances.found))],
        "crumbs_km2": {side: rounded(km2, 4) for side, km2 in found.advances.crumbs_km2.items()},
        "settlements": _settlements(found, footprints),
        "settlements_looked_at": len(found.towns),
        "regions": None if regions is None else [_region(one, whole.days) for one in regions],
    }


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else day_text(moment)


def _side(found: Found, side: str) -> dict[str, Any]:
    one, days = found.change.of(side), found.change.days
    told = {
        "before_km2": rounded(one.before_km2, 4),
        "after_km2": rounded(one.after_km2, 4),
        "gained_km2": rounded(one.gained_km2, 4),
        "lost_km2": rounded(one.lost_km2, 4),
        "net_km2": rounded(one.net_km2, 4),
        "rate_km2": _rates(one.gained_km2, one.lost_km2, one.net_km2, days),
    }
    return told if found.intervals is None else told | {"interval": found.intervals[side]}


def _rates(gained: float, lost: float, net: float, days: float | None) -> dict[str, Any] | None:
    from isofront.front.change import rate

    each = {"gained": rate(gained, days), "lost": rate(lost, days), "net": rate(net, days)}
    if each["net"] is None:
        return None
    return {name: _rate(one) for name, one in each.items()}


def _rate(one: Rate | None) -> dict[str, float | None] | None:
    if one is None:
        return None
    return {
        "per_day": rounded(one.per_day, 4),
        "per_week": rounded(one.per_week, 4),
        "per_month": rounded(one.per_month, 4),
    }


def _advance(found: Found, number: int) -> dict[str, Any]:
    from isofront.front.advances import compass_point, nearest_of

    one = found.advances.found[number]
    bearing = _bearing(one, found.crs)
    near = nearest_of(one.ground, [(town.east_km, town.north_km) for town in found.towns])
    told = {
        "side": one.side,
        "kind": one.kind.value,
        "km2": rounded(one.km2, 4),
        "from": lonlat_of(one.began, found.crs),
        "to": lonlat_of(one.reached, found.crs),
        "max_km": rounded(one.max_km, 3),
        "mean_km": rounded(one.mean_km, 3),
        "bearing_deg": rounded(bearing, 1),
        "compass": None if bearing is None else compass_point(bearing),
        "nearest": None if near is None else found.towns[near[0]].name,
        "nearest_km": None if near is None else rounded(near[1], 2),
        "parts": one.n_parts,
    }
    return told if found.reports is None else told | {"moved_by": found.reports[number]}


def _bearing(one: Advance, crs: str) -> float | None:
    if one.bearing_deg is None or one.began is None or one.way_km is None:
        return None
    return true_bearing(one.began, one.way_km, crs)


def _settlements(found: Found, footprints: tuple[RegionChange, ...]) -> list[dict[str, Any]]:
    told = []
    for town, one in zip(found.towns, footprints, strict=True):
        if one.changed_km2 < LEAST_TOLD_KM2:
            continue
        told.append(
            {
                "name": town.name,
                "lon": rounded(town.lon, 5),
                "lat": rounded(town.lat, 5),
                "population": town.population,
                "before": _class_at(found.change.before, town),
                "after": _class_at(found.change.after, town),
            }
            | _region(one, found.change.days, named=False)
        )
    return sorted(told, key=lambda row: -row["changed_km2"])


def _class_at(layers: Any, town: Town) -> str:
    import shapely

    return next(
        (layer.name for layer in layers if shapely.intersects_xy(layer.geometry, town.east_km, town.north_km)), "rest"
    )


def _region(one: RegionChange, days: float | None, *, named: bool = True) -> dict[str, Any]:
    return {
        **({"name": one.name} if named else {}),
        "km2": rounded(one.km2, 4),
        "changed_km2": rounded(one.changed_km2, 4),
        "sides": {
            side.side: {
                "gained_km2": rounded(side.gained_km2, 4),
                "lost_km2": rounded(side.lost_km2, 4),
                "share_before": rounded(side.before_km2 / one.km2, 4),
                "share_after": rounded(side.after_km2 / one.km2, 4),
                "rate_km2": _rates(side.gained_km2, side.lost_km2, side.net_km2, days),
            }
            for side in one.sides
        },
    }


# In words


def lines(told: dict[str, Any]) -> list[str]:
    """The document as tables."""
    return [
        *_head(told),
        *_side_lines(told),
        *_transition_lines(told),
        *_advance_lines(told),
        *_place_lines("settlement", told["settlements"]),
        *_place_lines("district", told["regions"] or []),
    ]


def _head(told: dict[str, Any]) -> list[str]:
    a, b = told["a"], told["b"]
    when = f"{a['date'] or a['map']} to {b['date'] or b['map']}"
    days = "" if told["days"] is None else f", {told['days']:g} days"
    apart = told["not_reviewed"]
    lines = [
        f"{told['stamp']}  {when}{days}; {told['frame_km2']:,.0f} km² on both maps",
        f"changed {told['changed_km2']:,.2f} km², stood {told['stood_km2']:,.0f} km², "
        f"not reviewed {told['not_reviewed_km2']:,.0f} km² ({apart['unobserved_km2']:,.0f} unobserved, "
        f"{apart['outside_one_map_km2']:,.0f} on one map only)",
    ]
    if told["changed_km2"] == 0:
        lines.append("no change on the ground that was reviewed")
    return lines


def _side_lines(told: dict[str, Any]) -> list[str]:
    rows = [("side", "before km²", "after km²", "gained", "lost", "net", "net/day", "net/week", "net/month")]
    for name, one in told["sides"].items():
        net = (one["rate_km2"] or {}).get("net") or {}
        figures = (f"{one[key]:,.1f}" for key in ("before_km2", "after_km2"))
        moved = (f"{one[key]:+,.2f}" for key in ("gained_km2",)), (f"{-one['lost_km2'] or 0:+,.2f}",)
        rates = (f"{net[key]:+,.2f}" if key in net else "-" for key in ("per_day", "per_week", "per_month"))
        rows.append((name, *figures, *moved[0], *moved[1], f"{one['net_km2']:+,.2f}", *rates))
    return ["", *table(rows), *_interval_lines(told)]


def _interval_lines(told: dict[str, Any]) -> list[str]:
    known = {name: one["interval"] for name, one in told["sides"].items() if one.get("interval")}
    if not known:
        return []
    rows = [
        ("drawn anew", "net km²", "by the model's doubt", "by its misses", "a week", "by its misses", "gained", "lost")
    ]
    for name, one in known.items():
        rate, wide = one["rate_km2"], one["rate_widened_km2"]
        week = [_span(some, "per_week") for some in (rate, wide)]
        net = (f"{one['net_km2']['median']:+,.1f}", _signed(one["net_km2"]), _signed(one["net_widened_km2"]))
        rows.append((name, *net, *week, *(_plain(one[key]) for key in ("gained_km2", "lost_km2"))))
    return ["", *table(rows), *DOUBT]


DOUBT = (
    "(nine draws in ten. On invented wars whose truth is known the model's own interval of the net held it two times",
    "in three, 2.5 times as wide nine in ten: by its misses. Drawn maps also gain and lose along a line that stood)",
)


def _span(rates: dict[str, Any], key: str) -> str:
    low, high = rates["p05"], rates["p95"]
    return "-" if low is None or high is None else f"{low[key]:+,.1f} to {high[key]:+,.1f}"


def _signed(one: dict[str, float]) -> str:
    return f"{one['p05']:+,.1f} to {one['p95']:+,.1f}"


def _plain(one: dict[str, float]) -> str:
    return f"{one['median']:,.0f} ({one['p05']:,.0f} to {one['p95']:,.0f})"


def _transition_lines(told: dict[str, Any]) -> list[str]:
    names = sorted({row[key] for row in told["transitions"] for key in ("from", "to")})
    km2 = {(row["from"], row["to"]): row["km2"] for row in told["transitions"]}
    rows = [("from \\ to, km²", *names)]
    rows += [(old, *(f"{km2.get((old, new), 0):,.2f}" for new in names)) for old in names]
    return ["", *table(rows)]


def _advance_lines(told: dict[str, Any]) -> list[str]:
    found = told["advances"]
    if not found:
        return []
    rows: list[tuple[str, ...]] = [
        ("advance", "km²", "max km", "mean km", "mean bearing", "farthest from", "to", "near")
    ]
    for one in found[:MOST_TOLD]:
        bearing = "-" if one["bearing_deg"] is None else f"{one['bearing_deg']:.0f}° {one['compass']}"
        spots = ["-" if one[key] is None else f"{one[key][0]:.4f} {one[key][1]:.4f}" for key in ("from", "to")]
        near = "-" if one["nearest"] is None else f"{one['nearest']} ({one['nearest_km']:.1f} km)"
        far = ["-" if one[key] is None else f"{one[key]:.2f}" for key in ("max_km", "mean_km")]
        rows.append((f"{one['side']} {one['kind']}", f"{one['km2']:,.2f}", *far, bearing, *spots, near))
    lines = ["", *table(rows)]
    for number, one in enumerate(found[:MOST_TOLD], start=1):
        if one.get("moved_by"):
            pushes, others = one["moved_by"]["reports"], one["moved_by"]["others_km"]
            each = [f"{push['id']} {push['km']:+.2f} km" for push in pushes]
            lines.append(f"{number}. moved by {', '.join([*each, f'all else {others:+.2f} km'])}")
    if len(found) > MOST_TOLD:
        lines.append(f"and {len(found) - MOST_TOLD} smaller ones (--json has all)")
    return lines


def _place_lines(word: str, rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    told = [(word, "changed km²", "gained, lost, share now per side")]
    for row in rows[:MOST_TOLD]:
        each = "; ".join(
            f"{side} {one['gained_km2']:+.2f} {-one['lost_km2'] or 0:+.2f} {one['share_after']:.0%}"
            for side, one in row["sides"].items()
        )
        was = f" ({row['before']} → {row['after']})" if row.get("before") != row.get("after") else ""
        told.append((row["name"] + was, f"{row['changed_km2']:,.2f}", each))
    more = [f"and {len(rows) - MOST_TOLD} more (--json has all)"] if len(rows) > MOST_TOLD else []
    return ["", *table(told), *more]
