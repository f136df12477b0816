"""MISP's admiralty-scale tags, wherever a feed puts tags: source reliability and information credibility."""

from __future__ import annotations

import re

from isofront.feeds.entry import LeaveOutError

_TAG = re.compile(
    r"admiralty-scale\s*:\s*(source-reliability|information-credibility)\s*=\s*[\"'“”]*\s*([a-g]|[1-6])(?![a-z0-9])",
    re.IGNORECASE,
)


def grades(text: str) -> tuple[str, str]:
    """Reliability (A-F) and credibility (1-6) as tags state them; empty where they state none.

    The scale's `g` is "deliberately deceptive": such an entry is no evidence.
    """
    reliability = credibility = ""
    if "admiralty" not in text.casefold():
        return reliability, credibility
    for which, value in _TAG.findall(text[:20_000]):
        if which.casefold() == "source-reliability" and value.isalpha():
            reliability = value.upper()
        elif which.casefold() == "information-credibility" and value.isdigit():
            credibility = value
    if reliability == "G":
        raise LeaveOutError("its source is tagged as deliberately deceptive")
    return reliability, credibility
