"""Each format is read back by a tool that it is for."""

import json
import os
import re

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

import annotate
from annotate.errors import AtribusiError
from annotate.export import COLUMNS, DOCUMENT_COLUMNS, FORMATS, Reviews, export
from annotate.export.documents import file_name, tokenise
from annotate.export.flatten import schema_of
from annotate.labelstudio.tasks import to_task
from tests.export.making import NEWS, document, gold_groups, rich_groups, row, span

HARD = "Kata “Dewi”:\r\n\r\n  «Satu\u2028dua»  — =1+1\x85😀 e\u0301  'tiga'\t<b>&amp;</b> kata _x0041_ O'Neil.\n"


def hard_groups():
    """Seeds, a rich document, and a text that is hard on every format, with odd and overlapping spans."""
    doc = document("../=jahat\n/x", HARD, title="=1", outlet="a|b\tc", url="javascript:alert(1)")
    rows = [
        row(
            doc, 14, 39, "mixed", sources=[span(HARD, 6, 12), span(HARD, 5, 12)], cues=[span(HARD, 0, 4)], speaker="=D"
        ),
        row(doc, 0, len(HARD), "indirect", attribution_id="at-whole"),
        row(doc, 18, 20, "direct", attribution_id="at-small", status="premark"),
    ]
    return [*gold_groups(), *rich_groups(), (doc, rows)]


def written(tmp_path, format, groups=None, **options):
    info = FORMATS[format]
    return export(
        hard_groups() if groups is None else groups, tmp_path / f"out{info.suffix}", version=3, format=format,
        premarks=True, to_task=to_task, **options,
    )  # fmt: skip


def flat_rows(groups):
    return [(doc, r) for doc, rows in groups for r in rows]


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    return annotate.read_csv(written(tmp_path_factory.mktemp("csv"), "csv").path)


def test_parquet_holds_the_same_as_csv(tmp_path, frame):
    got = pd.read_parquet(written(tmp_path, "parquet").path)
    pd.testing.assert_frame_equal(got.convert_dtypes(), frame.convert_dtypes(), check_dtype=False)


def test_parquet_tells_what_its_columns_mean(tmp_path):
    import pyarrow.parquet as pq

    schema = pq.read_schema(written(tmp_path, "parquet").path)
    assert schema.metadata[b"atribusi.version"] == b"3"
    assert [schema.field(c.name).metadata[b"description"].decode() for c in COLUMNS] == [c.description for c in COLUMNS]


def test_parquet_gives_plain_texts_to_every_reader(tmp_path, frame):
    import duckdb
    import pyarrow.parquet as pq

    path = written(tmp_path, "parquet").path
    assert pq.read_schema(path).equals(schema_of(COLUMNS))
    types = duckdb.sql(f"select column_name, column_type from (describe select * from '{path}')").fetchall()
    assert {kind for name, kind in types if frame[name].dtype == "string"} == {"VARCHAR"}
    names = duckdb.sql(f"select speaker, count(*) from '{path}' where speaker is not null group by all").fetchall()
    assert dict(names) == frame["speaker"].value_counts().to_dict()


def test_parquet_holds_texts_that_are_too_many_for_a_dictionary(tmp_path):
    text = "Kata Dewi, siaga."
    groups = []
    for number in range(4000):
        doc = document(f"d{number:04}", text, title=f"{number} " + "judul " * 100)
        groups.append((doc, [row(doc, 11, 16)] if number % 7 else []))
    got = pd.read_parquet(written(tmp_path, "parquet", groups).path)
    assert got["title"].tolist() == [doc.title for doc, rows in groups if rows]


def test_json_lines_hold_the_same_as_csv(tmp_path, frame):
    path = written(tmp_path, "jsonl").path
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    assert rows == json.loads(frame.astype(object).where(frame.notna(), None).to_json(orient="records"))
    assert len(pd.read_json(path, lines=True)) == len(rows)


def test_xlsx_in_openpyxl(tmp_path, frame):
    book = openpyxl.load_workbook(written(tmp_path, "xlsx").path)
    assert book.sheetnames == ["attributions", "documents", "columns"]
    sheet = book["attributions"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == [c.name for c in COLUMNS]
    texts = [n for n, c in enumerate(COLUMNS) if c.type in ("text", "list")]
    expected = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    for got, want in zip(rows, expected, strict=True):
        assert [unescape(got[n]) if got[n] else None for n in texts] == [want[n] for n in texts]
    assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("A2", "A1")
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    links = {cell.hyperlink.target for line in sheet.iter_rows() for cell in line if cell.hyperlink}
    assert links == {url for url in frame["url"].dropna() if url.startswith("https:")}
    day = next(cell for cell in sheet["H"][1:] if cell.value)
    assert day.is_date
    assert len(list(book["documents"].iter_rows())) == 1 + len(hard_groups())
    assert len(list(book["columns"].iter_rows())) == 1 + len(COLUMNS) + len(DOCUMENT_COLUMNS)


def test_xlsx_goes_on_in_another_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr("annotate.export.xlsx.SHEET_ROWS", 10)
    book = openpyxl.load_workbook(written(tmp_path, "xlsx").path)
    sheets = [name for name in book.sheetnames if name.startswith("attributions")]
    assert sheets[:2] == ["attributions", "attributions 2"]
    assert sum(book[name].max_row - 1 for name in sheets) == len(flat_rows(hard_groups()))


def test_xlsx_says_what_was_cut(tmp_path):
    doc = document("d", "😀" * 40_000)
    report = written(tmp_path, "xlsx", [(doc, [row(doc, 0, 40_000)])])
    assert "2 cells were cut" in report.notes[0]
    value = openpyxl.load_workbook(report.path)["attributions"]["K2"].value
    assert value == "😀" * 16_383 + "…"


def test_hugging_face_datasets_read_the_folder(tmp_path, frame, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    import datasets

    folder = str(written(tmp_path, "huggingface", tag="v1").path)
    cache = str(tmp_path / "cache")
    attributions = datasets.load_dataset(folder, "attributions", split="train", cache_dir=cache)
    documents = datasets.load_dataset(folder, "documents", split="train", cache_dir=cache)
    assert attributions.column_names == [c.name for c in COLUMNS]
    assert attributions["content"][:] == frame["content"].tolist()
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    for one in attributions:
        assert texts[one["doc_id"]][one["content_start"] : one["content_end"]] == one["content"]
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "version 3 (v1)" in card
    assert all(f"| `{c.name}` |" in card for c in COLUMNS)


def test_conllu_reads_the_tags(tmp_path):
    import conllu

    report = written(tmp_path, "conll")
    sentences = conllu.parse(report.path.read_text(encoding="utf-8"))
    doc_id, got = "", {}
    for sentence in sentences:
        doc_id = sentence.metadata.get("newdoc id", doc_id)
        for token in sentence:
            for layer in ("content", "source", "cue"):
                tag = token[f"atribusi:{layer}"]
                start, end = int(token["atribusi:start"]), int(token["atribusi:end"])
                spans = got.setdefault(doc_id, {}).setdefault(layer, [])
                if tag.startswith("B-"):
                    spans.append([tag[2:], start, end])
                elif tag.startswith("I-"):
                    spans[-1][2] = end
    lost = 0
    for doc, rows in rich_groups() + gold_groups():
        for layer, spans in (
            ("content", {(r.type, r.content.start, r.content.end) for r in rows}),
            ("source", {("source", s.start, s.end) for r in rows for s in r.sources}),
            ("cue", {("cue", s.start, s.end) for r in rows for s in r.cues}),
        ):
            tagged = {tuple(s) for s in got.get(doc.doc_id, {}).get(layer, [])}
            assert tagged <= spans
            lost += len(spans - tagged)
    assert re.match(r"(\d+) spans are not in the file", report.notes[1])
    assert int(report.notes[1].split()[0]) >= lost > 0


def test_spacy_reads_the_spans(tmp_path):
    import spacy
    from spacy.tokens import DocBin

    folder = written(tmp_path, "spacy").path
    vocab = spacy.blank("id").vocab
    docs = list(DocBin(store_user_data=True).from_disk(folder / "part-00000.spacy").get_docs(vocab))
    for doc, (source, rows) in zip(docs, hard_groups(), strict=True):
        assert doc.text == source.text
        assert doc.user_data["doc_id"] == source.doc_id
        rows = sorted(rows, key=lambda r: (r.content.start, -r.content.end, r.depth))
        got = [(s.label_, s.start_char, s.end_char) for s in doc.spans["content"]]
        assert got == [(r.type, r.content.start, r.content.end) for r in rows]
        assert [r["attribution_id"] for r in doc.user_data["attributions"]] == [r.attribution_id for r in rows]
        for name in ("source", "cue"):
            spans = {(s.start_char, s.end_char) for s in doc.spans[name]}
            assert spans == {(s.start, s.end) for r in rows for s in getattr(r, f"{name}s")}


def test_brat_stand_off_says_the_same_of_the_same_texts(tmp_path):
    """By the published rules of the format: no reader of brat's is in the package registry."""
    folder = written(tmp_path, "brat").path
    assert (folder / "annotation.conf").is_file()
    taken: set[str] = set()
    for doc, rows in hard_groups():
        name = file_name(doc.doc_id, taken)
        assert (folder / f"{name}.txt").read_bytes().decode() == doc.text
        lines = [line.split("\t", 2) for line in (folder / f"{name}.ann").read_text(encoding="utf-8").splitlines()]
        entities = {}
        for number, what, words in (line for line in lines if line[0][0] == "T"):
            label, offsets = what.split(" ", 1)
            pieces = [tuple(map(int, piece.split(" "))) for piece in offsets.split(";")]
            assert words == " ".join(doc.text[a:b] for a, b in pieces)
            entities[number] = (label, pieces[0][0], pieces[-1][1])
        links = {
            (kind, entities[one[5:]], entities[other[5:]])
            for kind, one, other in (line[1].split(" ") for line in lines if line[0][0] == "R")
        }
        notes = {line[1].split(" ")[1]: json.loads(line[2]) for line in lines if line[0][0] == "#"}
        assert {note["attribution_id"] for note in notes.values()} == {r.attribution_id for r in rows}
        if name.startswith(("seed", "dok")):
            expected = {
                (kind, (r.type, r.content.start, r.content.end), (label, s.start, s.end))
                for r in rows
                for kind, label in (("said-by", "source"), ("cued-by", "cue"))
                for s in getattr(r, f"{label}s")
            }
            assert links == expected
    assert sorted(os.listdir(tmp_path)) == ["columns.csv", "documents.csv", "out"]


# The terms of http://www.w3.org/ns/anno.jsonld that we use, since a test cannot fetch it.
_ANNO = {
    "oa": "http://www.w3.org/ns/oa#", "as": "http://www.w3.org/ns/activitystreams#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "atribusi": "urn:atribusi:terms:",
    "id": "@id", "type": "@type",
    "Annotation": "oa:Annotation", "AnnotationPage": "as:OrderedCollectionPage", "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource", "TextQuoteSelector": "oa:TextQuoteSelector",
    "TextPositionSelector": "oa:TextPositionSelector", "items": "as:items", "exact": "oa:exact", "prefix": "oa:prefix",
    "suffix": "oa:suffix", "start": "oa:start", "end": "oa:end", "value": "rdf:value",
    "body": {"@id": "oa:hasBody", "@type": "@id"}, "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"}, "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "identifying": "oa:identifying", "classifying": "oa:classifying", "linking": "oa:linking",
}  # fmt: skip


def graph_of(path, context):
    from rdflib import Graph

    data = json.loads(path.read_text(encoding="utf-8"))
    data["@context"] = context
    return Graph().parse(data=json.dumps(data), format="json-ld")


def test_rdflib_reads_the_web_annotations(tmp_path):
    report = written(tmp_path, "webannotation", rich_groups())
    graph = graph_of(report.path, _ANNO)
    found = graph.query("""
        PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?source ?exact ?prefix ?start ?end WHERE {
          ?annotation a oa:Annotation ; oa:hasTarget [ oa:hasSource ?source ;
            oa:hasSelector [ a oa:TextQuoteSelector ; oa:exact ?exact ; oa:prefix ?prefix ] ;
            oa:hasSelector [ a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end ] ] }""")
    got = sorted((str(s), str(x), int(a), int(b)) for s, x, _, a, b in found)
    expected = [
        ("https://contoh.id/1", r.content.text, r.content.start, r.content.end) for _, r in flat_rows(rich_groups())
    ]
    assert got == sorted(expected)
    for _, exact, prefix, start, _ in found:
        assert NEWS.index(str(prefix) + str(exact)) + len(prefix) == int(start)
    linked = graph.query("""PREFIX oa: <http://www.w3.org/ns/oa#> SELECT ?words WHERE {
        ?a oa:hasBody [ oa:hasPurpose oa:linking ; oa:hasSelector [ oa:exact ?words ] ] }""")
    assert sorted(str(words) for (words,) in linked) == ["Ani", "Budi", "Dewi", "Menurut", "bilang", "kata"]


def test_rdflib_reads_quotations_claims_and_reviews(tmp_path):
    report = written(tmp_path, "schemaorg", rich_groups())
    assert [note.split(";")[0] for note in report.notes[1:]] == [
        f"ClaimReviews without {name}: 1" for name in ("author", "url", "datePublished")
    ]
    graph = graph_of(report.path, {"@vocab": "https://schema.org/"})
    schema = "PREFIX s: <https://schema.org/> SELECT "
    (quotation,) = graph.query(
        schema
        + """?text ?name ?job ?same ?url ?outlet WHERE {
        ?q a s:Quotation ; s:text ?text ; s:creator [ a s:Person ; s:name ?name ; s:jobTitle ?job ; s:sameAs ?same ] ;
           s:isPartOf ?a . ?a a s:NewsArticle ; s:url ?url ; s:publisher/s:name ?outlet }"""
    )
    assert [str(value) for value in quotation] == [
        "Kami siaga,", "Dewi Lestari", "Camat", "http://www.wikidata.org/entity/Q1", "https://contoh.id/1", "Harian",
    ]  # fmt: skip
    claims = graph.query(schema + "?text WHERE { ?c a s:Claim ; s:text ?text }")
    assert sorted(str(text) for (text,) in claims) == ["Ani bilang jalan putus", "jalan putus"]
    (review,) = graph.query(
        schema
        + """?claim ?rating WHERE { ?r a s:ClaimReview ; s:claimReviewed ?claim ;
        s:reviewRating/s:alternateName ?rating ; s:itemReviewed/s:author/s:name "Dewi Lestari" }"""
    )
    assert [str(value) for value in review] == ["Kami siaga,", "benar"]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://contoh.id/cek", "https://contoh.id/cek#at-a"),
        ("https://contoh.id/{id}/cek", "https://contoh.id/at-a/cek"),
    ],
)
def test_a_claim_review_holds_what_search_engines_ask_for(tmp_path, address, page):
    """As the documentation of Google's fact checks lists it: what is required, and what is recommended."""
    (doc, (first, *_)), _ = rich_groups()
    first = first.model_copy(update={"claim_rating": "partly_true"})
    reviews = Reviews("Cek Contoh", address, {("at-a", "partly_true"): "2021-03-01", ("at-a", "true"): "2020-01-01"})
    report = written(tmp_path, "schemaorg", [(doc, [first])], reviews=reviews)
    assert len(report.notes) == 1
    graph = json.loads(report.path.read_text(encoding="utf-8"))["@graph"]
    (review,) = [thing for thing in graph if thing["@type"] == "ClaimReview"]
    required = ("claimReviewed", "reviewRating", "url")
    assert all(review[name] for name in (*required, "author", "datePublished", "itemReviewed"))
    assert (review["url"], review["author"]["name"], review["datePublished"]) == (page, "Cek Contoh", "2021-03-01")
    rating = review["reviewRating"]
    assert (rating["alternateName"], rating["ratingValue"]) == ("partly true", 3)
    assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    assert review["itemReviewed"]["author"]["name"] == "Dewi Lestari"
    assert review["itemReviewed"]["appearance"] == {"@id": "https://contoh.id/1"}


def test_a_page_of_reviews_must_be_an_address(tmp_path):
    with pytest.raises(AtribusiError, match="is no address"):
        written(tmp_path, "schemaorg", reviews=Reviews("Cek", "javascript:alert(1)"))


def test_label_studio_takes_the_tasks(tmp_path):
    from annotate.labelstudio.config import label_config
    from annotate.labelstudio.labels import read_result
    from annotate.labelstudio.tasks_check import check_task

    label_studio = pytest.importorskip("label_studio_sdk.label_interface")
    interface = label_studio.LabelInterface(label_config())
    groups = [*gold_groups(), *rich_groups()]
    tasks = json.loads(written(tmp_path, "labelstudio", groups).path.read_text(encoding="utf-8"))
    for task, (doc, rows) in zip(tasks, groups, strict=True):
        check_task(task)
        (prediction,) = task["predictions"]
        assert interface.validate_prediction(prediction)
        back = read_result(prediction["result"], doc.text).attributions
        assert {(a.content.label, a.content.start, a.content.end, a.speaker) for a in back} == {
            (r.type, r.content.start, r.content.end, r.speaker) for r in rows
        }


# What tells, in what is said to be lost, of each column that is not in the file.
LOST = {
    "labelstudio": {
        "ids of attributions": ("attribution_id",), "status": ("status",), "votes": ("votes", "dissent"),
        "agreement": ("agreement",), "annotators": ("annotators", "readers", "regions"), "role": ("role",),
        "affiliation": ("affiliation",), "register id": ("register_id",), "addressee": ("addressee",),
        "time": ("time",), "place": ("place",), "occasion": ("occasion",), "decisions": ("decision_id", "verdict"),
        "ratings": ("claim_rating",), "changed of pre-marks": ("premark_change", "premark_version"),
    },
    "schemaorg": {"more of an attribution": [
        *(c.name for c in COLUMNS if c.name.startswith(("cue", "source_", "sentence_", "premark_", "content"))),
        *("type", "addressee", "time", "place", "occasion", "status", "annotators", "readers", "reader_count", "votes"),
        *("dissent", "agreement", "verdict", "decision_id", "regions"),
    ]},
}  # fmt: skip
# The same said otherwise, or of the dataset and not of the attribution.
ELSEWHERE = {"verbatim", "commit_id", "version", "doc_id", "text_sha256"}


@pytest.mark.parametrize("format", ["labelstudio", "schemaorg", "webannotation", "brat", "jsonl"])
def test_what_is_not_in_the_file_is_said(tmp_path, format, frame):
    """A document in which every column says something, and the file searched for each of these words."""
    (doc, (first, *_)), _ = rich_groups()
    report = written(tmp_path, format, [(doc, [first])])
    path = report.path if report.path.is_file() else next(report.path.glob("*.ann"))
    text = path.read_text(encoding="utf-8").replace('\\"', '"')
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    (cells,) = frame[frame["attribution_id"] == "at-a"].to_dict("records")
    gone = {name for name, value in cells.items() if pd.notna(value) and str(value) not in text}
    told = {name for words, names in LOST.get(format, {}).items() if words in FORMATS[format].lacks for name in names}
    assert gone - told <= (ELSEWHERE if format in LOST else set())


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_every_format_writes_nothing_where_there_is_nothing(tmp_path, format):
    report = written(tmp_path, format, [])
    assert report.attributions == 0
    assert report.path.exists()


@pytest.mark.parametrize("format", [name for name, info in FORMATS.items() if not info.suffix])
def test_folders_replace_their_like_only(tmp_path, format):
    first = written(tmp_path, format, rich_groups()).path
    written(tmp_path, format, gold_groups())
    assert first.is_dir()
    other = tmp_path / "punya orang"
    other.mkdir()
    (other / "penting.txt").write_text("Jangan dihapus.", encoding="utf-8")
    with pytest.raises(AtribusiError, match="something else"):
        export(rich_groups(), other, version=1, format=format)
    assert (other / "penting.txt").read_text(encoding="utf-8") == "Jangan dihapus."


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab. ,\n\t\r“'1"), min_size=2, max_size=30), st.data())
def test_tokens_hold_the_whole_text_and_every_span(text, data):
    bounds = data.draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))), max_size=4))
    doc = document("d", text)
    rows = [row(doc, a, b, attribution_id=str(n)) for n, (a, b) in enumerate(bounds) if a < b]
    tokens = tokenise(text, rows)
    assert "".join(text[t.start : t.end] + " " * t.space for t in tokens) == text
    starts, ends = {t.start for t in tokens}, {t.end for t in tokens}
    assert all(r.content.start in starts and r.content.end in ends for r in rows)


def test_names_of_files_are_safe_and_unique():
    taken: set[str] = set()
    ids = ["../../etc/passwd", "a/b", "a%2Fb", "A/B", ".hidden", "", "con\x00", "x" * 500, "x" * 501, "~root"]
    names = [file_name(one, taken) for one in ids]
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[\w %()+,=@.-]{1,160}", name) and not name.startswith((".", "/")) for name in names)
