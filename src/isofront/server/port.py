"""The shelf on a port of this machine: loopback only."""

from __future__ import annotations

import logging
import socket
from typing import Any

from isofront.errors import UsageError
from isofront.loopback import Handler, Loopback, Running
from isofront.server.answers import METHODS, Request, Response, answered, problem
from isofront.server.shelf import Shelf

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses that may be listened on: nothing here is fit to leave this machine."""

_log = logging.getLogger("isofront.server")


class Served(Running):
    """A shelf being served, from entering to leaving; `url` says where."""

    def __init__(self, shelf: Shelf, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if host not in LOOPBACK:
            raise UsageError(f"--host {host}: maps that are PRIVATE stay on this machine, wanted {', '.join(LOOPBACK)}")
        family = socket.AF_INET6 if host == "::1" else socket.AF_INET
        server = _Server(("127.0.0.1" if host == "localhost" else host, port), shelf, family)
        super().__init__(server)
        shown = "[::1]" if host == "::1" else host
        self.url = f"http://{shown}:{server.server_port}"


class _Server(Loopback):
    log = _log

    def __init__(self, address: tuple[str, int], shelf: Shelf, family: socket.AddressFamily) -> None:
        self.address_family = family
        self.shelf = shelf
        super().__init__(address, _Handler)


class _Handler(Handler):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802
        """Answer."""
        several = len(self.headers.get_all("host", [])) != 1
        headers = {name.lower(): value for name, value in self.headers.items()}
        if several:
            headers["host"] = ""
        self._send(answered(self.server.shelf, Request(self.command, self.path, headers)))

    do_HEAD = do_GET  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself, in our form; a method that nobody knows is not allowed."""
        status = 405 if code == 501 else 400 if code == 505 else int(code)
        self.close_connection = True
        detail = f"read-only: wanted {' or '.join(METHODS)}" if status == 405 else message or "not understood"
        self._send(problem(self.server.shelf, status, detail))

    def _send(self, response: Response) -> None:
        if self._has_body():
            self.close_connection = True
        self.send(response.status, response.headers, response.body)

    def _has_body(self) -> bool:
        """Whether the request brought a body, which is not read: the next request cannot follow on the same line."""
        headers = getattr(self, "headers", None)
        return headers is not None and any(name in headers for name in ("content-length", "transfer-encoding"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """One line per request, for those who ask for more words."""
        _log.info("%s %s", self.address_string(), format % args)
