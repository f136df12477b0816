"""How often one client may ask: a token bucket for each address. Pure: the time is an argument.

A bucket holds `burst` tokens and gains `rate` a second; a request takes one. What an address is: of IPv4
itself, of IPv6 its first 64 bits, for the rest is the client's own to choose.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

MOST_ADDRESSES = 10_000
"""Buckets kept; the one not asked for longest goes first, and an address that comes back finds a full one."""


class Buckets:
    """A bucket for each address that asked of late."""

    def __init__(self, rate: float, *, burst: float | None = None, most: int = MOST_ADDRESSES) -> None:
        self.rate = rate
        self.burst = max(1.0, 10 * rate if burst is None else burst)
        self._most = most
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str, now: float) -> float:
        """Take a token for a request at `now` (seconds of any steady clock); 0, or how long until there is one."""
        key = client(address)
        tokens, then = self._held.pop(key, (self.burst, now))
        tokens = min(self.burst, tokens + self.rate * max(0.0, now - then))
        allowed = tokens >= 1
        self._held[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self.rate

    def __len__(self) -> int:
        return len(self._held)


def client(address: str) -> str:
    """Who an address is for the count; a text that is no address is one client of its own."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "?"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped) if found.ipv4_mapped else f"{found.exploded[:19]}::/64"


def is_this_machine(address: str) -> bool:
    """Whether an address is a loopback one, also as IPv6 writes those of IPv4."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback
