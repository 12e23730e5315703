"""Sentences and words are found in compiled code, thousands of texts at once; here is the same, one by one."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotate.export.context import sentences_around
from annotate.export.texts import Texts
from tests.export.making import gold_groups

# Behind a line end, or behind closing punctuation before a capital or a figure; not behind initials and short forms.
END = re.compile(
    r"[.!?…\n](?:(?<=\n)\s*|(?<!\b[A-Z]\.)(?<!\b(?:Dr|dr|No|Jl|St)\.)"
    r"[.!?…]*[\"”’'»)\]]*[^\S\n]+(?=[\"“‘'«(\[]?[A-Z0-9]))"
)


def around(text, start, end):
    cuts = [found.end() for found in END.finditer(text)]
    bounds = [0, *cuts, len(text)]
    own, behind = sum(cut <= start for cut in cuts), 1 + sum(cut < end for cut in cuts)
    before = text[bounds[own - 1] : bounds[own]].strip() if own else ""
    after = text[bounds[behind] : bounds[behind + 1]].strip() if behind <= len(cuts) else ""
    return before[-1000:] or None, after[:1000] or None


def found(spans):
    """For (text, start, end) each."""
    texts = sorted({text for text, _, _ in spans})
    of, starts, ends = (np.array(column, np.int64) for column in zip(
        *((texts.index(text), start, end) for text, start, end in spans), strict=True))  # fmt: skip
    before, after = sentences_around(pa.array(["x", *texts, ""]).slice(1), of, starts, ends)
    return [(a or None, b or None) for a, b in zip(before.to_pylist(), after.to_pylist(), strict=True)]


def test_the_seeds_have_the_sentences_that_one_reads():
    spans = [(doc.text, row.content.start, row.content.end) for doc, rows in gold_groups() for row in rows]
    assert found(spans) == [around(*span) for span in spans]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Hujan turun. |Kami siaga|. Warga diam.", "Hujan turun.", "Warga diam."),
        ("Kata Dr. H. A.B. Budi, |siaga|. Ia pergi.", None, "Ia pergi."),
        ("“Satu.” “|Dua|!” (Tiga.) 4 orang.", "“Satu.”", "(Tiga.)"),
        ("Judul\n\n  Isi satu... |Isi dua|\u00a0\nAkhir", "Isi satu...", "Akhir"),
        ("Di rumah ÉA. |Budi|.. Ani", "Di rumah ÉA.", "Ani"),
        ("Satu\x01. Dua\x02 |tiga|\x03. Empat", "Satu\x01.", "Empat"),
        ("a" * 1500 + ". |Dua|. " + "C" * 1500, "a" * 999 + ".", "C" * 1000),
        ("|semua|", None, None),
    ],
)
def test_sentences(text, before, after):
    head, words, tail = text.split("|")
    span = head + words + tail, len(head), len(head + words)
    assert found([span]) == [(before, after)] == [around(*span)]


hard = st.text(st.sampled_from("aB1ÉÜ_ \n\t\u00a0\u2028\x01\x02\x1c.…!?'”“)(DrNo"), max_size=40)


@settings(max_examples=300)
@given(st.lists(st.tuples(hard, st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
@example([("A. B\n", 5, 5), ("", 0, 0)])
def test_sentences_of_any_texts(spans):
    spans = [(text, *sorted((min(a, len(text)), min(b, len(text))))) for text, a, b in spans]
    assert found(spans) == [around(*span) for span in spans]


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("ab \n\x00\x0b\x1c\x1f\x85\u00a0\u2003\u3000é😀"), max_size=20), max_size=6))
def test_words_are_counted_as_python_counts_them(texts):
    column = pa.array(["satu dua", *texts], pa.string())
    assert Texts(column).word_counts() == [len(text.split()) for text in column.to_pylist()]
    assert Texts(column.slice(1)).word_counts() == [len(text.split()) for text in texts]
