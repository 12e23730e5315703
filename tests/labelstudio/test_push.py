"""Push, on a real server: each article once, whatever happens on the way."""

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from annotate.errors import ProjectMismatch, StudioUnreachable
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.labelstudio.pull import Pull
from annotate.labelstudio.push import push
from annotate.labelstudio.tasks import to_task
from tests.faults.proxy import FaultProxy, Plan
from tests.labelstudio.cases import seeds


@pytest.fixture
def studio(studio_connection):
    with Studio.of(studio_connection) as studio:
        yield studio


@pytest.fixture
def project(studio):
    return open_project(studio, f"Dorong {uuid4()}")


def articles(count, *, marker=None):
    """As many articles as wanted, made of the seeds."""
    for number in range(count):
        marked = seeds()[number % 3]
        document = replace(marked.document, doc_id=f"koran/{number:03d} “é”.txt")
        yield replace(marked, document=document, marker=marker or marked.marker)


def with_text(marked, text):
    return replace(marked, document=replace(marked.document, text=text), attributions=())


def on_server(studio, project):
    """Tasks of the project: document, text, and the model versions of its predictions."""
    tasks = studio.tasks(project.id, fields="all", include="id,data,predictions", page_size=500)["tasks"]
    return [
        (task["data"]["doc_id"], task["data"]["text"], sorted(one["model_version"] for one in task["predictions"]))
        for task in tasks
    ]


def test_articles_arrive_with_their_pre_marks_and_a_second_push_adds_nothing(studio, project):
    marked = list(articles(7))
    first = push(studio, project, marked, batch=3)
    assert list(first.sent) == [one.document.doc_id for one in marked]
    again = push(studio, project, marked, batch=3)
    assert again.sent == {}
    assert again.present == first.sent
    assert again.renewed == 0
    assert sorted(on_server(studio, project)) == sorted(
        (one.document.doc_id, one.document.text, [one.marker]) for one in marked
    )
    task = studio.get(f"api/tasks/{first.sent[marked[0].document.doc_id]}/")
    assert task["predictions"][0]["result"] == to_task(marked[0])["predictions"][0]["result"]
    assert studio.get(f"api/projects/{project.id}/")["model_version"] == marked[0].marker


def test_tasks_from_a_file_go_as_marked_documents_do(studio, project):
    report = push(studio, project, [to_task(one) for one in articles(2)])
    assert len(report.sent) == 2
    assert len(push(studio, project, articles(2)).present) == 2


def test_bad_tasks_are_reported_and_cost_nobody_else(studio, project):
    good, bad, nul = [to_task(one) for one in articles(3)]
    bad["predictions"][0]["result"][0]["value"]["end"] = 10**6
    nul["data"]["text"] = "a\0b"
    report = push(studio, project, [bad, good, nul, {"data": {}}])
    assert list(report.sent) == [good["data"]["doc_id"]]
    assert [one.doc_id for one in report.rejected] == [bad["data"]["doc_id"], nul["data"]["doc_id"], "None"]
    assert "beyond the text" in report.rejected[0].reason


def test_a_changed_article_is_a_new_revision_and_the_old_task_keeps_its_labels(studio, project):
    (marked,) = articles(1)
    old = push(studio, project, [marked]).sent[marked.document.doc_id]
    studio.post_once(f"api/tasks/{old}/annotations/", {"result": []})
    report = push(studio, project, [with_text(marked, "Teks baru.")])
    assert report.changed == report.sent
    assert studio.get(f"api/tasks/{old}/")["total_annotations"] == 1
    assert len(on_server(studio, project)) == 2
    assert push(studio, project, [marked]).present == {marked.document.doc_id: old}


def test_pre_marks_of_a_better_marker_are_added_and_shown_and_labels_stay(studio, project):
    first = push(studio, project, articles(4))
    task_id = first.sent[next(articles(1)).document.doc_id]
    annotation = studio.post_once(f"api/tasks/{task_id}/annotations/", {"result": []})
    report = push(studio, project, articles(3, marker="better 2"))
    assert (report.renewed, report.model_version, report.stale) == (3, "better 2", 1)
    assert Counter(len(versions) for _, _, versions in on_server(studio, project)) == {2: 3, 1: 1}
    assert studio.get(f"api/annotations/{annotation['id']}/")["result"] == []
    assert studio.get(f"api/projects/{project.id}/")["model_version"] == "better 2"
    assert push(studio, project, articles(4, marker="better 2")).renewed == 1
    assert push(studio, project, articles(4, marker="better 2")).renewed == 0
    assert push(studio, project, articles(2, marker="better")).renewed == 2, "a part of another version's name"


def test_a_blind_project_gets_no_pre_marks(studio):
    blind = open_project(studio, "Buta untuk dorong", blind=True)
    push(studio, blind, articles(2))
    push(studio, blind, articles(2, marker="other"))
    assert [versions for _, _, versions in on_server(studio, blind)] == [[], []]
    assert studio.get(f"api/projects/{blind.id}/")["model_version"] == ""


def test_deleted_tasks_are_noticed_and_sent_again(studio, project):
    first = push(studio, project, articles(3))
    gone = next(iter(first.sent))
    studio.delete(f"api/tasks/{first.sent[gone]}/")
    report = push(studio, project, articles(3), earlier=first.sent)
    assert report.deleted == [gone]
    assert list(report.sent) == [gone]


@pytest.mark.parametrize(
    "fault",
    [
        "500 before",
        "500 after",
        "502 after",
        "429 before",
        "cut request",
        "cut after",
        "cut answer",
        "malformed JSON after",
    ],
)
def test_faults_on_the_way_lose_and_double_nothing(studio, studio_connection, studio_server, project, fault):
    marked = list(articles(6))
    with FaultProxy(studio_server.url, hold=0.1) as proxy, Studio(proxy.url, studio_connection.token) as shaky:
        shaky.sleep = lambda _: None
        proxy.plan = Plan(seed=11, rate=0.5, kinds=(fault,), limit=6)
        try:
            push(shaky, project, marked, batch=2)
        except StudioUnreachable:
            proxy.plan = None
            push(shaky, project, marked, batch=2)
        proxy.settle()
    assert sorted(on_server(studio, project)) == sorted(
        (one.document.doc_id, one.document.text, [one.marker]) for one in marked
    )


def test_a_batch_that_the_server_stored_after_we_gave_up_leaves_no_double(
    studio, studio_connection, studio_server, project
):
    marked = list(articles(4))
    with FaultProxy(studio_server.url, hold=1.0) as proxy:
        with Studio(proxy.url, studio_connection.token, timeout=0.7) as impatient:
            impatient.sleep = lambda _: None
            proxy.plan = Plan(seed=5, rate=0.3, kinds=("time-out late", "time-out after"), limit=3)
            with suppress(StudioUnreachable):
                push(impatient, project, marked, batch=2)
        proxy.settle()
    report = push(studio, project, marked)
    assert sorted(name for name, _, _ in on_server(studio, project)) == [one.document.doc_id for one in marked]
    assert {double.fate for double in report.doubles} <= {"removed"}


def test_two_pushes_at_once_on_one_machine_send_each_article_once(studio, studio_connection, project):
    def work():
        with Studio.of(studio_connection) as own:
            push(own, project, articles(9), batch=2)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(on_server(studio, project)) == 9


def test_doubles_from_another_machine_are_found_and_set_aside_and_labelled_ones_stay(studio, project, monkeypatch):
    marked = list(articles(3))
    first = push(studio, project, marked)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("annotate.labelstudio.push.this_machine", lambda: "elsewhere")
        elsewhere.setattr("annotate.labelstudio.push.find_tasks", lambda *_: {})  # both looked at the same moment
        again = list(push(studio, project, marked[:2]).sent.values())
    studio.post_once(f"api/tasks/{again[1]}/annotations/", {"result": []})
    studio.post_once(f"api/tasks/{first.sent[marked[1].document.doc_id]}/annotations/", {"result": []})
    for _ in range(2):  # the second time it is set aside already
        report = push(studio, project, marked)
        plain, labelled = sorted(report.doubles, key=lambda double: double.doc_id)
        assert (plain.other, plain.fate) == (again[0], "set aside")
        assert (labelled.other, labelled.fate) == (again[1], "labelled")
        assert plain.kept == first.sent[marked[0].document.doc_id]
    assert len(on_server(studio, project)) == 5
    task = studio.get(f"api/tasks/{again[0]}/")
    assert (task["is_labeled"], task["meta"]["double_of"]) == (True, plain.kept)

    # Nobody is given it, and who labels it all the same labels the article.
    offered = []
    while True:
        try:
            task_id = studio.get(f"api/projects/{project.id}/next")["id"]
        except ProjectMismatch:  # nothing left
            break
        offered.append(task_id)
        studio.post_once(f"api/tasks/{task_id}/annotations/", {"result": []})
    assert sorted(offered) == sorted(first.sent[marked[n].document.doc_id] for n in (0, 2))
    studio.post_once(f"api/tasks/{again[0]}/annotations/", {"result": []})
    pulled = Counter(one.doc_id for one in Pull(studio, project.id))
    assert pulled == {marked[0].document.doc_id: 2, marked[1].document.doc_id: 2, marked[2].document.doc_id: 1}


def test_a_push_that_stops_in_the_middle_goes_on_where_it_stopped(studio, project):
    def breaking():
        yield from articles(5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(studio, project, breaking(), batch=2)
    report = push(studio, project, articles(8), batch=2)
    assert len(report.sent) + len(report.present) == 8
    assert len(report.present) >= 2
    assert len(on_server(studio, project)) == 8


def test_progress_is_told_after_each_batch(studio, project):
    told = []
    push(studio, project, articles(5), batch=2, progress=lambda report: told.append(len(report.sent)))
    assert told == [2, 4, 5]
