"""`isofront read --second-opinion`: the text goes to an address that the user named and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.reading import Reading
    from isofront.reading.second import Second

_PATH = "/chat/completions"


Ask = Callable[[str], list[Any]]
"""A piece of text to the raw drafts that come back."""


def opinion(reading: Reading, text: str, *, ask: Ask, address: str) -> Second:
    """Both readings side by side; says on stderr what is sent where, and what of the answer is not believed.

    Raises:
        UsageError: the text is too long to be sent.
        BadInputError: the address does not answer as it should.
    """
    from isofront.reading.second import MOST_PIECES, PIECE, pieces, second_opinion

    parts = pieces(text)
    if len(parts) > MOST_PIECES:
        most = MOST_PIECES * PIECE
        raise UsageError(f"--second-opinion: {len(text):,} letters, wanted at most {most:,}; nothing was sent")
    told: list[Any] = []
    for number, part in enumerate(parts, start=1):
        _say(f"sending {len(part):,} letters of the text to {address} ({number} of {len(parts)})")
        told += ask(part)
    found = second_opinion(reading, text, told)
    for one in found.dropped:
        _say(f"second opinion, not believed: {one.why}" + (f": …{' '.join(one.words.split())}…" if one.words else ""))
    return found


def asking(address: str, *, model: str | None, key_env: str | None, published: date | None) -> Ask:
    """How one piece of text is asked about; nothing is sent yet.

    Raises:
        UsageError: no model, no key, or an address that may not be asked.
    """
    from isofront.network import check_sending, posted
    from isofront.reading.second import answered, question

    if not model:
        raise UsageError("--second-opinion: wanted --model, the name of a model at that address")
    key = os.environ.get(key_env) if key_env else None
    if key_env and not key:
        raise UsageError(f"--key-env {key_env}: no such variable, or an empty one")
    whole = address.rstrip("/")
    whole = whole if whole.endswith(_PATH) else whole + _PATH
    check_sending(whole, key=key)

    def ask(piece: str) -> list[Any]:
        try:
            return answered(posted(whole, question(piece, model=model, published=published), key=key))
        except ValueError as fault:
            raise BadInputError(f"{whole:.120}: its answer cannot be read ({fault})") from fault

    return ask


def _say(words: str) -> None:
    print(f"isofront: {words}", file=sys.stderr, flush=True)
