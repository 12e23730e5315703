"""Compiled modules: the hot rooms' own Python turned into C, and used only while it was made from these very sources.

`tools/compile.py` compiles `MODULES` with mypyc into a folder beside the installed packages, whose name tells what went
in. The rooms put that folder before their own (`compiled_first`), so that an import finds the compiled module first and
any other in the sources. A source that was edited since has another fingerprint: then all runs interpreted, which is
slower and gives the same marks. `ATRIBUSI_COMPILED=0` in the environment does so, too.
"""

import hashlib
import os
import sysconfig
from functools import cache
from pathlib import Path
from typing import Final

MODULES: Final = ("lexicon/*.py", "marking/*.py")  # a package's `__init__` is never compiled
# What compiled code was made with: constants and types of these are folded into it.
BESIDE: Final = ("datamodel.py", "errors.py", "spans.py")
_PACKAGE: Final = Path(__file__).parent.parent


def sources() -> list[Path]:
    """The modules that are compiled, in the order of their paths."""
    found = (path for pattern in MODULES for path in _PACKAGE.glob(pattern))
    return sorted(path for path in found if path.name != "__init__.py")


@cache
def fingerprint() -> str:
    """16 hexadecimal digits of a SHA-256 over this Python's binary interface and over all that goes into the code."""
    digest = hashlib.sha256(str(sysconfig.get_config_var("SOABI")).encode())
    for path in (*sources(), *(_PACKAGE / name for name in BESIDE)):
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def home() -> Path:
    """Where compiled modules are kept, a folder for each fingerprint."""
    return Path(sysconfig.get_path("platlib")) / "atribusi_compiled"


@cache
def folder() -> Path | None:
    """The compiled modules of these sources; None where there are none, or where the environment forbids them."""
    if os.environ.get("ATRIBUSI_COMPILED") == "0" or not home().is_dir():
        return None
    made = home() / fingerprint()
    return made if made.is_dir() else None


def compiled_first(package: str, own: list[str]) -> list[str]:
    """The `__path__` of a package: the folder of its compiled modules, if there is one, before its own."""
    made = folder()
    return own if made is None else [str(made.joinpath(*package.split("."))), *own]


__path__ = compiled_first(__name__, __path__)  # the shared libraries that the compiled modules stand in
