"""Writing files whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from isofront.errors import IsofrontError

TOGETHER = ".isofront-new-"
LEFT_S = 3600.0
"""A folder that nothing was written to for so long is one that a killed program left."""


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put content at path: temp file beside it, fsync, rename; `private` makes it readable by its owner only.

    Raises:
        IsofrontError: the folder cannot be written or the disk is full; nothing half written stays behind.
    """
    with atomic_file(path, private=private) as file:
        file.write(content)


@contextlib.contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write to bit by bit that takes its place only when all is written; see `write_atomically`.

    Raises:
        IsofrontError: the folder cannot be written or the disk is full; nothing half written stays behind.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not private and os.name == "posix":
            Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException as fault:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        if isinstance(fault, OSError):
            taken = next((one for one in path.parents if one.is_file()), None)
            if taken is not None:
                raise IsofrontError(f"{taken}: is a file, wanted a folder") from fault
            raise IsofrontError(f"{path}: cannot be written ({fault.strerror or fault})") from fault
        raise


@contextlib.contextmanager
def written_together(out: Path) -> Iterator[Path]:
    """A folder to write to, whose files take their places in `out` at the end; stopped before, `out` is as it was.

    It lies inside `out`, so that files are renamed on one disk. Other files in `out` stay. What a killed program left
    there goes with a later one. Where there was no `out` and nothing came of it, there is none afterwards.

    Raises:
        IsofrontError: `out` cannot be written, or a file of it is open in a program that lets nobody replace it.
    """
    if out.is_file():
        raise IsofrontError(f"{out}: is a file, wanted a folder")
    is_new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        _tidy(out)
        made = Path(tempfile.mkdtemp(dir=out, prefix=TOGETHER))
    except OSError as fault:
        raise IsofrontError(f"{out}: cannot be written ({fault.strerror or fault})") from fault
    try:
        yield made
        _put_together(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):
                out.rmdir()


def _put_together(made: Path, out: Path) -> None:
    files = [one for one in sorted(made.rglob("*")) if one.is_file()]
    places = [out / one.relative_to(made) for one in files]
    try:
        for place in places:
            _refuse_taken(place)
        _put_all(list(zip(files, places, strict=True)))
    except OSError as fault:
        place = Path(fault.filename2 or fault.filename or out)
        raise IsofrontError(f"{place}: cannot be replaced ({fault.strerror or fault})") from fault


def _put_all(moves: list[tuple[Path, Path]]) -> None:
    """Put each file in its place; Ctrl-C comes too late by now, for half of them may be there."""
    done = False
    while not done:
        with contextlib.suppress(KeyboardInterrupt):
            for one, place in moves:
                if one.exists():
                    place.parent.mkdir(parents=True, exist_ok=True)
                    one.replace(place)
            done = True


def _refuse_taken(place: Path) -> None:
    """Stop before the first file is moved: Windows renames no file that a program holds open, not even to its name."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder, wanted a file or nothing", str(place))
    if place.exists():
        place.replace(place)


def _tidy(out: Path) -> None:
    """Remove what killed programs left; a younger folder may be another program's that still writes."""
    for one in out.glob(f"{TOGETHER}*"):
        with contextlib.suppress(FileNotFoundError):  # another program was quicker
            if time.time() - one.stat().st_mtime > LEFT_S:
                shutil.rmtree(one, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
