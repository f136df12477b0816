"""Work in another process: its frames come whole, and one that is killed half-way is told in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from isofront.apart import _HEAD, _frames
from isofront.errors import IsofrontError

WHOLE = _HEAD.pack(3) + b"one"


def said(content: bytes, *, code: int) -> list[bytes]:
    """The frames of a process that writes some bytes and ends."""
    script = f"import sys; sys.stdout.buffer.write({content!r}); sys.stdout.flush(); sys.exit({code})"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        return list(_frames(process, process.stdout, "f.csv"))


def test_frames_come_in_turn_until_there_are_no_more():
    assert said(WHOLE * 2, code=0) == [b"one", b"one"]


@pytest.mark.parametrize("cut", [b"", b"\x03\0", _HEAD.pack(9) + b"half"])
def test_a_process_that_was_killed_in_the_middle_of_a_frame_is_told(cut):
    with pytest.raises(IsofrontError, match=r"f.csv: the process that reads it ended early \(code 9"):
        said(WHOLE + cut, code=9)
