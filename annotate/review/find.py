"""The page on which attributions are found: words, filters with counts, an address for every view."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from annotate.records import AttributionRecord, DocumentRecord
from annotate.review.desk import Snapshot
from annotate.review.index import Rows
from annotate.review.pages import about, desk_of, respond, twin
from annotate.review.query import FACETS, PER_PAGE, SORTS, Query

router = APIRouter()


def query_of(request: Request) -> Query:
    """The view that the address asks for."""
    parameters: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        parameters.setdefault(name, []).append(value)
    return Query.read(parameters)


@router.get("/")
def front() -> Response:
    """The front page is the list of attributions."""
    return RedirectResponse("/attributions", 303)


@router.get("/attributions")
@router.get("/attributions.json")
def find(request: Request) -> Response:
    """One page of the attributions that fit the filters."""
    snapshot, query = desk_of(request).snapshot(), query_of(request)
    found = snapshot.index.find(query)
    rows = found.page(query)
    pages = found.pages(query)
    data = {
        **about(snapshot),
        "query": dict(query.pairs()) | {name: getattr(query, name) for name in FACETS if getattr(query, name)},
        "total": len(found.rows),
        "page": query.page,
        "pages": pages,
        "facets": found.facets,
        "results": results(snapshot, rows),
    }
    return respond(
        request,
        "find.html",
        data,
        view=query,
        carried=carried(query),
        first=(query.page - 1) * query.per + 1,
        before=query.address(page=query.page - 1) if query.page > 1 else None,
        after=query.address(page=query.page + 1) if query.page < pages else None,
        twin=twin(request),
        SORTS=SORTS,
        PER_PAGE=PER_PAGE,
    )


def carried(query: Query) -> str:
    """The view as the tail of an attribution's address, so that next and previous go on in it."""
    tail = query.without_paging().address("")
    return tail if tail.startswith("?") else ""


def results(snapshot: Snapshot, rows: Rows | list[int]) -> list[dict[str, Any]]:
    """Attributions as a list shows them: the record, its article without the text, how many share the claim."""
    index = snapshot.index
    records = index.attributions(np.asarray(rows, np.int64))
    documents = index.documents_of(records)
    claims = snapshot.claims
    return [
        {
            "attribution": record,
            "speaker": index.names.of(record.speaker or ""),
            "article": article(documents.get(record.doc_id)),
            "same_claim": len(claims.of(record.attribution_id)) if claims else 0,
        }
        for record in records
    ]


def article(document: DocumentRecord | None) -> dict[str, Any] | None:
    """What is said of an article beside an attribution."""
    return document.model_dump(exclude={"text", "commit_id"}) if document else None


def neighbours(snapshot: Snapshot, query: Query, record: AttributionRecord) -> dict[str, Any]:
    """Where the attribution stands in the view: place, total, and the ids before and after it."""
    rows = snapshot.index.find(query).rows
    at = snapshot.index.row_at.get(record.attribution_id, -1)
    places = np.flatnonzero(rows == at)
    if not len(places):
        return {"place": None, "total": len(rows), "previous": None, "next": None}
    place = int(places[0])
    around = {"previous": place - 1, "next": place + 1}
    ids = {
        name: snapshot.index.attributions([int(rows[i])])[0].attribution_id if 0 <= i < len(rows) else None
        for name, i in around.items()
    }
    return {"place": place + 1, "total": len(rows), **ids}
