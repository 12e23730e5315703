"""Finds quoted stretches: which marks open, which close, and what a lost or odd mark leaves of a quotation.

Works on one line at a time, so that an odd mark cannot spoil the next paragraph. A mark's direction is judged by the
white space around it first, by its form second, and by what is open third: newspapers set `”` at both ends, close
`“` with `'`, and glue words to marks.
"""

from annotate.lexicon import Flag, cue_entries, word_set
from annotate.marking.tokens import DOUBLE, Tokens, between

_OPENING = frozenset(("“", "„", "«", "‘", "‚", "``", "‹", "‘‘", "〝", "❝", "&ldquo;", "&lsquo;", "&#8220;", "&#8216;"))
_CLOSING = frozenset(("”", "»", "’", "›", "’’", "〞", "❞", "&rdquo;", "&rsquo;", "&#8221;", "&#8217;"))
_LEADS = frozenset("([{—–-/:“„«‘\"'=>")
_TRAILS = frozenset(".,;:!?)]}…—”»’\"'")
_ENDS = frozenset(",.!?…")
_STOPS = frozenset(".?!…")
_FIRST = word_set("first") | word_set("spoken")
_MAX_RUN = 6
_ENDS_LOST = frozenset(",.!")
_MAX_LINES = 12
OPEN, CLOSE, EITHER, NEITHER = 1, 2, 3, 0


class Quote:
    """A quoted stretch, tokens `a` to `b` (exclusive), marks included. `group` joins the lines of one quotation."""

    __slots__ = ("a", "b", "closed", "group", "inner", "opened", "single")

    def __init__(self, a: int, b: int, *, opened: bool = True, closed: bool = True, single: bool = False) -> None:
        self.a = a
        self.b = b
        self.opened = opened
        self.closed = closed
        self.single = single
        self.group = a
        self.inner: list[Quote] = []

    def __repr__(self) -> str:
        return f"Quote({self.a}, {self.b}, opened={self.opened}, closed={self.closed}, group={self.group})"


def find_quotations(tokens: Tokens, lines: list[tuple[int, int]]) -> list[Quote]:
    """The outermost quoted stretches in text order, each with those inside it; `lines` are token ranges."""
    quotes: list[Quote] = []
    pending: Quote | None = None  # opened on an earlier line, and still open
    pending_lines = 0
    for a, b in lines:
        marks = _marks(tokens, a, b)
        if pending is not None:
            closes = bool(marks) and marks[0][1] == CLOSE
            if (closes or not marks) and pending_lines < _MAX_LINES and _closes_soon(tokens, lines, a):
                stretch = Quote(a, marks[0][0] + 1 if closes else b, opened=False, closed=closes)
                stretch.group = pending.group
                quotes.append(stretch)
                pending_lines += 1
                if not closes:
                    continue
                marks = marks[1:]
            pending = None
        if not marks:
            continue
        found = _pair(tokens, a, b, marks)
        for quote in found:
            if not quote.closed and quote.b == b and quote.opened:
                end = _lost_end(tokens, quote.a, b)
                if end < b - 1:
                    quote.b = end
                elif _closes_soon(tokens, lines, b + 1):
                    pending, pending_lines = quote, 0
                else:
                    quote.b = end
        quotes.extend(quote for quote in found if quote.b - quote.a > 1)
    return quotes


def _closes_soon(tokens: Tokens, lines: list[tuple[int, int]], start: int) -> bool:
    """Whether, from the line that begins at `start`, a closing mark comes before any opening one."""
    index = _line_at(lines, start)
    for a, b in lines[index : index + _MAX_LINES]:
        marks = _marks(tokens, a, b)
        if marks:
            return marks[0][1] == CLOSE
    return False


def _line_at(lines: list[tuple[int, int]], start: int) -> int:
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if lines[middle][0] < start:
            low = middle + 1
        else:
            high = middle
    return low


def _marks(tokens: Tokens, a: int, b: int) -> list[tuple[int, int, bool]]:
    """Marks of a line: token, what its surroundings make of it, whether it is a single one."""
    flags, low = tokens.flags, tokens.low
    found: list[tuple[int, int, bool]] = []
    lost = False
    for index in between(tokens.marks, a, b):
        if flags[index] & Flag.QUOTE:
            double = low[index] in DOUBLE
            direction = _direction(tokens, index, a, b)
            if not double and direction != NEITHER and _is_apostrophe(tokens, index, direction, a, b):
                continue
            if double and direction == CLOSE and not lost and not found and _is_measure(tokens, index):
                continue
            found.append((index, direction, not double))
        else:
            # `?` in the place of a lost mark: ?Kami siap,? kata Budi
            before, after = index > a and tokens.glued(index), index + 1 < b and tokens.glued(index + 1)
            if not before and after:
                found.append((index, OPEN, False))
                lost = True
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
        return OPEN
    if left and not right:
        return CLOSE
    form = tokens.low[index]
    if left and right:
        before, after = tokens.text[tokens.starts[index] - 1], tokens.text[tokens.end(index)]
        if before in _STOPS and after.isupper():
            return EITHER  # a sentence glued to the next: siang."Kami datang / datang."Siang itu
        if before in _ENDS:
            return CLOSE
        if before in _LEADS:
            return OPEN if after not in _TRAILS else EITHER
        if after in _TRAILS:
            return CLOSE
    if form in _OPENING:
        return OPEN
    if form in _CLOSING and (left or right):
        return CLOSE
    return EITHER


def _is_measure(tokens: Tokens, index: int) -> bool:
    """Inches: 19", 5'10"."""
    return tokens.words[index] in ('"', "″", "''") and index > 0 and tokens.words[index - 1][-1:].isdigit()


def _is_apostrophe(tokens: Tokens, index: int, direction: int, a: int, b: int) -> bool:
    """A single mark that opens nothing: '90-an, or closes nothing: para pemain'."""
    if direction == OPEN:
        return index + 1 < b and tokens.words[index + 1][:1].isdigit() and not tokens.words[index + 1].isdigit()
    return False


def _pair(tokens: Tokens, a: int, b: int, marks: list[tuple[int, int, bool]]) -> list[Quote]:
    """Pairs the marks of one line."""
    found: list[Quote] = []
    outer: Quote | None = None
    depth = 0  # further double marks opened inside the outer ones
    inner: Quote | None = None
    for position, (index, direction, single) in enumerate(marks):
        if outer is None:
            if direction == EITHER:
                direction = OPEN
            if direction == OPEN:
                if single and not _single_closes(marks, position) and not _opens_line(tokens, index, a, b):
                    continue
                outer, depth, inner = Quote(index, b, closed=False, single=single), 0, None
            elif not single and _is_orphan(tokens, found[-1].b if found else a, index, b):
                start = _orphan_start(tokens, found[-1].b if found else a, index)
                found.append(Quote(start, index + 1, opened=False))
            continue
        if single and not outer.single:
            inner, closed = _inner_mark(tokens, outer, inner, index, direction, b, marks, position)
            if closed:
                outer.b, outer.closed = index + 1, True
                found.append(outer)
                outer = None
            continue
        if direction == EITHER:
            lost = _told_inside(tokens, outer.a, index)
            direction = OPEN if lost else CLOSE
        if direction == OPEN:
            if _nested(marks, position, single):
                depth += 1
                inner = Quote(index, index + 1, single=single)
            elif single == outer.single:
                outer.b = _lost_end(tokens, outer.a, index)
                found.append(outer)
                outer, depth, inner = Quote(index, b, closed=False, single=single), 0, None
            elif inner is None:
                inner = Quote(index, b)
        elif single != outer.single:
            # a double mark that closes inside a single quotation: the inner one's end, or another kind of end
            if inner is not None:
                inner.b = index + 1
                outer.inner.append(inner)
                inner = None
            elif not single:
                outer.b, outer.closed = index + 1, True
                found.append(outer)
                outer = None
        elif depth:
            depth -= 1
            if inner is not None:
                inner.b = index + 1
                outer.inner.append(inner)
                inner = None
        elif _is_measure(tokens, index) and position + 1 < len(marks) and marks[position + 1][1] == CLOSE:
            if index + 1 < b and not _cue_follows(tokens, index + 1, b):
                continue
            outer.b, outer.closed = index + 1, True
            found.append(outer)
            outer = None
        else:
            outer.b, outer.closed = index + 1, True
            found.append(outer)
            outer = None
    if outer is not None and (not outer.single or _opens_line(tokens, outer.a, a, b)):
        found.append(outer)
    return found


def _inner_mark(
    tokens: Tokens,
    outer: Quote,
    inner: Quote | None,
    index: int,
    direction: int,
    b: int,
    marks: list[tuple[int, int, bool]],
    position: int,
) -> tuple[Quote | None, bool]:
    """A single mark inside double ones: the open inner quotation, and whether the mark closes the outer one."""
    if direction == OPEN and _single_closes(marks, position):
        return (inner or Quote(index, index + 1, single=True)), False
    if inner is not None and direction != OPEN:
        inner.b = index + 1
        outer.inner.append(inner)
        return None, False
    later = any(not single and way != OPEN for _, way, single in marks[position + 1 : position + 2])
    if (not later and direction == CLOSE) or (direction != OPEN and _cue_follows(tokens, index + 1, b)):
        before = tokens.text[tokens.starts[index] - 1]
        if before in _ENDS or _cue_follows(tokens, index + 1, b) or index + 1 >= b:
            return inner, True
    if not later and index + 1 >= b and tokens.words[index - 1][-1:] in _ENDS:
        return inner, True
    return inner, False


def _single_closes(marks: list[tuple[int, int, bool]], position: int) -> bool:
    """Whether a single closing mark follows an opening single one before the next opening single one."""
    depth = 0
    for _, direction, single in marks[position + 1 : position + 8]:
        if single and direction == OPEN:
            depth += 1
        elif single and depth == 0:
            return True
        elif single:
            depth -= 1
    return False


def _opens_line(tokens: Tokens, index: int, a: int, b: int) -> bool:
    """Whether a single mark at the start of a whole sentence's line opens a quotation that runs over lines."""
    leads = index == a or tokens.flags[index - 1] & Flag.COLON
    ends = tokens.flags[b - 1] & (Flag.TERMINAL | Flag.QUOTE)
    return bool(leads and ends) and b - index > 4 and tokens.capital(index + 1)


def _nested(marks: list[tuple[int, int, bool]], position: int, single: bool) -> bool:
    """Whether an opening mark inside an open quotation of its kind opens a nested one: two closing marks follow."""
    following = [direction for _, direction, kind in marks[position + 1 : position + 6] if kind == single][:2]
    return following == [CLOSE, CLOSE]


def _cue_follows(tokens: Tokens, index: int, b: int) -> bool:
    """Whether a bare reporting root (kata, ujar, katanya) stands at `index`, perhaps after a comma."""
    if index < b and tokens.flags[index] & Flag.COMMA:
        index += 1
    if index >= b or not tokens.flags[index] & Flag.CUE:
        return False
    return "quote" in cue_entries()[tokens.low[index]].frames


def _told_inside(tokens: Tokens, a: int, b: int) -> bool:
    """Whether a cue with its source stands in what seems quoted (..., ucap Myra. ...): the closing mark was lost."""
    entries = cue_entries()
    flags = tokens.flags
    for i in between(tokens.cues, a + 2, b - 2):
        if "quote" in entries[tokens.low[i]].frames and flags[i - 1] & Flag.COMMA and tokens.capital(i + 1):
            return any(flags[m] & Flag.TERMINAL for m in range(i + 2, min(i + 8, b)))
    return False


def _is_orphan(tokens: Tokens, a: int, index: int, b: int) -> bool:
    """Whether a closing mark without an opening one ends quoted words, and is not just a stray mark in a report."""
    if _cue_follows(tokens, index + 1, b):
        return True
    entries = cue_entries()
    start = _orphan_start(tokens, a, index)
    return not any(
        tokens.flags[i] & Flag.CUE and entries[tokens.low[i]].frames.keys() & {"say", "clause", "name"} for i in range(start, index)
    )


def _orphan_start(tokens: Tokens, a: int, index: int) -> int:
    """Where a quotation begins whose opening mark was lost: at the start of the sentence, or after a lead-in."""
    stops = [
        i
        for i in between(tokens.stops, a, index - 1)
        if i + 1 < index and tokens.capital(i + 1) and not tokens.glued(i + 1)
    ]
    start = stops.pop() + 1 if stops else a
    # The run goes back over sentences in the first person: they are the speaker's words, too.
    for _ in range(_MAX_RUN):
        earlier = stops.pop() + 1 if stops else a
        if earlier >= start or not first_person(tokens, earlier, start):
            break
        start = earlier
    return start


def first_person(tokens: Tokens, a: int, b: int) -> bool:
    """Whether the tokens hold a first person and no bare reporting root."""
    low = tokens.low
    entries = cue_entries()
    if any("quote" in entries[low[i]].frames for i in between(tokens.cues, a, b)):
        return False
    return any(word in _FIRST for word in low[a:b])


def _lost_end(tokens: Tokens, start: int, limit: int) -> int:
    """Where a quotation ends whose closing mark was lost: before the cue that follows it, or with the sentence."""
    flags, low = tokens.flags, tokens.low
    entries = cue_entries()
    for i in range(start + 2, limit - 1):
        if flags[i] & Flag.CUE and "quote" in entries[low[i]].frames and flags[i - 1] & (Flag.COMMA | Flag.TERMINAL):
            return i - 1 if flags[i - 1] & Flag.COMMA else i
    end = limit
    while end > start + 1 and flags[end - 1] & Flag.COMMA:
        end -= 1
    return end
