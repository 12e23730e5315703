"""The versioned dataset: documents, annotations as pulled, attributions, decisions, in Delta tables."""

from annotate.dataset.changes import Basis, DocumentChange, DocumentInputs, Recipe
from annotate.dataset.diff import Diff, Event
from annotate.dataset.diff.page import page as diff_page
from annotate.dataset.history import Ref
from annotate.dataset.store import AppendResult, Dataset

__all__ = [
    "AppendResult",
    "Basis",
    "Dataset",
    "Diff",
    "DocumentChange",
    "DocumentInputs",
    "Event",
    "Recipe",
    "Ref",
    "diff_page",
]
