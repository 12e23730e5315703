"""Tasks that `mark` wrote, read again: `push` takes them as it takes articles."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from annotate.datamodel import MarkedDocument
from annotate.errors import InputError, TaskError

# A list of tasks, or lines of them: `[{"data": {` or `{"data": {`.
BEGINS_A_TASK = re.compile(r'\ufeff?\s*\[?\s*\{\s*"data"\s*:\s*\{')


def task_files(inputs: Sequence[str | Path]) -> list[Path]:
    """The inputs, if all of them are files of tasks; an empty list if they are articles."""
    paths = [Path(one) for one in inputs]
    return paths if paths and all(_holds_tasks(path) for path in paths) else []


def _holds_tasks(path: Path) -> bool:
    if path.suffix not in (".json", ".jsonl") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return bool(BEGINS_A_TASK.match(file.read(1000)))


def marked_from_tasks(paths: Iterable[Path]) -> Iterator[MarkedDocument]:
    """The documents and pre-marks of task files. Raises `TaskError` for a task that does not hold what it must."""
    from annotate.labelstudio.tasks_check import check_task

    for path in paths:
        for number, task in enumerate(_tasks(path), start=1):
            try:
                check_task(task)
            except TaskError as error:
                place = ", ".join(filter(None, [f"{path}, task {number}", error.place]))
                raise TaskError(error.message, place=place, remedy=error.remedy) from None
            yield _marked(task)


def _tasks(path: Path) -> Iterator[Any]:
    try:
        if path.suffix == ".json":
            yield from json.loads(path.read_text(encoding="utf-8"))
        else:
            with path.open(encoding="utf-8", newline="\n") as file:
                yield from (json.loads(line) for line in file if line.strip())
    except (ValueError, TypeError) as error:
        raise InputError(f"is not the JSON that `mark` writes: {error}", place=str(path)) from None


def _marked(task: dict[str, Any]) -> MarkedDocument:
    from annotate.labelstudio.labels import read_result
    from annotate.labelstudio.tasks import task_document

    document = task_document(task["data"], 0, 0)
    assert document is not None  # an empty text was refused by the check
    prediction = (task.get("predictions") or [{}])[0]
    labels = read_result(prediction.get("result") or [], document.text)
    return MarkedDocument(document, labels.attributions, prediction.get("model_version") or "unknown")
