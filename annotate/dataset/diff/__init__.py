"""What changed between two versions of a dataset, in the words of the field."""

from annotate.dataset.diff.events import Cause, Event, EventKind
from annotate.dataset.diff.versions import Diff

__all__ = ["Cause", "Diff", "Event", "EventKind"]
