"""Doubles: a second task of one text, which the server does not prevent.

One that this machine made itself, by a request that seemed to fail and did not, is removed as long as nobody touched
it. One that came from another machine is set aside: it stays, but the label stream gives it to nobody. A double that
somebody labelled stays as it is, and its labels count for the article like those of the other task.
"""

import getpass
import hashlib
import platform
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Literal

from annotate.errors import ProjectMismatch
from annotate.labelstudio.client import Studio
from annotate.labelstudio.push_lookup import ASIDE, Found


@dataclass(frozen=True, slots=True)
class Double:
    """A second task of one text, and what became of it."""

    doc_id: str
    kept: int
    other: int
    fate: Literal["removed", "set aside", "labelled"]


@cache
def this_machine() -> str:
    """Tells tasks that this machine pushed from others; says nothing of it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    about = f"{platform.node()}\n{uuid.getnode()}\n{user}"
    return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def kept_one(same: list[Found]) -> Found:
    """Of several tasks of one text the labelled one, else the oldest; every machine comes to the same."""
    return min(same, key=lambda one: (not one.labelled, one.aside, one.task_id))


def part(studio: Studio, doc_id: str, same: list[Found]) -> list[Double]:
    """Leave one task of the text to be labelled; what became of the others."""
    keep = kept_one(same)
    doubles = []
    for other in same:
        if other.task_id == keep.task_id:
            continue
        fate: Literal["removed", "set aside", "labelled"] = "set aside"
        if not other.aside:
            # Asked anew: somebody may have begun it a moment ago. A task that is gone by now needs nothing more.
            with suppress(ProjectMismatch):
                fate = _part_one(studio, keep, other)
        doubles.append(Double(doc_id, keep.task_id, other.task_id, fate))
    return doubles


def _part_one(studio: Studio, keep: Found, other: Found) -> Literal["removed", "set aside", "labelled"]:
    path = f"api/tasks/{other.task_id}/"
    task = studio.get(path)
    if task.get("annotations") or task.get("drafts"):
        return "labelled"
    if other.sender == this_machine():
        studio.delete(path)
        return "removed"
    # A task that counts as labelled is offered to nobody. The open edition has no better way: tasks cannot be moved.
    meta = {**(task.get("meta") or {}), ASIDE: keep.task_id}
    studio.patch(path, {"overlap": 0, "is_labeled": True, "meta": meta})
    return "set aside"
