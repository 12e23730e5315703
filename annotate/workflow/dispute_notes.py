"""What annotators do not agree on, told to an adjudicator in Indonesian."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from annotate.datamodel import Attribution, Region

if TYPE_CHECKING:
    from annotate.reconcile import DisputedDocument
    from annotate.reconcile.adjudicate import Dispute

_TYPES: Final = {"direct": "langsung", "mixed": "campuran", "indirect": "tak langsung"}
_SHOWN: Final = 60  # characters of a content


def note(dispute: "Dispute", document: "DisputedDocument") -> str:
    """Each annotator's reading of what is disputed: `ani: sumber “Putin”, pembicara Putin; budi: tidak ditandai`."""
    text = document.document.text
    told = [
        f"{name}: {_reading(dispute.held[name], dispute.fields, text) if name in dispute.held else 'tidak ditandai'}"
        for name in sorted(document.readings)
    ]
    return f"belum sepakat · {'; '.join(told)}"


def _reading(what: Attribution, fields: Sequence[str], text: str) -> str:
    """The fields that are disputed, as one annotator has them."""
    told = {
        "type": f"jenis {_TYPES.get(what.content.label, what.content.label)}",
        "boundaries": f"isi “{_cut(what.content.words(text))}”",
        "source": f"sumber {_words(what.sources, text)}",
        "cue": f"pemarkah {_words(what.cues, text)}",
        "speaker": f"pembicara {what.speaker or '–'}",
    }
    return ", ".join(told[field] for field in fields if field in told) or "ditandai"


def _words(regions: Sequence[Region], text: str) -> str:
    return " dan ".join(f"“{_cut(region.words(text))}”" for region in regions) or "–"


def _cut(words: str) -> str:
    """Both ends of what is long: it is by its edges that readings differ."""
    flat = " ".join(words.split())
    if len(flat) <= _SHOWN:
        return flat
    return f"{flat[: _SHOWN // 2].rpartition(' ')[0]} … {flat[-_SHOWN // 2 :].partition(' ')[2]}"
