"""Work in other processes of this program: what is asked goes in pickled, what is answered comes out as frames.

Another process is a plain `python -m MODULE`, so that it needs nothing of how this one was started. A pipe holds
little: who is ahead waits for who reads, and memory stays bounded.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import IO, Any

from isofront.errors import IsofrontError

READERS = 2
"""So many processes read one file; the one that asked is a third, and two cores are busy."""
FROM_BYTES = 8_000_000
"""A smaller file is read before another process is awake."""
_HEAD = struct.Struct("<I")


def worth_it(path: Path) -> bool:
    """Whether a file is so large, and this machine has so many cores, that another process helps."""
    return path.stat().st_size >= FROM_BYTES and (os.cpu_count() or 1) > 1 and bool(sys.executable)


@contextlib.contextmanager
def answering(module: str, asked: object, *, name: str) -> Iterator[Iterator[bytes]]:
    """The frames that another process answers with; it ends when nobody reads them any more.

    Raises:
        OSError: it could not be started.
        IsofrontError: it died (raised by the frames); `name` is the file that it worked on.
    """
    # -P: whatever lies in the folder where the user stands must not be imported.
    command = [sys.executable, "-P", "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as ask:
                pickle.dump(asked, ask)
            yield _frames(process, process.stdout, name)
        finally:
            process.kill()


@contextlib.contextmanager
def in_turn(module: str, asked: object, *, of: int, name: str) -> Iterator[Iterator[bytes]]:
    """The frames of several processes, one of each in turn, till one has no more; each knows its number of how many."""
    with contextlib.ExitStack() as stack:
        each = [stack.enter_context(answering(module, (asked, number, of), name=name)) for number in range(of)]
        yield _round(each)


def _round(each: list[Iterator[bytes]]) -> Iterator[bytes]:
    for one in cycle(each):
        frame = next(one, None)
        if frame is None:
            return
        yield frame


def _frames(process: subprocess.Popen[bytes], pipe: IO[bytes], name: str) -> Iterator[bytes]:
    while (frame := _frame(pipe)) is not None:
        yield frame
    if process.wait() != 0:
        raise IsofrontError(f"{name}: the process that reads it ended early (code {process.returncode})")


def _frame(pipe: IO[bytes]) -> bytes | None:
    """The next frame that is whole; a process that is killed mostly leaves one that is not."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    frame = pipe.read(size)
    return frame if len(frame) == size else None


def answer(frames: Iterator[bytes]) -> None:
    """In the other process: write frames until there are no more, or nobody listens."""
    out = sys.stdout.buffer
    with contextlib.suppress(BrokenPipeError):
        for frame in frames:
            out.write(_HEAD.pack(len(frame)) + frame)
            out.flush()


def asked_for() -> Any:
    """In the other process: what this one was asked. Who asked decides when to stop, so interrupts are theirs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(200_000, 50, 50)  # rows hold no cycles
    return pickle.load(sys.stdin.buffer)
