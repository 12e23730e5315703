"""What the formats that go document by document share: a document with its rows, tokens, names of files, JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa

from annotate.export.atomic import whole_file
from annotate.export.chunks import Chunk, as_groups
from annotate.records import AttributionRecord, DocumentRecord

_TOKEN: Final = re.compile(r"\w+|[^\w\s]|\s+")
encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """A document, and each of its attributions as a record and as the flat row that analysts get."""

    document: DocumentRecord
    rows: list[tuple[AttributionRecord, dict[str, Any]]]


def by_document(chunks: Iterable[tuple[Chunk, pa.Table]]) -> Iterator[DocumentRows]:
    """The chunks, each with its flat table, document by document, in text order."""
    for chunk, flat in chunks:
        flat_rows = {row["attribution_id"]: row for row in flat.to_pylist()}
        for document, records in as_groups([chunk]):
            yield DocumentRows(document, [(record, flat_rows[record.attribution_id]) for record in records])


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `space`: whether one blank follows that belongs to no token."""

    start: int
    end: int
    space: bool = False


def tokenise(text: str, records: Iterable[AttributionRecord]) -> list[Token]:
    """Words, single punctuation marks and white space, cut wherever a marked span begins or ends.

    So every span is a whole number of tokens, and the tokens hold the whole text. A single blank behind a token is not
    a token of its own.
    """
    spans = [span for record in records for span in (record.content, *record.sources, *record.cues)]
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    cuts = starts | ends
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        marked = start in starts or start + 1 in ends  # a span that begins or ends with this very blank
        if text[start] == " " and tokens and not marked and not text[tokens[-1].start].isspace():
            tokens[-1] = Token(tokens[-1].start, tokens[-1].end, space=True)
            start += 1
        bounds = [start, *sorted(cut for cut in cuts if start < cut < end), end] if end > start else []
        tokens.extend(Token(a, b) for a, b in pairwise(bounds))
    return tokens


def file_name(doc_id: str, taken: set[str]) -> str:
    """A name for a document's files: its id, made safe for any file system, and not given before."""
    safe = quote(doc_id, safe=" ()+,=@").replace("~", "_").lstrip(".")[:150] or "document"
    name, number = safe, 1
    while name.casefold() in taken:
        number += 1
        name = f"{safe}-{number}"
    taken.add(name.casefold())
    return name


def write_json_list(path: Path, head: str, items: Iterable[Any], tail: str) -> None:
    """Writes `head`, the items as JSON with commas between, and `tail`, streaming and atomically."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head)
        for number, item in enumerate(items):
            file.write(",\n" if number else "\n")
            file.write(encode_json(item))
        file.write(tail)


def without_nones(values: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in values.items() if value is not None and value != []}
