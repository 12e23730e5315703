"""What the tests of this room share: the seeds' gold as marked documents, and strategies for any marked document."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from annotate.datamodel import CONTENT_LABELS, CUE_KINDS, SOURCE_KINDS, Attribution, Document, MarkedDocument, Region
from annotate.gold import read_gold

ROOT = Path(__file__).parents[2]
MARKER = "atribusi test 1"


@cache
def seeds() -> tuple[MarkedDocument, ...]:
    """The three seed articles with their hand-marked gold in place of pre-marks."""
    return tuple(
        replace(
            marked,
            marker=MARKER,
            document=replace(marked.document, outlet="Koran"),
            attributions=tuple(map(_scored, marked.attributions)),
        )
        for marked in read_gold(ROOT / "seeds/_gold/seeds.jsonl")
    )


def _scored(attribution: Attribution) -> Attribution:
    def scored(region: Region) -> Region:
        return replace(region, rule="gold", confidence=0.875)

    return replace(
        attribution,
        content=scored(attribution.content),
        sources=tuple(map(scored, attribution.sources)),
        cues=tuple(map(scored, attribution.cues)),
    )


# All of Unicode that Label Studio can bear: no NUL, no surrogates.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=2, max_size=60)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@st.composite
def marked_documents(draw) -> MarkedDocument:
    """Any text with any attributions: nested, crossing, on one span, sharing sources and cues."""
    text = draw(texts)
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12)).map(
        lambda s: (s[0], min(len(text), s[0] + s[1]))
    )

    def regions(labels, kinds):
        return st.builds(
            lambda label, span, kind, confidence: Region(label, *span, "aturan", confidence, kind),
            labels,
            spans,
            kinds,
            st.none() | st.floats(0, 1),
        )

    sources = draw(st.lists(regions(st.just("source"), st.sampled_from((None, *SOURCE_KINDS))), max_size=3))
    cues = draw(st.lists(regions(st.just("cue"), st.sampled_from((None, *CUE_KINDS))), max_size=3))
    attributions = draw(
        st.lists(
            st.builds(
                Attribution,
                regions(st.sampled_from(CONTENT_LABELS), st.none()),
                st.lists(st.sampled_from(sources), unique=True).map(tuple) if sources else st.just(()),
                st.lists(st.sampled_from(cues), unique=True).map(tuple) if cues else st.just(()),
                names,
            ),
            max_size=6,
        )
    )
    doc_id = draw(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip))
    return MarkedDocument(Document(doc_id, text), tuple(attributions), MARKER)
