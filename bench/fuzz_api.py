"""Thousands of calls to a served site, made up by Schemathesis from the site's own description.

    python bench/fuzz_api.py --site SITE [--calls 10000]

Fails on any status of 5xx, and on an answer whose status, type, headers or schema the description does not tell. Prints
one JSON document: calls, seconds, faults.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from isofront.server import Served, Site

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
)
"""Not among them: that whatever fits a schema is taken. A box whose south lies north of its north is refused."""
EACH = 700


def round_of(url: str, n_each: int, seed: int) -> tuple[int, int, str]:
    """Calls made and calls that failed in one run, and what Schemathesis said."""
    words = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json", "--no-color"]
    words += ["--phases", "coverage,fuzzing", "--max-examples", str(n_each), "--seed", str(seed)]
    words += ["--checks", ",".join(CHECKS), "--continue-on-failure"]
    with tempfile.TemporaryDirectory() as home:  # it leaves its notes where it runs
        ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=home)
    found = re.search(r"(\d[\d,]*) generated", ran.stdout)
    passed = re.search(r"(\d[\d,]*) passed\n", ran.stdout[found.start() :] if found else "")
    calls = 0 if found is None else int(found[1].replace(",", ""))
    good = 0 if passed is None else int(passed[1].replace(",", ""))
    return calls, (calls - good) + (ran.returncode != 0), ran.stdout + ran.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--calls", type=int, default=10_000)
    asked = parser.parse_args()
    start, calls, faults, seed = time.monotonic(), 0, 0, 1
    with Served(Site(asked.site)) as served:
        while calls < asked.calls and not faults:
            # some fourteen addresses, and about forty calls for each that the description alone calls for
            n_each = max(1, min(EACH, (asked.calls - calls) // 14 - 40))
            made, wrong, said = round_of(served.url, n_each, seed)
            calls, faults, seed = calls + made, faults + wrong, seed + 1
            print(said if wrong else f"{calls:,} calls", file=sys.stderr)
            if not made:
                return 1
    print(json.dumps({"calls": calls, "seconds": round(time.monotonic() - start, 1), "faults": faults}))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
