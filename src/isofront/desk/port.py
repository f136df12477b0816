"""The desk on a port of this machine, 127.0.0.1 alone."""

from __future__ import annotations

import logging
import secrets
from types import TracebackType

from isofront.desk.access import Door
from isofront.desk.answers import MOST_BYTES, Received, Response, answered, problem, turned_away
from isofront.desk.desk import Desk
from isofront.desk.row_file import let_go
from isofront.loopback import Handler, Loopback, Running, place_of

LOOPBACK = "127.0.0.1"
_log = logging.getLogger("isofront.desk")


class Opened(Running):
    """A desk being served, from entering to leaving; `url` is the address with the token in it."""

    def __init__(self, desk: Desk, *, port: int = 0, token: str | None = None) -> None:
        server = _Server((LOOPBACK, port), desk, token or secrets.token_urlsafe(32))
        super().__init__(server)
        self._desk, self.door = desk, server.door
        self.address = f"http://{LOOPBACK}:{self.door.port}"
        self.url = f"{self.address}/?token={self.door.token}"

    def run(self) -> None:
        """Serve until interrupted."""
        try:
            super().run()
        finally:
            let_go(self._desk)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, fault, trace)
        let_go(self._desk)


class _Server(Loopback):
    log = _log

    def __init__(self, address: tuple[str, int], desk: Desk, token: str) -> None:
        self.desk = desk
        super().__init__(address, _Handler)
        self.door = Door(self.server_port, token)


class _Handler(Handler):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802
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
            return self.body(int(length))
        return None

    def _refuse(self, status: int, detail: str) -> None:
        self.close_connection = True
        self._send(problem(self.server.desk, status, detail))

    def _answer(self, received: Received) -> Response:
        try:
            return answered(self.server.desk, self.server.door, received)
        except Exception as fault:
            # The fault's own words could hold a coordinate: its kind and place are enough to mend it.
            _log.error("unexpected %s%s", type(fault).__name__, place_of(fault))
            return problem(self.server.desk, 500, f"unexpected {type(fault).__name__} (a fault in Isofront)")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself, in our form."""
        self._refuse(405 if code == 501 else 400 if code == 505 else int(code), message or "not understood")

    def _send(self, response: Response) -> None:
        self.send(response.status, response.headers, response.body)
