"""What one person says of one document, and what the pre-marker had proposed for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotate.datamodel import Attribution, Region
from annotate.errors import LabelError


@dataclass(frozen=True, slots=True)
class Reading:
    """One annotation of one document.

    A reading without attributions says "nothing is attributed here"; a `skipped` one says nothing at all. `loose` are
    sources and cues that no content is linked to. `saw_premarks` is False for who labelled without sight of the
    pre-marks: on a tie, that reader's edges count more. `updated_at` is ISO 8601 in UTC.
    """

    annotator: str
    annotation_id: int
    attributions: tuple[Attribution, ...] = ()
    loose: tuple[Region, ...] = ()
    skipped: bool = False
    ground_truth: bool = False
    saw_premarks: bool = True
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Premarks:
    """The pre-marker's proposal for one document. `version` is its model version; region ids are the prediction's."""

    version: str
    attributions: tuple[Attribution, ...] = ()


def current(readings: Iterable[Reading]) -> list[Reading]:
    """The one reading of each annotator that counts, by name of annotator; skipped ones left out.

    Of several by one person a ground truth goes first, then the latest (`updated_at`, then `annotation_id`).
    Raises LabelError for a reading without an annotator: votes are counted by person.
    """
    latest: dict[str, Reading] = {}
    for reading in readings:
        if reading.skipped:
            continue
        if not reading.annotator:
            raise LabelError(
                "a reading has no annotator",
                place=f"annotation {reading.annotation_id}",
                remedy="give it a name, for example one made from the annotation's id",
            )
        held = latest.get(reading.annotator)
        if held is None or _age(held) < _age(reading):
            latest[reading.annotator] = reading
    return [latest[name] for name in sorted(latest)]


def _age(reading: Reading) -> tuple[bool, str, int]:
    return reading.ground_truth, reading.updated_at or "", reading.annotation_id
