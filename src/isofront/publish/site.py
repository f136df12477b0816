"""A static site of editions in a folder: pages, feeds and the list over editions, tombstones and banners.

An edition's folder is put in place first (`in_place`); after that the files at the top are replaced one by one, the
list of editions last, so that all that any of them names is there.
"""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError, IsofrontError, UsageError
from isofront.evidence.edition import Published, sha256
from isofront.publish.edition_files import ABOUT, PAGE
from isofront.publish.feed import atom_bytes, feed_bytes
from isofront.publish.geojson import compact, readable_bytes
from isofront.publish.in_place import EDITIONS, GZIP, NEW, OLD, put_file, take_away
from isofront.publish.mappers import FILE as MAPPERS
from isofront.publish.mappers import with_shapes
from isofront.publish.page import map_html
from isofront.publish.page_editions import OFFLINE, PLACES, light, whole
from isofront.publish.public_map import NOT_FOR
from isofront.publish.stamp import utc_text

LIST, INDEX, STATUS = "editions.json", "index.html", "status.json"
HEADERS = "_headers"
OWN_WORDS = ("id", "as_of", "delay_hours", "stamp", "simulated", "caution", "not_for")
"""What each file of an edition says of itself."""
TOP = (EDITIONS, INDEX, OFFLINE, PLACES, "feed.json", "feed.atom", HEADERS)
"""What lies at the top of a site before its list does."""
FILES = (*TOP[1:], LIST)
"""The files there."""

GONE = {
    "en": ("Withdrawn", "Edition {id}, the map as of {as_of}, was withdrawn on {pulled_at}: {why}"),
    "uk": ("Відкликано", "Видання {id}, карту станом на {as_of}, відкликано {pulled_at}: {why}"),
}
"""What stands where an edition was pulled: heading and sentence."""
NOT_FOR_IN = {"en": f"{NOT_FOR.capitalize()}.", "uk": "Не для навігації, евакуації чи наведення."}
NOTHING = {"en": "No edition is published at the moment.", "uk": "Зараз не опубліковано жодного видання."}


@dataclass(frozen=True, slots=True)
class Told:
    """One edition as the list, the feeds and its own page tell of it."""

    id: str
    as_of: str
    made_at: str
    state: str
    sha256: str | None
    corrected_by: str | None
    corrects: str | None
    reason: str
    changed_km2: float | None
    since: str
    bypass: str | None
    simulated: bool
    caution: str
    corrected_at: str | None = None
    pulled_at: str | None = None

    @property
    def path(self) -> str:
        """Where its page lies in the site."""
        return f"{EDITIONS}/{self.id}/"


def put_top_without(site: Path, name: str, *, title: str, published: Published, address: str = "") -> None:
    """The same after an edition was withdrawn: pages that show it go even where nothing new can be written.

    Raises:
        IsofrontError: the files at the top cannot be written; those that showed the edition are gone.
    """
    try:
        put_top(site, title=title, published=published, address=address)
    except (OSError, IsofrontError):
        _take_pages(site)
        try:
            put_top(site, title=title, published=published, address=address)
        except (OSError, IsofrontError) as fault:
            raise IsofrontError(
                f"{name} is withdrawn and the pages that showed it are taken away, but none could be written in their "
                f"place ({fault}); wanted room on the disk, then the same command again"
            ) from fault


def tells_of(site: Path, name: str) -> bool:
    """Whether a folder is a site that an edition lies in, or that its list still names."""
    if any((site / one).is_dir() for one in (f"{EDITIONS}/{name}", f"{OLD}{name}")):
        return True
    return any(one.get("id") == name for one in _named_in(site))


def _named_in(site: Path) -> list[dict[str, Any]]:
    """The editions that a site's list names; none where it cannot be read."""
    try:
        found = _document((site / LIST).read_bytes(), site / LIST).get("editions")
    except (OSError, BadInputError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def take_edition(site: Path, name: str) -> bool:
    """Remove an edition's folder, and the pages at the top that may show it; False where there is no such folder."""
    home = next((one.parent for one in (site / EDITIONS).glob(f"*/{ABOUT}") if one.parent.name == name), None)
    if home is None:
        return False
    _take_pages(site)
    shutil.rmtree(home, ignore_errors=True)
    return True


def _take_pages(site: Path) -> None:
    take_away(site / one for one in (OFFLINE, INDEX, PLACES))


def put_top(site: Path, *, title: str, published: Published, address: str = "") -> None:
    """The pages, the feeds and the list over all editions whose folders are there; the list last.

    `address` is where the site lies, for the feeds; empty leaves addresses in them relative.
    """
    told = listed(site, published)
    found = [(one, _page_of(site, one)) for one in standing(told)]
    documents = [page for _, page in found if page is not None]
    every = [_with_others(page, _others_of(site, one)) for one, page in found if page is not None]
    pages = (_blank(title), _blank(title)) if not documents else (light(documents, told), whole(every, told))
    put_file(site / PLACES, _places_bytes(pages[1]) if isinstance(pages[1], dict) else readable_bytes({"places": []}))
    for name, page in ((OFFLINE, pages[1]), (INDEX, pages[0])):
        put_file(site / name, with_feeds(map_html(page) if isinstance(page, dict) else page))
    put_file(site / "feed.json", feed_bytes(title, told, address=address))
    put_file(site / "feed.atom", atom_bytes(title, told, address=address))
    put_file(site / HEADERS, _headers(told))
    put_file(site / LIST, _list_bytes(title, told))


def _places_bytes(document: Mapping[str, Any]) -> bytes:
    words = {name: document[name] for name in ("stamp", "simulated", "caution", "not_for")}
    return (compact(words | dict(document["places"])) + "\n").encode()


def listed(site: Path, published: Published) -> list[Told]:
    """Every edition of the ledger whose folder lies in the site, newest last."""
    corrected = published.corrections
    found = []
    for _, one in published.editions:
        about = site / EDITIONS / one.id / ABOUT
        if not about.is_file():
            continue
        content = about.read_bytes()
        document = _document(content, about)
        pull = published.pull_of(one.id)
        state = "pulled" if pull is not None else "corrected" if one.id in corrected else "published"
        found.append(
            Told(
                one.id,
                utc_text(one.as_of),
                utc_text(one.made_at),
                state,
                None if pull is not None else sha256(content),
                corrected[one.id].id if one.id in corrected else None,
                one.corrects,
                one.reason if pull is None else pull.reason,
                document.get("changed_km2"),
                document.get("previous") or "the start",
                one.bypass,
                one.simulated,
                str(document.get("caution", "")),
                utc_text(corrected[one.id].made_at) if one.id in corrected else None,
                None if pull is None else utc_text(pull.at),
            )
        )
    return found


def abouts(site: Path) -> list[dict[str, Any]]:
    """What each edition in a site says of itself, by name; tombstones too."""
    found = sorted((site / EDITIONS).glob(f"*/{ABOUT}"))
    return [_document(path.read_bytes(), path) for path in found]


def standing(told: Iterable[Told]) -> list[Told]:
    """The editions that stand, in order of their days and of one day the newest last: the last is the current one."""
    return sorted((one for one in told if one.state == "published"), key=lambda one: one.as_of)


def edition_page(files: Mapping[str, bytes], *, banner: str = "", notice: Mapping[str, Any] | None = None) -> bytes:
    """The page of one edition, with a banner on top where there is something to say.

    The banner stands in the markup, for readers without script; `notice` is what the page makes it from in the
    reader's language.
    """
    others = msgspec.json.decode(files[MAPPERS]) if MAPPERS in files else {}
    document = _with_others(msgspec.json.decode(files[PAGE]), others)
    page = with_feeds(map_html(document if notice is None else document | {"notice": dict(notice)}), top="../../")
    return with_banner(page, banner)


def with_feeds(page: bytes, *, top: str = "") -> bytes:
    """The page with its feeds named where feed readers look for them."""
    kinds = (("atom+xml", "feed.atom"), ("feed+json", "feed.json"))
    links = "".join(f'<link rel="alternate" type="application/{kind}" href="{top}{file}">' for kind, file in kinds)
    return page.replace(b"</title>", b"</title>" + links.encode(), 1)


def with_banner(page: bytes, banner: str) -> bytes:
    """The page with a sentence over everything, as a dialog: the page's content policy lets no style in."""
    if not banner:
        return page
    told = f'<dialog open role="alert"><strong>{html.escape(banner)}</strong></dialog>'.encode()
    before, end, after = page.rpartition(b"</body>")
    return before + told + end + after


def put_banner(site: Path, name: str, *, banner: str, status: Mapping[str, Any]) -> None:
    """Say on an old edition's page what became of it, and beside it for machines."""
    folder = site / EDITIONS / name
    if not (folder / PAGE).is_file():
        return
    about = _document((folder / ABOUT).read_bytes(), folder / ABOUT)
    put_file(folder / STATUS, readable_bytes({name: about[name] for name in OWN_WORDS if name in about} | dict(status)))
    files = {name: (folder / name).read_bytes() for name in (PAGE, MAPPERS) if (folder / name).is_file()}
    put_file(folder / INDEX, edition_page(files, banner=banner, notice=status))


def tombstone_files(names: Iterable[str], *, about: Mapping[str, Any], reason: str) -> dict[str, bytes]:
    """What stands in place of an edition that was pulled: each text file says so and holds nothing else; rasters go."""
    words = dict(about) | {"state": "pulled", "reason": reason, "not_for": NOT_FOR}
    files = {ABOUT: readable_bytes(words), STATUS: readable_bytes(words), INDEX: _tombstone(about, reason)}
    for name in names:
        if name.endswith(".geojson"):
            files[name] = readable_bytes(words | {"type": "FeatureCollection", "features": []})
        elif name.endswith(".json") and name not in files:
            files[name] = readable_bytes(words)
    return files


def _page_of(site: Path, one: Told) -> dict[str, Any] | None:
    path = site / EDITIONS / one.id / PAGE
    return _document(path.read_bytes(), path) if path.is_file() else None


def _others_of(site: Path, one: Told) -> dict[str, Any]:
    path = site / EDITIONS / one.id / MAPPERS
    return _document(path.read_bytes(), path) if path.is_file() else {}


def _with_others(document: dict[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The document with other mappers' geometry in its days."""
    return document if not others else document | {"dates": [with_shapes(day, others) for day in document["dates"]]}


def _document(content: bytes, path: Path) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault}), wanted a file written by publish") from fault
    if not isinstance(found, dict):
        raise BadInputError(f"{path}: JSON of another kind, wanted a file written by publish")
    return found


def _list_bytes(title: str, told: Sequence[Told]) -> bytes:
    shown = standing(told)
    return readable_bytes(
        {
            "title": title,
            "not_for": NOT_FOR,
            "simulated": any(one.simulated for one in told),
            "latest": shown[-1].id if shown else None,
            "editions": [
                {
                    "id": one.id,
                    "path": one.path,
                    "as_of": one.as_of,
                    "made_at": one.made_at,
                    "state": one.state,
                    "sha256": one.sha256,
                    "corrects": one.corrects,
                    "corrected_by": one.corrected_by,
                    "reason": one.reason,
                    "without_second_name": one.bypass,
                    "changed_km2": one.changed_km2 if one.state != "pulled" else None,
                    "simulated": one.simulated,
                    "caution": one.caution,
                }
                for one in told
            ],
        }
    )


def _headers(told: Sequence[Told]) -> bytes:
    """For servers that read such a file: a minute's cache at most, none at all for what was pulled."""
    lines = ["/*", "  Cache-Control: public, max-age=60, must-revalidate"]
    for one in told:
        if one.state == "pulled":
            lines += [f"/{one.path}*", "  Cache-Control: no-store"]
    return ("\n".join(lines) + "\n").encode()


def _tombstone(about: Mapping[str, Any], reason: str) -> bytes:
    """A page for readers of either language: there is no script in it that could ask which."""
    words = {name: html.escape(str(about[name])) for name in ("id", "as_of", "pulled_at")}
    told = "".join(
        f'<section lang="{language}"><h1>{title}</h1>'
        f"<p>{said.format(**words, why=html.escape(reason))}</p><p>{NOT_FOR_IN[language]}</p></section>"
        for language, (title, said) in GONE.items()
    )
    stamp = "<p><strong>SIMULATED</strong></p>" if about["simulated"] else ""
    return _plain_page("Withdrawn · Відкликано", stamp + told, no_store=True)


def _blank(title: str) -> bytes:
    said = "".join(f'<p lang="{language}">{text}</p>' for language, text in NOTHING.items())
    return _plain_page(html.escape(title), said, no_store=True)


def _plain_page(title: str, body: str, *, no_store: bool) -> bytes:
    meta = '<meta http-equiv="Cache-Control" content="no-store">' if no_store else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{meta}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
        f'<meta name="robots" content="noindex"><title>{title}</title></head><body>{body}</body></html>\n'
    ).encode()


def refuse_others(site: Path, published: Published) -> None:
    """Stop before another ledger's editions drop out of the list of their own site.

    Raises:
        UsageError: an edition that stands there is not one of this ledger.
    """
    ours = {one.id: one.files.get(ABOUT) for _, one in published.editions}
    others = [one["id"] for one in _named_in(site) if one.get("sha256") and ours.get(one["id"]) != one["sha256"]]
    if others:
        raise UsageError(f"{site}: edition {others[0]} there is of another ledger, wanted this theatre's own site")


def refuse_strange(site: Path) -> None:
    """Stop before anything is written into a folder that holds something else.

    Raises:
        IsofrontError: it holds files and no list of editions.
    """
    if site.exists() and not site.is_dir():
        raise IsofrontError(f"{site}: is a file, wanted a folder for the site")
    if site.is_dir() and not (site / LIST).is_file():
        strange = [
            one.name
            for one in site.iterdir()
            if one.name.removesuffix(GZIP) not in TOP and not one.name.startswith((NEW, OLD, "."))
        ]
        if strange:
            raise IsofrontError(f"{site}: holds {strange[0]!r} and no {LIST}, wanted an empty folder or a site")
