"""Loops compiled once on a machine, and loaded without the compiler that made them.

numba compiles the functions of `audio.loudness_kernels` in a process of its own (about 4 s);
their machine code is kept beside the package, or in the user's cache where that is read-only.
Whoever calls them loads LLVM's linker alone: 0.1 s and 10 MB of its own, where numba takes
0.8 s and 80 MB. A damaged or foreign file is made anew; without any place for one each process
asks for its own. Machine code apart from its process is not what numba promises to give: where a
version of it gives none, each process compiles by the door that numba does promise, `cfunc`.
"""

import ctypes
import hashlib
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from audio import AudioError, loudness_kernels

_MAGIC = b"dubstage loops 1\n"
_LOADING = threading.Lock()
_CTYPES = {"int64": ctypes.c_int64}  # all else is an address

Loop = Callable[..., None]


def loops() -> dict[str, Loop]:
    """The functions of `audio.loudness_kernels` by name, as machine code.

    What they are given must be contiguous and of the types in its `SIGNATURES`; nothing is
    checked. They let go of the interpreter while they work.

    Raises:
        AudioError: they can be neither found nor compiled.
    """
    with _LOADING:
        return _loops()


@cache
def _loops() -> dict[str, Loop]:
    try:
        return _kept_loops()
    except (AudioError, AttributeError, ImportError, KeyError, RuntimeError, TypeError, ValueError):
        return _compiled_here()


def _kept_loops() -> dict[str, Loop]:
    key = _key()
    for path in _places(key):
        code = _read(path)
        if code is not None:
            return _linked(code)
    code = _compiled_elsewhere()
    for path in _places(key):
        if _keep(path, code):
            break
    return _linked(code)


def _key() -> str:
    """What machine code hangs on: the loops, who compiles them, and the processor."""
    import llvmlite.binding as llvm

    told = [
        inspect.getsource(loudness_kernels),
        *(version(name) for name in ("numba", "llvmlite", "numpy")),
        sys.version,
        llvm.get_default_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _places(key: str) -> Iterator[Path]:
    from platformdirs import user_cache_path

    name = f"loudness_kernels.{key}.loops"
    yield Path(__file__).parent / "__pycache__" / name
    yield user_cache_path("dubstage") / name


def _read(path: Path) -> bytes | None:
    """What was kept there; None where nothing is, or no longer what was kept."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    head = len(_MAGIC) + hashlib.sha256().digest_size
    code = raw[head:]
    whole = raw[:head] == _MAGIC + hashlib.sha256(code).digest()
    return code if whole and code else None


def _keep(path: Path, code: bytes) -> bool:
    from audio.whole_file import WholeFile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        place = WholeFile(path, ".part")
        try:
            place.neighbour.write_bytes(_MAGIC + hashlib.sha256(code).digest() + code)
            place.keep()
        except BaseException:
            place.discard()
            raise
    except (OSError, AudioError):
        return False
    return True


def _compiled_elsewhere() -> bytes:
    command = [sys.executable, "-c", "import audio.compiled as made; made._tell_compiled()"]
    root = str(Path(__file__).parents[1])
    done = subprocess.run(command, cwd=root, capture_output=True)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise AudioError(f"the loudness meter's loops cannot be compiled: {said[-1]}")
    return done.stdout


def _tell_compiled() -> None:
    """Compile, try to link, and write to standard output what `_linked` takes."""
    from numba import njit

    # No exceptions and no wrappers, which would need Python's own symbols.
    options: Any = {
        "error_model": "numpy",
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
    }
    symbols, objects = {}, []
    for name, (words, fast) in loudness_kernels.SIGNATURES.items():
        loop = njit(fastmath=set(fast), **options)(getattr(loudness_kernels, name))
        loop.compile(_signature(words))
        (made,) = loop.overloads.values()
        symbols[name] = made.fndesc.llvm_func_name
        objects.append(made.library._get_compiled_object())
    head = json.dumps({"symbols": symbols, "sizes": [len(each) for each in objects]}).encode()
    code = head + b"\n" + b"".join(objects)
    _linked(code)
    sys.stdout.buffer.write(code)


def _compiled_here() -> dict[str, Loop]:
    from numba import cfunc

    made = {}
    for name, (words, fast) in loudness_kernels.SIGNATURES.items():
        compiled = cfunc(_signature(words), fastmath=set(fast), error_model="numpy")
        loop: Any = compiled(getattr(loudness_kernels, name))
        _engines.append(loop)
        kinds = [_CTYPES.get(word, ctypes.c_void_p) for word in words]
        made[name] = _given_addresses(ctypes.CFUNCTYPE(None, *kinds)(loop.address))
    return made


def _signature(words: tuple[str, ...]) -> Any:
    from numba import types

    address: Any = types.CPointer
    given = [
        address(getattr(types, word[:-1])) if word[-1] == "*" else getattr(types, word)
        for word in words
    ]
    return types.void(*given)


def _linked(code: bytes) -> dict[str, Loop]:
    import llvmlite.binding as llvm

    head, _newline, rest = code.partition(b"\n")
    told = json.loads(head)
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    for size in told["sizes"]:
        engine.add_object_file(llvm.ObjectFileRef.from_data(rest[:size]))
        rest = rest[size:]
    engine.finalize_object()
    _engines.append(engine)  # the code lives as long as it does
    return {
        name: _callable(engine.get_function_address(symbol), loudness_kernels.SIGNATURES[name][0])
        for name, symbol in told["symbols"].items()
    }


_engines: list[Any] = []


def _callable(address: int, words: tuple[str, ...]) -> Loop:
    # numba hands over two addresses first, for a result and an exception: neither comes.
    kinds = [_CTYPES.get(word, ctypes.c_void_p) for word in words]
    native = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *kinds)(address)
    nowhere = (ctypes.c_uint64 * 8)()
    place = ctypes.addressof(nowhere)
    loop = _given_addresses(native, place, place)
    loop.__dict__["kept"] = nowhere
    return loop


def _given_addresses(native: Callable[..., Any], *first: int) -> Loop:
    def loop(*given: int | NDArray[Any]) -> None:
        native(*first, *(each if isinstance(each, int) else each.ctypes.data for each in given))

    return loop
