"""A small site of two editions, with claims: what a public brief is written from. Its war is thrown away."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine_war import add, rows
from publishing_war import SECRET, approve, begun, published, row

from isofront.cli import main
from isofront.engine.edition import Asked

FIRST, DAY = datetime(2024, 5, 15, tzinfo=UTC), datetime(2024, 5, 25, tzinfo=UTC)
LATER = datetime(2024, 7, 1, tzinfo=UTC)
SPEAKER, HIDDEN = "Halyna Example", "Oleh Unnamed"
CLAIMS = [
    {"id": "c-1", "speaker": SPEAKER, "about": "attackers-inside", "value": "200", "side": "red", "release": "public"},
    {"id": "c-2", "speaker": HIDDEN, "about": "attackers-inside", "value": "314", "side": "red", "release": "private"},
    {"id": "c-3", "speaker": SPEAKER, "about": "residents-remaining", "value": "1234", "release": "public"},
    {"id": "c-4", "speaker": SPEAKER, "about": "control", "status": "entered", "side": "red", "release": "public"},
    {"id": "c-5", "speaker": SPEAKER, "about": "control", "status": "encircled", "side": "blue", "release": "public"},
    {"id": "c-6", "speaker": SPEAKER, "about": "gap-width", "value": "5", "release": "public"},
    {"id": "c-7", "speaker": SPEAKER, "about": "gap-width", "value": "3", "revises": "c-6", "release": "public"},
]


def made_site(folder: Path) -> Path:
    """Red came in the south, then at Midtown; both days approved, published, and the war thrown away."""
    south = [one | {"note": SECRET, "url": "https://example.org/private"} for one in rows(12, lon=20.15, lat=50.03)]
    war = begun(folder, reports=south)
    approve(war, day="2024-05-15")
    asked = Asked(None, "invented", "invented")
    published(war, folder / "site", asked, on=FIRST, now=LATER)
    near = [
        row(f"mid{k}", 20.19 + 0.002 * (k % 5), 50.1 + 0.002 * (k % 3), day=f"2024-05-{18 + k % 6}",
            url="https://example.org/open", release="public" if k < 6 else "")
        for k in range(18)
    ]  # fmt: skip
    add(war, near, name="more.csv")
    _say(war)
    approve(war)
    published(war, folder / "site", asked, on=DAY, now=LATER + timedelta(hours=1))
    site = Path(shutil.copytree(folder / "site", folder / "elsewhere" / "site"))
    shutil.rmtree(war)
    return site


def _say(war: Path) -> None:
    path = war.parent / "claims.csv"
    names = sorted({name for one in CLAIMS for name in one} | {"place", "said_at", "interest"})
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(one | {"place": "Midtown", "said_at": "2024-05-20", "interest": "blue"} for one in CLAIMS)
    assert main(["claim", str(path), "--theatre", str(war), "--backfill"]) == 0
