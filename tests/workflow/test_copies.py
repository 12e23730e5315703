"""Near-copies are found, marked once and linked; texts that only have a subject in common stay apart."""

import random
from pathlib import Path

import numpy as np
import pytest

from annotate.workflow.archive import ArchiveOptions, mark_archive
from annotate.workflow.archive.copies import KEPT, PERMUTATIONS, CopyIndex, _likeness, shingles, sign
from tests.workflow.archives import contents, jsonl, rows, write

WORDS = [
    a + b + c for a in ("ba", "ke", "mi", "so", "ru") for b in ("da", "le", "ni", "to") for c in ("k", "ng", "s", "")
]


def story(seed: int, sentences: int = 9) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(sentences)]


def copies_of(seed: int) -> dict[str, str]:
    """A story, and what becomes of it in other newspapers."""
    own, other = story(seed), story(seed + 1000)
    return {
        "first": " ".join(own),
        "lead": " ".join([other[0], *own[1:]]),
        "tail": " ".join(own[:5]),
        "byline": f"JAKARTA, Kabar Pagi — {' '.join(own)} (Tim/Red)",
        "case": " ".join(own).upper().replace(" ", "\n"),
    }


def made(groups: int = 12) -> list[dict[str, str]]:
    """The firsts, then copies far from them and beside each other, then texts that are alike in a sentence only."""
    found = [{"id": f"{n}-{kind}", "text": text} for n in range(groups) for kind, text in copies_of(n).items()]
    found.sort(key=lambda row: (row["id"].endswith("first") and -1, random.Random(row["id"]).random()))
    form = "Harga beras di pasar induk {} hari ini {} rupiah dan harga cabai {} rupiah, menurut daftar dinas setempat."
    found += [{"id": f"price-{n}", "text": form.format("Palu", 9000 + 7 * n, 31000 + 11 * n)} for n in range(groups)]
    found += [{"id": f"other-{n}", "text": " ".join([story(n)[0], *story(n + 5000)[1:]])} for n in range(groups)]
    return found + [{"id": f"short-{n}", "text": "Pasar tutup hari ini."} for n in range(3)]


def test_copies_are_linked_to_the_first_and_not_marked(tmp_path: Path) -> None:
    articles = made()
    for row in articles:
        row["text"] += " “Harga turun,” kata Dewi Lestari."
    write(tmp_path / "a.jsonl", articles)
    report = mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "out"), ArchiveOptions(shard=8, dedupe=True))
    documents = {row["doc_id"]: row for row in rows(tmp_path / "out", "documents")}
    linked = {doc_id: row["copy_of"] for doc_id, row in documents.items() if row["copy_of"]}
    assert linked == {row["id"]: f"{row['id'].split('-')[0]}-first" for row in articles if row["id"][0].isdigit()
                      and not row["id"].endswith("first")}  # fmt: skip
    assert report.counts.copies == len(linked) == 48
    assert {documents[doc_id]["attributions"] for doc_id in linked} == {0}
    assert not {row["doc_id"] for row in rows(tmp_path / "out")} & set(linked)


def test_copies_do_not_depend_on_processes_or_on_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_bytes(jsonl(made(6)))
    whole = ArchiveOptions(shard=7, dedupe=True)
    mark_archive(["a.jsonl"], "whole", whole)
    mark_archive(["a.jsonl"], "two", ArchiveOptions(shard=7, dedupe=True, jobs=2))
    assert contents(tmp_path / "two") == contents(tmp_path / "whole")

    from annotate.workflow.archive.work import Worker

    mark, left = Worker.mark, iter(range(3))

    def stops(self: Worker, *arguments: object) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return mark(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Worker, "mark", stops)
    with pytest.raises(KeyboardInterrupt):
        mark_archive(["a.jsonl"], "part", whole)
    monkeypatch.setattr(Worker, "mark", mark)
    assert mark_archive(["a.jsonl"], "part", whole).resumed == 3
    assert contents(tmp_path / "part") == contents(tmp_path / "whole")


def test_signatures_tell_how_alike_texts_are() -> None:
    texts = copies_of(3)
    texts["long"] = " ".join(" ".join(story(n)) for n in range(20))
    texts["longer"] = " ".join(" ".join(story(n)) for n in range(4, 24))
    sizes, signed = sign(list(texts.values()))
    values = dict(zip(texts, np.split(np.frombuffer(signed, "<u4"), np.cumsum(sizes)[:-1]), strict=True))
    for one, other in [*(("first", other) for other in texts), ("long", "longer")]:
        a, b = shingles(texts[one]), shingles(texts[other])
        alike, part = _likeness(values[one][PERMUTATIONS:], values[other][PERMUTATIONS:])
        exact = max(len(a), len(b)) <= KEPT
        assert alike == pytest.approx(len(a & b) / len(a | b), abs=1e-9 if exact else 0.06)
        assert part == pytest.approx(len(a & b) / min(len(a), len(b)), abs=1e-9 if exact else 0.06)
        guess = np.mean(values[one][:PERMUTATIONS] == values[other][:PERMUTATIONS])
        assert abs(guess - len(a & b) / len(a | b)) < 0.2


def test_the_table_finds_all_that_was_put_into_it_while_it_grows() -> None:
    chance = np.random.default_rng(7)
    index, held = CopyIndex(), {}
    for start in range(0, 3000, 500):
        signed = told(chance.integers(0, 2**32, (500, 150), np.uint32))
        ids = [f"d{start + n}" for n in range(500)]
        assert index.find(range(500), ids, [150] * 500, signed.tobytes()) == {}
        held.update(dict(zip(ids, signed, strict=True)))
    again = np.stack([held[f"d{n}"] for n in range(0, 3000, 7)])
    again[:, 4:100] = 1  # one band of the signature is the same, and so are the shingles
    found = index.find(range(len(again)), ["x"] * len(again), [150] * len(again), again.tobytes())
    assert found == {n: f"d{n * 7}" for n in range(len(again))}
    strangers = told(chance.integers(0, 2**32, (500, 150), np.uint32))
    strangers[:, :24] = again[0, :24]  # six bands that many texts share
    assert index.find(range(500), ["y"] * 500, [150] * 500, strangers.tobytes()) == {}
    index.close()


def told(
    values: "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]",
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]":
    """Signatures of 100 values, and 50 shingles in their order."""
    values[:, PERMUTATIONS:].sort()
    return values
