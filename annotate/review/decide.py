"""Deciding: a reviewer's form becomes an event and a version; taking back is another event; the log of all."""

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from annotate.errors import DatasetError
from annotate.reconcile.decisions import decision_id
from annotate.records import DecisionRecord
from annotate.review.find import carried, neighbours, query_of
from annotate.review.judgement import Refused, Sent, judge
from annotate.review.language import speaker_of
from annotate.review.pages import about, address, desk_of, language_of, now, problem, respond, reviewer_of, twin
from annotate.review.read import history, show, told
from annotate.review.safe import own_path
from annotate.review.security import good_csrf
from annotate.workflow.review import DecidedMeanwhile, decide, note_provenance, undo
from annotate.workflow.review import seen as seen_now

router = APIRouter()
_LISTED = 50


def named_reviewer(request: Request, sent: str) -> str:
    """Who decides: the name sent along, which is then remembered, else the one of the session."""
    name = " ".join(sent.split())[:120]
    if name:
        request.session["name"] = name
    return name or reviewer_of(request)


@router.post("/attributions/{attribution_id}/decisions")
def decide_on(
    request: Request,
    attribution_id: str,
    csrf: str = Form(""),
    seen: str = Form(""),
    reviewer: str = Form(""),
    verdict: str = Form(""),
    speaker: str = Form(""),
    speaker_shown: str = Form(""),
    type: str = Form(""),
    content: str = Form(""),
    source: str = Form(""),
    cue: str = Form(""),
    claim_rating: str = Form(""),
    reason: str = Form(""),
    note: str = Form(""),
    fact_check: str = Form(""),
    after: str = Form(""),
) -> Response:
    """Record a review, and go on to the attribution, or to the next one of the view (`after=next`)."""
    say = speaker_of(language_of(request))
    if not good_csrf(request, csrf):
        return problem(request, 403, "csrf")
    # An emptied field means that nobody is named; a field that was not there means nothing.
    named = speaker if speaker or speaker_shown else None
    sent = Sent(verdict, named, type, content, source, cue, claim_rating, reason, note, fact_check)
    who = named_reviewer(request, reviewer)
    desk = desk_of(request)
    snapshot = desk.snapshot(fresh=True)
    row = snapshot.index.attribution(attribution_id)
    document = snapshot.index.document(row.doc_id) if row else None
    if row is None or document is None:
        return problem(request, 404, "no_attribution", id=attribution_id)
    if seen != seen_now(row, snapshot.decisions):
        return _told(request, attribution_id, sent)
    try:
        if not who:
            raise Refused("no_name", "reviewer")
        event = judge(sent, row, document.text, who=who, when=now(), version=snapshot.number)
        message = f"review: {event.verdict} — {row.speaker or '–'}: {row.content.text[:60]}"
        with desk.lock:
            version = decide(desk.store, event, looked_at=seen, message=message)
    except Refused as refused:
        return _again(request, attribution_id, sent, refused)
    except DecidedMeanwhile:
        desk.snapshot(fresh=True)
        return _told(request, attribution_id, sent)
    query = query_of(request)
    onward = neighbours(snapshot, query, row)["next"] if after == "next" else None
    snapshot = desk.snapshot(fresh=True)
    request.session["flash"] = say("decide.saved", version=version.version if version else snapshot.number)
    return RedirectResponse(f"/attributions/{onward or attribution_id}{carried(query)}", 303)


def _again(request: Request, attribution_id: str, sent: Sent, refused: Refused) -> Response:
    """The page again with what was sent, and what is to be mended."""
    say = speaker_of(language_of(request))
    told_ = {"field": refused.field, "words": say(f"decide.{refused.key}")}
    return show(request, attribution_id, status=422, form=vars(sent), refused=told_)


def _told(request: Request, attribution_id: str, sent: Sent) -> Response:
    """The page as it is now, with what was sent still in the form: nothing was recorded, somebody else came first."""
    snapshot = desk_of(request).snapshot(fresh=True)
    before = history(snapshot, attribution_id)
    by = before[0]["decision"] if before else None
    return show(request, attribution_id, status=409, form=vars(sent), meanwhile={"by": by})


@router.post("/decisions/{name}/undo")
def take_back(
    request: Request, name: str, csrf: str = Form(""), reviewer: str = Form(""), go: str = Form("")
) -> Response:
    """Take a decision back, or bring one back that was taken back: by another event."""
    say = speaker_of(language_of(request))
    if not good_csrf(request, csrf):
        return problem(request, 403, "csrf")
    who = named_reviewer(request, reviewer)
    if not who:
        return problem(request, 422, "no_name")
    desk, when = desk_of(request), now()
    event = DecisionRecord(
        decision_id=decision_id("undo", name, who, when),
        kind="undo",
        undoes=name,
        decided_by=who,
        decided_at=when,
        on_version=desk.snapshot().number or None,
    )
    try:
        with desk.lock:
            version = undo(desk.store, event, message=f"undo: {name}")
    except DatasetError as error:
        return problem(request, 409, "no_undo", why=error.message)
    snapshot = desk.snapshot(fresh=True)
    request.session["flash"] = say("decide.undone", version=version.version if version else snapshot.number)
    return RedirectResponse(own_path(go), 303)


@router.post("/article/provenance")
def provenance(
    request: Request,
    id: str = Form(""),
    csrf: str = Form(""),
    retrieved_at: str = Form(""),
    archived_url: str = Form(""),
    reviewer: str = Form(""),
) -> Response:
    """Keep with an article when it was fetched and where its archived copy is."""
    from annotate.review.paste import instant, link

    if not good_csrf(request, csrf):
        return problem(request, 403, "csrf")
    who, desk = named_reviewer(request, reviewer), desk_of(request)
    if not who:
        return problem(request, 422, "no_name")
    if desk.snapshot().index.document(id) is None:
        return problem(request, 404, "no_article", id=id)
    try:
        fields: dict[str, Any] = {"retrieved_at": instant(retrieved_at), "archived_url": link(archived_url)}
    except ValueError as error:
        return problem(request, 422, str(error))
    with desk.lock:
        version = note_provenance(desk.store, id, author=who, message=f"provenance of {id}", **fields)
    snapshot = desk.snapshot(fresh=True)
    say = speaker_of(language_of(request))
    request.session["flash"] = say("decide.saved", version=version.version if version else snapshot.number)
    return RedirectResponse(address("/article", id=id), 303)


@router.get("/decisions")
@router.get("/decisions.json")
def log(request: Request, page: int = 1) -> Response:
    """All decisions, newest first."""
    snapshot = desk_of(request).snapshot()
    everything = told(snapshot.decisions, snapshot.decisions)
    page = max(1, min(page, -(-len(everything) // _LISTED) or 1))
    some = everything[(page - 1) * _LISTED : page * _LISTED]
    rows = snapshot.index
    for one in some:
        record = rows.attribution(one["decision"].attribution_id or "")
        one["words"] = record.content.text if record else None
    data = {**about(snapshot), "total": len(everything), "page": page, "decisions": some}
    return respond(
        request,
        "decisions.html",
        data,
        before=f"/decisions?page={page - 1}" if page > 1 else None,
        after=f"/decisions?page={page + 1}" if page * _LISTED < len(everything) else None,
        twin=twin(request),
    )
