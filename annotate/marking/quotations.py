"""Finds quoted stretches by pairing their marks, line by line, so that an odd mark cannot spoil the next paragraph."""

from annotate.marking.quote_marks import (
    CLOSE,
    EITHER,
    OPEN,
    closes_before_cue,
    cue_follows,
    is_measure,
    is_orphan,
    lost_end,
    opens_line,
    orphan_start,
    read_marks,
    told_inside,
)
from annotate.marking.quotes import Quote
from annotate.marking.tokens import Tokens

_ENDS = frozenset(",.!?…")
_MAX_LINES = 12


def find_quotations(tokens: Tokens, lines: list[tuple[int, int]]) -> list[Quote]:
    """The outermost quoted stretches in text order, each with those inside it; `lines` are token ranges."""
    quotes: list[Quote] = []
    pending: Quote | None = None  # opened on an earlier line, and still open
    pending_lines = 0
    for a, b in lines:
        marks = read_marks(tokens, a, b)
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
                end = lost_end(tokens, quote.a, b)
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
        marks = read_marks(tokens, a, b)
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


def _pair(tokens: Tokens, a: int, b: int, marks: list[tuple[int, int, bool]]) -> list[Quote]:
    """Pairs the marks of one line."""
    found: list[Quote] = []
    outer: Quote | None = None
    depth = 0  # further double marks opened inside the outer ones
    inner: Quote | None = None
    for position, (index, direction, single) in enumerate(marks):
        if outer is None:
            outer, depth, inner = _begin(tokens, a, b, marks, position, found), 0, None
            continue
        if single and not outer.single:
            inner, closed = _inner_mark(tokens, outer, inner, index, direction, b, marks, position)
            if closed:
                outer.b, outer.closed = index + 1, True
                found.append(outer)
                outer = None
            continue
        if direction == EITHER:
            direction = OPEN if told_inside(tokens, outer.a, index) else CLOSE
        elif direction == OPEN and closes_before_cue(tokens, index, b):
            direction = CLOSE
        if direction == OPEN:
            if _nested(marks, position, single):
                depth += 1
                inner = Quote(index, index + 1, single=single)
            elif single == outer.single:
                outer.b = lost_end(tokens, outer.a, index)
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
        elif is_measure(tokens, index) and position + 1 < len(marks) and marks[position + 1][1] == CLOSE:
            if index + 1 >= b or cue_follows(tokens, index + 1, b):
                outer.b, outer.closed = index + 1, True
                found.append(outer)
                outer = None
        else:
            outer.b, outer.closed = index + 1, True
            found.append(outer)
            outer = None
    if outer is not None and (not outer.single or opens_line(tokens, outer.a, a, b)):
        found.append(outer)
    return found


def _begin(
    tokens: Tokens, a: int, b: int, marks: list[tuple[int, int, bool]], position: int, found: list[Quote]
) -> Quote | None:
    """The quotation that a mark opens where none is open; one that lost its opening mark is added to `found`."""
    index, direction, single = marks[position]
    if direction in (OPEN, EITHER):
        closes = not single or _single_closes(marks, position) or _double_closes(tokens, marks, position)
        if closes or opens_line(tokens, index, a, b):
            return Quote(index, b, closed=False, single=single)
    elif not single and is_orphan(tokens, found[-1].b if found else a, index, b):
        start = orphan_start(tokens, found[-1].b if found else a, index)
        found.append(Quote(start, index + 1, opened=False))
    return None


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
    if (not later and direction == CLOSE) or (direction != OPEN and cue_follows(tokens, index + 1, b)):
        before = tokens.text[tokens.start(index) - 1]
        if before in _ENDS or cue_follows(tokens, index + 1, b) or index + 1 >= b:
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


def _double_closes(tokens: Tokens, marks: list[tuple[int, int, bool]], position: int) -> bool:
    """Whether a double mark closes what a single one opened after a comma or a colon: ia menjawab, 'Kami siap," """
    if position + 1 >= len(marks) or tokens.words[marks[position][0] - 1][-1:] not in (",", ":"):
        return False
    _, direction, single = marks[position + 1]
    return not single and direction == CLOSE


def _nested(marks: list[tuple[int, int, bool]], position: int, single: bool) -> bool:
    """Whether an opening mark inside an open quotation of its kind opens a nested one: two closing marks follow."""
    following = [direction for _, direction, kind in marks[position + 1 : position + 6] if kind == single][:2]
    return following == [CLOSE, CLOSE]
