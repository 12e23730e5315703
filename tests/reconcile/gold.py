"""The seed articles' gold as documents and attributions, for every test of this room."""

import json
from pathlib import Path

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading

GOLD = Path(__file__).parents[2] / "seeds" / "_gold" / "seeds.jsonl"
CONTENTS = ("direct", "mixed", "indirect")


def gold() -> list[tuple[Document, tuple[Attribution, ...]]]:
    """Each seed article with its hand-marked attributions; region ids are the gold's."""
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    return [(Document(g["id"], g["text"]), attributions(g["spans"])) for g in map(json.loads, lines)]


def attributions(spans: list[dict]) -> tuple[Attribution, ...]:
    """Attributions of spans in the gold's form; `source` and `cue` hold ids, comma-separated."""
    by_id = {s["id"]: Region(s["label"], s["start"], s["end"], region_id=s["id"], origin="manual") for s in spans}

    def linked(span: dict, role: str) -> tuple[Region, ...]:
        return tuple(by_id[i.strip()] for i in span.get(role, "").split(",") if i)

    return tuple(
        Attribution(by_id[s["id"]], linked(s, "source"), linked(s, "cue"), s.get("speaker", ""))
        for s in spans
        if s["label"] in CONTENTS
    )


def reading(name: str, what: tuple[Attribution, ...] = (), number: int = 0, **more: object) -> Reading:
    """A reading by `name`; its annotation id follows from the name where no number is given."""
    return Reading(name, number or sum(map(ord, name)), what, **more)  # type: ignore[arg-type]
