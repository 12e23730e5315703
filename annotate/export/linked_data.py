"""Linked data: W3C Web Annotation, and schema.org's `Quotation`, `Claim` and `ClaimReview`, as JSON-LD."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from annotate.export.documents import DocumentRows, encode_json, without_nones, write_json_list
from annotate.records import AttributionRecord, DocumentRecord, SpanRecord

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x1f]+", re.IGNORECASE)
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
        "source": _address(document),
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


def _address(document: DocumentRecord) -> str:
    if document.url and _IRI.fullmatch(document.url):
        return document.url
    return f"urn:atribusi:document:{quote(document.doc_id, safe='')}"


def write_schema_org(documents: Iterable[DocumentRows], path: Path) -> None:
    """Writes one graph of https://schema.org terms.

    Verbatim words are a `Quotation`, reported ones a `Claim`; where a fact-checker rated the claim, a `ClaimReview`
    of it follows.
    """
    write_json_list(path, '{"@context":"https://schema.org","@graph":[', _things(documents), "\n]}\n")


def _things(documents: Iterable[DocumentRows]) -> Iterator[dict[str, Any]]:
    for found in documents:
        article = {"@id": _address(found.document)}
        if found.rows:
            yield _article(found.document)
        for record, row in found.rows:
            said_by = _speaker(record, row)
            one = f"urn:atribusi:attribution:{quote(record.attribution_id, safe='')}"
            if record.type == "indirect":
                yield without_nones(
                    {"@type": "Claim", "@id": one, "text": row["content"], "author": said_by, "appearance": article}
                )
            else:
                yield without_nones({
                    "@type": "Quotation", "@id": one, "text": row["content_unquoted"], "creator": said_by,
                    "isPartOf": article, "inLanguage": "id",
                })  # fmt: skip
            if record.claim_rating:
                yield _review(one, record, row, said_by, article)


def _review(
    one: str, record: AttributionRecord, row: dict[str, Any], said_by: dict[str, Any] | None, article: dict[str, Any]
) -> dict[str, Any]:
    claim = without_nones({"@type": "Claim", "author": said_by, "datePublished": row["date"], "appearance": article})
    return {
        "@type": "ClaimReview",
        "@id": f"{one}:review",
        "claimReviewed": row["content_unquoted"],
        "itemReviewed": claim,
        "reviewRating": {"@type": "Rating", "alternateName": record.claim_rating},
        "inLanguage": "id",
    }


def _article(document: DocumentRecord) -> dict[str, Any]:
    outlet = {"@type": "NewsMediaOrganization", "name": document.outlet} if document.outlet else None
    return without_nones({
        "@type": "NewsArticle", "@id": _address(document), "headline": document.title, "url": document.url,
        "datePublished": document.published_at, "publisher": outlet, "archivedAt": document.archived_url,
        "inLanguage": "id",
    })  # fmt: skip


def _speaker(record: AttributionRecord, row: dict[str, Any]) -> dict[str, Any] | None:
    name = record.speaker or row["source"]
    if not name:
        return None
    if record.source_kind in ("organisation", "media"):
        return {"@type": "Organization", "name": name}
    affiliation = {"@type": "Organization", "name": record.affiliation} if record.affiliation else None
    wikidata = record.register_id or ""
    same = f"http://www.wikidata.org/entity/{wikidata}" if wikidata[:1] == "Q" and wikidata[1:].isdigit() else None
    return without_nones({
        "@type": "Person", "name": name, "jobTitle": record.role, "affiliation": affiliation, "sameAs": same,
    })  # fmt: skip
