"""Addresses that a public page may link to."""

from __future__ import annotations


def web_link(url: str) -> str | None:
    """An address that a page may link to; None for any that is not plainly of the web."""
    plain = url.isprintable() and not any(letter in url for letter in " \"'<>\\`")
    return url if plain and url.lower().startswith(("https://", "http://")) else None
