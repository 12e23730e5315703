"""The program, broken on purpose: trials that do not find these out would not find real harm either.

What a request does that seemed to fail is caught by two nets: it is looked up before anything is sent again, and what
came twice all the same is removed at the end; a page is asked for again, and the server's count is compared with ours.
One net alone is enough, so a mutant that does harm has both cut; those with one cut show that the other one holds.
"""

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import ANY


def resend_unseen() -> None:
    """After a fault a batch is sent again as it was, without a look at what the server did."""
    from annotate.labelstudio import push_send

    def all_of_it(_studio: Any, _project: int, _batch: Any, places: Sequence[int], _delivery: Any) -> list[int]:
        return list(places)

    push_send._still_missing = all_of_it  # type: ignore[assignment]


def leave_doubles() -> None:
    """Doubles stay."""
    from annotate.labelstudio import push

    push.part = lambda _studio, _doc_id, _same: []


def drop_pages() -> None:
    """A page that is not answered at once counts as empty."""
    from annotate.labelstudio.client import Studio
    from annotate.labelstudio.client_errors import StudioFault

    whole = Studio.export

    def export(self: Studio, project_id: int, task_ids: Sequence[int], *, unlabelled: bool) -> list[dict[str, Any]]:
        self.attempts, before = 1, self.attempts
        try:
            return whole(self, project_id, task_ids, unlabelled=unlabelled)
        except StudioFault:
            return []
        finally:
            self.attempts = before

    Studio.export = export  # type: ignore[method-assign]


def count_nothing() -> None:
    """The server's count of annotations is taken to be ours."""
    from annotate.dataset import Dataset

    Dataset.living = lambda _self, _server, _project: ANY  # type: ignore[method-assign]


def commit_anyhow() -> None:
    """A commit records a version, also where nothing differs from the newest one."""
    from annotate.dataset import committing

    commit = committing.commit

    def anyhow(tables: committing.Tables, changes: committing.Changes, note: committing.Note) -> Any:
        made = commit(tables, changes, note)
        if made is not None:
            return made
        basis, commit_id = committing.snapshot(tables), committing.new_commit_id()
        states = {doc_id: state._replace(commit_id=commit_id) for doc_id, state in basis.states.items()}
        return committing.record(tables, basis, commit_id, states, set(), note)

    committing.commit = anyhow


def _both(*parts: Callable[[], None]) -> Callable[[], None]:
    return lambda: [part() for part in parts] and None


MUTANTS: dict[str, Callable[[], None]] = {
    "resends blindly, doubles stay": _both(resend_unseen, leave_doubles),
    "drops a page, counts nothing": _both(drop_pages, count_nothing),
    "commits anyhow": commit_anyhow,
    "resends blindly": resend_unseen,
    "doubles stay": leave_doubles,
    "drops a page": drop_pages,
}
