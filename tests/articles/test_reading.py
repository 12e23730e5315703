import bz2
import csv
import gzip
import io
import json
import lzma
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.articles import Tally, read_documents
from annotate.datamodel import Document
from annotate.errors import DuplicateDocument, InputError

SEEDS = Path(__file__).parents[2] / "seeds"


def read(*inputs, **options):
    """Documents, rejected rows and the tally of one run."""
    rejects, tally = [], Tally()
    documents = list(read_documents(inputs, on_reject=rejects.append, tally=tally, **options))
    return documents, [str(reject) for reject in rejects], tally


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_the_seeds_are_read_as_they_are():
    documents, rejects, _ = read(SEEDS)
    assert not rejects
    assert [d.doc_id for d in documents] == sorted(p.name for p in SEEDS.glob("*.txt"))
    for document in documents:
        assert document.text.encode("utf-8") == (SEEDS / document.doc_id).read_bytes()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1).filter(
    lambda text: not text.isspace()
)


@settings(max_examples=40)
@given(st.lists(texts, min_size=1, max_size=4, unique=True))
def test_a_text_is_the_same_whatever_file_it_came_in(tmp_path_factory, articles):
    folder = tmp_path_factory.mktemp("same")
    rows = [{"id": str(n), "text": text} for n, text in enumerate(articles)]
    write(folder / "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    write(folder / "b.jsonl.gz", gzip.compress("\n".join(json.dumps(r, ensure_ascii=False) for r in rows).encode()))
    write(folder / "c.json", json.dumps(rows))
    pq.write_table(pa.Table.from_pylist(rows), folder / "d.parquet")
    with (folder / "e.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(rows)
    for path in sorted(folder.iterdir()):
        documents, rejects, _ = read(path)
        assert not rejects
        assert [d.text for d in documents] == articles
        assert [d.doc_id for d in documents] == [row["id"] for row in rows]


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.sampled_from(["", "\n", "\r\n", "\r"]))
def test_a_text_file_is_read_as_it_is(tmp_path_factory, text, end):
    article = f"Judul{end}{text}{end}"
    path = write(tmp_path_factory.mktemp("txt") / "a.txt", article)
    assert [d.text for d in read(path)[0]] == [article]


def test_ids_come_from_the_field_then_the_folder_then_the_text(tmp_path):
    write(tmp_path / "in" / "b" / "satu.txt", "Satu.")
    write(tmp_path / "in" / "a.jsonl", '{"id": "x", "text": "Dua."}\n{"text": "Tiga."}\n')
    by_folder, _, _ = read(tmp_path / "in")
    assert [d.doc_id for d in by_folder[:1] + by_folder[2:]] == ["x", "b/satu.txt"]
    assert by_folder[1].doc_id.startswith("text-")
    by_path, _, _ = read(tmp_path / "in" / "b" / "satu.txt")
    by_pattern, _, _ = read(f"{tmp_path}/in/*/*.txt")
    assert by_path == by_pattern
    assert by_path[0].doc_id.startswith("text-")


def test_folders_pass_over_hidden_files_and_go_round_no_loop(tmp_path):
    write(tmp_path / "a.txt", "Satu.")
    write(tmp_path / ".git" / "b.txt", "Tersembunyi.")
    write(tmp_path / "_gold" / "c.txt", "Tersembunyi.")
    write(tmp_path / "catatan.docx", "Lain.")
    (tmp_path / "d").mkdir()
    os.symlink(tmp_path, tmp_path / "d" / "putar")
    os.symlink(tmp_path / "tak ada", tmp_path / "d" / "putus.txt")
    documents, rejects, tally = read(tmp_path)
    assert [d.doc_id for d in documents] == ["a.txt"]
    assert not rejects
    assert tally == Tally(files=1, documents=1, ignored=1)


@pytest.mark.parametrize("squeeze", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_compressed_files(tmp_path, squeeze):
    suffix = {gzip: "gz", bz2: "bz2", lzma: "xz"}
    name = next(end for module, end in suffix.items() if module.compress is squeeze)
    path = write(tmp_path / f"a.jsonl.{name}", squeeze(b'{"id": "1", "text": "Isi."}\n'))
    assert read(path)[0] == [Document("1", "Isi.")]


def test_html_gives_readable_text_and_what_the_page_says_of_itself(tmp_path):
    page = """<html><head><title>Banjir - Contoh</title><meta property="og:site_name" content="Contoh">
    <meta property="article:published_time" content="2021-02-22T10:00:00+07:00">
    <link rel="canonical" href="https://contoh.id/banjir"></head><body><nav><a href="/">Beranda</a></nav>
    <h1>Banjir Besar Melanda Kota</h1><article><p>Hujan turun sejak pagi di seluruh kota dan sungai meluap.</p>
    <p>&ldquo;Kami siaga,&rdquo; kata Dewi &amp; Budi.</p></article><script>alert("x")</script></body></html>"""
    (document,), rejects, _ = read(write(tmp_path / "a.html", page))
    assert not rejects
    assert document.text.startswith("Banjir Besar Melanda Kota\n")
    assert document.text.count("Banjir Besar Melanda Kota") == 1
    assert "“Kami siaga,” kata Dewi & Budi." in document.text
    assert "alert" not in document.text
    assert (document.title, document.outlet) == ("Banjir Besar Melanda Kota", "Contoh")
    assert (document.url, document.published_at) == ("https://contoh.id/banjir", "2021-02-22")


def test_html_in_the_encoding_that_it_declares(tmp_path):
    page = '<html><head><meta charset="windows-1252"></head><body><article><p>“Siaga,” kata Dewi.</p></article></body>'
    (document,), _, _ = read(write(tmp_path / "a.htm", page.encode("cp1252")))
    assert document.text == "“Siaga,” kata Dewi."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_with_line_ends_and_quotation_marks_in_cells(tmp_path, separator):
    rows = [["id", "judul", "isi"], ["1", 'Kata "Dewi"', 'Baris satu,\r\nbaris; dua\t|.\n\n"Siaga," kata Dewi.']]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    (document,), rejects, _ = read(write(tmp_path / "a.csv", "\ufeff" + out.getvalue()))
    assert not rejects
    assert document.text == rows[1][1] + "\n\n" + rows[1][2]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"id": "1", "text": "Isi."}\n', "Isi."),
        (b"<html><body><article><p>Isi halaman ini.</p></article></body></html>", "Isi halaman ini."),
        ("\ufeffIsi “biasa”.\n".encode(), "Isi “biasa”.\n"),
        (gzip.compress(b"Isi.", mtime=0), "Isi."),
    ],
)
def test_standard_input_is_told_by_its_beginning(content, text):
    documents, _, _ = read("-", stdin=io.BytesIO(content))
    assert [d.text for d in documents] == [text]


def test_standard_input_in_the_format_that_is_named():
    documents, _, _ = read("-", stdin=io.BytesIO(b"id,text\n1,Isi.\n"), format="csv")
    assert documents == [Document("1", "Isi.")]


def test_the_same_article_is_read_once(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"id": "1", "text": "Isi."}\n' * 3)
    documents, rejects, tally = read(path, path)
    assert len(documents) == 1
    assert not rejects
    assert tally.repeated == 5


def test_one_id_with_two_texts_names_both_places(tmp_path):
    first = write(tmp_path / "a.jsonl", '{"id": "0", "text": "Nol."}\n{"id": "1", "text": "Isi."}\n')
    second = write(tmp_path / "b.csv", "id,text\n1,Isi lain.\n")
    with pytest.raises(DuplicateDocument) as caught:
        read(first, second)
    assert f"{second}, line 2" in str(caught.value)
    assert f"{first}, line 2" in str(caught.value)


@pytest.mark.parametrize(("name", "content"), [("a.jsonl", b""), ("a.csv", b""), ("a.jsonl", b"\n \n"), ("x", None)])
def test_nothing_to_read_is_an_error(tmp_path, name, content):
    path = tmp_path / name
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(InputError, match="no article"):
        read(path)


def test_paths_that_mean_nothing_are_errors(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "tak-ada.txt")
    with pytest.raises(InputError, match="no file matches"):
        read(f"{tmp_path}/*.txt")
    with pytest.raises(InputError, match="does not tell"):
        read(write(tmp_path / "a.docx", "Isi."))
    assert read(tmp_path / "a.docx", format="txt")[0][0].text == "Isi."
    with pytest.raises(InputError, match="once only"):
        read("-", "-", stdin=io.BytesIO(b"Isi."))


def test_without_on_reject_the_first_broken_row_is_an_error(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"id": "1", "text": "Isi."}\n{"id": "2"}\n')
    with pytest.raises(InputError, match=r'a\.jsonl, line 2, field "text": no text'):
        list(read_documents([path]))
