"""An article that somebody pastes or uploads: pre-marked at once, and kept only if that is asked for."""

import hashlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from annotate.articles import read_documents
from annotate.datamodel import Document, MarkedDocument
from annotate.errors import AtribusiError
from annotate.review.decide import named_reviewer
from annotate.review.language import speaker_of
from annotate.review.overlay import marks_of, segments
from annotate.review.pages import about, address, desk_of, language_of, now, problem, respond
from annotate.review.safe import web_link
from annotate.review.security import good_csrf
from annotate.workflow.premarks import premark_rows
from annotate.workflow.review import keep_article

router = APIRouter()
_FIELDS = ("title", "outlet", "published_at", "url")


@router.get("/paste")
def form(request: Request) -> Response:
    """The form for an article."""
    return _page(request)


@router.post("/paste")
def marked_at_once(
    request: Request,
    csrf: str = Form(""),
    text: str = Form(""),
    file: UploadFile | None = File(None),  # noqa: B008
    title: str = Form(""),
    outlet: str = Form(""),
    published_at: str = Form(""),
    url: str = Form(""),
    retrieved_at: str = Form(""),
    archived_url: str = Form(""),
    keep: str = Form(""),
    reviewer: str = Form(""),
) -> Response:
    """Show the article with its pre-marks; with `keep`, take it into the dataset as well."""
    if not good_csrf(request, csrf):
        return problem(request, 403, "csrf")
    say = speaker_of(language_of(request))
    given = {"title": title, "outlet": outlet, "published_at": published_at, "url": url}
    sent = {**given, "text": text, "retrieved_at": retrieved_at, "archived_url": archived_url}
    try:
        document = _document(text.replace("\r\n", "\n"), file, {k: v.strip() or None for k, v in given.items()})
        fields = {"retrieved_at": instant(retrieved_at), "archived_url": link(archived_url)}
        if url.strip():
            link(url)
    except ValueError as error:
        return _page(request, sent, say(f"problem.{error}"), 422)
    except AtribusiError as error:
        return _page(request, sent, error.message, 422)
    marked = _marker(request).mark(document)
    if not keep:
        return _page(request, {**sent, "text": document.text, "title": document.title or title}, marked=marked)
    who, desk = named_reviewer(request, reviewer), desk_of(request)
    if not who:
        return _page(request, sent, say("decide.no_name"), 422, marked)
    try:
        with desk.lock:
            keep_article(desk.store, marked, author=who, message=f"article {document.doc_id}", **fields)
    except AtribusiError as error:
        return _page(request, sent, error.message, 409, marked)
    snapshot = desk.snapshot(fresh=True)
    request.session["flash"] = say("paste.kept", version=snapshot.number)
    return RedirectResponse(address("/article", id=document.doc_id), 303)


def _page(
    request: Request,
    sent: dict[str, str] | None = None,
    refused: str | None = None,
    status: int = 200,
    marked: MarkedDocument | None = None,
) -> Response:
    from annotate.marking import describe

    records = premark_rows(marked, describe=describe) if marked else []
    marks = [mark for number, record in enumerate(records, 1) for mark in marks_of(record, number)]
    data: dict[str, Any] = {**about(desk_of(request).snapshot()), "attributions": records}
    return respond(
        request,
        "paste.html",
        data,
        status=status,
        sent={**dict.fromkeys((*_FIELDS, "text", "retrieved_at", "archived_url"), ""), **(sent or {})},
        refused=refused,
        text=marked.document.text if marked else None,
        segments=segments(marked.document.text, marks) if marked else [],
        today=now()[:10],
    )


def _marker(request: Request) -> Any:
    """The pre-marker, made once: it reads the lexicon."""
    from annotate.marking import Marker

    if not hasattr(request.app.state, "marker"):
        request.app.state.marker = Marker()
    return request.app.state.marker


def _document(text: str, file: UploadFile | None, given: dict[str, str | None]) -> Document:
    """The article that was sent: pasted words as they are, a file read as `atribusi mark` reads it."""
    if file is not None and file.filename:
        read = _uploaded(file)
        title, body = given["title"] or read.title, read.text
        found: dict[str, str | None] = {name: given[name] or getattr(read, name) for name in _FIELDS}
    else:
        title, body, found = given["title"], text.strip("\n"), dict(given)
    if not body.strip():
        raise ValueError("no_text")
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in body):
        raise ValueError("bad_characters")
    if title and not body.startswith(title):
        body = f"{title}\n\n{body}"
    name = "paste-" + hashlib.sha256(body.encode()).hexdigest()[:16]
    return Document(name, body, title, found["url"], found["outlet"], found["published_at"])


def _uploaded(file: UploadFile) -> Document:
    suffix = Path(file.filename or "").suffix.lower()
    if suffix not in (".txt", ".html", ".htm"):
        raise ValueError("bad_file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"article{suffix}"
        path.write_bytes(file.file.read())
        found = list(read_documents([path]))
    if not found:
        raise ValueError("no_text")
    return found[0]


def instant(sent: str) -> str | None:
    """A day, or day and time, as an instant in UTC. Raises ValueError("bad_date")."""
    if not sent.strip():
        return None
    try:
        when = datetime.fromisoformat(sent.strip())
    except ValueError:
        raise ValueError("bad_date") from None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def link(sent: str) -> str | None:
    """A web address. Raises ValueError("bad_link") for any other."""
    if not sent.strip():
        return None
    if not web_link(sent.strip()):
        raise ValueError("bad_link")
    return sent.strip()
