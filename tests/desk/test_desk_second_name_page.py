"""A large change at the desk in Chromium, on the Ukrainian page: refused without a second name, published with one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_access import AUDIT
from desk_page import Mapper, sit_down
from publishing_war import DAY, NOW, approve, begun, row

from isofront.desk import Desk, Opened
from isofront.engine.edition import Asked
from isofront.engine.publish import release_of
from isofront.engine.site import publish_release
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.edition import read_published

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ON = "2024-05-25"


@pytest.fixture
def war(tmp_path):
    """A theatre with one edition, whose reports were then mostly taken back."""
    told = [row(f"red{n}", 20.13 + 0.002 * n, 50.02 + 0.002 * n) for n in range(12)]
    war = begun(tmp_path, reports=told, policy="\n[policy]\nsecond_name_over_km2 = 0.0\n")
    approve(war)
    publish_release(release_of(war, DAY, now=NOW), tmp_path / "site", Asked())
    with Ledger.open(ledger_path(war), write=True) as ledger:
        for n in range(4, 12):
            ledger.retract(f"red{n}", "a mistake", now=NOW)
    return war


@pytest.fixture
def mapper(browser, war) -> Iterator[Mapper]:
    with Opened(Desk(war, editor="olena", now=lambda: NOW)) as opened:
        one = sit_down(browser, opened, hash_=f"#panel=release&day={ON}&lang=uk")
        yield one
        assert one.requests == []
        one.context.close()


def refused(page, words):
    page.click("#release-prepare")
    page.wait_for_function("words => document.querySelector('#said.fault')?.textContent.includes(words)", arg=words)
    page.wait_for_selector("#release-prepare:not([disabled])")
    assert page.locator("#release-step").count() == 0


def test_a_large_change_is_published_only_with_a_second_name(mapper, war, tmp_path):
    page = mapper.page
    page.wait_for_selector("#release-second")
    page.fill("#release-site", "site")
    refused(page, "треба повний шлях")
    page.fill("#release-site", str(war))
    refused(page, "приватні файли")
    page.fill("#release-site", str(tmp_path / "site"))
    refused(page, "треба ім'я другого редактора")
    page.fill("#release-second", "Nadia ")
    refused(page, "треба ім'я іншого редактора")
    page.check("#release-bypass")
    refused(page, "чому немає другого імені")
    page.uncheck("#release-bypass")
    page.fill("#release-second", "petro")
    page.click("#release-prepare")
    page.wait_for_selector("#release-step")
    assert "nadia, petro" in page.inner_text("#release-step")
    assert page.evaluate(AUDIT) == []
    page.click("#release-go")
    page.wait_for_selector("#release-done")
    assert (tmp_path / "site" / "editions" / f"0002-{ON}" / "areas.geojson").is_file()
    with Ledger.open(ledger_path(war)) as ledger:
        last = [one for _, one in read_published(ledger).editions][-1]
    assert (last.second, last.bypass) == ("petro", None)
    assert "petro" not in "".join(one.read_text("utf-8", "replace") for one in (tmp_path / "site").rglob("*.json"))


def test_a_release_that_cannot_be_drawn_up_says_so_and_is_tried_again(mapper, war):
    page = mapper.page
    page.wait_for_selector("#release-second")
    page.route("**/api/release?**", lambda route: route.abort())
    page.evaluate("() => { document.querySelector('#release-day').dispatchEvent(new Event('change')) }")
    page.wait_for_selector("#release-failed")
    assert page.locator("#release-working").count() == 0
    page.unroute("**/api/release?**")
    page.click("#release-again")
    page.wait_for_selector("#release-second")
