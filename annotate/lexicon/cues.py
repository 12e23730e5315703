"""Reporting words: which frames each form can stand in, and what kind of report it signals.

The frames of `cues.tsv`:

    quote    bare root after quoted words or between commas: "...," kata Budi; Harga, ujar dia, naik
    say      active verb, source before, clause after: Budi mengatakan, harga naik
    root     bare root that is also another word, a cue only after quoted words or a comma: "...," tegas Budi
    bare     verb without its prefix: in headlines (Polisi Sebut Jalan Licin) and after a pronoun (yang ia sebut licin)
    clause   a `say` verb that has no other object than a clause: Budi berkata harga naik
    weak     a `say` verb that reports only with `bahwa`, quoted words or a clause right after it
    name     object and predicate: Budi menyebut lawannya curang
    control  object and action: Budi meminta warga tenang
    passive  agent after it: Dikatakan Budi, harga naik
    hearsay  agentless passive, the clause around it: Harga dikabarkan naik
    adverb   hearsay adverb: Konon harga naik
    source   preposition or formula that names the source: menurut Budi
    noun     nominal cue before `bahwa` or quoted words: pernyataan Budi bahwa harga naik
"""

from functools import cache
from typing import Final

from annotate.datamodel import CUE_KINDS, CueKind
from annotate.errors import InputError
from annotate.lexicon.tables import load_table

FRAMES: Final = (
    "quote",
    "root",
    "clause",
    "bare",
    "say",
    "weak",
    "name",
    "control",
    "passive",
    "hearsay",
    "adverb",
    "source",
    "noun",
    "told",
)
_TAKES_CLITIC: Final = frozenset(
    ("quote", "root", "clause", "say", "weak", "name", "control", "passive", "hearsay", "noun")
)


class CueEntry:
    """A form: its frames, each with the kind of report it signals there, and whether it ends in the clitic `-nya`."""

    __slots__ = ("clitic", "frames")

    def __init__(self, frames: dict[str, CueKind], *, clitic: bool) -> None:
        self.frames = frames
        self.clitic = clitic


def cue_entries() -> dict[str, CueEntry]:
    """All forms of `cues.tsv`, lower case, with doubled nouns and what the clitic `-nya` makes: `menurutnya`.

    Raises `InputError` where a row names an unknown frame or kind.
    """
    if not _entries:  # a plain function, since it is asked all the time: `cache` costs a hundred times as much
        _entries.update(_read_entries())
    return _entries


_entries: Final[dict[str, CueEntry]] = {}


def _read_entries() -> dict[str, CueEntry]:
    entries: dict[str, CueEntry] = {}
    for row in load_table("cues"):
        word, frame, kind = row["word"], row["frame"], row["kind"]
        if frame not in FRAMES or kind not in CUE_KINDS:
            raise InputError(
                f"unknown frame or kind: {frame}, {kind}",
                place=f'cues.tsv, "{word}"',
                remedy=f"frames are {', '.join(FRAMES)}; kinds are {', '.join(CUE_KINDS)}",
            )
        clitic = frame == "source" and word.endswith("nya")  # baginya
        entries.setdefault(word, CueEntry({}, clitic=clitic)).frames[frame] = kind
    for word, entry in list(entries.items()):
        if "noun" in entry.frames and "-" not in word:  # laporan-laporan bahwa ...
            entries[f"{word}-{word}"] = CueEntry({"noun": entry.frames["noun"]}, clitic=False)
        kept = {frame: kind for frame, kind in entry.frames.items() if frame in _TAKES_CLITIC}
        if word == "menurut":
            kept = dict(entry.frames)
        if kept:
            own = entries[word + "nya"].frames if word + "nya" in entries else {}
            entries[word + "nya"] = CueEntry(kept | own, clitic=True)
    return entries


def cues_in(*frames: str) -> frozenset[str]:
    """All forms that can stand in one of the frames."""
    return frozenset(word for word, entry in cue_entries().items() if not entry.frames.keys().isdisjoint(frames))


def cues_of(*kinds: str) -> frozenset[str]:
    """All forms that can signal one of the kinds of report."""
    return frozenset(word for word, entry in cue_entries().items() if not set(kinds).isdisjoint(entry.frames.values()))


def clitic_cues() -> frozenset[str]:
    """All forms that end in the clitic `-nya`."""
    return frozenset(word for word, entry in cue_entries().items() if entry.clitic)


@cache
def cue_kind(words: str) -> CueKind | None:
    """The kind of a cue as printed (`Katanya`, `dikutip dari`); None for a word that is not in the lexicon."""
    entries = cue_entries()
    low = words.lower().split()
    for form in (" ".join(low), *low):
        for bare in (form, form.removesuffix("lah"), form.removesuffix("nya")):
            if bare in entries:
                return next(iter(entries[bare].frames.values()))
    return None
