"""The environment that Label Studio lives in: where it is, what may enter, what a failed build leaves."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotate.errors import EmbeddedServerError
from annotate.labelstudio import environment as env
from annotate.labelstudio.environment import Environment

INSTALLER_FAILURES = [
    ("The virtual environment was not created successfully because ensurepip is not available.", "python3-venv"),
    ("/usr/bin/python3: No module named venv", "python3-venv"),
    ("error: Request failed after 3 retries\n  Caused by: dns error: failed to lookup address information", "network"),
    ("ERROR: Could not fetch URL https://example.org/simple/django/: connection error", "network"),
    ("OSError: [Errno 28] No space left on device", "larger disk"),
    ("error: failed to write to the folder `/cache`: Permission denied (os error 13)", env.OVERRIDE),
    ("Hash mismatch for `django==5.2.19`", "mirror"),
    ("something new", "try again"),
]


@pytest.mark.parametrize(("output", "remedy"), INSTALLER_FAILURES)
def test_a_failed_step_names_its_remedy(output: str, remedy: str) -> None:
    error = env._explained("install", output)
    assert remedy in (error.remedy or "")
    assert output.splitlines()[-1].strip() in error.message


def test_every_requirement_is_pinned_by_hash() -> None:
    lines = env.requirements_path().read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert f"label-studio=={env.label_studio_version()} \\" in packages


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(env.OVERRIDE, str(tmp_path / "ls"))
    assert env.environment_dir() == tmp_path / "ls"
    monkeypatch.delenv(env.OVERRIDE)
    assert env.environment_dir().name.startswith(f"label-studio-{env.label_studio_version()}-py3")


def test_settings_of_the_person_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOST", "PORT", "DEBUG", "LABEL_STUDIO_HOST", "HEARTEX_PASSWORD", "DATABASE_NAME", "SENTRY_DSN"):
        monkeypatch.setenv(name, "theirs")
    settings = env.server_settings(tmp_path)
    assert "theirs" not in settings.values()
    assert settings["COLLECT_ANALYTICS"] == "False"
    assert settings["SENTRY_DSN"] == settings["FRONTEND_SENTRY_DSN"] == ""
    assert settings["LATEST_VERSION_CHECK"] == "false"


def test_a_folder_with_other_things_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.doc"
    thesis.write_text("years of work")
    monkeypatch.setenv(env.OVERRIDE, str(tmp_path))
    with pytest.raises(EmbeddedServerError, match="holds other things"):
        env.ensure_environment()
    assert thesis.read_text() == "years of work"


def test_without_a_network_the_error_says_so_and_the_next_run_builds_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "ls"
    monkeypatch.setenv(env.OVERRIDE, str(folder))
    for tool in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(tool, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    stages: list[str] = []
    for _attempt in range(2):  # the second finds what the first left behind
        with pytest.raises(EmbeddedServerError, match="cannot install Label Studio") as caught:
            env.ensure_environment(stages.append)
        assert "network" in (caught.value.remedy or "")
    assert not env._is_ready(Environment(folder, env._interpreter(folder), folder / "template"))
    assert len(stages) == 2


def test_a_build_for_other_requirements_or_without_interpreter_is_not_ready(tmp_path: Path) -> None:
    built = Environment(tmp_path, env._interpreter(tmp_path), tmp_path / "template")
    built.python.parent.mkdir(parents=True)
    built.python.touch()
    marker = tmp_path / "atribusi-ready.json"
    marker.write_text(json.dumps({"requirements": env._fingerprint()}))
    assert env._is_ready(built)
    marker.write_text(json.dumps({"requirements": "of another release"}))
    assert not env._is_ready(built)
    marker.write_text("{")
    assert not env._is_ready(built)
    marker.write_text(json.dumps({"requirements": env._fingerprint()}))
    built.python.unlink()
    assert not env._is_ready(built)


def test_the_template_is_migrated_and_holds_no_secret(studio_environment: Environment) -> None:
    assert not (studio_environment.template / ".env").exists()
    with closing(sqlite3.connect(studio_environment.template / env.DATABASE)) as database:
        migrations = database.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        users = database.execute("SELECT count(*) FROM htx_user").fetchone()[0]
        journal = database.execute("PRAGMA journal_mode").fetchone()[0]
    assert migrations > 300
    assert users == 0
    assert journal == "wal"


def test_a_copy_of_the_template_never_replaces_a_database(studio_environment: Environment, tmp_path: Path) -> None:
    (tmp_path / env.DATABASE).write_bytes(b"labels")
    env.copy_template(studio_environment, tmp_path)
    assert (tmp_path / env.DATABASE).read_bytes() == b"labels"
