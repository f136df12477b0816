"""Thirty invented posts about the invented war of Alder, as channels write them; every one SIMULATED."""

from __future__ import annotations

from collections.abc import Iterator

from isofront.ground.grid import to_km


def _dms(value: float, letters: str) -> str:
    seconds = round(value * 3600, 1)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60):02d}'{seconds % 60:04.1f}\"{letters}"


def _utm(lon: float, lat: float) -> tuple[float, float]:
    east, north = to_km([lon], [lat], crs="EPSG:32632")
    return float(east[0]) * 1000, float(north[0]) * 1000


def _mgrs(lon: float, lat: float) -> str:
    east, north = _utm(lon, lat)
    column = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[32 % 3][int(east // 1e5) - 1]
    row = "ABCDEFGHJKLMNPQRSTUV"[(int(north // 1e5) + 5) % 20]
    return f"32U {column}{row} {int(east % 1e5):05d} {int(north % 1e5):05d}"


def _forms(lon: float, lat: float) -> tuple[str, ...]:
    east, north = _utm(lon, lat)
    return (
        f"{lat:.5f}, {lon:.5f}", f"{lon:.5f} {lat:.5f}", f"{lat:.5f}; {lon:.5f}".replace(".", ","),
        f"{_dms(lat, 'N')} {_dms(lon, 'E')}", f"N{lat:.5f} E{lon:.5f}", _mgrs(lon, lat),
        f"UTM 32N {east:.0f} {north:.0f}",
        f"https://www.google.com/maps/place/X/@1.5,2.5,9z/data=!8m2!3d{lat:.6f}!4d{lon:.6f}",
        f"https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=15/1.2/3.4", f"geo:{lat:.5f},{lon:.5f}",
    )  # fmt: skip


_WANTED: tuple[dict[str, str], ...] = (
    {"kind": "strike", "seen": "east", "by": "west", "means": "fpv", "precision": "exact"},
    {"kind": "strike", "seen": "west", "by": "east", "means": "artillery", "posture": "dug in", "precision": "street"},
    {"kind": "position", "seen": "east", "by": "east", "posture": "holding", "precision": "exact"},
    {"kind": "infiltration", "seen": "east", "by": "east", "posture": "moving", "precision": "treeline"},
    {"kind": "assault", "seen": "west", "by": "west", "means": "armour", "posture": "moving", "precision": "exact"},
    {"kind": "strike", "seen": "east", "by": "west", "means": "bomber drone", "posture": "wreck", "precision": "exact",
     "location_of": "camera"},
    {"kind": "flag", "seen": "west", "by": "west", "precision": "exact"},
    {"kind": "strike", "seen": "", "by": "east", "means": "glide bomb", "precision": "settlement"},
    {"kind": "position", "seen": "west", "by": "west", "posture": "captured", "precision": "street"},
    {"kind": "activity", "seen": "east", "by": "east", "precision": "area"},
)  # fmt: skip
_WORDS = (
    "Удар FPV біля Вільхи",
    "Drone footage near Birch Ferry",
    "Позиція у посадці",
    "Geolocated:",
    "Кадри з 18 травня",
)


def posts() -> Iterator[tuple[str, str, tuple[float, float], dict[str, str]]]:
    """Text, link, lon and lat, and the row that a mapper makes of it."""
    for i in range(30):
        lon, lat = 10.02 + 0.0117 * i, 50.015 + 0.0053 * ((i * 7) % 30)
        link = f"https://t.me/{('alder_watch_tv', 'birch_ferry_live', 'cedarnews')[i % 3]}/{5000 + i}"
        day = 10 + i % 9
        when = (f"{day:02d}.05.2021", f"2021-05-{day:02d} 14:{i:02d}", f"{day} травня 2021")[i % 3]
        form = _forms(lon, lat)[i % 10]
        text = f"{_WORDS[i % 5]} {when}\n{form}\n{link} SIMULATED"
        yield text, link, (lon, lat), _WANTED[(i * 3) % 10]
