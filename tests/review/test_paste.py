"""A pasted article is pre-marked at once, and stored only when that is asked for."""

from annotate.dataset import Dataset
from tests.review.conftest import Desk

TEXT = "“Air sudah surut,” kata Lurah Sari Utami, Selasa. Menurut Sari, 12 rumah masih tergenang."


def test_pre_marks_show_and_nothing_is_kept(desk: Desk, store: Dataset) -> None:
    page = desk.post("/paste", data={"csrf": desk.csrf(), "text": TEXT}).text
    assert "2 attributions found" in page
    assert "Sari Utami" in page
    assert len(store.log()) == 1


def test_kept_when_asked_with_date_and_archived_copy(desk: Desk, store: Dataset) -> None:
    form = {"csrf": desk.csrf(), "text": TEXT, "title": "Banjir surut", "outlet": "Warta Kota", "reviewer": "Siti"}
    more = {"retrieved_at": "2026-03-05", "archived_url": "https://arsip.example/7", "url": "https://warta.example/b"}
    answer = desk.post("/paste", data={**form, **more, "keep": "1"})
    assert answer.status_code == 200
    assert "kept in version 2" in answer.text
    document = next(one for one in store.documents() if one.doc_id.startswith("paste-"))
    assert document.text == f"Banjir surut\n\n{TEXT}"
    assert (document.outlet, document.archived_url) == ("Warta Kota", "https://arsip.example/7")
    assert document.retrieved_at == "2026-03-05T00:00:00Z"
    assert [row.status for row in store.attributions(doc_ids=[document.doc_id])] == ["premark", "premark"]
    assert store.head().author == "Siti"  # type: ignore[union-attr]
    again = desk.post("/paste", data={**form, **more, "csrf": desk.csrf(), "keep": "1"})
    assert again.status_code == 409


def test_a_file_is_read_as_mark_reads_it(desk: Desk) -> None:
    html = f"<html><head><title>Banjir</title></head><body><article><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
    page = desk.post("/paste", data={"csrf": desk.csrf()}, files={"file": ("a.html", html, "text/html")}).text
    assert "attributions found" in page


def test_what_is_no_article_is_refused(desk: Desk, store: Dataset) -> None:
    def told(data: dict[str, str], **more: object) -> str:
        answer = desk.post("/paste", data={"csrf": desk.csrf(), **data}, **more)  # type: ignore[arg-type]
        assert answer.status_code == 422
        return answer.text

    assert "no text" in told({"text": "  \n "})
    assert "NUL" in told({"text": "a\0b"})
    assert "Only .txt and .html" in told({}, files={"file": ("a.exe", b"MZ", "application/octet-stream")})
    assert "not understood" in told({"text": TEXT, "retrieved_at": "kemarin"})
    assert "must begin with" in told({"text": TEXT, "archived_url": "javascript:alert(1)"})
    assert "Give your name" in told({"text": TEXT, "keep": "1"})
    assert len(store.log()) == 1
