"""The wire: both kinds of token, and every way in which a server is not there or not ours."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from annotate.errors import ProjectMismatch, StudioAuthError, StudioError, StudioUnreachable
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_errors import StudioFault, refusal
from annotate.labelstudio.client_project import find_project
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.secret import Secret
from tests.faults.proxy import FaultProxy, Plan


@pytest.fixture(scope="module")
def personal_token(studio_connection: Connection):
    with http_client(studio_connection) as client:
        both = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True}
        client.post("/api/jwt/settings", json=both).raise_for_status()
        token = client.post("/api/token/").raise_for_status().json()["token"]
        yield token
        client.post("/api/token/blacklist/", json={"refresh": token}).raise_for_status()  # an account has but one


def test_a_legacy_and_a_personal_token_both_log_in(studio_server, studio_connection, personal_token):
    for token in (studio_connection.token, Secret(personal_token), personal_token):
        with Studio(studio_server.url, token) as studio:
            assert studio.whoami() == studio_server.email
            assert studio.version().count(".") >= 1


def test_a_revoked_personal_token_is_told_without_showing_it(studio_server, personal_token):
    head, body, signature = personal_token.split(".")
    forged = f"{head}.{body}.{signature[::-1]}"
    with Studio(studio_server.url, forged) as studio, pytest.raises(StudioAuthError) as caught:
        studio.whoami()
    assert forged not in str(caught.value)
    assert caught.value.remedy


def test_a_wrong_token_is_told_without_showing_it(studio_server):
    with Studio(studio_server.url, "salah-1234567890") as studio, pytest.raises(StudioAuthError) as caught:
        studio.whoami()
    assert "salah-1234567890" not in str(caught.value)
    assert studio_server.url in str(caught.value)


def test_nothing_at_the_address():
    with (
        Studio("http://127.0.0.1:9", "t", attempts=1) as studio,
        pytest.raises(StudioUnreachable, match="nothing answers"),
    ):
        studio.whoami()


class _Shop(BaseHTTPRequestHandler):
    """A web server that is no Label Studio."""

    def do_GET(self):
        body = b"<html>Selamat datang di toko kami</html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_that_is_no_label_studio():
    server = HTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        with Studio(url, "t", attempts=1) as studio, pytest.raises(StudioError, match="not the JSON of Label Studio"):
            studio.whoami()
    finally:
        server.shutdown()
        server.server_close()


class _Release(BaseHTTPRequestHandler):
    """Says which release it is, and else nothing."""

    release = ""

    def do_GET(self):
        body = json.dumps({"release": self.release}).encode() if self.path.startswith("/api/version") else b"[]"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    ("release", "too_old"),
    [("1.12.0", True), ("1.21.9", True), ("0.9.1", True), ("1.22.0", False), ("2.0.0", False), ("next", False)],
)
def test_a_server_that_is_too_old_is_refused_with_what_is_needed(release, too_old):
    handler = type("Release", (_Release,), {"release": release})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Studio(f"http://127.0.0.1:{server.server_address[1]}", "t", attempts=1) as studio:
            if too_old:
                with pytest.raises(StudioError, match=rf"Label Studio {release} is too old: 1.22 or newer"):
                    find_project(studio, "apa saja")
            else:
                studio.require_version()
        server.shutdown()


def test_a_project_that_is_not_there(studio_connection):
    with Studio.of(studio_connection) as studio, pytest.raises(ProjectMismatch):
        studio.get("api/projects/999999/")


@pytest.mark.parametrize(
    "fault", ["503 before", "429 before", "502 after", "cut answer", "malformed JSON after", "empty answer after"]
)
def test_a_question_is_asked_again_after_a_fault(studio_connection, studio_server, fault):
    with FaultProxy(studio_server.url, hold=0.1) as proxy:
        proxy.plan = Plan(seed=1, rate=1, kinds=(fault,), limit=2)
        with Studio(proxy.url, studio_connection.token) as studio:
            pauses = []
            studio.sleep = pauses.append
            assert studio.whoami() == studio_server.email
            assert pauses == ([0.0, 0.0] if fault[:3] in ("503", "429") else [0.5, 1.0])


def test_a_request_that_changes_something_is_made_once(studio_connection, studio_server):
    with FaultProxy(studio_server.url, hold=0.1) as proxy:
        proxy.plan = Plan(seed=1, rate=1, kinds=("503 before",))
        with Studio(proxy.url, studio_connection.token) as studio, pytest.raises(StudioFault):
            studio.post_once("api/projects/", {"title": "x"})
        assert len(proxy.log) == 1


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None), ("", None)]
)
def test_retry_after_is_read_as_seconds_or_date(value, seconds):
    fault = refusal("http://x", "api", 429, "", {"Retry-After": value}, Secret("t"))
    assert isinstance(fault, StudioFault)
    assert fault.retry_after == seconds


def test_a_server_that_says_the_token_back_does_not_get_it_into_a_message():
    error = refusal("http://x", "api", 400, '{"detail": "no use for rahasia here"}', {}, Secret("rahasia"))
    assert "rahasia" not in str(error)
    assert "***" in str(error)
