import csv
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from annotate.errors import AtribusiError
from annotate.export import Filters
from annotate.export.chunks import as_chunks
from annotate.export.plots import write_plots
from annotate.export.report import write_report, write_tables
from annotate.export.stats import statistics
from tests.export.making import document, gold_groups, rich_groups, row

HOSTILE = '=cmd|"<b>$x$</b>\n\x01'


def quoted(doc_id, outlet, published_at, *said):
    """A document with an attribution for each (speaker, type, kind of source)."""
    doc = document(doc_id, "“Isi.” " * 9, outlet=outlet, published_at=published_at)
    return doc, [
        row(doc, 7 * n, 7 * n + 6, kind, speaker=speaker, source_kind=source)
        for n, (speaker, kind, source) in enumerate(said)
    ]


def small():
    return [
        quoted("1", "Harian", "2021-01-31T23:00:00Z", ("Ani", "direct", "person"), ("Ani", "indirect", "pronoun"),
               ("", "indirect", None)),
        quoted("2", "Warta", "2021-03-01", ("Ani", "direct", "person"), ("seorang warga", "mixed", "unnamed")),
        quoted("3", "Warta", "kemarin", ("Budi", "indirect", None)),
        quoted("4", None, None),
    ]  # fmt: skip


def rows(found, table):
    return [dict(zip(found[table].columns, line, strict=True)) for line in found[table].rows]


def test_who_is_quoted_how_often_where_and_how():
    found = statistics(small(), version=2)
    assert rows(found, "speakers")[0] == {
        "speaker": "Ani", "attributions": 3, "direct": 2, "mixed": 0, "indirect": 1, "share_direct": 0.6667,
        "documents": 2, "outlets": 2, "first_month": "2021-01", "last_month": "2021-03",
        "other_names": None, "register_id": None,
    }  # fmt: skip
    assert [line["speaker"] for line in rows(found, "speakers")] == ["Ani", "Budi", "seorang warga"]
    assert [(r["speaker"], r["outlet"], r["attributions"]) for r in rows(found, "speakers_by_outlet")] == [
        ("Ani", "Harian", 2), ("Ani", "Warta", 1), ("Budi", "Warta", 1), ("seorang warga", "Warta", 1),
    ]  # fmt: skip
    assert [(r["speaker"], r["month"], r["direct"]) for r in rows(found, "speakers_by_month")][:2] == [
        ("Ani", "2021-01", 1), ("Ani", "2021-03", 1),
    ]  # fmt: skip


def test_one_person_under_two_names_is_one_where_the_register_says_so():
    doc = document("1", "“Isi.” " * 9, outlet="Harian", published_at="2021-01-31")
    said = [("Joko Widodo", "Q3"), ("Jokowi", "Q3"), ("Jokowi", "Q3"), ("Jokowi", None), ("Ani", None), ("", None)]
    found = statistics(
        [(doc, [row(doc, 7 * n, 7 * n + 6, speaker=name, register_id=one) for n, (name, one) in enumerate(said)])],
        version=1,
    )
    assert [(r["speaker"], r["attributions"], r["other_names"], r["register_id"]) for r in rows(found, "speakers")] == [
        ("Jokowi", 3, "Joko Widodo", "Q3"), ("Ani", 1, None, None), ("Jokowi", 1, None, None),
    ]  # fmt: skip
    by_outlet = [(r["speaker"], r["attributions"], r["register_id"]) for r in rows(found, "speakers_by_outlet")]
    assert by_outlet == [("Jokowi", 3, "Q3"), ("Ani", 1, None), ("Jokowi", 1, None)]
    assert {line["measure"]: line["value"] for line in rows(found, "overview")}["speakers"] == 3


def test_outlets_and_months_count_articles_without_attributions_too():
    found = statistics(small(), version=2)
    outlets = {line["outlet"]: line for line in rows(found, "outlets")}
    assert (outlets["Warta"]["documents"], outlets["Warta"]["attributions"], outlets["Warta"]["unnamed"]) == (2, 3, 1)
    assert (outlets["(not known)"]["documents"], outlets["(not known)"]["share_direct"]) == (1, None)
    assert outlets["Harian"]["share_unnamed"] == 0.3333
    assert [line["month"] for line in rows(found, "months")] == ["2021-01", "2021-03", "(not known)"]
    assert [(line["outlet"], line["month"]) for line in rows(found, "outlets_by_month")] == [
        ("Harian", "2021-01"), ("Warta", "2021-03"), ("Warta", "(not known)"), ("(not known)", "(not known)"),
    ]  # fmt: skip
    overview = {line["measure"]: line["value"] for line in rows(found, "overview")}
    assert (overview["documents"], overview["documents with attributions"], overview["attributions"]) == (4, 3, 6)
    namings = [overview[f"source {naming}"] for naming in ("named", "unnamed", "nobody", "not known")]
    assert namings == [3, 1, 1, 1]


def test_chunks_do_not_change_the_counts(monkeypatch):
    whole = statistics(gold_groups() + small(), version=1)
    monkeypatch.setattr("annotate.export.chunks._ROWS", 1)
    assert len(list(as_chunks(gold_groups()))) == 3
    assert statistics(gold_groups() + small(), version=1) == whole


def test_premarks_count_only_when_asked_for():
    assert rows(statistics(rich_groups(), version=1), "overview")[2]["value"] == 2
    with_them = statistics(rich_groups(), version=1, premarks=True)
    assert rows(with_them, "overview")[2]["value"] == 3
    assert {"status": "premark", "attributions": 1, "share": 0.3333} in rows(with_them, "statuses")


def test_filters_and_top():
    found = statistics(small(), version=1, filters=Filters(outlets=("Warta",)), top=1)
    assert [line["speaker"] for line in rows(found, "speakers")] == ["Ani"]
    assert len(rows(statistics(small(), version=1, top=0), "speakers")) == 3
    with pytest.raises(AtribusiError, match="is no day"):
        statistics(small(), version=1, filters=Filters(date_to="2021"))


def test_what_the_counts_were_limited_to_is_told(tmp_path):
    filters = Filters(outlets=("Warta", "<b>Kabar</b>"), date_from="2021-01-01", types=("direct",))
    found = statistics(small(), version=1, filters=filters)
    assert found.only == ("published from 2021-01-01", "outlet Warta or <b>Kabar</b>", "type direct")
    page = write_report(found, tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Only what fits: published from 2021-01-01; outlet Warta or &lt;b&gt;Kabar&lt;/b&gt;; type direct." in page
    assert statistics(small(), version=1).only == ()


def test_tables_as_json_and_csv(tmp_path):
    found = statistics([*small(), quoted("5", HOSTILE, None, (HOSTILE, "direct", "person"))], version=7)
    data = json.loads(found.to_json())
    assert data["version"] == 7
    assert data["speakers"] == rows(found, "speakers")
    paths = write_tables(found, tmp_path)
    assert {path.stem for path in paths} == {table.name for table in found.tables}
    with (tmp_path / "speakers.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["speaker"] for line in lines][1:3] == ["'" + HOSTILE, "Budi"]


def test_pictures_are_png_and_svg(tmp_path):
    groups = [*small(), quoted("5", HOSTILE, "2021-02-01", (HOSTILE, "direct", "person"))]
    paths = write_plots(statistics(groups, version=1), tmp_path)
    assert {path.name for path in paths} == {
        f"{name}.{kind}" for name in ("speakers", "months", "unnamed", "source_kinds") for kind in ("png", "svg")
    }
    for path in paths:
        data = path.read_bytes()
        assert (
            data.startswith(b"\x89PNG") if path.suffix == ".png" else ElementTree.fromstring(data).tag.endswith("svg")
        )
    again = {path.name: path.read_bytes() for path in write_plots(statistics(groups, version=1), tmp_path / "b")}
    assert {path.name: path.read_bytes() for path in paths if path.suffix == ".svg"}.items() <= again.items()


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.words.append(data)


def test_the_report_is_one_page_that_loads_nothing(tmp_path):
    groups = [*small(), quoted("5", HOSTILE, "2021-02-01", (HOSTILE, "direct", "person"))]
    text = write_report(statistics(groups, version=7), tmp_path / "laporan.html", title="Siapa & apa").read_text(
        "utf-8"
    )
    page = Page(text)
    assert all(link.startswith("data:image/svg+xml;base64,") for link in page.links)
    assert len(page.links) == 4
    assert not {"script", "link", "iframe", "b x"} & set(page.tags)
    assert '=cmd|"<b>$x$</b>\n\x01' in page.words
    assert "version 7" in text
    assert not re.search(r"https?://", re.sub(r"base64,[^\"]+", "", text))


def test_a_printed_report_fits_the_page(tmp_path, browser):
    """On the 180 mm between the margins of A4, every table is whole and no month stands on two lines."""
    found = statistics([*small(), *gold_groups()], version=7)
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.goto(write_report(found, tmp_path / "laporan.html").as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 680
    lines = "[...document.querySelectorAll('td')].filter(td => /^\\d{4}-\\d\\d$/.test(td.textContent))"
    lines += (
        ".map(td => { const r = document.createRange(); r.selectNodeContents(td); return r.getClientRects().length })"
    )
    assert set(page.evaluate(lines)) == {1}
    page.close()


def test_a_report_of_nothing_says_so(tmp_path):
    text = write_report(statistics([], version=0), tmp_path / "a.html").read_text("utf-8")
    assert "There is nothing to count." in text
    assert write_plots(statistics([], version=0), tmp_path) == []
