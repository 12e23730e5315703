"""Safe: nothing without the token, no form from elsewhere, nothing of an article that acts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotate.dataset import Dataset
from annotate.review.language import messages, preferred
from annotate.review.safe import json_text, own_path, plain, web_link, written_back
from tests.review.conftest import Desk, row_of

TEMPLATES = Path(__file__).parents[2] / "annotate" / "review" / "templates"
READABLE = [
    "/",
    "/attributions",
    "/attributions.json",
    "/claims",
    "/speakers",
    "/decisions.json",
    "/paste",
    "/article?id=desa-3",
]


def test_behind_a_token_nothing_is_shown_before_the_login(store: Dataset, desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(store.root, token="rahasia-1")
    for path in [*READABLE, f"/attributions/{row_of(store, 'Budi').attribution_id}"]:
        page = desk.get(path, follow_redirects=False)
        assert page.status_code in (303, 401), path
        assert "Lestari" not in page.text
    assert desk.post("/language", data={"lang": "id", "go": "/attributions"}, follow_redirects=False).status_code == 303
    login = desk.get("/attributions?outlet=Suara+Desa").text
    csrf = login.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    assert 'value="/attributions?outlet=Suara+Desa"' in login
    wrong = desk.post("/login", data={"csrf": csrf, "token": "rahasia-2", "reviewer": "Siti"})
    assert wrong.status_code == 403
    assert "does not fit" in wrong.text
    right = {"csrf": csrf, "token": "rahasia-1", "reviewer": "Siti", "go": "/attributions?outlet=Suara+Desa"}
    assert "D. Lestari" in desk.post("/login", data=right).text
    csrf = desk.csrf()
    desk.post("/logout", data={"csrf": csrf})
    assert desk.get("/attributions.json").status_code == 401


@pytest.mark.parametrize(
    "path", ["/paste", "/decisions/x/undo", "/speaker/names", "/article/provenance", "/attributions/x/decisions"]
)
def test_a_form_without_the_session_s_secret_is_refused(desk: Desk, store: Dataset, path: str) -> None:
    desk.get("/attributions")
    for sent in ({}, {"csrf": ""}, {"csrf": "geraten"}):
        assert desk.post(path, data={**sent, "text": "x", "reviewer": "Siti", "keep": "1"}).status_code == 403
    assert not list(store.decisions())


def test_a_form_from_another_site_is_refused(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Budi")
    form = {"csrf": desk.csrf(), "seen": desk.seen(row.attribution_id), "verdict": "right", "reviewer": "Siti"}
    for headers in ({"origin": "https://jahat.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        answer = desk.post(f"/attributions/{row.attribution_id}/decisions", data=form, headers=headers)
        assert answer.status_code == 403
    assert not list(store.decisions())


def test_another_host_name_is_refused(desk: Desk) -> None:
    assert desk.get("/attributions", headers={"host": "rebound.example"}).status_code == 400


def test_headers_of_every_answer(desk: Desk) -> None:
    for path in (*READABLE, "/static/desk.js", "/nothing"):
        headers = desk.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert desk.get("/attributions").headers["cache-control"] == "no-store"


def test_no_template_holds_inline_script_or_style() -> None:
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "style=" not in text
        assert "<style" not in text
        assert "| safe" not in text
        assert text.count("<script") == text.count('<script src="/static/')
        assert not [word for word in text.split() if word.lower().startswith("on") and '="' in word]


def test_a_large_form_is_refused(desk: Desk) -> None:
    assert desk.post("/paste", data={"csrf": desk.csrf(), "text": "x" * (9 << 20)}).status_code == 413


def test_a_large_file_whose_length_nobody_tells_is_refused(desk: Desk) -> None:
    """Sent in chunks, a body has no `Content-Length`."""
    csrf = desk.csrf()

    def body(chunks: int) -> Iterator[bytes]:
        yield f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n'.encode()
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from [b"Warga menunggu. " * 4096] * chunks
        yield b"\r\n--b--\r\n"

    form = {"content-type": "multipart/form-data; boundary=b"}
    assert desk.post("/paste", content=body(1), headers=form).status_code == 200
    answer = desk.post("/paste", content=body(150), headers=form)
    assert (answer.status_code, answer.text) == (413, "Too large: at most 8 MiB.")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//a.example", False),
        ("https://", False),
        ("https://a.example/\u202egpj.exe", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, good: bool) -> None:
    assert (web_link(url) == url) is good


def test_direction_overrides_are_shown_by_name_and_can_be_sent_back() -> None:
    text = "aman\u202egnp.exe\u2069 \x00\x07 \ud800 baris\nbaru\ttab é “kutip”"
    shown = plain(text)
    assert shown == "aman⟨U+202E⟩gnp.exe⟨U+2069⟩ ⟨U+0000⟩⟨U+0007⟩ ⟨U+D800⟩ baris\nbaru\ttab é “kutip”"
    assert written_back(shown) == text
    assert json_text('"\u202e\U000e0041"') == '"\\u202e\\udb40\\udc41"'


@pytest.mark.parametrize(
    "path", ["https://jahat.example", "//jahat.example", "/\\jahat.example", "", None, "attributions"]
)
def test_no_form_leads_away_from_the_desk(path: str | None) -> None:
    assert own_path(path) == "/attributions"


def test_both_languages_say_the_same_things() -> None:
    indonesian, english = messages()["id"], messages()["en"]
    assert indonesian.keys() == english.keys()
    for key, text in indonesian.items():
        assert sorted(part.split("}")[0] for part in text.split("{")[1:]) == sorted(
            part.split("}")[0] for part in english[key].split("{")[1:]
        ), key
    assert preferred("fr-FR, en;q=0.5") == "en"
    assert preferred("") == "id"


def test_the_language_can_be_chosen(desk: Desk) -> None:
    assert "Search words" in desk.get("/attributions").text
    page = desk.post("/language", data={"lang": "id", "go": "/attributions?q=x"}).text
    assert "Cari kata" in page
    assert '<html lang="id">' in page


def test_no_message_key_is_missing(desk: Desk, store: Dataset) -> None:
    """Every page is made once in each language; a missing key would print itself."""
    row = row_of(store, "Dewi")
    desk.decide(row, "misquoted", note="x", claim_rating="false")
    keys = set(messages()["en"])
    for language in ("id", "en"):
        desk.post("/language", data={"lang": language, "go": "/attributions"})
        for path in (
            *READABLE,
            f"/attributions/{row.attribution_id}",
            f"/claims/{row.attribution_id}",
            "/login",
            "/none",
        ):
            text = desk.get(path).text
            groups = {key.split(".")[0] for key in keys if "." in key}
            found = {f"{group}." for group in groups if f">{group}." in text or f" {group}.{'title'}" in text}
            assert not found, (path, found)
