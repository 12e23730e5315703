"""Speakers: a page for each with all that is ascribed to her or him, and which names are one speaker."""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from annotate.errors import DatasetError
from annotate.reconcile.decisions import decision_id
from annotate.records import DecisionRecord
from annotate.review.decide import named_reviewer
from annotate.review.desk import Desk, Snapshot
from annotate.review.find import results
from annotate.review.language import speaker_of
from annotate.review.pages import about, address, desk_of, language_of, now, problem, respond, twin
from annotate.review.query import NONE, Query
from annotate.review.read import told
from annotate.review.safe import written_back
from annotate.review.security import good_csrf
from annotate.review.words import fold
from annotate.workflow.review import DecidedMeanwhile, name_speakers, seen_names

router = APIRouter()
_LISTED = 60
_PER_PAGE = 50


@router.get("/speakers")
@router.get("/speakers.json")
def listed(request: Request, q: str = "", page: int = 1) -> Response:
    """Everybody that something is ascribed to, the most quoted first."""
    snapshot = desk_of(request).snapshot()
    counted = snapshot.index.speakers()
    wanted = fold(q).strip()
    some = [one for one in counted if wanted in fold(one[0])] if wanted else counted
    page = max(1, min(page, -(-len(some) // _LISTED) or 1))
    shown = [
        {"name": name, "attributions": count, "direct": direct}
        for name, count, direct in some[(page - 1) * _LISTED : page * _LISTED]
    ]
    data = {**about(snapshot), "total": len(some), "page": page, "speakers": shown}
    return respond(
        request,
        "speakers.html",
        data,
        q=q,
        most=max((one[1] for one in counted), default=1),
        before=address("/speakers", q=q, page=page - 1) if page > 1 else None,
        after=address("/speakers", q=q, page=page + 1) if page * _LISTED < len(some) else None,
        twin=twin(request),
    )


@router.get("/speaker")
@router.get("/speaker.json")
def one_speaker(request: Request, name: str = "", page: int = 1) -> Response:
    """All that is ascribed to one speaker over time."""
    return show(request, name, page=page)


def show(request: Request, name: str, *, page: int = 1, status: int = 200, refused: str | None = None) -> Response:
    """The page of a speaker, also with a decision on names that could not be taken."""
    snapshot = desk_of(request).snapshot()
    name = snapshot.index.names.of(written_back(name))
    found = snapshot.index.find(Query(speaker=(name,)), top=400)
    rows = found.rows if snapshot.index.has_speaker(name) else found.rows[:0]
    if not len(rows) or name == NONE:
        return problem(request, 404, "no_speaker", name=name)
    records = snapshot.index.attributions(rows)
    page = max(1, min(page, -(-len(rows) // _PER_PAGE)))
    names = snapshot.index.names.merged(name)
    data = {
        **about(snapshot),
        "name": name,
        "names": dict(Counter(one.speaker for one in records)),
        "merged": names,
        "register_ids": sorted({one.register_id for one in records if one.register_id}),
        "roles": _counted(one.role for one in records),
        "affiliations": _counted(one.affiliation for one in records),
        "types": dict(Counter(one.type for one in records)),
        "outlets": found.facets["outlet"],
        "months": sorted(found.facets["month"], key=lambda one: one.value),
        "total": len(rows),
        "page": page,
        "results": results(snapshot, rows[(page - 1) * _PER_PAGE : page * _PER_PAGE]),
    }
    similar = alike(snapshot, name)
    return respond(
        request,
        "speaker.html",
        data,
        status=status,
        similar=similar,
        seen=seen_names([*names, *similar], snapshot.decisions),
        decided=_register_history(snapshot, names),
        refused=refused,
        before=address("/speaker", name=name, page=page - 1) if page > 1 else None,
        after=address("/speaker", name=name, page=page + 1) if page * _PER_PAGE < len(rows) else None,
        twin=twin(request),
    )


@router.post("/speaker/names")
def decide_names(
    request: Request,
    csrf: str = Form(""),
    name: str = Form(""),
    seen: str = Form(""),
    shown: list[str] = Form([]),  # noqa: B008
    same: list[str] = Form([]),  # noqa: B008
    other: str = Form(""),
    apart: str = Form(""),
    note: str = Form(""),
    reviewer: str = Form(""),
) -> Response:
    """Merge names into the speaker of the page (`same`, `other`), or take one name out of it (`apart`)."""
    say = speaker_of(language_of(request))
    name, shown = written_back(name), [written_back(one) for one in shown]
    if not good_csrf(request, csrf):
        return problem(request, 403, "csrf")
    who = named_reviewer(request, reviewer)
    desk = desk_of(request)
    snapshot = desk.snapshot(fresh=True)
    current = snapshot.index.names.merged(name)
    added = [written_back(one) for one in same] + ([written_back(other).strip()] if other.strip() else [])
    if not who:
        return show(request, name, status=422, refused=say("decide.no_name"))
    unknown = [one for one in added if not snapshot.index.has_speaker(one) and one not in current]
    if unknown:
        return show(request, name, status=422, refused=say("speaker.unknown", name=unknown[0]))
    if seen != seen_names(shown, snapshot.decisions):
        return show(request, name, status=409, refused=say("speaker.meanwhile"))
    if apart:
        names = [written_back(apart)]
        if names[0] not in current or len(current) < 2:
            return show(request, name, status=422, refused=say("speaker.unknown", name=names[0]))
    else:
        names = list(dict.fromkeys([name, *current, *(n for one in added for n in snapshot.index.names.merged(one))]))
        if len(names) == len(current):
            return show(request, name, status=422, refused=say("speaker.nothing"))
    try:
        version = _record(desk, names, _register_id(snapshot, names, apart=bool(apart)), who, note)
    except DecidedMeanwhile:
        return show(request, name, status=409, refused=say("speaker.meanwhile"))
    except DatasetError as error:
        return show(request, name, status=422, refused=str(error))
    request.session["flash"] = say("decide.saved", version=version or snapshot.number)
    return RedirectResponse(address("/speaker", name=name), 303)


def _record(desk: Desk, names: list[str], register_id: str | None, who: str, note: str) -> int | None:
    when = now()
    event = DecisionRecord(
        decision_id=decision_id("register", names, who, when),
        kind="register",
        decided_by=who,
        decided_at=when,
        on_version=desk.snapshot().number or None,
        merged_names=names,
        register_id=register_id,
        note=note.strip() or None,
    )
    message = f"names: {' = '.join(names)}" if len(names) > 1 else f"names: {names[0]} stands alone"
    with desk.lock:
        looked_at = seen_names(names, desk.store.decisions())
        version = name_speakers(desk.store, event, looked_at=looked_at, message=message)
    desk.snapshot(fresh=True)
    return version.version if version else None


def _register_id(snapshot: Snapshot, names: list[str], *, apart: bool) -> str | None:
    """The id that one of the names has already, else one that follows from them; none for a name split off."""
    if apart:
        return None
    known = [snapshot.index.names.ids[one] for one in names if one in snapshot.index.names.ids]
    in_rows = snapshot.index.register_ids(names)
    return next(iter([*known, *in_rows]), None) or "sp-" + decision_id(*names).removeprefix("dc-")


def alike(snapshot: Snapshot, name: str) -> list[str]:
    """Other names that may mean the same speaker: those that share a word of the name, most alike first."""
    mine = {word for word in fold(name).split() if len(word) > 2}
    held = set(snapshot.index.names.merged(name))
    found = []
    for other, count, _ in snapshot.index.speakers():
        shared = mine & set(fold(other).split())
        if shared and other not in held and other != NONE:
            found.append((-len(shared) / max(len(mine), len(fold(other).split())), -count, other))
    return [other for _, _, other in sorted(found)[:12]]


def _register_history(snapshot: Snapshot, names: list[str]) -> list[dict[str, Any]]:
    on_names = [
        one for one in snapshot.decisions if one.kind == "register" and set(one.merged_names or ()) & set(names)
    ]
    return told(on_names, snapshot.decisions)


def _counted(values: Any) -> list[dict[str, Any]]:
    counts = Counter(value for value in values if value)
    return [{"words": words, "attributions": count} for words, count in counts.most_common(8)]
