"""The shelf on a port of this machine: a few threads of the standard library's server, loopback only."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from isofront.errors import IsofrontError, UsageError
from isofront.server.answers import METHODS, Request, Response, answered, problem
from isofront.server.shelf import Shelf

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses that may be listened on: nothing here is fit to leave this machine."""

PATIENCE_S = 20.0
"""A client that sends nothing for so long is hung up on."""
LEFT_S, LEFT_BYTES = 1.0, 1 << 20
"""So long, and so much, is what a refused client still sends listened to, so that the answer reaches it."""

_log = logging.getLogger("isofront.server")


class Served:
    """A shelf being served, from entering to leaving; `url` says where."""

    def __init__(self, shelf: Shelf, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if host not in LOOPBACK:
            raise UsageError(f"--host {host}: maps that are PRIVATE stay on this machine, wanted {', '.join(LOOPBACK)}")
        family = socket.AF_INET6 if host == "::1" else socket.AF_INET
        try:
            self._server = _Server(("127.0.0.1" if host == "localhost" else host, port), shelf, family)
        except (OSError, OverflowError) as fault:
            reason = getattr(fault, "strerror", None) or fault
            raise IsofrontError(f"--port {port}: cannot be listened on ({reason}), wanted a free one, or 0") from fault
        shown = "[::1]" if host == "::1" else host
        self.url = f"http://{shown}:{self._server.server_address[1]}"
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            self._server.serve_forever(poll_interval=0.2)
        finally:
            self._server.server_close()

    def __enter__(self) -> Served:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], shelf: Shelf, family: socket.AddressFamily) -> None:
        self.address_family = family
        self.shelf = shelf
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name."""
        if os.name == "posix":  # elsewhere it would let another program take the port
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def shutdown_request(self, request: Any) -> None:
        """Hang up once the client has: to close on bytes not yet read would destroy the answer on its way."""
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_WR)
            request.settimeout(LEFT_S)
            left = LEFT_BYTES
            while left > 0 and (part := request.recv(65536)):
                left -= len(part)
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no fault of ours."""
        _log.debug("a client went away", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    server: _Server

    def version_string(self) -> str:
        """Which program answers; not which version."""
        return "Isofront"

    def do_GET(self) -> None:
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
        if getattr(self, "request_version", "HTTP/0.9") == "HTTP/0.9":
            self.request_version = "HTTP/1.0"  # or the status line would be left out
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        if self._has_body():
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD" and response.status != 304:
            self.wfile.write(response.body)

    def _has_body(self) -> bool:
        """Whether the request brought a body, which is not read: the next request cannot follow on the same line."""
        headers = getattr(self, "headers", None)
        return headers is not None and any(name in headers for name in ("content-length", "transfer-encoding"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """One line per request, for those who ask for more words."""
        _log.info("%s %s", self.address_string(), format % args)
