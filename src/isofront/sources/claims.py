"""Rows of claims in, `Claim`s out: CSV, JSON, or the drafts of `isofront read` that a person accepted (spec/claims.md).

Each row becomes a claim or a `Refused` with its reason; none is dropped in silence. Places are looked up among the
theatre's settlements, in any spelling; civilians are counted by settlement alone.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.evidence.claim import SUBJECTS, Bound, Claim, Status, claim_id, fault_of, in_unit
from isofront.ground.places import folded
from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms
from isofront.sources.terms import Refused
from isofront.theatre.model import RELEASE_CLASSES

MAX_BYTES = 50_000_000
COLUMNS = (
    "id", "speaker", "said_at", "about", "place", "lon", "lat", "value", "bound", "unit", "status", "side", "against",
    "counts", "for_day", "interest", "against_interest", "reliability", "credibility", "quote", "url", "named_as",
    "revises", "release", "simulated",
)  # fmt: skip
"""The columns of a claims file, in the order in which one is written."""
NEEDED = ("speaker", "said_at", "about", "place")
_REFUSED = re.compile(
    r"shelter|evacuation[- ]point|home address|hideout|basement|укритт|сховищ|пункт евакуац", re.IGNORECASE
)
_RANGE = re.compile(r"(.+?)\s*(?:\.\.|–|—|\bto\b|(?<=\d)-(?=\d))\s*(.+)")
_TRUE, _FALSE = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


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
        hint = f", nearest: {', '.join(near)}" if near else ""
        raise BadInputError(f"place {name!r}: no settlement of the theatre{hint}")


def read_claims(
    content: bytes,
    *,
    file: str,
    terms: ClaimTerms,
    accept: frozenset[int] | None = None,
    usual: Mapping[str, str] | None = None,
) -> list[Claim | Refused]:
    """Every row as a claim or refused. `accept` names the drafts (from 1) that a person took; others are left out.
    `usual` is what stands where a row leaves `speaker` or `said_at` empty.

    Raises:
        BadInputError: the file is no CSV and no JSON of claims, or holds none.
    """
    if len(content) > MAX_BYTES:
        raise BadInputError(f"{file}: {len(content):,} bytes, wanted at most {MAX_BYTES:,}")
    text = _text(terms.pseudonyms.content(content), file)
    rows = _json_rows(text, file, accept) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text, file)
    found = [_read(number, _filled(row, usual or {}), terms) for number, row in rows]
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
    columns = [name.strip().casefold() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in columns]:
        raise BadInputError(f"{file}: no column {' or '.join(missing)}; wanted {', '.join(COLUMNS)}")
    reader.fieldnames = columns
    try:
        yield from ((reader.line_num, row) for row in reader)
    except csv.Error as fault:
        raise BadInputError(f"{file} line {reader.line_num}: not CSV ({fault})") from fault


def _json_rows(text: str, file: str, accept: frozenset[int] | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        rows = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BadInputError(f"{file}: not JSON ({fault})") from fault
    rows = rows if isinstance(rows, list) else [rows]
    drafts = any(isinstance(row, dict) and row.get("state") == "draft" for row in rows)
    if drafts and accept is None:
        raise BadInputError(f"{file}: {len(rows)} drafts; a person says which are kept: --accept 2,5 or --accept all")
    for number, row in enumerate(rows, start=1):
        if not accept or number in accept or 0 in accept:
            yield number, _of_draft(row) if isinstance(row, dict) and row.get("state") == "draft" else row


def _filled(row: Any, usual: Mapping[str, str]) -> Any:
    empty = {key: value for key, value in usual.items() if isinstance(row, dict) and row.get(key) in (None, "")}
    return {**row, **empty} if empty else row


def _of_draft(row: dict[str, Any]) -> dict[str, Any]:
    """A draft of `isofront read` in a claim's words."""
    control, sides = row.get("type") == "control", row.get("sides") or []
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
        "quote": row.get("quote"),
        "named_as": row.get("named_as"),
    }


def _read(number: int, row: object, terms: ClaimTerms) -> Claim | Refused:
    raw = msgspec.json.encode(row) if isinstance(row, dict) else b""
    try:
        if not isinstance(row, dict):
            raise BadInputError("wanted an object with speaker, said_at, about, place")
        claim = _claim({str(key): _bare(value) for key, value in row.items() if key is not None}, terms)
    except BadInputError as fault:
        return Refused(number, None, str(fault), raw)
    fault_found = fault_of(claim, sides=terms.side_ids)
    return Refused(number, None, fault_found, raw) if fault_found else claim


def _bare(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _claim(row: dict[str, Any], terms: ClaimTerms) -> Claim:
    if unknown := sorted(set(row) - set(COLUMNS)):
        raise BadInputError(f"column {unknown[0]!r}: wanted one of {', '.join(COLUMNS)}")
    if missing := [name for name in NEEDED if row.get(name) in (None, "")]:
        raise BadInputError(f"{missing[0]} is empty; a claim without {missing[0]} is none")
    if found := _REFUSED.search(f"{row.get('place')} {row.get('about')}"):
        raise BadInputError(f"{found.group()!r}: civilians are counted by settlement; homes and shelters are not kept")
    about = str(row["about"])
    if about not in SUBJECTS:
        near = difflib.get_close_matches(about, SUBJECTS, n=3, cutoff=0.4)
        raise BadInputError(f"about {about!r}: wanted {', '.join(near) if near else ', '.join(SUBJECTS)}")
    said, spot = _moment(row["said_at"], "said_at"), _spot(row, terms)
    if SUBJECTS[about].civilians and spot not in terms.spots:
        raise BadInputError(f"place {spot.name!r}: no settlement of the theatre; civilians are counted by settlement")
    low, high, bound = _value(row, about)
    known = said if terms.backfill else terms.now
    claim = Claim(
        id="",
        speaker=str(row["speaker"])[:120],
        said_at=said,
        known_at=known,
        about=about,
        place=spot.name,
        lon=spot.lon,
        lat=spot.lat,
        low=low,
        high=high,
        bound=bound,
        said_unit=str(row.get("unit") or ""),
        status=_one_of(Status, row.get("status"), "status"),
        side=terms.side(row["side"]) if row.get("side") else None,
        against=terms.side(row["against"]) if row.get("against") else None,
        counts=_counts(row.get("counts"), terms),
        for_day=_moment(row["for_day"], "for_day").date() if row.get("for_day") else None,
        interest=terms.side(row["interest"]) if row.get("interest") else None,
        against_interest=_flag(row.get("against_interest"), "against_interest"),
        reliability=str(row.get("reliability") or "F").upper(),
        credibility=_whole(row.get("credibility"), "credibility", 6),
        quote=str(row.get("quote") or ""),
        url=_address(row.get("url")),
        named_as=str(row.get("named_as") or "full"),
        revises=str(row["revises"]) if row.get("revises") else None,
        release=_release(row.get("release")),
        known_inferred=terms.backfill,
        simulated=bool(_flag(row.get("simulated"), "simulated")),
    )
    name = str(row.get("id") or "") or claim_id(claim)
    return msgspec.structs.replace(claim, id=name)


def _spot(row: Mapping[str, Any], terms: ClaimTerms) -> Spot:
    if row.get("lon") in (None, "") or row.get("lat") in (None, ""):
        return terms.spot(str(row["place"]))
    lon, lat = _number(row["lon"], "lon"), _number(row["lat"], "lat")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInputError(f"lon {lon:g} lat {lat:g}: wanted degrees")
    wanted = folded(str(row["place"]))
    for spot in terms.spots:
        named = wanted in (folded(spot.name), *(folded(one) for one in spot.spellings))
        if named and abs(spot.lon - lon) < 0.2 and abs(spot.lat - lat) < 0.2:
            return spot
    return Spot(str(row["place"])[:120], (), lon, lat)


def _value(row: Mapping[str, Any], about: str) -> tuple[float | None, float | None, Bound]:
    """Low, high and bound; a range as [low, high] or "200 to 300", a ratio as 8 or "8:1"."""
    value, unit = row.get("value"), str(row.get("unit") or "")
    bound = _one_of(Bound, row.get("bound"), "bound") or Bound.EXACT
    if value in (None, ""):
        return None, None, bound
    ends = [_number(one, "value") for one in _ends(value)]
    low, high = (in_unit(one, unit, about) for one in (ends[0], ends[-1]))
    if low < high:
        bound = Bound.RANGE
    return low, high, bound


def _ends(value: object) -> list[object]:
    if isinstance(value, list):
        if len(value) != 2:
            raise BadInputError(f"value of {len(value)} numbers: wanted one, or two for a range")
        return value
    text = str(value)
    if ratio := re.fullmatch(r"\s*([\d.,]+)\s*:\s*1\s*", text):
        return [ratio[1]]
    found = _RANGE.fullmatch(text)
    return [found[1], found[2]] if found and not text.startswith("-") else [value]


def _number(value: object, name: str) -> float:
    text = str(value).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = float(text.replace(",", "."))
    except ValueError as fault:
        raise BadInputError(f"{name} {str(value)[:40]!r}: wanted a number") from fault
    if not math.isfinite(number):
        raise BadInputError(f"{name} {str(value)[:40]!r}: wanted a finite number")
    return number


def _whole(value: object, name: str, default: int) -> int:
    if value in (None, ""):
        return default
    number = _number(value, name)
    if number != int(number):
        raise BadInputError(f"{name} {value!r}: wanted a whole number")
    return int(number)


def _moment(value: object, name: str) -> datetime:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
        found = datetime.fromisoformat(str(value))
    except ValueError as fault:
        raise BadInputError(
            f"{name} {str(value)[:40]!r}: wanted a day or moment such as 2025-11-04 or 2025-11-04T18:00Z"
        ) from fault
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _one_of(kind: type[Any], value: object, name: str) -> Any:
    if value in (None, ""):
        return None
    try:
        return kind(str(value).casefold())
    except ValueError as fault:
        raise BadInputError(
            f"{name} {str(value)[:40]!r}: wanted one of {', '.join(one.value for one in kind)}"
        ) from fault


def _flag(value: object, name: str) -> bool | None:
    if value in (None, ""):
        return None
    word = str(value).casefold()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise BadInputError(f"{name} {value!r}: wanted yes, no or nothing")


def _release(value: object) -> str | None:
    """The release class; one that was not understood costs the row, for a guess could publish what must not be."""
    word = str(value or "").strip().casefold()
    if word and word not in RELEASE_CLASSES:
        raise BadInputError(f"release {value!r}: wanted {', '.join(RELEASE_CLASSES)} or nothing")
    return word or None


def _counts(value: object, terms: ClaimTerms) -> dict[str, float | int]:
    """Both sides' numbers of a ratio: {"red": 80, "blue": 10} or "red:80 blue:10"."""
    if value in (None, "", {}):
        return {}
    pairs = value.items() if isinstance(value, dict) else [part.partition(":")[::2] for part in str(value).split()]
    return {terms.side(str(side)): _number(number, "counts") for side, number in pairs}


def _address(value: object) -> str:
    text = str(value or "")
    if text and not re.fullmatch(r"https?://[^\s<>\"]{1,1000}", text):
        raise BadInputError(f"url {text[:60]!r}: wanted an http or https address")
    return text
