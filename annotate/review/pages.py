"""How a page is made: one set of data, printed by a template, or as JSON where the address ends in `.json`."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic_core import to_jsonable_python

from annotate import __version__
from annotate.datamodel import CONTENT_LABELS
from annotate.review.desk import Desk, Snapshot
from annotate.review.language import LANGUAGES, Language, preferred, speaker_of
from annotate.review.safe import finalize, json_text, plain, web_link
from annotate.review.security import csrf_token

HERE: Final = Path(__file__).parent
VERDICTS: Final = ("right", "wrong_speaker", "misquoted", "out_of_context", "cannot_tell")
RATINGS: Final = ("true", "mostly_true", "partly_true", "misleading", "false", "unproven", "satire")


@cache
def environment() -> Environment:
    """The templates: everything that they print is escaped, and undefined names are errors."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(web_link=web_link, plain=plain, day=_day, hostname=_hostname)
    made.globals.update(
        VERDICTS=VERDICTS,
        RATINGS=RATINGS,
        CONTENT_LABELS=CONTENT_LABELS,
        LANGUAGES=LANGUAGES,
        here=address,
        program_version=__version__,
    )
    return made


def address(path: str, **query: object) -> str:
    """A path of the desk with a query; empty values are left out."""
    written = urlencode({name: value for name, value in query.items() if value not in (None, "")}, doseq=True)
    return f"{path}?{written}" if written else path


def desk_of(request: Request) -> Desk:
    """The desk that the application was made for."""
    desk: Desk = request.app.state.desk
    return desk


def language_of(request: Request) -> Language:
    """What was chosen, else what the browser asks for."""
    chosen = request.session.get("lang")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def reviewer_of(request: Request) -> str:
    """Who is at the desk; empty until a name was given."""
    return str(request.session.get("name") or request.app.state.reviewer)


def respond(request: Request, template: str, data: dict[str, Any], *, status: int = 200, **shown: Any) -> Response:
    """The page; `data` is what its JSON twin says, `shown` what only the page needs."""
    if request.url.path.endswith(".json"):
        text = json.dumps(to_jsonable_python(data), ensure_ascii=False, indent=1)
        return Response(json_text(text).encode("utf-8"), status, media_type="application/json; charset=utf-8")
    language = language_of(request)
    flash = request.session.pop("flash", None)
    frame = {
        "t": speaker_of(language),
        "language": language,
        "csrf": csrf_token(request),
        "reviewer": reviewer_of(request),
        "must_log_in": bool(request.app.state.access.token),
        "flash": flash,
        "path": request.url.path,
        "full_path": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
    }
    return HTMLResponse(environment().get_template(template).render(**frame, **data, **shown), status)


def twin(request: Request) -> str:
    """Address of the JSON twin of the page."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}.json{query}"


def problem(request: Request, status: int, key: str, **fields: object) -> Response:
    """A page that says what is wrong and what to do."""
    say = speaker_of(language_of(request))
    data = {"detail": say(f"problem.{key}", **fields)}
    return respond(request, "problem.html", data, status=status, version=None, title=say("problem.title"))


def about(snapshot: Snapshot) -> dict[str, Any]:
    """The version that a page shows, as the JSON twin says it."""
    version = snapshot.version
    return {"version": snapshot.number, "recorded_at": version.created_at if version else None}


def now() -> str:
    """This moment, as the records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(instant: str | None) -> str:
    """Day and minute of an instant, short."""
    return (instant or "")[:16].replace("T", " ")


def _hostname(url: str | None) -> str:
    return (url or "").split("://", 1)[-1].split("/", 1)[0]
