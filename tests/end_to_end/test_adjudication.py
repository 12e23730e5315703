"""Three annotators disagree; an adjudicator settles it in Label Studio; the decision is in the next version."""

import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotate.dataset import Dataset
from annotate.labelstudio import accounts
from annotate.labelstudio.connection import Connection
from annotate.workflow.adjudicate import adjudicate
from annotate.workflow.agreement import agreement
from annotate.workflow.pull import pull
from annotate.workflow.push import push

ARTICLE = "“Harga beras akan turun,” kata Menteri Pertanian Dewi Lestari.\nMenurut pihak oposisi, janji itu kosong.\n"
PEOPLE = ("ani@example.org", "budi@example.org")


@pytest.fixture
def http(studio_connection: Connection) -> httpx.Client:
    headers = {"Authorization": f"Token {studio_connection.token.reveal()}"}
    return httpx.Client(base_url=studio_connection.url, headers=headers, trust_env=False, timeout=60)


def submit(http: httpx.Client, task_id: int, who: str, result: list[dict[str, Any]], **more: Any) -> None:
    user = next(one["id"] for one in http.get("/api/users/").json() if one["email"] == who)
    body = {"result": result, "completed_by": user, "ground_truth": False, "unique_id": str(uuid.uuid4()), **more}
    answer = http.post(f"/api/tasks/{task_id}/annotations/", json=body)
    assert answer.status_code == 201, answer.text


def tasks_of(http: httpx.Client, title: str) -> list[dict[str, Any]]:
    found = http.get("/api/projects/", params={"page_size": 1000}).json()["results"]
    project = next(one["id"] for one in found if one["title"] == title)
    listed = http.get("/api/tasks/", params={"project": project, "fields": "all", "page_size": 100}).json()["tasks"]
    return sorted(listed, key=lambda task: task["id"])


def test_a_dispute_is_queued_settled_and_kept(
    studio_connection: Connection, http: httpx.Client, tmp_path: Path
) -> None:
    title, dataset = f"sengketa {uuid.uuid4().hex[:6]}", tmp_path / "dataset"
    (tmp_path / "berita.txt").write_text(ARTICLE, encoding="utf-8")
    accounts.invite(studio_connection, [*PEOPLE, "hakim@example.org"])
    common: dict[str, Any] = {"connection": studio_connection, "dataset": dataset, "project": title, "author": "tester"}
    pushed = push([tmp_path / "berita.txt"], **common)
    (task_id,) = pushed.report.sent.values()
    premarks = http.get(f"/api/tasks/{task_id}/").json()["predictions"][0]["result"]
    contents = [
        r["id"] for r in premarks if r.get("type") == "labels" and r["value"]["labels"][0] in ("direct", "indirect")
    ]
    assert len(contents) == 2
    # Budi does not mark the second report: its rows and relations are left out.
    dropped = {contents[1], *(r["to_id"] for r in premarks if r.get("from_id") == contents[1])}
    kept = [r for r in premarks if not dropped & {r.get("id"), r.get("from_id"), r.get("to_id")}]
    submit(http, task_id, PEOPLE[0], premarks)
    submit(http, task_id, PEOPLE[1], kept)

    first = pull(**common).commit
    assert first is not None
    assert first.version is not None
    statuses = [row.status for row in Dataset.open(dataset).attributions()]
    assert sorted(statuses) == ["unanimous", "unresolved"]
    report = agreement(dataset, resamples=100)
    assert report.documents == 1
    assert report.annotators == {PEOPLE[0]: 1, PEOPLE[1]: 1}

    queued = adjudicate(**common)
    assert (queued.queued, queued.unresolved, queued.decisions) == (1, 1, 0)
    assert adjudicate(**common).queued == 0, "a second run must not queue it again"
    (task,) = tasks_of(http, f"{title} – adjudikasi")
    shown = {one["model_version"]: one["result"] for one in task["predictions"]}
    assert set(shown) == {"gabungan", *PEOPLE}
    assert http.get(f"/api/projects/{task['project']}/").json()["model_version"] == "gabungan", "what the page shows"
    (noted,) = [row["meta"]["text"] for row in shown["gabungan"] if row.get("meta")]
    assert noted == ["belum sepakat · ani@example.org: ditandai; budi@example.org: tidak ditandai"]
    assert queued.url is not None
    assert queued.url in queued.summary()

    parent = next(one["id"] for one in task["predictions"] if one["model_version"] == "gabungan")
    submit(http, task["id"], "hakim@example.org", shown["gabungan"], parent_prediction=parent)
    settled = adjudicate(**common)
    assert settled.decisions > 0
    assert settled.unresolved == 0
    rows = list(Dataset.open(dataset).attributions())
    assert [row.status for row in rows] == ["unanimous", "adjudicated"]
    decided = list(Dataset.open(dataset).decisions())
    assert {one.decided_by for one in decided} == {"hakim@example.org"}

    again = adjudicate(**common)
    assert (again.decisions, again.commit.version) == (0, None)
    assert pull(**common).commit.version is None  # type: ignore[union-attr]
    # The adjudicator is nobody's fellow annotator.
    assert all("hakim@example.org" not in row.readers for row in rows)
    life = Dataset.open(dataset).why(rows[1].attribution_id)
    assert "hakim@example.org" in json.dumps(life.as_dict())
