"""What the page over all editions keeps of each."""

from __future__ import annotations

import json

from isofront.publish.page_public import stepped


def test_the_page_tells_probabilities_of_settlements_in_twentieths(telling_files: dict[str, bytes]) -> None:
    [date] = json.loads(telling_files["page.json"])["dates"]
    told = [one["p"] for one in date["status"]]
    assert told == [stepped(p) for p in told]
    assert len(told) == 2
    assert stepped(None) is None
    edition = date["public"]
    assert all(0 <= row[1] < len(edition["cells"]) for row in edition["why"] + edition["reports"])
    assert [row[7] for row in edition["reports"] if row[7]] != []
