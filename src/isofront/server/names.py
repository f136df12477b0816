"""By which names the server is asked, and how its links begin.

On this machine alone it answers to this machine's names and to no other, so that a page on the web cannot reach it by
a name of its own. In public it answers to those, to the address it listens on and to the one that readers use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from isofront.errors import UsageError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses of this machine, as `--host` names them."""
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """`url` is the address that readers use, if it is another than the one asked for; `hosts` are names, no ports."""

    hosts: tuple[str, ...] = OWN_NAMES
    url: str | None = None

    def knows(self, host: str) -> bool:
        """Whether a `Host` header is one of ours; on any port, for a tunnel may have another."""
        found = _HOST.fullmatch(host)
        return found is not None and found[1].lower() in self.hosts

    def base(self, host: str) -> str:
        """What links begin with, without a slash at the end."""
        return self.url or f"http://{host.lower()}"


def names_of(host: str, url: str | None) -> Names:
    """The names of a public server that listens on `host` and that readers know as `url`.

    Raises:
        UsageError: it listens on all addresses and nobody said by which name it is asked, or `url` is none.
    """
    public = None if url is None else _checked(url)
    if host in ("0.0.0.0", "::", "") and public is None:
        raise UsageError(f"--host {host}: wanted --url as well, the address that readers use")
    own = () if host in ("0.0.0.0", "::", "", *LOOPBACK) else (f"[{host}]" if ":" in host else host,)
    told = () if public is None else (urlsplit(public).netloc,)
    hosts = (*OWN_NAMES, *(one.lower() for one in own), *(re.sub(r":\d+$", "", one).lower() for one in told))
    return Names(tuple(dict.fromkeys(hosts)), public)


def _checked(url: str) -> str:
    """The address without a slash at its end."""
    found = re.fullmatch(r"(https?)://([^/?#]+)((?:/[\w.~-]+)*)/?", url, re.ASCII)
    if found is None or not _HOST.fullmatch(found[2]):
        raise UsageError(f"--url {url!r}: wanted an address such as https://maps.example.org")
    return f"{found[1]}://{found[2].lower()}{found[3]}"
