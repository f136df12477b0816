"""The brief's second process: only `isofront` itself starts one, and a picture comes with it or without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isofront.cli.brief_drawn import Elsewhere, _is_own_program, elsewhere


def test_a_script_that_calls_us_is_not_run_again_by_a_second_process(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    lines = ("from isofront.cli.brief_drawn import elsewhere", "with elsewhere() as pen:")
    script.write_text("\n".join((*lines, "    print('drawn', pen.begin(bytes, 3)())")), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["drawn b'\\x00\\x00\\x00'"]


@pytest.mark.parametrize(
    ("name", "spec"), [("/usr/bin/isofront", None), ("/x/isofront/__main__.py", "isofront.__main__")]
)
def test_isofront_itself_may_have_one(name: str, spec: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    program = ModuleType("__main__")
    program.__file__ = name
    program.__spec__ = None if spec is None else ModuleSpec(spec, None)
    monkeypatch.setitem(sys.modules, "__main__", program)
    assert _is_own_program()


def test_without_another_process_pictures_are_drawn_here() -> None:
    assert Elsewhere(None).begin(bytes, 2)() == b"\0\0"
    with elsewhere() as pen:
        assert pen.begin(bytes, 2)() == b"\0\0"
