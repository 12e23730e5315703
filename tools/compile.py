"""Compiles the marker with mypyc, for this Python and these sources: `python tools/compile.py` (`make setup` does it).

Needs a C compiler and Python's headers. Where one of them is missing nothing is compiled, one line says so, and
everything works as before, at some six tenths of the speed. What was compiled from other sources is removed.
"""

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotate import compiled  # noqa: E402 - the checkout's own

PARTS = 4  # shared libraries: the C compiler works at one for each core
OPTIMISE = "1"  # half of the time that "3" takes to compile, and the marker is not slower for it
# Calls within a library go straight to the function, and those into Python past no stub: 3 % less time.
CALLS = ("-fvisibility=hidden", "-fno-plt")
# `annotate` itself names the exports, which need libraries that have nothing to do with the marker.
MYPY = "[mypy]\nignore_missing_imports = True\n[mypy-annotate.export.*]\nfollow_imports = skip\n"
REMEDY = "sudo apt-get install gcc python3-dev, then make setup"


def main() -> int:
    """Exit code 0: compiled, or was compiled before, or cannot be here; 1: compiling failed."""
    made = compiled.home() / compiled.fingerprint()
    if made.is_dir():
        return 0
    missing = lacking()
    if missing:
        print(f"atribusi: no {missing}, so the marker runs interpreted, at some six tenths of the speed — {REMEDY}")
        return 0
    print("compiling the marker", flush=True)
    with tempfile.TemporaryDirectory(prefix="atribusi-compile-") as scratch:
        # In a process of its own, whose output is shown only if it fails: compilers talk much.
        done = subprocess.run(
            [sys.executable, __file__, scratch], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            sys.stderr.write(done.stdout.decode(errors="replace"))
            print("atribusi: the marker could not be compiled (see above), so it runs interpreted", file=sys.stderr)
            return 1
        keep(Path(scratch) / "lib", made)
    return 0


def lacking() -> str:
    """What compiling needs and this machine has not; an empty string if nothing."""
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    if shutil.which(compiler.split()[0]) is None:
        return "C compiler"
    return "" if Path(sysconfig.get_path("include"), "Python.h").is_file() else "header files of Python"


def build(scratch: Path) -> None:
    """Compiles all sources into `scratch/lib`, in `PARTS` shared libraries."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    os.chdir(ROOT)  # mypy names modules after their paths
    (scratch / "mypy.ini").write_text(MYPY, encoding="utf-8")
    groups: list[tuple[list[str], str | None]] = [
        ([str(path.relative_to(ROOT)) for path in part], name) for part, name in parts()
    ]
    extensions = mypycify(
        [
            f"--config-file={scratch / 'mypy.ini'}",
            f"--cache-dir={scratch / 'cache'}",
            *(path for paths, _ in groups for path in paths),
        ],
        opt_level=OPTIMISE,
        debug_level="0",
        separate=groups,
        target_dir=str(scratch / "c"),
    )
    for extension in extensions:  # a compiler newer than mypyc may warn of more than mypyc knows
        extension.extra_compile_args = [*(flag for flag in extension.extra_compile_args if flag != "-Werror"), *CALLS]
    command = build_ext(Distribution({"name": "atribusi-compiled", "ext_modules": extensions}))
    command.build_lib, command.build_temp, command.parallel = str(scratch / "lib"), str(scratch / "o"), os.cpu_count()
    command.ensure_finalized()
    command.run()


def parts() -> Iterator[tuple[list[Path], str]]:
    """The sources in parts of about the same size, each with the name of its library.

    A part imports from itself and from those before it: libraries that need one another in a circle would not load.
    """
    named = {f"annotate.{path.parent.name}.{path.stem}": path for path in compiled.sources()}
    needs = {name: sorted(imports(path, named)) for name, path in named.items()}
    share = sum(path.stat().st_size for path in named.values()) / PARTS
    part: list[Path] = []
    number, size = 1, 0
    for name in TopologicalSorter(needs).static_order():
        if size > share * number:
            yield part, f"annotate.compiled.part_{number}"
            part, number = [], number + 1
        part.append(named[name])
        size += named[name].stat().st_size
    yield part, f"annotate.compiled.part_{number}"


def imports(path: Path, known: Iterable[str]) -> set[str]:
    """Which of the known modules a module imports; what comes out of another package can come from all its modules."""
    asked: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            asked.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    asked.discard(f"annotate.{path.parent.name}")
    return {name for name in known if name in asked or name.rpartition(".")[0] in asked}


def keep(lib: Path, made: Path) -> None:
    """Puts the compiled modules in their place, all at once, and removes those of other sources."""
    shutil.rmtree(made.parent, ignore_errors=True)
    part = made.with_suffix(".part")
    shutil.copytree(lib, part)  # the scratch folder may lie on another disk
    part.replace(made)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        build(Path(sys.argv[1]))
    else:
        sys.exit(main())
