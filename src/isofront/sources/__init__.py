"""Users' files in, reports out: CSV, GeoJSON and NDJSON, by the columns of `spec/evidence-csv.md`.

In: a stream of bytes and the theatre's terms (sides, grades, bounds, dates, now). Out: for every row a `Found` report
or a `Refused` with column and reason; nothing is dropped in silence. No files, network or clock: streams are given.
"""

from isofront.sources.files import Reading, read_file
from isofront.sources.terms import Doubt, Found, Refused, Terms

__all__ = ["Doubt", "Found", "Reading", "Refused", "Terms", "read_file"]
