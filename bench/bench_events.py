# ruff: noqa: E501 - rows of tables are as long as they are
"""500,000 event rows: other people's feeds into evidence files, and evidence files into the ledger.

    python bench/bench_events.py [--rows 500000] [--only FEED|add]

Invented rows of each feed's shape are written to a temporary folder, read by `isofront read-events`; evidence in
Isofront's own columns is added by `isofront add`. Prints rows a second of wall clock and of CPU time, and how much memory
each step added at its peak.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

TARGET_ROWS_PER_S = 20_000
START = datetime(2025, 1, 1, tzinfo=UTC)
THEATRE = """name = "bench"
bounds = [20.0, 45.0, 21.5, 45.8]
crs = "EPSG:32634"
protected_sides = []
[[sides]]
id = "red"
names = { en = "Redland" }
[[sides]]
id = "blue"
names = { en = "Bluemark" }
[anchor]
file = "anchor.geojson"
date = 2025-01-01T00:00:00Z
holder = "red"
"""
RING = [[20.7, 45.0], [21.5, 45.0], [21.5, 45.8], [20.7, 45.8], [20.7, 45.0]]


def spot(rng: random.Random) -> tuple[str, str]:
    return f"{rng.uniform(20.0, 21.5):.5f}", f"{rng.uniform(45.0, 45.8):.5f}"


def acled(n: int, rng: random.Random) -> Iterator[str]:
    yield "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,civilian_targeting,latitude,longitude,"
    yield "geo_precision,source,notes,tags\n"
    for i in range(n):
        lon, lat = spot(rng)
        day = START + timedelta(minutes=i)
        yield (
            f"R{i},{day:%Y-%m-%d},1,Battles,Armed clash,Military Forces of Redland,Military Forces of Bluemark,,{lat},{lon},1,Paper,"
            f'"On {day:%d %B}, forces clashed near a village, losses unknown.",\n'
        )


def firms(n: int, rng: random.Random) -> Iterator[str]:
    yield "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight,type\n"
    for i in range(n):
        lon, lat = spot(rng)
        when = START + timedelta(minutes=i)
        yield f"{lat},{lon},330.1,0.39,0.36,{when:%Y-%m-%d},{when:%H%M},N,VIIRS,n,2.0,290.1,2.5,D,0\n"


def geoconfirmed(n: int, rng: random.Random) -> Iterator[str]:
    yield "Date;Name;Faction;Origin;Latitude;Longitude;PlusCode;Description;Source;Geolocation;Equipment;EquipmentItems;Units;OrbatUnits;Id\n"
    texts = (
        "Bluemarkish FPV hits Redlandish soldier near the mill", "Redlandish position shelled", "truck targeted by drone",
        "Redlandish soldiers raise a flag in the village", "house destroyed by airstrike (rough location)",
    )  # fmt: skip
    for i in range(n):
        lon, lat = spot(rng)
        day = START + timedelta(minutes=i)
        yield f"{day:%Y-%m-%d}T00:00:00;;Bluemark;VID;{lat};{lon};;{rng.choice(texts)};https://t.example/a/{i};https://x.example/{i};;;;;id-{i}\n"


def viina(n: int, rng: random.Random) -> Iterator[str]:
    yield "event_id,date,time,geonameid,longitude,latitude,GEO_PRECISION,source,url,text,lang\n"
    for i in range(n):
        lon, lat = spot(rng)
        day = START + timedelta(minutes=i)
        yield f'{i},{day:%Y%m%d},00:00,7,{lon},{lat},ADM3,paper,https://news.example/{i},"Fight, they say",en\n'


def evidence(n: int, rng: random.Random) -> Iterator[str]:
    yield "id,happened_at,published_at,lon,lat,error_m,kind,seen,by,source,reliability,credibility,url,note\n"
    for i in range(n):
        lon, lat = spot(rng)
        when = START + timedelta(seconds=20 * i)
        side = rng.choice(("red", "blue"))
        yield (
            f"e-{i},{when:%Y-%m-%dT%H:%M:%SZ},{when + timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ},{lon},{lat},{rng.choice((50, 100, 300))},"
            f"{rng.choice(('position', 'strike', 'assault'))},{side},,{rng.choice('abc')},B,2,https://t.example/x/{i},a note\n"
        )


FEEDS: dict[str, Callable[[int, random.Random], Iterator[str]]] = {
    "acled": acled, "firms": firms, "geoconfirmed": geoconfirmed, "viina": viina,
}  # fmt: skip
SIDES = (
    "--side",
    "Military Forces of Redland=red",
    "--side",
    "Military Forces of Bluemark=blue",
    "--side",
    "Redlandish=red",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--only")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        step(asked.step, asked.rows)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for feed, rows in FEEDS.items():
            if asked.only in (None, feed):
                source = written(folder / f"{feed}.csv", rows(asked.rows, random.Random(1)))
                apart(feed, asked.rows, "read-events", str(source), "--out", str(folder / "out.csv"), *SIDES)
        if asked.only in (None, "add"):
            theatre(folder / "theatre")
            source = written(folder / "evidence.csv", evidence(asked.rows, random.Random(1)))
            apart("add", asked.rows, "add", str(source), "--theatre", str(folder / "theatre"), "--backfill")


def written(path: Path, parts: Iterator[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(parts)
    return path


def theatre(folder: Path) -> None:
    folder.mkdir()
    (folder / "theatre.toml").write_text(THEATRE, encoding="utf-8")
    shape = {"type": "Polygon", "coordinates": [RING]}
    feature = {"type": "Feature", "properties": {"class": "held", "side": "red"}, "geometry": shape}
    (folder / "anchor.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def apart(what: str, rows: int, *words: str) -> None:
    """One step in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, "--rows", str(rows), "--step", what]
    said = subprocess.run([*command, *(f"@{word}" for word in words)], check=True, capture_output=True, text=True)
    print(said.stdout.strip(), flush=True)


def step(words: list[str], rows: int) -> None:
    from isofront.cli import main as isofront

    what, *command = words
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        isofront([command[0][1:], "--help"])
    wall, cpu, before, other = time.perf_counter(), time.process_time(), peak_mb(), others_cpu_s()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        code = isofront([word[1:] for word in command])
    wall, cpu, other = time.perf_counter() - wall, time.process_time() - cpu, others_cpu_s() - other
    assert code == 0, said.getvalue()
    print(
        f"{what:13} {rows:,} rows: {rows / wall:8,.0f} rows/s, {rows / cpu:8,.0f} rows per CPU second, "
        f"{f'{other:.0f} s of CPU in other processes ({others_peak_mb():,.0f} MB each at most), ' if other > 1 else ''}"
        f"{peak_mb() - before:,.0f} MB more at the peak (target {TARGET_ROWS_PER_S:,} rows/s)"
    )


def others_cpu_s() -> float:
    """CPU seconds of processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def others_peak_mb() -> float:
    """The most memory that one of these processes took at its peak."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
