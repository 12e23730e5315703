"""What annotators see and do in a real browser, on a real server."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.labelstudio.tasks import to_task
from tests.labelstudio.cases import MARKER, seeds

from .conftest import NewProject
from .labelling_page import LabellingPage

TRICKY = [json.loads(line) for line in (Path(__file__).parent / "tricky_texts.jsonl").read_text().splitlines()]


def spans(result: list[dict[str, Any]]) -> dict[str, tuple[int, int, str]]:
    """Of labelled rows: by region id, the offsets and the label."""
    rows = [row for row in result if row["type"] == "labels"]
    return {row["id"]: (row["value"]["start"], row["value"]["end"], row["value"]["labels"][0]) for row in rows}


def rest(result: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Of the other rows: speakers by region, and relations by their ends."""
    speakers = {(row["id"], row["type"], row["value"]["text"][0]) for row in result if row["type"] == "textarea"}
    return speakers | {(row["from_id"], row["type"], row["to_id"]) for row in result if row["type"] == "relation"}


def test_the_pre_marks_of_the_seeds_are_seen_and_submitted_as_they_are(page: Page, new_project: NewProject) -> None:
    tasks = [to_task(marked) for marked in seeds()]
    project, task_ids = new_project("benih", tasks)
    stream = LabellingPage(page, project)
    stream.open()
    seen = set()
    for _task in tasks:
        stream.ready()
        shown = stream.regions()
        stored = stream.submit()
        task = tasks[task_ids.index(stored["task"])]
        sent = task["predictions"][0]["result"]
        text = task["data"]["text"]
        assert {i: (r["start"], r["end"]) for i, r in shown.items()} == {i: s[:2] for i, s in spans(sent).items()}
        assert all(r["words"] == text[r["start"] : r["end"]] for r in shown.values())
        assert spans(stored["result"]) == spans(sent)
        assert rest(stored["result"]) == rest(sent)
        assert {row.get("origin", "prediction") for row in stored["result"]} == {"prediction"}
        seen.add(stored["task"])
    assert seen == set(task_ids)
    assert stream.hosts == {page.url.split("/")[2]}, "nothing may be asked of other machines"


class TrickyText(NamedTuple):
    """Texts of the cases in one article: where pre-marks are, where spans are drawn, and the case of each offset."""

    text: str
    marked: list[tuple[int, int]]
    drawn: list[tuple[int, int]]
    names: dict[int, str]


def joined(cases: list[dict[str, Any]]) -> TrickyText:
    """One article out of several cases: what one of them shifts would show in all that follow."""
    whole = TrickyText("\n".join(case["text"] for case in cases), [], [], {})
    start = 0
    for case in cases:
        for key, found in (("marked", whole.marked), ("drawn", whole.drawn)):
            at = start + case["text"].index(case[key])
            found.append((at, at + len(case[key])))
            whole.names[at] = f"{case['name']}, {key}"
        start += len(case["text"]) + 1
    return whole


def tricky_task(name: str, case: TrickyText) -> dict[str, Any]:
    contents = [Attribution(Region("indirect", start, end, rule="tes", confidence=0.5)) for start, end in case.marked]
    return to_task(MarkedDocument(Document(name, case.text), tuple(contents), MARKER))


def test_offsets_of_any_text_are_right_both_ways(page: Page, new_project: NewProject) -> None:
    """A pre-mark shows on its characters; a span drawn over characters by mouse comes back with their offsets."""
    articles = [joined([case]) for case in TRICKY if case["alone"]]
    articles.append(joined([case for case in TRICKY if not case["alone"]]))
    project, task_ids = new_project("teks sulit", [tricky_task(str(i), each) for i, each in enumerate(articles)])
    of_task = dict(zip(task_ids, articles, strict=True))
    stream = LabellingPage(page, project)
    stream.open()
    for _article in articles:
        stream.ready()
        article = of_task[stream.task()]
        assert sorted((r["start"], r["end"]) for r in stream.regions().values()) == article.marked
        for drawn in article.drawn:
            stream.draw("4", *drawn)
        stored = spans(stream.submit()["result"]).values()
        wanted = {(*span, "indirect") for span in article.marked} | {(*span, "source") for span in article.drawn}
        wrong = wanted.symmetric_difference(stored)
        assert not wrong, [(span, article.names.get(span[0])) for span in sorted(wrong)]
