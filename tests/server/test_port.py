"""On a port: real clients read it, strangers are refused, and rubbish on the line breaks nothing."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest

from isofront.errors import IsofrontError, UsageError
from isofront.server import Doorway, Served

CLIENTS = """
import json, sys
import pyogrio
from owslib.ogcapi.features import Features

url = sys.argv[1]
layers = {name: kind for name, kind in pyogrio.list_layers(f"OAPIF:{url}")}
areas = pyogrio.read_dataframe(f"OAPIF:{url}", layer="areas")
some = pyogrio.read_dataframe(f"OAPIF:{url}", layer="areas", bbox=(30.1, 48.1, 30.2, 48.2))
paged = pyogrio.read_dataframe(f"OAPIF:{url}", layer="areas", PAGE_SIZE="1")
service = Features(url)
listed = service.feature_collections()
page = service.collection_items("areas", limit=1, bbox=[30.1, 48.1, 30.2, 48.2], datetime_="2030-01-08/..")
print(json.dumps({
    "layers": layers, "epsg": areas.crs.to_epsg(), "areas": len(areas), "km": areas.total_bounds.tolist(),
    "classes": sorted(set(areas["class"])), "some": len(some), "paged": len(paged),
    "listed": listed, "conforms": len(service.conformance()["conformsTo"]), "openapi": service.api()["openapi"],
    "matched": page["numberMatched"], "item": service.collection_item("areas", page["features"][0]["id"])["id"],
}))
"""


@pytest.fixture(scope="module")
def seen(url: str) -> dict:
    """What GDAL's OAPIF driver and OWSLib make of the server, in a process of their own."""
    pytest.importorskip("owslib")
    ran = subprocess.run([sys.executable, "-c", CLIENTS, url], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_gdal_reads_every_collection_in_degrees(seen):
    assert seen["layers"] == {"areas": "Polygon", "front": "LineString", "settlements": "Point"}
    assert (seen["areas"], seen["epsg"], seen["classes"]) == (4, 4326, ["held"])
    assert seen["km"] == [30, 48, 31, 49]


def test_gdal_filters_by_box_and_follows_pages(seen):
    assert seen["some"] == 2
    assert seen["paged"] == 4


def test_owslib_finds_its_way_from_the_landing_page_to_an_item(seen):
    assert seen["listed"] == ["areas", "front", "settlements"]
    assert (seen["conforms"], seen["openapi"]) == (3, "3.0.3")
    assert (seen["matched"], seen["item"]) == (1, "2030-01-08.1")


def test_head_sends_the_length_and_no_body(url):
    with urlopen(Request(f"{url}/collections", method="HEAD")) as answer:
        assert int(answer.headers["Content-Length"]) > 100
        assert answer.read() == b""


def test_it_listens_on_this_machine_alone(shelf):
    for host in ("0.0.0.0", "::", "192.168.0.1", "example.org"):
        with pytest.raises(UsageError, match="stay on this machine"):
            Served(shelf, Doorway(host))


def test_a_port_that_is_taken_is_one_clear_line(shelf, url):
    with pytest.raises(IsofrontError, match="cannot be listened on"):
        Served(shelf, Doorway(port=int(url.rsplit(":", 1)[1]))).__enter__()


def said(url: str, raw: bytes) -> bytes:
    """Everything that comes back for some bytes on the line."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(raw)
        with contextlib.suppress(OSError):  # it may have been hung up on already
            line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_rubbish_on_the_line_is_answered_with_400s_and_never_breaks_the_server(url):
    rng = random.Random(5)
    heads = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /",
        b"\x16\x03\x01",
        b"POST / HTTP/1.1\r\n",
        b"GET / HTTP/9.9\r\n",
    ]
    for _ in range(120):
        raw = rng.choice(heads) + rng.randbytes(rng.randrange(60)) + rng.choice([b"", b"\r\n\r\n", b"\n"])
        for line in said(url, raw).split(b"\r\n"):
            if line.startswith(b"HTTP/"):
                assert line.split()[1][:1] in (b"2", b"4"), (raw, line)
    with urlopen(f"{url}/healthz") as answer:
        assert json.load(answer)["status"] == "ok"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"421"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", b"421"),
        (b"GET / HTTP/1.1\r\n\r\n", b"421"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"421"),
        (b"POST /collections HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", b"405"),
        (b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"405"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"GET /" + b"a" * 90000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
    ],
)
def test_what_is_refused_says_so_in_problem_json(url, raw, status):
    answer = said(url, raw)
    assert answer.split()[1] == status
    assert b"application/problem+json" in answer
