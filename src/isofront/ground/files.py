"""Writing files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from isofront.errors import IsofrontError


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
            raise IsofrontError(f"{path}: cannot be written ({fault.strerror or fault})") from fault
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
