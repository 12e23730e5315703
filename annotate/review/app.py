"""The application: pages, guards, static files."""

from pathlib import Path

from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from annotate.errors import AtribusiError
from annotate.review import compare, decide, find, paste, people, read
from annotate.review.desk import Desk
from annotate.review.language import LANGUAGES
from annotate.review.pages import HERE, problem, respond
from annotate.review.safe import own_path
from annotate.review.security import Access, good_csrf, good_token, guard


def create_app(dataset: str | Path, access: Access | None = None, *, reviewer: str = "") -> FastAPI:
    """The review desk of a dataset. `reviewer` is who decides until somebody gives another name.

    Raises `DatasetError` where there is no dataset.
    """
    app = FastAPI(title="atribusi review", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(dataset)
    app.state.access = access or Access()
    app.state.reviewer = reviewer
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for room in (find, compare, read, people, paste, decide):
        app.include_router(room.router)
    _doors(app)
    guard(app, app.state.access)
    return app


def _doors(app: FastAPI) -> None:
    @app.get("/login")
    def login_form(request: Request, next: str = "/attributions") -> Response:
        return respond(request, "login.html", {}, version=None, go=own_path(next), refused=False)

    @app.post("/login")
    def login(
        request: Request,
        token: str = Form(""),
        reviewer: str = Form(""),
        go: str = Form("/attributions"),
        csrf: str = Form(""),
    ) -> Response:
        name = " ".join(reviewer.split())[:120]
        if not good_csrf(request, csrf) or not good_token(app.state.access, token):
            return respond(request, "login.html", {}, status=403, version=None, go=own_path(go), refused=True)
        request.session["in"] = True
        if name:
            request.session["name"] = name
        return RedirectResponse(own_path(go), 303)

    @app.post("/logout")
    def logout(request: Request, csrf: str = Form("")) -> Response:
        if good_csrf(request, csrf):
            request.session.clear()
        return RedirectResponse("/login", 303)

    @app.post("/language")
    def language(request: Request, lang: str = Form(""), go: str = Form("/attributions")) -> Response:
        if lang in LANGUAGES:
            request.session["lang"] = lang
        return RedirectResponse(own_path(go), 303)

    @app.exception_handler(AtribusiError)
    def refused(request: Request, error: AtribusiError) -> Response:
        return problem(request, 500, "error", why=str(error))

    @app.exception_handler(HTTPException)
    def wrong(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, "not_found")
