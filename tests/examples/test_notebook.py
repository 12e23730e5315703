"""The notebook runs from its first cell to its last on the seeds, as `make demo` leaves them."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from annotate.dataset import Dataset, DocumentChange, Recipe
from annotate.export import export
from tests.export.making import gold_groups

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_notebook_answers_its_questions(tmp_path, monkeypatch):
    groups = gold_groups()
    version = Dataset.create(tmp_path / "dataset").commit(
        [DocumentChange(document, rows) for document, rows in groups],
        message="gold of the seeds", author="test", recipe=Recipe("majority/1"),
    )  # fmt: skip
    export(groups, tmp_path / "exports" / "attributions.csv", version=version.version)
    monkeypatch.setenv("ATRIBUSI_ROOT", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(EXAMPLES.parent), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    notebook = nbformat.read(EXAMPLES / "from-export-to-answers.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    printed = "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert f"{sum(len(rows) for _, rows in groups)} attributions in {len(groups)} documents, version 1" in printed
    assert "Vladimir Putin" in printed
    assert "are ascribed to nobody" in printed
    assert all(document.doc_id in printed for document, _ in groups)
