"""The network's one door: an address that the user named, once, within limits; nothing else is fetched or sent.

http and https alone, no proxy, no cookies, no more than a few redirects and none to another host (none at all for what
is sent), and an end to size and time. What comes is a file like any other, and as little to be trusted.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from isofront.errors import BadInputError, UsageError

MAX_BYTES = 200_000_000
MAX_S = 120.0
WAIT_S = 20.0
MAX_REDIRECTS = 3
MAX_ANSWER = 4_000_000
_OWN = ("127.0.0.1", "::1", "localhost")
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
    _check(address)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameHost())
    request = urllib.request.Request(address, headers={"User-Agent": "isofront", "Accept-Encoding": "identity"})
    end = time.monotonic() + max_s
    try:
        with opener.open(request, timeout=min(WAIT_S, max_s)) as answer:
            return _name(address), _whole(answer, address, max_bytes=max_bytes, end=end)
    except (urllib.error.URLError, OSError, HTTPException, ValueError) as fault:
        raise BadInputError(f"{address:.120}: cannot be fetched ({fault})") from fault


def posted(
    address: str, content: bytes, *, key: str | None = None, max_bytes: int = MAX_ANSWER, max_s: float | int = MAX_S
) -> bytes:
    """What an address answers to JSON that is sent to it; `key` goes in an `Authorization` header, over https alone
    unless it is this machine's.

    Raises:
        UsageError: it is no http(s) address, holds a password, or a key would go over the network unencrypted.
        BadInputError: it cannot be reached, refuses, leads elsewhere, or answers too much or too slowly.
    """
    check_sending(address, key=key)
    headers = {"User-Agent": "isofront", "Accept-Encoding": "identity", "Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Nowhere())
    request = urllib.request.Request(address, data=content, headers=headers, method="POST")
    end = time.monotonic() + max_s
    try:
        with opener.open(request, timeout=max_s) as answer:
            return _whole(answer, address, max_bytes=max_bytes, end=end)
    except urllib.error.HTTPError as fault:
        raise BadInputError(f"{address:.120}: refuses with status {fault.code}") from None  # its words may hold the key
    except (urllib.error.URLError, OSError, HTTPException, ValueError) as fault:
        raise BadInputError(f"{address:.120}: cannot be asked ({fault})") from None


def check_sending(address: str, *, key: str | None) -> None:
    """That a request to an address may carry a key, if there is one.

    Raises:
        UsageError: it is no http(s) address, holds a password, or the key would go over the network unencrypted.
    """
    parts = _check(address)
    if key and parts.scheme == "http" and parts.hostname not in _OWN:
        raise UsageError(f"{address:.80}: a key is sent over https alone, wanted such an address")


def _check(address: str) -> SplitResult:
    """The parts of an address that may be asked."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme in ("http", "https") and parts.hostname and not (parts.username or parts.password)
    except ValueError:
        plain = False
    if not plain:
        raise UsageError(f"{address:.80}: wanted a plain http or https address, without a password in it")
    return parts


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


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """What is sent goes where the user said and nowhere else."""

    def redirect_request(self, *told: Any) -> urllib.request.Request | None:
        """None is followed."""
        raise urllib.error.URLError(f"it leads on to {urlsplit(told[-1]).hostname}: name that address if you trust it")
