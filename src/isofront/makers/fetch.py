"""The network's one door for maps: an address that the user named, once, within limits; nothing else is fetched.

http and https alone, no proxy, no credentials or cookies, no more than a few redirects and none to another host, and
an end to size and time. What comes is a file like any other, and as little to be trusted.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from isofront.errors import BadInputError, UsageError

MAX_BYTES = 200_000_000
MAX_S = 120.0
WAIT_S = 20.0
MAX_REDIRECTS = 3
_CHUNK = 1 << 16


def is_address(text: str) -> bool:
    """Whether a word names something on the network rather than a file."""
    return text.casefold().startswith(("http://", "https://"))


def fetched(address: str, *, max_bytes: int = MAX_BYTES, max_s: float | int = MAX_S) -> tuple[str, bytes]:
    """A file's name and content.

    Raises:
        UsageError: it is no http(s) address, or holds a password.
        BadInputError: it cannot be fetched, leads elsewhere, or is too large or slow.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise UsageError(f"{address:.80}: wanted a plain http or https address, without a password in it")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameHost())
    request = urllib.request.Request(address, headers={"User-Agent": "isofront", "Accept-Encoding": "identity"})
    end = time.monotonic() + max_s
    try:
        with opener.open(request, timeout=min(WAIT_S, max_s)) as answer:
            return _name(address), _whole(answer, address, max_bytes=max_bytes, end=end)
    except (urllib.error.URLError, OSError, HTTPException, ValueError) as fault:
        raise BadInputError(f"{address:.120}: cannot be fetched ({fault})") from fault


def _whole(answer: Any, address: str, *, max_bytes: int, end: float | int) -> bytes:
    found = bytearray()
    while chunk := answer.read1(_CHUNK):
        found += chunk
        if len(found) > max_bytes:
            raise BadInputError(f"{address:.120}: more than {max_bytes:,} bytes, wanted at most that")
        if time.monotonic() > end:
            raise BadInputError(f"{address:.120}: not whole in time, wanted a quicker answer; fetch it another way")
    return bytes(found)


def _name(address: str) -> str:
    """What the file would be called: the last part of the address's path."""
    last = PurePosixPath(unquote(urlsplit(address).path)).name
    return "".join(letter for letter in last if letter.isprintable() and letter not in '/\\:*?"<>|')[-120:] or "map"


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same host, or from http to https there; any other is for the user to name."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(self, *told: Any) -> urllib.request.Request | None:
        """The next request, if it stays where the user pointed; `told` is the last one first, the new address last."""
        before, after = urlsplit(told[0].full_url), urlsplit(told[-1])
        upgrade = (before.scheme, after.scheme) == ("http", "https") and before.hostname == after.hostname
        if (before.scheme, before.netloc) != (after.scheme, after.netloc) and not upgrade:
            where = f"{after.scheme}://{after.hostname}"
            raise urllib.error.URLError(f"it leads on to {where}: name that address if you trust it")
        return super().redirect_request(*told)
