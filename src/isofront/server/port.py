"""The shelf on a port: a private one on this machine alone, a published site wherever it is asked to listen.

In public every client has a bucket of requests and so many lines. This machine itself has none: a proxy in front is
this machine too. Told that there is one, the server counts by the address that the proxy adds.
"""

from __future__ import annotations

import contextlib
import logging
import math
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from isofront.errors import UsageError
from isofront.loopback import CHUNK, Handler, Loopback, Running, place_of
from isofront.server.answers import answered, problem
from isofront.server.message import METHODS, Part, Request, Response
from isofront.server.names import LOOPBACK, Names, names_of
from isofront.server.rate import Buckets, is_this_machine
from isofront.server.shelf import Shelf
from isofront.server.site import Site

RATE = 50.0
"""Requests a second that one address may keep up; ten times as many at once."""
MOST_LINES, MOST_LINES_EACH = 256, 64
"""Lines served at once in public, and of those for one address; whole towns may share one."""
MOST_REFUSED, REFUSED_S = 64, 1.0
"""So many lines that were told to come again stay open, so long, for the answer to reach them."""
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_log = logging.getLogger("isofront.server")


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where a server listens, as whom, and how often (a second) one address may ask; 0: as often as it likes."""

    host: str = "127.0.0.1"
    port: int = 0
    url: str | None = None
    rate: float = RATE
    behind_proxy: bool = False


class Served(Running):
    """A shelf or a published site being served, from entering to leaving; `url` says where.

    Raises:
        UsageError: what is private was to be served to other machines.
    """

    def __init__(self, what: Shelf | Site, door: Doorway | None = None) -> None:
        door = door or Doorway()
        if not isinstance(what, Site) and door.host not in LOOPBACK:
            raise UsageError(
                f"--host {door.host}: maps that are PRIVATE stay on this machine, wanted {', '.join(LOOPBACK)}"
            )
        server = _Server(what, door)
        super().__init__(server)
        shown = f"[{door.host}]" if ":" in door.host else door.host
        self.url = server.names.url or f"http://{'127.0.0.1' if shown == 'localhost' else shown}:{server.server_port}"


class _Server(Loopback):
    log = _log
    most_lines = MOST_LINES
    request_queue_size = MOST_LINES  # who finds no room among those who wait to be let in tries again a second later

    def __init__(self, what: Shelf | Site, door: Doorway) -> None:
        self.address_family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
        self._what = what
        self.site = what if isinstance(what, Site) else None
        self.names = names_of(door.host, door.url) if self.site else Names()
        self.behind_proxy = door.behind_proxy
        self._buckets = Buckets(door.rate) if self.site and door.rate > 0 else None
        self._counting, self._count = threading.Lock(), Counter[str]()
        self._refused: deque[tuple[float, Any]] = deque()
        super().__init__(("127.0.0.1" if door.host == "localhost" else door.host, door.port), _Handler)

    @property
    def shelf(self) -> Shelf:
        """What is served at the moment."""
        return self._what.snapshot().shelf if isinstance(self._what, Site) else self._what

    def wait_s(self, address: str) -> float:
        """How long a client has to wait before it may ask again; 0: it may."""
        if self._buckets is None or is_this_machine(address):
            return 0.0
        with self._counting:
            return self._buckets.wait_s(address, time.monotonic())

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for the line; one too many of one address, or of all, is told to come again."""
        address = str(client_address[0])
        with self._counting:
            own = not is_this_machine(address) and self._count[address] >= MOST_LINES_EACH
            is_full = own or self._count.total() >= 2 * MOST_LINES  # those that wait are hung up on before
            if not is_full:
                self._count[address] += 1
        if not is_full:
            try:
                return super().process_request(request, client_address)
            except BaseException:  # no thread could be started
                self._free(address)
                raise
        return self._refuse(request)

    def _refuse(self, line: Any) -> None:
        """Tell a line to come again, and close it later: who accepts lines must not wait for one that says nothing."""
        with contextlib.suppress(OSError):
            line.setblocking(False)
            line.sendall(_BUSY)
            line.shutdown(socket.SHUT_WR)
        self._refused.append((time.monotonic(), line))
        self.service_actions()

    def service_actions(self) -> None:
        """Close lines that were refused, once they had time to hear it or are too many."""
        while self._refused and (
            len(self._refused) > MOST_REFUSED or time.monotonic() - self._refused[0][0] > REFUSED_S
        ):
            self._hang_up(self._refused.popleft()[1])

    def _hang_up(self, line: Any) -> None:
        with contextlib.suppress(OSError):
            line.recv(65536)  # unread bytes would destroy the answer on its way
        self.close_request(line)

    def server_close(self) -> None:
        """Stop listening, and hang up on those that were refused."""
        super().server_close()
        for _, line in self._refused:
            self._hang_up(line)
        self._refused.clear()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """A line from beginning to end; its place is free after."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free(str(client_address[0]))

    def _free(self, address: str) -> None:
        with self._counting:
            self._count[address] -= 1
            self._count += Counter()  # without those at nothing


class _Handler(Handler):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802
        """Answer."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if len(self.headers.get_all("host", [])) != 1:
            headers["host"] = ""
        wait = self.server.wait_s(self._client(headers))
        if wait > 0:
            seconds = math.ceil(wait)
            return self._send(
                problem(
                    self.server.shelf, 429, f"asked too often; wait {seconds} s",
                    headers={"Retry-After": str(seconds)},
                )
            )  # fmt: skip
        return self._send(self._answer(Request(self.command, self.path, headers)))

    do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def _client(self, headers: dict[str, str]) -> str:
        """Who asks: behind a proxy on this machine, whom the proxy says."""
        address = str(self.client_address[0])
        if self.server.behind_proxy and is_this_machine(address):
            return headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
        return address

    def _answer(self, request: Request) -> Response:
        try:
            return answered(self.server.shelf, request, self.server.names, self.server.site)
        except Exception as fault:
            # The fault's own words could hold a coordinate: its kind and place are enough to mend it.
            _log.error("unexpected %s%s", type(fault).__name__, place_of(fault))
            return problem(self.server.shelf, 500, f"unexpected {type(fault).__name__} (a fault in Isofront)")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself, in our form; a method that nobody knows is not allowed."""
        status = 405 if code == 501 else 400 if code == 505 else int(code)
        self.close_connection = True
        detail = f"read-only: wanted {' or '.join(METHODS)}" if status == 405 else message or "not understood"
        self._send(problem(self.server.shelf, status, detail))

    def _send(self, response: Response) -> None:
        if self._has_body():
            self.close_connection = True
        if response.part is None:
            return self.send(response.status, response.headers, response.body)
        with response.part.handle:
            return self.send(response.status, response.headers, _chunks(response.part), n_bytes=response.part.n_bytes)

    def _has_body(self) -> bool:
        """Whether the request brought a body, which is not read: the next request cannot follow on the same line."""
        headers = getattr(self, "headers", None)
        return headers is not None and any(name in headers for name in ("content-length", "transfer-encoding"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """One line per request, for those who ask for more words; never who asked."""
        _log.info(format, *args)


def _chunks(part: Part) -> Iterator[bytes]:
    """A file's part; if it became shorter meanwhile the line breaks off, and the client knows."""
    part.handle.seek(part.start)
    left = part.n_bytes
    while left > 0:
        chunk = part.handle.read(min(CHUNK, left))
        if not chunk:
            raise ConnectionAbortedError("a file became shorter")
        left -= len(chunk)
        yield chunk
