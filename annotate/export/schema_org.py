"""schema.org's `Quotation`, `Claim` and `ClaimReview`, as JSON-LD."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from annotate.errors import AtribusiError
from annotate.export.documents import DocumentRows, without_nones, write_json_list
from annotate.export.linked_data import IRI, address_of
from annotate.export.model import Reviews
from annotate.records import AttributionRecord, DocumentRecord

# The desk's ratings as a number, where they lie on one scale.
_SCALE: Final = {"true": 5, "mostly_true": 4, "partly_true": 3, "misleading": 2, "false": 1}
# What a review should tell, and how whoever exports can see to it.
_ASKED: Final = {
    "author": "name who publishes them with --reviewer",
    "url": "give the address of their page with --review-url",
    "datePublished": "no decision of that rating is kept in this dataset",
}


def write_schema_org(documents: Iterable[DocumentRows], path: Path, reviews: Reviews) -> list[str]:
    """Writes one graph of https://schema.org terms; gives what is missing in it, to be told.

    Verbatim words are a `Quotation`, reported ones a `Claim`; where a fact-checker rated the claim, a `ClaimReview`
    of it follows. What that must hold to be shown by search engines: claimReviewed, reviewRating, url
    (https://developers.google.com/search/docs/appearance/structured-data/factcheck).
    """
    if reviews.address and not IRI.fullmatch(reviews.address.replace("{id}", "id")):
        raise AtribusiError(
            f"{reviews.address!r} is no address", remedy="write it as https://…, with {id} in it or not"
        )
    missing: Counter[str] = Counter()
    write_json_list(path, '{"@context":"https://schema.org","@graph":[', _things(documents, reviews, missing), "\n]}\n")
    return [f"ClaimReviews without {name}: {number}; {_ASKED[name]}" for name, number in missing.items()]


def _things(documents: Iterable[DocumentRows], reviews: Reviews, missing: Counter[str]) -> Iterator[dict[str, Any]]:
    for found in documents:
        article = {"@id": address_of(found.document)}
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
                review = _review(record, row, said_by, article, reviews)
                missing.update(name for name in _ASKED if name not in review)
                yield review


def _review(
    record: AttributionRecord,
    row: dict[str, Any],
    said_by: dict[str, Any] | None,
    article: dict[str, Any],
    reviews: Reviews,
) -> dict[str, Any]:
    rating = record.claim_rating or ""
    part = quote(record.attribution_id, safe="")
    page = reviews.address and (reviews.address if "{id}" in reviews.address else f"{reviews.address}#{{id}}")
    number = {"ratingValue": _SCALE[rating], "bestRating": 5, "worstRating": 1} if rating in _SCALE else {}
    return without_nones({
        "@type": "ClaimReview",
        "@id": f"urn:atribusi:attribution:{part}:review",
        "url": page.replace("{id}", part) if page else None,
        "author": {"@type": "Organization", "name": reviews.author} if reviews.author else None,
        "datePublished": reviews.days.get((record.attribution_id, rating)),
        "claimReviewed": row["content_unquoted"],
        "itemReviewed": without_nones(
            {"@type": "Claim", "author": said_by, "datePublished": row["date"], "appearance": article}
        ),
        "reviewRating": {"@type": "Rating", "alternateName": rating.replace("_", " "), **number},
        "inLanguage": "id",
    })  # fmt: skip


def _article(document: DocumentRecord) -> dict[str, Any]:
    outlet = {"@type": "NewsMediaOrganization", "name": document.outlet} if document.outlet else None
    return without_nones({
        "@type": "NewsArticle", "@id": address_of(document), "headline": document.title, "url": document.url,
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
