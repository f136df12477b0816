"""A small HTTP server for this machine alone, which no client can hold up: what `desk` and `serve` have in common.

The standard library's server, a thread for each connection. A client has so long to send a request, however it spreads
its bytes; so long to take the answer; and when there are too many lines, the one that has said nothing longest is hung
up on, so that slow clients shut nobody else out and pile up no threads.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from isofront.errors import IsofrontError

R = TypeVar("R", bound="Running")
IDLE_S = 60.0
"""A client that asks nothing more for so long is hung up on."""
REQUEST_S = 20.0
"""A client has so long to send a request's head, and its body, once it has begun."""
ANSWER_S = 60.0
"""A client has so long to take an answer."""
LEFT_S, LEFT_BYTES = 1.0, 1 << 20
"""So long, and so much, is what a refused client still sends listened to, so that the answer reaches it."""
MOST_LINES = 64
"""So many lines are open at once; a browser opens six."""
HEAD_BYTES = 32768
"""So long may a request's head be, its address and all its headers."""
CHUNK = 1 << 18
"""Bytes of an answer that are sent at a time: each has `ANSWER_S` to be taken."""


class HeadTooLongError(Exception):
    """A request's head is longer than it may be."""


class Loopback(ThreadingHTTPServer):
    """Listens on an address of this machine; `log` hears of clients that went away."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    most_lines = MOST_LINES
    log = logging.getLogger("isofront.loopback")

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        self._lines: dict[Any, bool] = {}
        self._lock = threading.Lock()
        try:
            super().__init__(address, handler)
        except (OSError, OverflowError) as fault:
            reason = getattr(fault, "strerror", None) or fault
            where = f"--port {address[1]}"
            raise IsofrontError(f"{where}: cannot be listened on ({reason}), wanted a free one, or 0") from fault

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name."""
        if os.name == "posix":  # elsewhere it would let another program take the port
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for the line; where there are too many, the one that is owed a request longest is hung up on."""
        with self._lock:
            waiting = [line for line, is_answered in self._lines.items() if not is_answered]
            for line in waiting[: max(0, len(self._lines) + 1 - self.most_lines)]:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                del self._lines[line]
            self._lines[request] = False
        super().process_request(request, client_address)

    def answering(self, request: Any, *, so: bool) -> None:
        """The line's request is being answered, or it is the client's turn again."""
        with self._lock:
            if request in self._lines:
                del self._lines[request]  # to the end: it spoke last
                self._lines[request] = so

    def shutdown_request(self, request: Any) -> None:
        """Hang up once the client has: to close on bytes not yet read would destroy the answer on its way."""
        with contextlib.suppress(OSError, ValueError):
            request.shutdown(socket.SHUT_WR)
            end, left = time.monotonic() + LEFT_S, LEFT_BYTES
            while left > 0 and (soon := end - time.monotonic()) > 0:
                request.settimeout(soon)
                if not (part := request.recv(65536)):
                    break
                left -= len(part)
        with self._lock:
            self._lines.pop(request, None)
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no fault of ours."""
        self.log.debug("a client went away")


class _Line(io.RawIOBase):
    """What a client sends, each request of it within its time."""

    def __init__(self, line: socket.socket) -> None:
        self._socket, self._end, self._begun = line, time.monotonic() + IDLE_S, False
        self._left = HEAD_BYTES

    def readable(self) -> bool:
        return True

    def expect(self) -> None:
        """The next request may begin within `IDLE_S`; then it has `REQUEST_S`."""
        self._end, self._begun = time.monotonic() + IDLE_S, False
        self._left = HEAD_BYTES

    def more(self, n_bytes: int) -> None:
        """So many bytes follow: they have `REQUEST_S` of their own."""
        self._end, self._begun = time.monotonic() + REQUEST_S, True
        self._left = n_bytes

    def readinto(self, buffer: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("a request that does not end")
        if self._left <= 0:
            raise HeadTooLongError
        self._socket.settimeout(left)
        n = self._socket.recv_into(memoryview(buffer)[: self._left])
        self._socket.settimeout(ANSWER_S)
        self._left -= n
        if not self._begun:
            self.more(self._left)
        return n


class Handler(BaseHTTPRequestHandler):
    """One line of a client: reads requests in their time, sends answers, keeps nothing of either."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = ANSWER_S
    server: Any

    def setup(self) -> None:
        """The line, read against the clock."""
        super().setup()
        self.rfile.close()
        self._line = _Line(self.connection)
        self.rfile = io.BufferedReader(self._line)

    def handle_one_request(self) -> None:
        """A request and its answer."""
        self._line.expect()
        self.requestline, self.command = "", ""
        try:
            super().handle_one_request()
        except HeadTooLongError:
            self.close_connection = True
            status, what = (431, "headers") if self.requestline else (414, "an address")
            self.send_error(status, f"wanted {what} of less than {HEAD_BYTES} bytes")
        self.server.answering(self.connection, so=False)

    def parse_request(self) -> bool:
        """A whole head is somebody who means it: the line is not hung up on while it is answered."""
        is_whole = super().parse_request()
        if is_whole and self.headers.get("content-length", "0") == "0":
            self.server.answering(self.connection, so=True)
        return is_whole

    def body(self, length: int) -> bytes:
        """So many bytes after the head.

        Raises:
            TimeoutError: they do not come.
        """
        self._line.more(length + HEAD_BYTES)
        content = self.rfile.read(length)
        self.server.answering(self.connection, so=True)
        return content

    def version_string(self) -> str:
        """Which program answers; not which version."""
        return "Isofront"

    def send(
        self, status: int, headers: Mapping[str, str], content: bytes | Iterable[bytes], *, n_bytes: int | None = None
    ) -> None:
        """An answer, its content whole or in parts of `n_bytes` together; without content to HEAD and as 204 or 304."""
        whole = content if isinstance(content, bytes) else b""
        bare = status in (204, 304)
        if getattr(self, "request_version", "HTTP/0.9") == "HTTP/0.9":
            self.request_version = "HTTP/1.0"  # or the status line would be left out
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not bare:
            self.send_header("Content-Length", str(len(whole) if n_bytes is None else n_bytes))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD" and not bare:
            parts: Iterable[bytes] = (whole[k : k + CHUNK] for k in range(0, len(whole), CHUNK))
            for part in parts if isinstance(content, bytes) else content:
                self.wfile.write(part)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing that is asked is written down."""


class Running:
    """A server that serves until interrupted, or from entering to leaving."""

    def __init__(self, server: Loopback) -> None:
        self._server = server
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            self._server.serve_forever(poll_interval=0.2)
        finally:
            self._server.server_close()

    def __enter__(self: R) -> R:
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


def place_of(fault: BaseException) -> str:
    """The line of our code in which a fault came up: its own words could hold a coordinate."""
    trace, place = fault.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "isofront" in code.co_filename:
            place = f" in {Path(code.co_filename).name}, {code.co_name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
