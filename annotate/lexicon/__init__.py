"""Words and their behaviour, in tab-separated tables that a linguist can edit; each row of `cues.tsv` has an example.

Adding a reporting verb is one line in `cues.tsv`: the word, its frame, its kind, and a marked example sentence that a
test runs.
"""

from annotate.compiled import compiled_first

__path__ = compiled_first(__name__, __path__)

from annotate.lexicon import flags as Flag
from annotate.lexicon.cues import CueEntry, clitic_cues, cue_entries, cue_kind, cues_in, cues_of
from annotate.lexicon.tables import lexicon_hash, load_table, word_set
from annotate.lexicon.words import word_flags

__all__ = [
    "CueEntry",
    "Flag",
    "clitic_cues",
    "cue_entries",
    "cue_kind",
    "cues_in",
    "cues_of",
    "lexicon_hash",
    "load_table",
    "word_flags",
    "word_set",
]
