import json

from hypothesis import given

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.labelstudio.tasks import article_info, task_json, to_task
from annotate.labelstudio.tasks_check import check_task
from tests.labelstudio.cases import marked_documents, seeds


def result(task):
    return task["predictions"][0]["result"]


def test_a_task_holds_what_page_and_data_manager_need():
    document = Document(
        "a-1", '"Ya," kata Budi.', title="J", url="https://x.id/1", outlet="Koran", published_at="2021-02-03"
    )
    content = Region("direct", 0, 5, rule="kutip-lalu-pemarkah", confidence=0.912)
    cue = Region("cue", 6, 10, rule="kutip-lalu-pemarkah", confidence=0.9, kind="statement")
    source = Region("source", 11, 15)
    task = to_task(MarkedDocument(document, (Attribution(content, (source,), (cue,), "Budi"),), "m1"))
    assert task["data"] == {
        "text": '"Ya," kata Budi.',
        "doc_id": "a-1",
        "text_sha256": document.text_sha256,
        "title": "J",
        "outlet": "Koran",
        "published_at": "2021-02-03",
        "url": "https://x.id/1",
        "info": "Koran · 3 Februari 2021 · [artikel asli](https://x.id/1)",
    }
    assert task["meta"] == {"marker": "m1"}
    (prediction,) = task["predictions"]
    assert prediction["model_version"] == "m1"
    assert prediction["score"] == 0.912
    first, speaker, source_row, cue_row, said_by, cued_by = prediction["result"]
    assert first["value"] == {"start": 0, "end": 5, "text": '"Ya,"', "labels": ["direct"]}
    assert first["score"] == 0.912
    assert first["meta"]["text"] == ["aturan: kutip-lalu-pemarkah · keyakinan: 91%"]
    assert cue_row["meta"] == {
        "text": ["aturan: kutip-lalu-pemarkah · jenis: pernyataan · keyakinan: 90%"],
        "rule": "kutip-lalu-pemarkah",
        "kind": "statement",
    }
    assert "meta" not in source_row
    assert "score" not in source_row
    assert (speaker["id"], speaker["from_name"], speaker["value"]["text"]) == (first["id"], "speaker", ["Budi"])
    assert said_by == {"type": "relation", "from_id": first["id"], "to_id": source_row["id"], "direction": "right"}
    assert cued_by["to_id"] == cue_row["id"]


def test_an_article_without_attributions_has_an_empty_prediction():
    task = to_task(MarkedDocument(Document("a", "Hujan."), (), "m1"))
    assert task["predictions"] == [{"model_version": "m1", "result": []}]
    check_task(task)


def test_shared_source_and_cue_are_one_region():
    source, cue = Region("source", 10, 14), Region("cue", 5, 9)
    attributions = tuple(Attribution(Region("direct", s, s + 4), (source,), (cue,)) for s in (0, 20, 30))
    rows = result(to_task(MarkedDocument(Document("a", "x" * 40), attributions, "m1")))
    labels = [row["value"]["labels"][0] for row in rows if row["type"] == "labels"]
    assert sorted(labels) == ["cue", "direct", "direct", "direct", "source"]
    assert sum(row["type"] == "relation" for row in rows) == 6


def test_ids_do_not_depend_on_the_other_marks_nor_on_order():
    one = Attribution(Region("indirect", 0, 8), (Region("source", 9, 12),))
    other = Attribution(Region("indirect", 0, 8), (Region("source", 13, 16),))
    third = Attribution(Region("direct", 20, 25), (Region("source", 13, 16),))
    document = Document("a", "x" * 40)

    def by_source(*attributions):
        rows = result(to_task(MarkedDocument(document, attributions, "m1")))
        return {(row["from_id"], row["to_id"]) for row in rows if row["type"] == "relation"}

    assert by_source(one, other, third) == by_source(third, other, one)
    assert by_source(third) < by_source(one, other, third)


@given(marked_documents())
def test_any_marked_document_makes_a_valid_task_of_one_line(marked):
    line = task_json(marked)
    assert "\n" not in line
    task = json.loads(line)
    assert task == to_task(marked)
    check_task(task)
    regions = [row for row in result(task) if row["type"] == "labels"]
    assert len({row["id"] for row in regions}) == len(regions)
    assert sum(row["value"]["labels"][0] not in ("source", "cue") for row in regions) == len(marked.attributions)
    text = marked.document.text
    assert task["data"]["text"] == text
    assert all(row["value"]["text"] == text[row["value"]["start"] : row["value"]["end"]] for row in regions)


def test_gold_of_the_seeds_becomes_tasks_with_readable_notes():
    for marked in seeds():
        task = to_task(marked)
        check_task(task)
        notes = {line for row in result(task) for line in row.get("meta", {}).get("text", ())}
        assert notes == {"aturan: gold · keyakinan: 88%"}


def info(**facts):
    return article_info(Document("a", "x", **facts))


def test_the_line_above_the_article_holds_only_what_is_known():
    assert info() == ""
    assert info(outlet="Koran") == "Koran"
    assert info(published_at="Rabu kemarin") == "Rabu kemarin"
    assert info(published_at="2021-12-31T23:00:00+07:00") == "31 Desember 2021"


def test_what_a_page_said_of_itself_cannot_become_markup_on_the_annotators_page():
    assert info(outlet="<img src=x onerror=a()>\n# _b_") == "\\<img src\\=x onerror\\=a\\(\\)\\> \\# \\_b\\_"
    assert info(url="javascript:alert(1)") == ""
    assert info(url="https://x.id/a b)<i>?q=1&r=2") == "[artikel asli](https://x.id/a%20b%29%3Ci%3E?q=1&amp;r=2)"
