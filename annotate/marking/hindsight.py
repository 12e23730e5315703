"""Speakers that only the whole article tells: quotations set above it, offices in its headline."""

from collections.abc import Collection, Sequence
from typing import Final

from annotate.datamodel import Attribution
from annotate.marking.turns import Turn

_TRIMMED: Final = "\"'“”‘’„«» .,!?"
_SAME: Final = 20  # characters that a quotation has at least to be known again


def fill_repeated(text: str, attributions: Sequence[Attribution], found: list[str]) -> None:
    """A quotation set above the article as well has the speaker that the article gives it."""
    if all(found):
        return
    if not any(not name and a.content.label == "direct" for name, a in zip(found, attributions, strict=True)):
        return
    contents = [attribution.content.words(text).strip(_TRIMMED) for attribution in attributions]
    known = {words: name for words, name in zip(contents, found, strict=True) if name}
    for i, words in enumerate(contents):
        if not found[i] and len(words) > _SAME and attributions[i].content.label == "direct":
            found[i] = known.get(words, "")


def name_offices_of_headlines(text: str, unheld: Collection[str], turns: Sequence[Turn], found: list[str]) -> None:
    """`Legislator: Jalan Harus Dibuka` above an article is by the first person who speaks in it.

    `unheld` are offices in the first line that nobody was found for, as they were taken for speakers.
    """
    line = text.find("\n")
    spoken = next((turn for turn in turns if turn.at > line and turn.kind in ("person", "unnamed")), None)
    if spoken and spoken.kind == "person" and (spoken.phrase is None or spoken.phrase.named):
        for i, name in enumerate(found):
            if name in unheld:
                found[i] = spoken.speaker
