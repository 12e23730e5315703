"""Everything that can go wrong, as one tree.

    AtribusiError                what the command line prints as one line and turns into an exit code
    ├── InputError               an article, a row or a file that cannot be read
    │   └── DuplicateDocument    the same id with another text
    ├── MissingExtra             an optional dependency is not installed
    ├── TaskError                a task that Label Studio would take and then break on
    ├── StudioError              Label Studio said no
    │   ├── StudioUnreachable    nothing answers at the address
    │   ├── StudioAuthError      the token is wrong, revoked or missing
    │   ├── ProjectMismatch      the project is not ours, or its configuration does not fit
    │   └── EmbeddedServerError  the embedded server cannot be installed, started or stopped
    ├── PlanError                who labels what cannot be planned like this
    ├── LabelError               a label that came back cannot be placed on our own copy of the text
    └── DatasetError             the dataset cannot be read or written
        ├── DatasetChanged       another commit changed the same documents meanwhile
        ├── NewerDataset         written by a newer scheme than this program knows
        └── VersionNotFound      no version of that number, tag or date

A message names the place (file, line, field) and the remedy. Library code raises these and never prints or exits.
"""

from collections.abc import Callable
from typing import Any

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3  # done, but some of the input was skipped or set aside, and the report says what


class AtribusiError(Exception):
    """An error that a person can act upon.

    `message` says what is wrong, `place` where (`berita.csv, line 7, field "text"`), `remedy` what to do about it.
    """

    exit_code = EXIT_FAILED

    def __init__(self, message: str, *, place: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __reduce__(self) -> "tuple[Callable[..., AtribusiError], tuple[type, dict[str, Any]]]":
        return _as_it_was, (type(self), vars(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        what_to_do = f" — {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{what_to_do}"


def _as_it_was(kind: type[AtribusiError], fields: dict[str, Any]) -> AtribusiError:
    """An error that comes from another process."""
    error = kind.__new__(kind, fields["message"])
    vars(error).update(fields)
    return error


class InputError(AtribusiError):
    """An article, a row or a file that cannot be read."""


class DuplicateDocument(InputError):
    """The same document id with another text in one run."""


class MissingExtra(AtribusiError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part of atribusi", remedy=f"run: pip install 'atribusi[{extra}]'")


class TaskError(AtribusiError):
    """A task that Label Studio would take without a word and then break on."""


class StudioError(AtribusiError):
    """Label Studio said no, or answered what it should not."""


class StudioUnreachable(StudioError):
    """Nothing answers at the server's address."""


class StudioAuthError(StudioError):
    """The token is wrong, revoked or missing."""


class ProjectMismatch(StudioError):
    """The project is not ours, or its labelling configuration does not fit."""


class EmbeddedServerError(StudioError):
    """The embedded Label Studio server cannot be installed, started or stopped."""


class PlanError(AtribusiError):
    """Who labels what cannot be planned like this."""


class LabelError(AtribusiError):
    """A label that came back cannot be placed with certainty on our own copy of the text."""


class DatasetError(AtribusiError):
    """The dataset cannot be read or written."""


class DatasetChanged(DatasetError):
    """Another commit changed the same documents while this one was being made."""


class NewerDataset(DatasetError):
    """The dataset was written by a newer scheme than this program knows."""


class VersionNotFound(DatasetError):
    """The dataset has no version of that number, tag or date."""
