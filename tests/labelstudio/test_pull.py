"""Pull, from a real server: every state, who and when; nothing followed that was deleted."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from annotate.errors import StudioUnreachable
from annotate.labelstudio.accounts import invite
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.labelstudio.labels import read_result
from annotate.labelstudio.pull import Known, Pull
from annotate.labelstudio.push import push
from tests.faults.proxy import FaultProxy, Plan
from tests.labelstudio.cases import MARKER, seeds

SARI = "sari-tarik@uji.example"


@pytest.fixture(scope="module")
def studio(studio_connection):
    invite(studio_connection, [SARI])
    with Studio.of(studio_connection) as studio:
        yield studio


@pytest.fixture
def project(studio):
    return open_project(studio, f"Tarik {uuid4()}")


def pushed(studio, project, count):
    """Task ids of that many articles, made of the seeds."""
    marked = [
        replace(seeds()[n % 3], document=replace(seeds()[n % 3].document, doc_id=f"koran/{n:02d}"))
        for n in range(count)
    ]
    return list(push(studio, project, marked).sent.values())


def user_id(studio, email):
    return next(number for number, address in studio.emails().items() if address == email)


def label(studio, task_id, **fields):
    """Submit the pre-marks as they are, as a person would."""
    prediction = studio.get(f"api/tasks/{task_id}/")["predictions"][0]
    body = {"result": prediction["result"], "parent_prediction": prediction["id"], "lead_time": 12.5, **fields}
    return studio.post_once(f"api/tasks/{task_id}/annotations/", body)["id"]


def known(records):
    return sorted(
        Known(one.task_id, one.annotation_id, one.doc_id, one.task_text_sha256, one.annotator)
        for one in records
        if one.state != "deleted"
    )


def later(watermark):
    """The watermark, so far ahead that the overlap does not reach what was done before."""
    return (datetime.fromisoformat(watermark) + timedelta(seconds=10)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_every_state_of_every_annotation_comes_with_who_and_when(studio, project):
    tasks = pushed(studio, project, 6)
    submitted = label(studio, tasks[0], ground_truth=True)
    label(studio, tasks[0], completed_by=user_id(studio, SARI))
    label(studio, tasks[1], result=[], parent_prediction=None)
    label(studio, tasks[2], result=[], was_cancelled=True)
    studio.post_once(f"api/tasks/{tasks[3]}/drafts", {"result": [], "lead_time": 3})
    studio.post_once(f"api/tasks/{tasks[0]}/annotations/{submitted}/drafts", {"result": [], "lead_time": 4})

    pull = Pull(studio, project.id, page=2)
    records = list(pull)
    assert Counter(one.state for one in records) == {"submitted": 2, "empty": 1, "skipped": 1, "draft": 2}
    assert (pull.records, pull.deleted) == (6, 0)
    by_state = {(one.state, one.annotator, one.annotation_id > 0): one for one in records}
    first = by_state["submitted", studio.whoami(), True]
    assert first.annotation_id == submitted
    assert (first.task_id, first.doc_id, first.lead_time, first.ground_truth) == (tasks[0], "koran/00", 12.5, True)
    assert first.prediction_version == MARKER
    assert first.updated_by is None
    assert first.updated_at.endswith("Z")
    assert first.task_text is None
    second = by_state["submitted", SARI, True]
    assert second.updated_by == studio.whoami()
    assert not second.ground_truth
    drafts = {json.loads(one.raw).get("annotation"): one for one in records if one.state == "draft"}
    assert (drafts[None].lead_time, drafts[submitted].lead_time) == (3, 4)
    assert {one.annotator for one in drafts.values()} == {studio.whoami()}
    assert all(one.annotation_id < 0 for one in drafts.values())
    read = read_result(json.loads(first.raw)["result"], seeds()[0].document.text)
    assert len(read.attributions) == len(seeds()[0].attributions)
    assert json.loads(first.raw)["prediction"]["result"]


def test_pulling_again_gives_the_same_states_and_an_edit_gives_a_new_one(studio, project):
    (task,) = pushed(studio, project, 1)
    annotation = label(studio, task)
    before, again = ([one.state_id for one in Pull(studio, project.id)] for _ in range(2))
    assert before == again
    studio.patch(f"api/annotations/{annotation}/", {"result": []})
    (edited,) = Pull(studio, project.id)
    assert edited.state == "empty"
    assert edited.state_id not in before


def test_an_incremental_pull_gives_only_what_changed(studio, project):
    tasks = pushed(studio, project, 5)
    annotations = [label(studio, task) for task in tasks]
    studio.sleep(1.1)  # the watermark counts whole seconds
    first = Pull(studio, project.id)
    records = list(first)
    studio.sleep(1.1)
    studio.delete(f"api/annotations/{annotations[0]}/")
    studio.patch(f"api/annotations/{annotations[1]}/", {"ground_truth": True})
    label(studio, tasks[2], was_cancelled=True, result=[])
    update = Pull(studio, project.id, since=later(first.watermark), known=known(records))
    changed = list(update)
    assert not update.full
    assert update.tasks == 3
    assert sorted((one.task_id, one.state) for one in changed) == sorted(
        [(tasks[0], "deleted"), (tasks[1], "submitted"), (tasks[2], "submitted"), (tasks[2], "skipped")]
    )
    assert update.watermark >= first.watermark


def test_what_was_deleted_is_recorded_once_and_a_deleted_task_by_the_full_pass(studio, project):
    tasks = pushed(studio, project, 4)
    for task in tasks:
        label(studio, task)
    records = list(Pull(studio, project.id))
    studio.delete(f"api/tasks/{tasks[0]}/")
    studio.delete(f"api/tasks/{tasks[3]}/")
    studio.delete(f"api/annotations/{records[1].annotation_id}/")
    gone = [one for one in Pull(studio, project.id, known=known(records), page=2) if one.state == "deleted"]
    assert [(one.task_id, one.annotation_id) for one in gone] == [
        (one.task_id, one.annotation_id) for one in (records[0], records[1], records[3])
    ]
    assert [one.doc_id for one in gone] == ["koran/00", "koran/01", "koran/03"]
    assert all(one.annotator == studio.whoami() for one in gone)
    still = [one for one in records if one.annotation_id not in {one.annotation_id for one in gone}]
    assert all(one.state != "deleted" for one in Pull(studio, project.id, known=known(still)))


def test_a_project_that_was_emptied_is_recorded_as_that(studio, project):
    (task,) = pushed(studio, project, 1)
    label(studio, task)
    records = list(Pull(studio, project.id))
    studio.delete(f"api/tasks/{task}/")
    assert [one.state for one in Pull(studio, project.id, known=known(records))] == ["deleted"]


def test_what_we_believe_deleted_is_not_recorded_as_that_while_the_server_has_it(studio, project):
    tasks = pushed(studio, project, 2)
    annotation = label(studio, tasks[0])
    label(studio, tasks[1])
    elsewhere = [Known(tasks[1], annotation, "koran/01", "0" * 64)]  # held under a task that is not its own
    assert {one.state for one in Pull(studio, project.id, known=elsewhere)} == {"submitted"}


def test_known_annotations_out_of_order_are_refused(studio, project):
    for task in (tasks := pushed(studio, project, 2)):
        label(studio, task)
    wrong = [Known(task, 10**9, "x", "0" * 64) for task in reversed(tasks)]
    with pytest.raises(ValueError, match="order of their task ids"):
        list(Pull(studio, project.id, known=wrong))


def test_a_draft_that_was_submitted_is_a_state_of_its_own(studio, project):
    (task,) = pushed(studio, project, 1)
    draft = studio.post_once(f"api/tasks/{task}/drafts", {"result": []})["id"]
    records = list(Pull(studio, project.id))
    assert [(one.annotation_id, one.state) for one in records] == [(-draft, "draft")]
    label(studio, task, draft_id=draft)
    states = {one.annotation_id: one.state for one in Pull(studio, project.id, known=known(records))}
    assert states.pop(-draft) == "deleted"
    assert list(states.values()) == ["submitted"]


def test_a_text_that_was_changed_on_the_server_comes_along(studio, project):
    (task,) = pushed(studio, project, 1)
    label(studio, task)
    data = studio.get(f"api/tasks/{task}/")["data"]
    ours = data["text"]
    studio.patch(f"api/tasks/{task}/", {"data": {**data, "text": "KOREKSI " + ours}})
    (record,) = Pull(studio, project.id)
    assert record.task_text == "KOREKSI " + ours
    read = read_result(json.loads(record.raw)["result"], ours, task_text=record.task_text)
    assert len(read.attributions) + len(read.set_aside) > 0
    assert read.notes


def test_a_task_that_others_imported_has_a_name_and_brings_its_text(studio, project):
    (task,) = studio.post_once(
        f"api/projects/{project.id}/import", [{"data": {"text": "Hujan, kata Budi."}}], {"return_task_ids": "true"}
    )["task_ids"]
    studio.post_once(f"api/tasks/{task}/annotations/", {"result": []})
    (record,) = Pull(studio, project.id)
    assert record.doc_id == f"studio-{project.id}-{task}"
    assert record.task_text == "Hujan, kata Budi."


def test_tasks_of_other_projects_in_between_are_passed_over(studio, project):
    other = open_project(studio, f"Lain {uuid4()}")
    mine = pushed(studio, project, 1)
    for task in pushed(studio, other, 9):
        label(studio, task)
    mine += list(
        push(studio, project, [replace(seeds()[1], document=replace(seeds()[1].document, doc_id="x"))]).sent.values()
    )
    for task in mine:
        label(studio, task)
    assert [one.task_id for one in Pull(studio, project.id, page=2)] == mine


def test_addresses_can_be_stored_under_a_pseudonym(studio, project):
    (task,) = pushed(studio, project, 1)
    label(studio, task, completed_by=user_id(studio, SARI))
    studio.post_once(f"api/tasks/{task}/drafts", {"result": []})
    records = list(Pull(studio, project.id, pseudonym=lambda address: f"orang-{len(address)}"))
    assert {one.annotator for one in records} == {f"orang-{len(SARI)}", f"orang-{len(studio.whoami())}"}
    for one in records:
        assert SARI not in one.model_dump_json()
        assert studio.whoami() not in one.model_dump_json()


def test_the_version_is_that_of_the_pre_marks_that_were_shown(studio, project):
    (task,) = pushed(studio, project, 1)
    annotation = label(studio, task)
    push(
        studio,
        project,
        [replace(seeds()[0], marker="newer 2", document=replace(seeds()[0].document, doc_id="koran/00"))],
    )
    prediction = next(
        one for one in studio.get(f"api/tasks/{task}/")["predictions"] if one["model_version"] == "newer 2"
    )
    other = label(studio, task, parent_prediction=prediction["id"])
    versions = {one.annotation_id: one.prediction_version for one in Pull(studio, project.id)}
    assert versions == {annotation: MARKER, other: "newer 2"}


def test_a_clock_that_was_set_back_makes_it_a_full_pass(studio, project):
    (task,) = pushed(studio, project, 1)
    label(studio, task)
    pull = Pull(studio, project.id, since="2999-01-01T00:00:00.000000Z")
    assert len(list(pull)) == 1
    assert pull.full


@pytest.mark.parametrize("fault", ["500 before", "429 before", "cut answer", "cut after", "malformed JSON after"])
def test_faults_on_the_way_change_nothing(studio, studio_connection, studio_server, project, fault):
    for task in pushed(studio, project, 4):
        label(studio, task)
    calm = {one.state_id for one in Pull(studio, project.id)}
    with FaultProxy(studio_server.url, hold=0.1) as proxy:
        proxy.plan = Plan(seed=2, rate=0.4, kinds=(fault,), limit=5)
        with Studio(proxy.url, studio_connection.token, name=studio.name) as shaky:
            shaky.sleep = lambda _: None
            try:
                found = {one.state_id for one in Pull(shaky, project.id, page=1)}
            except StudioUnreachable:
                proxy.plan = None
                found = {one.state_id for one in Pull(shaky, project.id, page=1)}
    assert found == calm
