"""Marked articles into a project: each article once, and again only as a new revision of its text.

What is on the server is looked up by document and text, so that a push that was killed, or is made twice, adds nothing.
While the server stores a batch, the next one is checked.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from annotate.datamodel import MarkedDocument
from annotate.errors import TaskError
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import Project, one_at_a_time
from annotate.labelstudio.push_doubles import Double, kept_one, part, this_machine
from annotate.labelstudio.push_lookup import SENDER, Found, find_tasks, task_count, tasks_and_version, versions
from annotate.labelstudio.push_renew import Renewal
from annotate.labelstudio.push_send import Prepared, send
from annotate.labelstudio.tasks import task_json
from annotate.labelstudio.tasks_check import Shape, check_task, surely_good

Item = MarkedDocument | Mapping[str, Any]
Progress = Callable[["PushReport"], None]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A task that did not go, and why."""

    doc_id: str
    reason: str


@dataclass(slots=True)
class PushReport:
    """What a push did. The mappings give the task id of each document.

    `changed` are new revisions: the article was there with another text, whose task and labels stay. `deleted` were
    pushed before, and somebody had deleted their tasks since; they were sent again. `stale` tasks of the project have
    no pre-marks of `model_version`, which is the one that annotators are shown.
    """

    sent: dict[str, int] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)
    renewed: int = 0
    stale: int = 0
    model_version: str = ""


def push(
    studio: Studio,
    project: Project,
    items: Iterable[Item],
    *,
    batch: int = 200,
    renew: bool = True,
    earlier: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> PushReport:
    """Send marked documents (or tasks, as `mark` wrote them) that are not in the project yet.

    Args:
        batch: tasks in one request; 100 to 250 is best.
        renew: whether articles that are there get the pre-marks of another marker as a new prediction.
        earlier: task id of each document that was pushed before, so that deleted tasks are noticed.
        progress: is called after each batch, with the report so far.

    Raises:
        StudioError: the server cannot be reached, or says no. What was sent before stays, and is not sent again.
    """
    with one_at_a_time(studio.url, f"push to {project.id}"):
        return _Push(studio, project, renew=renew, earlier=earlier or {}, progress=progress).run(items, batch)


class _Push:
    """One run of `push`."""

    def __init__(
        self, studio: Studio, project: Project, *, renew: bool, earlier: Mapping[str, int], progress: Progress | None
    ) -> None:
        self.studio = studio
        self.project = project
        self.renew = renew and not project.blind
        self.earlier = earlier
        self.progress = progress
        self.report = PushReport()
        self.problems = studio.prediction_check(project.label_config)
        self.before = task_count(studio, project.id)
        self.seen: set[tuple[str, str]] = set()
        self.shapes: frozenset[Shape] = frozenset()  # of rows that passed all checks
        self.renewals: dict[str, Renewal] = {}
        self.doubles: dict[str, list[Found]] = {}
        self.faltered = False

    def run(self, items: Iterable[Item], batch: int) -> PushReport:
        waiting = iter(items)
        under_way: Future[None] | None = None
        with ThreadPoolExecutor(max_workers=1) as sender:
            while chunk := list(islice(waiting, batch)):
                ready = list(self.prepare(chunk))
                if under_way:
                    under_way.result()
                under_way = sender.submit(self.deliver, ready)
            if under_way:
                under_way.result()
        self.finish()
        return self.report

    def prepare(self, items: Iterable[Item]) -> Iterator[Prepared]:
        """Check the tasks; the bad ones are reported, and one that came before in this run is left out."""
        for item in items:
            try:
                prepared = self.checked(item)
            except TaskError as error:
                document = item.document.doc_id if isinstance(item, MarkedDocument) else _document_of(item)
                self.report.rejected.append(Rejected(str(document), str(error)))
                continue
            key = (prepared.doc_id, prepared.text_sha256)
            if key not in self.seen:
                self.seen.add(key)
                yield prepared

    def checked(self, item: Item) -> Prepared:
        """The task, ready to go. Raises `TaskError`."""
        if isinstance(item, MarkedDocument):
            # The line is ours, so the sender is put into it as it is.
            line = task_json(item).replace('"meta":{', f'"meta":{{"{SENDER}":"{this_machine()}",', 1)
            shapes = surely_good(item)
            if not self.project.blind and shapes is not None and shapes <= self.shapes:
                return Prepared(item.document.doc_id, item.document.text_sha256, line.encode(), item.marker)
        else:
            line, shapes = json.dumps(_stamped(item), ensure_ascii=False), None
        task = json.loads(line)
        check_task(task)
        doc_id, sha256 = task["data"]["doc_id"], task["data"]["text_sha256"]
        predictions = task.get("predictions") or []
        for problem in (problem for prediction in predictions for problem in self.problems(prediction)):
            raise TaskError(problem, place=f'document "{doc_id}"')
        self.shapes |= shapes or frozenset()
        if self.project.blind:
            predictions = task["predictions"] = []
            line = json.dumps(task, ensure_ascii=False)
        return Prepared(doc_id, sha256, line.encode(), predictions[0]["model_version"] if predictions else None)

    def deliver(self, ready: list[Prepared]) -> None:
        """Send what is not there; runs while the next batch is prepared."""
        there = find_tasks(self.studio, self.project.id, [task.doc_id for task in ready]) if self.before else {}
        missing = [task for task in ready if not self.is_present(task, there.get(task.doc_id, []))]
        if missing:
            delivery = send(self.studio, self.project.id, missing)
            self.faltered |= delivery.faltered
            for place, task in enumerate(missing):
                if place in delivery.refused:
                    self.report.rejected.append(Rejected(task.doc_id, delivery.refused[place]))
                else:
                    self.note_sent(task, delivery.task_ids[place], revision=task.doc_id in there)
        if self.progress:
            self.progress(self.report)

    def is_present(self, task: Prepared, found: list[Found]) -> bool:
        same = [one for one in found if one.text_sha256 == task.text_sha256]
        if not same:
            return False
        self.report.present[task.doc_id] = same[0].task_id
        if len(same) > 1:
            self.doubles[task.doc_id] = same
        version = task.model_version
        if self.renew and version is not None:
            if version not in self.renewals:
                self.renewals[version] = Renewal(self.studio, self.project.id, version)
            for one in same:
                self.renewals[version].add(one.task_id, lambda: task.prediction)
        return True

    def note_sent(self, task: Prepared, task_id: int, *, revision: bool) -> None:
        self.report.sent[task.doc_id] = task_id
        if revision:
            self.report.changed[task.doc_id] = task_id
        elif task.doc_id in self.earlier:
            self.report.deleted.append(task.doc_id)
        if task.model_version is not None:
            self.report.model_version = task.model_version

    def finish(self) -> None:
        """Send the renewed pre-marks, show them, and look for doubles where there is reason to."""
        for version, renewal in self.renewals.items():
            renewal.flush()
            self.report.renewed += renewal.sent
            self.report.model_version = version
        count, shown = tasks_and_version(self.studio, self.project.id)
        if self.report.model_version and not self.project.blind:
            self.show(self.report.model_version, count, shown)
        if self.faltered or count > self.before + len(self.report.sent):
            for doc_id, found in find_tasks(self.studio, self.project.id, self.report.sent).items():
                shas = {one.text_sha256 for one in found}
                for sha in shas:
                    same = [one for one in found if one.text_sha256 == sha]
                    if len(same) > 1:
                        self.doubles[doc_id] = same
        for doc_id, same in self.doubles.items():
            self.part_doubles(doc_id, same)

    def show(self, pushed: str, tasks: int, shown: str) -> None:
        """Choose the version that annotators see: the server shows one for the whole project, and keeps the first.

        New pre-marks for old tasks are meant to be seen; else the version that most tasks have is shown.
        """
        counts = versions(self.studio, self.project.id)
        if shown != pushed and (self.report.renewed or counts.get(pushed, 0) > counts.get(shown, 0)):
            self.studio.patch(f"api/projects/{self.project.id}/", {"model_version": pushed})
            shown = pushed
        self.report.model_version = shown
        self.report.stale = max(0, tasks - counts.get(shown, 0))

    def part_doubles(self, doc_id: str, same: list[Found]) -> None:
        """Leave one task of the text to be labelled."""
        self.report.doubles += part(self.studio, doc_id, same)
        for mapping in (self.report.sent, self.report.present, self.report.changed):
            if doc_id in mapping:
                mapping[doc_id] = kept_one(same).task_id


def _stamped(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """The task with its sender, by which our own doubles are told from those of another machine."""
    meta = task.get("meta")
    return {**task, "meta": {**(meta if isinstance(meta, Mapping) else {}), SENDER: this_machine()}}


def _document_of(task: Mapping[str, Any]) -> object:
    data = task.get("data")
    return data.get("doc_id") if isinstance(data, Mapping) else None
