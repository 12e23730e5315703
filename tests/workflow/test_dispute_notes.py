"""What an adjudicator is told of a dispute."""

from annotate.datamodel import Attribution, Document, Region
from annotate.reconcile import Reading, disputed, reconcile_document
from annotate.workflow.dispute_notes import note

TEXT = "Harga beras naik, kata Ani, dan stok di gudang kota yang baru dibuka pekan lalu itu masih cukup, kata Budi."


def said(words: str, by: str, kind: str = "indirect") -> Attribution:
    start, source = TEXT.index(words), TEXT.index(by)
    content = Region(kind, start, start + len(words), region_id=f"r{start}")  # type: ignore[arg-type]
    return Attribution(content, (Region("source", source, source + len(by)),), speaker=by)


def test_each_reading_is_told_by_what_is_disputed() -> None:
    document = Document("d", TEXT)
    long = TEXT[TEXT.index("stok") : TEXT.index(", kata Budi")]
    ani = Reading("ani", 1, (said("Harga beras naik", "Ani"), said(long, "Budi"), said("pekan lalu", "Ani")))
    budi = Reading("budi", 2, (said("Harga beras naik", "Budi", "direct"), said("stok", "Budi")))
    found = disputed(document, [ani, budi], reconcile_document(document, [ani, budi], commit_id=""))
    assert found is not None
    told = {one.record.content.text: note(one, found) for one in found.disputes}
    assert told["Harga beras naik"] == (
        "belum sepakat · ani: jenis tak langsung, sumber “Ani”, pembicara Ani;"
        " budi: jenis langsung, sumber “Budi”, pembicara Budi"
    )
    assert told["pekan lalu"] == "belum sepakat · ani: ditandai; budi: tidak ditandai"
    assert told[long] == "belum sepakat · ani: ditandai; budi: tidak ditandai"
    assert told["stok"] == "belum sepakat · ani: tidak ditandai; budi: ditandai"


def test_of_a_long_content_both_ends_are_told() -> None:
    document = Document("d", TEXT)
    whole, part = TEXT[: TEXT.index(" masih")], TEXT[: TEXT.index(" kota")]
    ani, budi = Reading("ani", 1, (said(whole, "Ani"),)), Reading("budi", 2, (said(part, "Ani", "mixed"),))
    found = disputed(document, [ani, budi], reconcile_document(document, [ani, budi], commit_id=""))
    assert found is not None
    (one,) = found.disputes
    told = note(one, found)
    assert "ani: jenis tak langsung, isi “Harga beras naik, kata Ani, … baru dibuka pekan lalu itu”" in told
    assert "budi: jenis campuran, isi “Harga beras naik, kata Ani, dan stok di gudang”" in told
