"""The gold of the seeds is whole, and broken gold is named by its line."""

import json
from pathlib import Path

import pytest

from annotate.errors import InputError
from annotate.gold import read_gold

SEEDS = Path(__file__).parent.parent.parent / "seeds"


def test_the_seeds_gold_is_whole() -> None:
    marked = list(read_gold(SEEDS / "_gold" / "seeds.jsonl"))
    texts = {path.read_bytes().decode("utf-8") for path in SEEDS.glob("*.txt")}
    assert {one.document.text for one in marked} == texts
    attributions = [a for one in marked for a in one.attributions]
    assert len(attributions) == 27
    assert sum(bool(a.sources) for a in attributions) == 25
    assert {a.content.label for a in attributions} == {"direct", "mixed", "indirect"}


@pytest.mark.parametrize(
    "span",
    [
        {"label": "direct", "start": 0, "end": 3, "text": "Tak"},
        {"label": "direct", "start": 0, "end": 2, "text": "Ya", "source": "s9"},
        {"label": "direct", "start": "0", "end": 2, "text": "Ya"},
        {"start": 0, "end": 2, "text": "Ya"},
    ],
)
def test_broken_gold_is_named_by_its_line(tmp_path: Path, span: dict[str, object]) -> None:
    path = tmp_path / "gold.jsonl"
    good = json.dumps({"id": "a", "text": "Ya.", "spans": []})
    path.write_text(good + "\n" + json.dumps({"id": "b", "text": "Ya.", "spans": [span | {"id": "x"}]}) + "\n")
    with pytest.raises(InputError, match=r"gold\.jsonl, line 2"):
        list(read_gold(path))
