"""What a brief takes beyond its draft, by the clock and by the processor: facts, words and pictures, each page.

    python bench/bench_brief.py THEATRE DATE [language]

Prints one JSON document. A theatre as `isofront demo` leaves it (build/demo/theatre, 2025-11-04) is the reference.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from isofront.cli.brief import _page
from isofront.cli.map import moment
from isofront.engine import drafts
from isofront.engine_brief import told_of
from isofront.publish.brief_pages import html, markdown
from isofront.publish.brief_pdf import brief_pdf

WHOLE = "the whole command, its pictures drawn beside"
TOOK: dict[str, tuple[float, float]] = {}


def timed(name: str, call: Callable[[], Any]) -> Any:
    """What a call gives; its seconds are kept."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = call()
    TOOK[name] = (round(time.perf_counter() - clock, 2), round(time.process_time() - cpu, 2))
    return found


def main() -> None:
    theatre, on, *language = sys.argv[1:]
    day = moment(on, option="DATE")
    draft = timed("draft", lambda: next(iter(drafts(Path(theatre), [day]))))
    told = timed("facts", lambda: told_of(draft))
    page, worded = timed("words and pictures", lambda: _page(told, language[0] if language else "en", None))
    timed("markdown", lambda: markdown(page))
    timed("html", lambda: html(page))
    content = timed("pdf", lambda: brief_pdf(page))
    command = [sys.executable, "-m", "isofront", "brief", "--theatre", theatre, "--on", on, "--format", "html,pdf"]
    with tempfile.TemporaryDirectory() as out:
        timed(WHOLE, lambda: subprocess.run([*command, "--out", out], check=True, stdout=subprocess.DEVNULL))
    beyond = [round(sum(took[k] for name, took in TOOK.items() if name not in ("draft", WHOLE)), 2) for k in (0, 1)]
    document = {"seconds (clock, cpu)": TOOK, "beyond the draft": beyond, "sources": len(worded.ids)}
    print(
        json.dumps(document | {"sentences": sum(len(one.lines) for one in worded.sections), "pdf bytes": len(content)})
    )


if __name__ == "__main__":
    main()
