"""Push: articles become tasks with pre-marks in a Label Studio project; what is there already is not sent again.

Before anything goes out, the dataset keeps our own copy of every text, and a version with the pre-marks, so that what
people change of them can be told from the next version.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from annotate.workflow.commit import Describe, rules_of
from annotate.workflow.mark import Progress, ReadOptions, known_speakers, mark_documents

if TYPE_CHECKING:
    from annotate.articles import Reject
    from annotate.datamodel import MarkedDocument
    from annotate.dataset import Basis, Dataset, DocumentChange
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.connection import Connection
    from annotate.labelstudio.push import PushReport
    from annotate.records import VersionRecord


@dataclass
class PushSummary:
    """What a push did. `version` is the dataset's new version, where there is one."""

    project: str
    url: str
    label_url: str
    report: "PushReport"
    version: "VersionRecord | None" = None
    rejects: list["Reject"] = field(default_factory=list)
    skipped: int = 0

    def summary(self) -> str:
        """Some lines for a person."""
        sent = self.report
        lines = [
            f"project “{self.project}”: {len(sent.sent)} sent, {len(sent.present)} there already, "
            f"{len(sent.changed)} changed and sent as a new revision, {len(sent.rejected)} rejected, "
            f"{self.skipped} skipped",
            f"label at {self.label_url}",
        ]
        if sent.renewed:
            lines.append(f"{sent.renewed} older tasks got pre-marks of this marker; labels are untouched")
        if sent.stale:
            lines.append(
                f"{sent.stale} older tasks hold pre-marks of another marker and open without any: "
                "push the whole archive again"
            )
        for one in sent.doubles:
            lines.append(f"double: {one.doc_id}: task {one.other} beside {one.kept}, {one.fate}")
        return "\n".join(lines + [f"rejected: {one.doc_id}: {one.reason}" for one in sent.rejected])

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "project": self.project,
            "url": self.url,
            "label_url": self.label_url,
            "sent": dict(self.report.sent),
            "present": dict(self.report.present),
            "changed": dict(self.report.changed),
            "rejected": [{"doc_id": one.doc_id, "reason": one.reason} for one in self.report.rejected],
            "doubles": [
                {"doc_id": one.doc_id, "kept": one.kept, "other": one.other, "fate": one.fate}
                for one in self.report.doubles
            ],
            "skipped": self.skipped,
            "renewed": self.report.renewed,
            "stale": self.report.stale,
            "version": self.version.version if self.version else None,
        }

    @property
    def left_out(self) -> int:
        """Documents that did not get to the server."""
        return self.skipped + len(self.report.rejected)


def push(
    inputs: Iterable[str | Path],
    *,
    connection: "Connection",
    dataset: str | Path,
    project: str,
    author: str,
    options: ReadOptions | None = None,
    register: Path | None = None,
    annotators: int = 1,
    progress: Progress | None = None,
) -> PushSummary:
    """Mark `inputs` and send them to `project` of the server; also takes the tasks that `mark` wrote.

    Raises `InputError` when nothing could be read, and `StudioError`s. Safe to repeat after any failure.
    """
    from annotate.dataset import Dataset
    from annotate.labelstudio import push as sending
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import open_project
    from annotate.marking import describe

    # Ask the server first: a wrong token should not cost the marking of an archive.
    studio = Studio.of(connection)
    target = open_project(studio, project, annotators=annotators)
    store = Dataset.create(dataset)
    with _spooled(inputs, options or ReadOptions()) as (marked, rejects, skipped):
        version = _keep(store, marked, author, partial(describe, register=known_speakers(register)))

        def tick(so_far: "PushReport") -> None:
            if progress:
                progress(len(so_far.sent) + len(so_far.present), None)

        report = sending.push(studio, target, marked(), progress=tick)
        if report.stale and not target.blind:
            _renew_stale(studio, target.id, next(marked()).marker, report)
    return PushSummary(target.title, target.url, target.label_url, report, version, rejects, skipped)


def _renew_stale(studio: "Studio", project_id: int, pushed: str, report: "PushReport") -> None:
    """Where tasks would open without any pre-mark, because theirs are of another marker: mark them by this one, too."""
    import json

    from annotate.labelstudio.push_renew import renew_stale
    from annotate.labelstudio.tasks import prediction_json, task_document
    from annotate.marking import Marker

    marker = Marker()
    if pushed != marker.version:
        return  # tasks of somebody else's marker, which we cannot make more of

    def premark(task_id: int, data: dict[str, Any]) -> dict[str, Any] | None:
        document = task_document(data, project_id, task_id)
        if document is None:
            return None
        prediction: dict[str, Any] = json.loads(prediction_json(marker.mark(document)))
        return prediction

    report.renewed += renew_stale(studio, project_id, marker.version, premark)
    report.model_version, report.stale = marker.version, 0


Spool = Callable[[], Iterator["MarkedDocument"]]


@contextmanager
def _spooled(inputs: Iterable[str | Path], options: ReadOptions) -> Iterator[tuple[Spool, list["Reject"], int]]:
    """Mark once into a file of our own, so that it can be gone through twice in constant memory, standard input too."""
    from annotate.articles import Tally
    from annotate.workflow.mark import nothing_read
    from annotate.workflow.tasks import marked_from_tasks, task_files

    inputs = list(inputs)
    tally, rejects = Tally(), list["Reject"]()
    with tempfile.TemporaryFile() as file:
        tasks = task_files(inputs)
        stream = marked_from_tasks(tasks) if tasks else mark_documents(inputs, options, tally, rejects)
        count = 0
        for marked in stream:
            pickle.dump(marked, file)
            count += 1
        if not count:
            raise nothing_read(inputs, rejects)
        yield lambda: _read_back(file, count), rejects, tally.rejected


def _read_back(file: IO[bytes], count: int) -> Iterator["MarkedDocument"]:
    file.seek(0)
    for _ in range(count):
        yield pickle.load(file)  # noqa: S301 -- our own temporary file, which has no name


def _keep(store: "Dataset", marked: Spool, author: str, describe: Describe) -> "VersionRecord | None":
    """Keep every text, and record the pre-marks of documents that nobody labelled yet as a version.

    The rules that merged the newest version go on: a push changes none.
    """
    from annotate.dataset import Recipe
    from annotate.marking import Marker

    store.keep_documents(one.document for one in marked())

    def changes(basis: "Basis") -> Iterator["DocumentChange"]:
        return _premark_changes(basis, marked(), describe)

    version = Marker().version
    rules = rules_of(store.head())
    recipe = Recipe(rules.label, rules.changed(), lexicon_version=version, marker_versions=(version,))
    return store.commit(changes, message="pre-marks", author=author, recipe=recipe)


def _premark_changes(
    basis: "Basis", marked: Iterator["MarkedDocument"], describe: Describe
) -> Iterator["DocumentChange"]:
    from annotate.dataset import DocumentChange
    from annotate.workflow.premarks import premark_rows

    for chunk in _chunks(marked, 500):
        before: dict[str, list[Any]] = {}
        for row in basis.attributions(doc_ids={one.document.doc_id for one in chunk}):
            before.setdefault(row.doc_id, []).append(row)
        texts = {r.doc_id: r.text_sha256 for r in basis.documents(doc_ids={one.document.doc_id for one in chunk})}
        for one in chunk:
            previous = before.get(one.document.doc_id, [])
            labelled = any(row.status != "premark" or row.decision_id for row in previous)
            # An article that was labelled and found without attributions has no row, but a text that we know.
            emptied = not previous and one.document.doc_id in texts
            if labelled or (emptied and texts[one.document.doc_id] == one.document.text_sha256):
                continue
            yield DocumentChange(one.document, premark_rows(one, previous, describe=describe))


def _chunks(items: Iterable["MarkedDocument"], size: int) -> Iterator[list["MarkedDocument"]]:
    chunk: list[MarkedDocument] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
