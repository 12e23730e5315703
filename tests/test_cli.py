"""The command line itself: help, examples, exit codes, one line for an error."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from annotate.cli import atribusi
from annotate.cli.terminal import Command, one_line, run, table
from annotate.dataset import Dataset
from annotate.errors import EXIT_FAILED, EXIT_OK, EXIT_PARTIAL, EXIT_USAGE
from tests.dataset.made import RECIPE, change


def commands(
    group: click.Group = atribusi, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from commands(one, (*path, name))
        else:
            yield (*path, name), one


@pytest.mark.parametrize(("path", "one"), list(commands()), ids=lambda x: " ".join(x) if isinstance(x, tuple) else "")
def test_every_command_is_documented(path: tuple[str, ...], one: click.Command) -> None:
    assert isinstance(one, Command)
    assert one.help
    shown = one.get_help(click.Context(one, info_name=" ".join(path)))
    assert f"Example:\n  atribusi {' '.join(path)}" in shown
    for option in one.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path}: {option.opts} has no help"


@pytest.mark.parametrize(("path", "one"), list(commands()), ids=lambda x: " ".join(x) if isinstance(x, tuple) else "")
def test_the_example_is_a_command_line_that_parses(path: tuple[str, ...], one: click.Command) -> None:
    assert isinstance(one, Command)
    import shlex

    for line in one.example.splitlines():
        words = shlex.split(line.partition(" | ")[0].partition(" > ")[0])
        assert words[: 1 + len(path)] == ["atribusi", *path]
        one.make_context(" ".join(path), words[1 + len(path) :], resilient_parsing=False)


def cli(*arguments: str, cwd: Path | None = None, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from annotate.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, **more)  # type: ignore[call-overload]


def test_wrong_usage_has_its_own_exit_code() -> None:
    done = cli("mark")
    assert done.returncode == EXIT_USAGE
    assert "INPUT" in done.stderr


def one_error_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == EXIT_FAILED, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("atribusi: error: ")
    assert " — " in lines[0], "no remedy"
    return lines[0]


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    assert "tiada.txt" in one_error_line(cli("mark", "tiada.txt", "-o", "t.json", cwd=tmp_path))


def test_an_empty_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    assert "kosong" in one_error_line(cli("mark", "kosong", "-o", "t.json", cwd=tmp_path))
    assert not list(tmp_path.glob("*.json*"))


@pytest.mark.parametrize("content", [b"", b"  \n", bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_empty_and_binary_input_are_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "berita.txt").write_bytes(content)
    assert "berita.txt" in one_error_line(cli("mark", "berita.txt", "-o", "t.json", cwd=tmp_path))


def test_an_output_of_unknown_kind_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“Ya,” kata Dewi.")
    assert ".json" in one_error_line(cli("mark", "a.txt", "-o", "t.xlsx", cwd=tmp_path))
    assert "mkdir" in one_error_line(cli("mark", "a.txt", "-o", "tiada/t.json", cwd=tmp_path))


def test_a_broken_row_is_skipped_and_told(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "1", "text": "“Ya,” kata Dewi."}\n{"id": "2"\n')
    done = cli("mark", "b.jsonl", "-o", "t.jsonl", cwd=tmp_path)
    assert done.returncode == EXIT_PARTIAL
    assert "b.jsonl, line 2" in done.stderr
    assert "1 documents" in done.stdout
    assert "1 skipped" in done.stdout
    assert len((tmp_path / "t.jsonl").read_text().splitlines()) == 1


def test_no_dataset_is_one_line(tmp_path: Path) -> None:
    assert "dataset" in one_error_line(cli("log", cwd=tmp_path))
    assert "dataset" in one_error_line(cli("export", cwd=tmp_path))


def test_unexpected_errors_are_one_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATRIBUSI_DEBUG", raising=False)

    @click.group()
    def group() -> None: ...

    @group.command()
    def break_() -> None:
        raise RuntimeError("two\nlines \x1b[31m")

    assert run(group, ["break-"]) == EXIT_FAILED
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "\x1b" not in shown
    monkeypatch.setenv("ATRIBUSI_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(group, ["break-"])


def test_a_full_disk_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    @click.group()
    def group() -> None: ...

    @group.command()
    def fill() -> None:
        raise OSError(28, "No space left on device", "dataset/versions")

    assert run(group, ["fill"]) == EXIT_FAILED
    shown = capsys.readouterr().err
    assert shown.startswith("atribusi: error: dataset/versions: No space left on device — make room")
    assert shown.count("\n") == 1


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "“Ya,” kata Dewi %d."}\n' * 3000 % tuple(range(3000)))
    script = f'"{sys.executable}" -c "from annotate.cli import main; main()" mark a.jsonl -o - | head -n 1'
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == EXIT_OK, done.stderr
    assert "Traceback" not in done.stderr


def test_a_version_is_shown_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Dataset.create(tmp_path / "dataset")
    store.commit([change(1), change(2)], message="dua artikel", author="uji", recipe=RECIPE)
    assert run(atribusi, ["show", "--dataset", str(tmp_path / "dataset")]) == EXIT_OK
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line != line.rstrip() or len(line) > 120] == []
    shown = dict(line.split(maxsplit=1) for line in lines if not line.startswith("table "))
    assert (shown["message"], shown["parent"], shown["attributions"]) == ("dua artikel", "-", "6")
    assert [line.split(maxsplit=2)[1:] for line in lines if line.startswith("table attributions")] == [
        ["attributions", "6 rows, Delta version 1"]
    ]


def test_untrusted_text_cannot_steer_the_terminal() -> None:
    assert one_line("a\x1b[2Jb\r\nc\u202e") == "a [2Jb c"
    assert "\x1b" not in table(["x"], [["\x1b[31mred"], ["[bold]b[/bold]"]])
    assert "[bold]b[/bold]" in table(["x"], [["[bold]b[/bold]"]])


# What only the extras bring: with these away, an installation has the core dependencies alone.
EXTRAS = (
    "pyarrow",
    "pandas",
    "deltalake",
    "label_studio_sdk",
    "httpx",
    "fastapi",
    "uvicorn",
    "datasketch",
    "dask",
    "matplotlib",
)


def core_only(*arguments: str) -> subprocess.CompletedProcess[str]:
    away = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r}))"
    return subprocess.run(
        [sys.executable, "-c", f"{away}; from annotate.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_marking_needs_the_core_dependencies_alone(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[1] / "seeds"
    done = core_only("mark", str(seeds), "-o", str(tmp_path / "tasks.json"))
    assert done.returncode == EXIT_OK, done.stderr
    assert '"direct"' in (tmp_path / "tasks.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["agreement", "export", "stats", "review", "log", "studio start"])
def test_a_command_whose_extra_is_not_installed_says_how_to_get_it(command: str) -> None:
    done = core_only(*command.split())
    assert done.returncode == EXIT_FAILED
    assert "pip install 'atribusi[" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "annotate", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("atribusi, version")
