"""Words typed at the door, without the names that must stay unknown: no command sees them, so none can keep them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

RULES = "pseudonyms.toml"
_THEATRE = "--theatre"
_EXACT = ("redact", "retract")
"""Commands whose words but the reason stay as typed: what was added before the rule is called by the id it has."""
_REASON = "--reason"


def without_names(words: Sequence[str]) -> list[str]:
    """A command's words with every name of the theatre's `pseudonyms.toml` replaced; paths that exist stay as they are.

    Raises:
        TheatreError: the rules cannot be read. The message names no name.
    """
    folder = _theatre(words)
    if not ((folder.parent if folder.is_file() else folder) / RULES).is_file():
        return list(words)
    from isofront.sources.pseudonyms import Pseudonyms

    names = Pseudonyms.of(folder)
    return [word if _is_exact(words[0], before, word) else names.text(word) for before, word in pairwise(["", *words])]


def _theatre(words: Sequence[str]) -> Path:
    """The folder or file that `--theatre` names; the working folder without it."""
    for word, after in pairwise([*words, ""]):
        if word == _THEATRE:
            return Path(after)
        if word.startswith(f"{_THEATRE}="):
            return Path(word.partition("=")[2])
    return Path()


def _is_exact(command: str, before: str, word: str) -> bool:
    if command in _EXACT and before != _REASON and not word.startswith(f"{_REASON}="):
        return True
    return _exists(word)


def _exists(word: str) -> bool:
    """Whether a word looks like a path and is one; a bare name is a name, even if a folder is called so."""
    path = Path(word.partition("=")[2] if word.startswith("--") else word)
    try:
        return bool(path.suffix or len(path.parts) > 1) and path.exists()
    except (OSError, ValueError):  # too long for a path, or with a zero byte in it
        return False
