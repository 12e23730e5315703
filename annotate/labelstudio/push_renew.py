"""Pre-marks of a better marker for tasks that are there already: a new prediction beside the old, labels untouched."""

import json
from collections.abc import Callable
from typing import Any, Final

from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_errors import StudioFault
from annotate.labelstudio.push_lookup import task_count, tasks_with_version, versions

# The server goes through the whole project at each such request: few large ones are many times faster than many small.
_AT_ONCE: Final = 2000
_PAGE: Final = 200
_BYTES_AT_ONCE: Final = 32_000_000


def renew_stale(
    studio: Studio, project_id: int, version: str, premark: Callable[[int, dict[str, Any]], dict[str, Any] | None]
) -> int:
    """Give all tasks that nobody has finished pre-marks of this version, and show it; how many got them.

    Label Studio shows one version in a whole project: a task that has none of it opens without any pre-mark. `premark`
    makes a prediction of a task's number and data, or None.
    """
    renewal = Renewal(studio, project_id, version)
    names = "filter:tasks:predictions_model_versions"
    lacking = {"filter": names, "operator": "not_contains", "type": "List", "value": [version]}
    done = -1
    while True:
        above = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": done}
        fields: dict[str, Any] = {"fields": "task_only", "include": "id,data,is_labeled", "page_size": _PAGE}
        page = studio.tasks(project_id, [lacking, above], **fields)["tasks"]
        if not page:
            break
        done = max(int(task["id"]) for task in page)
        for task in page:
            if not task.get("is_labeled") and not renewal.has(int(task["id"])):
                prediction = premark(int(task["id"]), task["data"])
                if prediction is not None:
                    renewal.add(int(task["id"]), lambda made=prediction: made)  # type: ignore[misc]
    renewal.flush()
    studio.patch(f"api/projects/{project_id}/", {"model_version": version})
    return renewal.sent


class Renewal:
    """Collects predictions of one model version and sends them in large portions; none goes twice."""

    def __init__(self, studio: Studio, project_id: int, version: str) -> None:
        self.studio = studio
        self.project_id = project_id
        self.version = version
        self.sent = 0
        self._waiting: dict[int, bytes] = {}
        self._bytes = 0
        there = versions(studio, project_id).get(version, 0)
        # Listing tasks takes the server as long as exporting them: only where some have it and some have not.
        self._all_have = there >= task_count(studio, project_id)
        self._have = tasks_with_version(studio, project_id, version) if there and not self._all_have else set()

    def has(self, task_id: int) -> bool:
        """Whether the task has a prediction of this version, or is about to get it."""
        return self._all_have or task_id in self._have or task_id in self._waiting

    def add(self, task_id: int, prediction: Callable[[], dict[str, Any]]) -> None:
        """Give a task this prediction, unless it has one of this version."""
        if self.has(task_id):
            return
        body = json.dumps({**prediction(), "task": task_id}, ensure_ascii=False).encode()
        self._waiting[task_id] = body
        self._bytes += len(body)
        if len(self._waiting) >= _AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Send what was collected; after a fault, what of it did not arrive."""
        for attempt in range(1, self.studio.attempts + 1):
            if not self._waiting:
                return
            try:
                self._send()
            except StudioFault as fault:
                if attempt == self.studio.attempts:
                    raise
                self.studio.pause(fault, attempt)
                self._forget(tasks_with_version(self.studio, self.project_id, self.version))

    def _send(self) -> None:
        body = b"[" + b",".join(self._waiting.values()) + b"]"
        path = f"api/projects/{self.project_id}/import/predictions"
        answer = self.studio.post_once(path, body, timeout=max(self.studio.timeout, 600.0))
        created = answer.get("created") if isinstance(answer, dict) else None
        if created != len(self._waiting):
            raise StudioFault(f"of {len(self._waiting)} predictions {created} were stored", place=self.studio.url)
        self._forget(set(self._waiting))

    def _forget(self, arrived: set[int]) -> None:
        before = len(self._waiting)
        self._waiting = {task_id: body for task_id, body in self._waiting.items() if task_id not in arrived}
        self.sent += before - len(self._waiting)
        self._bytes = sum(map(len, self._waiting.values()))
        self._have |= arrived
