"""What a push records before anything goes out: the pre-marks, by the rules and the register that hold."""

from functools import partial
from pathlib import Path

from annotate.datamodel import Document
from annotate.dataset import Dataset
from annotate.gold import read_gold
from annotate.marking import Marker, describe
from annotate.marking.register import Register
from annotate.workflow.commit import commit, rules_of
from annotate.workflow.push import _keep

from .test_commit import GOLD, pulled

TEXT = "“Harga beras akan turun,” kata Menteri Pertanian Dewi Lestari."


def test_a_push_links_speakers_to_the_register_and_keeps_the_rules(tmp_path: Path) -> None:
    store = Dataset.create(tmp_path / "dataset")
    store.append_annotations([pulled(one, task_text=one.document.text) for one in list(read_gold(GOLD))[:1]])
    commit(store.root, message="labels", author="tester", majority=0.6)
    (tmp_path / "register.csv").write_text("name,aliases,id\nDewi Lestari,,Q1\n", encoding="utf-8")
    marked = Marker().mark(Document("baru", TEXT))
    known = partial(describe, register=Register.read(tmp_path / "register.csv"))
    made = _keep(store, lambda: iter([marked]), "tester", known)
    assert made is not None
    (row,) = store.attributions(doc_ids=["baru"])
    assert (row.status, row.speaker, row.register_id) == ("premark", "Dewi Lestari", "Q1")
    assert rules_of(made).majority == 0.6
