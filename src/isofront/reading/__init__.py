"""Text in, drafts out: what an article seems to say of places, numbers, control and judgement, for a person to accept.

In: a text, the gazetteer, the day of publication, and a theatre's box where there is one. Out: a `Reading`: drafts in
the text's order, each with the words it came from, and what was not understood. Rules and word lists alone, one file a
language (`words/*.toml`); precision before recall. Pure: no network, no clock, and nothing is stored.
"""

from isofront.reading.draft import Bound, Draft, Reading, Speaker, Spot, Unread, What
from isofront.reading.reading import language_of, read_text

__all__ = ["Bound", "Draft", "Reading", "Speaker", "Spot", "Unread", "What", "language_of", "read_text"]
