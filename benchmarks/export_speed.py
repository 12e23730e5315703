"""How long an export takes, beside what pandas and pyarrow take to write the same frame.

    python benchmarks/export_speed.py [ROWS …]          # default: 10000 100000 1000000

For each number of attributions (ten in a document) an invented dataset is made and written as CSV and as Parquet: by
`annotate.export.export`, from the dataset's own Arrow tables, all included (selecting, flattening, the sentences around
each content, guarding of cells, `documents.csv`); and by `DataFrame.to_csv` and `pyarrow.parquet.write_table`, which
get the finished flat frame. `writer` is our writer alone, given that same frame.

Seconds of processor time on a machine of two cores that did other work besides, November 2026:

    rows       CSV export  writer  pandas    Parquet export  writer  pyarrow    memory
    100,000          2.81    0.63    5.88              2.87    0.64     0.49    244 MiB
    1,000,000       26.22    6.10   61.75             26.25    5.78     5.36    394 MiB

So a CSV export takes less than half of what pandas takes to write the frame, all included. Parquet is written in 1.1
times what pyarrow takes, and in nearly five times that with the frame being worked out. The growth is linear.
"""

import hashlib
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.export import COLUMNS, export
from annotate.export.chunks import Chunk, schema_of
from annotate.export.csv_files import write_csv
from annotate.export.flatten import flatten
from annotate.export.tables import write_parquet
from annotate.records import AttributionRecord, DocumentRecord

EACH = 10  # attributions of a document
DOCUMENTS = 500  # of a chunk
SYLLABLES = [a + b for a in "bcdghjklmnprst" for b in "aiueo"]
WORDS = ["".join(random.Random(n).choices(SYLLABLES, k=2 + n % 3)) for n in range(20_000)]


def document(number: int) -> tuple[dict[str, object], list[dict[str, object]]]:
    """An invented article with ten attributions, of some 1,900 characters."""
    chance = random.Random(number)
    text, rows, doc_id = f"Kabar nomor {number} dari kota\n\n", [], f"berita/{number:08}"
    for n in range(EACH):
        name = f"Dewi Lestari{(number * 7 + n) % 997}"
        start = len(text)
        quote = f"“Kami {' '.join(chance.choices(WORDS, k=12))},”"
        text += f"{quote} kata {name}, camat setempat. Hujan {' '.join(chance.choices(WORDS, k=14))}.\n"
        cue = start + len(quote) + 1
        rows.append({
            "attribution_id": f"at-{number:08}-{n}", "doc_id": doc_id, "commit_id": "c1", "type": "direct",
            "content": {"start": start, "end": start + len(quote), "text": quote},
            "sources": [{"start": cue + 5, "end": cue + 5 + len(name), "text": name}],
            "cues": [{"start": cue, "end": cue + 4, "text": "kata"}], "speaker": name, "cue_kind": "statement",
            "source_kind": "person", "role": "camat setempat", "depth": 0, "status": "majority",
            "annotators": ["ani@contoh.id", "budi@contoh.id"],
            "readers": ["ani@contoh.id", "budi@contoh.id", "citra@contoh.id"],
            "votes": [{"field": "type", "value": '"direct"', "annotators": ["ani@contoh.id", "budi@contoh.id"]}],
            "dissent": [{"field": "type", "value": '"mixed"', "annotators": ["citra@contoh.id"]}], "agreement": 0.75,
            "regions": [{"annotation_id": number, "region_id": f"r{n}", "annotator": "ani@contoh.id"}],
            "premark_rule": "closing-cue", "premark_confidence": 0.9, "premark_version": "atribusi-0.1",
            "premark_change": ["accepted"],
        })  # fmt: skip
    sha = hashlib.sha256(text.encode()).hexdigest()
    for row in rows:
        row["text_sha256"] = sha
    return {
        "doc_id": doc_id, "text_sha256": sha, "text": text, "title": f"Kabar nomor {number} dari kota",
        "commit_id": "c1", "outlet": f"Harian {number % 17}",
        "published_at": f"20{10 + number % 15}-0{1 + number % 9}-1{number % 10}T10:00:00Z",
        "url": f"https://contoh.id/berita/{number}",
    }, rows  # fmt: skip


def chunks(rows: int) -> Iterator[Chunk]:
    """The dataset's tables, as they come from disk."""
    for first in range(0, rows // EACH, DOCUMENTS):
        made = [document(number) for number in range(first, min(first + DOCUMENTS, rows // EACH))]
        yield Chunk(
            pa.Table.from_pylist([one for one, _ in made], schema_of(DocumentRecord)),
            pa.Table.from_pylist([row for _, found in made for row in found], schema_of(AttributionRecord)),
        )


def stored(folder: Path, rows: int) -> tuple[Path, Path]:
    """Puts the invented dataset on disk, so that making it is not measured."""
    paths = folder / "documents.arrow", folder / "attributions.arrow"
    with (
        pa.ipc.new_file(paths[0], schema_of(DocumentRecord)) as documents,
        pa.ipc.new_file(paths[1], schema_of(AttributionRecord)) as attributions,
    ):
        for chunk in chunks(rows):
            documents.write_table(chunk.documents)
            attributions.write_table(chunk.attributions)
    return paths


def read(paths: tuple[Path, Path]) -> Iterator[Chunk]:
    with pa.ipc.open_file(paths[0]) as documents, pa.ipc.open_file(paths[1]) as attributions:
        for n in range(documents.num_record_batches):
            yield Chunk(pa.table(documents.get_batch(n)), pa.table(attributions.get_batch(n)))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and seconds of processor time of all threads."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def measure(rows: int, folder: Path) -> tuple[float, dict[str, tuple[float, float]]]:
    """The most memory that the exports took, in MiB, and the times of each."""
    paths = stored(folder, rows)
    found = {
        f"{format} export": timed(partial(export, read(paths), folder / f"out.{format}", version=1, format=format))
        for format in ("csv", "parquet")
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table = pa.concat_tables([flatten(chunk, 1) for chunk in read(paths)])
    found["csv writer"] = timed(lambda: write_csv([table], folder / "flat.csv", COLUMNS))
    found["parquet writer"] = timed(lambda: write_parquet([table], folder / "flat.parquet", COLUMNS, version=1))
    found["pyarrow parquet"] = timed(lambda: pq.write_table(table, folder / "plain.parquet", compression="zstd"))
    frame = table.to_pandas()
    found["pandas csv"] = timed(lambda: frame.to_csv(folder / "plain.csv", index=False))
    return memory, found


def main() -> None:
    print(
        "Seconds on the clock / of processor time, and how many times the processor time that pandas (CSV) and pyarrow"
    )
    print("(Parquet) take for the finished frame.")
    for rows in [int(one) for one in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            memory, found = measure(rows, Path(folder))
        print(f"{rows:,} rows; memory at most {memory:,.0f} MiB")
        for kind, plain in (("csv", "pandas csv"), ("parquet", "pyarrow parquet")):
            for name in (f"{kind} export", f"{kind} writer", plain):
                clock, cpu = found[name]
                print(f"  {name:<16} {clock:>8.2f} / {cpu:>7.2f}  {cpu / found[plain][1]:>5.2f} x", flush=True)


if __name__ == "__main__":
    main()
