"""What is drawn from a marked archive goes to a real server, and comes back as labels of these articles."""

from pathlib import Path

from annotate.dataset import Dataset
from annotate.labelstudio.connection import Connection, http_client
from tests.workflow.archives import articles, rows, write
from tests.workflow.test_copies import story

from .conftest import Command

DRAWN = 12
PROJECT = ("--project", "contoh dari arsip")


def archive(path: Path) -> None:
    """Sixty articles of three outlets and nine months; the last fifteen are copies of the first, printed elsewhere."""
    made = articles(60)
    for first, copy in zip(made, made[45:], strict=False):
        first["text"] += " " + " ".join(story(int(first["id"][1:]), 3))
        copy.update(text=first["text"], title=f"{first['title']} kemarin", outlet="Salinan")
    write(path, made)


def test_a_sample_is_drawn_pushed_labelled_and_pulled(
    command: Command, studio_connection: Connection, tmp_path: Path
) -> None:
    archive(tmp_path / "a.jsonl.gz")
    marked = command("mark", "a.jsonl.gz", "-o", "out", "--dedupe", "--jobs", "1", "--shard-size", "16", "--json").json
    assert (marked["documents"], marked["copies"]) == (45, 15)
    drawn = command("sample", "out", "-o", "t.jsonl", "--size", DRAWN, "--seed", "5", "--json").json["drawn"]
    ways = [one["by"] for one in drawn]
    assert (ways.count("uncertainty"), ways.count("chance")) == (DRAWN / 2, DRAWN / 2)
    assert {one["outlet"] for one in drawn} == {"Harian 0", "Harian 1", "Harian 2"}
    assert len({one["month"] for one in drawn}) >= 6

    sent = command("push", "t.jsonl", *PROJECT, "--json").json["sent"]
    assert sorted(sent) == sorted(one["doc_id"] for one in drawn)
    command("sample", "out", "-o", "again.jsonl", "--size", DRAWN, "--seed", "5")
    again = command("push", "again.jsonl", *PROJECT, "--json").json
    assert (again["sent"], again["present"]) == ({}, sent), "the same seed draws the same articles"

    labelled = sorted(sent)[:4]
    with http_client(studio_connection) as client:
        for doc_id in labelled:
            (premark,) = client.get(f"/api/predictions/?task={sent[doc_id]}").raise_for_status().json()
            path = f"/api/tasks/{sent[doc_id]}/annotations/"
            client.post(path, json={"result": premark["result"]}).raise_for_status()
    assert command("pull", *PROJECT, "--json").code == 0
    found = {(row.doc_id, row.content.text): row.status for row in Dataset.open(tmp_path / "dataset").attributions()}
    assert found == {
        (row["doc_id"], row["content"]): "single" if row["doc_id"] in labelled else "premark"
        for row in rows(tmp_path / "out")
        if row["doc_id"] in sent
    }
