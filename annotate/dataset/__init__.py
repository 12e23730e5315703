"""The versioned dataset: documents, annotations as pulled, attributions, decisions, in Delta tables."""

from annotate.dataset.annotations import Doing
from annotate.dataset.card import Terms
from annotate.dataset.changes import Basis, BasisPart, DocumentChange, DocumentInputs, Recipe
from annotate.dataset.diff import Diff, Event
from annotate.dataset.diff.page import page as diff_page
from annotate.dataset.history import Ref
from annotate.dataset.life import Life
from annotate.dataset.store import AppendResult, Dataset
from annotate.dataset.verifying import Problem
from annotate.dataset.writing import Prepared, prepare

__all__ = [
    "AppendResult",
    "Basis",
    "BasisPart",
    "Dataset",
    "Diff",
    "DocumentChange",
    "DocumentInputs",
    "Doing",
    "Event",
    "Life",
    "Prepared",
    "Problem",
    "Recipe",
    "Ref",
    "Terms",
    "diff_page",
    "prepare",
]
