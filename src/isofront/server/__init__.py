"""Read-only HTTP: editions for everybody, approved maps for this machine alone.

In: a `Site` (a folder that `publish` wrote), or a `Shelf` filled from the files of map folders or from features that
the caller hands over. Out: answers to GET and HEAD, as OGC API – Features, as lists, and a site's files. `answered`
takes a request and makes a response; `Served` puts that on a port, what is not public on one of this machine. This room
knows files and shapes, never the engine, sources or control: a bad model cannot stop it, and what it shows was written
before.
"""

from isofront.server.answers import answered
from isofront.server.map_files import read_folder
from isofront.server.message import Request, Response
from isofront.server.names import LOOPBACK
from isofront.server.port import Doorway, Served
from isofront.server.shelf import Collection, Item, Said, Shelf
from isofront.server.site import Site

__all__ = [
    "LOOPBACK",
    "Collection",
    "Doorway",
    "Item",
    "Request",
    "Response",
    "Said",
    "Served",
    "Shelf",
    "Site",
    "answered",
    "read_folder",
]
