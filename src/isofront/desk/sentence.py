"""A report read back as one sentence, in both languages of the page; pure.

Sides stand as their ids and places in the nominative after a colon, so that no name has to be declined.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from isofront.desk.written_times import part_of
from isofront.evidence import Kind, LocationOf, Posture, Report
from isofront.ground.degrees import eighth, way_m
from isofront.theatre.model import Settlement

AT_KM = 0.5
"""Nearer than this it is at a place; up to `NEAR_KM` near it; farther off with distance and direction."""
NEAR_KM = 4.0

_SEEN: Mapping[str, Mapping[Kind, str]] = {
    "en": {
        Kind.POSITION: "{seen} seen here", Kind.STRIKE: "{seen} seen here",
        Kind.ASSAULT: "{seen} seen assaulting here",
        Kind.INFILTRATION: "{seen} seen infiltrating here", Kind.FLAG: "{seen} flag shown here",
        Kind.LEFT: "{seen} left from here", Kind.CLAIM: "{seen} claimed to be here",
        Kind.ACTIVITY: "{seen} active here",
    },
    "uk": {
        Kind.POSITION: "тут видно: {seen}", Kind.STRIKE: "тут видно: {seen}", Kind.ASSAULT: "тут штурмує: {seen}",
        Kind.INFILTRATION: "тут просочується: {seen}", Kind.FLAG: "тут показано прапор: {seen}",
        Kind.LEFT: "звідси пішли: {seen}", Kind.CLAIM: "тут, як стверджують: {seen}", Kind.ACTIVITY: "тут діє: {seen}",
    },
}  # fmt: skip
_NOBODY: Mapping[str, Mapping[Kind, str]] = {
    "en": dict.fromkeys(Kind, "nobody named as seen") | {Kind.ACTIVITY: "activity, nobody named as seen"},
    "uk": dict.fromkeys(Kind, "не названо, кого видно") | {Kind.ACTIVITY: "активність, не названо чия"},
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "hit": "hit by {by}", "hit_nobody": "hit", "with": " with {means}", "by": "by {by}",
        "camera": "the camera's spot",
        "moving": "moving", "holding": "holding", "dug in": "dug in", "captured": "taken prisoner, no presence",
        "wreck": "a wreck, no presence", "at": "in {place}", "near": "near {place}", "off": "{km} km {wind} of {place}",
        "outside": "outside the theatre", "error": "± {m} m", "error_km": "± {km} km", "exact": "exact",
        "night": "night", "morning": "morning", "afternoon": "afternoon", "evening": "evening",
    },
    "uk": {
        "hit": "удару завдали: {by}", "hit_nobody": "удар", "with": " ({means})", "by": "діяли: {by}",
        "camera": "місце камери", "moving": "рухаються", "holding": "тримають позицію", "dug in": "окопалися",
        "captured": "полонені, не присутність", "wreck": "знищене, не присутність", "at": "у межах: {place}",
        "near": "поблизу: {place}", "off": "{km} км на {wind} від: {place}", "outside": "поза театром",
        "error": "± {m} м", "error_km": "± {km} км", "exact": "точно", "night": "вночі", "morning": "вранці",
        "afternoon": "вдень", "evening": "увечері",
    },
}  # fmt: skip
_MEANS: Mapping[str, Mapping[str, str]] = {
    "en": {"fpv": "FPV", "unknown": "unknown means"},
    "uk": {
        "fpv": "FPV", "bomber drone": "дрон-бомбер", "artillery": "артилерія", "glide bomb": "керована авіабомба",
        "small arms": "стрілецька зброя", "armour": "бронетехніка", "mine": "міна", "unknown": "невідомо чим",
    },
}  # fmt: skip
WINDS = {
    "en": ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"),
    "uk": (
        "північ",
        "північний схід",
        "схід",
        "південний схід",
        "південь",
        "південний захід",
        "захід",
        "північний захід",
    ),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "uk": ("січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
           "листопада", "грудня"),
}  # fmt: skip


def sentences_of(
    report: Report, *, settlements: Sequence[Settlement], zone: str, today: date, inside: bool = True
) -> dict[str, str]:
    """The report in each language: who was seen, who acted with what, where, how exactly, when."""
    return {
        language: "; ".join(
            part
            for part in (
                _who(report, language),
                _deed(report, language),
                _posture(report, language),
                place_words(report.lon, report.lat, settlements, language=language),
                "" if inside else _WORDS[language]["outside"],
                _exactness(report, language),
                _WORDS[language]["camera"] if report.location_of is LocationOf.CAMERA else "",
                _when(report, language, zone=zone, today=today),
            )
            if part
        )
        for language in ("en", "uk")
    }


def _who(report: Report, language: str) -> str:
    if report.seen is None:
        return _NOBODY[language][report.kind]
    return _SEEN[language][report.kind].format(seen=report.seen)


def _deed(report: Report, language: str) -> str:
    words = _WORDS[language]
    means = "" if report.means is None else words["with"].format(means=_means(report.means.value, language))
    if report.kind is Kind.STRIKE:
        return (words["hit"].format(by=report.by) if report.by else words["hit_nobody"]) + means
    if report.by is not None and (report.by != report.seen or means):
        return words["by"].format(by=report.by) + means
    return ""


def _means(value: str, language: str) -> str:
    return _MEANS[language].get(value, value)


def _posture(report: Report, language: str) -> str:
    words = _WORDS[language]
    return "" if report.posture is None else words[Posture(report.posture).value]


def _exactness(report: Report, language: str) -> str:
    words = _WORDS[language]
    if report.precision == "exact":
        return words["exact"]
    if report.error_m >= 2000:
        return words["error_km"].format(km=f"{report.error_m / 1000:.0f}")
    return words["error"].format(m=f"{report.error_m:.0f}")


def _when(report: Report, language: str, *, zone: str, today: date) -> str:
    day, part = part_of(report.happened.start, report.happened.end, zone=zone)
    told = f"{day.day} {_MONTHS[language][day.month - 1]}" + (f" {day.year}" if day.year != today.year else "")
    return f"{told} {_WORDS[language].get(part, part)}".strip()


def place_words(lon: float, lat: float, settlements: Sequence[Settlement], *, language: str) -> str:
    """Where a spot is by the nearest settlement; nothing where there is none."""
    ways = [(way_m(lon, lat, *one.at), one) for one in settlements]
    if not ways:
        return ""
    way, place = min(ways, key=lambda one: math.hypot(*one[0]))
    km = math.hypot(*way) / 1000
    name = place.names.get(language) or place.name
    words = _WORDS[language]
    if km < max(AT_KM, (place.radius_m or 0.0) / 1000):
        return words["at"].format(place=name)
    if km < NEAR_KM:
        return words["near"].format(place=name)
    return words["off"].format(km=f"{km:.0f}", wind=WINDS[language][eighth(*way)], place=name)
