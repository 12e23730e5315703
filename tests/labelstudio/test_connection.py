"""Which server and token are used, and that tokens stay secret."""

import pickle
from pathlib import Path

import pytest

from annotate.errors import StudioAuthError, StudioError, StudioUnreachable
from annotate.labelstudio.connection import Connection, checked, find_connection, http_client
from annotate.labelstudio.secret import Secret
from annotate.labelstudio.server import RunningServer

DOTENV = "LABEL_STUDIO_URL=http://from-file:8080/\nLABEL_STUDIO_API_KEY='file$token'\n"


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without server and settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_options_come_first(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / ".env").write_text(DOTENV)
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://from-environment")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "environment-token")
    found = find_connection("https://from-option/label/ ", "option-token")
    assert (found.url, found.token.reveal(), found.origin) == ("https://from-option/label", "option-token", "option")
    found = find_connection()
    assert (found.url, found.token.reveal()) == ("http://from-environment", "environment-token")
    monkeypatch.delenv("LABEL_STUDIO_URL")
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    found = find_connection()
    assert (found.url, found.token.reveal(), found.origin) == ("http://from-file:8080", "file$token", ".env")


def test_the_embedded_server_comes_last_with_its_own_token(
    nowhere: Path, studio_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "token of another server")
    found = find_connection(studio_dir=studio_server.data_dir)
    assert (found.url, found.token, found.origin) == (studio_server.url, studio_server.token, "embedded server")
    assert (found.name, found.public_url) == (studio_server.name, studio_server.public_url)
    found = find_connection(studio_server.url, studio_dir=studio_server.data_dir)
    assert (found.token, found.name) == (studio_server.token, studio_server.name)
    found = find_connection("http://elsewhere", studio_dir=studio_server.data_dir)
    assert found.token.reveal() == "token of another server"
    assert found.name == found.public_url == "http://elsewhere"


def test_nothing_known_names_all_remedies(nowhere: Path) -> None:
    with pytest.raises(StudioUnreachable) as caught:
        find_connection()
    for remedy in ("atribusi studio start", "--url", "--token", "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", ".env"):
        assert remedy in str(caught.value)


def test_an_address_without_token_is_an_error(nowhere: Path) -> None:
    with pytest.raises(StudioAuthError, match="no token for http://somewhere"):
        find_connection("http://somewhere")


@pytest.mark.parametrize(
    "url", ["somewhere:8080", "ftp://x", "http://", "http://x:99999", "http://x/?a=1", "http://[x"]
)
def test_what_is_no_address_is_refused(nowhere: Path, url: str) -> None:
    with pytest.raises(StudioError, match="http://host:port"):
        find_connection(url, "t")


def test_a_password_inside_the_address_is_refused_and_not_shown(nowhere: Path) -> None:
    with pytest.raises(StudioError, match="holds a password") as caught:
        find_connection("http://budi:rahasia@host", "t")
    assert "rahasia" not in str(caught.value)


def test_an_unreadable_dotenv_is_an_error(nowhere: Path) -> None:
    (nowhere / ".env").write_bytes(b"\xff\xfe\x00LABEL")
    with pytest.raises(StudioError, match="UTF-8"):
        find_connection()


def test_a_secret_stays_one() -> None:
    connection = Connection("http://x", Secret("s3cr3t"), "option")
    assert "s3cr3t" not in f"{connection} {connection!r} {connection.token:>20} %s" % connection.token
    assert connection.token == Secret("s3cr3t")
    assert {connection.token: 1}[Secret("s3cr3t")] == 1
    with pytest.raises(TypeError):
        pickle.dumps(connection.token)


def test_a_legacy_and_a_personal_token_both_log_in(studio_server: RunningServer, studio_connection: Connection) -> None:
    with http_client(studio_connection) as client:
        assert client.get("/api/current-user/whoami").json()["email"] == studio_server.email
        personal = client.post("/api/token/").raise_for_status().json()["token"]
    with http_client(Connection(studio_connection.url, Secret(personal), "option")) as client:
        assert client.get("/api/current-user/whoami").json()["email"] == studio_server.email


def test_a_wrong_token_and_a_dead_address_are_told_apart(studio_connection: Connection) -> None:
    wrong = Connection(studio_connection.url, Secret("0" * 40), "option")
    with http_client(wrong) as client, pytest.raises(StudioAuthError, match="does not take the token"):
        checked(client.get("/api/projects/"), wrong)
    with pytest.raises(StudioAuthError):
        http_client(Connection(studio_connection.url, Secret("a.b.c"), "option"))
    with pytest.raises(StudioUnreachable, match="nothing answers"):
        http_client(Connection("http://127.0.0.1:9", Secret("a.b.c"), "option"))
