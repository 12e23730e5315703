"""The versioned dataset: documents, annotations as pulled, attributions, decisions, in Delta tables."""

from annotate.dataset.annotations import Doing
from annotate.dataset.card import Terms
from annotate.dataset.changes import Basis, DocumentChange, DocumentInputs, Recipe
from annotate.dataset.diff import Diff, Event
from annotate.dataset.diff.page import page as diff_page
from annotate.dataset.history import Ref
from annotate.dataset.life import Life
from annotate.dataset.store import AppendResult, Dataset
from annotate.dataset.verifying import Problem

__all__ = [
    "AppendResult",
    "Basis",
    "Dataset",
    "Diff",
    "DocumentChange",
    "DocumentInputs",
    "Doing",
    "Event",
    "Life",
    "Problem",
    "Recipe",
    "Ref",
    "Terms",
    "diff_page",
]
