"""A file's rows, read in a process of their own while this one writes the last ones down: twice as fast on two cores.

The other process is a plain `python -m isofront.intake_apart`: the terms go in, batches of rows come out as frames of
MessagePack. The pipe holds few of them, so that memory stays bounded. Where it cannot be started, nothing is lost: the
caller reads the rows itself.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from isofront.errors import BadInputError, IsofrontError
from isofront.evidence.likeness import Keys, keys_of
from isofront.sources import Found, Refused, Terms, read_file

FROM_BYTES = 8_000_000
"""A smaller file is read before another process is awake."""
_FRAME = struct.Struct("<I")


class Batch(msgspec.Struct, array_like=True, gc=False):
    """Rows of a file: reports with where they are filed, refusals, and how far in the file they end.

    The first batch tells what the file is; one with a `fault` says that nothing of it can be used, and is the last.
    """

    found: list[Found] = []
    keys: list[Keys] = []
    refused: list[Refused] = []
    place: int = 0
    format: str = ""
    encoding: str = ""
    unused: tuple[str, ...] = ()
    fault: str | None = None


_DECODER = msgspec.msgpack.Decoder(Batch)


def worth_it(path: Path) -> bool:
    """Whether a file is so large, and this machine has so many cores, that another process helps."""
    return path.stat().st_size >= FROM_BYTES and (os.cpu_count() or 1) > 1 and bool(sys.executable)


def batches_apart(path: Path, name: str, terms: Terms, *, rows: int) -> Iterator[Batch]:
    """The batches that another process reads; the first one is empty and tells what the file is.

    Raises:
        IsofrontError: the other process died.
    """
    # -P: whatever lies in the folder where the user stands must not be imported.
    command = [sys.executable, "-P", "-m", "isofront.intake_apart"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as ask:
                pickle.dump((str(path), name, terms, rows), ask)
            yield from _frames(process.stdout)
            if process.wait() != 0:
                raise IsofrontError(f"{name}: the process that reads it ended early (code {process.returncode})")
        finally:
            process.kill()


def _frames(pipe: IO[bytes]) -> Iterator[Batch]:
    while head := pipe.read(_FRAME.size):
        (size,) = _FRAME.unpack(head)
        yield _DECODER.decode(pipe.read(size))


def batches_here(path: Path, name: str, terms: Terms, *, rows: int) -> Iterator[Batch]:
    """The same batches, read in this process."""
    with path.open("rb") as stream:
        try:
            reading = read_file(stream, file=name, terms=terms)
        except BadInputError as fault:
            yield Batch(fault=str(fault))
            return
        yield Batch(format=reading.format, encoding=reading.encoding, unused=reading.unused)
        try:
            while some := list(islice(reading.rows, rows)):
                found = [row for row in some if isinstance(row, Found)]
                refused = [row for row in some if isinstance(row, Refused)]
                yield Batch(found, [keys_of(row.report) for row in found], refused, stream.tell())
        except BadInputError as fault:
            yield Batch(fault=str(fault))


def _main() -> None:
    """The other process: reads what to do from stdin, writes frames to stdout, and goes when nobody listens."""
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides when to stop
    gc.set_threshold(200_000, 50, 50)
    path, name, terms, rows = pickle.load(sys.stdin.buffer)
    out, encoder = sys.stdout.buffer, msgspec.msgpack.Encoder()
    with contextlib.suppress(BrokenPipeError):
        for batch in batches_here(Path(path), name, terms, rows=rows):
            frame = encoder.encode(batch)
            out.write(_FRAME.pack(len(frame)) + frame)
            out.flush()


if __name__ == "__main__":
    _main()
