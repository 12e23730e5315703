"""Marks sentences of our own, grouped by phenomenon in `cases/*.tsv`, and compares every span and link."""

from pathlib import Path

import pytest

from annotate.datamodel import Document
from annotate.marking import Marker
from tests.marking.notation import as_expected, read_notation

CASES = Path(__file__).parent / "cases"
GROUPS = (
    "quotation_marks",
    "cues_after",
    "cues_before",
    "reports",
    "report_ends",
    "around",
    "passive_and_hearsay",
    "sources",
    "nesting",
    "object_control",
    "lines_and_dialogue",
    "messy",
    "negatives",
)


def read_cases(group: str) -> list[tuple[str, str]]:
    """(marked sentence, note) of each line of a group; `#` begins a comment."""
    lines = (CASES / f"{group}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [(row[0], row[1] if len(row) > 1 else "") for row in rows]


def mark(text: str):
    return as_expected(text, Marker().mark(Document("case", text)).attributions)


@pytest.mark.parametrize(("group", "marked"), [(group, marked) for group in GROUPS for marked, _ in read_cases(group)])
def test_case(group: str, marked: str) -> None:
    text, expected = read_notation(marked)
    assert mark(text) == expected


@pytest.mark.xfail(strict=True, reason="known failures: what the marker does not get right yet")
@pytest.mark.parametrize("marked", [marked for marked, _ in read_cases("known_failures")])
def test_known_failure(marked: str) -> None:
    text, expected = read_notation(marked)
    assert mark(text) == expected


def test_there_are_enough_cases() -> None:
    everything = [case for group in (*GROUPS, "known_failures") for case in read_cases(group)]
    assert len(everything) >= 300
    assert len({marked for marked, _ in everything}) == len(everything)
