import csv
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import annotate
from annotate.cli import export as cli_export
from annotate.cli.export import STATUSES
from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.errors import AtribusiError, DatasetError, InputError
from annotate.export import COLUMNS, DOCUMENT_COLUMNS, FORMATS, Filters, export
from annotate.export.chunks import as_chunks, paired
from annotate.records import Status
from tests.export.making import NEWS, document, gold_groups, rich_groups, row


def exported(tmp_path: Path, groups, **options):
    report = export(groups, tmp_path / "attributions.csv", version=3, **options)
    return report, annotate.read_csv(report.path)


def test_every_gold_attribution_is_one_row_with_its_speaker_and_words(tmp_path):
    groups = gold_groups()
    report, frame = exported(tmp_path, groups)
    expected = [
        (doc.doc_id, r.type, r.content.text, r.speaker or None, " | ".join(s.text for s in r.sources) or None)
        for doc, rows in groups
        for r in rows
    ]
    got = frame[["doc_id", "type", "content", "speaker", "source"]].astype(object)
    assert [tuple(None if pd.isna(v) else v for v in line) for line in got.itertuples(index=False)] == expected
    assert report.attributions == len(expected) > 20
    texts = {doc.doc_id: doc.text for doc, _ in groups}
    for line in frame.itertuples():
        assert texts[line.doc_id][line.content_start : line.content_end] == line.content


def test_every_column_says_what_the_record_says(tmp_path):
    _, frame = exported(tmp_path, rich_groups(), premarks=True)
    assert list(frame.columns) == [column.name for column in COLUMNS]
    first, second, third = (dict(line) for _, line in frame.astype(object).where(frame.notna(), None).iterrows())
    assert first == {
        "version": 3, "attribution_id": "at-a", "doc_id": "dok-1", "outlet": "Harian", "title": "Judul",
        "url": "https://contoh.id/1", "published_at": "2021-02-22T10:15:00+07:00", "date": "2021-02-22",
        "type": "direct",
        "verbatim": "verbatim", "content": "“Kami siaga,”", "content_unquoted": "Kami siaga,", "cue": "kata",
        "cue_kind": "statement", "source": "Dewi", "source_kind": "person", "speaker": "Dewi Lestari", "role": "Camat",
        "affiliation": "Kecamatan Kota", "register_id": "Q1", "addressee": "wartawan", "time": "kemarin",
        "place": "balai kota", "occasion": "jumpa pers", "sentence_before": "Hujan turun.",
        "sentence_after": "Menurut Budi, Ani bilang jalan putus.", "content_start": 20, "content_end": 33,
        "source_start": 39, "source_end": 43, "source_spans": "39-43", "cue_start": 34, "cue_end": 38,
        "cue_spans": "34-38", "depth": 0, "parent_id": None, "chain": None, "status": "majority",
        "annotators": "ani@contoh.id | budi@contoh.id", "annotator_count": 2,
        "readers": "ani@contoh.id | budi@contoh.id | citra@contoh.id", "reader_count": 3,
        "votes": 'type = "direct" (ani@contoh.id, budi@contoh.id)', "dissent": "existence = false (citra@contoh.id)",
        "agreement": 0.75, "premark_rule": "closing-cue", "premark_confidence": 0.875, "premark_version": "atribusi-1",
        "premark_change": "moved | renamed", "verdict": "right", "claim_rating": "benar", "decision_id": "d-1",
        "commit_id": "c-1", "regions": "7:r1", "text_sha256": rich_groups()[0][0].text_sha256,
    }  # fmt: skip
    assert (second["verbatim"], second["content_unquoted"]) == ("paraphrase", "Ani bilang jalan putus")
    assert (third["chain"], third["depth"], third["parent_id"]) == ("Budi > Ani", 1, "at-b")
    assert (third["status"], third["annotator_count"], third["sentence_after"]) == ("premark", 0, "Warga diam.")


def test_chain_of_reports(tmp_path):
    of = document("dok-1", "abcdef")
    parents = {"a": None, "b": "a", "c": "b", "d": "lain", "e": "f", "f": "e"}
    rows = [
        row(of, n, n + 1, "indirect", attribution_id=name, parent_id=parent, depth=int(parent is not None),
            speaker="" if name == "b" else name.upper())
        for n, (name, parent) in enumerate(parents.items())
    ]  # fmt: skip
    _, frame = exported(tmp_path, [(of, rows)])
    chains = frame.set_index("attribution_id")["chain"].to_dict()
    assert pd.isna(chains["a"])
    assert {name: chains[name] for name in "bcd"} == {"b": "A > ?", "c": "A > ? > C", "d": "D"}
    assert chains["e"] == " > ".join("FE" * 25)  # a ring, which no program of ours makes, ends somewhere


UNQUOTED = [
    ("direct", "“Kami siaga,”", "Kami siaga,"),
    ("direct", "“ Kami\nsiaga. ”", "Kami\nsiaga."),
    ("direct", "''Kami 'siaga'.''", "Kami 'siaga'."),
    ("direct", "“Kami “siaga””", "Kami “siaga”"),
    ("direct", "“Kami siaga,", "Kami siaga,"),
    ("direct", "“a”", "a"),
    ("direct", "siaga", "siaga"),
    ("mixed", 'mereka “siaga” di "posko"', "mereka siaga di posko"),
    ("mixed", "“Kami siaga” di posko", "Kami siaga di posko"),
    ("indirect", "kapal 'Bahari' karam", "kapal 'Bahari' karam"),
    ("indirect", "kapal ``Bahari'' karam", "kapal Bahari karam"),
]


def test_contents_without_their_quotation_marks(tmp_path):
    """Alone and among others: what most have in common is done for all at once."""
    groups = [
        (doc := document(f"d{n:02}", content), [row(doc, 0, len(content), kind)])
        for n, (kind, content, _) in enumerate(UNQUOTED)
    ]
    _, frame = exported(tmp_path, groups)
    assert frame["content_unquoted"].tolist() == [bare for _, _, bare in UNQUOTED]
    for group, (_, _, bare) in zip(groups, UNQUOTED, strict=True):
        assert exported(tmp_path, [group])[1]["content_unquoted"].tolist() == [bare]


def test_documents_without_attributions_count(tmp_path):
    report, _ = exported(tmp_path, rich_groups())
    documents = annotate.read_csv(report.documents_path)
    assert list(documents.columns) == [column.name for column in DOCUMENT_COLUMNS]
    assert documents["attributions"].tolist() == [2, 0]
    assert documents["premarks_left_out"].tolist() == [1, 0]
    assert documents["characters"].tolist() == [len(NEWS), 14]
    assert documents["words"].tolist() == [15, 2]
    assert documents["date"].astype(object).where(documents["date"].notna(), None).tolist() == ["2021-02-22", None]
    assert (report.documents, report.attributions, report.left_out_premarks) == (2, 2, 1)


def test_the_dictionary_names_every_column(tmp_path):
    report, _ = exported(tmp_path, rich_groups())
    with report.dictionary_path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["table"], r["column"]) for r in rows] == [("attributions", c.name) for c in COLUMNS] + [
        ("documents", c.name) for c in DOCUMENT_COLUMNS
    ]
    assert all(r["description"] and r["type"] for r in rows)


HOSTILE = [
    "=1+1", "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "'", "''=1", "\t=1", "\r=1", "\n=1", "\x01=1", "\x7f",
    "＝1", 'a"b', '"', '""', "a,b;c\td", "a\r\nb\rc\nd", " =1", "NA", "nan", "NULL", "None", "true", "1,5", "007",
    "1e5", "x" * 100_000,
    "“kutip”", "\u2028", "😀", "-", "\ufeffa", "\\", "sep=;", "<script>", "a\x00b", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("format", ["csv", "excel"])
def test_hostile_cells_are_harmless_and_come_back_equal(tmp_path, format):
    groups = []
    for number, cell in enumerate(HOSTILE):
        doc = document(f"d{number}", f"a {cell} z", outlet=cell, title=cell)
        groups.append((doc, [row(doc, 2, 2 + len(cell), speaker=cell, role=cell, annotators=[cell])]))
    report, frame = exported(tmp_path, groups, format=format)
    short = [cell if format == "csv" or len(cell) < 32_767 else cell[:32_766] + "…" for cell in HOSTILE]
    for name in ("content", "speaker", "role", "annotators", "outlet", "title"):
        assert frame[name].tolist() == short, name
    if format == "excel":
        assert "9 cells were cut" in report.notes[0]
    text = report.path.read_bytes().decode("utf-8-sig")
    cells = [
        c
        for line in csv.reader(text.splitlines(keepends=True), delimiter=";" if format == "excel" else ",")
        for c in line
    ]
    assert not [c for c in cells if c[:1] in tuple("=+-@\t\r\n\x01\x7f＝")]


cells = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))


@settings(max_examples=25)
@given(st.lists(st.tuples(cells, cells, st.none() | st.floats(-1, 1)), min_size=1, max_size=5))
def test_whatever_is_written_is_read_back(tmp_path_factory, values):
    doc = document("d", "“Isi.”")
    rows = [
        row(doc, 0, 6, attribution_id=f"at-{n}", role=role, speaker=speaker, agreement=agreement)
        for n, (role, speaker, agreement) in enumerate(values)
    ]
    folder = tmp_path_factory.mktemp("csv")
    for format in ("csv", "excel"):
        frame = annotate.read_csv(export([(doc, rows)], folder / "a.csv", version=1, format=format).path)
        got = frame[["role", "speaker", "agreement"]].astype(object)
        assert [tuple(None if pd.isna(v) else v for v in line) for line in got.itertuples(index=False)] == values


def test_pandas_alone_reads_it(tmp_path):
    report, frame = exported(tmp_path, gold_groups())
    plain = pd.read_csv(report.path)
    assert list(plain.columns) == list(frame.columns)
    assert plain["content_start"].tolist() == frame["content_start"].tolist()
    assert len(plain) == len(frame)


FILTERS = [
    (Filters(), 3, 2),
    (Filters(date_from="2021-02-01"), 3, 1),
    (Filters(date_to="2021-02-22"), 3, 1),
    (Filters(date_from="2021-02-23"), 0, 0),
    (Filters(outlets=("warta",)), 0, 1),
    (Filters(outlets=("HARIAN", "Warta")), 3, 2),
    (Filters(speakers=("budi", "ani")), 2, 2),
    (Filters(types=("direct",)), 1, 2),
    (Filters(statuses=("premark", "majority")), 2, 2),
    (Filters(annotators=("budi@contoh.id",)), 1, 2),
    (Filters(annotators=("ani@contoh.id",), types=("indirect",)), 1, 2),
]


@pytest.mark.parametrize(("filters", "attributions", "documents"), FILTERS)
def test_filters(tmp_path, filters, attributions, documents):
    report, frame = exported(tmp_path, rich_groups(), filters=filters, premarks=True)
    assert len(frame) == report.attributions == attributions
    assert len(annotate.read_csv(report.documents_path)) == report.documents == documents
    assert report.filtered_out == 3 - attributions


def test_a_failed_export_leaves_the_file_before(tmp_path):
    report, _ = exported(tmp_path, rich_groups())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken():
        yield from rich_groups()
        raise RuntimeError("the dataset went away")

    with pytest.raises(RuntimeError):
        export(broken(), report.path, version=4)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_export_of_nothing_is_a_header(tmp_path):
    report, frame = exported(tmp_path, [])
    assert report.attributions == report.documents == len(frame) == 0
    assert list(frame.columns) == [column.name for column in COLUMNS]


def test_an_attribution_without_its_document_is_an_error(tmp_path):
    (doc, rows), _ = rich_groups()
    other = doc.model_copy(update={"text_sha256": "0" * 64})
    with pytest.raises(DatasetError, match="'at-a' comes without the text"):
        export([(other, rows)], tmp_path / "a.csv", version=1)
    assert not list(tmp_path.iterdir())


def test_tables_in_order_of_document_come_together(tmp_path):
    groups = sorted([*gold_groups(), *rich_groups()], key=lambda group: group[0].doc_id)
    whole = export(groups, tmp_path / "a.csv", version=1)
    (chunk,) = as_chunks(groups)
    for step, other in ((1, 7), (2, 3), (100, 1), (3, 100)):
        documents = [chunk.documents.slice(n, step) for n in range(0, chunk.documents.num_rows, step)]
        rows = [chunk.attributions.slice(n, other) for n in range(0, chunk.attributions.num_rows, other)]
        export(paired(documents, rows), tmp_path / "b.csv", version=1)
        assert (tmp_path / "b.csv").read_bytes() == whole.path.read_bytes()


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(AtribusiError, match="no format 'doc'"):
        export([], tmp_path / "a.csv", version=1, format="doc")
    with pytest.raises(AtribusiError, match="taken"):
        export([], tmp_path / "documents.csv", version=1)
    with pytest.raises(InputError):
        annotate.read_csv(tmp_path / "tak-ada.csv")


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(date_from="kemarin"), "date_from: 'kemarin' is no day"),
        (Filters(date_to="2021-02-30"), "date_to: '2021-02-30' is no day"),
        (Filters(date_from="2021-02-02", date_to="2021-02-01"), "the first day, 2021-02-02, comes after the last"),
        (Filters(types=("Direct", "langsung")), "types: there is no 'langsung' — choose from: direct, mixed"),
        (Filters(statuses=("setuju",)), "statuses: there is no 'setuju' — choose from: unanimous, majority"),
    ],
)
def test_filters_that_mean_nothing_are_refused(tmp_path, filters, message):
    with pytest.raises(AtribusiError) as raised:
        export([], tmp_path / "a.csv", version=1, filters=filters)
    assert str(raised.value).startswith(message)
    assert not list(tmp_path.iterdir())


def test_whoever_asks_for_the_status_premark_gets_pre_marks(tmp_path):
    report, frame = exported(tmp_path, rich_groups(), filters=Filters(statuses=("Premark",)))
    assert frame["attribution_id"].tolist() == ["at-c"]
    assert (report.left_out_premarks, report.filtered_out) == (0, 2)


def test_the_command_takes_the_filters_that_there_are(tmp_path):
    assert list(get_args(Status)) == STATUSES
    assert set(FORMATS) == set(cli_export.FORMATS)
    store = Dataset.create(tmp_path / "dataset")
    changes = [DocumentChange(doc, rows) for doc, rows in rich_groups()]
    store.commit(changes, message="m", author="uji", recipe=Recipe("majority/1"))
    target = tmp_path / "a.csv"

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli_export.export, ["--dataset", store.root, "-o", str(target), *arguments])

    for wrong in (["--from", "2021-13-45"], ["--type", "langsung"], ["--status", "setuju"]):
        assert run(*wrong).exit_code == 2
        assert not target.exists()
    assert "nothing fits these filters" in run("--outlet", "Tak Ada").output
    found = run("--type", "Direct", "--from", "2021-02-22", "--outlet", "harian")
    assert found.output == (
        f"{target}: 1 attributions of 1 documents (left out: 1 by the filters, 1 pre-marks that nobody reviewed);"
        " beside it documents.csv and columns.csv\n"
    )
