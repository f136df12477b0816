"""A desk over a small invented war, with an anchor, places and a hundred SIMULATED reports."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from contested import LATE, make_contested
from desk_war import NOW, make_war
from gis_hands import DAY, Work

from isofront.desk import Desk, Opened
from isofront.desk.gis_out import gis_out
from isofront.engine import Draft, drafts
from isofront.evidence import Ledger, ledger_path

HandedOut = tuple[Path, Path, Draft]


class Caller:
    """A client that speaks to an opened desk as its page does, or badly on purpose."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    def ask(self, method: str, target: str, body: Any = None, **headers: str | None) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON (or bytes); `headers` replace the usual ones, None leaves one away."""
        door = self.opened.door
        usual: dict[str, str | None] = {
            "Host": door.hosts[0],
            "Cookie": f"{door.cookie}={door.token}",
            "X-Isofront-Desk": "1",
            "Content-Type": "application/json",
        }
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        chosen = {name: value for name, value in (usual | named).items() if value is not None}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", door.port, timeout=60)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in (chosen | {"Content-Length": chosen.get("Content-Length", str(len(content)))}).items():
                connection.putheader(name, value)
            connection.endheaders(content)
            answer = connection.getresponse()
            text = answer.read()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, json.loads(text) if "json" in told.get("content-type", "") else text
        finally:
            connection.close()

    def get(self, target: str) -> Any:
        """The JSON of a GET that must succeed, once long work is done."""
        return self._done("GET", target, None)

    def post(self, target: str, body: Any = None, method: str = "POST") -> Any:
        """The JSON of a POST that must succeed."""
        return self._done(method, target, body or {})

    def _done(self, method: str, target: str, body: Any) -> Any:
        status, _, told = self.settled(method, target, body)
        assert status == 200, told
        return told

    def settled(self, method: str, target: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        """The answer to a request, whatever it is, once long work is done."""
        answer = self.ask(method, target, body)
        while answer[0] == 202:
            answer = self.ask(method, target, body)
        return answer


@pytest.fixture(scope="session")
def contested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theatre with two proposals in its queue: never to be written to, only copied."""
    return make_contested(tmp_path_factory.mktemp("contested"))


@pytest.fixture(scope="session")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> HandedOut:
    """A war with something to decide, and its GeoPackage; neither is written to."""
    folder = make_war(tmp_path_factory.mktemp("gis") / "war", n_reports=60)
    text = (folder / "theatre.toml").read_text(encoding="utf-8")
    (folder / "theatre.toml").write_text(f"{text}\n[review]\nleast_km2 = 0.3\nleast_p = 0.55\n", encoding="utf-8")
    draft = next(iter(drafts(folder, [DAY])))
    file = folder.parent / "work.gpkg"
    gis_out(draft, file)
    return folder, file, draft


@pytest.fixture
def work(handed_out: HandedOut, tmp_path: Path) -> Work:
    """A copy to edit."""
    return Work(
        shutil.copytree(handed_out[0], tmp_path / "war"),
        shutil.copy(handed_out[1], tmp_path / "work.gpkg"),
        draft=handed_out[2],
    )


@pytest.fixture
def war(tmp_path: Path) -> Path:
    """A theatre's folder with its ledger."""
    return make_war(tmp_path / "war")


@contextmanager
def opening() -> Iterator[Callable[..., Caller]]:
    """Opens desks, and closes them."""
    opened: list[Opened] = []

    def open_at(folder: Path, *, now: datetime = NOW) -> Caller:
        one = Opened(Desk(folder, now=lambda: now.astimezone(UTC)))
        one.__enter__()
        opened.append(one)
        return Caller(one)

    yield open_at
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture
def desk_at() -> Iterator[Callable[..., Caller]]:
    """Opens desks, and closes them."""
    with opening() as open_at:
        yield open_at


@pytest.fixture(scope="module")
def read_desk_at() -> Iterator[Callable[..., Caller]]:
    """Opens desks that a file's tests only read from."""
    with opening() as open_at:
        yield open_at


@pytest.fixture
def caller(war: Path, desk_at: Callable[..., Caller]) -> Caller:
    """An editor at the desk over it, years later."""
    desk = desk_at(war, now=LATE)
    desk.post("/api/editor", {"name": "nadia"}, method="PUT")
    return desk


@pytest.fixture
def ledgers(tmp_path) -> Iterator[list[Ledger]]:
    """Those of two laptops."""
    made = []
    for name in ("ana", "ben"):
        (tmp_path / name).mkdir()
        made.append(Ledger.open(ledger_path(tmp_path / name), create=True))
    yield made
    for one in made:
        one.close()
