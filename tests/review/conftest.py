"""Small real datasets for the desk, a client without a browser, and a desk that is served for one."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.marking import describe
from annotate.records import AttributionRecord, DecisionRecord
from annotate.review.app import create_app
from annotate.review.security import Access
from annotate.workflow.premarks import premark_rows
from annotate.workflow.review import document_record

Said = tuple[str, str, str, str]  # type, content, source, cue: words that stand in the text


def marked(doc_id: str, text: str, said: Sequence[Said], **about: str) -> MarkedDocument:
    """An article with attributions given by their words, each found after the one before."""
    attributions = []
    for kind, content, source, cue in said:

        def region(label: str, words: str) -> Region:
            start = text.index(words)
            return Region(label, start, start + len(words), "hand", 0.9)  # type: ignore[arg-type]

        attributions.append(
            Attribution(
                region(kind, content),
                (region("source", source),) if source else (),
                (region("cue", cue),) if cue else (),
                source,
            )
        )
    return MarkedDocument(Document(doc_id, text, **about), tuple(attributions), "marker-1")


BRIDGE = "Jembatan Kali Bening akan dibuka kembali pada hari Senin setelah diperbaiki selama tiga bulan"
NOT_OPEN = BRIDGE.replace("akan", "tidak akan")
ARTICLES = [
    marked(
        "pagi/1.txt",
        f"Jembatan dibuka Senin\n\nSleman (ANTARA) - Bupati Dewi Lestari mengatakan {BRIDGE}. "
        "“Kami minta warga bersabar,” kata Budi Santoso. Warga sudah lama menunggu kabar itu sejak banjir besar "
        "merusak tiang penyangga di sisi timur sungai pada awal tahun.",
        [("indirect", BRIDGE, "Bupati Dewi Lestari", "mengatakan"),
         ("direct", "“Kami minta warga bersabar,”", "Budi Santoso", "kata")],
        title="Jembatan dibuka Senin", outlet="Kabar Pagi", published_at="2026-03-01T06:00:00Z",
        url="https://pagi.example/1",
    ),
    marked(
        "timur-2",
        f"Warga lega\n\nSleman (ANTARA) - Bupati Dewi Lestari mengatakan {BRIDGE}. Warga sudah lama menunggu kabar itu "
        "sejak banjir besar merusak tiang penyangga di sisi timur sungai pada awal tahun.",
        [("indirect", BRIDGE, "Bupati Dewi Lestari", "mengatakan")],
        title="Warga lega", outlet="Harian Timur", published_at="2026-03-01T09:00:00Z",
    ),
    marked(
        "desa-3",
        f"Jembatan tak jadi dibuka\n\nMenurut D. Lestari, {NOT_OPEN}. "
        "Pasar di seberang tetap sepi dan para pedagang mengeluh pendapatan turun.",
        [("indirect", NOT_OPEN, "D. Lestari", "Menurut")],
        title="Jembatan tak jadi dibuka", outlet="Suara Desa", published_at="2026-03-02",
    ),
]  # fmt: skip


def change(one: MarkedDocument) -> DocumentChange:
    return DocumentChange(document_record(one.document), premark_rows(one, describe=describe))


def make(root: Path, articles: Sequence[MarkedDocument] = ARTICLES) -> Dataset:
    store = Dataset.create(root)
    if articles:
        store.commit(map(change, articles), message="pre-marks", author="lead", recipe=Recipe("majority/1"))
    return store


@pytest.fixture
def store(tmp_path: Path) -> Dataset:
    return make(tmp_path / "dataset")


def row_of(store: Dataset, speaker: str, doc_id: str = "pagi/1.txt") -> AttributionRecord:
    return next(one for one in store.attributions(doc_ids=[doc_id]) if speaker in (one.speaker or ""))


def decision(row: AttributionRecord, **fields: Any) -> DecisionRecord:
    given = {"decision_id": "d1", "kind": "review", "decided_by": "siti", "decided_at": "2026-03-03T10:00:00Z"}
    about = {"doc_id": row.doc_id, "attribution_id": row.attribution_id, "on_version": 1}
    return DecisionRecord(**{**given, **about, **fields})


class Desk(TestClient):
    """A reviewer's browser without a screen: it keeps its cookies and sends the forms' secrets along."""

    def csrf(self) -> str:
        page = self.get("/paste").text
        return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    def seen(self, attribution_id: str) -> str:
        page = self.get(f"/attributions/{attribution_id}").text
        return page.split('name="seen" value="', 1)[1].split('"', 1)[0]

    def decide(self, row: AttributionRecord, verdict: str, **fields: str) -> Any:
        given = {"csrf": self.csrf(), "seen": self.seen(row.attribution_id), "reviewer": "Siti"}
        return self.post(f"/attributions/{row.attribution_id}/decisions", data={**given, "verdict": verdict, **fields})


@pytest.fixture
def desk_of() -> Callable[..., Desk]:
    def make_client(root: str | Path, **access: Any) -> Desk:
        app = create_app(root, Access(**{"hosts": ["testserver"], **access}))
        return Desk(app, headers={"accept-language": "en"})

    return make_client


@pytest.fixture
def desk(store: Dataset, desk_of: Callable[..., Desk]) -> Desk:
    return desk_of(store.root)


@contextmanager
def served(root: str | Path, **access: Any) -> Iterator[str]:
    """The desk at a real address, for a real browser."""
    app = create_app(root, Access(**access))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def reviewer_page(browser: Browser, store: Dataset) -> Iterator[Page]:
    """A page of a fresh profile at the desk of the small dataset; English."""
    with served(store.root) as url:
        context = browser.new_context(base_url=url, locale="en-GB", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        try:
            yield context.new_page()
        finally:
            context.close()
