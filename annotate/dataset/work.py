"""What is kept of the work beside the labels: until when each project was pulled, and the plans of who labels what."""

import time
from datetime import UTC, datetime
from typing import NamedTuple

from annotate.dataset.columns import to_table
from annotate.dataset.tables import AppendConflict, Table
from annotate.errors import DatasetChanged
from annotate.records import PlanRecord


class PulledUntil(NamedTuple):
    """Until when a project's annotations were pulled, by the server's clock; None: never.

    `everything` is of the last pass over all tasks, which alone sees drafts.
    """

    changes: str | None
    everything: str | None


def read_pulled_until(table: Table, server: str, project_id: int) -> PulledUntil:
    """Until when; noted by `note_pulled`."""
    return PulledUntil(*(_moment(table.noted(name)) for name in _names(server, project_id)))


def note_pulled(table: Table, server: str, project_id: int, until: str, *, full: bool) -> None:
    """Note it in the log of the table of annotations, where it stands behind what it speaks of."""
    changes, everything = _names(server, project_id)
    number = int(datetime.fromisoformat(until).timestamp() * 1_000_000)
    table.note({changes: number} | ({everything: number} if full else {}))


def _names(server: str, project_id: int) -> tuple[str, str]:
    return f"pulled {server} {project_id}", f"pulled whole {server} {project_id}"


def _moment(number: int | None) -> str | None:
    if number is None:
        return None
    moment = datetime.fromtimestamp(number / 1_000_000, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_plans(table: Table, server: str, project_id: int) -> list[PlanRecord]:
    """The plans of a project, oldest first; the last one holds."""
    plans = (one for one in table.records(PlanRecord) if (one.server, one.project_id) == (server, project_id))
    return sorted(plans, key=lambda one: one.revision)


def newest_plans(table: Table) -> list[PlanRecord]:
    """The plan that holds, of each project."""
    plans = sorted(table.records(PlanRecord), key=lambda one: one.revision)
    return list({(one.server, one.project_id): one for one in plans}.values())


def add_plan(table: Table, plan: PlanRecord) -> None:
    """Keep a plan. Raises `DatasetChanged` where somebody else made another one in the meantime."""
    while True:
        table.refresh()
        newest = max((one.revision for one in read_plans(table, plan.server, plan.project_id)), default=0)
        if plan.revision != newest + 1:
            raise DatasetChanged(
                "somebody else planned at the same moment", place=table.uri, remedy="run the command again"
            )
        try:
            table.append(to_table([plan], PlanRecord), only_if_unchanged=True)
        except AppendConflict:
            time.sleep(0.02)
        else:
            return
