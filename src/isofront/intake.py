"""Files into the ledger: what `isofront add` does, and `check` without writing."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase
from itertools import chain, islice
from pathlib import Path

from isofront.errors import BadInputError, IsofrontError, UsageError
from isofront.evidence.ledger import Ledger, Taken, ledger_path
from isofront.evidence.rejects import RejectStore
from isofront.evidence.report import Reject
from isofront.evidence.store import only_writer
from isofront.intake_apart import Batch, Kept, batches_apart, batches_here, kept, worth_it
from isofront.sources import Doubt, Found, Reading, Refused, Terms, read_file
from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms
from isofront.theatre.loading import load
from isofront.theatre.model import Theatre

BATCH_ROWS = 4000
"""Rows per transaction: each batch is safe on disk before it is acknowledged."""

MAX_NAMES = 10_000
"""How many sources, words and reasons a tally tells apart; the rest are counted together."""
OTHERS = "(others)"

_PARTICULARS = re.compile(r"'[^']*'|\"[^\"]*\"|-?\d[\d.,:-]*")


@dataclass(slots=True)
class Reason:
    """Rows rejected for one reason: how many, and the first of them."""

    count: int
    file: str
    row: int
    example: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: acknowledged rows are on disk and survive a power loss."""

    file: str
    bytes_read: int
    bytes_all: int
    rows_acknowledged: int


@dataclass(slots=True)
class FileTally:
    """What became of one file's rows: read = added + duplicates + corrections + rejects, always."""

    file: str
    format: str = ""
    encoding: str = ""
    read: int = 0
    added: int = 0
    duplicates: int = 0
    corrections: int = 0
    rejects: int = 0
    linked: int = 0
    fault: str | None = None
    unused_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """What became of an import; `head` and `count` are the ledger's afterwards."""

    files: list[FileTally] = field(default_factory=list)
    doubts: Counter[Doubt] = field(default_factory=Counter)
    unknown_sources: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Reason] = field(default_factory=dict)
    known_inferred: int = 0
    simulated: int = 0
    head: str = ""
    count: int = 0

    def total(self, what: str) -> int:
        """A count summed over the files."""
        return sum(getattr(file, what) for file in self.files)

    @property
    def usable(self) -> bool:
        """Whether any row of any file could be used."""
        return self.total("added") + self.total("duplicates") + self.total("corrections") > 0


def add_files(
    folder: Path,
    files: Sequence[Path],
    *,
    backfill: bool = False,
    correct: bool = False,
    now: datetime,
    progress: Callable[[Progress], None] | None = None,
    waiting: Callable[[], None] | None = None,
    theatre: Theatre | None = None,
    source: str | None = None,
) -> Tally:
    """Read the files and add what is new to the theatre's ledger, batch by batch; rejects go to the private store.

    `now` is the moment of recording; `progress` is called after every batch that is safely on disk. The theatre is
    read from the folder unless given. `source` is who reports where a row does not say.

    Raises:
        UsageError: a path is no file (before anything is read).
        IsofrontError: the disk is full, the folder read-only, …; acknowledged batches stay.
    """
    names = Pseudonyms.of(folder)
    _check_paths(files, names)
    terms = Terms.of(theatre or load(folder), now=now, backfill=backfill, source=source, pseudonyms=names)
    tally = Tally()
    with (
        only_writer(folder, waiting=waiting),
        Ledger.open(ledger_path(folder), create=True, waiting=waiting) as ledger,
        _few_collections(),
    ):
        for path in files:
            tally.files.append(FileTally(names.text(path.name)))
            _add_file(folder, ledger, path, tally, terms, correct=correct, progress=progress)
        tally.head, tally.count = ledger.head, ledger.count
    return tally


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Rows hold no cycles, so that Python's collector of cycles finds nothing; it would take a sixth of an import."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def check_files(
    theatre: Theatre,
    files: Sequence[Path],
    *,
    backfill: bool,
    now: datetime,
    source: str | None = None,
    pseudonyms: Pseudonyms = NO_PSEUDONYMS,
    ledger: Ledger | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Tally, list[Reject]]:
    """Read the files as `add_files` would, and write nothing.

    Ids that rows before, or the `ledger`, hold already are told as adding would tell them.
    """
    _check_paths(files, pseudonyms)
    terms = Terms.of(theatre, now=now, backfill=backfill, source=source, pseudonyms=pseudonyms)
    tally, stated = Tally(), _Stated(ledger)
    rejects: list[Reject] = []
    for path in files:
        tally.files.append(FileTally(pseudonyms.text(path.name)))
        size = path.stat().st_size
        with _opened(path, pseudonyms) as stream:
            for batch in _check_file(stream, tally, terms, stated):
                rejects += batch
                if progress is not None:
                    progress(Progress(tally.files[-1].file, stream.tell(), size, tally.files[-1].read))
    return tally, rejects


class _Stated:
    """What each id states: in the ledger, and in the rows that were read before."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self._content: dict[str, bytes] = {}

    def look_up(self, ids: Iterable[str]) -> None:
        """Ask the ledger for the ids that no row had before."""
        if self._ledger is not None:
            self._content |= self._ledger.contents(set(ids) - self._content.keys())

    def earlier(self, row: Found) -> bytes | None:
        """What the row's id stated before; None, and remembered, where it is new."""
        earlier = self._content.get(row.report.id)
        if earlier is None:
            self._content[row.report.id] = row.content
        return earlier


def _check_paths(files: Iterable[Path], names: Pseudonyms) -> None:
    for path in files:
        if path.is_dir():
            raise UsageError(f"{names.text(str(path))}: a folder, wanted the files in it")
        if not path.is_file():
            raise UsageError(f"{names.text(str(path))}: no such file")


def _opened(path: Path, names: Pseudonyms) -> BufferedIOBase:
    try:
        return path.open("rb")
    except OSError as fault:
        raise IsofrontError(f"{names.text(str(path))}: cannot be read ({fault.strerror})") from fault


def _add_file(
    folder: Path,
    ledger: Ledger,
    path: Path,
    tally: Tally,
    terms: Terms,
    *,
    correct: bool,
    progress: Callable[[Progress], None] | None,
) -> None:
    size, file = path.stat().st_size, tally.files[-1]
    with RejectStore(folder, file.file) as store:
        for batch in _batches(path, terms):
            _count_batch(file, batch)
            if not (batch.found or batch.refused):
                continue
            taken = _take(ledger, batch, store, tally, correct=correct, now=terms.now)
            _count_taken(file, taken)
            if progress is not None:
                progress(Progress(file.file, batch.place, size, file.read))
        if file.fault is None and file.read == 0:
            file.fault = _no_rows(file.file)
        if file.fault is not None:
            _refuse(store, tally, Refused(0, None, file.fault))
        store.finish(_digest(path))


def _batches(path: Path, terms: Terms) -> Iterator[Batch]:
    """The file's rows in batches; those of a large file are read in another process, if there can be one."""
    _opened(path, terms.pseudonyms).close()
    name = terms.pseudonyms.text(path.name)
    apart = _started(batches_apart(path, name, terms, rows=BATCH_ROWS)) if worth_it(path) else None
    if apart is not None:
        yield from apart
        return
    yield from batches_here(path, name, terms, rows=BATCH_ROWS)


def _started(batches: Iterator[Batch]) -> Iterator[Batch] | None:
    """The batches, if the first of them comes; else the other process could not be started."""
    try:
        first = next(batches)
    except (OSError, IsofrontError, StopIteration):
        return None
    return chain((first,), batches)


def _count_batch(file: FileTally, batch: Batch) -> None:
    """What a batch says of its file."""
    file.read += len(batch.found) + len(batch.refused)
    file.fault = batch.fault or file.fault
    if batch.format:
        file.format, file.encoding, file.unused_columns = batch.format, batch.encoding, batch.unused


def _no_rows(name: str) -> str:
    return f"{name}: no rows below the column names"


def _take(ledger: Ledger, batch: Batch, store: RejectStore, tally: Tally, *, correct: bool, now: datetime) -> Taken:
    taken = ledger.take([row.report for row in batch.found], correct=correct, now=now)
    refused = set(taken.refused)
    for row in batch.refused:
        _refuse(store, tally, row)
    for place in taken.refused:
        _refuse(store, tally, _conflict(batch.found[place]))
    _count_found(
        tally, [row for place, row in enumerate(batch.found) if place not in refused] if refused else batch.found
    )
    return taken


_OTHER_CONTENT = "this id is in the ledger with other content (use --correct if this row corrects it)"


def _conflict(row: Kept) -> Refused:
    return Refused(row.row, "id", _OTHER_CONTENT, row.report.raw, id=row.report.id)


def _refuse(store: RejectStore, tally: Tally, row: Refused) -> None:
    file = tally.files[-1].file
    store.add(Reject(file, row.row, row.column, row.reason), report_id=row.id, raw=row.raw)
    _count_refused(tally, row)


def _check_file(stream: BufferedIOBase, tally: Tally, terms: Terms, stated: _Stated) -> Iterator[list[Reject]]:
    """Count a file's rows as adding would, batch by batch; each batch's rejects."""
    file = tally.files[-1]
    rows = _rows(stream, file.file, tally, terms)
    while batch := list(islice(rows, BATCH_ROWS)):
        stated.look_up(row.report.id for row in batch if isinstance(row, Found))
        checked = [_checked(row, file, stated) for row in batch]
        _count_found(tally, [kept(row) for row in checked if isinstance(row, Found)])
        refused = [row for row in checked if isinstance(row, Refused)]
        for row in refused:
            _count_refused(tally, row)
        yield [Reject(file.file, row.row, row.column, row.reason) for row in refused]
    if file.fault is not None:
        yield [Reject(file.file, 0, None, file.fault)]


def _checked(row: Found | Refused, file: FileTally, stated: _Stated) -> Found | Refused:
    """The row as adding would take it, counted; refused where its id stated something else before."""
    if isinstance(row, Refused):
        return row
    earlier = stated.earlier(row)
    if earlier is None:
        file.added += 1
    elif earlier == row.content:
        file.duplicates += 1
    else:
        return Refused(row.row, "id", _OTHER_CONTENT, row.raw, id=row.report.id)
    return row


def _rows(stream: BufferedIOBase, name: str, tally: Tally, terms: Terms) -> Iterator[Found | Refused]:
    """The file's rows; a file with nothing usable in it yields none and says why in the tally."""
    file = tally.files[-1]
    try:
        reading: Reading = read_file(stream, file=name, terms=terms)
    except BadInputError as fault:
        file.fault = str(fault)
        return
    file.format, file.encoding, file.unused_columns = reading.format, reading.encoding, reading.unused
    for row in reading.rows:
        file.read += 1
        yield row
    if file.read == 0:
        file.fault = _no_rows(name)


def _count_taken(file: FileTally, taken: Taken) -> None:
    file.added += taken.added
    file.duplicates += taken.duplicates
    file.corrections += taken.corrections
    file.linked += taken.linked


def _count_found(tally: Tally, rows: Sequence[Kept]) -> None:
    tally.known_inferred += sum(row.known_inferred for row in rows)
    tally.simulated += sum(row.simulated for row in rows)
    for row in rows:
        for doubt in row.doubts:
            tally.doubts[doubt] += 1
            if doubt is Doubt.UNKNOWN_SOURCE:
                _count_name(tally.unknown_sources, row.source)
        for word in row.words:
            _count_name(tally.words, word)


def _count_name(names: Counter[str], name: str) -> None:
    names[name if name in names or len(names) < MAX_NAMES else OTHERS] += 1


def _count_refused(tally: Tally, row: Refused) -> None:
    if row.row:
        tally.files[-1].rejects += 1
    tally.doubts.update(row.doubts)
    said = f"{row.column}: {row.reason}" if row.column else row.reason
    alike = _PARTICULARS.sub("…", said)
    key = alike if alike in tally.reasons or len(tally.reasons) < MAX_NAMES else OTHERS
    tally.reasons.setdefault(key, Reason(0, tally.files[-1].file, row.row, said)).count += 1


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
