"""Which tasks a pull reads, in the order of their ids, a page at a time.

One export of a whole project takes the server minutes and gigabytes from some 20,000 tasks on; exports of a few hundred
tasks by their ids take as long for each task and no more. Listing ids alone is as slow as exporting, so a full pass
simply counts through the numbers between the first and the last id: those of other projects are passed over.

While a page is read, the next ones are on their way: so the server is never idle.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from annotate.labelstudio.client import Studio

Task = dict[str, Any]
_DRAFTS: Final = 500  # tasks with drafts in one answer
_AT_ONCE: Final = 2  # pages that are asked for: the server prepares one while the other comes over


@dataclass(frozen=True, slots=True)
class Page:
    """Tasks in the order of their ids. Of the ids below `end`, all that this pass reads have been read."""

    tasks: list[Task]
    end: int


def full_pages(studio: Studio, project_id: int, size: int) -> Iterator[Page]:
    """All tasks that have annotations or drafts."""
    first, total = _edge(studio, project_id, "tasks:id")
    last = _edge(studio, project_id, "-tasks:id")[0] if total > 1 else first
    if first is None or last is None:
        return
    # Among many other projects' tasks most pages are empty: which one is next shows when one has come.
    sparse = total < (last - first + 1) / 2
    drafted = set(_with_drafts(studio, project_id))
    begin, at_once = first, 1 if sparse else _AT_ONCE
    coming: deque[Future[Page]] = deque()
    page: Page | None = None
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as asker:
        while True:
            while begin <= last and len(coming) < at_once:
                ids = range(begin, min(begin + size, last + 1))
                coming.append(asker.submit(_page, studio, project_id, ids, drafted))
                begin = ids.stop
            if page is not None:
                yield page
            if not coming:
                return
            page = coming.popleft().result()
            if sparse and not page.tasks:
                begin = _edge(studio, project_id, "tasks:id", _above(begin - 1))[0] or last + 1


def _page(studio: Studio, project_id: int, ids: range, drafted: set[int]) -> Page:
    tasks = studio.export(project_id, ids, unlabelled=False)
    only_drafts = drafted.intersection(ids) - {task["id"] for task in tasks}
    if only_drafts:
        tasks += studio.export(project_id, sorted(only_drafts), unlabelled=True)
    return Page(sorted(tasks, key=_id), ids.stop)


def changed_pages(studio: Studio, project_id: int, since: str, size: int) -> Iterator[Page]:
    """The tasks that changed after this instant, also those whose last annotation was deleted."""
    pages = _changed_pages(studio, project_id, since, size)
    with ThreadPoolExecutor(max_workers=1) as asker:
        coming = asker.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = asker.submit(next, pages, None)
            yield page


def _changed_pages(studio: Studio, project_id: int, since: str, size: int) -> Iterator[Page]:
    changed = {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime", "value": since}
    done = -1
    while True:
        # By the last id and not by page number: a task that is deleted meanwhile would shift the pages.
        listed = studio.tasks(project_id, [changed, *_above(done)], include="id", page_size=size)["tasks"]
        if not listed:
            return
        ids = [int(task["id"]) for task in listed]
        done = ids[-1]
        yield Page(sorted(studio.export(project_id, ids, unlabelled=True), key=_id), done + 1)


def _id(task: Task) -> int:
    return int(task["id"])


def _above(task_id: int) -> list[dict[str, Any]]:
    return [{"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": task_id}]


def _edge(
    studio: Studio, project_id: int, order: str, filters: Sequence[dict[str, Any]] = ()
) -> tuple[int | None, int]:
    """The first id in that order, and how many tasks there are."""
    page = studio.tasks(project_id, filters, order=order, include="id", page_size=1)
    return (int(page["tasks"][0]["id"]) if page["tasks"] else None), int(page["total"])


def _with_drafts(studio: Studio, project_id: int) -> Iterator[int]:
    drafted = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}
    done, left = -1, 1
    while left > 0:
        page = studio.tasks(project_id, [drafted, *_above(done)], include="id", page_size=_DRAFTS)
        left = page["total"] - len(page["tasks"]) if page["tasks"] else 0
        for task in page["tasks"]:
            done = int(task["id"])
            yield done
