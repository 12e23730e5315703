"""Finding: words and filters show what fits and nothing else, with true counts, at an address of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.dataset import Dataset
from annotate.review.query import FACETS, Query
from annotate.review.words import fold
from tests.review.conftest import BRIDGE, Desk, make


def shown(desk: Desk, address: str) -> list[str]:
    return [one["attribution"]["speaker"] for one in desk.get(address).json()["results"]]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 4),
        ("q=jembatan", 4),  # every article's headline or content names it
        ("q=JEMB%C3%81TAN+senin", 4),
        ("q=%22tidak+akan+dibuka%22", 1),
        ("q=%22dibuka+tidak%22", 0),
        ("q=dibuk", 4),
        ("q=ibuka", 0),
        ("q=bening+-tidak", 2),
        ("q=bersabar", 1),
        ("speaker=Dewi+Lestari", 2),
        ("speaker=Siapa+Pun", 0),
        ("speaker=Bupati+Dewi+Lestari", 2),
        ("speaker=lestari", 3),
        ("outlet=Suara+Desa", 1),
        ("outlet=Suara+Desa&outlet=Harian+Timur", 2),
        ("type=direct", 1),
        ("status=premark&type=direct", 1),
        ("status=adjudicated", 0),
        ("verdict=-", 4),
        ("month=2026-03", 4),
        ("since=2026-03-02", 1),
        ("until=2026-03-01", 3),
        ("since=2026-03&until=2026-03", 4),
        ("article=timur-2", 1),
        ("page=99", 4),
        ("sort=unsinn&per=7&page=-3&since=kemarin", 4),
    ],
)
def test_what_fits(desk: Desk, query: str, total: int) -> None:
    assert desk.get(f"/attributions.json?{query}").json()["total"] == total
    assert desk.get(f"/attributions?{query}").status_code == 200


def test_counts_say_what_choosing_would_show(desk: Desk) -> None:
    data = desk.get("/attributions.json?type=indirect").json()
    outlets = {one["value"]: one["count"] for one in data["facets"]["outlet"]}
    assert outlets == {"Kabar Pagi": 1, "Harian Timur": 1, "Suara Desa": 1}
    types = {one["value"]: (one["count"], one["chosen"]) for one in data["facets"]["type"]}
    assert types == {"indirect": (3, True), "direct": (1, False)}
    for name, values in data["facets"].items():
        for one in values:
            other = desk.get("/attributions.json", params={"type": "indirect", name: one["value"]}).json()
            if name != "type":
                assert other["total"] == one["count"], (name, one)


def test_orders(desk: Desk) -> None:
    assert shown(desk, "/attributions.json")[0] == "D. Lestari"
    assert shown(desk, "/attributions.json?sort=oldest")[-1] == "D. Lestari"


def test_every_view_has_an_address_that_brings_it_back() -> None:
    query = Query(q='"hari senin" -x', outlet=("A&B", "C"), since="2026-03", sort="oldest", page=3)
    address = urlsplit(query.address(page=3))
    assert Query.read(parse_qs(address.query)) == query


words = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() == text)


@given(st.builds(Query, q=words, outlet=st.tuples(words), page=st.integers(1, 10**5)))
def test_an_address_is_read_as_it_was_written(query: Query) -> None:
    assert Query.read(parse_qs(urlsplit(query.address(page=query.page)).query)) == query


@given(st.dictionaries(st.sampled_from([*FACETS, "q", "page", "per", "since", "sort"]), st.lists(st.text(max_size=9))))
def test_no_address_breaks_the_page(parameters: dict[str, list[str]]) -> None:
    query = Query.read(parameters)
    assert query.page >= 1
    assert all(term.startswith(" ") for term, _ in query.terms())


@given(st.text())
def test_folded_words_stand_between_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " " or (folded.startswith(" ") and folded.endswith(" ") and "  " not in folded)


def test_an_empty_dataset_says_what_to_do(tmp_path: Path, desk_of: Callable[..., Desk]) -> None:
    make(tmp_path / "empty", [])
    desk = desk_of(tmp_path / "empty")
    for path in ("/attributions", "/claims", "/speakers", "/decisions", "/paste"):
        answer = desk.get(path)
        assert answer.status_code == 200, path
        assert "no version yet" in answer.text
    assert "holds no attributions yet" in desk.get("/attributions").text


def test_a_newer_version_is_seen_without_a_restart(desk: Desk, store: Dataset) -> None:
    assert desk.get("/attributions.json?verdict=right").json()["total"] == 0
    row = next(store.attributions())
    desk.decide(row, "right")
    data = desk.get("/attributions.json?verdict=right").json()
    assert (data["total"], data["version"]) == (1, 2)
    assert data["results"][0]["attribution"]["attribution_id"] == row.attribution_id


def test_search_goes_by_the_corrected_words_after_a_decision(desk: Desk, store: Dataset) -> None:
    row = next(one for one in store.attributions() if "bersabar" in one.content.text)
    desk.decide(row, "misquoted", content="minta warga bersabar", speaker="Rina Hapsari")
    assert desk.get("/attributions.json?q=hapsari").json()["total"] == 1
    assert desk.get("/attributions.json?q=%22Kami+minta%22").json()["total"] == 0
    assert desk.get("/attributions.json?speaker=Rina+Hapsari").json()["total"] == 1


def test_the_twin_says_what_the_page_shows(desk: Desk) -> None:
    page, data = desk.get("/attributions").text, desk.get("/attributions.json").json()
    for one in data["results"]:
        assert one["attribution"]["attribution_id"] in page
    assert BRIDGE in page
    assert 'rel="alternate" type="application/json" href="/attributions.json"' in page


@pytest.mark.parametrize("path", ["/attributions/at-none", "/article?id=none", "/claims/none", "/speaker?name=x", "/x"])
def test_what_is_not_there_is_said(desk: Desk, path: str) -> None:
    answer: Any = desk.get(path)
    assert answer.status_code == 404
    assert "Not possible" in answer.text
