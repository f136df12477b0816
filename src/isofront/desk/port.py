"""The desk on a port of this machine: the standard library's server, a thread for each connection, 127.0.0.1 alone."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from isofront.desk.access import Door
from isofront.desk.answers import MOST_BYTES, Received, Response, answered, problem, turned_away
from isofront.desk.desk import Desk
from isofront.errors import IsofrontError

LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0
"""A client that sends nothing for so long is hung up on."""
LEFT_S, LEFT_BYTES = 1.0, 1 << 20
"""So long, and so much, is what a refused client still sends listened to, so that the answer reaches it."""

_log = logging.getLogger("isofront.desk")


class Opened:
    """A desk being served, from entering to leaving; `url` is the address with the token in it."""

    def __init__(self, desk: Desk, *, port: int = 0, token: str | None = None) -> None:
        try:
            self._server = _Server((LOOPBACK, port), desk, token or secrets.token_urlsafe(32))
        except (OSError, OverflowError) as fault:
            reason = getattr(fault, "strerror", None) or fault
            raise IsofrontError(f"--port {port}: cannot be listened on ({reason}), wanted a free one, or 0") from fault
        self.door = self._server.door
        self.address = f"http://{LOOPBACK}:{self.door.port}"
        self.url = f"{self.address}/?token={self.door.token}"
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            self._server.serve_forever(poll_interval=0.2)
        finally:
            self._server.server_close()

    def __enter__(self) -> Opened:
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

    def __init__(self, address: tuple[str, int], desk: Desk, token: str) -> None:
        self.desk = desk
        super().__init__(address, _Handler)
        self.door = Door(self.server_port, token)

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
        _log.debug("a client went away")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    server: _Server

    def version_string(self) -> str:
        """Which program answers; not which version."""
        return "Isofront"

    def do_GET(self) -> None:
        """Answer."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        for name in ("host", "origin", "authorization"):
            if len(self.headers.get_all(name, [])) > 1:
                headers[name] = ""
        if headers.get("content-length", "0") != "0":
            away = turned_away(self.server.desk, self.server.door, Received(self.command, self.path, headers))
            if away is not None:
                self.close_connection = True
                return self._send(away)
        content = self._content(headers)
        if content is None:
            return None
        return self._send(self._answer(Received(self.command, self.path, headers, content)))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _content(self, headers: dict[str, str]) -> bytes | None:
        """The body; None if it was refused."""
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isascii() or not length.isdigit():
            self._refuse(411, "wanted a body of stated length")
        elif int(length) > MOST_BYTES:
            self._refuse(413, f"a body of {int(length):,} bytes, wanted {MOST_BYTES:,} at most")
        elif not int(length):
            return b""
        elif headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            self._refuse(415, "wanted application/json")
        else:
            return self.rfile.read(int(length))
        return None

    def _refuse(self, status: int, detail: str) -> None:
        self.close_connection = True
        self._send(problem(self.server.desk, status, detail))

    def _answer(self, received: Received) -> Response:
        try:
            return answered(self.server.desk, self.server.door, received)
        except Exception as fault:
            # The fault's own words could hold a coordinate: its kind and place are enough to mend it.
            _log.error("unexpected %s%s", type(fault).__name__, _where(fault))
            return problem(self.server.desk, 500, f"unexpected {type(fault).__name__} (a fault in Isofront)")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself, in our form."""
        self._refuse(405 if code == 501 else 400 if code == 505 else int(code), message or "not understood")

    def _send(self, response: Response) -> None:
        if getattr(self, "request_version", "HTTP/0.9") == "HTTP/0.9":
            self.request_version = "HTTP/1.0"  # or the status line would be left out
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing that is asked or answered is written down: addresses can hold places."""


def _where(fault: BaseException) -> str:
    """The line of our code in which it came up."""
    trace, place = fault.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "isofront" in code.co_filename:
            place = f" in {Path(code.co_filename).name}, {code.co_name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
