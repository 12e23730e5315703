"""Who spoke where: what the resolver of speakers remembers of a document."""

from typing import NamedTuple

from annotate.datamodel import Attribution
from annotate.marking.phrases import Phrase


class Turn(NamedTuple):
    """Somebody spoke."""

    at: int
    speaker: str
    kind: str
    phrase: Phrase | None


class Anchored(NamedTuple):
    """An attribution, with the place that tells who speaks and whether that place lies in somebody's quoted words."""

    at: int
    number: int
    attribution: Attribution
    quoted: tuple[int, int] | None


def has_clitic(cue: str) -> bool:
    """Whether the cue's -nya is who speaks (`katanya`, `diakuinya`) and not what is said (`mengatakannya`)."""
    return (cue.endswith("nya") and not cue.startswith(("me", "tanya"))) or cue in ("menurutnya", "tanyanya")
