"""How the desk feels on a theatre of 200,000 reports: frames a second while panning, and how long answers take.

    python bench/bench_desk.py [--reports N] [--folder DIR]

Makes an invented theatre (all SIMULATED) in DIR or a temporary folder, opens its desk in headless Chromium on software
rendering, and drags the map with a real mouse with the reports clustered, near and far, with each panel's layers on it;
before and after, the same page with an empty map, which says what the machine draws at best. A *frame* is one of the
page's, a *move* a frame in which the map's picture changed; a picture slides while it is dragged and is now and then
*drawn anew*. CPU is that of the page and of the process that draws, for each move. Prints the server's peak memory too.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "desk"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "page"))

from browser import chromium_path, launch
from desk_pan import columns, dragged, map_of, passes, still
from desk_war import EAST, HEAD, NORTH, SOUTH, WEST, make_war

from isofront.desk import Desk, Opened
from isofront.intake import add_files

NOW = datetime(2021, 12, 31, 12, tzinfo=UTC)


def theatre(folder: Path, n: int) -> Path:
    """The small invented war with so many reports along its front, over half a year."""
    war: Path = make_war(folder / "war", n_reports=4)
    rng = np.random.default_rng(4)
    lon = np.clip(rng.normal(10.2, 0.03, n), WEST + 0.01, EAST - 0.01)
    lat = rng.uniform(SOUTH + 0.005, NORTH - 0.005, n)
    days = rng.integers(0, 200, n)
    path = folder / "many.csv"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD + "\n")
        for k in range(n):
            when = datetime(2021, 5, 2, 9, tzinfo=UTC) + timedelta(days=int(days[k]))
            side = "east" if lon[k] > 10.2 + rng.normal(0, 0.01) else "west"
            file.write(
                f"m{k},{when:%Y-%m-%dT%H:%M:%SZ},{when + timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ},{lon[k]:.5f},"
                f"{lat[k]:.5f},exact,strike,{side},,alder_watch,2,https://t.me/alder_watch_tv/{k},SIMULATED\n"
            )
    began = time.perf_counter()
    add_files(war, [path], backfill=True, now=NOW)
    print(f"{n:,} reports added in {time.perf_counter() - began:.0f} s", flush=True)
    return war


def panned(page: Page, name: str) -> None:
    """Drag with a real mouse, twice; the second counts, when glyphs and tiles are there."""
    still(page)
    dragged(page)
    still(page)
    print(f"{name:>28}: {dragged(page)}", flush=True)


def ceiling(browser: Browser, opened: Opened) -> None:
    """The same page with nothing on its map but the theatre's bounds: what this machine draws at best."""
    with map_of(browser, opened, columns(0), bare=True) as page:
        panned(page, "an empty map")
        print(f"{passes(page)} passes a drawing", flush=True)


def full(browser: Browser, opened: Opened) -> None:
    """The ledger's own reports, near and far, with the layers of each panel on it."""
    began = time.perf_counter()
    with map_of(browser, opened, None) as page:
        print(f"all reports drawn after {time.perf_counter() - began:.1f} s, {passes(page)} passes a drawing")
        panned(page, "the whole theatre")
        for panel in ("line", "why"):
            page.click(f"#tab-{panel}")
            panned(page, f"with the panel {panel}")
        for _ in range(3):
            page.locator("#map canvas").focus()
            page.keyboard.press("+")
            still(page)
        panned(page, "three steps nearer")


def measured(war: Path) -> None:
    """All measurements."""
    with Opened(Desk(war, editor="bench", now=lambda: NOW)) as opened, sync_playwright() as playwright:
        path = chromium_path()
        assert path is not None, "no Chromium"
        browser = launch(playwright, path)
        ceiling(browser, opened)
        full(browser, opened)
        ceiling(browser, opened)
        browser.close()


def main() -> None:
    """Make it and measure it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--reports", type=int, default=200_000)
    words.add_argument("--folder", type=Path)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measured(folder / "war" if (folder / "war").exists() else theatre(folder, asked.reports))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
