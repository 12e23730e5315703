"""A project's connection to our live pre-marks: Label Studio's ML backend, and the webhook that tells us of events.

What Label Studio 1.23 does: it asks a backend for a task without any prediction when the task is opened, or when
somebody chooses "Retrieve Predictions"; it stores the answer. The label stream is different. There it shows predictions
of the project's *model version* alone, and asks a backend only if that version is the backend's title; then nothing is
shown while the backend is down, not even what was pushed. So the title is never left as the model version: new tasks
get their pre-marks stored as soon as we hear of them, and the version shown is that of the marker.
"""

from collections.abc import Callable
from typing import Any, Final

from annotate.errors import StudioError
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_errors import StudioFault, StudioRefusal
from annotate.labelstudio.client_project import Project, one_at_a_time
from annotate.labelstudio.push_lookup import versions

TITLE: Final = "atribusi serve"
USER: Final = "atribusi"
SECRET_HEADER: Final = "X-Atribusi-Secret"  # noqa: S105 -- a name
_AT_ONCE: Final = 100  # tasks that the server sends us in one request


def connect_backend(studio: Studio, project: Project, address: str, secret: str) -> str:
    """Connect the project to the server at `address`, which must answer by now; the model version that is shown.

    Label Studio sends the secret with each request: as password of `USER` for pre-marks, in `SECRET_HEADER` with
    events. Connecting again changes the address and the secret. The version of the pre-marks that annotators see stays.
    """
    with one_at_a_time(studio.url, f"backend of {project.id}"):
        _ensure_backend(studio, project, address, secret)
        _ensure_webhook(studio, project, address, secret)
        return _restore_version(studio, project)


def premark_new_tasks(studio: Studio, project: Project, version: str, *, above: int = -1) -> list[int]:
    """Let Label Studio ask its backend for all tasks that have no pre-marks and no labels; the ids of these.

    `above`: only those with a greater id. Ids grow, so tasks that were asked for in vain need not be asked for again.
    """
    filters = [_equals("total_predictions", 0), _equals("total_annotations", 0), _equals("cancelled_annotations", 0)]
    asked: list[int] = []
    while True:
        later = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": max([above, *asked])}
        page = studio.tasks(project.id, [*filters, later], include="id", page_size=_AT_ONCE)["tasks"]
        if not page:
            break
        ids = [int(task["id"]) for task in page]
        asked += ids
        body = {
            "project": project.id,
            "selectedItems": {"all": False, "included": ids},
            "filters": {"conjunction": "and", "items": []},
        }
        # Asked again after a fault by the next event: tasks that have pre-marks by then are not listed any more.
        studio.post_once(
            "api/dm/actions", body, {"id": "retrieve_tasks_predictions", "project": project.id}, timeout=600.0
        )
    if project.model_version in ("", TITLE) and versions(studio, project.id).get(version):
        studio.patch(f"api/projects/{project.id}/", {"model_version": version})
    return asked


def _equals(column: str, value: int) -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": "equal", "type": "Number", "value": value}


def _ensure_backend(studio: Studio, project: Project, address: str, secret: str) -> None:
    settings = {
        "url": address,
        "project": project.id,
        "title": TITLE,
        "auth_method": "BASIC_AUTH",
        "basic_auth_user": USER,
        "basic_auth_pass": secret,
        "is_interactive": False,
    }

    def ours() -> list[int]:
        return [int(one["id"]) for one in studio.get("api/ml", {"project": project.id}) if one.get("title") == TITLE]

    try:
        _ensure_one(studio, "api/ml", "", settings, ours)
    except StudioRefusal as error:
        raise StudioError(
            f"Label Studio cannot use {address} as a backend ({error.message})",
            place=studio.url,
            remedy="can it reach that address (--address)? For one on its own machine or in a private network it must "
            "be started with ML_BLOCK_LOCAL_IP=false and SSRF_PROTECTION_ENABLED=false; the embedded server with "
            "`atribusi studio start --local-callbacks`",
        ) from error


def _ensure_webhook(studio: Studio, project: Project, address: str, secret: str) -> None:
    """One webhook, without payloads, since events are hints; it has the place of the one that the server made itself.

    That one carries no secret, and sends all that was imported in one body.
    """
    settings = {
        "project": project.id,
        "url": f"{address}/webhook/{project.id}",
        "headers": {SECRET_HEADER: secret},
        "send_payload": False,
        "send_for_all_actions": True,
        "is_active": True,
    }

    def ours() -> list[int]:
        hooks = [
            one for one in studio.get("api/webhooks/", {"project": project.id}) if one.get("project") == project.id
        ]
        made_here = f"{address}/webhook"
        return [
            int(one["id"])
            for one in hooks
            if SECRET_HEADER in (one.get("headers") or {}) or str(one.get("url")).rstrip("/") == made_here
        ]

    try:
        _ensure_one(studio, "api/webhooks", "/", settings, ours)
    except StudioRefusal as error:
        raise StudioError(
            f"Label Studio sends no events to {address} ({error.message})",
            place=studio.url,
            remedy="start it with SSRF_PROTECTION_ENABLED=false, or give an address that it may call (--address)",
        ) from error


def _ensure_one(studio: Studio, path: str, end: str, settings: dict[str, Any], ours: Callable[[], list[int]]) -> None:
    """Of what is `ours` at the path one has the settings, the others are gone. `end` closes each address."""
    found = ours()
    try:
        if found:
            studio.patch(f"{path}/{found[0]}{end}", settings)
        else:
            studio.post_once(f"{path}{end}", settings)
    except StudioFault:
        if found or not ours():  # it may have been made all the same
            raise
    for other in found[1:]:
        studio.delete(f"{path}/{other}{end}")


def _restore_version(studio: Studio, project: Project) -> str:
    """The version that annotators see must be the one from before: connecting a backend may have set another."""
    path = f"api/projects/{project.id}/"
    now = str(studio.get(path, {"include": "id,model_version"})["model_version"] or "")
    if project.model_version not in ("", TITLE, now):
        studio.patch(path, {"model_version": project.model_version})
        return project.model_version
    return "" if now == TITLE else now
