import hashlib
import json
from pathlib import Path

import pytest

from annotate.articles.dates import iso_date
from annotate.articles.fields import to_document
from annotate.articles.model import Problem
from annotate.datamodel import Document

CASES = json.loads((Path(__file__).parent / "cases" / "rows.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_row(case):
    got = to_document(case["row"], None, replace_invalid=False)
    if "problem" in case:
        assert isinstance(got, Problem)
        assert {"field": got.field, "reason": got.reason} == case["problem"]
    else:
        assert got == Document(**case["document"])


def test_replaced_characters_keep_all_offsets():
    row = {"id": "1", "text": "a\0b\ud800c\udce9d"}
    got = to_document(row, None, replace_invalid=True)
    assert isinstance(got, Document)
    assert got.text == "a�b�c�d"


def test_id_from_the_text_is_stable_and_tells_texts_apart():
    first, again, other = (
        to_document({"text": text}, None, replace_invalid=False) for text in ("Isi.", "Isi.", "Isi lain.")
    )
    assert first == again
    assert first.doc_id == f"text-{hashlib.sha256(b'Isi.').hexdigest()[:20]}"
    assert first.doc_id != other.doc_id


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2021-02-22", "2021-02-22"),
        ("2021-02-22 10:15:00", "2021-02-22T10:15:00"),
        ("2021-02-22T10:15:00Z", "2021-02-22T10:15:00Z"),
        ("22 Feb 2021", "2021-02-22"),
        ("Jumat, 5 Agustus 2022 09.05 WITA", "2022-08-05T09:05:00+08:00"),
        ("Mon, 22 Feb 2021 10:15:00 +0700", "2021-02-22T10:15:00+07:00"),
        ("31 Februari 2021", "31 Februari 2021"),
        ("22 Feb 2021 99:99", "22 Feb 2021 99:99"),
        ("kemarin", "kemarin"),
        ("03/04/2021", "03/04/2021"),
        (1613963700000, "2021-02-22T03:15:00Z"),
    ],
)
def test_dates_are_iso_where_they_can_be_understood(given, iso):
    assert iso_date(given) == iso
