"""Quotation marks are taken off many contents at once; here is the same, one by one."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotate.export.quoting import unquoted

OPENING, CLOSING = "(?:''|``|[\"“”„‟«»‘’‚‹›'`´])", "(?:''|``|[\"“”„‟«»‘’‹›'`´])"
# One mark and no other beside it goes alone; else a mark may be two characters.
ONE_EACH = re.compile(rf"[{OPENING[8:-2]}](?![{OPENING[8:-2]}]).*(?<![{CLOSING[8:-2]}])[{CLOSING[8:-2]}]", re.DOTALL)


def without_marks(kind, content):
    if kind != "direct":
        return re.sub("''|``|[\"“”„‟«»]", "", content)
    if len(content) > 1 and ONE_EACH.fullmatch(content):
        return content[1:-1].strip()
    return re.sub(rf"{CLOSING}\Z", "", re.sub(rf"\A{OPENING}", "", content.strip()).strip()).strip()


def found(contents):
    is_direct = np.array([kind == "direct" for kind, _ in contents], bool)
    return unquoted(is_direct, pa.array(["“x", *(content for _, content in contents), "y”"]).slice(1, len(contents)))


@pytest.mark.parametrize(
    ("kind", "content", "bare"),
    [
        ("direct", "“Kami siaga,”", "Kami siaga,"),
        ("direct", "“ Kami \u00a0”", "Kami"),
        ("direct", "''Kami siaga``", "Kami siaga"),
        ("direct", "“'Kami' siaga”", "'Kami' siaga"),
        ("direct", "Kami siaga", "Kami siaga"),
        ("direct", "“", ""),
        ("mixed", "bahwa “kami” ''siaga'' 'ya'", "bahwa kami siaga 'ya'"),
        ("indirect", "bahwa '''kami", "bahwa 'kami"),
    ],
)
def test_contents_without_their_marks(kind, content, bare):
    assert found([(kind, content)]).to_pylist() == [bare] == [without_marks(kind, content)]


hard = st.text(st.sampled_from("ab \n\u00a0\"'`“”„«’‚‹´é漢😀"), min_size=1, max_size=9)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(["direct", "mixed", "indirect"]), hard), max_size=8))
@example([("direct", "“"), ("direct", "”"), ("mixed", "'"), ("mixed", "'")])
def test_any_contents_without_their_marks(contents):
    assert found(contents).to_pylist() == [without_marks(*one) for one in contents]
