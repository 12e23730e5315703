"""To whom, when, where and on what occasion: the cases of each field, and that each row of the word list works."""

import pytest

from annotate.lexicon import load_table
from tests.marking.fields import cases
from tests.marking.test_describe import described


@pytest.mark.parametrize(("marked", "expected"), cases("addressee"))
def test_addressee(marked: str, expected: str) -> None:
    assert described(marked)[0].details.addressee == (expected or None)


@pytest.mark.parametrize(("marked", "expected"), cases("time"))
def test_time(marked: str, expected: str) -> None:
    assert described(marked)[0].details.time == (expected or None)


@pytest.mark.parametrize(("marked", "expected"), cases("place"))
def test_place(marked: str, expected: str) -> None:
    assert described(marked)[0].details.place == (expected or None)


@pytest.mark.parametrize(("marked", "expected"), cases("occasion"))
def test_occasion(marked: str, expected: str) -> None:
    assert described(marked)[0].details.occasion == (expected or None)


def test_each_word_does_what_its_row_says() -> None:
    wrong = []
    for row in load_table("circumstances"):
        quoted, told = row["example"].split('" kata [')
        marked = f'{{d {quoted}"}} {{c kata}} {{s {told.replace("]", "}", 1)}'
        details = described(marked)[0].details
        if getattr(details, row["field"]) != row["value"]:
            wrong.append((row["word"], row["example"], getattr(details, row["field"])))
    assert not wrong
