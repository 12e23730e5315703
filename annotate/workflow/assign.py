"""Assign: who labels what, made real in Label Studio's open edition, which knows no assignments.

Articles are pushed to one project; from there each annotator gets copies of his or her articles in a project of their
own, and of those to be labelled without pre-marks in another one. `pull` brings the labels of all of them together.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from annotate.errors import PlanError, ProjectMismatch
from annotate.records import AssignmentRecord, PlaceRecord, PlanRecord
from annotate.workflow.mark import Progress
from annotate.workflow.plan import Given, Terms, deal
from annotate.workflow.pseudonyms import Pseudonym, pseudonym_for

if TYPE_CHECKING:
    from annotate.dataset import Dataset
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import Project

NOT_ENFORCED: Final = (
    "Label Studio's open edition has no roles and no assignments: whoever has an account can open every project, and "
    "read, change or delete what others labelled there. Ask everybody to use their own links; what somebody labels "
    "elsewhere is pulled and counts all the same."
)
Begun = Mapping[Given, set[int]]


@dataclass(frozen=True)
class Wishes:
    """What was asked for; None: as in the plan that holds, else the default."""

    annotators: tuple[str, ...] = ()
    overlap: float | None = None
    readers: int | None = None
    blind: float | None = None
    seed: int | None = None
    rebalance: bool = False


@dataclass
class Share:
    """One annotator's part of the plan: numbers of articles, and where they are labelled."""

    annotator: str
    articles: int = 0
    overlap: int = 0
    blind: int = 0
    begun: int = 0
    label_url: str | None = None
    blind_label_url: str | None = None


@dataclass
class AssignReport:
    """The plan, and what was done to make it real. `sent` and `withdrawn` are numbers of tasks."""

    project: str
    plan: PlanRecord
    shares: list[Share]
    articles: int
    new: bool
    made_real: bool
    sent: int = 0
    withdrawn: int = 0
    rejected: list[str] = field(default_factory=list)
    not_enforced: str = NOT_ENFORCED

    def summary(self) -> str:
        """Some lines for a person."""
        plan, goes_on = self.plan, "" if self.new else " goes on"
        how = f"{self.sent} tasks sent" if self.made_real else "planned, nothing was changed"
        back = f", {self.withdrawn} taken back" if self.withdrawn else ""
        lines = [
            f"project “{self.project}”: plan {plan.revision}{goes_on}, {self.articles} articles, "
            f"{len(plan.assignments)} readings; {how}{back}",
            self.not_enforced,
        ]
        for one in self.shares:
            blind = f", without pre-marks at {one.blind_label_url}" if one.blind_label_url else ""
            if one.label_url or blind:
                lines.append(f"{one.annotator} labels at {one.label_url}{blind}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The same for a program."""
        names = ("project", "articles", "new", "made_real", "sent", "withdrawn", "rejected", "not_enforced")
        shares = [vars(one) for one in self.shares]
        return {**{name: getattr(self, name) for name in names}, "shares": shares, "plan": self.plan.model_dump()}


def assign(
    *,
    connection: Any,
    dataset: str | Path,
    project: str,
    author: str,
    wishes: Wishes,
    dry_run: bool = False,
    pseudonyms: Path | None = None,
    progress: Progress | None = None,
) -> AssignReport:
    """Plan who labels what of `project`, keep the plan, and make it real. Safe to repeat; a second run adds nothing.

    `dry_run`: only plan. `pseudonyms` is the file by which annotators get one. Raises `PlanError`, `StudioError`s and
    `DatasetError`s.
    """
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_project import find_project

    studio = Studio.of(connection)
    pool = find_project(studio, int(project) if project.isdecimal() else project)
    if pool is None:
        raise ProjectMismatch(
            f"has no project {project!r}", place=connection.url, remedy="push first, or name another with --project"
        )
    with _store(dataset, dry_run=dry_run) as store, _spooled(studio, pool) as tasks:
        pseudonym = pseudonym_for(store, pseudonyms, begin=not dry_run)
        plans = store.plans(studio.name, pool.id)
        earlier = plans[-1] if plans else None
        terms = _terms(studio, wishes, earlier, pseudonym)
        if not dry_run:
            _fetch(studio, store, pool, earlier, pseudonym)
        begun = begun_by(store, studio.name, pool.id, earlier)
        dealt = deal(tasks.places, terms, earlier.assignments if earlier else (), begun, rebalance=wishes.rebalance)
        plan = _plan(studio.name, pool.id, author, terms, dealt, earlier)
        new = plan is not earlier
        report = AssignReport(pool.title, plan, [], len(tasks.places), new, made_real=not dry_run)
        if not dry_run:
            plan = report.plan = _with_places(studio, pool, plan, earlier)
            if plan is not earlier:
                store.add_plan(plan)
            _make_real(studio, plan, tasks, begun, report, progress)
    report.shares = _shares(plan, begun, studio.public_url)
    return report


@contextmanager
def _store(dataset: str | Path, *, dry_run: bool) -> Iterator["Dataset"]:
    """The dataset. Where there is none yet, a plan that changes nothing is made beside an empty one."""
    from annotate.dataset import Dataset

    if not dry_run:
        yield Dataset.create(dataset)
    elif Dataset.is_there(dataset):
        yield Dataset.open(dataset)
    else:
        with tempfile.TemporaryDirectory() as empty:
            yield Dataset.create(empty)


def _terms(studio: "Studio", wishes: Wishes, earlier: PlanRecord | None, pseudonym: Pseudonym | None) -> Terms:
    default = Terms(())
    if earlier:
        kept = (earlier.overlap, earlier.readers, earlier.blind, earlier.seed)
        default = Terms(tuple(earlier.annotators), *kept)
    names = tuple(_account(studio, one, pseudonym) for one in wishes.annotators)
    if not names and not earlier:
        raise PlanError("nobody is named who labels", remedy="name each with --annotator ADDRESS")
    asked = {name: getattr(wishes, name) for name in ("overlap", "readers", "blind", "seed")}
    given = {name: value for name, value in asked.items() if value is not None}
    return replace(default, annotators=tuple(dict.fromkeys(names)) or default.annotators, **given)


def _account(studio: "Studio", address: str, pseudonym: Pseudonym | None) -> str:
    """The name that is kept of an account. Raises `PlanError` where nobody has that address."""
    known = {email.lower(): email for email in studio.emails().values()}
    email = known.get(address.strip().lower())
    if email is None:
        raise PlanError(
            f"nobody has an account for {address!r}", place=studio.url, remedy="run: atribusi studio invite ADDRESS"
        )
    return pseudonym(email) if pseudonym else email


def _fetch(
    studio: "Studio", store: "Dataset", pool: "Project", earlier: PlanRecord | None, pseudonym: Pseudonym | None
) -> None:
    """What people have begun must be known before it is dealt out."""
    from annotate.workflow.pull import PullReport, fetch_all

    fetch_all(studio, store, pool.id, PullReport(pool.title), plan=earlier, pseudonym=pseudonym)


def begun_by(store: "Dataset", server: str, pool: int, plan: PlanRecord | None) -> dict[Given, set[int]]:
    """What people have labelled, skipped or drafted of a plan's articles, and in which projects."""
    projects = {pool, *(place.project_id for place in plan.places)} if plan else {pool}
    begun: dict[Given, set[int]] = {}
    for one in store.doings():
        if one.server == server and one.project_id in projects and one.annotator and one.state != "deleted":
            begun.setdefault((one.doc_id, one.annotator), set()).add(one.project_id)
    return begun


@dataclass
class _Spool:
    """The project's tasks on the disk, and where the newest one of each article begins there."""

    file: IO[bytes]
    places: dict[str, int] = field(default_factory=dict)

    def read(self, doc_id: str) -> dict[str, Any]:
        self.file.seek(self.places[doc_id])
        task: dict[str, Any] = json.loads(self.file.readline())
        return task


@contextmanager
def _spooled(studio: "Studio", pool: "Project") -> Iterator[_Spool]:
    from annotate.labelstudio.places import as_line, doc_id_of, tasks_of

    with tempfile.TemporaryFile() as file:
        spool = _Spool(file)
        for task in tasks_of(studio, pool):
            doc_id = doc_id_of(task)
            if doc_id is not None:
                spool.places[doc_id] = file.tell()
                file.write(as_line(task))
        if not spool.places:
            raise PlanError("there is no article to assign", place=pool.url, remedy="push articles to it first")
        yield spool


def _plan(
    server: str,
    pool: int,
    author: str,
    terms: Terms,
    dealt: list[AssignmentRecord],
    earlier: PlanRecord | None,
) -> PlanRecord:
    """The new revision; the earlier one itself where nothing differs."""
    from annotate.dataset.history import now

    made = {**vars_of(terms), "annotators": list(terms.annotators), "assignments": dealt}
    if earlier and all(getattr(earlier, name) == value for name, value in made.items()):
        return earlier
    places = earlier.places if earlier else []
    about = {"revision": earlier.revision + 1 if earlier else 1, "server": server, "project_id": pool}
    return PlanRecord(**about, created_at=now(), author=author, places=places, **made)


def vars_of(terms: Terms) -> dict[str, Any]:
    """The shares and the seed."""
    return {name: getattr(terms, name) for name in ("overlap", "readers", "blind", "seed")}


def _with_places(studio: "Studio", pool: "Project", plan: PlanRecord, earlier: PlanRecord | None) -> PlanRecord:
    """The plan with the annotators' projects, which are made before it is kept; made anew if somebody deleted one."""
    from annotate.labelstudio.places import open_place

    wanted = sorted({(one.annotator, one.blind) for one in plan.assignments if one.annotator in plan.annotators})
    made = {(one.annotator, one.blind): one for one in plan.places}
    for annotator, blind in wanted:
        place = open_place(studio, pool.title, annotator, blind=blind)
        made[annotator, blind] = PlaceRecord(annotator=annotator, blind=blind, project_id=place.id)
    places = [made[key] for key in sorted(made)]
    if places == plan.places:
        return plan
    revision = plan.revision + 1 if plan is earlier else plan.revision
    return plan.model_copy(update={"places": places, "revision": revision})


def _make_real(
    studio: "Studio",
    plan: PlanRecord,
    tasks: _Spool,
    begun: Begun,
    report: AssignReport,
    progress: Progress | None,
) -> None:
    """Send everybody what is his or hers and not yet there, and take back what was dealt to somebody else since."""
    from annotate.labelstudio import push as sending
    from annotate.labelstudio.client_project import find_project
    from annotate.labelstudio.places import withdraw

    total = len(plan.assignments)
    for place in plan.places:
        given = {
            one.doc_id
            for one in plan.assignments
            if (one.annotator, one.blind) == (place.annotator, place.blind)
            and one.doc_id in tasks.places
            and plan.project_id not in begun.get((one.doc_id, one.annotator), ())  # labelled there before the plan
        }
        target = find_project(studio, place.project_id) if place.annotator in plan.annotators else None
        if target is None:
            continue
        in_order = sorted(given, key=tasks.places.__getitem__)
        done = sending.push(studio, target, (tasks.read(doc_id) for doc_id in in_order))
        report.sent += len(done.sent)
        report.rejected += [f"{one.doc_id}: {one.reason}" for one in done.rejected]
        if target.tasks > len(given):
            others = [doc_id for doc_id in tasks.places if doc_id not in given]
            touched = {doc_id for doc_id, name in begun if name == place.annotator}
            report.withdrawn += withdraw(studio, target.id, others, touched)
        if progress:
            progress(report.sent, total)


def _shares(plan: PlanRecord, begun: Begun, address: str) -> list[Share]:
    shares = {name: Share(name) for name in plan.annotators}
    seen = Counter(one.doc_id for one in plan.assignments if not one.blind)
    for one in plan.assignments:
        share = shares.setdefault(one.annotator, Share(one.annotator))
        share.begun += (one.doc_id, one.annotator) in begun
        if one.blind:
            share.blind += 1
        else:
            share.articles += 1
            share.overlap += seen[one.doc_id] > 1
    for place in plan.places:
        share = shares.setdefault(place.annotator, Share(place.annotator))
        link = f"{address}/projects/{place.project_id}/data?labeling=1"
        if place.blind:
            share.blind_label_url = link
        else:
            share.label_url = link
    return [shares[name] for name in sorted(shares)]


def share_rows(shares: Sequence[Share]) -> list[list[str]]:
    """The shares as rows of a table."""
    return [[one.annotator, *(str(n) for n in (one.articles, one.overlap, one.blind, one.begun))] for one in shares]
