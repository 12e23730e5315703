"""Several people's labels of one article become one result, with its ground and with what lost.

The rule set `majority/1`, in words (its thresholds are `MergeRules`):

1. Who votes. Each annotator has one reading of a document: a ground truth before others, then the latest. A skipped
   annotation has no vote; an empty one says "nothing here". Where there is a ground truth, it alone votes, and what
   others hold is kept as dissent.
2. What is the same. Contents of different annotators are grouped best pairs first, at most one of each annotator in
   a group: by overlap, to which sources, cues and speaker in common add and contradicting links take away. So nested
   contents, and two with one span, stay apart. Sources, and cues, are grouped by overlap.
3. Whether it is one. More than half of the readers must have marked it; if more than half have not, it is set aside
   with that reason; of two readers, one alone: unresolved.
4. Type, sources, cues, speaker. Each by vote of those who marked it. Of the links, the set that a majority holds,
   else each link that one does. Spellings of a name are one name; where no name has a majority, a shorter form
   counts for the fuller one. Where nothing has a majority the row is unresolved, and there stands what most hold; of
   equals, what the stronger readings hold (see 5); then the type that the quotation marks speak for, the link or
   name that is there over the one that is missing.
5. Edges. A code point belongs to the span when more than half of the readings hold it; where exactly half do, those
   decide who did not see the pre-marks, then those that were drawn or changed by hand; then sources and direct
   quotations take the longer reading, all else the shorter. Links follow the merged spans.
6. Ground of a row. `single`: one reader. `unanimous`: all readers hold the same, to the code point. `majority`: each
   field has one, or the edge rule settled it (two readers must overlap by half). `unresolved`: any field has none.
   `adjudicated`: by a ground truth or a decision; a later label that touches it and says something else makes it
   unresolved again.
7. What lost. Each contested field has its winning reading in `votes` and the others in `dissent`, with who held
   them.
8. Ids. Carried on from the version before by shared regions, overlap and links; else minted from document, text and
   spans.
"""

from annotate.reconcile.adjudicate import DisputedDocument, decisions_from_reading, disputed, queue
from annotate.reconcile.agreement import MEASURES, Agreement
from annotate.reconcile.decisions import basis_of
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
    "basis_of",
    "current",
    "decisions_from_reading",
    "disputed",
    "queue",
    "reconcile_document",
]
