"""The compiled marker: the same marks as the interpreted one, used for its own sources only, missed by nobody."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from annotate import compiled

ROOT = Path(__file__).parent.parent
MARKS = """
import json, sys
from dataclasses import asdict
from annotate.datamodel import Document
from annotate.marking import Marker, describe, pipeline
from annotate.labelstudio.tasks import task_json
marker = Marker()
print(json.dumps(pipeline.__file__))
for line in sys.stdin:
    text = json.loads(line)
    marked = marker.mark(Document("x", text))
    told = describe(text, marked.attributions)
    print(task_json(marked), json.dumps([asdict(one) for one in told]))
"""


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_tool", ROOT / "tools/compile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts() -> list[str]:
    """The seeds, whole and in halves that end in the middle of things, and every example sentence of the lexicon."""
    seeds = [json.loads(line)["text"] for line in (ROOT / "seeds/_gold/seeds.jsonl").read_text("utf-8").splitlines()]
    rows = (ROOT / "annotate/lexicon/cues.tsv").read_text(encoding="utf-8").splitlines()
    cases = [
        line for path in (ROOT / "tests/marking/cases").glob("*.tsv") for line in path.read_text("utf-8").splitlines()
    ]
    return [*seeds, *(text[len(text) // 3 :] for text in seeds), "\n".join(rows), *cases]


def marks(uses_compiled: str) -> tuple[str, list[str]]:
    """Which module did it, and what it marked in each text."""
    done = subprocess.run(
        [sys.executable, "-c", MARKS],
        input="\n".join(map(json.dumps, texts())),
        env={**os.environ, "ATRIBUSI_COMPILED": uses_compiled},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    module, *lines = done.stdout.splitlines()
    return json.loads(module), lines


def test_compiled_and_interpreted_marks_are_the_same(compiler: ModuleType) -> None:
    if compiler.lacking():
        pytest.skip(f"this machine has no {compiler.lacking()}: there is no compiled marker")
    assert compiled.folder() is not None, "compiled from other sources, or not at all: run make setup"
    module, found = marks("1")
    own_module, own = marks("0")
    assert not module.endswith(".py")
    assert own_module == str(ROOT / "annotate/marking/pipeline.py")
    assert len(found) == len(texts())
    assert found == own


def test_another_source_is_not_run_by_old_code(tmp_path: Path) -> None:
    """A copy of the package finds what was compiled from its sources, until one of them is edited."""
    shutil.copytree(ROOT / "annotate", tmp_path / "annotate", ignore=shutil.ignore_patterns("__pycache__"))
    ask = "from annotate import compiled; print(compiled.fingerprint(), compiled.folder())"

    def answer() -> list[str]:
        done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.split()

    assert answer() == [compiled.fingerprint(), str(compiled.folder())]
    edited = tmp_path / "annotate/marking/linking.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert answer()[0] != compiled.fingerprint()
    assert answer()[1] == "None"


def test_without_a_compiler_one_line_names_the_remedy(
    compiler: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiled, "home", lambda: tmp_path / "compiled")
    monkeypatch.setenv("CC", str(tmp_path / "no-such-compiler"))
    assert compiler.main() == 0
    assert capsys.readouterr().out == (
        "atribusi: no C compiler, so the marker runs interpreted, at some six tenths of the speed — "
        "sudo apt-get install gcc python3-dev, then make setup\n"
    )
    assert not (tmp_path / "compiled").exists()


def test_a_compiler_that_fails_leaves_nothing_and_says_why(
    compiler: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if compiler.lacking():
        pytest.skip(f"this machine has no {compiler.lacking()}: nothing is compiled")
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(compiled, "home", lambda: tmp_path / "compiled")
    monkeypatch.setenv("CC", str(broken))
    assert compiler.main() == 1
    told = capsys.readouterr().err
    assert "no space left" in told
    assert told.endswith("atribusi: the marker could not be compiled (see above), so it runs interpreted\n")
    assert not (tmp_path / "compiled").exists()


def test_no_part_needs_one_that_comes_after_it(compiler: ModuleType) -> None:
    """Libraries that needed one another in a circle would not load."""
    parts = [paths for paths, _ in compiler.parts()]
    names = [{f"annotate.{path.parent.name}.{path.stem}" for path in paths} for paths in parts]
    assert len(parts) == compiler.PARTS
    assert sorted(path for paths in parts for path in paths) == compiled.sources()
    for number, paths in enumerate(parts):
        later = set().union(*names[number + 1 :])
        for path in paths:
            assert not compiler.imports(path, later), path
