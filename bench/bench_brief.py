"""What a brief takes, by the clock and by the processor: each part in turn, then the whole command several times.

    python bench/bench_brief.py THEATRE DATE [--language uk] [--times 5] [--site SITE]

Prints one JSON document. A theatre as `isofront demo` leaves it (build/demo/theatre, 2025-11-04) is the reference. The
parts are worked out one after the other in this process; the command works some of them at once, and draws in another
process. Of the command the least of several times counts: `taskset -c 0,1` before all of it gives two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOOK: dict[str, tuple[float, float]] = {}


def timed(name: str, call: Callable[[], Any]) -> Any:
    """What a call gives; its seconds by the clock and by this process's processor are kept."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = call()
    TOOK[name] = (round(time.perf_counter() - clock, 2), round(time.process_time() - cpu, 2))
    return found


def loaded() -> None:
    """What every brief loads first, as the command does."""
    from isofront.late_modules import load_late

    load_late()
    import isofront.cli.brief
    import isofront.engine
    import isofront.engine.brief  # noqa: F401


def parts(folder: Path, on: str, language: str) -> dict[str, int]:
    """Each part of a private brief in turn; how much there is in it."""
    timed("start-up", loaded)
    from isofront.cli.brief import _book, _gap, _page
    from isofront.cli.brief_drawn import Begun, Located
    from isofront.cli.elsewhere import Elsewhere
    from isofront.cli.map import moment
    from isofront.engine import drafts
    from isofront.engine.brief import measured_of, told_of
    from isofront.publish.brief_pages import html, markdown
    from isofront.publish.brief_pdf import brief_pdf

    draft = timed("draft", lambda: next(iter(drafts(folder, [moment(on, option="DATE")]))))
    timed("drawing", lambda: draft.drawing)
    measured = timed("necks, and what moved", lambda: measured_of(draft))
    told = timed("other facts", lambda: told_of(measured))
    begun, book = (
        Begun.of(draft, Located.of(draft.ground.theatre, language, Elsewhere(None))),
        _book(draft.ground.theatre, language, None),
    )
    begun = begun.with_gap(timed("gap, its series", lambda: _gap(measured, book)))
    for name, drawn in begun.drawn().items():
        timed(f"{name}, as drawn elsewhere", drawn)
    page, worded = timed("words, and all pictures again", lambda: _page(told, book, begun, measured.gap_place))
    timed("markdown and html", lambda: (markdown(page), html(page)))
    content = timed("pdf", lambda: brief_pdf(page))
    return {
        "sentences": sum(len(one.lines) for one in worded.sections),
        "sources": len(worded.ids),
        "pdf bytes": len(content),
    }


def command(*words: str, times: int) -> dict[str, list[float]]:
    """Seconds of the command by the clock and by the processor (its other process's too), the least first.

    A first run is not counted: what Python and numba compile is kept after it, as on any machine where it ran once.
    """
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    clocks, cpus = [], []
    for n in range(times + 1):
        with tempfile.TemporaryDirectory() as out:
            asked = [sys.executable, "-m", "isofront", "brief", *words, "--out", out]
            clock, before = time.perf_counter(), os.times()
            subprocess.run(asked, check=True, env=usual, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = os.times()
        if n == 0:
            continue
        clocks.append(round(time.perf_counter() - clock, 2))
        used = after.children_user + after.children_system - before.children_user - before.children_system
        cpus.append(round(used, 2))
    return {"clock": sorted(clocks), "processor": sorted(cpus)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("theatre", type=Path)
    asked.add_argument("on")
    asked.add_argument("--language", default="en")
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--site", help="also a public brief of this site")
    told = asked.parse_args()
    size = parts(told.theatre, told.on, told.language)
    whole = ("--on", told.on, "--language", told.language)
    document: dict[str, Any] = {"parts (clock, processor)": TOOK, **size}
    document["command"] = command("--theatre", str(told.theatre), *whole, times=told.times)
    if told.site:
        document["public"] = command("--public", "--site", told.site, *whole, times=told.times)
    print(json.dumps(document))


if __name__ == "__main__":
    main()
