"""Other people's event feeds in, rows of evidence out: who was seen where and when, as far as the feed tells.

In: a file as its maker wrote it (GeoConfirmed, ACLED, UCDP GED, VIINA, timemaps, Eyes on Russia, Atlos, FIRMS, daily
weather) and what the user's sides are called. Out: a stream of `Event` (a row of `spec/evidence-csv.md`), `LeftOut` and
`Fault`: every entry becomes one of them. One file per feed, pure; words and actors are data in `crosswalks/`.
"""

from isofront.feeds.entry import Event, Fault, LeftOut
from isofront.feeds.reading import Feeding, Wish, open_feed
from isofront.feeds.sides import Sides

__all__ = ["Event", "Fault", "Feeding", "LeftOut", "Sides", "Wish", "open_feed"]
