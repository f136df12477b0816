"""A small invented war that somebody approves and publishes, driven through the command line and the library."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine_war import SMALL, add, polygon, ring, rows, start

from isofront.cli import main
from isofront.engine.edition import Asked, Made
from isofront.engine.publish import Release, release_of
from isofront.engine.site import edition_of, publish_release
from isofront.publish.in_place import GZIP

DAY = datetime(2024, 5, 25, tzinfo=UTC)
NOW = datetime(2024, 5, 28, 5, 40, tzinfo=UTC)
"""When the day's delay is over, and that of reports published late is not."""
LATER = NOW + timedelta(days=30)
SECRET = "Kestrel-7 saw it from the water tower"
PLACES = """
[[settlements]]
names = { en = "Midtown" }
at = [20.2, 50.1]

[[settlements]]
names = { en = "Westham" }
at = [20.08, 50.2]
"""


def begun(
    folder: Path, *, protect: str = "none", policy: str = "", reports: list[dict[str, object]] | None = None
) -> Path:
    """A theatre with reports, nothing decided."""
    words = [*SMALL[:3], "1000", *SMALL[4:]]
    words[words.index("--protect") + 1] = protect
    war = start(folder, polygon(ring()), words=words)
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("51.0]", "50.3]") + PLACES + policy, encoding="utf-8")
    add(war, rows(20, lon=20.15, lat=50.03) if reports is None else reports)
    return war


def row(
    name: str, lon: float, lat: float, *, seen: str = "red", day: str = "2024-05-20", **more: object
) -> dict[str, object]:
    """One exact sighting."""
    return {
        "id": name, "happened_at": day, "lon": lon, "lat": lat, "error_m": 60, "kind": "position", "seen": seen,
        "source": "s", "reliability": "B", "credibility": 2,
    } | more  # fmt: skip


def approve(war: Path, *, day: str = "2024-05-25", accept: bool = True) -> None:
    """Accept all that is proposed, and approve."""
    words = ["--accept", "all"] if accept else []
    told = ["--by", "nadia", "--reason", "looked at the clips"]
    assert main(["review", str(war), "--as-of", day, *words, "--approve", *told]) == 0


def released(war: Path, *, on: datetime = DAY, now: datetime = NOW, **more: Any) -> Release:
    return release_of(war, on, now=now, **more)


def files_of(war: Path, *, on: datetime = DAY, now: datetime = NOW) -> dict[str, bytes]:
    """Every public byte of an edition but the page's template."""
    return made(war, on=on, now=now).files


def made(war: Path, *, on: datetime = DAY, now: datetime = NOW) -> Made:
    return edition_of(released(war, on=on, now=now), Asked())


def features(files: dict[str, bytes], name: str) -> list[object]:
    """What a layer shows, without what the edition says of itself."""
    return json.loads(files[f"{name}.geojson"])["features"]


def published(war: Path, site: Path, asked: Asked | None = None, **more: Any) -> Made:
    return publish_release(released(war, **more), site, asked or Asked())


def plain_files(site: Path) -> dict[str, bytes]:
    """Every file of a site as a reader gets it."""
    found = {str(one.relative_to(site)): one.read_bytes() for one in sorted(site.rglob("*")) if one.is_file()}
    return {name: gzip.decompress(content) if name.endswith(GZIP) else content for name, content in found.items()}
