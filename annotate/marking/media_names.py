"""Names of media that no table holds, known by how they are written: `detikFinance`, `LA Times`, `karang.com`."""

from typing import Final

from annotate.lexicon import word_set
from annotate.marking import wordlists as lists
from annotate.marking.wordlists import PLACE

_OUTLETS: Final = tuple(sorted(word_set("outlets")))
_PAPERS: Final = frozenset(word.title() for word in word_set("papers"))


def is_edition(word: str) -> bool:
    """`detikFinance`, `TribunWow`, `KompasTekno`: a part of a medium, written as one word with it."""
    return word.lower().startswith(_OUTLETS) and any(c.isupper() for c in word[1:]) and not word.isupper()


def is_medium(name: str) -> bool:
    """Whether a name surely is a medium's."""
    address = " " not in name and name.lower().endswith((".com", ".id", ".co", ".au", ".net", ".org"))
    first, _, rest = name.partition(" ")
    if rest and name.rpartition(" ")[2] in _PAPERS and all(word[0].isupper() for word in name.split()):
        return True  # `LA Times`
    local = first in lists.MEDIA_NAMES and bool(rest) and bool(lists.flags(rest) & PLACE)  # `ABC Australia`
    return address or local or name in lists.MEDIA_NAMES
