"""Who labels what, on a real server: planned, made real, repeated, changed; and what comes back of it."""

import json
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from annotate.dataset import Dataset
from annotate.errors import PlanError, ProjectMismatch
from annotate.labelstudio import push as sending
from annotate.labelstudio.accounts import invite
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import find_project, open_project
from annotate.labelstudio.places import place_title, tasks_of
from annotate.workflow.agreement import agreement
from annotate.workflow.assign import Wishes, assign
from annotate.workflow.pull import pull
from annotate.workflow.push import push

PEOPLE = ("sari-bagi@uji.example", "budi-bagi@uji.example")
CITRA = "citra-bagi@uji.example"
WISHES = Wishes(annotators=PEOPLE, overlap=0.25, blind=0.25, seed=3)


@pytest.fixture(scope="module")
def studio(studio_connection):
    invite(studio_connection, [*PEOPLE, CITRA])
    with Studio.of(studio_connection) as studio:
        yield studio


class Work:
    """A project with articles, and the verbs on it."""

    def __init__(self, studio, connection, folder: Path) -> None:
        self.studio = studio
        self.folder = folder
        self.title = f"Bagi {uuid4().hex[:12]}"
        self.named = {
            "connection": connection,
            "dataset": folder / "dataset",
            "project": self.title,
            "author": "uji",
        }

    def push(self, first: int, last: int) -> None:
        articles = self.folder / "berita.jsonl"
        articles.write_text("".join(json.dumps(self.article(n)) + "\n" for n in range(first, last)), encoding="utf-8")
        push([articles], **self.named)

    def article(self, number: int) -> dict[str, str]:
        text = f"Menteri Ani Wijaya mengatakan bahwa harga beras turun {number} persen.\n“Ini baik,” kata Ani."
        return {"doc_id": f"kota/{number}", "text": text}

    def assign(self, wishes: Wishes = WISHES, **more):
        return assign(**{**self.named, "wishes": wishes, **more})

    def tasks(self, project_id: int) -> dict[str, dict]:
        found = list(tasks_of(self.studio, find_project(self.studio, project_id)))
        return {
            task["data"]["doc_id"]: task for task in found if len(found) == len({t["data"]["doc_id"] for t in found})
        }

    def label(self, project_id: int, annotator: str) -> None:
        """Submit everything in a project as it opens: the pre-marks as they are, or nothing where there are none."""
        user = next(number for number, email in self.studio.emails().items() if email == annotator)
        for task in self.studio.tasks(project_id, include="id,predictions", fields="all")["tasks"]:
            shown = task["predictions"][0] if task["predictions"] else {"result": [], "id": None}
            body = {"result": shown["result"], "parent_prediction": shown["id"], "completed_by": user, "lead_time": 20}
            self.studio.post_once(f"api/tasks/{task['id']}/annotations/", body)


@pytest.fixture
def work(studio, studio_connection, tmp_path):
    work = Work(studio, studio_connection, tmp_path)
    work.push(0, 8)
    return work


def test_the_plan_is_made_real_and_its_labels_come_back_with_and_without_sight(work):
    planned = work.assign(dry_run=True)
    assert not planned.made_real
    assert Dataset.open(work.named["dataset"]).plans(work.studio.name, planned.plan.project_id) == []
    assert find_project(work.studio, place_title(work.title, PEOPLE[0], blind=False)) is None

    nowhere = Path(work.named["dataset"]).with_name("belum ada")
    assert work.assign(dry_run=True, dataset=nowhere).plan.assignments == planned.plan.assignments
    assert not nowhere.exists()

    done = work.assign()
    assert done.plan.assignments == planned.plan.assignments
    assert done.sent == len(done.plan.assignments) == 8 + 2 + 2
    assert len(done.plan.places) in (3, 4)
    for place in done.plan.places:
        tasks = work.tasks(place.project_id)
        given = {
            one.doc_id for one in done.plan.assignments if (one.annotator, one.blind) == (place.annotator, place.blind)
        }
        assert set(tasks) == given
        assert {len(task["predictions"]) for task in tasks.values()} == ({0} if place.blind else {1})
        assert find_project(work.studio, place.project_id).blind == place.blind

    again = work.assign(Wishes())
    assert (again.sent, again.new, again.plan) == (0, False, done.plan)
    assert "no roles" in again.not_enforced

    for place in done.plan.places:
        work.label(place.project_id, place.annotator)
    report = pull(**work.named)
    assert report.new_states == 12
    study = agreement(work.named["dataset"], resamples=100)
    assert study.documents == 4
    sights = {one.sight: one.counts["premarks"] for one in study.premarks if one.by == "all"}
    assert set(sights) == {"seen", "blind"}
    accepted = {one.sight: one.accepted.value for one in study.premarks if one.by == "all"}
    assert accepted == {"seen": 1.0, "blind": 0.0}
    assert {share.begun for share in work.assign(Wishes()).shares} == {6}


def test_new_articles_go_on_top_and_a_new_annotator_evens_out_when_asked(work):
    done = work.assign(Wishes(annotators=PEOPLE, overlap=0, blind=0))
    sari = next(place for place in done.plan.places if place.annotator == PEOPLE[0])
    work.label(sari.project_id, PEOPLE[0])
    work.push(0, 10)
    more = work.assign(Wishes())
    assert (more.sent, more.articles, more.plan.revision) == (2, 10, 2)
    assert {repr(one) for one in done.plan.assignments} <= {repr(one) for one in more.plan.assignments}

    three = Wishes(annotators=(*PEOPLE, CITRA), rebalance=True)
    even = work.assign(three)
    assert even.withdrawn == even.sent > 0
    by_person = Counter(one.annotator for one in even.plan.assignments)
    assert by_person[PEOPLE[0]] >= 4, "what was begun stays"
    assert by_person[CITRA] == even.sent
    for place in even.plan.places:
        assert len(work.tasks(place.project_id)) == by_person[place.annotator]
    assert pull(**work.named).commit.version.annotations == 4


def test_a_run_that_died_is_taken_up_and_nothing_is_doubled(work, monkeypatch):
    sent = []
    send = sending.push

    def dies_at_the_second(studio, project, items, **more):
        if sent:
            raise KeyboardInterrupt
        sent.append(project.id)
        return send(studio, project, items, **more)

    with monkeypatch.context() as broken:
        broken.setattr(sending, "push", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            work.assign()
    again = work.assign(Wishes())
    tasks = Counter(
        one["data"]["doc_id"]
        for p in again.plan.places
        for one in tasks_of(work.studio, find_project(work.studio, p.project_id))
    )
    assert tasks == Counter(one.doc_id for one in again.plan.assignments)
    assert not again.new


def test_what_was_labelled_in_the_common_project_is_not_asked_for_again(work):
    pool = find_project(work.studio, work.title)
    work.label(pool.id, PEOPLE[1])
    done = work.assign(Wishes(annotators=PEOPLE, overlap=0, blind=0))
    assert done.sent == 0
    assert {one.annotator for one in done.plan.assignments} == {PEOPLE[1]}


def test_what_cannot_be_is_refused_before_anything_is_made(work):
    with pytest.raises(PlanError, match=r"nobody has an account.*invite"):
        work.assign(Wishes(annotators=("siapa@uji.example",)))
    with pytest.raises(PlanError, match="nobody is named"):
        work.assign(Wishes())
    with pytest.raises(PlanError, match="too few"):
        work.assign(Wishes(annotators=PEOPLE[:1]))
    open_project(work.studio, place_title(work.title, PEOPLE[0], blind=True))  # with pre-marks shown
    with pytest.raises(ProjectMismatch, match="shows pre-marks, and should not"):
        work.assign(Wishes(annotators=PEOPLE, overlap=0, blind=1.0))


def test_titles_fit_and_differ():
    long = [
        place_title("pemilihan umum 2029", f"nama-yang-panjang-sekali-{n}@uji.example", blind=b)
        for n in "12"
        for b in (True, False)
    ]
    assert len(set(long)) == 4
    assert all(len(title) <= 50 for title in long)
    assert place_title("pemilu", "sari@uji.example", blind=True) == "pemilu – sari@uji.example – buta"
