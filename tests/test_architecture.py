"""Imports go one way, down; heavy things have one home each; files and functions stay small enough to be read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "annotate"

# Floor by floor, from the ground up. A room may import what stands on a lower floor, and itself.
FLOORS = [
    ["compiled", "errors", "spans"],
    ["datamodel", "records"],
    ["articles", "gold", "lexicon"],
    ["marking", "labelstudio", "reconcile", "dataset", "export", "engines"],
    ["workflow"],
    ["review", "service"],
    ["cli"],
]
# The ground floors are small enough to be listed pair by pair.
ALLOWED_BESIDE = {("errors", "spans"), ("records", "datamodel"), ("articles", "errors")}
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
HOMES = {
    "regex": {"marking", "lexicon"},
    "label_studio_sdk": {"labelstudio"},
    "deltalake": {"dataset"},
    "trafilatura": {"articles"},
    "click": {"cli"},
    "fastapi": {"review", "service"},
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    package = ("annotate", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            module = base if node.level else node.module or ""
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    assert room in FLOOR_OF, f"{room} stands on no floor: draw it in CONTRIBUTING.md and here"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "annotate" and len(parts) > 1 and parts[1] in FLOOR_OF and parts[1] != room:
            down = FLOOR_OF[parts[1]] < FLOOR_OF[room]
            assert down or (room, parts[1]) in ALLOWED_BESIDE, f"{path.name} ({room}) imports {name}"
        if parts[0] in HOMES:
            assert room in HOMES[parts[0]], f"{name} is at home in {HOMES[parts[0]]}, not in {room}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 350
    defined = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [n.name for n in defined if (n.end_lineno or n.lineno) - n.lineno >= 60] == []


def test_only_the_client_imports_the_sdk() -> None:
    users = {
        p.relative_to(PACKAGE).as_posix()
        for p in modules()
        if any(n.startswith("label_studio_sdk") for n in imported(p))
    }
    assert users <= {"labelstudio/client.py"}


HEAVY = ["label_studio_sdk", "pandas", "pyarrow", "deltalake", "trafilatura", "regex", "pydantic"]


def test_help_imports_nothing_heavy() -> None:
    """`--help` must answer at once, so nothing slow to import may stand at the top of cli or workflow."""
    code = f"import sys, annotate.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
