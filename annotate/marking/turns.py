"""Who spoke where: what the resolver of speakers remembers of a document."""

from collections.abc import Sequence

from annotate.datamodel import Attribution
from annotate.marking.phrases import Phrase


class Turn:
    """Somebody spoke."""

    __slots__ = ("at", "kind", "phrase", "speaker")

    def __init__(self, at: int, speaker: str, kind: str, phrase: Phrase | None) -> None:
        self.at = at
        self.speaker = speaker
        self.kind = kind
        self.phrase = phrase


class Anchored:
    """An attribution, with the place that tells who speaks and whether that place lies in somebody's quoted words."""

    __slots__ = ("at", "attribution", "number", "quoted")

    def __init__(self, at: int, number: int, attribution: Attribution, quoted: tuple[int, int] | None) -> None:
        self.at = at
        self.number = number
        self.attribution = attribution
        self.quoted = quoted


def only_person(turns: Sequence[Turn], headline: int) -> str:
    """The one person who spoke so far; empty where nobody or several did, or one in the headline alone.

    `headline`: the place where that ends.
    """
    people = {turn.speaker for turn in turns if turn.kind == "person"}
    below = any(turn.kind == "person" and turn.at > headline for turn in turns)
    return people.pop() if len(people) == 1 and below else ""


def has_clitic(cue: str) -> bool:
    """Whether the cue's -nya is who speaks (`katanya`, `diakuinya`) and not what is said (`mengatakannya`)."""
    return (cue.endswith("nya") and not cue.startswith(("me", "tanya"))) or cue in ("menurutnya", "tanyanya")
