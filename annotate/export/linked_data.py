"""Linked data: W3C Web Annotation as JSON-LD."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from annotate.export.documents import DocumentRows, encode_json, without_nones, write_json_list
from annotate.records import AttributionRecord, DocumentRecord, SpanRecord

IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x1f]+", re.IGNORECASE)
_AROUND: Final = 32  # code points before and after a quotation that tell it from another of the same words
# Our own terms beside those of the annotation vocabulary.
_CONTEXT: Final = ["http://www.w3.org/ns/anno.jsonld", {"atribusi": "urn:atribusi:terms:"}]


def write_web_annotations(documents: Iterable[DocumentRows], path: Path, version: int) -> None:
    """Writes one `AnnotationPage` (https://www.w3.org/TR/annotation-model/): an annotation for each attribution.

    The target is the content; the sources and cues are bodies of their own, all with text-quote and text-position
    selectors (code points). The attribution's whole flat row stands under `atribusi:row`.
    """
    head = (
        f'{{"@context":{encode_json(_CONTEXT)},"id":"urn:atribusi:version:{version}","type":"AnnotationPage","items":['
    )
    write_json_list(path, head, _annotations(documents), "\n]}\n")


def _annotations(documents: Iterable[DocumentRows]) -> Iterator[dict[str, Any]]:
    for found in documents:
        for record, row in found.rows:
            yield _annotation(found.document, record, row)


def _annotation(document: DocumentRecord, record: AttributionRecord, row: dict[str, Any]) -> dict[str, Any]:
    body: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "classifying", "value": record.type}]
    if record.speaker:
        body.append({"type": "TextualBody", "purpose": "identifying", "value": record.speaker})
    for role, spans in (("source", record.sources), ("cue", record.cues)):
        body.extend({**_part(document, span), "purpose": "linking", "atribusi:role": role} for span in spans)
    return {
        "id": f"urn:atribusi:attribution:{quote(record.attribution_id, safe='')}",
        "type": "Annotation",
        "motivation": "identifying",
        "body": body,
        "target": _part(document, record.content),
        "atribusi:row": without_nones(row),
    }


def _part(document: DocumentRecord, span: SpanRecord) -> dict[str, Any]:
    """A part of a document, by its words with some around them, and by its offsets."""
    text = document.text
    return {
        "type": "SpecificResource",
        "source": address_of(document),
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": text[span.start : span.end],
                "prefix": text[max(0, span.start - _AROUND) : span.start],
                "suffix": text[span.end : span.end + _AROUND],
            },
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
    }


def address_of(document: DocumentRecord) -> str:
    if document.url and IRI.fullmatch(document.url):
        return document.url
    return f"urn:atribusi:document:{quote(document.doc_id, safe='')}"
