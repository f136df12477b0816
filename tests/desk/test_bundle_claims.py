"""Bundles: claims, and what a bundle noted of a report that is redacted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bundled import DAY, NOW, add, into, out, told

from isofront.errors import IntegrityError
from isofront.evidence import verify
from isofront.evidence.claim import Claim, claim_entry, claims


def test_a_redacted_report_takes_what_a_bundle_noted_of_it_along(ledgers, tmp_path):
    ana, ben = ledgers
    add(ana, told("r-1", known_at=NOW))
    add(ben, told("r-1", known_at=NOW + timedelta(hours=1)))
    into(ben, out(ana, tmp_path / "b"))
    assert ben.counts()["known"] == 1
    ben.redact("r-1", "asked to", now=NOW)
    assert b"r-1" not in ben.path.read_bytes()
    assert verify(ben.path).holds


def _claim(name="c-1", **parts):
    usual = {
        "speaker": "an official", "said_at": DAY, "known_at": DAY, "about": "attackers-inside", "place": "Alder",
        "lon": 20.5, "lat": 45.3, "low": 200, "high": 200, "side": "red",
    }  # fmt: skip
    return claim_entry(Claim(name, **(usual | parts)))


def test_claims_travel_once_with_what_takes_them_back(ledgers, tmp_path):
    ana, ben = ledgers
    ana.append([_claim(), _claim("c-2", low=50, high=50)], now=NOW)
    ben.append([_claim(known_at=NOW)], now=NOW)
    ana.retract("claim:c-1", "misread", now=NOW)
    merged = into(ben, out(ana, tmp_path / "b"))
    assert (merged.claims, merged.same, merged.retractions, merged.conflicts) == (1, 1, 1, [])
    assert [one.id for one in claims(ben)] == ["c-2"]
    head = ben.head
    assert into(ben, out(ana, tmp_path / "b")).claims == 0
    assert ben.head == head
    assert verify(ben.path).holds


def test_a_claim_in_other_words_is_listed_and_one_that_was_redacted_stays_out(ledgers, tmp_path):
    ana, ben = ledgers
    ana.append([_claim(), _claim("c-2")], now=NOW)
    ben.append([_claim(low=300, high=300), _claim("c-2")], now=NOW)
    ben.redact("claim:c-2", "asked to", now=NOW)
    merged = into(ben, out(ana, tmp_path / "b"))
    assert [(one.kind, one.id) for one in merged.conflicts] == [("claim", "c-1")]
    assert [one.low for one in claims(ben)] == [300]
    back = into(ana, out(ben, tmp_path / "c"))
    assert [(one.kind, one.id) for one in back.conflicts] == [("redacted", "claim:c-2"), ("claim", "c-1")]
    assert into(ana, out(ben, tmp_path / "c"), redact=True).redacted == ["claim:c-2"]
    assert [one.id for one in claims(ana)] == ["c-1"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"about": "residents", "low": 3, "high": 3}, "fewer would point at people"),
        ({"lon": 1e9}, "wanted degrees"),
        ({"release": "everybody"}, "release 'everybody', wanted one of"),
        ({"for_day": date.max}, "9999-12-31: no day"),
    ],
)
def test_a_claim_that_cannot_be_is_refused(ledgers, tmp_path, parts, said):
    ana, ben = ledgers
    ana.append([_claim(**parts)], now=NOW)
    with pytest.raises(IntegrityError, match=said):
        into(ben, out(ana, tmp_path / "b"))
