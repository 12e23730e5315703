"""Every state of every annotation, out of Label Studio and into records, a page at a time.

A full pass goes through the project's tasks in the order of their ids; an incremental one asks for the tasks that
changed since a watermark. Either way the tasks come in the export's JSON, which alone holds everything: skipped and
empty annotations, drafts of all people, ground-truth marks, lead times.

What was deleted on the server is not followed but recorded: a state `deleted` of each annotation that we knew and that
is no longer there. Drafts move no time stamp, and deleted tasks leave none: both need the full pass.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from annotate.datamodel import Document
from annotate.labelstudio.answers import to_json
from annotate.labelstudio.client import Studio
from annotate.labelstudio.pull_pages import changed_pages, full_pages
from annotate.labelstudio.tasks import document_id, task_document
from annotate.records import AnnotationRecord, AnnotationState

# A change gets its time before it can be read, and the server's clock is read to the second: look back a little.
_OVERLAP: Final = timedelta(seconds=10)
# What tells one state of an annotation from another. The rest of its JSON follows from these, or is about its task.
_STATE_FIELDS: Final = (
    *("result", "was_cancelled", "ground_truth", "created_at", "updated_at", "completed_by", "updated_by", "user"),
    *("lead_time", "parent_prediction", "parent_annotation", "unique_id", "annotation"),
)
# Where the export names people by their addresses, also those whose account is gone.
_WHO_FIELDS: Final = ("user", "created_username", "completed_by", "updated_by")
_ADDRESS: Final = re.compile(r"[^\s,;:<>()'\"{}\[\]]+@[^\s,;:<>()'\"{}\[\]]+")
# Of what was parsed from JSON, which holds no circles.
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, check_circular=False, separators=(",", ":"))
_NO_TEXT: Final = sha256(b"").hexdigest()


class Known(NamedTuple):
    """An annotation that we hold and that was not deleted when we last saw it."""

    task_id: int
    annotation_id: int
    doc_id: str
    task_text_sha256: str
    annotator: str | None = None


class Pull:
    """Iterate to get the records; afterwards the counters and `watermark` hold.

    Args:
        since: watermark of an earlier pull, for an incremental pass; None for a full one.
        known: the living annotations that we hold, in the order of their task ids. Without them no deletion is seen.
        page: tasks in one request.
        held: hashes of the texts that we hold. The document of a task that went out with another is put among
            `strangers`, for whoever iterates to keep and take out; without this argument we hold all that went out.
        pseudonym: makes of an e-mail address what is stored in its place, also in the raw JSON.
        progress: is called after each page with the number of tasks so far.

    Each task is read once, and nothing is kept: memory does not grow with the project. Raises `StudioError`s.
    """

    def __init__(
        self,
        studio: Studio,
        project_id: int,
        *,
        since: str | None = None,
        known: Iterable[Known] = (),
        page: int = 200,
        held: Container[str] | None = None,
        pseudonym: Callable[[str], str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.studio = studio
        self.project_id = project_id
        self.since = since
        self.watermark = since
        self.tasks = 0
        self.records = 0
        self.deleted = 0
        self.full = since is None
        self._known = _Known(known)
        self.strangers: list[Document] = []
        self._page = page
        self._held = held
        self._pseudonym = pseudonym
        self._progress = progress
        self._strangers: set[int] = set()
        self._versions: dict[int, str | None] = {}

    def __iter__(self) -> Iterator[AnnotationRecord]:
        begun = self.studio.server_time()
        # A clock that was set back hides changes behind the watermark; only a full pass sees them.
        self.full = self.since is None or begun is None or _instant(begun + _OVERLAP) < self.since
        if self.full or self.since is None:
            pages = full_pages(self.studio, self.project_id, self._page)
        else:
            pages = changed_pages(self.studio, self.project_id, _earlier(self.since), self._page)
        for page in pages:
            now = _instant(datetime.now(UTC))
            known = self._known.below(page.end)
            for task in page.tasks:
                yield from self._task(task, known.pop(int(task["id"]), []), now)
            if self.full:
                yield from self._gone((one for gone in known.values() for one in gone), now)
            self.tasks += len(page.tasks)
            if self._progress:
                self._progress(self.tasks)
        if self.full:
            yield from self._gone(self._known.rest(), _instant(datetime.now(UTC)))
        # The time at which the pass began, by the server's clock: what changes behind its back changes after that.
        self.watermark = _instant(begun) if begun else None

    def _task(self, task: Mapping[str, Any], known: Iterable[Known], now: str) -> Iterator[AnnotationRecord]:
        context = _Task(self, task, now)
        if self._held is not None and context.text is None and context.text_sha256 not in self._held:
            document = task_document(task["data"], self.project_id, context.task_id)
            self.strangers += [document] if document else []
        living = set()
        for annotation in task.get("annotations") or ():
            living.add(int(annotation["id"]))
            yield self._counted(context.annotation(annotation))
        for draft in task.get("drafts") or ():
            record = context.draft(draft)
            living.add(record.annotation_id)
            yield self._counted(record)
        yield from self._gone((one for one in known if one.annotation_id not in living), now)

    def _gone(self, known: Iterable[Known], now: str) -> Iterator[AnnotationRecord]:
        for one in known:
            # Recorded once and for all: so the server is asked about this one, and only a clear answer counts.
            kind, number = (
                ("annotations", one.annotation_id) if one.annotation_id > 0 else ("drafts", -one.annotation_id)
            )
            if not self.studio.is_gone(f"api/{kind}/{number}/"):
                continue
            self.deleted += 1
            yield self._counted(
                AnnotationRecord(
                    state_id=_hash([self.studio.name, self.project_id, one.task_id, one.annotation_id, "deleted"]),
                    server=self.studio.name,
                    project_id=self.project_id,
                    task_id=one.task_id,
                    annotation_id=one.annotation_id,
                    doc_id=one.doc_id,
                    task_text_sha256=one.task_text_sha256,
                    state="deleted",
                    annotator=one.annotator,
                    raw="{}",
                    pulled_at=now,
                )
            )

    def _counted(self, record: AnnotationRecord) -> AnnotationRecord:
        self.records += 1
        return record

    def annotator(self, user: object) -> str | None:
        """Address (or pseudonym) of an account, given by its number or with its facts."""
        if isinstance(user, Mapping):
            user = user.get("id")
        email = None
        if isinstance(user, int):
            email = self.studio.emails().get(user)
            if email is None and user not in self._strangers:  # an account that was made a moment ago
                self._strangers.add(user)
                email = self.studio.emails(again=True).get(user)
        if isinstance(user, str) and "@" in user:  # the export names the owner of a draft so
            email = user
        return self._pseudonym(email) if email and self._pseudonym else email

    def without_addresses(self, raw: Mapping[str, Any]) -> str:
        """The raw JSON; with pseudonyms, where those are wanted, in place of all addresses that stand in it."""
        text = to_json(raw)
        if not self._pseudonym:
            return text
        named = " ".join(str(raw.get(field)) for field in _WHO_FIELDS)
        addresses = {*self.studio.emails().values(), *_ADDRESS.findall(named)}
        folded = text.lower()
        for email in sorted(addresses, key=len, reverse=True):  # one may be a part of another
            if email.lower() in folded:
                text = re.sub(re.escape(email), self._pseudonym(email), text, flags=re.IGNORECASE)
        return text

    def parsed(self, raw: Mapping[str, Any], kept: str) -> Mapping[str, Any]:
        """What is kept of the raw JSON, parsed: the ids of states are made of that, too."""
        parsed: Mapping[str, Any] = json.loads(kept) if self._pseudonym else raw
        return parsed

    def version_of(self, annotation: Mapping[str, Any]) -> str | None:
        """Model version of the prediction that an annotation began as."""
        parent = annotation.get("parent_prediction")
        if not isinstance(parent, int):
            return None
        frozen = annotation.get("prediction")
        if isinstance(frozen, Mapping) and frozen.get("id") == parent:
            return str(frozen.get("model_version"))
        if parent not in self._versions:
            if len(self._versions) > 10_000:
                self._versions.clear()
            self._versions[parent] = self.studio.prediction_version(parent)
        return self._versions[parent]


class _Task:
    """What the records of one task share."""

    def __init__(self, pull: Pull, task: Mapping[str, Any], now: str) -> None:
        data = task.get("data")
        data = data if isinstance(data, Mapping) else {}
        text = data.get("text") if isinstance(data.get("text"), str) else ""
        pushed = data.get("text_sha256")
        self.pull = pull
        self.now = now
        self.task_id = int(task["id"])
        self.doc_id = document_id(data, pull.project_id, self.task_id)
        self.text_sha256 = sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else _NO_TEXT
        self.text = None if self.text_sha256 == pushed else text

    def annotation(self, annotation: Mapping[str, Any]) -> AnnotationRecord:
        if annotation.get("was_cancelled"):
            state: AnnotationState = "skipped"
        else:
            state = "submitted" if annotation.get("result") else "empty"
        annotator = self.pull.annotator(annotation.get("completed_by"))
        updated_by = self.pull.annotator(annotation.get("updated_by"))
        return self.record(
            annotation,
            int(annotation["id"]),
            state,
            annotator=annotator,
            updated_by=None if updated_by == annotator else updated_by,
            prediction_version=self.pull.version_of(annotation),
        )

    def draft(self, draft: Mapping[str, Any]) -> AnnotationRecord:
        # Also the draft of a change to an annotation has a number of its own, for both are there at the same time.
        return self.record(draft, -int(draft["id"]), "draft", annotator=self.pull.annotator(draft.get("user")))

    def record(
        self,
        raw: Mapping[str, Any],
        annotation_id: int,
        state: AnnotationState,
        *,
        annotator: str | None,
        updated_by: str | None = None,
        prediction_version: str | None = None,
    ) -> AnnotationRecord:
        kept = self.pull.without_addresses(raw)
        raw = self.pull.parsed(raw, kept)
        place = [self.pull.studio.name, self.pull.project_id, self.task_id, annotation_id, state, self.text_sha256]
        lead_time = raw.get("lead_time")
        parent, parent_annotation = raw.get("parent_prediction"), raw.get("parent_annotation")
        return AnnotationRecord(
            state_id=_hash([*place, [raw.get(field) for field in _STATE_FIELDS]]),
            server=self.pull.studio.name,
            project_id=self.pull.project_id,
            task_id=self.task_id,
            annotation_id=annotation_id,
            doc_id=self.doc_id,
            task_text_sha256=self.text_sha256,
            task_text=self.text,
            state=state,
            annotator=annotator,
            updated_by=updated_by,
            created_at=_instant_of(raw.get("created_at")),
            updated_at=_instant_of(raw.get("updated_at")),
            lead_time=lead_time if isinstance(lead_time, int | float) and lead_time >= 0 else None,
            ground_truth=bool(raw.get("ground_truth")),
            parent_prediction=parent if isinstance(parent, int) else None,
            parent_annotation=parent_annotation if isinstance(parent_annotation, int) else None,
            prediction_version=prediction_version,
            unique_id=raw.get("unique_id") if isinstance(raw.get("unique_id"), str) else None,
            raw=kept,
            pulled_at=self.now,
        )


class _Known:
    """The annotations that we hold, read along with the tasks: both come in the order of task ids."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = iter(known)
        self._next = next(self._known, None)

    def below(self, end: int) -> dict[int, list[Known]]:
        """The next ones, of tasks below this id, by task."""
        passed: dict[int, list[Known]] = {}
        while self._next is not None and self._next.task_id < end:
            passed.setdefault(self._next.task_id, []).append(self._next)
            self._step()
        return passed

    def rest(self) -> Iterator[Known]:
        """All that are left."""
        while self._next is not None:
            yield self._next
            self._step()

    def _step(self) -> None:
        before, self._next = self._next, next(self._known, None)
        if before and self._next and self._next.task_id < before.task_id:
            raise ValueError("the known annotations are not in the order of their task ids")


def _hash(parts: Sequence[Any]) -> str:
    return sha256(_CANONICAL.encode(parts).encode()).hexdigest()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _instant_of(value: object) -> str | None:
    """A time of the server in our form: UTC, ending in Z."""
    if not isinstance(value, str):
        return None
    try:
        return _instant(datetime.fromisoformat(value))
    except ValueError:
        return None


def _earlier(watermark: str) -> str:
    return _instant(datetime.fromisoformat(watermark) - _OVERLAP)
