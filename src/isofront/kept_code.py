"""Compiled functions of this package, kept in files and opened without what only compiling needs.

Before Numba runs the first function that it kept, it loads every rule by which it would compile; of each function it
opens it reads the bitcode, which is there to be compiled into others, and goes through its symbols one by one. A
command that opens 58 functions and compiles none waits for all of that. Here the machine code alone is taken in;
bitcode is read where a function that is compiled asks for it, and the rules are loaded by whoever compiles, as ever.

What was kept is a matter of seconds and never of answers: it is opened only if it was made of the very same code and
numbers, those of the functions that it calls too (Numba asks for the function's own file alone); what is damaged is
compiled anew; and where no folder can be written, each command compiles.

This leans on how Numba works inside. So it is done only for releases and systems that it was tried on (`TRIED`,
`SYSTEMS`); elsewhere Numba keeps and opens functions itself. Functions of other packages are never touched: nothing in
Numba is replaced.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import llvmlite.binding  # type: ignore[import-untyped]
import numba
import numba.core.caching
import numba.core.codegen
import numba.core.compiler
import numba.core.runtime
import numpy as np

_llvm: Any = llvmlite.binding
_core: Any = numba.core
_Numbas: Any = getattr(_core.codegen, "JITCodeLibrary", object)
_NumbasCache: Any = getattr(_core.caching, "FunctionCache", object)
_NUMBERS = (bool, int, float, complex, str, bytes, tuple, np.generic)

TRIED = ("0.68",)
"""The releases of Numba (first two numbers) whose insides are as this file takes them to be."""

SYSTEMS = ("linux",)
"""The systems that it was tried on, by Python's name."""


def njit(*, cache: bool, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Numba's decorator of the same name; with `cache` the function is kept as this file says."""

    def decorated(function: Callable[..., Any]) -> Any:
        compiled = numba.njit(**options)(function)
        if cache and numba.extending.is_jitted(compiled):  # NUMBA_DISABLE_JIT gives the function itself
            _keep(compiled)
        return compiled

    return decorated


def _keep(compiled: Any) -> None:
    try:
        if is_tried(numba.__version__, sys.platform):
            compiled._cache = _Cache(compiled.py_func)
        else:
            compiled.enable_caching()
    except RuntimeError:  # Numba's, where it finds no folder that it may write to
        _say_that_nothing_is_kept()


@cache
def _say_that_nothing_is_kept() -> None:
    logging.getLogger(__name__).warning(
        "compiled functions cannot be kept, so each command compiles them first: let NUMBA_CACHE_DIR name a folder "
        "that can be written"
    )


@cache
def _say_that_it_compiles() -> None:
    """Once, to whoever sits there and waits."""
    if sys.stderr.isatty():
        logging.getLogger(__name__).warning("compiling for this machine: a minute or two, this once")


def is_tried(version: str, system: str) -> bool:
    """Whether the insides of a release of Numba are known here, and on this system."""
    found = re.match(r"\d+\.\d+(?=\.|$)", version)
    return found is not None and found[0] in TRIED and system in SYSTEMS


class _Cache(_NumbasCache):  # type: ignore[misc]
    """What Numba keeps of one function, for each kind of arguments."""

    def load_overload(self, signature: Any, target: Any) -> Any:
        """What was kept for a signature; None if nothing was. The runtime is all that machine code needs to be there.

        A file that cannot be read was torn by a full disk or a power cut: all that was kept of the function is dropped.
        """
        _core.runtime.rtsys.initialize(target)
        try:
            found = self._load_overload(signature, target)
        except Exception as fault:
            logging.getLogger(__name__).info("%s: compiled anew, what was kept is damaged: %r", self._name, fault)
            with suppress(OSError):
                self.flush()
            return None
        if found is None:
            _say_that_it_compiles()
        return found

    def save_overload(self, signature: Any, made: Any) -> None:
        """Keep what was compiled if it can be: not on a full disk, nor beside a torn file that nobody may replace."""
        with suppress(Exception):
            super().save_overload(signature, made)

    def _load_overload(self, signature: Any, target: Any) -> Any:
        if not self._enabled:
            return None
        label = self._label(signature, target.codegen())
        kept = self._cache_file.load(label[0])
        return _rebuilt(target, kept[1]) if kept is not None and kept[0] == label else None

    def _save_overload(self, signature: Any, made: Any) -> None:
        if not self._enabled or not self._impl.check_cachable(made):
            return
        self._impl.locator.ensure_cache_path()
        label = self._label(signature, made.codegen)
        self._cache_file.save(label[0], (label, self._impl.reduce(made)))

    def _label(self, signature: Any, engine: Any) -> tuple[Any, str]:
        """The key in Numba's index and what the function is made of.

        Both stand in the file of machine code too: two processes that write at once may take the same name for it.
        """
        self._cache_file._source_stamp = made_of(self._py_func)
        return self._index_key(signature, engine), self._cache_file._source_stamp


@cache
def made_of(function: Any) -> str:
    """A hash of all that is compiled into a function: the files of what it calls, and the numbers that these name."""
    told = hashlib.sha256()
    for one in _reached(function):
        told.update(one.__qualname__.encode() + _file(one.__code__.co_filename))
        for name in sorted(_names(one.__code__)):
            value = one.__globals__.get(name)
            if isinstance(value, _NUMBERS):
                told.update(f"{name} = {value!r}\n".encode())
            elif isinstance(value, np.ndarray):
                told.update(f"{name} = {value.dtype} {value.shape}\n".encode() + value.tobytes())
    return told.hexdigest()


def _reached(function: Any) -> list[Any]:
    """A function and all compiled ones that it calls by name, and that these call."""
    found = [function]
    for one in found:
        named = (one.__globals__.get(name) for name in sorted(_names(one.__code__)))
        called = dict.fromkeys(it.py_func for it in named if numba.extending.is_jitted(it))
        found += [it for it in called if it not in found]
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _file(path: str) -> bytes:
    """A source file's hash; of one inside an archive only the name."""
    try:
        status = Path(path).stat()
        return _hashed(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return path.encode()


@cache
def _hashed(path: str, *_: int) -> bytes:
    return hashlib.sha256(Path(path).read_bytes()).digest()


def _rebuilt(target: Any, kept: Any) -> Any:
    """What Numba's `CompileResult._rebuild` gives, its library opened by us."""
    library = _opened(target.codegen(), *kept[:2])
    return _core.compiler.CompileResult._rebuild(_Opening(target, library), *kept)._replace(target_context=target)


def _opened(engine: Any, named: Any, described: Any) -> _Library:
    """A kept library whose machine code is in place and whose functions can be asked for by name."""
    name, _, (machine_code, bitcode) = named
    library = _Library(engine, name, machine_code, bitcode)
    engine._engine._ee.add_object_file(_llvm.ObjectFileRef.from_data(machine_code))
    engine._engine.finalize_object()
    engine._engine._defined_symbols |= {
        described.llvm_func_name,
        described.llvm_cpython_wrapper_name,
        described.llvm_cfunc_wrapper_name,
    }
    return library


class _Opening:
    """The target as `CompileResult._rebuild` asks it for one library, which is there already."""

    def __init__(self, target: Any, library: _Library) -> None:
        self._target, self._library, self.typing_context = target, library, target.typing_context

    def codegen(self) -> _Opening:
        return self

    def unserialize_library(self, _: Any) -> _Library:
        return self._library

    def get_executable(self, *asked: Any) -> Any:
        return self._target.get_executable(*asked)


class _Library(_Numbas):  # type: ignore[misc]
    """Machine code from a file; its modules are made when somebody compiles against them."""

    def __init__(self, engine: Any, name: str, machine_code: bytes, bitcode: bytes) -> None:
        _core.codegen.CodeLibrary.__init__(self, engine, name)
        self._linking_libraries: list[Any] = []
        self._bitcode = bitcode
        self.enable_object_caching()
        self._set_compiled_object(machine_code)
        self._finalized = True

    def __getattr__(self, name: str) -> Any:
        made = {"_shared_module": self._read, "_final_module": self._empty}.get(name)
        if made is None:
            raise AttributeError(name)
        setattr(self, name, made())
        return self.__dict__[name]

    def _read(self) -> Any:
        return _llvm.parse_bitcode(self._bitcode)

    def _empty(self) -> Any:
        return _llvm.parse_assembly(str(self._codegen._create_empty_module(self.name)))
