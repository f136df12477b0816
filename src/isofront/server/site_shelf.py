"""A shelf from a published site: its editions, the features of those that stand, what changed, who said what.

Of several editions of one day the last that stands is the day's. What an edition holds is read once, by the hash of its
`edition.json`, and only where its bytes are those that the list names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.server.map_files import document, features_in, moment_of
from isofront.server.shelf import TITLES, Edition, Record, Said, Shelf

LIST, EDITIONS, ABOUT, CHANGES, PAGE = "editions.json", "editions", "edition.json", "changes.json", "page.json"
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}", re.ASCII)
Features = dict[str, list[tuple[datetime, Mapping[str, Any]]]]


@dataclass(frozen=True)
class _Read:
    """What one edition's files hold."""

    about: Record
    changes: Record
    features: Features
    claims: tuple[Said, ...]


NOTHING = _Read({}, {}, {}, ())


class SiteReader:
    """Reads a site, and again only what is new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
        features: Features = {name: [] for name in TITLES}
        for one in standing:
            for name, some in one.features.items():
                features[name] += some
        title = str(listed.get("title") or self._folder.name)
        stamp = "PUBLIC SIMULATED" if listed.get("simulated") else "PUBLIC"
        empty = Shelf(title, stamp, {}, public=True)
        shelf = Shelf.of(title, features) if any(features.values()) else empty
        claims = {_key(said): said for one in standing for said in one.claims}
        return replace(
            shelf, title=title, stamp=stamp, public=True, editions=editions, claims=tuple(claims.values()),
            days=tuple(sorted(days)),
        )  # fmt: skip

    def _edition(self, told: Record, read: _Read) -> Edition:
        moment = moment_of(told, self._folder / LIST)
        return Edition(str(told["id"]), moment, str(told.get("state")), told, read.about, read.changes)

    def _read(self, told: Record) -> _Read:
        name, sha = str(told.get("id")), told.get("sha256")
        if not isinstance(sha, str) or not name.replace("-", "").replace("T", "").replace("Z", "").isalnum():
            return NOTHING
        if (name, sha) not in self._known:
            self._known[name, sha] = self._from_files(self._folder / EDITIONS / name, sha)
        return self._known[name, sha]

    def _from_files(self, home: Path, sha: str) -> _Read:
        about = _json(home / ABOUT, sha)
        hashes = about.get("files")
        if not isinstance(hashes, dict):
            return NOTHING
        moment = moment_of(about, home)
        features = {
            name: [(moment, _of_edition(one, home.name)) for one in features_in(layer.get("features"), home)]
            for name in TITLES
            if (layer := _json(home / f"{name}.geojson", hashes.get(f"{name}.geojson")))
        }
        page = _json(home / PAGE, hashes.get(PAGE))
        return _Read(about, _json(home / CHANGES, hashes.get(CHANGES)), features, tuple(_claims(page, home.name)))


def _of_edition(feature: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A feature that says of which edition it is."""
    return dict(feature) | {"properties": dict(feature.get("properties") or {}) | {"edition": name}}


def _json(path: Path, sha: object) -> dict[str, Any]:
    """A file's JSON object; empty where the file is not the one that was published."""
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha:
            return {}
        found = msgspec.json.decode(content)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _top_files(listed: object) -> Iterator[tuple[str, str]]:
    """Files at the top that the list names with their hash."""
    if isinstance(listed, dict):
        for name, sha in listed.items():
            if isinstance(sha, str) and plain(name):
                yield name, sha


def plain(name: str) -> bool:
    """Whether a name is that of a file beside its list, and of nothing else on any system."""
    return _PLAIN.fullmatch(name) is not None


# Who said what, as the page has it: in each day one entry a settlement


def _claims(page: Record, edition: str) -> Iterator[Said]:
    try:
        named = [_names(one) for one in page.get("settlements") or ()]
        for date in page.get("dates") or ():
            told = (date.get("public") or {}).get("places") or ()
            for names, place in zip(named, told, strict=False):
                for claim in _dicts(place.get("claims")):
                    yield _said(names, claim, edition)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise BadInputError(
            f"{edition}/{PAGE}: claims that cannot be read, wanted a file written by publish"
        ) from fault


def _names(settlement: Mapping[str, Any]) -> tuple[str, ...]:
    names = settlement.get("names")
    every = names.values() if isinstance(names, dict) else ()
    return tuple(dict.fromkeys(str(one) for one in (settlement.get("name"), *every) if one))


def _said(names: tuple[str, ...], claim: Mapping[str, Any], edition: str) -> Said:
    day = str(claim.get("said") or claim.get("for_day"))
    moment = moment_of({"as_of": day}, Path(edition))
    return Said(
        names, str(claim.get("about")), moment, {"place": names[0] if names else None, **claim, "edition": edition}
    )


def _dicts(value: object) -> Iterable[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _key(said: Said) -> tuple[object, ...]:
    """What makes a claim the same one in two editions."""
    told = {key: value for key, value in said.told.items() if key not in ("edition", "revised")}
    return said.places, said.about, msgspec.json.encode(told, order="sorted")
