"""Words typed at the door, without the names that must stay unknown: no command sees them, so none can keep them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

RULES = "pseudonyms.toml"
_THEATRE = "--theatre"
_FILE = "theatre.toml"
_EXACT = ("redact", "retract")
"""Commands whose words but the reason stay as typed: what was added before the rule is called by the id it has."""
_REASON = "--reason"


def without_names(words: Sequence[str]) -> list[str]:
    """A command's words with every name of the theatre's `pseudonyms.toml` replaced; paths that exist stay as they are.

    Where several theatres are named (`brief --also`), the names of each are.

    Raises:
        TheatreError: the rules cannot be read. The message names no name.
    """
    told = list(words)
    for folder in _theatres(words):
        if (folder / RULES).is_file():
            told = _replaced(told, folder)
    return told


def _replaced(words: Sequence[str], folder: Path) -> list[str]:
    from isofront.sources.pseudonyms import Pseudonyms

    names = Pseudonyms.of(folder)
    return [word if _is_exact(words[0], before, word) else names.text(word) for before, word in pairwise(["", *words])]


def _theatres(words: Sequence[str]) -> list[Path]:
    """The folders of theatres that the words name, by whatever option or at whatever place; else the working folder.

    `review FOLDER`, `serve FOLDER` and `learn FOLDER` name theirs without an option.
    """
    said = [Path(after) for word, after in pairwise([*words, ""]) if word == _THEATRE]
    said += [Path(word.partition("=")[2]) for word in words if word.startswith(f"{_THEATRE}=")]
    said += [Path(word.partition("=")[2] if word.startswith("--") else word) for word in words[1:]]
    found = dict.fromkeys(one.parent if one.name == _FILE else one for one in said if _is_theatre(one))
    return list(found) or [Path()]


def _is_theatre(path: Path) -> bool:
    """Whether a folder, or the file in it, is a theatre's; a word that cannot be a path is none."""
    try:
        return path.is_file() if path.name == _FILE else any((path / name).is_file() for name in (_FILE, RULES))
    except (OSError, ValueError):
        return False


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
