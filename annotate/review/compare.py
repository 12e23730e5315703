"""The same claim across articles and outlets: who printed it first, who copied, and in which words."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from annotate.records import AttributionRecord
from annotate.review.desk import Snapshot
from annotate.review.find import article
from annotate.review.origins import Origin, origins
from annotate.review.pages import about, desk_of, problem, respond, twin
from annotate.review.wording import compare

router = APIRouter()
_LISTED = 20  # groups on a page


@router.get("/claims")
@router.get("/claims.json")
def listed(request: Request, page: int = 1) -> Response:
    """All claims that more than one article has, those in most outlets first."""
    snapshot = desk_of(request).snapshot()
    groups = snapshot.claims.members if snapshot.claims else []
    index = snapshot.index
    ranked = sorted(
        (_ranked(snapshot, [one for one in group if one in index.row_at]) for group in groups), key=lambda one: one[0]
    )
    ranked = [one for one in ranked if len(one[1]) > 1]
    page = max(1, min(page, -(-len(ranked) // _LISTED) or 1))
    shown = [claim_of(snapshot, ids[0]) for _, ids in ranked[(page - 1) * _LISTED : page * _LISTED]]
    data = {**about(snapshot), "total": len(ranked), "page": page, "claims": [one for one in shown if one]}
    return respond(
        request,
        "claims.html",
        data,
        pending=snapshot.claims is None,
        before=f"/claims?page={page - 1}" if page > 1 else None,
        after=f"/claims?page={page + 1}" if page * _LISTED < len(ranked) else None,
        twin=twin(request),
    )


@router.get("/claims/{name}")
def one_claim(request: Request, name: str) -> Response:
    """All that share the claim of one attribution; `name` is its id, or id and `.json`."""
    snapshot = desk_of(request).snapshot()
    attribution_id = name.removesuffix(".json")
    claim = claim_of(snapshot, attribution_id)
    if claim is None:
        return problem(request, 404, "no_claim", id=attribution_id)
    return respond(request, "claim.html", {**about(snapshot), **claim}, looked_at=attribution_id, twin=twin(request))


def claim_of(snapshot: Snapshot, attribution_id: str) -> dict[str, Any] | None:
    """The group of an attribution: first appearance, wordings against the first, origins. None: it stands alone."""
    index = snapshot.index
    ids = [one for one in (snapshot.claims.of(attribution_id) if snapshot.claims else []) if one in index.row_at]
    if len(ids) < 2 or attribution_id not in ids:
        return None
    records = index.attributions([index.row_at[one] for one in ids])
    documents = index.documents_of(records)
    records.sort(key=lambda one: (_appeared(snapshot, one), one.doc_id, one.content.start))
    in_order = [documents[doc_id] for doc_id in dict.fromkeys(one.doc_id for one in records) if doc_id in documents]
    sources = origins(in_order)
    place = {doc_id: number for number, origin in enumerate(sources, 1) for doc_id in origin.documents}
    speakers = list(dict.fromkeys(index.names.of(one.speaker) for one in records if one.speaker))
    first = records[0]
    return {
        "first": first.attribution_id,
        "speakers": speakers,
        "outlets": sorted({one.outlet for one in in_order if one.outlet}),
        "articles": len(in_order),
        "origins": [_origin(number, one) for number, one in enumerate(sources, 1)],
        "printed": [
            {
                "attribution": one,
                "speaker": index.names.of(one.speaker or ""),
                "article": article(documents.get(one.doc_id)),
                "origin": place.get(one.doc_id),
                "wording": None if one is first else compare(first.content.text, one.content.text),
            }
            for one in records
        ],
    }


def _origin(number: int, origin: Origin) -> dict[str, Any]:
    return {"number": number, "agency": origin.agency, "documents": origin.documents}


def _appeared(snapshot: Snapshot, record: AttributionRecord) -> str:
    """When its article appeared, to the minute where that is known; unknown days come last."""
    document = snapshot.index.document(record.doc_id)
    return (document.published_at if document and snapshot.index.day(_row(snapshot, record)) else None) or "~"


def _row(snapshot: Snapshot, record: AttributionRecord) -> int:
    return snapshot.index.row_at[record.attribution_id]


def _ranked(snapshot: Snapshot, ids: list[str]) -> tuple[tuple[int, int, int], list[str]]:
    """Most outlets first, then most articles, then the newest."""
    rows = [snapshot.index.row_at[one] for one in ids]
    outlets, articles = snapshot.index.spread(rows)
    return (-outlets, -articles, min(rows, default=0)), ids
