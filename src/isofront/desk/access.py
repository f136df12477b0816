"""Who may ask: this machine's own browser, on the page that was opened with the token, and nobody else. Pure.

Three walls, each enough by itself against what it is for: the `Host` must be our own address (a name that an attacker
points at 127.0.0.1 is none), nothing that another site's page sends is answered (`Origin`, `Sec-Fetch-Site`), and every
request carries the token of this run, in a cookie that no script can read or in an `Authorization` header.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

API = "/api/"
OWN_HEADER = "x-isofront-desk"
"""A header that another site's page cannot send without being asked first whether it may; it may not."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the desk is: its port, and the token of this run."""

    port: int
    token: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """What `Host` may say."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies know no ports, so that the name does."""
        return f"isofront_desk_{self.port}"

    @property
    def set_cookie(self) -> str:
        """The header that leaves the token with the browser until it is closed."""
        return f"{self.cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"


def refusal(door: Door, path: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
    """Status and reason where a request is not for us or not from us; None where it may be answered.

    `headers` have names in small letters.
    """
    if headers.get("host", "").lower() not in door.hosts:
        return 421, f"this desk answers to {door.hosts[0]} alone"
    if foreign := _foreign(door, path, headers):
        return 403, foreign
    if not holds_token(door, headers):
        return 401, "no token, or one of another run: open the address that `isofront desk` printed"
    if path.startswith(API) and OWN_HEADER not in headers:
        return 403, f"a request without {OWN_HEADER} is not from the desk's page"
    return None


def _foreign(door: Door, path: str, headers: Mapping[str, str]) -> str | None:
    """What shows that another site's page asks."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in door.hosts}:
        return "asked by another site"
    # A typed address has no site ("none"): it may open the page, never the API.
    wanted = ("same-origin",) if path.startswith(API) else ("same-origin", "none")
    if site is not None and site not in wanted:
        return "asked by another site"
    return None


def opens(door: Door, token: str) -> bool:
    """Whether a token is this run's; takes the same time whatever is wrong with it."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), door.token.encode())


def holds_token(door: Door, headers: Mapping[str, str]) -> bool:
    """Whether a request carries the token."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return opens(door, given.strip())
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(door.cookie)
    except CookieError:
        return False
    return morsel is not None and opens(door, morsel.value)
