"""Rows of claims in, `Claim`s out: CSV, JSON, or the drafts of `isofront read` that a person accepted (spec/claims.md).

Each row becomes a claim or a `Refused` with its reason; none is dropped in silence. Places are looked up among the
theatre's settlements, in any spelling; civilians are counted by settlement alone.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from isofront.counts import counted
from isofront.errors import BadInputError
from isofront.evidence.claim import AHEAD, SUBJECTS, Claim, Status, claim_id, fault_of
from isofront.ground.places import folded
from isofront.sources import claim_cells as cell
from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms
from isofront.sources.terms import Refused

LONGEST_NAME = 120
MAX_BYTES = 50_000_000
COLUMNS = (
    "id", "speaker", "said_at", "about", "place", "lon", "lat", "value", "bound", "unit", "status", "side", "against",
    "counts", "for_day", "interest", "against_interest", "reliability", "credibility", "quote", "url", "named_as",
    "revises", "release", "simulated",
)  # fmt: skip
"""The columns of a claims file, in the order in which one is written."""
NO_CLAIM = {
    "place": "a place that the text names; it says nothing that could be kept",
    "judgement": "a judgement, no claim: `isofront assess` keeps it, with its author and the question it answers",
}
"""Drafts of `isofront read` that are no claims, by what they are about."""
NEEDED = ("speaker", "said_at", "about", "place")
_REFUSED = re.compile(
    r"shelter|evacuation[- ](?:point|site|hub|bus)|assembly point|home address|hideout|basement|\bcellar|\bbunker|"
    r"укритт|укрыти|сховищ|убежищ|підвал|подвал|погріб|погреб|"
    r"(?:пункт|міс[цт]|мест|автобус)\w* (?:\w+ )?(?:евакуац|эвакуац)|"
    r"(?:евакуаційн|эвакуационн)\w+ (?:пункт|автобус|хаб)|"
    r"\d+[a-z]? [A-Z][\w'’]+ (?:street|st\b|avenue|lane)|\b(?:street|avenue|lane),? (?:no\.? ?)?\d|"
    r"(?:\bвул\.|\bвулиц|\bул\.|\bпровул|\bпереул|\bпросп)[^.\n]{0,40}\d|\b(?:буд|кв|д)\.\s?\d",
    re.IGNORECASE,
)
"""Words that point at where civilians are, finer than a settlement."""
MOST_SEARCHED = 1000
"""So much of a cell is looked through for such words: a place or a quote that is longer is refused for its length."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A settlement that a claim can be about: its name, other spellings, lon and lat."""

    name: str
    spellings: tuple[str, ...]
    lon: float
    lat: float


@dataclass(frozen=True)
class ClaimTerms:
    """What a row is read against: sides by id and by every name of theirs, settlements, the moment of recording."""

    sides: dict[str, str]
    spots: Sequence[Spot]
    now: datetime
    backfill: bool = False
    pseudonyms: Pseudonyms = NO_PSEUDONYMS
    lies_outside: Callable[[float, float], bool] = lambda lon, lat: False

    @property
    def side_ids(self) -> tuple[str, ...]:
        """The sides' ids."""
        return tuple(dict.fromkeys(self.sides.values()))

    def side(self, word: str) -> str:
        """The side that a word means: an id, a name, or a word made from it ("Northlandish").

        Raises:
            BadInputError: none.
        """
        key = word.strip().casefold()
        if key in self.sides:
            return self.sides[key]
        made = [
            side
            for name, side in self.sides.items()
            if len(name) > 3 and key[: max(4, len(name) - 2)] == name[: max(4, len(name) - 2)]
        ]
        if made:
            return made[0]
        raise BadInputError(f"side {word!r}: wanted one of {', '.join(self.side_ids)}")

    def spot(self, name: str) -> Spot:
        """The settlement of a name, in any spelling.

        Raises:
            BadInputError: none, or several; the message names them.
        """
        wanted = folded(name)
        found = [spot for spot in self.spots if wanted in (folded(spot.name), *(folded(one) for one in spot.spellings))]
        if len(found) > 1:
            where = "; ".join(f"{spot.lon:.3f} {spot.lat:.3f}" for spot in found[:4])
            raise BadInputError(
                f"place {name!r}: {len(found)} places bear the name ({where}), wanted lon and lat as well"
            )
        if found:
            return found[0]
        near = difflib.get_close_matches(name, [spot.name for spot in self.spots], n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(near)}" if near else "wanted one of [[settlements]], or a row with lon and lat"
        raise BadInputError(f"place {name[:LONGEST_NAME]!r}: no settlement of the theatre, {hint}")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a claims file: where it stands (its line of a CSV, its number in JSON), and what it came to."""

    file: str
    row: int
    told: Claim | Refused


def read_claims(
    content: bytes,
    *,
    file: str,
    terms: ClaimTerms,
    accept: frozenset[int] | None = None,
    usual: Mapping[str, str] | None = None,
) -> list[ReadRow]:
    """Every row as a claim or refused.

    `accept` names the drafts (from 1) that a person took; others are left out. `usual` is what stands where a row
    leaves `speaker` or `said_at` empty.

    Raises:
        BadInputError: the file is no CSV and no JSON of claims, or holds none.
    """
    if len(content) > MAX_BYTES:
        raise BadInputError(f"{file}: {len(content):,} bytes, wanted at most {MAX_BYTES:,}")
    text = _text(terms.pseudonyms.content(content), file)
    rows = _json_rows(text, file, accept) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text, file)
    found = [ReadRow(file, number, _read(number, _filled(row, usual or {}), terms)) for number, row in rows]
    if not found:
        raise BadInputError(f"{file}: no claim in it, wanted rows with {', '.join(NEEDED)}")
    return found


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInputError(f"{file}: byte {fault.start:,} is no UTF-8, wanted CSV or JSON") from fault


def _csv_rows(text: str, file: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        columns = [name.strip().casefold() for name in reader.fieldnames or ()]
        if twice := next((name for name in columns if columns.count(name) > 1), None):
            raise BadInputError(f"{file}: column {twice!r} stands there more than once, wanted one")
        if missing := [name for name in NEEDED if name not in columns]:
            raise BadInputError(f"{file}: no column {' or '.join(missing)}; wanted {', '.join(COLUMNS)}")
        reader.fieldnames = columns
        yield from ((reader.line_num, row) for row in reader)
    except csv.Error as fault:
        raise BadInputError(f"{file} line {max(reader.line_num, 1)}: not CSV ({fault})") from fault


def _json_rows(text: str, file: str, accept: frozenset[int] | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        rows = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BadInputError(f"{file}: not JSON ({fault})") from fault
    rows = rows if isinstance(rows, list) else [rows]
    drafts = any(isinstance(row, dict) and row.get("state") == "draft" for row in rows)
    if drafts and accept is None:
        raise BadInputError(
            f"{file}: {counted(len(rows), 'draft')}; a person says which are kept: --accept 2,5 or --accept all"
        )
    if accept and (beyond := sorted(number for number in accept if number > len(rows))):
        raise BadInputError(f"{file}: no draft {beyond[0]}, wanted 1 to {len(rows)}")
    for number, row in enumerate(rows, start=1):
        if not accept or number in accept or 0 in accept:
            yield number, _of_draft(row) if isinstance(row, dict) and row.get("state") == "draft" else row


def _filled(row: Any, usual: Mapping[str, str]) -> Any:
    empty = {key: value for key, value in usual.items() if isinstance(row, dict) and row.get(key) in (None, "")}
    return {**row, **empty} if empty else row


def _of_draft(row: dict[str, Any]) -> dict[str, Any]:
    """A draft of `isofront read` in a claim's words. A sentence that counts civilians may say where: it is left out."""
    control, sides = row.get("type") == "control", row.get("sides") or []
    kindred = SUBJECTS.get(str(row.get("about")))
    return {
        "speaker": row.get("speaker") or "",
        "said_at": row.get("said_on") or row.get("published") or "",
        "about": "control" if control else row.get("about"),
        "place": row.get("place"),
        "lon": row.get("lon"),
        "lat": row.get("lat"),
        "value": None if control else row.get("value"),
        "status": row.get("value") if control else None,
        "bound": row.get("bound"),
        "unit": row.get("unit"),
        "side": sides[0] if sides else None,
        "against": sides[1] if len(sides) > 1 else None,
        "quote": None if kindred and kindred.civilians else row.get("quote"),
        "named_as": row.get("named_as"),
    }


def _read(number: int, row: object, terms: ClaimTerms) -> Claim | Refused:
    raw = msgspec.json.encode({str(key): value for key, value in row.items()}) if isinstance(row, dict) else b""
    try:
        if not isinstance(row, dict):
            raise BadInputError("wanted an object with speaker, said_at, about, place")
        if None in row:
            more = len(row[None])
            raise BadInputError(f"{more} cells more than the heading names; a comma in a cell wants quotation marks")
        claim = _claim({str(key): _bare(value) for key, value in row.items()}, terms)
    except BadInputError as fault:
        return Refused(number, None, str(fault), raw)
    fault_found = fault_of(claim, sides=terms.side_ids)
    return Refused(number, None, fault_found, raw) if fault_found else claim


def _bare(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _claim(row: dict[str, Any], terms: ClaimTerms) -> Claim:
    _refuse(row)
    claim = _stated(row, terms)
    return msgspec.structs.replace(claim, id=str(row.get("id") or "") or claim_id(claim))


def _refuse(row: Mapping[str, Any]) -> None:
    """Refuse a row that is no claim by its columns and words alone."""
    if unknown := sorted(set(row) - set(COLUMNS)):
        raise BadInputError(f"column {unknown[0]!r}: wanted one of {', '.join(COLUMNS)}")
    if why := NO_CLAIM.get(str(row.get("about"))):
        raise BadInputError(why)
    if missing := [name for name in NEEDED if row.get(name) in (None, "")]:
        hint = {
            "speaker": " (--speaker NAME tells it for all rows)",
            "said_at": " (--said-at DAY tells it for all rows)",
        }
        raise BadInputError(f"{missing[0]} is empty; a claim without {missing[0]} is none{hint.get(missing[0], '')}")
    about = str(row["about"])
    if found := _REFUSED.search(f"{row['place']} {about}"[:MOST_SEARCHED]):
        raise BadInputError(f"{found.group()!r}: civilians are counted by settlement; homes and shelters are not kept")
    if about not in SUBJECTS:
        near = difflib.get_close_matches(about, SUBJECTS, n=3, cutoff=0.4)
        raise BadInputError(f"about {about!r}: wanted {', '.join(near) if near else ', '.join(SUBJECTS)}")
    if SUBJECTS[about].civilians and (found := _REFUSED.search(str(row.get("quote") or "")[:MOST_SEARCHED])):
        raise BadInputError(
            f"quote: {found.group()!r} points at where civilians are; the number is kept without such words alone"
        )


def _stated(row: Mapping[str, Any], terms: ClaimTerms) -> Claim:
    """What a row states, still without an id."""
    about = str(row["about"])
    said, spot = cell.moment(row["said_at"], "said_at"), _spot(row, terms)
    if said > terms.now + AHEAD:
        raise BadInputError(f"said_at {row['said_at']}: has not come yet, it is {terms.now:%Y-%m-%d}")
    if SUBJECTS[about].civilians and spot not in terms.spots:
        raise BadInputError(f"place {spot.name!r}: no settlement of the theatre; civilians are counted by settlement")
    low, high, bound = cell.number_of(row, about)
    return Claim(
        id="",
        speaker=_speaker(row["speaker"]),
        said_at=said,
        known_at=said if terms.backfill else terms.now,
        about=about,
        place=spot.name,
        lon=spot.lon,
        lat=spot.lat,
        low=low,
        high=high,
        bound=bound,
        said_unit=str(row.get("unit") or ""),
        status=cell.one_of(Status, row.get("status"), "status"),
        side=_side(row, "side", terms),
        against=_side(row, "against", terms),
        counts=cell.counts(row.get("counts"), terms.side),
        for_day=cell.moment(row["for_day"], "for_day").date() if row.get("for_day") else None,
        interest=_side(row, "interest", terms),
        against_interest=cell.flag(row.get("against_interest"), "against_interest"),
        reliability=str(row.get("reliability") or "F").upper(),
        credibility=cell.whole(row.get("credibility"), "credibility", 6),
        quote=str(row.get("quote") or ""),
        url=cell.address(row.get("url")),
        named_as=str(row.get("named_as") or "full"),
        revises=str(row["revises"]) if row.get("revises") else None,
        release=cell.release(row.get("release")),
        known_inferred=terms.backfill,
        simulated=bool(cell.flag(row.get("simulated"), "simulated")),
    )


def _side(row: Mapping[str, Any], column: str, terms: ClaimTerms) -> str | None:
    return terms.side(str(row[column])) if row.get(column) else None


def _spot(row: Mapping[str, Any], terms: ClaimTerms) -> Spot:
    given = [name for name in ("lon", "lat") if row.get(name) not in (None, "")]
    if len(given) == 1:
        raise BadInputError(f"{given[0]} without {'lat' if given == ['lon'] else 'lon'}: wanted both, or neither")
    if not given:
        return terms.spot(str(row["place"]))
    lon, lat = cell.number(row["lon"], "lon"), cell.number(row["lat"], "lat")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInputError(f"lon {lon:g} lat {lat:g}: wanted degrees")
    wanted = folded(str(row["place"]))
    for spot in terms.spots:
        named = wanted in (folded(spot.name), *(folded(one) for one in spot.spellings))
        if named and abs(spot.lon - lon) < 0.2 and abs(spot.lat - lat) < 0.2:
            return spot
    name = cell.words(row["place"], "place", LONGEST_NAME)
    if terms.lies_outside(lon, lat):
        raise BadInputError(f"place {name!r} at {lon:.3f} {lat:.3f}: lies outside the theatre and its margin")
    return Spot(name, (), lon, lat)


def _speaker(value: object) -> str:
    name = cell.words(value, "speaker", LONGEST_NAME)
    if not name:
        raise BadInputError("speaker is empty; a claim without speaker is none")
    return name
