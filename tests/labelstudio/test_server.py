"""Start, status and stop of the embedded server, with real processes."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from annotate.errors import EmbeddedServerError
from annotate.labelstudio import process, server, state
from annotate.labelstudio.environment import DATABASE, Environment
from annotate.labelstudio.server import RunningServer


@pytest.fixture
def folder(studio_environment: Environment, tmp_path: Path) -> Iterator[Path]:
    """A data folder whose server, if a test starts one, is ended."""
    data = tmp_path / "data folder é"
    try:
        yield data
    finally:
        server.stop(data)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False, timeout=10).is_success
    except httpx.HTTPError:
        return False


def test_it_answers_and_takes_its_token(studio_server: RunningServer) -> None:
    headers = {"Authorization": f"Token {studio_server.token.reveal()}"}
    who = httpx.get(f"{studio_server.url}/api/current-user/whoami", headers=headers, trust_env=False).json()
    assert who["email"] == studio_server.email
    assert studio_server.host == "127.0.0.1"
    assert studio_server.public_url == studio_server.url


def test_starting_twice_gives_the_running_one(studio_server: RunningServer) -> None:
    again = server.start(studio_server.data_dir)
    assert again.was_running
    assert (again.pid, again.url, again.token) == (studio_server.pid, studio_server.url, studio_server.token)
    found = server.status(studio_server.data_dir)
    assert found is not None
    assert found.pid == studio_server.pid


def test_a_running_one_with_other_settings_is_not_passed_off(studio_server: RunningServer) -> None:
    with pytest.raises(EmbeddedServerError, match="not on port 1234"):
        server.start(studio_server.data_dir, port=1234)
    with pytest.raises(EmbeddedServerError, match=r"not on 0\.0\.0\.0"):
        server.start(studio_server.data_dir, host="0.0.0.0")


def test_no_secret_shows(studio_server: RunningServer) -> None:
    secrets = {studio_server.token.reveal(), studio_server.password.reveal()}
    command = " ".join(psutil.Process(studio_server.pid).cmdline())
    shown = [repr(studio_server), f"{studio_server.token} {studio_server.password!s:>40}", command]
    shown.append(studio_server.log.read_text(encoding="utf-8"))
    assert not [text for text in shown for secret in secrets if secret in text]


def test_its_files_are_the_owners_alone(studio_server: RunningServer) -> None:
    names = ["account.json", "server.json", "server.log", DATABASE, ".env"]
    modes = {name: stat.S_IMODE((studio_server.data_dir / name).stat().st_mode) for name in names}
    assert modes == dict.fromkeys(names, 0o600)


def test_it_outlives_who_started_it_and_comes_back_after_a_crash(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from annotate.labelstudio import server; "
        "print(server.start(Path(sys.argv[1])).pid)"
    )
    # Two at once start one server.
    starters = [
        subprocess.Popen([sys.executable, "-c", code, folder], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    pids = {int(starter.communicate()[0]) for starter in starters}
    first = server.status(folder)
    assert first is not None
    assert pids == {first.pid}
    assert answers(first.url)

    # Its state file is lost: it is found all the same, and not started a second time on one database.
    (folder / "server.json").unlink()
    found = server.start(folder)
    assert found.was_running
    assert (found.pid, found.port) == (first.pid, first.port)

    os.kill(first.pid, signal.SIGKILL)
    while psutil.pid_exists(first.pid) and psutil.Process(first.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.05)
    assert server.status(folder) is None
    assert server.stop(folder) is False

    second = server.start(folder)
    assert not second.was_running
    assert second.port == first.port, "links that annotators have must keep working"
    assert (second.token, second.name) == (first.token, first.name)
    assert server.stop(folder) is True
    assert not answers(second.url)
    assert server.status(folder) is None


def test_a_process_that_got_the_same_number_is_never_ended(folder: Path) -> None:
    folder.mkdir()
    state.ensure_account(folder)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        try:
            command = ("python", "-m", "label_studio.server", "start", "--data-dir", str(folder))
            state.write_state(folder, state.State(stranger.pid, command, "127.0.0.1", 8080, False))
            assert server.status(folder) is None
            assert server.stop(folder) is False
            assert not process.end(stranger.pid, command)
            assert stranger.poll() is None
        finally:
            stranger.kill()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_an_error(folder: Path, host: str) -> None:
    with socket.socket() as taken:
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedServerError, match=f"cannot listen on port {port}"):
            server.start(folder, port=port)
        assert process.free_port("127.0.0.1", None, port) != port
    assert server.status(folder) is None


def test_a_server_that_went_to_the_next_port_is_noticed(studio_server: RunningServer, tmp_path: Path) -> None:
    """Label Studio itself would take the next port without more than a line in its log."""
    log = tmp_path / "server.log"
    log.write_text("*** WARNING! ***\n* Port 8080 is in use.\n* Trying to start at 8081\n")
    assert server._hopped(replace(studio_server, log=log))
    assert not server._hopped(studio_server)
    assert process.listens_on(studio_server.pid, studio_server.port)
    assert not process.listens_on(os.getpid(), studio_server.port)


def test_an_address_of_another_machine_is_an_error(folder: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"cannot listen on 192\.0\.2\.1"):
        server.start(folder, host="192.0.2.1")


def test_one_that_dies_at_the_start_shows_the_end_of_its_log(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"this is no database" * 100)
    with pytest.raises(EmbeddedServerError, match="file is not a database") as caught:
        server.start(folder)
    assert str(folder / "server.log") in str(caught.value)
    assert server.status(folder) is None
    assert (folder / DATABASE).read_bytes().startswith(b"this is no database")


def test_a_folder_that_cannot_be_made_is_an_error(studio_environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="choose another data folder"):
        server.start(tmp_path / "file" / "data")


def test_a_damaged_state_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text('{"pid": 12')
    assert state.read_state(tmp_path) is None
    (tmp_path / "server.json").write_text(json.dumps({"pid": 12, "command": []}))
    assert state.read_state(tmp_path) is None


def test_a_lost_account_gets_an_address_of_its_own(tmp_path: Path) -> None:
    first = state.ensure_account(tmp_path)
    assert state.ensure_account(tmp_path) == first
    (tmp_path / "account.json").unlink()
    (tmp_path / DATABASE).touch()
    assert state.ensure_account(tmp_path).email != first.email


def test_status_and_stop_make_nothing(tmp_path: Path) -> None:
    assert server.status(tmp_path / "none") is None
    assert server.stop(tmp_path / "none") is False
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("host", "open_to_others"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("::1", False),
        ("0.0.0.0", True),
        ("192.168.1.7", True),
        ("pc", True),
    ],
)
def test_what_a_host_opens_is_told(host: str, open_to_others: bool) -> None:
    warning = server.network_warning(host)
    assert (warning is not None) == open_to_others
    if warning:
        assert host in warning
        assert "delete every project" in warning
