"""Archives for the tests, and the command line run on them with workers that can be made to die for real."""

import bz2
import csv
import gzip
import json
import lzma
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PLACES = ("Kediri", "Palu", "Ternate", "Sabang", "Bima")
PEOPLE = ("Dewi Lestari", "Budi Santoso", "Siti Aminah", "Made Wirawan")

# Read by every Python that starts with this folder on its path, before anything else: the workers' marker then falls
# over certain words, as a parser might over a hostile article or the kernel over one that takes all memory.
HOSTILE = """
import os, signal, sys, time
import importlib.abc, importlib.machinery

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "annotate.marking.pipeline":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            mark, parent = module.Marker.mark, os.getppid()
            def hostile(self, document):
                if "BUNUH" in document.text:
                    os.kill(os.getpid(), signal.SIGKILL)
                if "DIAM" in document.text:
                    time.sleep(600)
                if "GALAT" in document.text:
                    raise RecursionError("too deep")
                if "SEKALI" in document.text:
                    try:
                        open(os.environ["ONCE"], "x").close()
                    except FileExistsError:
                        pass
                    else:
                        os.kill(os.getpid(), signal.SIGKILL)
                while "TUNGGU" in document.text and os.getppid() == parent:
                    time.sleep(0.02)
                return mark(self, document)
            module.Marker.mark = hostile
        spec.loader.exec_module = exec_module
        return spec

import importlib.util
sys.meta_path.insert(0, Finder())
"""


def articles(count: int, **more: str) -> list[dict[str, Any]]:
    """Short articles, no two alike; some say nothing that is ascribed to anybody."""
    made = []
    for n in range(count):
        who, where = PEOPLE[n % 4], PLACES[n % 5]
        text = f"“Harga beras di {where} turun {n} persen,” kata {who}. Hujan turun sejak pagi di pasar nomor {n}."
        made.append({
            "id": f"a{n:04}", "title": f"Kabar {n} dari {where}", "text": text if n % 7 else f"Pasar {n} tutup.",
            "outlet": f"Harian {n % 3}", "published_at": f"2026-0{1 + n % 9}-1{n % 10}", **more,
        })  # fmt: skip
    return made


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """An archive in the form that its name tells."""
    suffixes = path.suffixes
    if suffixes[0] == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)
        return path
    if suffixes[0] == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        data = path.read_bytes()
    elif suffixes[0] == ".json":
        data = json.dumps(rows).encode()
    else:
        data = jsonl(rows)
    packed = {
        ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress,
        ".zst": lambda raw: pa.compress(raw, codec="zstd", asbytes=True),
    }  # fmt: skip
    path.write_bytes(packed[suffixes[1]](data) if len(suffixes) > 1 else data)
    return path


def start(folder: Path, *arguments: str, hostile: bool = False, **more: Any) -> "subprocess.Popen[str]":
    """`atribusi` with these arguments, in this folder."""
    environment = dict(os.environ, ONCE=str(folder / "once"))
    if hostile:
        (folder / "preload").mkdir(exist_ok=True)
        (folder / "preload" / "sitecustomize.py").write_text(HOSTILE)
        environment["PYTHONPATH"] = os.pathsep.join([str(folder / "preload"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", "from annotate.cli import main; main()", *arguments]
    # A shell lets what it starts in the background ignore Ctrl-C, tests too, and all that these start.
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **more,
    )  # fmt: skip


def cli(folder: Path, *arguments: str, hostile: bool = False) -> "subprocess.CompletedProcess[str]":
    process = start(folder, *arguments, hostile=hostile)
    out, err = process.communicate()
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a run's output that are the same in every run of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and "_state" not in path.parts
    }


def rejects(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "rejects.jsonl").read_text().splitlines()]


def rows(folder: Path, table: str = "attributions") -> list[dict[str, Any]]:
    """The rows of an output folder, in its own order."""
    found: list[dict[str, Any]] = []
    for path in sorted((folder / table).glob("*.parquet")):
        found += pq.read_table(path).to_pylist()
    return found
