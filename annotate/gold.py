"""Hand-marked gold, read as attributions.

A line of a gold file is `{"id", "text", "spans": [...]}`, a span
`{"label", "start", "end", "text", "id"?, "source"?, "cue"?, "speaker"?}`. Offsets are code points into `text`; `source`
and `cue` of a content hold span ids, separated by commas.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotate.datamodel import CONTENT_LABELS, Attribution, Document, MarkedDocument, Region
from annotate.errors import InputError


def read_gold(path: Path) -> Iterator[MarkedDocument]:
    """The documents of a gold file, in its order; `marker` is `gold`. Raises `InputError` with the line."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield _document(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    what = f"is no line of gold: {type(error).__name__}: {error}"
                    raise InputError(what, place=f"{path}, line {number}") from None


def _document(row: dict[str, Any]) -> MarkedDocument:
    text = row["text"]
    regions = {}
    for span in row["spans"]:
        if text[span["start"] : span["end"]] != span["text"]:
            raise ValueError(f"{span['text']!r} does not stand at {span['start']}")
        if "id" in span:
            regions[span["id"]] = Region(span["label"], span["start"], span["end"])
    attributions = tuple(
        Attribution(
            Region(span["label"], span["start"], span["end"]),
            _linked(span, "source", regions),
            _linked(span, "cue", regions),
            span.get("speaker", ""),
        )
        for span in row["spans"]
        if span["label"] in CONTENT_LABELS
    )
    return MarkedDocument(Document(row["id"], text), attributions, "gold")


def _linked(span: dict[str, Any], role: str, regions: dict[str, Region]) -> tuple[Region, ...]:
    return tuple(regions[one.strip()] for one in span.get(role, "").split(",") if one.strip())
