"""The versioned dataset: documents, annotations as pulled, attributions, decisions, in Delta tables."""

from annotate.dataset.changes import Basis, DocumentChange, DocumentInputs, Recipe
from annotate.dataset.history import Ref
from annotate.dataset.store import AppendResult, Dataset

__all__ = ["AppendResult", "Basis", "Dataset", "DocumentChange", "DocumentInputs", "Recipe", "Ref"]
