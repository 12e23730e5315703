"""Near-copies are found, marked once and linked; texts that only have a subject in common stay apart."""

import random
from pathlib import Path

import numpy as np
import pytest

from annotate.workflow.archive import ArchiveOptions, mark_archive
from annotate.workflow.archive.copies import CopyIndex, shingles, sign
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
    sizes, signed = sign(list(texts.values()))
    signatures = np.frombuffer(signed, "<u4").reshape(len(texts), -1)
    first = shingles(texts["first"])
    for n, text in enumerate(texts.values()):
        own = shingles(text)
        assert sizes[n] == len(own)
        assert abs(np.mean(signatures[n] == signatures[0]) - len(first & own) / len(first | own)) < 0.2


def test_the_table_finds_all_that_was_put_into_it_while_it_grows() -> None:
    chance = np.random.default_rng(7)
    index, held = CopyIndex(), {}
    for start in range(0, 3000, 500):
        signed = chance.integers(0, 2**32, (500, 100), np.uint32)
        ids = [f"d{start + n}" for n in range(500)]
        assert index.find(range(500), ids, [100] * 500, signed.tobytes()) == {}
        held.update(dict(zip(ids, signed, strict=True)))
    again = np.stack([held[f"d{n}"] for n in range(0, 3000, 7)])
    again[:, 60:] = 1  # the rest of the signature is another text's: 60 of 100 are the same
    found = index.find(range(len(again)), ["x"] * len(again), [100] * len(again), again.tobytes())
    assert found == {n: f"d{n * 7}" for n in range(len(again))}
    strangers = chance.integers(0, 2**32, (500, 100), np.uint32)
    strangers[:, :24] = again[0, :24]  # six bands that many texts share
    assert index.find(range(500), ["y"] * 500, [100] * 500, strangers.tobytes()) == {}
    index.close()
