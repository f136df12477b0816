"""What the desk's page says of itself when it opens, long after an invented war."""

from __future__ import annotations

import shutil

import pytest
from contested import LATE
from desk_page import sit_down
from playwright.sync_api import expect

from isofront.desk import Desk, Opened

pytestmark = pytest.mark.browser


def test_long_after_a_war_the_page_opens_on_its_newest_day_says_so_and_is_stamped_for_one_invented_report(
    browser, contested, tmp_path
):
    war = shutil.copytree(contested, tmp_path / "war")  # whose theatre does not say that it is simulated
    with Opened(Desk(war, now=lambda: LATE)) as opened:
        mapper = sit_down(browser, opened)
        page = mapper.page
        expect(page.locator("#as-of")).to_have_value("2024-05-19")
        expect(page.locator("#said")).to_have_text(
            "Opened on 19 May 2024, the newest day with reports or an approved map."
        )
        expect(page.locator("#stamps .stamp")).to_have_text(["PRIVATE", "SIMULATED"])
        expect(page.locator("#watermark svg")).to_have_count(1)
        page.click("#language")
        expect(page.locator('[data-stamp="SIMULATED"]')).to_have_attribute(
            "title", "Вигадані свідчення у цьому театрі."
        )
        assert mapper.complaints == []
        mapper.context.close()
