"""Bad inputs by the thousand for every reader of event feeds: none may crash it, hang it or vanish unsaid.

    python bench/fuzz_events.py [--each 2000] [--seed 1]

Files are built to shape (tests/feeds/feeds_fuzz.py). Prints a line a shape.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "feeds"), str(TESTS / "makers")]

import feeds_fuzz  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    return 1 if sum(_shape(name, asked.each, asked.seed) for name in feeds_fuzz.names()) else 0


def _shape(name: str, each: int, seed: int) -> int:
    tally: Counter[str] = Counter()
    began = time.perf_counter()
    for number, content in enumerate(feeds_fuzz.bad_files(name, each, seed)):
        try:
            tally[feeds_fuzz.judged(name, content)] += 1
        except Exception as fault:
            tally["WRONG"] += 1
            kept = Path(tempfile.gettempdir()) / "isofront-fuzz-events" / f"{number}-{name}"
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(content)
            print(f"  {type(fault).__name__}: {fault!s:.300}: {kept}")
    print(f"{name:24} {each:6,} files in {time.perf_counter() - began:5.1f} s: {dict(tally)}", flush=True)
    return tally["WRONG"]


if __name__ == "__main__":
    sys.exit(main())
