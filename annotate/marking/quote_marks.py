"""What a quotation mark is where it stands, and what is quoted where one was lost.

A mark's direction is judged by the white space around it first, by its form second, and by what is open third:
newspapers set `”` at both ends, close `“` with `'`, glue words to marks, and lose marks.
"""

from annotate.lexicon import Flag, cue_entries, word_set
from annotate.marking.chunks import DOUBLE, LOST
from annotate.marking.tokens import Tokens, between

_OPENING = frozenset(
    ("“", "„", "«", "‘", "‚", "``", "‹", "‘‘", "‘’", "〝", "❝", "&ldquo;", "&lsquo;", "&#8220;", "&#8216;")
)
_CLOSING = frozenset(("”", "»", "’", "›", "’’", "〞", "❞", "&rdquo;", "&rsquo;", "&#8221;", "&#8217;"))
_LEADS = frozenset("([{—–-/:“„«‘\"'=>")
_TRAILS = frozenset(".,;:!?)]}…—”»’\"'")
_ENDS = frozenset(",.!?…")
_STOPS = frozenset(".?!…")
_FIRST = word_set("first") | word_set("spoken")
_OTHERS = frozenset(("quote", "source"))
_TELLING = frozenset(("say", "clause", "weak", "name", "control", "hearsay"))
_THIRD = word_set("third")
_MAX_RUN = 6
_FAR = 1000  # tokens back in which the beginning of quoted words is looked for
_ENDS_LOST = frozenset(",.!")
OPEN = 1
CLOSE = 2
EITHER = 3
NEITHER = 0


def read_marks(tokens: Tokens, a: int, b: int) -> list[tuple[int, int, bool]]:
    """Marks of a line: token, what its surroundings make of it, whether it is a single one."""
    flags, low = tokens.flags, tokens.low
    found: list[tuple[int, int, bool]] = []
    lost = False
    for index in between(tokens.marks, a, b):
        if flags[index] & Flag.QUOTE and low[index][0] != LOST:
            double = low[index] in DOUBLE
            direction = _direction(tokens, index, a, b)
            if not double and direction != NEITHER and _is_apostrophe(tokens, index, direction, b):
                continue
            if double and direction == CLOSE and not lost and not found and is_measure(tokens, index):
                continue
            found.append((index, direction, not double))
        else:
            # `?` or U+FFFD in the place of a lost mark: ?Kami siap,? kata Budi
            before, after = index > a and tokens.glued(index), index + 1 < b and tokens.glued(index + 1)
            if before and after and lost and low[index + 1] == "?":
                continue  # a question, and its lost closing mark: ?Siapa?? tanya Budi
            if not before and after:
                found.append((index, OPEN, False))
                lost = True
            elif lost and not before and low[index - 1] in _ENDS_LOST and cue_follows(tokens, index + 1, b):
                found.append((index, CLOSE, False))  # ?Kami siap, ? kata Budi
                lost = False
            elif before and (low[index - 1] in _ENDS_LOST or (lost and _sentence_goes_on(tokens, index + 1, b))):
                found.append((index, CLOSE, False))
                lost = False
    return found


def _sentence_goes_on(tokens: Tokens, index: int, b: int) -> bool:
    """Whether what follows a `?` shows that no question ended there: small letters, a comma, a full stop."""
    return index < b and (tokens.words[index][:1].islower() or bool(tokens.flags[index] & (Flag.COMMA | Flag.TERMINAL)))


def _direction(tokens: Tokens, index: int, a: int, b: int) -> int:
    """OPEN, CLOSE, or EITHER where white space does not tell."""
    left = index > a and tokens.glued(index)
    right = index + 1 < b and tokens.glued(index + 1)
    if right and not left:
        return CLOSE if index > a and tokens.low[index + 1] == "," else OPEN  # ... kami datang ", kata Budi
    if left and not right:
        return CLOSE
    form = tokens.low[index]
    if left and right:
        before, after = tokens.text[tokens.start(index) - 1], tokens.text[tokens.end(index)]
        if (before in _STOPS or before == ",") and (after.isupper() or after in "(["):
            return EITHER  # a sentence glued to the next: siang."Kami datang / datang."Siang itu
        if before in _ENDS:
            return CLOSE
        if before in _LEADS:
            return OPEN if after not in _TRAILS else EITHER
        if after in _TRAILS:
            return CLOSE
    if not left and tokens.low[index - 1] in _ENDS_LOST and cue_follows(tokens, index + 1, b):
        return CLOSE  # ... kami datang, " kata Budi
    if form in _OPENING:
        return OPEN
    if form in _CLOSING and (left or right):
        return CLOSE
    return EITHER


def is_measure(tokens: Tokens, index: int) -> bool:
    """Inches: 19", 5'10"."""
    return tokens.words[index] in ('"', "″", "''") and index > 0 and tokens.words[index - 1][-1:].isdigit()


def _is_apostrophe(tokens: Tokens, index: int, direction: int, b: int) -> bool:
    """A single mark that opens nothing: '90-an, or closes nothing: para pemain'."""
    if direction == OPEN:
        return index + 1 < b and tokens.words[index + 1][:1].isdigit() and not tokens.words[index + 1].isdigit()
    return False


def opens_line(tokens: Tokens, index: int, a: int, b: int) -> bool:
    """Whether a single mark at the start of a whole sentence's line opens a quotation that runs over lines."""
    leads = index == a or tokens.flags[index - 1] & Flag.COLON
    ends = tokens.flags[b - 1] & (Flag.TERMINAL | Flag.QUOTE)
    return bool(leads and ends) and b - index > 4 and tokens.capital(index + 1)


def cue_follows(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a bare reporting root (kata, ujar, katanya) stands at `index`, perhaps after a comma."""
    if index < b and tokens.flags[index] & Flag.COMMA:
        index += 1
    return index < b and _is_root(tokens, index, b)


def _is_root(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a bare reporting root stands at `index`; one that is also another word, only before a name or as -nya."""
    if not tokens.flags[index] & Flag.CUE:
        return False
    entry = cue_entries()[tokens.low[index]]
    if "quote" in entry.frames:
        return True
    named = index + 1 < b and (tokens.capital(index + 1) or tokens.flags[index + 1] & Flag.PRONOUN)
    return "root" in entry.frames and bool(entry.clitic or named)


def closes_before_cue(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a mark that is glued to the wrong word closes: "Kami siap, "kata Budi."""
    return tokens.words[index - 1][-1:] in _ENDS and not tokens.capital(index + 1) and cue_follows(tokens, index + 1, b)


def told_inside(tokens: Tokens, a: int, b: int) -> bool:
    """Whether a cue with its source stands in what seems quoted (..., ucap Myra. ...): the closing mark was lost."""
    entries = cue_entries()
    flags = tokens.flags
    for i in between(tokens.cues, max(a, b - _FAR) + 2, b - 2):
        if "quote" in entries[tokens.low[i]].frames and flags[i - 1] & Flag.COMMA and tokens.capital(i + 1):
            return any(flags[m] & Flag.TERMINAL for m in range(i + 2, min(i + 8, b)))
    return False


def is_orphan(tokens: Tokens, a: int, index: int, b: int) -> bool:
    """Whether a closing mark without an opening one ends quoted words, and is not just a stray mark in a report."""
    if cue_follows(tokens, index + 1, b):
        return True
    entries = cue_entries()
    start = orphan_start(tokens, a, index)
    return not any(
        tokens.flags[i] & Flag.CUE and entries[tokens.low[i]].frames.keys() & {"say", "clause", "name"}
        for i in range(start, index)
    )


def orphan_start(tokens: Tokens, a: int, index: int) -> int:
    """Where a quotation begins whose opening mark was lost: at the start of the sentence, or after a lead-in."""
    a = max(a, index - _FAR)
    stops = [
        i
        for i in between(tokens.stops, a, index - 1)
        if i + 1 < index and tokens.capital(i + 1) and not tokens.glued(i + 1)
    ]
    small = next((i for i in reversed(between(tokens.stops, a, index - 2)) if _begins_small(tokens, i)), -1)
    if small > (stops[-1] if stops else a):
        return small + 1  # Sumur itu kering. kami sudah periksa," kata Budi: quoted words begin so, no sentence does
    if len(stops) <= _MAX_RUN - 2 and cue_follows(tokens, index + 1, tokens.size) and _unattributed(tokens, a, index):
        return a
    start = stops.pop() + 1 if stops else a
    # The run goes back over sentences in the first person: they are the speaker's words, too.
    for _ in range(_MAX_RUN):
        earlier = stops.pop() + 1 if stops else a
        if earlier >= start or not first_person(tokens, earlier, start):
            break
        start = earlier
    return _after_verb(tokens, start, index)


def _begins_small(tokens: Tokens, stop: int) -> bool:
    """Whether a small letter follows a full stop and its space."""
    before, after = tokens.words[stop - 1], tokens.words[stop + 1]
    ends = tokens.low[stop] == "." and not tokens.glued(stop + 1) and len(before) > 4 and before.islower()
    return ends and after[:1].islower()


def _unattributed(tokens: Tokens, a: int, b: int) -> bool:
    """Whether nobody else is said to have said anything there, and no dateline opens it: it was quoted whole."""
    dateline = any(tokens.flags[i] & Flag.DASH for i in range(a, min(a + 10, b)))
    if not tokens.capital(a) or dateline or told_in(tokens, a, b, _OTHERS):
        return False
    entries = cue_entries()
    return not any(
        entries[tokens.low[i]].frames.keys() & _TELLING and (tokens.capital(i - 1) or tokens.low[i - 1] in _THIRD)
        for i in between(tokens.cues, a + 1, b)
    )


def told_in(tokens: Tokens, a: int, b: int, frames: frozenset[str] = frozenset(("quote",))) -> bool:
    """Whether a word that reports in one of these frames stands in the tokens."""
    entries = cue_entries()
    return any(entries[tokens.low[i]].frames.keys() & frames for i in between(tokens.cues, a, b))


def _after_verb(tokens: Tokens, start: int, index: int) -> int:
    """Past the reporting verb that leads the quoted words in (Lalu ia menjawab | kami pulang."), or `start`."""
    entries = cue_entries()
    for i in between(tokens.cues, start, index - 2):
        frames = entries[tokens.low[i]].frames
        if "weak" in frames and frames["weak"] == "statement" and tokens.low[i].startswith("me"):
            after = i + 1
            while after < index - 2 and tokens.flags[after] & (Flag.COMMA | Flag.COLON):
                after += 1
            return after
    return start


def first_person(tokens: Tokens, a: int, b: int) -> bool:
    """Whether the tokens hold a first person and no bare reporting root."""
    low = tokens.low
    entries = cue_entries()
    if any("quote" in entries[low[i]].frames for i in between(tokens.cues, a, b)):
        return False
    return any(word in _FIRST for word in low[a:b])


def lost_end(tokens: Tokens, start: int, limit: int) -> int:
    """Where a quotation ends whose closing mark was lost: before the cue that follows it, or with the sentence."""
    flags = tokens.flags
    for i in range(start + 2, limit - 1):
        if flags[i - 1] & (Flag.COMMA | Flag.TERMINAL) and not tokens.capital(i) and _is_root(tokens, i, limit):
            return i - 1 if flags[i - 1] & Flag.COMMA else i
    end = limit
    while end > start + 1 and flags[end - 1] & Flag.COMMA:
        end -= 1
    return end
