"""Nobody's address stands in a dataset that was begun with pseudonyms, packed or unpacked; and no slip lets one in."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from annotate.dataset import Dataset
from annotate.errors import DatasetError, InputError
from annotate.labelstudio.accounts import invite
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.workflow.adjudicate import adjudicate
from annotate.workflow.assign import Wishes, assign
from annotate.workflow.export import export
from annotate.workflow.pseudonyms import Pseudonyms, pseudonym_for
from annotate.workflow.pull import pull
from annotate.workflow.push import push
from tests.dataset.made import annotation

PEOPLE = ("sri.rahasia@uji.example", "wayan.rahasia@uji.example")


def everything_in(folder: Path) -> str:
    """All bytes of all files, and once more what is packed in them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found += [str(path), path.read_bytes().decode("latin-1")]
            if path.suffix == ".parquet":
                found.append(json.dumps(pq.read_table(path).to_pylist(), default=str))
    return "\n".join(found).lower()


def test_no_address_is_kept_anywhere(studio_connection, tmp_path):
    who, dataset = tmp_path / "siapa.json", tmp_path / "dataset"
    named = {"connection": studio_connection, "dataset": dataset, "project": "Rahasia", "author": "uji"}
    articles = tmp_path / "berita.jsonl"
    texts = [f"Menteri Ani mengatakan bahwa harga beras turun {n} persen." for n in range(3)]
    lines = [json.dumps({"doc_id": f"r/{n}", "text": text}) for n, text in enumerate(texts)]
    articles.write_text("\n".join(lines), encoding="utf-8")
    invite(studio_connection, PEOPLE)
    with Studio.of(studio_connection) as studio:
        push([articles], **named)
        users = {email: number for number, email in studio.emails().items()}
        pool = open_project(studio, "Rahasia")
        planned = assign(**named, wishes=Wishes(PEOPLE, overlap=1.0, blind=0), pseudonyms=who)
        for task in studio.tasks(pool.id, include="id")["tasks"]:
            for n, email in enumerate(PEOPLE):
                region = {"from_name": "span", "to_name": "text", "type": "labels", "id": f"r{n}"}
                value = {"start": 8, "end": 11 + n, "text": "", "labels": ["indirect"]}
                body = {"result": [{**region, "value": value}], "completed_by": users[email]}
                studio.post_once(f"api/tasks/{task['id']}/annotations/", body)
        studio.post_once(f"api/tasks/{task['id']}/drafts", {"result": [], "lead_time": 3})
        owner = studio.whoami()
    report = pull(**named, pseudonyms=who)
    assert report.new_states == 7
    assert report.commit.version.annotations == 6
    adjudicate(**named, pseudonyms=who)
    export(dataset, tmp_path / "keluar" / "attributions.csv")

    people = json.loads(who.read_text())["people"]
    assert {*PEOPLE, owner} <= set(people)
    assert who.stat().st_mode & 0o077 == 0
    assert {one.annotator for one in planned.plan.assignments} == {people[email] for email in PEOPLE}
    kept = everything_in(dataset) + everything_in(tmp_path / "keluar")
    assert people[PEOPLE[0]] in kept
    for secret in (*PEOPLE, owner, "sri.rahasia", "wayan.rahasia", json.loads(who.read_text())["key"]):
        assert secret not in kept

    with pytest.raises(DatasetError, match=r"under pseudonyms.*--pseudonyms"):
        pull(**named)
    Pseudonyms(tmp_path / "lain.json")
    with pytest.raises(DatasetError, match="another file"):
        pull(**named, pseudonyms=tmp_path / "lain.json")


def test_the_environment_names_the_file_too(tmp_path, monkeypatch):
    store = Dataset.create(tmp_path / "dataset")
    monkeypatch.setenv("ATRIBUSI_PSEUDONYMS", str(tmp_path / "siapa.json"))
    name = pseudonym_for(store, None)
    assert name is not None
    assert name("Sari@Uji.Example") == name("sari@uji.example").lower()
    assert Pseudonyms(tmp_path / "siapa.json")("sari@uji.example") == name("sari@uji.example")


def test_what_would_give_people_away_is_refused(tmp_path):
    store = Dataset.create(tmp_path / "dataset")
    with pytest.raises(InputError, match="must not lie in the dataset"):
        pseudonym_for(store, tmp_path / "dataset" / "siapa.json")
    store.append_annotations([annotation(1)])
    with pytest.raises(DatasetError, match="nothing is ever erased"):
        pseudonym_for(store, tmp_path / "siapa.json")
    (tmp_path / "rusak.json").write_text("[]")
    with pytest.raises(InputError, match="no file of pseudonyms"):
        Pseudonyms(tmp_path / "rusak.json")


def test_one_address_one_pseudonym(tmp_path):
    made = Pseudonyms(tmp_path / "siapa.json")
    addresses = [f"orang{n}@uji.example" for n in range(50)]
    assert len({made(one) for one in addresses}) == 50
    other = Pseudonyms(tmp_path / "lain.json")
    assert not {made(one) for one in addresses} & {other(one) for one in addresses}, "the key decides"
