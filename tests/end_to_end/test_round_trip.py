"""Articles to a real server, labels by a person's clicks, and back into a dataset; and what can go wrong on the way."""

import csv
from pathlib import Path

from playwright.sync_api import Page

from annotate.articles import read_documents
from annotate.dataset import Dataset
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.server import RunningServer
from annotate.marking import Marker
from tests.conftest import SEEDS

from .conftest import Command, NewProject
from .labelling_page import LabellingPage


def attributions_of(dataset: Path) -> list[tuple[object, ...]]:
    found = [
        (
            row.doc_id,
            row.type,
            (row.content.start, row.content.end),
            sorted((span.start, span.end) for span in row.sources),
            sorted((span.start, span.end) for span in row.cues),
            row.speaker or "",
        )
        for row in Dataset.open(dataset).attributions()
    ]
    return sorted(found)


def marked_by_us() -> list[tuple[object, ...]]:
    marker = Marker()
    return sorted(
        (
            document.doc_id,
            a.content.label,
            (a.content.start, a.content.end),
            sorted((region.start, region.end) for region in a.sources),
            sorted((region.start, region.end) for region in a.cues),
            a.speaker,
        )
        for document in read_documents([SEEDS])
        for a in marker.mark(document).attributions
    )


def test_what_a_person_submits_in_the_browser_is_what_the_export_holds(
    command: Command, page: Page, studio_server: RunningServer, tmp_path: Path
) -> None:
    pushed = command("push", SEEDS, "--project", "perjalanan", "--json").json
    assert len(pushed["sent"]) == 3
    again = command("push", SEEDS, "--project", "perjalanan", "--json").json
    assert (again["sent"], again["present"]) == ({}, pushed["sent"]), "pushing twice adds nothing"

    project = int(pushed["label_url"].split("/projects/")[1].split("/")[0])
    stream = LabellingPage(page, project)
    stream.open()
    for _article in range(3):
        stream.ready()
        stream.submit()
    assert stream.hosts == {studio_server.url.removeprefix("http://")}, "nothing may be asked of other machines"

    command("pull", "--project", "perjalanan", "--json").json  # noqa: B018
    assert attributions_of(tmp_path / "dataset") == marked_by_us()
    rows = Dataset.open(tmp_path / "dataset").attributions()
    assert {(row.status, tuple(row.annotators)) for row in rows} == {("single", (studio_server.email,))}
    versions = command("log", "--json").json
    command("pull", "--project", "perjalanan", "--json").json  # noqa: B018
    assert command("log", "--json").json == versions, "without new labels there is no new version"

    exported = tmp_path / "attributions.csv"
    assert command("export", "-o", exported).code == 0
    with exported.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(marked_by_us())


def test_each_thing_that_can_be_wrong_with_the_server_is_one_clear_line(
    command: Command, studio_server: RunningServer, studio_connection: Connection, new_project: NewProject
) -> None:
    other, _tasks = new_project("punya orang lain", [])
    changed, _tasks = new_project("konfigurasi diubah", [])
    config = "<View><Labels name='l' toName='t'><Label value='PER'/></Labels><Text name='t' value='$text'/></View>"
    with http_client(studio_connection) as client:
        for project in (other, changed):
            client.patch(f"/api/projects/{project}/", json={"label_config": config}).raise_for_status()
    token = "0123456789" * 4
    here = ["--url", studio_server.url]
    cases = {
        "wrong token": ["push", SEEDS, *here, "--token", token],
        "wrong token at pull": ["pull", *here, "--token", token],
        "server down": ["push", SEEDS, "--url", "http://127.0.0.1:9", "--token", token],
        "no server known": ["pull", "--home", "nowhere"],
        "no project": ["pull", "--project", "tidak ada"],
        "project of others": ["push", SEEDS, "--project", "punya orang lain"],
        "changed configuration": ["pull", "--project", changed],
    }
    for name, arguments in cases.items():
        ran = command(*arguments)
        lines = [line for line in ran.err.splitlines() if line.strip()]
        assert ran.code == 1, (name, ran)
        assert len([line for line in lines if "error:" in line]) == 1, (name, ran)
        assert " — " in lines[-1], f"{name}: no remedy in: {lines[-1]}"
        assert "Traceback" not in ran.err, name
        assert "unexpected" not in ran.err, (name, ran)
        assert token not in ran.err + ran.out, name
        assert studio_server.token.reveal() not in ran.err + ran.out, name
