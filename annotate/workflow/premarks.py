"""Pre-marks as rows of the dataset, named as such: what the marker proposed and nobody has looked at yet."""

from collections.abc import Callable, Sequence

from annotate.datamodel import Attribution, MarkedDocument
from annotate.records import AttributionRecord

Describe = Callable[[str, tuple[Attribution, ...]], Sequence[Attribution]]


def premark_rows(
    marked: MarkedDocument, previous: Sequence[AttributionRecord] = (), *, describe: Describe | None = None
) -> list[AttributionRecord]:
    """The marker's attributions as rows of status `premark`: no annotator, no reader, no vote.

    They go through the same reconciliation as labels do, so that ids are minted by one rule and carried on to the rows
    that people make of them.
    """
    from annotate.reconcile import Reading, reconcile_document

    reading = Reading(annotator="premark", annotation_id=0, attributions=marked.attributions)
    done = reconcile_document(marked.document, [reading], commit_id="", previous=previous, describe=describe)
    unread: dict[str, object] = {"status": "premark", "annotators": [], "readers": [], "regions": [], "agreement": None}
    return [row.model_copy(update={**unread, "premark_version": marked.marker}) for row in done.records]
