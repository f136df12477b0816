"""An invented war with two proposals in its queue, and what tests say to its desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine_war import SMALL, add, polygon, ring, rows, start

DAY = "2024-05-25"
LATE = datetime(2030, 1, 1, tzinfo=UTC)


def make_contested(folder: Path) -> Path:
    """A theatre where red was seen past the line in the south: never to be written to, only copied."""
    war = start(folder, polygon(ring()), words=[*SMALL[:3], "1000", *SMALL[4:]])
    file = war / "theatre.toml"
    small = file.read_text(encoding="utf-8").replace("51.0]", "50.3]")
    place = '[[settlements]]\nnames = { en = "Midtown" }\nat = [20.2, 50.1]\n'
    river = '[[barriers]]\nname = "Rill"\nkind = "river"\npermeability = 1.0\nline = [[20.19, 50.0], [20.195, 50.3]]\n'
    file.write_text(f"{small}\n{place}\n{river}", encoding="utf-8")
    told = rows(20, lon=20.15, lat=50.03)
    told[0] |= {"note": "SIMULATED <b>two</b> men by the mill", "url": "https://t.me/alder_watch_tv/1"}
    add(war, told)
    return war


def answer(queue: dict[str, Any], verdict: str, name: str, **more: Any) -> dict[str, Any]:
    """The body of an answer to a list."""
    return {
        "as_of": DAY, "head": queue["head"], "verdict": verdict, "id": name, "reason": "looked at the clips", **more,
    }  # fmt: skip
