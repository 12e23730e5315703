"""The project as a whole: dependencies with reasons, pins with hashes, nothing of any one machine, a true README."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LICENCES = r"Apache-2\.0|MIT|BSD|MPL-2\.0|PSF|ISC|Unlicense"
PINNED = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "annotate/labelstudio/server-requirements.txt"]


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: an unpacked archive has no list of tracked files")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def dependency_lines() -> list[str]:
    inside = re.findall(r"^(?:dependencies|\w+) = \[\n(.*?)^\]", PYPROJECT, re.M | re.S)
    lines = [line.strip() for block in inside for line in block.splitlines()]
    return [line for line in lines if re.match(r'"[\w-]+(\[[\w,]+\])?[<>=]', line)]


def test_every_dependency_has_a_reason_and_a_licence() -> None:
    assert len(dependency_lines()) > 10
    for line in dependency_lines():
        assert re.search(rf"# \S.{{10,}}\(({LICENCES})[^)]*\)", line), line


@pytest.mark.parametrize("path", PINNED, ids=lambda p: p.name)
def test_pins_are_hashed_and_name_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9._-]+==\S+", text, re.M | re.I)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"https?://|--index|--find-links|file:", text)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads(PYPROJECT)["project"]
    extras = project["optional-dependencies"]
    # What `all` leaves out is for the tests only, and pinned with them.
    wanted = [*project["dependencies"], *(d for name, extra in extras.items() if name != "spacy" for d in extra)]
    pinned = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    for requirement in wanted:
        name = re.split(r"[\[<>=]", requirement)[0]
        assert name == "atribusi" or re.search(rf"^{re.escape(name)}==", pinned, re.M | re.I), requirement


def test_no_file_names_a_machine_or_a_lock_of_hosts() -> None:
    for path in tracked():
        assert path.name not in {"uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"}
        if path.stat().st_size < 2_000_000 and b"\0" not in (content := path.read_bytes()):
            assert str(ROOT).encode() not in content, path
            assert b"files.pythonhosted" + b".org" not in content, path


def test_the_version_is_one() -> None:
    import annotate

    assert tomllib.loads(PYPROJECT)["project"]["version"] == annotate.__version__
    assert f"## {annotate.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_names_the_two_commands_and_links_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for link in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / link).exists(), link


def test_ci_runs_the_tests_and_nothing_cleverer() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")
