"""Every row of `cues.tsv` proves itself: its example yields the content, source and cue that it is marked with."""

import pytest

from annotate.datamodel import Document
from annotate.lexicon import cue_entries, cue_kind, load_table
from annotate.marking import Marker
from tests.marking.notation import as_expected, read_notation

ROWS = load_table("cues")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['word']}-{row['frame']}" for row in ROWS])
def test_row_yields_what_its_example_says(row: dict[str, str]) -> None:
    text, expected = read_notation(row["example"])
    marked = Marker().mark(Document("row", text)).attributions
    assert as_expected(text, marked) == expected
    own = [cue for one in marked for cue in one.cues if row["word"] in cue.words(text).lower()]
    assert own, "the example does not show the row's own word as a cue"
    assert row["kind"] in {cue.kind for cue in own}


def test_examples_are_not_repeated() -> None:
    examples = [row["example"] for row in ROWS]
    assert len(set(examples)) == len(examples)


@pytest.mark.parametrize("row", load_table("lookalikes"), ids=[row["word"] for row in load_table("lookalikes")])
def test_lookalike_is_not_marked(row: dict[str, str]) -> None:
    assert Marker().mark(Document("row", row["example"])).attributions == ()


def test_clitic_forms_come_with_their_verb() -> None:
    for form in ("katanya", "ujarnya", "menyebutnya", "menurutnya", "diakuinya"):
        assert cue_entries()[form].clitic


def test_kind_of_a_cue_as_printed() -> None:
    assert cue_kind("Katanya") == "statement"
    assert cue_kind("dikutip dari") == "statement"
    assert cue_kind("membantah") == "denial"
    assert cue_kind("kursi") is None
