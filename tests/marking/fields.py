"""Reads the tables of cases, and makes attributions of the notation's marks."""

from pathlib import Path

import pytest

from annotate.datamodel import Attribution, Region
from tests.marking.notation import Expected, read_notation

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[object]:
    """A table's cases as pytest parameters `(words, expected)`; a note that begins with `xfail:` is a known failure."""
    parameters = []
    for line in (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        words, expected, note = line.split("\t")
        marks = [pytest.mark.xfail(reason=note, strict=True)] if note.startswith("xfail:") else []
        parameters.append(pytest.param(words, expected, marks=marks, id=f"{note}: {words}"[:90]))
    return parameters


def attributions_of(marked: str) -> tuple[str, list[Attribution]]:
    """The bare text and its attributions in the order of their contents."""
    text, found = read_notation(marked)
    return text, [_attribution(one) for one in sorted(found, key=lambda one: (one.content[0], -len(one.content[1])))]


def _attribution(one: Expected) -> Attribution:
    def region(label: str, part: tuple[int, str]) -> Region:
        return Region(label, part[0], part[0] + len(part[1]))  # type: ignore[arg-type]

    return Attribution(
        region(one.label, one.content),
        tuple(region("source", part) for part in sorted(one.sources)),
        tuple(region("cue", part) for part in sorted(one.cues)),
    )
