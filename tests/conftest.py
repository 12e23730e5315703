"""A real Label Studio server and a real browser for the tests that need them.

One server serves the whole session; it starts in seconds from the migrated template that the embedded server's
environment holds (made on first use). With pytest-xdist each worker has a server and a browser of its own, and nothing
is shared between them.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from annotate.labelstudio import server
from annotate.labelstudio.connection import Connection
from annotate.labelstudio.environment import Environment, ensure_environment
from annotate.labelstudio.server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

SEEDS = Path(__file__).parent.parent / "seeds"

# Tests start hundreds of processes. Where the environment forbids to write byte code, each of them would compile all
# that it imports anew, for seconds.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

# Without these, Chromium calls home at every start and is slow where there is no network.
QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need server or browser by what they ask for."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "studio_environment" in fixtures:
            item.add_marker(pytest.mark.studio)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _no_server_of_the_user() -> Iterator[None]:
    """The tests must never talk to a server that the environment of who runs them names."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def studio_environment() -> Environment:
    return ensure_environment()


@pytest.fixture(scope="session")
def studio_server(studio_environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("home") / "studio"
    try:
        # Local callbacks: webhooks and ML backends of the tests listen on this machine.
        yield server.start(folder, local_callbacks=True)
    finally:
        server.stop(folder)


@pytest.fixture(scope="session")
def studio_connection(studio_server: RunningServer) -> Connection:
    return Connection(studio_server.url, studio_server.token, "the tests' own server")


def chromium_path() -> str | None:
    """An installed Chromium or Chrome; None leaves the choice to Playwright (its own download)."""
    chosen = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return chosen or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_BROWSER)
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="session")
def _logged_in(browser: "Browser", studio_server: RunningServer) -> "StorageState":
    """Cookies of the owner after logging in through the form."""
    context = browser.new_context(base_url=studio_server.url)
    page = context.new_page()
    page.goto("/user/login/")
    page.fill("input[name=email]", studio_server.email)
    page.fill("input[name=password]", studio_server.password.reveal())
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: "Browser", _logged_in: "StorageState", studio_server: RunningServer) -> Iterator["Page"]:
    """A page of a fresh profile, logged in as the server's owner; paths are relative to the server."""
    context = browser.new_context(
        base_url=studio_server.url, storage_state=_logged_in, viewport={"width": 1500, "height": 1000}
    )
    context.set_default_timeout(90_000)
    try:
        yield context.new_page()
    finally:
        context.close()
