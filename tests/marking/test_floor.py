"""The floor under the marker's quality on the project's own gold: a change cannot lower it unseen."""

from pathlib import Path

from annotate.gold import read_gold
from annotate.marking import Marker
from benchmarks.accuracy import score

GOLD = Path(__file__).parent.parent.parent / "seeds" / "_gold" / "seeds.jsonl"
FLOORS = {"attribution": 0.90, "content half": 0.95, "content exact": 0.90, "direct exact": 0.98, "cue exact": 0.95}
SPEAKERS = 0.92


def test_quality_on_the_seed_articles() -> None:
    golds = list(read_gold(GOLD))
    marker = Marker()
    rows = {row[0]: row for row in score(golds, [marker.mark(gold.document) for gold in golds])}
    for measure, floor in FLOORS.items():
        assert float(rows[measure][5]) >= floor, (measure, rows[measure])
    assert float(rows["speaker"][3]) >= SPEAKERS, rows["speaker"]
