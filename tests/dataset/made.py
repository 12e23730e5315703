"""Made-up records for the dataset's tests: the same arguments give the same records."""

import hashlib
from collections.abc import Sequence

from annotate.dataset import DocumentChange, Recipe
from annotate.records import (
    AnnotationRecord,
    AttributionRecord,
    DecisionRecord,
    DocumentRecord,
    RegionRef,
    SetAsideRecord,
    SpanRecord,
    Vote,
)

RECIPE = Recipe(merge_rules="majority/1", lexicon_version="1", marker_versions=("rules-1",))
SENTENCES = ("“Banjir surut,” kata Dewi.", "Budi menilai harga turun.", "Menurut Rara, jalan ditutup.")
PARTS = (
    ("“Banjir surut,”", "Dewi", "kata", "direct"),
    ("harga turun", "Budi", "menilai", "indirect"),
    ("jalan ditutup", "Rara", "Menurut", "indirect"),
)


def document(number: int, *, title: str | None = "Judul", edition: str = "") -> DocumentRecord:
    """Document `number`; another `edition` is another text."""
    text = f"Judul {number}{edition}\n\n" + " ".join(SENTENCES)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return DocumentRecord(
        doc_id=f"artikel-{number:05d}", text_sha256=sha256, text=text, title=title, outlet="Kabar", commit_id="-"
    )


def span(of: DocumentRecord, words: str, *, longer: int = 0) -> SpanRecord:
    """Where the words stand in the document, `longer` characters more at the end (as far as the text goes)."""
    start = of.text.index(words)
    end = min(len(of.text), start + len(words) + longer)
    return SpanRecord(start=start, end=end, text=of.text[start:end])


def attribution(of: DocumentRecord, part: int, *, longer: int = 0, **fields: object) -> AttributionRecord:
    """One of the three attributions of a document, its content `longer` by so many characters."""
    content, source, cue, kind = PARTS[part]
    values: dict[str, object] = {
        "attribution_id": f"{of.doc_id}/{part}",
        "doc_id": of.doc_id,
        "text_sha256": of.text_sha256,
        "commit_id": "-",
        "type": kind,
        "content": span(of, content, longer=longer),
        "sources": [span(of, source)],
        "cues": [span(of, cue)],
        "speaker": source,
        "status": "majority",
        "annotators": ["a@contoh.id", "b@contoh.id"],
        "readers": ["a@contoh.id", "b@contoh.id", "c@contoh.id"],
        "votes": [Vote(field="type", value=f'"{kind}"', annotators=["a@contoh.id", "b@contoh.id"])],
        "regions": [RegionRef(annotation_id=7, region_id="x1", annotator="a@contoh.id")],
        "agreement": 0.5,
    }
    return AttributionRecord.model_validate(values | fields)


def change(number: int, parts: Sequence[int] = (0, 1, 2), *, longer: int = 0, edition: str = "") -> DocumentChange:
    """A document with some of its attributions and one label set aside."""
    of = document(number, edition=edition)
    left = SetAsideRecord(
        doc_id=of.doc_id, commit_id="-", annotation_id=7, region_id="x9", reason="outside the text", raw="{}"
    )
    return DocumentChange(of, [attribution(of, part, longer=longer) for part in parts], [left])


def annotation(number: int, annotator: str = "a", *, edition: int = 1, **fields: object) -> AnnotationRecord:
    """One state (`edition`) of the annotation that an annotator made of a document."""
    annotation_id = 10 * number + "abcdefgh".index(annotator)
    values: dict[str, object] = {
        "state_id": hashlib.sha256(f"{annotation_id} {edition}".encode()).hexdigest(),
        "server": "http://127.0.0.1:8080",
        "project_id": 1,
        "task_id": number,
        "annotation_id": annotation_id,
        "doc_id": document(number).doc_id,
        "task_text_sha256": document(number).text_sha256,
        "state": "submitted",
        "annotator": f"{annotator}@contoh.id",
        "updated_at": f"2026-10-22T0{edition}:00:00Z",
        "raw": f'{{"edition": {edition}}}',
        "pulled_at": f"2026-10-23T0{edition}:00:00Z",
    }
    return AnnotationRecord.model_validate(values | fields)


def decision(number: int, name: str = "d1", **fields: object) -> DecisionRecord:
    """A reviewer's decision on a document's first attribution."""
    of = document(number)
    values: dict[str, object] = {
        "decision_id": f"{of.doc_id}/{name}",
        "kind": "review",
        "doc_id": of.doc_id,
        "attribution_id": f"{of.doc_id}/0",
        "decided_by": "cek@contoh.id",
        "decided_at": "2026-10-24T00:00:00.000000Z",
        "verdict": "right",
    }
    return DecisionRecord.model_validate(values | fields)
