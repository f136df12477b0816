"""What is PRIVATE is never written into a published site: that folder is handed to everybody as it is.

A slip is enough: `map --out site` where `publish --out site` was meant, and the next upload takes it along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from isofront.errors import UsageError

_PUBLIC = ("publish", "correct", "pull", "serve")
"""Commands whose folder is a site, and that look for themselves whether it is the right one."""
_WRITES = ("--out", "--field")
_NAMES = (["init"], ["bundle", "out"], ["desk", "out"])
"""Commands that name what they write by a word alone."""
_WRITES_HERE = "brief"
"""The command that writes where the user is if no place is named."""
_LIST, _EDITIONS = "editions.json", "editions"


def refuse_in_site(words: Sequence[str]) -> None:
    """Stop before a command writes private files into a published site.

    Raises:
        UsageError: the place that it names lies in one.
    """
    if words[0] in _PUBLIC or "--public" in words:
        return
    for name in _written(words):
        site = _site_about(Path(name))
        if site is not None:
            raise UsageError(
                f"{name}: lies in a published site ({site}), whose files go to everybody, and what `{words[0]}` writes "
                "is PRIVATE; wanted a folder elsewhere"
            )


def _written(words: Sequence[str]) -> Iterator[str]:
    """The words of a command that name what it writes."""
    named = [after for word, after in pairwise(words) if word in _WRITES]
    named += [word.partition("=")[2] for word in words if word.startswith(tuple(f"{one}=" for one in _WRITES))]
    yield from named or (["."] if words[0] == _WRITES_HERE else [])
    for command in _NAMES:
        if list(words[: len(command)]) == command:
            yield from (word for word in words[len(command) :][:1] if not word.startswith("-"))


def _site_about(path: Path) -> Path | None:
    """The site that a place lies in, or is."""
    try:
        place = path.resolve()
        return next((one for one in (place, *place.parents) if _is_site(one)), None)
    except (OSError, ValueError):  # no place at all: the command says so itself
        return None


def _is_site(folder: Path) -> bool:
    return (folder / _LIST).is_file() and (folder / _EDITIONS).is_dir()
