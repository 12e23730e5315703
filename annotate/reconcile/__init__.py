"""Several people's labels of one article become one result, with its ground and with what lost."""

from annotate.reconcile.merge import Reconciled, reconcile_document
from annotate.reconcile.readings import Premarks, Reading, current
from annotate.reconcile.rules import DEFAULT_RULES, MergeRules

__all__ = ["DEFAULT_RULES", "MergeRules", "Premarks", "Reading", "Reconciled", "current", "reconcile_document"]
