"""Fail if anything that Isofront ships or runs on has a licence that would bind its users.

Checks what is installed: the distributions that the package needs, directly or not. (The page's modules are checked by
`npm run licences --prefix web`.)
Weak copyleft is met once: the GEOS library (LGPL) inside some wheels, which a user may replace.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

from packaging.requirements import Requirement

ALLOWED = re.compile(
    r"\b(apache|mit|mit-0|bsd|0bsd|isc|psf|python software foundation|mozilla|mpl-2\.0|zlib|unlicense|cc0|blueoak|hpnd"
    r"|cc-by-4\.0|bsl-1\.0|public domain|python-2\.0|mit-cmu|any-osi)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(
    r"\b(a?gpl|lgpl|sspl|busl|gnu|affero|general public|proprietary|non-?commercial|cc-by-nc)", re.IGNORECASE
)
GEOS_INSIDE = {"shapely": "GEOS", "pyogrio": "GEOS", "rasterio": "GEOS"}
"""Wheels that carry GEOS (LGPL-2.1) as a shared library of its own."""


class Part(NamedTuple):
    """One thing we ship or run on, and the licence it states."""

    name: str
    version: str
    licence: str


def fault(part: Part) -> str | None:
    """Why this licence cannot be taken, or None if it can."""
    if not part.licence.strip():
        return "states no licence"
    stated = part.licence
    if part.name.lower() in GEOS_INSIDE:
        stated = re.sub(r"lgpl-2\.1[\w.-]*", "", stated, flags=re.IGNORECASE)
    choices = [choice for choice in re.split(r"\bOR\b", stated) if not FORBIDDEN.search(choice)]
    if not choices:
        return "copyleft or closed"
    return None if any(ALLOWED.search(choice) for choice in choices) else "not on the list of known licences"


def python_parts(root: str = "isofront") -> Iterator[Part]:
    """Every distribution that `root` needs on this machine, directly or not."""
    waiting, seen = [root], {root}
    while waiting:
        name = waiting.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            yield Part(name, "?", "")
            continue
        if name != root:
            yield Part(found.metadata["Name"], found.version, stated_licence(found))
        for line in found.requires or ():
            need = Requirement(line)
            wanted = need.marker is None or need.marker.evaluate({"extra": ""})
            if wanted and (key := need.name.lower()) not in seen:
                seen.add(key)
                waiting.append(key)


def stated_licence(found: Distribution) -> str:
    """The SPDX expression, else the classifiers, else the first line of the licence field."""
    metadata = found.metadata.json
    if expression := metadata.get("license_expression"):
        return str(expression)
    classifiers = [line.rsplit("::", 1)[-1].strip() for line in metadata.get("classifier", ()) if "License ::" in line]
    free_text = str(metadata.get("license") or "").strip().splitlines()
    return " AND ".join(classifiers) or (free_text[0] if free_text else "")


def main() -> int:
    """Print every part and its licence; 1 if any cannot be taken."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--list", action="store_true", help="name every part")
    told = asked.parse_args()
    parts = sorted(python_parts())
    faults = [(part, why) for part in parts if (why := fault(part))]
    if told.list:
        for part in parts:
            print(f"{part.name} {part.version}: {part.licence}")
    for part, why in faults:
        print(f"{part.name} {part.version}: {part.licence or 'nothing'!r}: {why}", file=sys.stderr)
    print(f"licences: {len(parts)} parts checked, {len(faults)} cannot be taken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
