"""Broken and hostile files: what is wrong is told by place, and everything else is read."""

import gzip
import io
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.articles import inputs
from annotate.errors import InputError
from tests.articles.test_reading import read, write


def ids(documents):
    return [document.doc_id for document in documents]


def test_broken_lines_of_json_cost_only_themselves(tmp_path):
    lines = [
        '{"id": "1", "text": "Isi."}', '{"id": "2", "text": ', "[1, 2]", '"teks"', '{"id": "5", "text": "a\\u0000"}',
        '{"id": "6", "text": "\\ud83d"}', "[" * 100_000, '{"id": "8", "text": ' + "9" * 5000 + "}",
        '{"id": "9", "text": "\\ud83d\\ude00"}', "", '{"id": "11", "text": "a\x00"}',
    ]  # fmt: skip
    path = write(tmp_path / "a.jsonl", "\n".join(lines).encode() + b'\n{"id": "12", "text": "caf\xe9"}\n')
    documents, rejects, tally = read(path)
    assert ids(documents) == ["1", "9"]
    places = [reject.removeprefix(f"{path}, line ").split(":")[0].split(",")[0] for reject in rejects]
    assert places == ["2", "3", "4", "5", "6", "7", "8", "11", "12"]
    assert tally.rejected == len(rejects)
    assert 'field "text": a byte that is not UTF-8 (0xE9' in rejects[-1]
    mended, rejects, _ = read(path, replace_invalid=True)
    assert ids(mended) == ["1", "5", "6", "9", "11", "12"]
    assert mended[-1].text == "caf�"
    assert len(rejects) == 5


def test_broken_rows_of_csv_cost_only_themselves(tmp_path):
    content = b'id,text\n1,Isi.\n2,"tidak ditutup\n3,Isi tiga.\n4,Isi,empat\n5,"a"b\n6,"dua\nbaris"\n'
    content += b"7,\n8,caf\xe9\n9,Isi sembilan.\n"
    documents, rejects, _ = read(write(tmp_path / "a.csv", content))
    assert ids(documents) == ["1", "3", "6", "9"]
    assert documents[2].text == "dua\nbaris"
    assert [reject.split("line ")[1].split(":")[0].split(",")[0] for reject in rejects] == ["3", "5", "6", "9", "10"]


def test_a_table_without_a_text_says_so_once(tmp_path):
    csv_path = write(tmp_path / "a.csv", "id,nama\n1,a\n2,b\n")
    pq.write_table(pa.table({"id": ["1"], "nama": ["a"]}), tmp_path / "b.parquet")
    for path in (csv_path, tmp_path / "b.parquet"):
        _, rejects, _ = read(path)
        assert len(rejects) == 1
        assert "no text — name the field one of: text" in rejects[0]


def test_parquet_rows_that_are_no_utf8_cost_only_themselves(tmp_path):
    column = pa.StringArray.from_buffers(
        3, pa.array([0, 4, 8, 8], pa.int32()).buffers()[1], pa.py_buffer(b"Isi.caf\xe9"), None
    )
    pq.write_table(pa.table({"id": pa.array([1, 2, 3]), "text": column}), tmp_path / "a.parquet")
    documents, rejects, _ = read(tmp_path / "a.parquet")
    assert ids(documents) == ["1"]
    assert "line 2" in rejects[0]
    assert "not UTF-8 (0xE9" in rejects[0]
    assert "line 3" in rejects[1]


def test_parquet_with_times_and_categories(tmp_path):
    table = pa.table(
        {
            "id": pa.array([1], pa.int64()),
            "text": pa.array(["Isi."], pa.large_string()),
            "media": pa.array(["Contoh"]).dictionary_encode(),
            "date": pa.array([1613963700], pa.timestamp("s")),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (document,), _, _ = read(tmp_path / "a.parquet")
    assert (document.doc_id, document.outlet, document.published_at) == ("1", "Contoh", "2021-02-22T03:15:00")


BINARIES = {
    "pdf": b"%PDF-1.7\n" + bytes(range(256)),
    "docx": b"PK\x03\x04" + bytes(100),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "noise": bytes(range(256)) * 40,
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.parquet"])
@pytest.mark.parametrize("kind", BINARIES)
def test_binary_files_get_one_line_each(tmp_path, name, kind):
    bad = write(tmp_path / "b" / name, BINARIES[kind])
    good = write(tmp_path / "c.txt", "Isi.")
    documents, rejects, _ = read(bad, good, replace_invalid=True)
    assert len(documents) == 1
    assert len(rejects) == 1
    assert rejects[0].startswith(f"{bad}: ")


def test_other_encodings_are_refused_or_named_or_marked(tmp_path):
    latin = write(tmp_path / "a.txt", "“Siaga,” kata Dewi.".encode("cp1252"))
    _, rejects, _ = read(latin)
    assert "0x93" in rejects[0]
    assert "encoding" in rejects[0]
    assert read(latin, encoding="cp1252")[0][0].text == "“Siaga,” kata Dewi."
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        path = write(tmp_path / f"{encoding}.txt", "“Siaga”\r\n".encode(encoding))
        assert read(path)[0][0].text == "“Siaga”\r\n"
        assert read(write(tmp_path / f"{encoding}.csv", "id,text\n1,“Siaga”\n".encode(encoding)))[0][0].doc_id == "1"
    with pytest.raises(InputError, match="unknown encoding"):
        read(latin, encoding="tak-ada")


def test_a_damaged_archive_gives_what_can_be_read(tmp_path):
    whole = gzip.compress(
        "".join(json.dumps({"id": n, "text": os.urandom(99).hex()}) + "\n" for n in range(999)).encode()
    )
    documents, rejects, _ = read(write(tmp_path / "a.jsonl.gz", whole[: len(whole) // 2]))
    assert len(documents) > 100
    assert len(rejects) in (1, 2)
    assert "damaged" in rejects[-1]


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html"])
def test_fifty_megabytes_in_one_line(tmp_path, name):
    text = "Kami siaga, kata Dewi. " * (50_000_000 // 23)
    content = {
        "a.txt": text, "a.jsonl": f'{{"id": "1", "text": "{text}"}}', "a.csv": f'id,text\n1,"{text}"\n',
        "a.html": f"<p>{text}</p>",
    }[name]  # fmt: skip
    documents, rejects, _ = read(write(tmp_path / name, content))
    if name == "a.html":
        assert len(rejects) == 1
        assert "no news page" in rejects[0]
    else:
        assert [d.text for d in documents] == [text]


def test_a_line_without_end_is_one_reject(tmp_path, monkeypatch):
    for module in ("lines", "csv_rows", "rows", "json_rows"):
        monkeypatch.setattr(f"annotate.articles.{module}.MAX_ARTICLE", 1000)
    monkeypatch.setattr("annotate.articles.lines.bounded_lines.__defaults__", (1000,))
    long = "a" * 5000
    lines = write(tmp_path / "a.jsonl", f'{{"id": "1", "text": "{long}"}}\n{{"id": "2", "text": "Isi."}}\n')
    cells = write(tmp_path / "b.csv", f'id,text\n1,{long}\n3,Isi tiga.\n4,"{"a" * 600}\n{"b" * 600}\n5,Isi lima.\n')
    documents, rejects, _ = read(lines, cells, write(tmp_path / "c.txt", long))
    assert ids(documents) == ["2", "3", "5"]
    assert len(rejects) == 5  # the second line of the unclosed cell is a row of one cell, without text
    assert all("characters" in reject or "too long" in reject for reject in (rejects[0], rejects[1], rejects[-1]))


def test_an_unreadable_name_is_no_id(tmp_path):
    folder = os.fsencode(tmp_path)
    with open(os.path.join(folder, b"caf\xe9.txt"), "wb") as file:
        file.write(b"Isi.")
    (document,), _, _ = read(tmp_path)
    assert document.doc_id.startswith("text-")


def test_pages_that_hold_nothing_or_too_much(tmp_path):
    empty = write(tmp_path / "a.html", "<html><body></body></html>")
    deep = write(tmp_path / "b.html", "<div>" * 50_000 + "Isi.")
    assert "no readable article" in read(empty)[1][0]
    documents, rejects, _ = read(deep)
    assert len(documents) + len(rejects) == 1


def test_standard_input_cannot_bring_parquet():
    assert inputs.format_of("a.PARQUET") == "parquet"
    assert "standard input" in read("-", format="parquet")[1][0]


@settings(max_examples=60)
@given(
    st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.parquet", "a.jsonl.gz", "-"]),
    st.one_of(
        st.binary(max_size=200),
        st.text(st.sampled_from("{}[]\":,\n\r;'<>!/ab \\u0\x00\ud800“é1e-"), max_size=80).map(
            lambda text: text.encode("utf-8", "surrogatepass")
        ),
        st.builds(
            lambda mark, rest: mark + rest,
            st.sampled_from(
                [b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf", b"id,text\n"]
            ),
            st.binary(max_size=100),
        ),
    ),
    st.booleans(),
)
def test_no_bytes_bring_up_anything_but_a_line_for_people(tmp_path_factory, name, content, replace):
    path = name if name == "-" else write(tmp_path_factory.mktemp("any") / name, content)
    good = write(tmp_path_factory.mktemp("good") / "b.jsonl", '{"id": "baik", "text": "Isi."}')
    documents, rejects, tally = read(path, good, replace_invalid=replace, stdin=io.BytesIO(content))
    assert documents[-1].doc_id == "baik"
    assert tally.rejected == len(rejects)
    assert all("\n" not in reject for reject in rejects)
    for document in documents:
        document.text.encode("utf-8")
        assert "\0" not in document.text
        assert document.doc_id
