"""What `map_html` promises about its bytes, with a small template in place of the built one."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_war import invented_war

from isofront.errors import IsofrontError
from isofront.publish import page

HEAD, MIDDLE, TAIL = "<title>", '</title><script type="application/json">', "</script><script>run()</script>"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = tmp_path / "map.html"
    asset.write_text(f"{HEAD}%TITLE%{MIDDLE}%DATA%{TAIL}", encoding="utf-8")
    monkeypatch.setattr(page, "ASSET", asset)


def _embedded(content: bytes) -> Any:
    text = content.decode()
    return json.loads(text[text.index(MIDDLE) + len(MIDDLE) : text.index(TAIL)])


@given(st.dictionaries(st.text(), JSON, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out_and_never_closes_its_element(template: None, data: dict[str, Any]) -> None:
    content = page.map_html(data)
    assert _embedded(content) == data
    assert b"<" not in page.embedded(data)


def test_hostile_text_stays_text(template: None) -> None:
    hostile = "</script><script>alert(1)</script><!-- ]]> %DATA% %TITLE%"
    content = page.map_html({"title": hostile, "name": hostile, hostile: [hostile]}).decode()
    assert content.count("<script>") == 1
    assert content.count("<!--") == 0
    assert _embedded(content.encode())[hostile] == [hostile]


def test_equal_documents_give_equal_bytes_whatever_the_order_of_keys(template: None) -> None:
    war = invented_war(2)
    assert page.map_html(war) == page.map_html(dict(reversed(war.items())))


def test_nan_becomes_null(template: None) -> None:
    assert _embedded(page.map_html({"a": float("nan"), "b": float("inf")})) == {"a": None, "b": None}


def test_a_missing_build_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "ASSET", tmp_path / "none.html")
    with pytest.raises(IsofrontError, match="run `make page`"):
        page.map_html({})


def test_a_build_without_its_holes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "map.html").write_text("<title>%TITLE%</title>", encoding="utf-8")
    monkeypatch.setattr(page, "ASSET", tmp_path / "map.html")
    with pytest.raises(IsofrontError, match="%DATA%"):
        page.map_html({})


@pytest.fixture(scope="module")
def built() -> str:
    if not page.ASSET.is_file():
        pytest.skip("PAGE NOT BUILT: run `make page`")
    return page.ASSET.read_text(encoding="utf-8")


def test_the_policy_allows_exactly_the_scripts_and_styles_inside(built: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', built)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", built, flags=re.DOTALL)
        hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
        assert rules[rule] == " ".join(f"'sha256-{one}'" for one in hashes)


def test_the_built_page_points_nowhere_and_stays_small(built: str) -> None:
    markup = re.sub(r"<(script|style)>.*?</\1>", "", built.partition("</html>")[0], flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=|type="module"|https?:""", markup)
    assert len(built.encode()) < 1_400_000
    assert len(gzip.compress(built.encode())) < 400_000
