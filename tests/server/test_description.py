"""The description is true: every answer fits its schema and every status is told, whatever is asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.server import Request, Response, Shelf, Site, answered

HOST = {"host": "127.0.0.1:8730"}
NAMED = {
    "collectionId": ["areas", "pockets", "reports", "nowhere"],
    "featureId": ["2030-01-01.1", "2030-01-15.1", "0", "é/.."],
    "editionId": ["0001-2030-01-01", "0002-2030-01-08", "0004-2030-01-15", "9999", "%00"],
}
VALUES = {
    "bbox": ["30,48,31,49", "170,0,-170,1", "1,2,3", "0,0,0,0,1,1", "nan,0,1,1"],
    "datetime": ["2030-01-08", "2030-01-01/..", "../..", "x", "2030-01-08T00:00:00Z"],
    "from": ["2030-01-01", "2030-13-01", "9999-12-31"],
    "to": ["2030-01-08", "0001-01-01", ""],
    "limit": ["1", "2", "0", "-1", "99999999999", "٣"],
    "offset": ["0", "1", "2147483648", "x"],
    "place": ["Midtown", "середмістя", "nowhere", "\x00"],
    "about": ["residents-remaining", "control", "<script>"],
    "f": ["json", "geojson", "html"],
    "nonsense": ["1"],
}


def plain(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found


class Description:
    """A server's description, and what it says of an answer."""

    def __init__(self, shelf: Shelf, site: Site | None) -> None:
        self.shelf, self.site = shelf, site
        self.document = json.loads(self.get("/openapi.json").body)
        self._parts = plain(self.document["components"])
        self._validators: dict[str, Any] = {}

    def get(self, target: str) -> Response:
        return answered(self.shelf, Request("GET", target, HOST), site=self.site)

    def faults(self, path: str, target: str) -> list[str]:
        """What about the answer to a target of this path is not as described."""
        response = self.get(target)
        told = self.document["paths"][path]["get"]["responses"]
        answer = self._followed(told.get(str(response.status), told["default"]))
        kind = response.headers["Content-Type"]
        if kind not in answer["content"]:
            return [f"{target}: {response.status} of type {kind}"]
        schema = answer["content"][kind]["schema"]
        key = json.dumps(schema)
        if key not in self._validators:
            self._validators[key] = jsonschema_rs.validator_for(plain(schema) | {"components": self._parts})
        body = json.loads(response.body)
        return [f"{target}: {one.message[:200]}" for one in self._validators[key].iter_errors(body)]

    def _followed(self, value: dict[str, Any]) -> dict[str, Any]:
        for step in value.get("$ref", "").removeprefix("#/").split("/") if "$ref" in value else ():
            value = (self.document if step == "components" else value)[step]
        return value


@pytest.fixture(scope="module")
def public(site: Site) -> Description:
    return Description(site.snapshot().shelf, site)


@pytest.fixture(scope="module")
def private(shelf: Shelf) -> Description:
    return Description(shelf, None)


PATHS = [
    "/", "/conformance", "/collections", "/collections/{collectionId}", "/collections/{collectionId}/items",
    "/collections/{collectionId}/items/{featureId}", "/editions", "/editions/{editionId}", "/changes", "/claims",
    "/pockets", "/api", "/openapi.json", "/healthz",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["public", "private"])
def test_the_plain_answer_of_every_address_fits_its_schema(request, who, path):
    target = path.replace("{collectionId}", "areas").replace("{featureId}", "2030-01-01.1")
    description = request.getfixturevalue(who)
    assert set(description.document["paths"]) == set(PATHS)
    assert description.faults(path, target.replace("{editionId}", "0001-2030-01-01")) == []


def test_every_part_that_the_description_refers_to_is_there(public, private):
    for one in (public, private):
        text = json.dumps(one.document)
        for kind, name in set(re.findall(r'"#/components/(\w+)/([\w-]+)"', text)):
            assert name in one.document["components"][kind], name


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, str]:
    """A path of the description, and an address of it with some parameters, right or wrong."""
    path = draw(st.sampled_from(PATHS))
    target = re.sub(r"{(\w+)}", lambda found: quote(draw(st.sampled_from(NAMED[found[1]])), safe=""), path)
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3))
    pairs = [(name, draw(st.sampled_from(VALUES[name]) | st.text(max_size=12))) for name in names]
    return path, f"{target}?{urlencode(pairs, errors='replace')}" if pairs else target


@given(asked(), st.booleans())
def test_whatever_is_asked_the_answer_is_as_described(public, private, one, is_public):
    path, target = one
    assert (public if is_public else private).faults(path, target) == []


@pytest.mark.slow
def test_schemathesis_finds_no_fault_of_ours(folder: Path):
    words = [sys.executable, "bench/fuzz_api.py", "--site", str(folder), "--calls", "400"]
    root = Path(__file__).resolve().parent.parent.parent
    ran = subprocess.run(words, capture_output=True, text=True, timeout=280, check=False, cwd=root)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert int(json.loads(ran.stdout)["calls"]) >= 400
