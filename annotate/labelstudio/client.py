"""The wire to a Label Studio server, and the only module that imports its SDK.

The SDK brings the log-in (legacy and personal tokens) and the validation of predictions. Its own repetition of requests
is switched off: it repeats imports too, and the server does not notice a double. What may safely be asked again is
asked again here; everything else is sent once, and a `StudioFault` tells the caller to look before sending more.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self, TypeVar

import httpx

from annotate.errors import MissingExtra, ProjectMismatch, StudioError
from annotate.labelstudio.answers import parsed
from annotate.labelstudio.client_errors import StudioFault, broken_answer, lost_connection, refusal
from annotate.labelstudio.connection import Connection, plain_client
from annotate.labelstudio.secret import Secret

OLDEST: Final = (1, 22)  # the oldest minor release that push, pull and serve were tested with
_LONGEST_WAIT: Final = 60.0  # seconds; also for a server that asks for more by Retry-After

_T = TypeVar("_T")
_JSON: Final = {"Content-Type": "application/json"}


class Studio:
    """A logged-in client; the token stays inside.

    Args:
        url: the server's address.
        token: legacy or personal.
        name: what tells this server from others in what is kept, where its address may change; default the address.
        public_url: the server's address as annotators have to write it; default the address.
        timeout: seconds, for each request.
        attempts: how often a request that changes nothing is made before a fault of the server or of the network
            becomes an error.
    """

    def __init__(
        self,
        url: str,
        token: Secret | str,
        *,
        name: str = "",
        public_url: str = "",
        timeout: float = 60.0,
        attempts: int = 4,
    ) -> None:
        self.url = url.rstrip("/")
        self.name = name or self.url
        self.public_url = (public_url or self.url).rstrip("/")
        self.timeout = timeout
        self.attempts = attempts
        self.sleep: Callable[[float], None] = time.sleep
        self._token = token if isinstance(token, Secret) else Secret(token)
        self._sdk: Any = None
        self._emails: dict[int, str] | None = None
        self._fits = False

    @classmethod
    def of(cls, connection: Connection, *, timeout: float = 60.0, attempts: int = 4) -> Self:
        """A client of the server that `find_connection` found."""
        return cls(
            connection.url,
            connection.token,
            name=connection.name,
            public_url=connection.public_url,
            timeout=timeout,
            attempts=attempts,
        )

    def close(self) -> None:
        """Close the connections; the client opens new ones when it is used again."""
        if self._sdk is not None:
            self._sdk._client_wrapper.httpx_client.httpx_client.close()
            self._sdk = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """Ask for JSON; asked again after a fault."""
        return self.repeatedly(lambda: self._json("GET", path, params=params, timeout=timeout))

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set fields; sent again after a fault, since setting them twice is setting them once."""
        return self.repeatedly(lambda: self._json("PATCH", path, json=body))

    def delete(self, path: str) -> None:
        """Delete one thing; one that is no longer there counts as deleted."""

        def once() -> None:
            self._send("DELETE", path, gone_is_fine=True)

        self.repeatedly(once)

    def post_once(
        self, path: str, body: Any, params: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> Any:
        """Send once and never again by itself. After a `StudioFault` the server may or may not have acted on it.

        `body` is anything that JSON can hold, or JSON already, as bytes.
        """
        if isinstance(body, bytes):
            return self._json("POST", path, params=params, content=body, headers=_JSON, timeout=timeout)
        return self._json("POST", path, params=params, json=body, timeout=timeout)

    def repeatedly(self, ask: Callable[[], _T]) -> _T:
        """Ask until it is answered: after a fault again, with growing pauses or the one that the server asks for."""
        for attempt in range(1, self.attempts):
            try:
                return ask()
            except StudioFault as fault:
                self.pause(fault, attempt)
        return ask()

    def pause(self, fault: StudioFault, attempt: int) -> None:
        """Wait before the next attempt (the first is 1): 0.5, 1, 2, … seconds, or as long as the server asks for."""
        wait = fault.retry_after if fault.retry_after is not None else 0.5 * 2 ** (attempt - 1)
        self.sleep(min(wait, _LONGEST_WAIT))

    def whoami(self) -> str:
        """E-mail address of the account that the token belongs to; the first call that shows whether it is right."""
        return str(self.get("api/current-user/whoami")["email"])

    def version(self) -> str:
        """The server's release, such as `1.23.2`."""
        answer = self.get("api/version")
        return str(answer.get("release", "") if isinstance(answer, dict) else "")

    def require_version(self) -> None:
        """Refuse a server that is older than what is tested; asked once. A release that is no number is let pass."""
        if self._fits:
            return
        release = self.version()
        found = re.match(r"(\d+)\.(\d+)", release)
        if found and (int(found[1]), int(found[2])) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise StudioError(
                f"Label Studio {release} is too old: {oldest} or newer is needed",
                place=self.url,
                remedy="update that server, or use one that is made here: atribusi studio start",
            )
        self._fits = True

    def server_time(self) -> datetime | None:
        """The server's own clock, to the second; None where it does not tell."""
        answer = self.repeatedly(lambda: self._send("GET", "api/version"))
        try:
            return parsedate_to_datetime(answer.headers.get("Date", ""))
        except ValueError:
            return None

    def prediction_version(self, prediction_id: int) -> str | None:
        """Model version of a prediction; None where it was deleted."""
        try:
            return str(self.get(f"api/predictions/{prediction_id}/")["model_version"])
        except ProjectMismatch:  # 404
            return None

    def is_gone(self, path: str) -> bool:
        """Whether the server says that there is no such thing (any more)."""

        def once() -> bool:
            return self._send("GET", path, gone_is_fine=True).status_code == 404

        return self.repeatedly(once)

    def annotation_count(self, project_id: int) -> int:
        """How many annotations the project has, skipped and empty ones included; counted by the server, at once."""
        names = ("total_annotations_number", "skipped_annotations_number")
        counts = self.get(f"api/projects/{project_id}/", {"include": ",".join(("id", *names))})
        return sum(int(counts[name]) for name in names)

    def emails(self, *, again: bool = False) -> dict[int, str]:
        """E-mail address of each account of the server, by its id; kept until they are wanted `again`."""
        if self._emails is None or again:
            self._emails = {int(user["id"]): str(user["email"]) for user in self.get("api/users/")}
        return self._emails

    def tasks(
        self, project_id: int, filters: Sequence[Mapping[str, Any]] = (), *, order: str = "tasks:id", **params: Any
    ) -> dict[str, Any]:
        """One page of the Data Manager's list: `{"total", "total_annotations", "tasks": [...]}`."""
        query = {"filters": {"conjunction": "and", "items": list(filters)}, "ordering": [order]}
        page: dict[str, Any] = self.get(
            "api/tasks", {"project": project_id, "query": json.dumps(query, separators=(",", ":")), **params}
        )
        return page

    def export(self, project_id: int, task_ids: Sequence[int], *, unlabelled: bool) -> list[dict[str, Any]]:
        """Those tasks with all annotations and drafts, in the export's JSON; `unlabelled` includes tasks without any.

        Ids that are not there, or of another project, are passed over by the server.
        """
        params = {
            "exportType": "JSON",
            "download_all_tasks": "true" if unlabelled else "false",
            "ids[]": list(task_ids),
        }
        tasks: list[dict[str, Any]] = self.get(f"api/projects/{project_id}/export", params)
        return tasks

    def prediction_check(self, label_config: str) -> Callable[[Mapping[str, Any]], list[str]]:
        """The SDK's own validation of a prediction against a configuration; gives what is wrong, in its words.

        It takes as long as the server takes to store the task, and it looks at the form of each row alone (offsets,
        ids and relations are `check_task`'s): so rows of a form that passed are not looked at again.
        """
        from label_studio_sdk import label_interface

        sdk: Any = label_interface
        interface = sdk.LabelInterface(label_config)
        passed: set[tuple[Any, ...]] = set()

        def problems(prediction: Mapping[str, Any]) -> list[str]:
            forms = {_form(row) for row in prediction["result"]}
            if forms <= passed:
                return []
            found = interface.validate_prediction(dict(prediction), return_errors=True)
            if not found:
                passed.update(forms)
            return [str(problem) for problem in found] if isinstance(found, list) else []

        return problems

    def _json(self, method: str, path: str, **request: Any) -> Any:
        response = self._send(method, path, **request)
        try:
            return parsed(response.content)
        except ValueError:
            raise broken_answer(self.url, path) from None

    def _send(
        self,
        method: str,
        path: str,
        *,
        timeout: float | None = None,
        gone_is_fine: bool = False,
        **request: Any,
    ) -> httpx.Response:
        from label_studio_sdk.core.api_error import ApiError

        try:
            transport = self._connected()._client_wrapper.httpx_client
            response = transport.request(
                path, method=method, request_options={"max_retries": 0, "timeout": timeout or self.timeout}, **request
            )
        except httpx.HTTPError as error:
            raise lost_connection(self.url, error, timeout or self.timeout) from None
        except (ApiError, ValueError) as error:  # the exchange of a personal token, which the SDK makes by itself
            status = getattr(error, "status_code", None)
            raise refusal(self.url, "api/token/refresh/", status or 502, "", {}, self._token) from None
        answer: httpx.Response = response
        if response.status_code < 400 or (gone_is_fine and response.status_code == 404):
            return answer
        raise refusal(self.url, path, response.status_code, response.text, response.headers, self._token)

    def _connected(self) -> Any:
        if self._sdk is None:
            try:
                import label_studio_sdk
            except ImportError:
                raise MissingExtra("talking to Label Studio", "studio") from None
            sdk: Any = label_studio_sdk
            self._sdk = sdk.LabelStudio(
                base_url=self.url,
                api_key=self._token.reveal(),
                httpx_client=plain_client(self.url, timeout=self.timeout, follow_redirects=True),
                max_retries=0,
            )
        return self._sdk


def _form(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the SDK looks at in a row: controls, type, the fields that are there, and the label."""
    value = row.get("value") or {}
    names = (row.get("type"), row.get("from_name"), row.get("to_name"), row.get("direction"))
    return (*names, *row, *value, *value.get("labels", ()))
