"""Rows made without a vote are the rows that the general reconciliation makes of the same marks."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.articles import read_documents
from annotate.datamodel import Attribution, ContentLabel, Document, MarkedDocument, Region
from annotate.marking import Marker, describe
from annotate.records import AttributionRecord
from annotate.workflow.archive.flat import attribution_rows
from annotate.workflow.premarks import premark_rows

SEEDS = Path(__file__).parent.parent.parent / "seeds"
TEXT = "Budi berkata, “Kami pergi,” kata Dewi menurut laporan itu. " * 3


def same(marked: MarkedDocument) -> None:
    made = attribution_rows(marked, marked.document.text_sha256, describe)
    made = json.loads(json.dumps(made))
    assert [AttributionRecord(**row) for row in made] == premark_rows(marked, describe=describe)


def test_seeds() -> None:
    for document in read_documents([SEEDS]):
        same(Marker().mark(document))


spans = st.tuples(st.integers(0, 150), st.integers(1, 25)).map(lambda at: (at[0], at[0] + at[1]))
labels: st.SearchStrategy[ContentLabel] = st.sampled_from(["direct", "mixed", "indirect"])
marks = st.builds(
    Attribution,
    st.builds(lambda label, at: Region(label, *at, "rule", 0.5), labels, spans),
    st.lists(spans.map(lambda at: Region("source", *at)), max_size=2).map(tuple),
    st.lists(spans.map(lambda at: Region("cue", *at)), max_size=2).map(tuple),
    st.sampled_from(["", "Dewi", "Budi"]),
)


@settings(max_examples=150)
@given(
    st.lists(marks, max_size=6).flatmap(
        lambda some: st.lists(st.sampled_from(some), max_size=9) if some else st.just([])
    )
)
def test_any_marks(attributions: list[Attribution]) -> None:
    same(MarkedDocument(Document("a/1", TEXT), tuple(attributions), "marker"))
