"""Progress: what people did on which day, against the plan; as a table, as JSON and as a picture."""

import json
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from annotate.cli import atribusi
from annotate.cli.terminal import run
from annotate.dataset import Dataset
from annotate.errors import PlanError
from annotate.records import AssignmentRecord, PlanRecord
from annotate.workflow.progress import progress, progress_of, zone_of
from tests.dataset.made import annotation, document

SERVER = "http://127.0.0.1:8080"
SARI, BUDI = "sari$1@contoh.id", "budi@contoh.id"


def made(number: int, state: str, who: str, at: str, **more):
    facts = {"state": state, "annotator": who, "created_at": at, "updated_at": at, "state_id": f"{number:064x}"}
    return annotation(number).model_copy(update=(facts | {"annotation_id": number} | more))


@pytest.fixture
def store(tmp_path: Path) -> Dataset:
    store = Dataset.create(tmp_path / "dataset")
    given = [(1, SARI, False), (2, SARI, False), (3, SARI, False), (4, BUDI, False), (2, BUDI, True), (6, BUDI, False)]
    store.add_plan(
        PlanRecord(
            revision=1,
            server=SERVER,
            project_id=1,
            created_at="2026-10-20T00:00:00Z",
            author="uji",
            annotators=[SARI, BUDI, "citra@contoh.id"],
            overlap=0.2,
            readers=2,
            blind=0.1,
            seed=0,
            assignments=[
                AssignmentRecord(doc_id=document(number).doc_id, annotator=who, blind=blind)
                for number, who, blind in given
            ],
        )
    )
    store.append_annotations(
        [
            made(1, "submitted", SARI, "2026-10-20T17:30:00Z", lead_time=60.0, parent_prediction=5),
            made(2, "empty", SARI, "2026-10-21T03:00:00Z", lead_time=180.0, parent_prediction=6),
            made(3, "skipped", SARI, "2026-10-21T03:10:00Z"),
            made(4, "draft", BUDI, "2026-10-21T04:00:00Z", annotation_id=-4),
            made(5, "submitted", BUDI, "2026-10-22T04:00:00Z", lead_time=30.0, parent_prediction=7),  # not planned
            made(6, "deleted", BUDI, "2026-10-22T05:00:00Z"),
            made(7, "deleted", BUDI, "2026-10-22T05:00:00Z", annotation_id=-7),
            made(8, "submitted", BUDI, "2026-10-22T05:00:00Z", purpose="adjudication", project_id=2),
            made(9, "submitted", BUDI, "2026-10-22T06:00:00Z", doc_id=document(2).doc_id, project_id=3, lead_time=90.0),
        ]
    )
    return store


def test_by_annotator_and_day_against_the_plan(store: Dataset) -> None:
    report = progress(store.root, timezone=ZoneInfo("Asia/Jakarta"))
    sari, budi, citra = (next(s for s in report.standings if s.annotator.startswith(n)) for n in ("sari", "budi", "c"))
    assert (sari.planned, sari.plan_done, sari.plan_skipped, sari.left) == (3, 2, 1, 0)
    assert (sari.tally.labelled, sari.tally.empty, sari.tally.skipped, sari.tally.blind) == (1, 1, 1, 0)
    assert sari.as_dict()["median_seconds"] == 120.0
    assert (budi.planned, budi.plan_done, budi.left) == (3, 1, 2)
    assert (budi.tally.done, budi.tally.drafts, budi.tally.deleted, budi.tally.blind) == (2, 1, 1, 1)
    assert (citra.planned, citra.tally.done) == (0, 0)
    # 17:30 in London is the next day in Jakarta.
    assert {day: sorted(tallies) for day, tallies in report.days.items()} == {
        "2026-10-21": [BUDI, SARI],
        "2026-10-22": [BUDI],
    }
    assert set(progress(store.root, timezone=UTC).days) == {"2026-10-20", "2026-10-21", "2026-10-22"}
    assert report.days["2026-10-21"][SARI].done == 2


def test_a_table_json_and_pictures_by_the_command(store: Dataset, tmp_path: Path, capsys) -> None:
    for name in ("kemajuan.png", "kemajuan.svg"):
        assert run(atribusi, ["progress", "--dataset", store.root, "--plot", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 5000
    printed = capsys.readouterr().out
    assert "67% of plan" in printed
    assert "2026-10-22" in printed
    assert run(atribusi, ["progress", "--dataset", store.root, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["left"] for one in found["annotators"]] == [2, 0, 0]
    assert sum(one["done"] for one in found["days"]) == 4


def test_nothing_yet_and_no_such_zone(tmp_path: Path) -> None:
    store = Dataset.create(tmp_path / "dataset")
    assert run(atribusi, ["progress", "--dataset", store.root, "--plot", str(tmp_path / "kosong.png")]) == 0
    assert progress_of([], []).as_dict() == {"planned": False, "annotators": [], "days": []}
    with pytest.raises(PlanError, match="no time zone"):
        zone_of("Mars/Utara")
