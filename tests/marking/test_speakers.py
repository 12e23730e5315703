"""Who speaks: the cases of `cases/speaker.tsv`, the gold of the seeds, and what must hold for any marks."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Region
from annotate.gold import read_gold
from annotate.marking.speakers import resolve_speakers
from tests.marking.fields import attributions_of, cases

GOLD = Path(__file__).parents[2] / "seeds" / "_gold" / "seeds.jsonl"


@pytest.mark.parametrize(("marked", "expected"), cases("speaker"))
def test_speaker(marked: str, expected: str) -> None:
    text, attributions = attributions_of(marked)
    assert resolve_speakers(text, attributions) == (expected.split("|") if expected else [""])


def test_gold_speakers_of_the_seeds() -> None:
    """All speakers of the project's own gold are found from its spans."""
    for marked in read_gold(GOLD):
        found = resolve_speakers(marked.document.text, marked.attributions)
        assert found == [one.speaker for one in marked.attributions]


def test_order_of_the_attributions_does_not_matter() -> None:
    for marked in read_gold(GOLD):
        shuffled = list(marked.attributions)
        random.Random(3).shuffle(shuffled)
        assert resolve_speakers(marked.document.text, shuffled) == [one.speaker for one in shuffled]


def test_no_attributions() -> None:
    assert resolve_speakers("Tidak ada yang bicara.", []) == []


WORDS = st.sampled_from(
    [
        "Menteri",
        "Danu",
        "Wirasena",
        "dan",
        "dia",
        "itu",
        "yang",
        "(KY)",
        "Komisi",
        "Yudisial",
        ",",
        ".",
        "”",
        "kata",
        "para",
        "𝕏",
        "\n",
    ]
)


@settings(max_examples=150)
@given(st.lists(WORDS, min_size=1, max_size=30), st.data())
def test_any_spans_give_a_speaker_of_the_text(words: list[str], data: st.DataObject) -> None:
    """Whatever was marked where, there is a name for each attribution, made of words of the text."""
    text = " ".join(words)
    position = st.integers(0, len(text) - 1)

    def region(label: str) -> Region:
        start = data.draw(position)
        return Region(label, start, data.draw(st.integers(start + 1, len(text))))  # type: ignore[arg-type]

    attributions = [
        Attribution(
            region(data.draw(st.sampled_from(["direct", "indirect", "mixed"]))),
            tuple(region("source") for _ in range(data.draw(st.integers(0, 2)))),
            tuple(region("cue") for _ in range(data.draw(st.integers(0, 1)))),
        )
        for _ in range(data.draw(st.integers(1, 5)))
    ]
    speakers = resolve_speakers(text, attributions)
    assert len(speakers) == len(attributions)
    for speaker in speakers:
        assert all(word.strip(",") in text for word in speaker.split() if word != "dan")
