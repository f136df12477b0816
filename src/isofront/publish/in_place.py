"""A site's files put in place whole: written beside their place, then renamed into it; packed forms beside them.

Killed between any two steps, what a reader sees is the old or the new (of an edition's folder that is replaced, between
its two renames, neither); the next command clears away what was left and puts back what is missing. On a full disk
nothing half made stays behind, and what has to go goes.
"""

from __future__ import annotations

import contextlib
import gzip
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from isofront.errors import IsofrontError
from isofront.ground.files import write_atomically

EDITIONS = "editions"
NEW, OLD = ".new-", ".old-"
GZIP = ".gz"
LEAST_PACKED = 1400
"""Smaller files fit a packet as they are."""
TEXTS = (".html", ".json", ".geojson", ".atom")


def tidy(site: Path, *, names: Iterable[str]) -> None:
    """Clear away what a killed command left: half-made folders and files go, a folder moved aside comes back.

    `names` are the files at the top; in editions' folders whatever begins with a point is a half-made file.
    """
    for old in sorted(site.glob(f"{OLD}*")):
        place = site / EDITIONS / old.name.removeprefix(OLD)
        if place.exists():
            shutil.rmtree(old)
        else:
            old.replace(place)
    for new in sorted(site.glob(f"{NEW}*")):
        shutil.rmtree(new)
    half_made = [one for name in names for one in site.glob(f".{name}.*")]
    for one in (*half_made, *(site / EDITIONS).glob("*/.*")):
        if one.is_file():
            one.unlink()


def write_folder(site: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Write an edition's folder beside its place.

    Raises:
        IsofrontError: the site cannot be written or the disk is full; nothing of it stays behind.
    """
    made = site / f"{NEW}{name}"
    try:
        made.mkdir(parents=True, exist_ok=True)
        (site / EDITIONS).mkdir(exist_ok=True)
        for file, content in files.items():
            put_file(made / file, content)
    except (OSError, IsofrontError) as fault:
        forget(site, name)
        if isinstance(fault, OSError):
            raise IsofrontError(f"{site}: cannot be written ({fault.strerror or fault})") from fault
        raise


def forget(site: Path, name: str) -> None:
    """Remove a folder that was written and is not to take its place."""
    shutil.rmtree(site / f"{NEW}{name}", ignore_errors=True)


def holds(site: Path, name: str, files: Mapping[str, bytes]) -> bool:
    """Whether an edition's folder holds these files already, to the byte, and packed: then it need not be moved."""
    place = site / EDITIONS / name
    return all(
        _is(place / file, content)
        and (not worth_packing(file, content) or _is(place / (file + GZIP), packed_bytes(content)))
        for file, content in files.items()
    )


def _is(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def put_in_place(site: Path, name: str) -> None:
    """Rename a folder that was written into its place; one that is there already makes room first."""
    made, place, aside = site / f"{NEW}{name}", site / EDITIONS / name, site / f"{OLD}{name}"
    if place.exists():
        place.replace(aside)
    made.replace(place)
    if aside.exists():
        shutil.rmtree(aside)


def put_instead(site: Path, name: str, files: Mapping[str, bytes]) -> bool:
    """Put a folder in place of one that must go; False where there is no room for it even once the old one is gone."""
    for _ in range(2):
        with contextlib.suppress(IsofrontError):
            write_folder(site, name, files)
            put_in_place(site, name)
            return True
        shutil.rmtree(site / EDITIONS / name, ignore_errors=True)
    return False


def take_away(paths: Iterable[Path]) -> None:
    """Files and their packed forms, as far as they can be removed."""
    for path in paths:
        for one in (path, path.with_name(path.name + GZIP)):
            with contextlib.suppress(OSError):
                one.unlink(missing_ok=True)


def put_file(path: Path, content: bytes) -> None:
    """Put a file in place, and packed beside it; no packed file ever outlives the plain one that it was made from."""
    beside = path.with_name(path.name + GZIP)
    beside.unlink(missing_ok=True)
    write_atomically(path, content)
    if worth_packing(path.name, content):
        write_atomically(beside, packed_bytes(content))


def worth_packing(name: str, content: bytes) -> bool:
    """Whether a file is text and large enough that its packed form is worth a file of its own."""
    return len(content) >= LEAST_PACKED and name.endswith(TEXTS)


def packed_bytes(content: bytes) -> bytes:
    """Bytes as gzip packs them, without a clock or a name: equal bytes stay equal."""
    return gzip.compress(content, compresslevel=9, mtime=0)
