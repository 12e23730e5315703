"""What a source phrase tells: kind, name, role, affiliation; and that each row of the word lists does what it says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.lexicon import load_table
from annotate.marking.describe import describe
from annotate.marking.sources import describe_source, source_kind
from annotate.marking.speakers import resolve_speakers
from annotate.spans import Span
from tests.marking.fields import attributions_of, cases
from tests.marking.test_describe import described

_BRACKETED = re.compile(r"\[([^\]]+)\]")


def bracketed(example: str) -> tuple[str, Span]:
    """An example sentence without its brackets, and the span that they held."""
    match = _BRACKETED.search(example)
    assert match, example
    text = example[: match.start()] + match[1] + example[match.end() :]
    return text, Span(match.start(), match.start() + len(match[1]))


@pytest.mark.parametrize(("phrase", "expected"), cases("source_kind"))
def test_kind(phrase: str, expected: str) -> None:
    assert source_kind(phrase) == expected


@pytest.mark.parametrize(("phrase", "expected"), cases("name"))
def test_name(phrase: str, expected: str) -> None:
    found = describe_source(phrase, Span(0, len(phrase)))
    assert (found.name if found.kind == "person" else None) == (expected or None)


@pytest.mark.parametrize(("marked", "expected"), cases("role"))
def test_role(marked: str, expected: str) -> None:
    assert [one.details.role for one in described(marked)] == [part or None for part in expected.split("|")]


@pytest.mark.parametrize(("marked", "expected"), cases("affiliation"))
def test_affiliation(marked: str, expected: str) -> None:
    assert [one.details.affiliation for one in described(marked)] == [part or None for part in expected.split("|")]


def rows(table: str) -> list[tuple[dict[str, str], str]]:
    """Each row of a table with each of its words put for `{word}` in all cells."""
    out = []
    for row in load_table(table):
        for word in row["words"].split(", ") if "words" in row else [row["word"]]:
            out.append(({key: cell.replace("{word}", word) for key, cell in row.items()}, word))
    return out


@pytest.mark.parametrize("table", ["roles", "titles", "given_names", "places"])
def test_each_word_of_a_person_gives_what_its_row_says(table: str) -> None:
    wrong = []
    for row, word in rows(table):
        found = describe_source(*bracketed(row["example"]))
        got = {"name": found.name, "role": found.role, "affiliation": found.affiliation}
        wanted = {key: row[key] or None for key in got if key in row}
        if {key: got[key] for key in wanted} != wanted:
            wrong.append((word, row["example"], got))
    assert not wrong


@pytest.mark.parametrize("table", ["organisations", "media", "documents", "collectives", "unnamed", "pronouns"])
def test_each_noun_makes_the_kind_that_its_row_says(table: str) -> None:
    wrong = []
    for row, word in rows(table):
        found = describe_source(*bracketed(row["example"]))
        if found.kind != row["kind"] or (row.get("name") and found.name != row["name"]):
            wrong.append((word, row["example"], found))
    assert not wrong


@pytest.mark.parametrize("table", ["name_words", "nicknames"])
def test_each_small_word_and_nickname_gives_the_speaker_that_its_row_says(table: str) -> None:
    wrong = []
    for row, word in rows(table):
        text, attributions = attributions_of(_BRACKETED.sub(r"{s \1} {i x}", row["example"]))
        found = resolve_speakers(text, attributions)
        if found != [row["speaker"] if "speaker" in row else row["name"]]:
            wrong.append((word, row["example"], found))
    assert not wrong


@settings(max_examples=300)
@given(st.text(max_size=80), st.data())
def test_any_phrase_is_read(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = describe_source(text, Span(start, end))
    assert found.kind in ("person", "organisation", "document", "media", "collective", "unnamed", "pronoun")


def test_a_long_phrase_costs_no_more_than_a_short_one() -> None:
    """Only the beginning of a "source" of a megabyte is read."""
    phrase = "Menteri " * 200_000
    assert describe_source(phrase, Span(0, len(phrase))).kind in ("person", "unnamed")
    assert describe("Menteri bicara.", []) == ()
