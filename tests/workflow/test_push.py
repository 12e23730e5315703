"""What a push records before anything goes out: the pre-marks, by the rules and the register that hold."""

from functools import partial
from pathlib import Path
from uuid import uuid4

from annotate.datamodel import Document
from annotate.dataset import Dataset
from annotate.gold import read_gold
from annotate.labelstudio import push as sending
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.labelstudio.connection import Connection
from annotate.marking import Marker, describe
from annotate.marking.register import Register
from annotate.workflow.commit import commit, rules_of
from annotate.workflow.push import _keep, push
from tests.labelstudio.cases import MARKER, seeds

from .test_commit import GOLD, pulled

TEXT = "“Harga beras akan turun,” kata Menteri Pertanian Dewi Lestari."


def test_a_push_links_speakers_to_the_register_and_keeps_the_rules(tmp_path: Path) -> None:
    store = Dataset.create(tmp_path / "dataset")
    store.append_annotations([pulled(one, task_text=one.document.text) for one in list(read_gold(GOLD))[:1]])
    commit(store.root, message="labels", author="tester", majority=0.6)
    (tmp_path / "register.csv").write_text("name,aliases,id\nDewi Lestari,,Q1\n", encoding="utf-8")
    marked = Marker().mark(Document("baru", TEXT))
    known = partial(describe, register=Register.read(tmp_path / "register.csv"))
    made = _keep(store, lambda: iter([marked]), "tester", known)
    assert made is not None
    (row,) = store.attributions(doc_ids=["baru"])
    assert (row.status, row.speaker, row.register_id) == ("premark", "Dewi Lestari", "Q1")
    assert rules_of(made).majority == 0.6


def test_a_better_marker_reaches_the_tasks_that_are_there_and_touches_no_label(
    studio_connection: Connection, tmp_path: Path
) -> None:
    with Studio.of(studio_connection) as studio:
        project = open_project(studio, f"Penanda {uuid4().hex[:8]}")
        old = list(sending.push(studio, project, seeds()).sent.values())
        label = studio.post_once(f"api/tasks/{old[0]}/annotations/", {"result": []})["id"]  # finished: nobody opens it
        named = {"connection": studio_connection, "dataset": tmp_path / "dataset", "project": project.title}
        (tmp_path / "baru.txt").write_text(TEXT, encoding="utf-8")
        done = push([tmp_path / "baru.txt"], author="uji", **named)
        assert (len(done.report.sent), done.report.renewed, done.report.stale) == (1, 2, 0)
        assert done.report.model_version == Marker().version
        for task_id in old[1:]:
            found = {one["model_version"] for one in studio.get("api/predictions/", {"task": task_id})}
            assert found == {MARKER, Marker().version}
        assert studio.get(f"api/projects/{project.id}/")["model_version"] == Marker().version
        assert studio.get(f"api/annotations/{label}/")["result"] == []
        again = push([tmp_path / "baru.txt"], author="uji", **named)
        assert (len(again.report.sent), again.report.renewed) == (0, 0)
