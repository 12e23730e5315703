"""Whatever the text, marking ends, every span lies inside it, and the same text gives the same marks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datamodel import Document
from annotate.lexicon.words import FlagTable
from annotate.marking import Marker
from annotate.marking.chunks import TOKEN
from annotate.marking.tokens import tokenise
from annotate.marking.wrapping import may_be_wrapped, unwrap
from benchmarks.marking_fuzz import check, texts

MARKER = Marker()
PIECES = st.sampled_from(
    [
        '"',
        "“",
        "”",
        "'",
        "’",
        "?",
        ",",
        ".",
        ":",
        "(",
        ")",
        "\n",
        " ",
        "kata",
        "mengatakan",
        "bahwa",
        "menurut",
        "Budi",
        "dia",
    ]
)


def test_random_mutated_and_hostile_texts() -> None:
    for text in texts(1500, seed=7):
        check(MARKER, text)


@settings(max_examples=150)
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map(" ".join))
def test_any_text_gives_valid_and_equal_marks(text: str) -> None:
    check(MARKER, text)
    document = Document("same", text)
    assert MARKER.mark(document) == Marker().mark(document)


@settings(max_examples=300)
@given(st.text("“\"(akKé1_-'’.,!?:;)” \n", max_size=12))
def test_words_that_are_read_without_the_pattern_are_those_of_the_pattern(text: str) -> None:
    tokens = tokenise("Awal " + text)
    assert tokens.words[1 : tokens.size] == [piece.rstrip() for piece in TOKEN.findall("Awal " + text)][1:]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["pasar", "Budi", "(dua)", '"Kami', "\n", "\n ", "\n\n", " ", ","])).map("".join))
def test_no_wrapped_text_is_overlooked(text: str) -> None:
    assert may_be_wrapped(tokenise(text)) or unwrap(text) == text


def test_what_a_word_can_be_does_not_hang_on_what_was_read_before() -> None:
    fresh, used = FlagTable({}), FlagTable({})
    assert used["zubar"] == 0
    assert used["zubarnya"] == fresh["zubarnya"]


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_tokens_cover_the_text(text: str) -> None:
    tokens = tokenise(text)
    assert tokens.start(tokens.size) == len(text)
    for i in range(tokens.size):
        assert text[tokens.start(i) : tokens.end(i)] == tokens.words[i]


@pytest.mark.parametrize(
    "shape", ['"Kami ', 'kami" ', "mengatakan ", "Budi, kata dia, ", "(", '"\n', "Budi yakin bahwa "]
)
def test_long_lines_without_an_end(shape: str) -> None:
    text = shape * 4000
    check(MARKER, text)


def test_empty_and_blank_texts_have_no_marks() -> None:
    for text in ("", " ", "\n\n", "\t \n"):
        assert MARKER.mark(Document("blank", text)).attributions == ()


def test_the_version_names_program_and_lexicon() -> None:
    assert MARKER.version.startswith("atribusi-")
    assert "+" in MARKER.version
