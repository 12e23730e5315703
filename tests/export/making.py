"""Records for tests, made from the hand-marked seeds and from scratch."""

import hashlib
import json
from pathlib import Path

from annotate.export import Group
from annotate.records import AttributionRecord, DocumentRecord, RegionRef, SpanRecord, Vote

GOLD = Path(__file__).parents[2] / "seeds" / "_gold" / "seeds.jsonl"
COMMIT = "c-1"


def document(doc_id: str, text: str, **more: object) -> DocumentRecord:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return DocumentRecord(doc_id=doc_id, text=text, text_sha256=sha, commit_id=COMMIT, **more)


def span(text: str, start: int, end: int) -> SpanRecord:
    return SpanRecord(start=start, end=end, text=text[start:end])


def row(doc: DocumentRecord, start: int, end: int, kind: str = "direct", **more: object) -> AttributionRecord:
    settled = {
        "attribution_id": f"at-{doc.doc_id}-{start}-{end}", "doc_id": doc.doc_id, "text_sha256": doc.text_sha256,
        "commit_id": COMMIT, "type": kind, "content": span(doc.text, start, end), "status": "single",
        "annotators": ["ani@contoh.id"], "readers": ["ani@contoh.id"], "speaker": "",
    }  # fmt: skip
    return AttributionRecord(**(settled | more))


def gold_groups() -> list[Group]:
    """The seeds with their hand-marked attributions, as records of a version."""
    groups = []
    for number, line in enumerate(GOLD.read_text(encoding="utf-8").splitlines()):
        gold = json.loads(line)
        doc = document(
            gold["id"], gold["text"], outlet=f"Harian {number % 2 + 1}",
            published_at=f"2021-0{number + 1}-22T10:00:00Z", url=f"https://contoh.id/{number}", title=f"Judul {number}",
        )  # fmt: skip
        by_id = {s["id"]: s for s in gold["spans"] if "id" in s}
        rows = []
        for n, mark in enumerate(s for s in gold["spans"] if s["label"] in ("direct", "mixed", "indirect")):
            ends = {
                name: [span(doc.text, by_id[i]["start"], by_id[i]["end"]) for i in mark.get(name, "").split(",") if i]
                for name in ("source", "cue")
            }
            rows.append(
                row(
                    doc,
                    mark["start"],
                    mark["end"],
                    mark["label"],
                    sources=ends["source"],
                    cues=ends["cue"],
                    speaker=mark.get("speaker", ""),
                    attribution_id=f"at-{doc.doc_id}-{n}",
                )
            )
        groups.append((doc, rows))
    return groups


NEWS = "Judul\n\nHujan turun. “Kami siaga,” kata Dewi. Menurut Budi, Ani bilang jalan putus. Warga diam."


def rich_groups() -> list[Group]:
    """A document in which every field says something, and one without attributions."""
    doc = document(
        "dok-1", NEWS, outlet="Harian", title="Judul", url="https://contoh.id/1",
        published_at="2021-02-22T10:15:00+07:00", retrieved_at="2021-02-23T00:00:00Z",
        archived_url="https://arsip.contoh.id/1",
    )  # fmt: skip
    find = NEWS.index
    quote, cue, dewi = find("“Kami"), find("kata"), find("Dewi")
    outer, inner = find("Ani bilang"), find("jalan")
    rows = [
        row(
            doc, quote, find(" kata"), "direct", attribution_id="at-a", sources=[span(NEWS, dewi, dewi + 4)],
            cues=[span(NEWS, cue, cue + 4)], speaker="Dewi Lestari", cue_kind="statement", source_kind="person",
            role="Camat", affiliation="Kecamatan Kota", register_id="Q1", addressee="wartawan", time="kemarin",
            place="balai kota", occasion="jumpa pers", status="majority",
            annotators=["ani@contoh.id", "budi@contoh.id"],
            readers=["ani@contoh.id", "budi@contoh.id", "citra@contoh.id"], agreement=0.75,
            votes=[Vote(field="type", value='"direct"', annotators=["ani@contoh.id", "budi@contoh.id"])],
            dissent=[Vote(field="existence", value="false", annotators=["citra@contoh.id"])],
            regions=[RegionRef(annotation_id=7, region_id="r1", annotator="ani@contoh.id")],
            premark_rule="closing-cue", premark_confidence=0.875, premark_version="atribusi-1",
            premark_change=["moved", "renamed"], decision_id="d-1", verdict="right", claim_rating="benar",
        ),
        row(
            doc, outer, find(". Warga"), "indirect", attribution_id="at-b", speaker="Budi",
            sources=[span(NEWS, find("Budi"), find("Budi") + 4)], cues=[span(NEWS, find("Menurut"), find(" Budi"))],
            status="unanimous",
        ),
        row(
            doc, inner, find(". Warga"), "indirect", attribution_id="at-c", parent_id="at-b", depth=1, speaker="Ani",
            sources=[span(NEWS, outer, outer + 3)], cues=[span(NEWS, outer + 4, outer + 10)], status="premark",
            annotators=[], premark_rule="opening-cue", premark_confidence=0.5,
        ),
    ]  # fmt: skip
    return [(doc, rows), (document("dok-2", "Tanpa kutipan.", outlet="Warta", published_at="kemarin"), [])]
