"""Several people's labels of one article become one result, with its ground and with what lost."""

from annotate.reconcile.adjudicate import DisputedDocument, decisions_from_reading, disputed, queue
from annotate.reconcile.agreement import MEASURES, Agreement
from annotate.reconcile.merge import Reconciled, reconcile_document
from annotate.reconcile.readings import Premarks, Reading, current
from annotate.reconcile.report import AgreementReport
from annotate.reconcile.rules import DEFAULT_RULES, MergeRules

__all__ = [
    "DEFAULT_RULES",
    "MEASURES",
    "Agreement",
    "AgreementReport",
    "DisputedDocument",
    "MergeRules",
    "Premarks",
    "Reading",
    "Reconciled",
    "current",
    "decisions_from_reading",
    "disputed",
    "queue",
    "reconcile_document",
]
