"""A shelf from a published site: its editions, the features of those that stand, what changed, who said what.

Of several editions of one day the last that stands is the day's. What an edition holds is read once, by the hash of its
`edition.json`, and only where its bytes are those that the list names.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.server.map_files import document, features_in, moment_of
from isofront.server.shelf import TITLES, Collection, Edition, Item, Record, Said, Shelf, items_of

LIST, EDITIONS, ABOUT, CHANGES, CLAIMS = "editions.json", "editions", "edition.json", "changes.json", "claims.json"
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}", re.ASCII)
_log = logging.getLogger("isofront.server")
Features = dict[str, list[tuple[datetime, Mapping[str, Any]]]]


@dataclass(frozen=True)
class _Read:
    """What one edition's files hold."""

    about: Record
    changes: Record
    items: Mapping[str, tuple[Item, ...]]
    claims: tuple[Said, ...]


NOTHING = _Read({}, {}, {}, ())


class SiteReader:
    """Reads a site, and again only what is new."""

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        self._folder, self._progress = folder, progress
        self._known: dict[tuple[str, str], _Read] = {}
        self.top_files: Mapping[str, str] = {}

    def read(self) -> Shelf:
        """The site as a shelf; empty collections where no edition stands.

        Raises:
            BadInputError: its list cannot be read.
        """
        listed = document(self._folder / LIST)
        told = features_in(listed.get("editions"), self._folder / LIST)
        read = {str(one.get("id")): self._read(one) for one in told}
        self._known = {key: found for key, found in self._known.items() if found in read.values()}
        self.top_files = dict(_top_files(listed.get("files")))
        editions = tuple(self._edition(one, read[str(one.get("id"))]) for one in told)
        days = {one.as_of: one for one in editions if one.state == "published"}
        standing = [read[one.id] for _, one in sorted(days.items())]
        items = {name: tuple(chain.from_iterable(one.items.get(name, ()) for one in standing)) for name in TITLES}
        collections = {name: Collection(name, some) for name, some in items.items() if some}
        title = str(listed.get("title") or self._folder.name)
        stamp = "PUBLIC SIMULATED" if listed.get("simulated") else "PUBLIC"
        claims = {_key(said): said for one in standing for said in one.claims}
        return Shelf(
            title,
            stamp,
            collections,
            tuple(sorted(days)),
            public=True,
            editions=editions,
            claims=tuple(claims.values()),
        )

    def _edition(self, told: Record, read: _Read) -> Edition:
        path, name = self._folder / LIST, told.get("id")
        if not isinstance(name, str) or not plain(name):
            raise BadInputError(f"{path}: an edition called {name!r:.40}, wanted a list written by publish")
        return Edition(name, moment_of(told, path), str(told.get("state")), told, read.about, read.changes)

    def _read(self, told: Record) -> _Read:
        name, sha = str(told.get("id")), told.get("sha256")
        if not isinstance(sha, str) or not plain(name):
            return NOTHING
        if (name, sha) not in self._known:
            self._progress(f"edition {name}")
            self._known[name, sha] = self._from_files(self._folder / EDITIONS / name, sha)
        return self._known[name, sha]

    def _from_files(self, home: Path, sha: str) -> _Read:
        about = _json(home / ABOUT, sha)
        hashes = about.get("files")
        if not isinstance(hashes, dict):
            return NOTHING
        moment = moment_of(about, home / ABOUT)
        features = {
            name: [(moment, _of_edition(one, home.name)) for one in features_in(layer.get("features"), home)]
            for name in TITLES
            if (layer := _json(home / f"{name}.geojson", hashes.get(f"{name}.geojson")))
        }
        said = _claims(_json(home / CLAIMS, hashes.get(CLAIMS)), _names(features), home.name)
        items = {name: items_of(name, some) for name, some in features.items()}
        return _Read(about, _json(home / CHANGES, hashes.get(CHANGES)), items, tuple(said))


def _of_edition(feature: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A feature that says of which edition it is."""
    return dict(feature) | {"properties": dict(feature.get("properties") or {}) | {"edition": name}}


def _json(path: Path, sha: object) -> dict[str, Any]:
    """A file's JSON object; empty, and said so, where the file is not the one that was published."""
    if sha is None:
        return {}  # this edition never had it
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha:
            found = msgspec.json.decode(content)
            return found if isinstance(found, dict) else {}
        fault = "another hash than its edition names"
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as told:
        fault = str(told)
    _log.warning("%s: is not what was published and is not handed out (%s); publish writes it anew", path, fault)
    return {}


def _top_files(listed: object) -> Iterator[tuple[str, str]]:
    """Files at the top that the list names with their hash."""
    if isinstance(listed, dict):
        for name, sha in listed.items():
            if isinstance(sha, str) and plain(name):
                yield name, sha


def plain(name: str) -> bool:
    """Whether a name is that of a file or a folder where it is looked for, and of nothing else on any system."""
    return _PLAIN.fullmatch(name) is not None


# Who said what, of which place


def _claims(document: Record, names: Mapping[str, tuple[str, ...]], edition: str) -> Iterator[Said]:
    for claim in features_in(document.get("claims", []), Path(edition, CLAIMS)):
        place = str(claim.get("place"))
        day = claim.get("said") or claim.get("for_day")
        moment = moment_of({"as_of": day}, Path(edition, CLAIMS))
        yield Said((place, *names.get(place, ())), str(claim.get("about")), moment, claim | {"edition": edition})


def _names(features: Features) -> dict[str, tuple[str, ...]]:
    """Under which other names a settlement is known."""
    found = {}
    for _, feature in features.get("settlements", ()):
        words = feature["properties"]
        others = words.get("names")
        if isinstance(others, dict):
            found[str(words.get("name"))] = tuple(str(one) for one in others.values())
    return found


def _key(said: Said) -> bytes:
    """What makes a claim the same one in two editions; whether it was revised since is told by the later."""
    told = {key: value for key, value in said.told.items() if key not in ("edition", "revised")}
    return msgspec.json.encode(told, order="sorted")
