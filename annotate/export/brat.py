"""brat stand-off: a text and an annotation file for each document (https://brat.nlplab.org/standoff.html)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotate.export.documents import DocumentRows, file_name, without_nones
from annotate.records import SpanRecord

_CONFIG: Final = """[entities]
direct
mixed
indirect
source
cue

[relations]
said-by\tArg1:direct|mixed|indirect, Arg2:source
cued-by\tArg1:direct|mixed|indirect, Arg2:cue
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
status\tArg:direct|mixed|indirect, Value:unanimous|majority|single|adjudicated|unresolved|premark
"""


def write_brat(documents: Iterable[DocumentRows], folder: Path) -> None:
    """Writes a pair of files for each document, and `annotation.conf`.

    Offsets count code points, as ours do. A note on each content holds the attribution's whole flat row as JSON.
    """
    (folder / "annotation.conf").write_text(_CONFIG, encoding="utf-8", newline="\n")
    taken: set[str] = set()
    for found in documents:
        name = file_name(found.document.doc_id, taken)
        (folder / f"{name}.txt").write_text(found.document.text, encoding="utf-8", newline="")
        lines = "".join(line + "\n" for line in _lines(found))
        (folder / f"{name}.ann").write_text(lines, encoding="utf-8", newline="\n")


def _lines(found: DocumentRows) -> Iterator[str]:
    text = found.document.text
    ids: dict[tuple[str, int, int], str] = {}
    entities = relations = 0
    for number, (record, row) in enumerate(found.rows, start=1):
        entities += 1
        content = f"T{entities}"
        yield f"{content}\t{record.type} {_bounds(record.content, text)}"
        yield f"A{number}\tstatus {content} {record.status}"
        for label, relation, spans in (("source", "said-by", record.sources), ("cue", "cued-by", record.cues)):
            for span in spans:
                key = (label, span.start, span.end)
                if key not in ids:
                    entities += 1
                    ids[key] = f"T{entities}"
                    yield f"{ids[key]}\t{label} {_bounds(span, text)}"
                relations += 1
                yield f"R{relations}\t{relation} Arg1:{content} Arg2:{ids[key]}"
        yield f"#{number}\tAnnotatorNotes {content}\t{json.dumps(without_nones(row))}"


def _bounds(span: SpanRecord, text: str) -> str:
    """The span's offsets and words; brat knows no span across a line end, but one of several pieces."""
    pieces, start = [], span.start
    for line in text[span.start : span.end].splitlines(keepends=True):
        words = line.splitlines()[0]
        if words:
            pieces.append((start, start + len(words)))
        start += len(line)
    offsets = ";".join(f"{a} {b}" for a, b in pieces)
    return f"{offsets}\t{' '.join(text[a:b] for a, b in pieces)}"
