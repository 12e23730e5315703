"""The protocol of Label Studio's ML backends, and that what is wrong is refused."""

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from annotate.articles import read_documents
from annotate.gold import read_gold
from annotate.labelstudio.config import label_config
from annotate.labelstudio.tasks import to_task
from annotate.marking import Marker

from ..conftest import SEEDS
from .conftest import SECRET, SERVED, Running

TEXT = "“Harga beras naik dua kali lipat,” kata Budi Santoso, pedagang di Pasar Senen, Senin (3/2)."


def body(*texts: object, project: str = f"{SERVED}.1795309931", **more: object) -> dict[str, object]:
    tasks = [{"id": number, "data": {"text": text}} for number, text in enumerate(texts, 1)]
    params = {"login": None, "password": None, "context": None}
    return {"tasks": tasks, "project": project, "label_config": label_config(), "params": params, **more}


@pytest.fixture
def client(serving: Running) -> Iterator[httpx.Client]:
    with serving.client() as opened:
        yield opened


def test_health_setup_and_versions(serving: Running, client: httpx.Client) -> None:
    version = Marker().version
    assert httpx.get(f"{serving.url}/health", trust_env=False).json()["status"] == "UP", "asked without the secret"
    introduction = {"project": f"{SERVED}.1795309931", "schema": label_config(), "extra_params": None}
    assert client.post("/setup", json=introduction).json() == {"model_version": version}
    assert client.get("/versions").json() == {"versions": [version]}


def test_predictions_are_what_mark_gives(client: httpx.Client) -> None:
    marker = Marker()
    documents = [one.document for one in read_gold(SEEDS / "_gold/seeds.jsonl")]
    documents += list(read_documents([SEEDS]))
    tasks = [to_task(marker.mark(document)) for document in documents]
    asked = [{"id": number, "data": task["data"]} for number, task in enumerate(tasks)]
    for _again in range(2):  # the second time out of the cache
        found = client.post("/predict", json=body(tasks=asked)).raise_for_status().json()["results"]
        assert found == [task["predictions"][0] for task in tasks]
    assert all(prediction["result"] for prediction in found)


def test_a_task_without_a_text_that_can_be_marked_costs_the_others_nothing(client: httpx.Client) -> None:
    wrong = ["", None, 3, "nol \0", "\ud800 sendiri", "a" * 600_000]
    sent = json.dumps(body(TEXT, *wrong[:-1], TEXT))
    found = client.post("/predict", content=sent).raise_for_status().json()["results"]
    assert [bool(one) for one in found] == [True, *[False] * 5, True]
    assert len(found[0]["result"]) >= 3
    one = client.post("/predict", json=body("Hujan turun di Bogor.")).json()["results"][0]
    assert one["result"] == [], "an article without attributions has an empty prediction, as pushed ones have"


BAD = {
    "no JSON": (b"{", 400),
    "no UTF-8": (b'{"tasks": "\xff"}', 400),
    "nested without end": (b"[" * 100_000, 400),
    "nothing": (b"", 400),
    "a list": (b"[]", 422),
    "no tasks": (b'{"project": "7"}', 422),
    "tasks that are none": (b'{"project": "7", "tasks": [1]}', 422),
    "a task without data": (b'{"project": "7", "tasks": [{"id": 1}]}', 422),
    "no number of a project": (b'{"project": "x", "tasks": []}', 422),
    "a project that is not served": (b'{"project": "8.1", "tasks": []}', 403),
    "a page of others": (b'{"project": "7", "tasks": [], "label_config": "<View/>"}', 409),
    "a page with entities": (b'{"project": "7", "tasks": [], "label_config": "<!DOCTYPE x><View/>"}', 409),
    "too large": (b" " * 200_001, 413),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_gets_a_clear_answer(client: httpx.Client, name: str) -> None:
    sent, status = BAD[name]
    answer = client.post("/predict", content=sent)
    assert answer.status_code == status
    assert len(answer.json()["detail"]) > 10
    assert client.post("/predict", json=body(TEXT)).is_success, "the next one is served"


def test_a_body_without_a_length_is_measured_as_it_comes(client: httpx.Client, serving: Running) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b" " * 10_000

    answer = client.post("/predict", content=endless())
    assert answer.status_code == 413
    assert serving.service.reader.held == 0

    def short() -> Iterator[bytes]:
        yield json.dumps(body(TEXT)).encode()

    assert client.post("/predict", content=short()).is_success


@pytest.mark.parametrize("length", [b"-5", b"abc", b"99999999999999999999"])
def test_a_length_that_cannot_be_is_refused_before_the_body_comes(serving: Running, length: bytes) -> None:
    host, port = serving.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        secret = b"X-Atribusi-Secret: " + SECRET.encode()
        raw.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\n" + secret + b"\r\nContent-Length: " + length + b"\r\n\r\n")
        assert raw.recv(100).split()[1] in (b"400", b"413")


def test_compressed_bodies_are_not_unpacked(client: httpx.Client) -> None:
    assert client.post("/predict", content=b"x", headers={"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("path", ["/predict", "/setup", "/webhook", f"/webhook/{SERVED}"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Atribusi-Secret": "salah"},
        {"X-Atribusi-Secret": ""},
        {"X-Atribusi-Secret": SECRET[:-1]},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic YXRyaWJ1c2k="},
        {"Authorization": f"Bearer {SECRET}"},
    ],
)
def test_whoever_does_not_know_the_secret_gets_nothing(serving: Running, path: str, headers: dict[str, str]) -> None:
    before = list(serving.hints.taken)
    answer = httpx.post(f"{serving.url}{path}", json=body(TEXT), headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert "secret" in answer.json()["detail"]
    assert serving.hints.taken == before


def test_an_event_is_a_hint_and_answered_at_once(serving: Running, client: httpx.Client) -> None:
    serving.hints.taken.clear()
    headers = {"X-Atribusi-Secret": SECRET}
    event = {"action": "ANNOTATION_CREATED"}
    first = httpx.post(f"{serving.url}/webhook/{SERVED}", json=event, headers=headers, trust_env=False)
    assert (first.status_code, first.json()) == (202, {"accepted": True})
    with_payload = {"action": "TASKS_CREATED", "project": {"id": SERVED}, "tasks": [{"id": 1}]}
    assert client.post("/webhook", json=with_payload).status_code == 202
    assert serving.hints.taken == [(SERVED, "ANNOTATION_CREATED"), (SERVED, "TASKS_CREATED")]
    assert client.post("/webhook/8", json=event).status_code == 403
    assert client.post("/webhook", json=event).status_code == 422
    assert client.post(f"/webhook/{SERVED}", json={"x": 1}).status_code == 422
    assert client.post(f"/webhook/{SERVED}", content=b"?").status_code == 400
    assert len(serving.hints.taken) == 2


def test_an_article_that_many_ask_for_at_once_is_marked_once(serving: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    service, everybody = serving.service, 20
    whole, marked = service.markers.mark, list[bytes]()
    text = TEXT.replace("Budi Santoso", "Wayan Sudirta")
    sent = json.dumps(body(text)).encode()

    async def mark(doc_id: str, utf8: bytes) -> bytes:
        marked.append(utf8)
        while service.reader.held < everybody * len(sent):  # until all are waiting
            await asyncio.sleep(0.01)
        return await whole(doc_id, utf8)

    monkeypatch.setattr(service.markers, "mark", lambda *article: asyncio.ensure_future(mark(*article)))

    def ask(_number: int) -> object:
        with serving.client() as own:
            return own.post("/predict", content=sent).json()["results"][0]["result"]

    with ThreadPoolExecutor(everybody) as people:
        first, *others = people.map(ask, range(everybody))
    assert first
    assert others == [first] * (everybody - 1)
    assert marked == [text.encode()]
    assert not service.under_way


def test_fifty_at_once_get_each_their_own(serving: Running) -> None:
    marker = Marker()
    texts = [TEXT.replace("Budi Santoso", f"Budi {name}") for name in map(chr, range(65, 91))] * 2

    def ask(number: int) -> object:
        with serving.client() as own:
            return own.post("/predict", json=body(texts[number])).json()["results"][0]["result"]

    with ThreadPoolExecutor(50) as people:
        found = list(people.map(ask, range(50)))
    from annotate.datamodel import Document

    for text, result in zip(texts, found, strict=False):
        expected = to_task(marker.mark(Document(f"studio-{SERVED}-1", text)))["predictions"][0]["result"]
        assert result == expected
    assert serving.service.reader.held == 0
