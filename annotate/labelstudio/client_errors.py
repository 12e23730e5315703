"""What Label Studio and the network answer, as errors with a remedy. A token is never part of a message."""

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Final

import httpx

from annotate.errors import ProjectMismatch, StudioAuthError, StudioError, StudioUnreachable
from annotate.labelstudio.secret import Secret

_AGAIN: Final = "run the command again; what was done is not done twice"
_TRANSIENT: Final = (408, 409, 425, 429)


class StudioFault(StudioUnreachable):
    """A fault on the way: the server may or may not have done what it was asked. Asking again may help.

    `retry_after` is how many seconds the server asks to wait, where it says so.
    """

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = _AGAIN, retry_after: float | None = None
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.retry_after = retry_after


class StudioRefusal(StudioError):
    """The server understood and said no (400): asking again does not help, asking for less may."""


def lost_connection(url: str, error: httpx.HTTPError, timeout: float) -> StudioFault:
    """No answer, or half of one."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
        return StudioFault(
            "nothing answers there",
            place=url,
            remedy="is the server running? `atribusi studio status` tells of the embedded one; check the address",
        )
    if isinstance(error, httpx.TimeoutException):
        return StudioFault(f"no answer within {timeout:g} seconds", place=url)
    return StudioFault(f"the connection was lost ({type(error).__name__})", place=url)


def broken_answer(url: str, path: str) -> StudioFault:
    """An answer that is not JSON: cut off, or from something else than Label Studio."""
    return StudioFault(
        f"the answer to {path} is not the JSON of Label Studio",
        place=url,
        remedy="is that the address of a Label Studio server? If it is, run the command again",
    )


def refusal(url: str, path: str, status: int, body: str, headers: Mapping[str, str], token: Secret) -> StudioError:
    """The error for an answer of 400 or above."""
    said = _detail(body).replace(token.reveal(), "***") if token else _detail(body)
    if status in (401, 403):
        what = "the token was not accepted" if status == 401 else "the token's account may not do that"
        return StudioAuthError(
            f"{what} ({said or status})",
            place=url,
            remedy="take a token from Account & Settings on that server's pages; is its kind allowed there?",
        )
    if status in _TRANSIENT or status >= 500:
        return StudioFault(
            f"the server answered {status} to {path}" + (f" ({said})" if said else ""),
            place=url,
            retry_after=_retry_after(headers.get("Retry-After")),
        )
    if status == 404:
        return ProjectMismatch(
            f"there is no {path} on the server",
            place=url,
            remedy="was the project deleted? Check the address and the project's number or title",
        )
    return StudioRefusal(f"the server answered {status} to {path}: {said}", place=url)


def _detail(body: str) -> str:
    """What the server says about it, in one short line."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if isinstance(answer, dict):
        answer = answer.get("validation_errors") or answer.get("detail") or answer
    words = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return " ".join(words.split())[:300]


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
