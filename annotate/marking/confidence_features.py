"""What the confidence of a mark depends on: the rule that made it, and how usual its cue, source and content look.

Every feature is a name that holds or does not. The names are made once, when this module is read, or kept from the
first time that a word or a rule is met: a mark costs a few list and table look-ups.
"""

from typing import Final

from annotate.lexicon import Flag, cue_entries
from annotate.marking.found import Found
from annotate.marking.tokens import Tokens, holds

_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION | Flag.ADJECTIVE
# What the token before or after a part is, the first class that fits; a quotation mark or a full stop is an edge, a
# preposition or a name is none.
_CLASSES: Final = (
    (Flag.NEWLINE, "line"), (Flag.TERMINAL, "full stop"), (Flag.COMMA, "comma"), (Flag.QUOTE, "quotation mark"),
    (Flag.CUE, "cue"), (Flag.COMP, "bahwa"), (Flag.YANG, "yang"), (Flag.COLON, "colon"),
    (Flag.CONNECTIVE | Flag.COORDINATOR | Flag.SUBORDINATOR, "conjunction"), (Flag.PREPOSITION, "preposition"),
    (Flag.TIME | Flag.NUMBER, "time"), (Flag.OPEN, "bracket"), (Flag.CLOSE, "bracket"), (Flag.VERB, "verb"),
)  # fmt: skip


class _Names(dict[int, str]):
    """The name of a feature by a number; numbers beyond the last edge share a name."""

    def __init__(self, stem: str, edges: tuple[int, ...]) -> None:
        super().__init__()
        self.stem = stem
        self.edges = edges

    def __missing__(self, number: int) -> str:
        edge = next((edge for edge in self.edges if number <= edge), None)
        name = f"{self.stem} over {self.edges[-1]}" if edge is None else f"{self.stem} to {edge}"
        if len(self) < _MANY:
            self[number] = name
        return name


class _Beside(dict[int, str]):
    """The name of a feature by the flags of the token beside a part."""

    def __init__(self, stem: str) -> None:
        super().__init__()
        self.stem = stem

    def __missing__(self, flags: int) -> str:
        self[flags] = f"{self.stem} {next((name for flag, name in _CLASSES if flags & flag), 'other')}"
        return self[flags]


class _Rules(dict[str, tuple[str, ...]]):
    """The features of a rule: its name, and the frame that it is named after."""

    def __missing__(self, rule: str) -> tuple[str, ...]:
        self[rule] = (f"rule {rule}", f"frame {rule.partition('-')[0]}")
        return self[rule]


class _Cues(dict[str, tuple[str, ...]]):
    """The features of a cue word: its form, the kind of report, the frames that it can stand in."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        entry = cue_entries().get(word)
        prefix = next((prefix for prefix in ("me", "di", "ber", "ter") if word.startswith(prefix)), "root")
        form = "-nya" if word.endswith("nya") else prefix
        names: tuple[str, ...] = (f"form {form}",)
        if entry is not None:
            names += (f"kind {next(iter(entry.frames.values()))}", f"frames {' '.join(sorted(entry.frames))}")
        if len(self) < _MANY:
            self[word] = names
        return names


_MANY: Final = 10_000
_USUAL: Final = Flag.CUE | Flag.NEWLINE | Flag.TERMINAL | Flag.COMMA  # what follows a quotation
_ENOUGH: Final = 60  # tokens of a content that are looked at
_RULES: Final = _Rules()
_CUES: Final = _Cues()
_LENGTH: Final = {label: _Names(f"{label} tokens", (2, 4, 8, 15, 30, 45)) for label in ("direct", "mixed", "indirect")}
_LABEL: Final = {label: f"label {label}" for label in _LENGTH}
_SOURCE: Final = _Names("source tokens", (1, 2, 4, 8, 14))
_GAP_BEFORE: Final = _Names("tokens from cue to content", (0, 1, 2, 4, 8))
_GAP_AFTER: Final = _Names("tokens from content to cue", (0, 1, 3))
_TO_CUE: Final = _Names("tokens from source to cue", (0, 1, 2, 5, 12))
_FROM_CUE: Final = _Names("tokens from cue to source", (0, 1, 3))
_CONTENT_THEN: Final = _Beside("content then")
_BEFORE_SOURCE: Final = _Beside("before source")
_SOURCE_THEN: Final = _Beside("source then")


def features(t: Tokens, one: Found, *, nested: bool) -> list[str]:
    """The features of an attribution that hold; `nested`: it lies in another content."""
    held = ["bias", _LABEL[one.label], *_RULES[one.rule], _LENGTH[one.label][one.b - one.a]]
    if nested:
        held.append("nested")
    flags = t.flags
    if one.label == "direct":
        _quoted(t, one, held)
    else:
        held.append(_CONTENT_THEN[flags[one.b]])
        end = min(one.b, one.a + _ENOUGH)
        if not holds(flags, one.a, end, _PREDICATE):
            held.append("no predicate")
        if "," not in t.low[one.a : end]:
            held.append("no comma")
    if one.cues:
        _cue(t, one, held)
    else:
        held.append("no cue")
    if one.sources:
        _source(t, one, held)
    else:
        held.append("no source")
    return held


def _quoted(t: Tokens, one: Found, held: list[str]) -> None:
    """Marks that were lost, and a quotation that nothing usual follows."""
    quote = one.quote
    if quote is not None:
        if not quote.opened:
            held.append("no opening mark")
        if not quote.closed:
            held.append("no closing mark")
    if not t.flags[one.b] & _USUAL:
        held.append("quotation, then telling")
    if t.words[one.a + 1][:1].islower():
        held.append("quotation, lower case")


def _cue(t: Tokens, one: Found, held: list[str]) -> None:
    """The cue word, and where it stands."""
    a, b = one.cues[0]
    held.extend(_CUES[t.low[a]])
    if one.a <= a < one.b:
        held.append("cue inside")
    elif a < one.a:
        held.append(_GAP_BEFORE[one.a - b])
    else:
        held.append(_GAP_AFTER[a - one.b])
    if len(one.cues) > 1:
        held.append("two cues")


def _source(t: Tokens, one: Found, held: list[str]) -> None:
    """What sort of words the source is of, and where it stands."""
    a, b = one.sources[0]
    flags = t.flags
    held.append(_SOURCE[b - a])
    if b - a == 1 and flags[a] & Flag.PRONOUN:
        held.append("pronoun")
    elif t.words[b - 1][:1].isupper():
        held.append("named")
    else:
        held.append("role" if flags[a] & Flag.ROLE else "common noun")
    held.append(_BEFORE_SOURCE[flags[a - 1] if a else Flag.NEWLINE])
    if one.cues:
        first, last = one.cues[0]
        if b <= first:
            held.append(_TO_CUE[first - b])
        elif a >= last:
            held.append(_FROM_CUE[a - last])
            held.append(_SOURCE_THEN[flags[b]])
    inside = 0
    for f in flags[a : min(b, a + _ENOUGH)]:
        inside |= f
    if inside & Flag.VERB:
        held.append("verb in source")
    if inside & Flag.NUMBER:
        held.append("number in source")
