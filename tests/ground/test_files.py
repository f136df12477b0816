"""Files that belong together take their places together, or none does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from isofront.errors import IsofrontError
from isofront.ground.files import LEFT_S, TOGETHER, write_atomically, written_together

KILLED = """
import os, sys
from pathlib import Path
from isofront.ground.files import write_atomically, written_together
with written_together(Path(sys.argv[1])) as new:
    write_atomically(new / "a", b"new")
    os._exit(9)
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with an old map, and with something of its owner's."""
    for name, content in (("a", b"old"), ("b", b"old"), ("2020-01-01/a", b"old"), ("notes.txt", b"mine")):
        write_atomically(tmp_path / "out" / name, content)
    return tmp_path / "out"


def held(out: Path) -> dict[str, bytes]:
    return {one.relative_to(out).as_posix(): one.read_bytes() for one in sorted(out.rglob("*")) if one.is_file()}


def written(new: Path) -> None:
    for name in ("a", "b", "2020-01-01/a", "c/d"):
        write_atomically(new / name, b"new")


def test_all_files_are_new_and_what_else_lay_there_stays(out: Path) -> None:
    with written_together(out) as new:
        written(new)
        assert {held(out)[name] for name in ("a", "b", "2020-01-01/a")} == {b"old"}
    assert held(out) == {"2020-01-01/a": b"new", "a": b"new", "b": b"new", "c/d": b"new", "notes.txt": b"mine"}
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("stop", [KeyboardInterrupt, IsofrontError])
def test_stopped_before_the_end_the_folder_is_as_it_was(out: Path, stop: type[BaseException]) -> None:
    before = held(out)
    with pytest.raises(stop), written_together(out) as new:  # noqa: PT012 - it is stopped inside
        written(new)
        raise stop
    assert held(out) == before


def test_killed_before_the_end_the_old_files_are_whole_and_what_was_left_goes_with_a_later_one(out: Path) -> None:
    before = held(out)
    assert subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False).returncode == 9
    (left,) = out.glob(f"{TOGETHER}*")
    assert {name: content for name, content in held(out).items() if TOGETHER not in name} == before
    with written_together(out) as new:
        written(new)
    assert left.exists(), "so young a folder may be another program's"
    os.utime(left, (left.stat().st_mtime - LEFT_S - 9,) * 2)
    with written_together(out) as new:
        written(new)
    assert not list(out.glob(".*"))


def test_a_folder_in_a_files_place_is_found_before_the_first_file_is_moved(out: Path) -> None:
    (out / "c" / "d").mkdir(parents=True)
    before = held(out)
    with pytest.raises(IsofrontError, match="d: cannot be replaced"), written_together(out) as new:
        written(new)
    assert held(out) == before


def test_a_file_that_its_reader_lets_nobody_replace_is_named_before_the_first_is_moved(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, move = held(out), Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target == out / "b":
            raise PermissionError(13, "the file is in use", str(self), None, str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(IsofrontError, match=r"b: cannot be replaced \(the file"), written_together(out) as new:
        written(new)
    assert held(out) == before


def test_ctrl_c_while_files_are_put_in_place_leaves_no_half(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move, times = Path.replace, iter(range(100))

    def pressed(self: Path, target: Path) -> Path:
        if TOGETHER in str(self.parent) and next(times) % 2 == 0:
            raise KeyboardInterrupt
        return move(self, target)

    with written_together(out) as new:
        written(new)
        monkeypatch.setattr(Path, "replace", pressed)
    monkeypatch.undo()
    assert [held(out)[name] for name in ("a", "b", "2020-01-01/a", "c/d", "notes.txt")] == [b"new"] * 4 + [b"mine"]


def test_a_file_in_the_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(IsofrontError, match="out: is a file, wanted a folder"), written_together(tmp_path / "out"):
        pass
    with pytest.raises(IsofrontError, match="out: is a file, wanted a folder"):
        write_atomically(tmp_path / "out" / "a" / "b", b"new")


def test_what_another_program_clears_away_first_is_no_fault(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda here, _: iter([here / f"{TOGETHER}gone"]))
    with written_together(out) as new:
        written(new)
    assert held(out)["a"] == b"new"
