"""How `isofront claims` says what it found to a person: lines of text, made from the document that `--json` prints."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isofront.counts import counted
from isofront.evidence.claim import SUBJECTS
from isofront.findings import about_words, range_words

QUOTE_SHOWN = 100
PAIRS_SHOWN = 12
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows: in a terminal they would turn other columns too."""


def tame(text: str) -> str:
    """Somebody's words on one line of a terminal: no control characters; right-to-left text kept to itself."""
    bare = _TURNING.sub("", text)
    line = " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in bare).split())
    turned = any(unicodedata.bidirectional(c) in ("R", "AL") for c in line)
    return f"\u2068{line}\u2069" if turned else line


def list_lines(document: dict[str, Any]) -> Iterator[str]:
    """The list for a person."""
    yield f"{document['stamp']}  {_n(document['found'], 'claim')}, side by side; none is averaged"
    for group in document["groups"]:
        yield ""
        yield from _group_lines(group)


def _group_lines(group: dict[str, Any]) -> Iterator[str]:
    first = " first" if group["unit"] == "to one" else ""
    whose = f" ({group['side_name']}{first})" if group["side_name"] else ""
    speakers = len({row["speaker"] for row in group["rows"]})
    counts = f"{_n(len(group['rows']), 'claim')} of {_n(speakers, 'speaker')}"
    yield f"{group['place']}: {about_words(group['about'])}{whose}; {counts}"
    if SUBJECTS[group["about"]].civilians:
        yield "  civilians are told rounded, and only for the settlement as a whole"
    yield from _table(("said", "speaker", "serves", "claim", "grade", ""), [_cells(row) for row in group["rows"]])
    for row in group["rows"]:
        if row["quote"]:
            yield f"  {row['id']}: “{tame(_cut(row['quote']))}”"
    if group["about"] != "control":
        yield f"  range of what stands: {group['range']['words']}"
        if len(group["by_interest"]) > 1:
            told = "; ".join(f"{_serving(one)} {one['words']}" for one in group["by_interest"])
            yield f"  by interest: {told}"
    for one, other in group["apart"][:PAIRS_SHOWN]:
        yield f"  cannot both be true: {one} and {other}"
    if len(group["apart"]) > PAIRS_SHOWN:
        yield f"  and {_n(len(group['apart']) - PAIRS_SHOWN, 'more pair')} that cannot both be true (--json has all)"
    if group["on_map"] is not None:
        yield from _map_lines(group["on_map"], group["sides"])
    yield from _pooled_lines(group)


def _serving(one: dict[str, Any]) -> str:
    return "no interest known:" if one["interest"] is None else f"serving {one['name']}:"


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    marks = []
    if row["against_interest"]:
        marks.append("against interest")
    if row["revised_by"]:
        marks.append(f"revised {row['revised_at'][:10]} by {row['revised_by']}")
    if row["revises"]:
        marks.append(f"revises {row['revises']}")
    day = row["said_at"][:10] + (f" (for {row['for_day']})" if row["for_day"] != row["said_at"][:10] else "")
    shown = (day, tame(row["speaker_words"]), row["interest_name"], row["value"], row["grade"])
    return (*shown, "; ".join([row["id"], *marks]))


def _map_lines(on_map: dict[str, Any], sides: Mapping[str, str]) -> Iterator[str]:
    yield f"  map ({map_words(on_map)}): {shares_words(on_map, sides)}"
    yield f"  seen there {on_map['since']} to {on_map['until']}: {seen_words(on_map, sides)}"


def map_words(on_map: Mapping[str, Any]) -> str:
    """Which map it is."""
    words = {"approved": "approved for", "draft": "draft of", "start": "as the theatre began,", "other": "of"}
    return f"{words[on_map['state']]} {on_map['as_of'][:10]}"


def shares_words(on_map: Mapping[str, Any], sides: Mapping[str, str]) -> str:
    """How much of a footprint is held by whom, and grey."""
    parts = [f"{_percent(share)} held by {sides.get(side, side)}" for side, share in on_map["held"].items()]
    parts += [f"{_percent(on_map['grey'])} grey"] if on_map["grey"] else []
    chance = "" if on_map["p"] is None else f"; {_status(on_map['status'], sides)} with a chance of {on_map['p']:.2f}"
    return f"of a disc {2 * on_map['radius_km']:.1f} km across: {', '.join(parts) or 'nothing drawn'}{chance}"


def _status(status: str, sides: Mapping[str, str]) -> str:
    side = status.removeprefix("held_")
    return "grey" if status == "grey" else f"held by {sides.get(side, side)}"


def seen_words(on_map: Mapping[str, Any], sides: Mapping[str, str]) -> str:
    """Reports of presence, by side."""
    told = [
        f"{sides.get(one['side'], one['side'])} in {_n(one['reports'], 'report')} on {_n(one['days'], 'day')}"
        for one in on_map["seen"]
    ]
    return "; ".join(told) or "nobody (which does not say that nobody was there)"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 or share == 0 else "under 1 %"


def _pooled_lines(group: dict[str, Any]) -> Iterator[str]:
    pooled = group["pooled"]
    if pooled is None or group["about"] == "control":
        return
    if "why_not" in pooled:
        yield f"  not pooled: {pooled['why_not']}"
        return
    about = group["about"]
    yield (
        f"  pooled, as asked: {range_words(pooled['low'], pooled['high'], about)} (nine in ten), median "
        f"{range_words(pooled['median'], pooled['median'], about)}; {_n(pooled['n_claims'], 'claim')}, "
        f"{_n(pooled['n_interests'], 'interest')}; method: {pooled['method']}"
    )


def control_lines(document: dict[str, Any]) -> Iterator[str]:
    """Control claims against evidence, one table."""
    if document["map"] is None:
        yield f"{document['stamp']}  no claim of control"
        return
    state, until = map_words(document["map"]), document["until"][:10]
    n = _n(len(document["rows"]), "claim")
    yield f"{document['stamp']}  {n} of control, beside the map {state}; seen until {until}"
    rows = [_control_cells(row) for row in document["rows"]]
    yield from _table(("place", "claimed", "by", "since", "map", "seen since", "verdict"), rows)


def _control_cells(row: dict[str, Any]) -> tuple[str, ...]:
    sides, on_map = row["sides"], row["on_map"]
    seen = [f"{sides.get(one['side'], one['side'])} {one['reports']} ({one['days']} d)" for one in on_map["seen"]]
    drawn = [f"{sides.get(side, side)} {_percent(share)}" for side, share in on_map["held"].items()]
    drawn += [f"grey {_percent(on_map['grey'])}"] if on_map["grey"] else []
    chance = "" if on_map["p"] is None else f" (p {on_map['p']:.2f})"
    by = f"{tame(row['speaker_words'])} {row['grade']}"
    return (
        row["place"],
        row["says"],
        by,
        row["since"],
        ", ".join(drawn) + chance,
        ", ".join(seen) or "nobody",
        row["verdict"],
    )


def record_lines(document: dict[str, Any]) -> Iterator[str]:
    """What each speaker's word has been worth."""
    maps, days = document["maps"], document["after_days"]
    span = f", {maps['first']} to {maps['last']}" if maps["n"] else ""
    yield f"{document['stamp']}  control claims against {maps['of']} ({_n(maps['n'], 'map')}{span})"
    yield (
        f"  claims: that a side holds a place; drawn before: a map showed it already; never: no map of the {days} days "
        "after did; open: too early, or no map of those days; other statements: of entering, enclosure and the like, "
        "not scored"
    )
    counted = ("claims", "drawn before", "borne out", "never", "open", "other statements")
    head = ("speaker", "serves", *counted, "before or borne out", "days ahead", "numbers revised")
    yield from _table(head, [_record_cells(one) for one in document["speakers"]])
    if any(one["too_few_to_say"] for one in document["speakers"]):
        yield "  too few to say: fewer than ten claims that later maps can tell; the interval is Wilson's, 90 %"


def _record_cells(one: dict[str, Any]) -> tuple[str, ...]:
    share = "none scored"
    if one["scored"]:
        low, high = one["interval"]
        share = f"{_percent(one['share'])} of {one['scored']}"
        share += f", {_percent(low)} to {_percent(high)}"
        share += "; too few to say" if one["too_few_to_say"] else ""
    lead = "" if one["median_lead_days"] is None else f"{one['median_lead_days']:g}"
    revised = (
        "" if not one["revised_numbers"] else f"{one['revised_numbers']}, × {one['revision_factor']:g} at the median"
    )
    counts = (one["control_claims"], one["before"], one["later"], one["never"], one["open"], one["not_scored"])
    return (tame(one["speaker"]), ", ".join(one["interest_names"]), *map(str, counts), share, lead, revised)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(_width(row[k]) for row in (head, *rows)) for k in range(len(head))]
    for row in (head, *rows):
        cells = (f"{cell}{' ' * (width - _width(cell))}" for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _width(text: str) -> int:
    return sum(unicodedata.category(c) not in ("Mn", "Cf") for c in text)


def _cut(text: str) -> str:
    return text if len(text) <= QUOTE_SHOWN else f"{text[: QUOTE_SHOWN - 1]}…"


def _n(n: int, noun: str) -> str:
    return counted(n, noun)
