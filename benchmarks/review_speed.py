"""How fast the review desk answers on 100,000 attributions: filtered pages over HTTP, from a real dataset.

    python benchmarks/review_speed.py [attributions] [folder]

Makes a made-up archive (see `review_data.py`) unless the folder holds one, opens the desk on it, and asks for each view
some times. Prints the median of the clock and of the processor's time and the slowest answer, in milliseconds, and what
opening, grouping and deciding cost. On a machine that does other things as well, the processor's time tells more.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent.parent))

from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.review.app import create_app
from annotate.review.security import Access
from benchmarks.review_data import archive

VIEWS = {
    "everything": "/attributions",
    "one word": "/attributions?q=jak",
    "two words": "/attributions?q=biaya+miliar",
    "phrase": "/attributions?q=%22miliar+rupiah%22",
    "outlet and type": "/attributions?outlet=Suara+Desa&type=direct",
    "speaker": "/attributions?speaker=Dewi+Santoso",
    "part of a name": "/attributions?speaker=santoso",
    "dates and status": "/attributions?since=2021&until=2023-05&status=majority&status=single",
    "oldest first": "/attributions?sort=oldest",
    "least sure, page 300": "/attributions?sort=least_sure&page=300",
    "100 on a page": "/attributions?outlet=Warta+Kota&per=100",
    "JSON twin": "/attributions.json?outlet=Warta+Kota",
    "speakers": "/speakers",
    "one speaker": "/speaker?name=Dewi+Santoso",
}
TIMES = 15


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "dataset"
        if not root.exists():
            store = Dataset.create(root)
            changes = (DocumentChange(document, rows) for document, rows in archive(size))
            store.commit(changes, message="archive", author="benchmark", recipe=Recipe("majority/1"))
        measure(root)


def measure(root: Path) -> None:
    began, begun = time.perf_counter(), time.process_time()
    client = TestClient(create_app(root, Access(hosts=["testserver"])))
    client.get("/attributions")
    print(f"opened in {time.perf_counter() - began:.1f} s, processor {time.process_time() - begun:.1f} s")
    desk = client.app.state.desk  # type: ignore[attr-defined]
    began = time.perf_counter()
    while desk.snapshot().claims is None:
        time.sleep(0.2)
    print(f"claims grouped in {time.perf_counter() - began:.1f} s: {len(desk.snapshot().claims.members)} groups")
    print(f"{'view':24}{'median':>8}{'processor':>11}{'slowest':>9}  ms")
    for name, path in VIEWS.items():
        taken, worked = [], []
        for _ in range(TIMES):
            began, begun = time.perf_counter(), time.process_time()
            answer = client.get(path)
            taken.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - begun))
            assert answer.status_code == 200, path
        print(f"{name:24}{statistics.median(taken):8.0f}{statistics.median(worked):11.0f}{max(taken):9.0f}")
    decide(client)


def decide(client: TestClient) -> None:
    row = client.get("/attributions.json?verdict=-").json()["results"][0]["attribution"]["attribution_id"]
    page = client.get(f"/attributions/{row}").text
    form = {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("csrf", "seen")}
    began = time.perf_counter()
    answer = client.post(
        f"/attributions/{row}/decisions",
        data={**form, "verdict": "right", "reviewer": "benchmark"},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    print(f"{'a decision':24}{1000 * (time.perf_counter() - began):8.0f}")


if __name__ == "__main__":
    main()
