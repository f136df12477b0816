"""Read-only HTTP over states that somebody approved, as OGC API – Features (core, GeoJSON, CRS84).

In: a `Shelf`, filled from the files of map folders or from features that the caller hands over. Out: answers to GET and
HEAD, on this machine alone: other hosts' names and addresses are refused. `answered` is pure (a request in, a response
out); `Served` puts it on a port. This room knows files and shapes, never the engine, sources or control: a bad model
cannot stop it, and what it shows was written before.
"""

from isofront.server.answers import Request, Response, answered
from isofront.server.port import LOOPBACK, Served
from isofront.server.shelf import Collection, Item, Shelf, read_folder

__all__ = [
    "LOOPBACK",
    "Collection",
    "Item",
    "Request",
    "Response",
    "Served",
    "Shelf",
    "answered",
    "read_folder",
]
