"""What `isofront claims` found as one document: what `--json` prints, and what the lines for a person are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isofront.evidence.claim import SUBJECTS
from isofront.findings import (
    Fate,
    OnMap,
    Pooled,
    Rivals,
    Row,
    SpeakerRecord,
    Stated,
    as_told,
    range_words,
    rounded,
    speaker_words,
    value_words,
)


def group_document(
    group: Rivals, sides: Mapping[str, str], pooled: Pooled | str | None, on_map: dict[str, Any] | None
) -> dict[str, Any]:
    """Rivals as a document: rows first, then the ranges, the pairs, the map; the pooled interval last."""
    said = {row.claim.id: f"{row.claim.said_at:%Y-%m-%dT%H:%M:%SZ}" for row in group.rows}
    return {
        "place": group.place,
        "lon": group.lon,
        "lat": group.lat,
        "about": group.about,
        "side": group.side,
        "side_name": sides.get(group.side or ""),
        "unit": SUBJECTS[group.about].unit,
        "rows": [_row(row, sides, said) for row in group.rows],
        "standing": group.standing,
        "range": _range(*group.range, group.about, n=group.standing),
        "by_interest": [
            {"interest": interest, "name": sides.get(interest or "", "none known"), **_range(*ends, group.about, n=1)}
            for interest, ends in group.by_interest.items()
        ],
        "apart": [list(pair) for pair in group.apart],
        "on_map": on_map,
        "sides": dict(sides),
        "pooled": _pooled_document(pooled, group.about),
    }


def _range(low: float | int | None, high: float | int | None, about: str, *, n: int) -> dict[str, Any]:
    ends = {"low": _shown(low, about), "high": _shown(high, about)}
    return {**ends, "words": range_words(low, high, about, n=n) if about != "control" else ""}


def _shown(value: float | int | None, about: str) -> float | int | None:
    return None if value is None else rounded(value, about)


def _row(row: Row, sides: Mapping[str, str], said: Mapping[str, str]) -> dict[str, Any]:
    one, told = row.claim, as_told(row.claim)
    civilians = SUBJECTS[one.about].civilians
    return {
        "id": one.id,
        "said_at": f"{one.said_at:%Y-%m-%dT%H:%M:%SZ}",
        "for_day": f"{one.day}",
        "known_at": f"{one.known_at:%Y-%m-%dT%H:%M:%SZ}",
        "speaker": one.speaker,
        "named_as": one.named_as,
        "speaker_words": speaker_words(one),
        "interest": one.interest,
        "interest_name": sides.get(one.interest or "", "none known"),
        "value": value_words(one, sides),
        "low": told.low,
        "high": told.high,
        "bound": told.bound.value if one.status is None else None,
        "unit": one.unit,
        "said_unit": one.said_unit,
        "rounded": civilians,
        "status": one.status.value if one.status else None,
        "side": one.side,
        "against": one.against,
        "counts": dict(one.counts),
        "grade": f"{one.reliability}{one.credibility}",
        "against_interest": row.against_interest,
        "revises": one.revises,
        "revised_by": row.revised_by,
        "revised_at": said.get(row.revised_by or ""),
        "quote": "" if civilians else one.quote,
        "url": one.url,
    }


def _pooled_document(pooled: Pooled | str | None, about: str) -> dict[str, Any] | None:
    if pooled is None:
        return None
    if isinstance(pooled, str):
        return {"why_not": pooled}
    ends = {"low": pooled.low, "median": pooled.median, "high": pooled.high}
    shown = {name: rounded(float(f"{value:.3g}"), about) for name, value in ends.items()}
    return {
        **shown,
        "chance": 0.9,
        "n_claims": pooled.n_claims,
        "n_interests": pooled.n_interests,
        "method": pooled.method,
    }


def on_map_document(place: OnMap) -> dict[str, Any]:
    """What a map and the reports say of a place."""
    return {
        "state": place.state.value,
        "as_of": f"{place.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "status": place.status,
        "p": place.p,
        "radius_km": place.radius_km,
        "held": place.shares.others,
        "grey": place.shares.grey,
        "since": f"{place.since:%Y-%m-%d}",
        "until": f"{place.until:%Y-%m-%d}",
        "seen": [
            {"side": one.side, "reports": one.reports, "days": one.days, "last": f"{one.last}", "ids": list(one.ids)}
            for one in place.seen
        ],
    }


def stated_document(row: Stated, sides: Mapping[str, str]) -> dict[str, Any]:
    """A control claim against evidence."""
    one, place = row.claim, row.on_map
    return {
        "place": one.place,
        "lon": one.lon,
        "lat": one.lat,
        "claim": one.id,
        "speaker": one.speaker,
        "speaker_words": speaker_words(one),
        "interest": one.interest,
        "status": one.status.value if one.status else None,
        "side": one.side,
        "against": one.against,
        "says": value_words(one, sides),
        "since": f"{row.since.day}",
        "last_said": f"{one.said_at:%Y-%m-%dT%H:%M:%SZ}",
        "grade": f"{one.reliability}{one.credibility}",
        "on_map": on_map_document(place),
        "sides": dict(sides),
        "verdict": row.support.value,
    }


def record_document(one: SpeakerRecord, sides: Mapping[str, str]) -> dict[str, Any]:
    """What a speaker's word has been worth."""
    low, high = one.interval
    return {
        "speaker": one.speaker,
        "interests": list(one.interests),
        "interest_names": [sides.get(interest or "", "none known") for interest in one.interests],
        "control_claims": len(one.claims),
        "scored": one.scored,
        **{fate.name.lower(): one.count(fate) for fate in Fate},
        "share": None if not one.scored else round(one.borne_out / one.scored, 4),
        "interval": None if not one.scored else [round(low, 4), round(high, 4)],
        "too_few_to_say": one.few,
        "median_lead_days": one.median_lag_days,
        "not_scored": one.other_statements,
        "revised_numbers": one.revised_numbers,
        "revision_factor": None if one.revision_factor is None else float(f"{one.revision_factor:.3g}"),
        "claims": [
            {
                "id": scored.claim.id,
                "place": scored.claim.place,
                "day": f"{scored.claim.day}",
                "says": value_words(scored.claim, sides),
                "fate": scored.fate.value,
                "lag_days": scored.lag_days,
                "least_lag_days": scored.least_lag_days,
            }
            for scored in one.claims
        ],
    }
