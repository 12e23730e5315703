"""One batch of tasks on its way: sent once, and looked for before anything is sent again.

The server does not notice doubles, and after a 500 or a time-out it may have stored a batch all the same, sometimes
without its predictions. So after a fault the batch is looked up by document and text; only what is missing goes again,
and a task that came through without its pre-marks gets them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_errors import StudioFault, StudioRefusal
from annotate.labelstudio.push_lookup import find_tasks

_BYTES_AT_ONCE: Final = 32_000_000  # the server's limit is 250 MiB, and it needs many times the body's size of memory


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked task, ready to go: its JSON. `model_version` is that of its pre-marks, None where it has none."""

    doc_id: str
    text_sha256: str
    body: bytes
    model_version: str | None

    @property
    def prediction(self) -> dict[str, Any]:
        """The pre-marks, where they have to go on their own."""
        prediction: dict[str, Any] = json.loads(self.body)["predictions"][0]
        return prediction


@dataclass(slots=True)
class Delivery:
    """What became of a batch: task ids by place in it, what the server refused, and whether there was a fault."""

    task_ids: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    faltered: bool = False


def send(studio: Studio, project_id: int, batch: Sequence[Prepared]) -> Delivery:
    """Send a batch; every task of it is on the server once when this returns, or refused, or a fault is raised."""
    delivery = Delivery()
    for places in _portions(batch):
        _send_part(studio, project_id, batch, places, delivery)
    if delivery.faltered:
        _add_missing_predictions(studio, batch, delivery)
    return delivery


def _portions(batch: Sequence[Prepared]) -> Iterator[list[int]]:
    """Places in the batch, in portions of such a size that the server takes them."""
    portion: list[int] = []
    size = 0
    for place, prepared in enumerate(batch):
        if portion and size + len(prepared.body) > _BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(place)
        size += len(prepared.body)
    if portion:
        yield portion


def _send_part(
    studio: Studio, project_id: int, batch: Sequence[Prepared], places: Sequence[int], delivery: Delivery
) -> None:
    missing = list(places)
    for attempt in range(1, studio.attempts + 1):
        try:
            ids = _import(studio, project_id, [batch[place] for place in missing])
            delivery.task_ids.update(zip(missing, ids, strict=True))
            return
        except StudioRefusal as error:
            if len(missing) == 1:
                delivery.refused[missing[0]] = error.message
                return
            # One bad task costs its batch: halve until it stands alone.
            half = len(missing) // 2
            _send_part(studio, project_id, batch, missing[:half], delivery)
            _send_part(studio, project_id, batch, missing[half:], delivery)
            return
        except StudioFault as fault:
            delivery.faltered = True
            if attempt == studio.attempts:
                raise
            studio.pause(fault, attempt)
            missing = _still_missing(studio, project_id, batch, missing, delivery)
            if not missing:
                return


def _import(studio: Studio, project_id: int, batch: Sequence[Prepared]) -> list[int]:
    body = b"[" + b",".join(prepared.body for prepared in batch) + b"]"
    answer = studio.post_once(f"api/projects/{project_id}/import", body, {"return_task_ids": "true"})
    ids = answer.get("task_ids") if isinstance(answer, dict) else None
    if not isinstance(ids, list) or len(ids) != len(batch):
        raise StudioFault("the server did not say which tasks it made of a batch", place=studio.url)
    return [int(task_id) for task_id in ids]


def _still_missing(
    studio: Studio, project_id: int, batch: Sequence[Prepared], places: Sequence[int], delivery: Delivery
) -> list[int]:
    found = find_tasks(studio, project_id, [batch[place].doc_id for place in places])
    missing = []
    for place in places:
        prepared = batch[place]
        ids = [task.task_id for task in found.get(prepared.doc_id, ()) if task.text_sha256 == prepared.text_sha256]
        if ids:
            delivery.task_ids[place] = ids[0]
        else:
            missing.append(place)
    return missing


def _add_missing_predictions(studio: Studio, batch: Sequence[Prepared], delivery: Delivery) -> None:
    for place, task_id in delivery.task_ids.items():
        if batch[place].model_version is None:
            continue
        prediction = batch[place].prediction
        there = studio.get("api/predictions/", {"task": task_id})
        if not any(one.get("model_version") == prediction["model_version"] for one in there):
            studio.post_once("api/predictions/", {**prediction, "task": task_id})
