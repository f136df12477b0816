"""Where a mapper works: a private page on this machine over a theatre's ledger and drafts.

In: a theatre's folder. Out: a page and a JSON API under `/api/` on 127.0.0.1 alone, behind a random token; whatever is
decided or entered becomes an entry in the ledger. `Desk` is what every topic works on; a topic (`entry`, `frame`, …) is
a module with a tuple `ROUTES` of `Route(method, path, function)`, named in `table`; `answered` turns a request into a
response, `Opened` puts it on a port. How to add a topic and its panel: `web/desk/README.md`.
"""

from isofront.desk.answers import Received, Response, answered
from isofront.desk.desk import Desk
from isofront.desk.port import Opened
from isofront.desk.routing import Request, Route
from isofront.desk.workshop import NotYet, Workshop

__all__ = ["Desk", "NotYet", "Opened", "Received", "Request", "Response", "Route", "Workshop", "answered"]
