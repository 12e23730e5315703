"""`make demo`: the whole job on the seed articles, against a real Label Studio server.

Marks and pushes `seeds/`, submits the hand-marked gold as the labels of a demonstration annotator over the server's own
API, pulls, reconciles, commits a version and exports it. Safe to run again: nothing is sent or submitted twice.
"""

import sys
import uuid
from pathlib import Path

import httpx

from annotate.cli.terminal import say
from annotate.datamodel import Document
from annotate.errors import AtribusiError, StudioError
from annotate.gold import read_gold
from annotate.labelstudio import accounts, server
from annotate.labelstudio.connection import Connection, find_connection
from annotate.labelstudio.tasks import to_task
from annotate.workflow.export import export
from annotate.workflow.pull import pull
from annotate.workflow.push import PushSummary, push

SEEDS = Path(__file__).parent
STUDIO = Path(".atribusi/studio")
DATASET = Path("dataset")
CSV = Path("exports/attributions.csv")
PROJECT = "atribusi demo"
AUTHOR = "atribusi demo"
ANNOTATOR = "anotator.demo@example.org"


def submit_gold(connection: Connection, pushed: PushSummary) -> int:
    """Submit the gold as one annotator's labels; a second time the server knows their ids and nothing happens."""
    accounts.invite(connection, [ANNOTATOR])
    tasks = {**pushed.report.present, **pushed.report.sent, **pushed.report.changed}
    submitted = 0
    headers = {"Authorization": f"Token {connection.token.reveal()}"}
    with httpx.Client(base_url=connection.url, headers=headers, timeout=60, trust_env=False) as http:
        user = next(one["id"] for one in http.get("/api/users/").json() if one["email"] == ANNOTATOR)
        by_text = {document.text: doc_id for doc_id, document in seed_documents().items()}
        for marked in read_gold(SEEDS / "_gold" / "seeds.jsonl"):
            doc_id = by_text[marked.document.text]
            body = {
                "result": to_task(marked)["predictions"][0]["result"],
                "completed_by": user,
                "ground_truth": False,
                "unique_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{connection.url}/{pushed.url}/{doc_id}")),
            }
            answer = http.post(f"/api/tasks/{tasks[doc_id]}/annotations/", json=body)
            if answer.status_code not in (201, 409):
                raise StudioError(f"the gold of {doc_id} was refused: HTTP {answer.status_code}", place=connection.url)
            submitted += answer.status_code == 201
    return submitted


def seed_documents() -> dict[str, Document]:
    """The seed articles, as every command reads them."""
    from annotate.articles import read_documents

    return {document.doc_id: document for document in read_documents([SEEDS])}


def main() -> int:
    """Run the job and say what came of it."""
    running = server.start(STUDIO, progress=say)
    connection = find_connection(running.url, studio_dir=STUDIO)
    pushed = push([SEEDS], connection=connection, dataset=DATASET, project=PROJECT, author=AUTHOR)
    submitted = submit_gold(connection, pushed)
    pulled = pull(connection=connection, dataset=DATASET, project=PROJECT, author=AUTHOR, message="gold of the seeds")
    written = export(DATASET, CSV)
    print(
        f"""
{pushed.summary()}
demonstration annotator {ANNOTATOR}: {submitted} articles labelled just now (from seeds/_gold, not by a person)
{pulled.summary()}

The dataset's rows, one for each attribution:  {written.path}
  ({written.attributions} attributions of {written.documents} documents; columns explained in {written.dictionary_path})
Go on labelling:  {pushed.label_url}
  log in as {running.email} with password {running.password.reveal()}
Then:  .venv/bin/atribusi pull --project "{PROJECT}" && .venv/bin/atribusi export
Stop the server:  make stop"""
    )
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AtribusiError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
