"""The words that mappers use, and what they mean here. English only: a theatre's own words are its sides' names."""

from __future__ import annotations

import re

from isofront.evidence.report import Kind, LocationOf, Means, Posture

KINDS = {kind.value: kind for kind in Kind}

MEANS = {means.value: means for means in Means} | {
    "fpv drone": Means.FPV,
    "drone": Means.UNKNOWN,
    "bomber": Means.BOMBER_DRONE,
    "drone drop": Means.BOMBER_DRONE,
    "drop": Means.BOMBER_DRONE,
    "bomber_drone": Means.BOMBER_DRONE,
    "mortar": Means.ARTILLERY,
    "mlrs": Means.ARTILLERY,
    "gun": Means.ARTILLERY,
    "kab": Means.GLIDE_BOMB,
    "umpk": Means.GLIDE_BOMB,
    "glide_bomb": Means.GLIDE_BOMB,
    "airstrike": Means.UNKNOWN,
    "rifle": Means.SMALL_ARMS,
    "small_arms": Means.SMALL_ARMS,
    "tank": Means.ARMOUR,
    "armor": Means.ARMOUR,
    "armoured vehicle": Means.ARMOUR,
    "mines": Means.MINE,
}

POSTURES = {posture.value: posture for posture in Posture} | {
    "move": Posture.MOVING,
    "advancing": Posture.MOVING,
    "walking": Posture.MOVING,
    "driving": Posture.MOVING,
    "hold": Posture.HOLDING,
    "static": Posture.HOLDING,
    "dug_in": Posture.DUG_IN,
    "dug-in": Posture.DUG_IN,
    "entrenched": Posture.DUG_IN,
    "prisoner": Posture.CAPTURED,
    "prisoners": Posture.CAPTURED,
    "pow": Posture.CAPTURED,
    "pows": Posture.CAPTURED,
    "surrendered": Posture.CAPTURED,
    "surrendering": Posture.CAPTURED,
    "detained": Posture.CAPTURED,
    "wrecked": Posture.WRECK,
    "wreckage": Posture.WRECK,
    "destroyed": Posture.WRECK,
    "burnt out": Posture.WRECK,
    "burned out": Posture.WRECK,
    "abandoned": Posture.WRECK,
}

LOCATIONS = {place.value: place for place in LocationOf} | {
    "subject": LocationOf.TARGET,
    "object": LocationOf.TARGET,
    "observer": LocationOf.CAMERA,
    "operator": LocationOf.CAMERA,
    "launch": LocationOf.CAMERA,
}

PRECISION_M = {
    "exact": 50.0,
    "building": 50.0,
    "position": 50.0,
    "street": 150.0,
    "field": 300.0,
    "treeline": 300.0,
    "district": 1000.0,
    "settlement": 1500.0,
    "village": 1500.0,
    "town": 2500.0,
    "city": 4000.0,
    "area": 5000.0,
    "region": 15000.0,
}
"""One standard deviation of the location in metres, where a row gives a word and no number."""

UNSTATED_ERROR_M = 1000.0
"""The same where a row gives neither."""
DRAWN_ERROR_M = 50.0
"""The same of a line or an area: whoever drew one knew where it was."""

DRONE_IN_FLIGHT = "drone in flight"
AIRCRAFT_IN_FLIGHT = "aircraft in flight"

_DRONE = re.compile(
    r"(fpv|recon(naissance)?|fixed[- ]wing|enemy|bomber|attack|interceptor|loitering|shahed|geran|[a-z]{2,12})?[ -]?"
    r"(drones?|uavs?|uas|quad(ro)?copters?|multicopters?|loitering munitions?|shaheds?|gerans?|fpvs?)"
    r"( (in (the )?(flight|air)|airborne|flying|mid-?air|intercepted|shot down|downed))?"
)
_AIRCRAFT = re.compile(r"\b(helicopters?|aircraft|jets?|planes?|missiles?|bombs?)\b")
_IN_THE_AIR = re.compile(r"\b(in (the )?(flight|air)|airborne)$")
"""Looked for apart: of many aircraft, one pattern would try for each whether the words after it end so."""
_PEOPLE = re.compile(r".*\b(crews?|teams?|operators?|pilots?|units?|positions?|launch\w*|depot|base|antenna\w*)\b.*")
_WRECK = re.compile(r".*\b(wreck\w*|burn(t|ed)[- ]out|abandoned|hulks?|scrap)\b.*")
_PRISONER = re.compile(r".*\b(pows?|prisoners?( of war)?|captives?|surrender\w*|captured (soldiers?|men|troops))\b.*")


def plain(word: str) -> str:
    """A word as the tables spell it."""
    return " ".join(word.strip().casefold().split())


def target_of(text: str) -> str:
    """The target's words; whatever flies becomes `… in flight`, because it shows nobody on the ground."""
    target = plain(text)
    if _PEOPLE.fullmatch(target):
        return target
    if _DRONE.fullmatch(target):
        return DRONE_IN_FLIGHT
    flies = _IN_THE_AIR.search(target)
    return AIRCRAFT_IN_FLIGHT if flies and _AIRCRAFT.search(target, 0, flies.start()) else target


def posture_of_target(target: str) -> Posture | None:
    """Wreck or captured, where the target's own words say so."""
    if _PRISONER.fullmatch(target):
        return Posture.CAPTURED
    return Posture.WRECK if _WRECK.fullmatch(target) else None
