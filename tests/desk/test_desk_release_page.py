"""Approve, look, publish at the desk in Chromium, on an invented war, until the site's files lie there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from browser import rest
from desk_access import AUDIT
from desk_page import Mapper, sit_down
from publishing_war import NOW, begun, row

from isofront.desk import Desk, Opened
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.edition import read_published

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ON = "2024-05-25"


@pytest.fixture(scope="module")
def undecided(tmp_path_factory):
    """A theatre with two sightings of two fates, nothing decided: never to be written to, only copied."""
    told = [row(f"red{n}", 20.13 + 0.002 * n, 50.02 + 0.002 * n) for n in range(10)]
    told[0] |= {"release": "withheld", "note": "SIMULATED <b>the mill</b>"}
    told[1] |= {"release": "public", "url": "https://t.me/alder_watch_tv/7"}
    return begun(tmp_path_factory.mktemp("undecided"), reports=told)


@pytest.fixture
def war(undecided, tmp_path):
    return shutil.copytree(undecided, tmp_path / "war")


@pytest.fixture
def mapper(browser, war) -> Iterator[Mapper]:
    with Opened(Desk(war, editor="nadia", now=lambda: NOW)) as opened:
        one = sit_down(browser, opened, hash_=f"#panel=release&day={ON}&lang=en")
        yield one
        assert one.requests == []
        assert one.complaints == []
        one.context.close()


def editions(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return [one for _, one in read_published(ledger).editions]


def said(page, words):
    page.wait_for_function("words => document.querySelector('#said').textContent.includes(words)", arg=words)


def approve(page, mapper):
    page.wait_for_selector('.queue-item[aria-current="true"]')
    while page.locator(".queue-item").count():
        left = page.locator(".queue-item").count()
        mapper.press("KeyA")
        mapper.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.queue-item').length < n", arg=left)
    page.click("#queue-approve")
    page.fill("#queue-reason", "the day's map")
    mapper.press("Enter")
    said(page, "is approved")


def test_a_day_is_approved_looked_at_and_published_and_the_site_lies_there(mapper, war, tmp_path):
    page, site = mapper.page, tmp_path / "site of alder"
    page.wait_for_selector("#release-none")
    assert page.evaluate(AUDIT) == []
    page.click("#release-to-queue")
    approve(page, mapper)
    page.click("#tab-release")
    page.wait_for_selector("#release-changed")
    assert "every delay is over" in page.inner_text("#release-ready")
    assert f"0001-{ON}" in page.inner_text("#release-next")
    page.wait_for_selector('[data-fate="red0"]')
    assert "withheld" in page.inner_text('[data-fate="red0"]')
    assert "<b>the mill</b>" in page.inner_text('[data-fate="red0"]')
    assert page.locator(".release a").count() == 0
    assert page.evaluate(AUDIT) == []

    mapper.press("Slash")
    page.keyboard.type("mill")
    page.wait_for_function("() => document.querySelectorAll('[data-fate]').length === 1")
    page.fill("#release-search", "")
    page.click('[data-group="with_link"]')
    page.wait_for_selector('[data-fate="red1"]')
    page.click('[data-set="red1"]')
    page.select_option("#release-class", "private")
    page.fill("#release-class-reason", "the channel asked")
    with page.expect_response(lambda one: "/api/release?on" in one.url and one.status == 200):
        page.keyboard.press("Enter")  # what the edition would hold is counted anew
    said(page, "red1 is private now")
    page.wait_for_selector("#release-changed")

    page.focus("#release")
    mapper.press("KeyP")
    mapper.press("Control+a")
    page.keyboard.type(str(site))
    mapper.press("Tab")
    page.keyboard.type("the week's map")
    mapper.press("Enter")
    page.wait_for_selector("#release-step")
    assert str(site) in page.inner_text("#release-step")
    mapper.press("Enter")
    assert editions(war) == []
    assert not site.exists()
    assert page.evaluate(AUDIT) == []
    mapper.press("Tab")
    mapper.press("Enter")
    page.wait_for_selector("#release-done")
    said(page, "is published")
    (edition,) = editions(war)
    assert edition.reason == "the week's map"
    lies = site / "editions" / edition.id
    assert str(lies) in page.inner_text("#release-lies")
    shown = json.loads((lies / "reports.geojson").read_text(encoding="utf-8"))["features"]
    assert len(shown) == 9
    assert [one["properties"]["link"] for one in shown] == [None] * 9
    assert "nadia" not in "".join(one.read_text("utf-8", "replace") for one in lies.iterdir())
    page.wait_for_function(
        "() => document.querySelector('#release-next')?.textContent.includes('was made from the same')"
    )
    page.click("#language")
    page.click("#theme")
    page.click("#theme")
    rest(page)
    assert page.evaluate(AUDIT) == []
