"""One attribution in its article, and a whole article with all of them."""

import json
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from annotate.records import AnnotationRecord, AttributionRecord, DecisionRecord, DocumentRecord, SetAsideRecord, Vote
from annotate.review.compare import claim_of
from annotate.review.desk import Snapshot
from annotate.review.find import article, carried, neighbours, query_of
from annotate.review.overlay import Mark, around, marks_of, segments
from annotate.review.pages import about, desk_of, problem, respond, twin
from annotate.review.safe import web_link
from annotate.spans import overlap
from annotate.workflow.review import events_on, seen

router = APIRouter()
_FIELDS = ("verdict", "speaker", "type", "content", "source", "cue", "claim_rating", "reason", "note", "fact_check")


@router.get("/attributions/{name}")
def read(request: Request, name: str) -> Response:
    """One attribution; `name` is its id, or id and `.json`."""
    return show(request, name.removesuffix(".json"))


def show(request: Request, attribution_id: str, *, status: int = 200, **shown: Any) -> Response:
    """The page of one attribution, also with a form that could not be taken (`shown`)."""
    desk = desk_of(request)
    snapshot = desk.snapshot()
    record = snapshot.index.attribution(attribution_id)
    document = snapshot.index.document(record.doc_id) if record else None
    if record is None or document is None:
        return problem(request, 404, "no_attribution", id=attribution_id)
    query = query_of(request)
    marks = marks_of(record)
    bounds = around(document.text, [record.content, *record.sources, *record.cues])
    chain_ = chain(snapshot, record)
    data = {
        **about(snapshot),
        "attribution": record,
        "article": article(document),
        "chain": [step["name"] for step in chain_],
        "before": document.text[bounds[0] : min(m.start for m in marks)],
        "after": document.text[max(m.end for m in marks) : bounds[1]],
        "held": readings(record, document),
        "set_aside": aside_of(record, desk.aside(record.doc_id)),
        "tasks": tasks(desk.annotations(record.doc_id)),
        "decisions": history(snapshot, record.attribution_id),
        "same_claim": claim_of(snapshot, record.attribution_id),
    }
    frame = {
        "segments": segments(document.text, marks, *bounds),
        "cut_before": bounds[0] > 0,
        "cut_after": bounds[1] < len(document.text),
        "steps": chain_,
        "speaker": snapshot.index.names.of(record.speaker or ""),
        "near": neighbours(snapshot, query, record),
        "carried": carried(query),
        "seen": seen(record, snapshot.decisions),
        "twin": twin(request),
        "form": dict.fromkeys(_FIELDS),
        "refused": None,
        "meanwhile": None,
        **shown,
    }
    return respond(request, "attribution.html", data, status=status, **frame)


@router.get("/article")
@router.get("/article.json")
def whole(request: Request, id: str = "") -> Response:
    """A whole article with all that is attributed in it."""
    snapshot = desk_of(request).snapshot()
    document = snapshot.index.document(id)
    if document is None:
        return problem(request, 404, "no_article", id=id)
    records = snapshot.index.rows_of(id)
    marks = [mark for number, record in enumerate(records, 1) for mark in marks_of(record, number)]
    data = {**about(snapshot), "article": article(document), "attributions": records}
    return respond(
        request,
        "article.html",
        data,
        text=document.text,
        segments=segments(document.text, marks),
        tasks=tasks(desk_of(request).annotations(id)),
        twin=twin(request),
    )


def chain(snapshot: Snapshot, record: AttributionRecord) -> list[dict[str, Any]]:
    """Who reports whom, from the outlet to the one who spoke: outlet, the outer reports, this attribution."""
    document = snapshot.index.document(record.doc_id)
    inner = [record]
    while inner[-1].parent_id and len(inner) < 20:
        outer = snapshot.index.attribution(inner[-1].parent_id)
        if outer is None or outer in inner:
            break
        inner.append(outer)
    steps = [
        {
            "name": one.speaker or (one.sources[0].text if one.sources else None),
            "id": one.attribution_id,
            "kind": one.source_kind,
            "role": one.role,
        }
        for one in reversed(inner)
    ]
    names = [None, *(step["name"] for step in steps)]
    steps = [step for (before, after), step in zip(pairwise(names), steps, strict=True) if after != before or not after]
    outlet = document.outlet if document else None
    return [{"name": outlet, "id": None, "kind": "media", "role": None}, *steps]


def readings(record: AttributionRecord, document: DocumentRecord) -> list[dict[str, Any]]:
    """What is contested: for each field each reading, its words, who held it, and whether it won."""
    votes = [(vote, True) for vote in record.votes] + [(vote, False) for vote in record.dissent]
    order = {field: i for i, field in enumerate(("existence", "type", "boundaries", "source", "cue", "speaker"))}
    return [
        {"field": vote.field, "value": _words(vote, document.text), "annotators": vote.annotators, "won": won}
        for vote, won in sorted(votes, key=lambda one: (order[one[0].field], not one[1]))
    ]


def _words(vote: Vote, text: str) -> str | bool | list[str]:
    """What the reading says, in words: spans are shown as the text that they cover."""
    try:
        value = json.loads(vote.value)
    except ValueError:
        return vote.value
    if vote.field == "boundaries" and isinstance(value, list) and len(value) == 2:
        return text[value[0] : value[1]]
    if vote.field in ("source", "cue") and isinstance(value, list):
        return [text[one[0] : one[1]] for one in value]
    return value if isinstance(value, bool) else str(value)


def aside_of(record: AttributionRecord, aside: list[SetAsideRecord]) -> list[dict[str, Any]]:
    """Labels that lost against this attribution: those set aside whose words lie in its content."""
    found = []
    for one in aside:
        try:
            label = json.loads(one.raw)
            label = label.get("value", label)
            span = Mark(int(label["start"]), int(label["end"]), "")
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if overlap(span, record.content):
            found.append({"annotator": one.annotator, "reason": one.reason, "words": str(label.get("text", ""))})
    return found


def tasks(annotations: list[AnnotationRecord]) -> list[dict[str, Any]]:
    """Where the article lies in Label Studio: a link for each task that it was labelled as."""
    places = {(one.server, one.project_id, one.task_id): one for one in annotations}
    return [
        {"task": task, "project": project, "url": link}
        for server, project, task in places
        if (link := web_link(f"{server.rstrip('/')}/projects/{project}/data?task={task}"))
    ]


def history(snapshot: Snapshot, attribution_id: str) -> list[dict[str, Any]]:
    """The decisions on an attribution, newest first, each with whether it stands."""
    ids = events_on(snapshot.decisions, attribution_id=attribution_id)
    return told([one for one in snapshot.decisions if one.decision_id in ids], snapshot.decisions)


def told(some: list[DecisionRecord], decisions: list[DecisionRecord]) -> list[dict[str, Any]]:
    """Decisions with whether each stands, newest first."""
    from annotate.reconcile.decisions import standing

    stands = {one.decision_id for one in standing(decisions)}
    return [
        {"decision": one, "words": None, "stands": one.kind != "undo" and one.decision_id in stands}
        for one in reversed(some)
    ]
