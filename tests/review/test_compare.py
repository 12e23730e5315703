"""Comparing: the same claim is grouped, its wordings differ word by word, copies are told from independent texts."""

import csv
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.dataset import Dataset
from annotate.records import DocumentRecord
from annotate.review.claims import Claims, group_claims, likeness
from annotate.review.origins import credited, origins
from annotate.review.wording import compare
from annotate.review.words import content_words, fold
from tests.review.conftest import BRIDGE, Desk, row_of

CASES = Path(__file__).parent / "cases" / "same-claim.tsv"


def pairs() -> list[tuple[bool, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["same"] == "yes", row["first"], row["second"]) for row in rows]


def judged() -> list[tuple[bool, bool]]:
    """Of each pair what a person says, and what the groups say when all pairs lie in one pot."""
    items = [(f"{n}-{s}", f"{n}-{s}", words) for n, pair in enumerate(pairs()) for s, words in enumerate(pair[1:])]
    claims = group_claims(items)
    return [(pair[0], f"{n}-1" in claims.of(f"{n}-0")) for n, pair in enumerate(pairs())]


def test_precision_and_recall_on_pairs_judged_by_hand() -> None:
    found = [same for same, grouped in judged() if grouped]
    same = [grouped for same, grouped in judged() if same]
    assert sum(found) / len(found) == 1.0
    assert sum(same) / len(same) >= 0.85


def test_order_of_the_items_is_no_matter() -> None:
    items = [(f"{n}-{s}", f"{n}-{s}", words) for n, pair in enumerate(pairs()) for s, words in enumerate(pair[1:])]
    groups = {tuple(group) for group in group_claims(items).members}
    random.Random(4).shuffle(items)
    assert {tuple(group) for group in group_claims(items).members} == groups


def test_one_article_alone_is_no_group() -> None:
    assert group_claims([("a", "doc", BRIDGE), ("b", "doc", BRIDGE)]) == Claims()
    assert group_claims([("a", "doc", BRIDGE), ("b", "other", BRIDGE)]).of("a") == ["a", "b"]


words = st.frozensets(st.sampled_from("abcdefghijklmnop"), min_size=5)


@given(words, words)
def test_likeness_is_symmetric_and_full_for_the_same_words(first: frozenset[str], second: frozenset[str]) -> None:
    assert likeness(first, second) == likeness(second, first)
    assert likeness(first, first) == 1.0


@settings(max_examples=50)
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_comparison_holds_every_word_of_both(first: str, second: str) -> None:
    pieces = compare(first, second)
    kept = fold(" ".join(one.text for one in pieces if one.kind != "gone")).split()
    assert kept == fold(second).split()
    gone = sum(len(fold(one.text).split()) for one in pieces if one.kind != "new")
    assert gone == len(fold(first).split())


def test_wording_differences_are_marked_word_by_word() -> None:
    pieces = [
        (one.kind, one.text)
        for one in compare("Kami akan menutup jalan itu.", "“Kami tidak akan menutup jembatan itu”")
    ]
    assert pieces == [
        ("same", "“Kami"), ("new", "tidak"), ("same", "akan menutup"), ("gone", "jalan"), ("new", "jembatan"),
        ("same", "itu”"),
    ]  # fmt: skip


def document(doc_id: str, text: str, copy_of: str | None = None) -> DocumentRecord:
    return DocumentRecord(doc_id=doc_id, text_sha256="0" * 64, text=text, copy_of=copy_of, commit_id="c")


def story(seed: int, words: int = 120) -> str:
    dice = random.Random(seed)
    return " ".join(f"kata{dice.randrange(5000)}" for _ in range(words))


def test_copies_of_an_agency_are_told_from_independent_texts() -> None:
    wire, own = story(1), story(2)
    made = origins(
        [
            document("a", f"Jakarta (ANTARA) - {wire}"),
            document("b", f"Judul lain\n\n{wire} Tambahan redaksi."),
            document("c", own),
            document("d", f"{story(3)} (Ant)"),
            document("e", f"{' '.join(wire.split()[:60])} {story(5, 8)}"),
            document("f", story(6), copy_of="c"),
        ]
    )
    assert [(one.agency, one.documents) for one in made] == [("ANTARA", ["a", "b", "d", "e"]), (None, ["c", "f"])]


def test_a_shared_quotation_does_not_make_a_copy() -> None:
    quoted = "“Kami akan membuka jembatan itu hari Senin setelah tiga bulan diperbaiki,” kata bupati"
    made = origins(
        [document("a", f"{story(1, 80)} {quoted} {story(2, 80)}"), document("b", f"{story(3, 80)} {quoted}")]
    )
    assert len(made) == 2


def test_credits() -> None:
    assert credited("JAKARTA (ANTARA) - Bupati berkata") == "ANTARA"
    assert credited("Moskow, Reuters – Menteri") == "Reuters"
    assert credited("Isi berita. Sumber: AFP") == "AFP"
    assert credited("Bupati berkata kepada Antara bahwa jalan rusak") is None
    assert credited("Apakah ia (AP) hadir" + " x" * 200 + " lalu") == "AP"


def test_the_page_groups_tells_copies_apart_and_marks_the_words(desk: Desk, store: Dataset) -> None:
    row = row_of(store, "Dewi")
    claim = desk.get(f"/claims/{row.attribution_id}.json").json()
    assert claim["articles"] == 3
    assert [one["documents"] for one in claim["origins"]] == [["pagi/1.txt", "timur-2"], ["desa-3"]]
    assert claim["origins"][0]["agency"] == "ANTARA"
    assert claim["first"] == row.attribution_id
    last = claim["printed"][-1]
    assert [one["text"] for one in last["wording"] if one["kind"] == "new"] == ["tidak"]
    page = desk.get(f"/claims/{row.attribution_id}").text
    assert "Ascribed to different speakers" in page
    assert "<ins>" in page
    assert desk.get("/claims.json").json()["total"] == 1
    assert "Compare 3 printings" in desk.get(f"/attributions/{row.attribution_id}").text


def test_content_words_leave_out_function_words_and_keep_figures() -> None:
    assert content_words("bahwa 40 kios di pasar itu telah habis") == ("40", "kios", "pasar", "habis")
