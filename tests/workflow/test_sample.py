"""What people should see of an archive: fair to outlets and months, without copies, the same for the same seed."""

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from annotate.errors import EXIT_OK, InputError
from annotate.labelstudio.tasks_check import check_task
from annotate.marking import Marker
from annotate.workflow.archive import ArchiveOptions, mark_archive
from annotate.workflow.sample import _Candidates, pick, sample
from annotate.workflow.tasks import marked_from_tasks, task_files
from tests.workflow.archives import articles, cli, rows, write
from tests.workflow.test_copies import story


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    made = articles(120)
    for row in made[100:]:  # the last twenty are copies of the first twenty, printed elsewhere
        first = made[int(row["id"][1:]) - 100]
        first["text"] += " " + " ".join(story(int(row["id"][1:]), 3))
        row.update(text=first["text"], title=f"{first['title']} kemarin", outlet="Salinan")
    write(folder / "a.jsonl.gz", made)
    mark_archive([folder / "a.jsonl.gz"], str(folder / "out"), ArchiveOptions(shard=17, dedupe=True))
    return folder


def test_a_sample_is_tasks_that_push_takes(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "tasks.jsonl"
    report = sample(archive / "out", str(target), 30, seed=3)
    assert (report.documents, report.copies) == (100, 20)
    for line in target.read_text().splitlines():
        check_task(json.loads(line))
    assert task_files([target]) == [target]
    marked = list(marked_from_tasks([target]))
    assert [one.document.doc_id for one in marked] == [one.doc_id for one in report.drawn]
    assert len({one.document.doc_id for one in marked}) == 30
    for one in marked:
        assert len(Marker().mark(one.document).attributions) == len(one.attributions)
    assert not {one.outlet for one in report.drawn} & {"Salinan"}, "copies were drawn"


def test_outlets_and_months_come_by_their_share_and_doubt_by_the_marks(archive: Path, tmp_path: Path) -> None:
    report = sample(archive / "out", str(tmp_path / "t.json"), 50, uncertain=0.4)
    assert set(Counter(one.outlet for one in report.drawn).values()) <= {16, 17, 18}
    assert len({one.month for one in report.drawn}) == 9
    ways = Counter(one.by for one in report.drawn)
    assert 15 <= ways["uncertainty"] <= 20
    confidence: dict[str, list[float]] = {}
    for row in rows(archive / "out"):
        confidence.setdefault(row["doc_id"], []).append(row["premark_confidence"])
    for one in report.drawn:
        held = confidence.get(one.doc_id)
        assert one.uncertainty == (pytest.approx(1 - sum(held) / len(held), abs=1e-4) if held else None)
        assert one.by == "chance" or one.uncertainty is not None


def test_the_same_seed_gives_the_same_sample_and_another_seed_another(archive: Path, tmp_path: Path) -> None:
    made = {}
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        sample(archive / "out", str(tmp_path / f"{name}.jsonl"), 20, seed=seed, uncertain=0)
        made[name] = (tmp_path / f"{name}.jsonl").read_bytes()
    assert made["a"] == made["b"] != made["c"]
    done = cli(archive, "sample", "out", "-o", "s.jsonl", "--size", "20", "--seed", "1", "--uncertain", "0", "--json")
    assert done.returncode == EXIT_OK
    assert len(json.loads(done.stdout)["drawn"]) == 20
    assert (archive / "s.jsonl").read_bytes() == made["a"]


def test_more_than_there_is_gives_all_there_is(archive: Path, tmp_path: Path) -> None:
    assert len(sample(archive / "out", str(tmp_path / "t.jsonl"), 1000).drawn) == 100


@pytest.mark.parametrize("uncertain", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("size", [1, 7, 90])
def test_every_draw_is_of_its_own_run_and_by_doubt_the_most_doubtful(size: int, uncertain: float) -> None:
    chance = random.Random(size)
    total = 1000
    doubts = np.array([chance.choice([-1.0, chance.random()]) for _ in range(total)])
    candidates = _Candidates(
        np.array(sorted(chance.randrange(40) for _ in range(total))),
        np.array([chance.getrandbits(64) for _ in range(total)], np.uint64), doubts, np.zeros((total, 2), np.int64), 0,
    )  # fmt: skip
    picked = pick(candidates, size, uncertain)
    assert len(picked) == size
    assert abs(sum(how == "uncertainty" for how in picked.values()) - size * uncertain) <= 1
    order = np.lexsort((candidates.chance, candidates.strata)).tolist()
    at = sorted((order.index(n), n, how) for n, how in picked.items())
    for run, (place, n, how) in enumerate(at):
        start, end = total * run // size, total * (run + 1) // size
        assert start <= place < end
        if how == "uncertainty":
            assert doubts[n] == max(doubts[m] for m in order[start:end])


def test_what_is_no_finished_run_or_has_changed_is_named(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        sample(tmp_path, str(tmp_path / "t.json"), 5)
    write(tmp_path / "a.jsonl", articles(10))
    mark_archive([tmp_path / "a.jsonl"], str(tmp_path / "out"))
    write(tmp_path / "a.jsonl", articles(11))
    with pytest.raises(InputError, match="has changed since it was marked"):
        sample(tmp_path / "out", str(tmp_path / "t.json"), 5)
    assert not (tmp_path / "t.json").exists()
