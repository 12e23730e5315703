"""The Label Studio export goes into a real server by the import that anybody has, and comes back as it went."""

from uuid import uuid4

from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.workflow.export import export
from annotate.workflow.pull import pull
from tests.export.making import gold_groups, rich_groups


def said(rows):
    """What an attribution says, whoever tells it: type, bounds, sources, cues, speaker."""
    return sorted(
        (row.doc_id, row.type, row.content.start, row.content.end, row.content.text, row.speaker or "",
         tuple((s.start, s.end) for s in row.sources), tuple((s.start, s.end) for s in row.cues))
        for row in rows
    )  # fmt: skip


def test_what_is_imported_and_labelled_as_it_stands_is_pulled_back_equal(studio_connection, tmp_path):
    ours = tmp_path / "ours"
    groups = [*gold_groups(), *rich_groups()]
    Dataset.create(ours).commit(
        [DocumentChange(document, rows) for document, rows in groups],
        message="gold of the seeds", author="test", recipe=Recipe("majority/1"),
    )  # fmt: skip
    file = export(ours, tmp_path / "tasks.json", format="labelstudio", premarks=True).path
    with Studio.of(studio_connection) as studio:
        project = open_project(studio, f"Impor {uuid4()}")
        answer = studio.post_once(f"api/projects/{project.id}/import", file.read_bytes())
        assert (answer["task_count"], answer["prediction_count"]) == (len(groups), len(groups))
        for task in studio.get("api/tasks/", {"project": project.id, "fields": "all", "page_size": 100})["tasks"]:
            (prediction,) = studio.get(f"api/tasks/{task['id']}/")["predictions"]
            body = {"result": prediction["result"], "parent_prediction": prediction["id"]}
            studio.post_once(f"api/tasks/{task['id']}/annotations/", body)
    report = pull(connection=studio_connection, dataset=ours, project=str(project.id), author="test")
    assert report.new_states == len(groups)
    pulled_by_somebody_else(studio_connection, tmp_path / "theirs", str(project.id), ours)
    assert report.commit is not None
    assert report.commit.version is not None
    store = Dataset.open(ours)
    before, after = (list(store.attributions(version)) for version in (1, 2))
    assert said(after) == said(before)
    assert {row.attribution_id for row in after} == {row.attribution_id for row in before}
    assert {row.status for row in after} == {"single"}
    assert list(store.documents(2)) == list(store.documents(1))
    assert list(store.set_aside()) == []


def pulled_by_somebody_else(connection, theirs, project, ours):
    """A dataset that never sent these tasks takes over their texts and what is known of the articles."""
    report = pull(connection=connection, dataset=theirs, project=project, author="somebody else")
    assert report.commit is not None
    assert report.commit.version is not None
    known, before = Dataset.open(theirs), Dataset.open(ours)
    assert said(known.attributions()) == said(before.attributions(1))
    assert {(one.doc_id, one.text, one.title, one.outlet, one.url) for one in known.documents()} == {
        (one.doc_id, one.text, one.title, one.outlet, one.url) for one in before.documents(1)
    }
