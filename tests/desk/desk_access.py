"""What a screen reader and a tired eye need, looked for in the page as it stands: names, roles, relations, contrast.

An own, small stand-in for a checker: the widely used one is under a licence that the build's own rule does not let in.
"""

from pathlib import Path

AUDIT = Path(__file__).with_name("desk_access.js").read_text(encoding="utf-8").partition("\n")[2]
"""A script that returns the faults; none where all is well."""
