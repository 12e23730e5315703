"""Composes the stages: tokens, quotations, sentences, cues and links, speakers, confidence."""

from bisect import bisect_left
from typing import Final

from annotate.datamodel import Attribution, Document, MarkedDocument
from annotate.lexicon import Flag, lexicon_hash
from annotate.marking.found import Found, past_dateline, past_rubric
from annotate.marking.headlines import title_case
from annotate.marking.linking import mark_sentence
from annotate.marking.quotations import find_quotations
from annotate.marking.quote_marks import first_person, told_in
from annotate.marking.quotes import Quote
from annotate.marking.regions import as_attributions
from annotate.marking.sentences import find_lines, find_sentences
from annotate.marking.speakers import resolve_speakers
from annotate.marking.tokens import Tokens, between, first_from, tokenise
from annotate.marking.wrapping import may_be_wrapped, part_quotations, unwrap

MAX_RUN: Final = 8  # sentences whose marks were lost
MAX_HEADLINE: Final = 26  # tokens
_AFTER_CONTENT: Final = frozenset(("quote-final", "root-final"))
PROGRAM_VERSION: Final = "0.1.0"


class Marker:
    """Pre-marks articles. Cheap to make, keeps no state between documents, safe to use in several processes."""

    def __init__(self) -> None:
        self.version = f"atribusi-{PROGRAM_VERSION}+{lexicon_hash()}"

    def mark(self, document: Document) -> MarkedDocument:
        """The document with its attributions in text order, each with sources, cues and speaker."""
        return MarkedDocument(document, tuple(mark_text(document.text)), self.version)


def mark_text(text: str) -> list[Attribution]:
    """Attributions of a text, in order of their contents."""
    tokens = tokenise(text)
    read = unwrap(text) if may_be_wrapped(tokens) else text
    if read is not text:
        tokens = tokenise(read)
    found = find_attributions(tokens)
    attributions = as_attributions(tokens, found)
    if read is not text:
        attributions = part_quotations(text, attributions)
    names = resolve_speakers(read, attributions, tokens)
    return [
        Attribution(one.content, one.sources, one.cues, name) if name else one
        for one, name in zip(attributions, names, strict=True)
    ]


def find_attributions(t: Tokens) -> list[Found]:
    """All attributions of a tokenised text."""
    lines = find_lines(t)
    quotes = find_quotations(t, lines)
    found: list[Found] = []
    groups: dict[int, Found] = {}
    spread = {quote.group for quote in quotes if quote.group != quote.a}
    q = 0
    for a, b in lines:
        first = q
        while q < len(quotes) and quotes[q].a < b:
            q += 1
        _mark_line(t, a, b, quotes[first:q], found, groups, spread)
    for one in found:
        if one.quote is not None and not one.cues and not one.sources:
            linked = groups.get(one.quote.group)
            if linked is not None and (linked.cues or linked.sources):
                one.sources, one.cues, one.rule = linked.sources, linked.cues, "direct-next-line"
    kept = [one for one in found if _fits(t, one)]
    kept.sort(key=lambda one: (one.a, -one.b))
    return kept


def _fits(t: Tokens, one: Found) -> bool:
    """Whether every part holds words of the text."""
    words, size = t.words, t.size
    a, b = one.a, one.b
    if not (0 <= a < b <= size and words[a] and words[b - 1]):
        return False
    for a, b in one.sources + one.cues:  # noqa: SIM110 - `any` takes twice as long
        if not (0 <= a < b <= size and words[a] and words[b - 1]):
            return False
    return True


def _mark_line(
    t: Tokens,
    a: int,
    b: int,
    quotes: list[Quote],
    found: list[Found],
    groups: dict[int, Found],
    spread: set[int],
) -> None:
    starts = [quote.a for quote in quotes]
    q = 0  # the first quotation that is not behind the sentence
    cues = t.cues
    cue = first_from(cues, a)  # the first cue that is not
    headline = _is_headline(t, a, b)
    previous: Found | None = None
    before = (a, a)  # the sentence before; empty where there is none
    for first, last in find_sentences(t, a, b, quotes):
        held: list[Quote] = []
        while q < len(starts) and starts[q] < last:
            held.append(quotes[q])
            q += 1
        while cue < len(cues) and cues[cue] < first:
            cue += 1
        if not held and not headline and (cue == len(cues) or cues[cue] >= last):
            before = (first, last)
            previous = None
            continue
        new = mark_sentence(t, first, last, held, headline=headline)
        if new:
            if new[0].a < 0 or (len(new) > 1 and any(one.a < 0 for one in new)):
                new = _sentence_before(t, new, before, found, starts)
            if new and new[0].a == first and new[0].rule in _AFTER_CONTENT:
                _extend_run(t, new[0], first, a, found)
        before = (first, last)
        inside: list[Found] = []
        if held:
            linked = {one.quote.a: one for one in new if one.quote is not None}
            for quote in held:
                if quote.a not in linked:
                    one = _goes_on(quote, first, last, previous, found, groups, spread)
                    if one is not None and not _held(new, quote):
                        new.append(one)
                else:
                    groups[quote.group] = linked[quote.a]
            for quote in held:
                if quote.a in linked or any(one.quote is quote for one in new):
                    inside.extend(_inside(t, quote))
        previous = None
        for one in new:
            if one.label == "direct" and one.cues:
                previous = one
        found.extend(new)
        found.extend(inside)


def _is_headline(t: Tokens, a: int, b: int) -> bool:
    """Whether a line is a headline: short, without a full stop, the first of the text or most of it in capitals."""
    if a + 3 < b and not t.words[a][0].isalnum() and not t.flags[a] & (Flag.QUOTE | Flag.OPEN):
        return False  # an item of a list
    if b - a > MAX_HEADLINE or b - a < 3 or (t.flags[b - 1] & Flag.TERMINAL and t.low[b - 1] == "."):
        return False
    if b >= t.size and a == 0:
        return title_case(t, a, b)
    return a <= 1 or title_case(t, past_rubric(t, a, b), b)


def _sentence_before(
    t: Tokens, new: list[Found], before: tuple[int, int], found: list[Found], starts: list[int]
) -> list[Found]:
    """Gives `Hal itu disampaikan Budi.` its content, the sentence before, unless that has an attribution already."""
    kept = [one for one in new if one.a >= 0]
    if before[0] == before[1] or any(one.b > before[0] and (one.sources or one.quote) for one in found[-4:]):
        return kept
    a, b = past_dateline(t, *before), before[1]
    while b > a and t.flags[b - 1] & (Flag.TERMINAL | Flag.COMMA):
        b -= 1
    while a < b and t.flags[a] & Flag.DASH:
        a += 1
    if b - a < 3:
        return kept
    for one in new:
        if one.a < 0:
            one.a, one.b = a, b
            one.label = "mixed" if bisect_left(starts, a) < bisect_left(starts, b) else "indirect"
            kept.append(one)
    return kept


def _extend_run(t: Tokens, one: Found, first: int, a: int, found: list[Found]) -> None:
    """Takes the first-person sentences before `Kami akan datang, kata Budi.` in: marks were lost, the run is one."""
    floor = max([a, *(one.b for one in found[-3:])])
    starts = [floor, *(i + 1 for i in between(t.stops, floor, first - 1))][-MAX_RUN:]
    start = end = first
    while starts:
        earlier = starts.pop()
        while earlier < end and t.flags[earlier] & (Flag.TERMINAL | Flag.QUOTE | Flag.COMMA):
            earlier += 1
        if told_in(t, earlier, end):
            break
        if earlier < end and first_person(t, earlier, end):
            start = earlier  # and what lies between is part of the run
        end = min(end, earlier)
    one.a = start


def _held(new: list[Found], quote: Quote) -> bool:
    return any(one.a <= quote.a and quote.b <= one.b and one.quote is None for one in new)


def _goes_on(
    quote: Quote,
    first: int,
    last: int,
    previous: Found | None,
    found: list[Found],
    groups: dict[int, Found],
    spread: set[int],
) -> Found | None:
    """A quotation without a cue of its own: it goes on from the one before."""
    if quote.group in groups:
        one = groups[quote.group]
        return Found(quote.a, quote.b, "direct", one.sources, one.cues, "direct-next-line", quote)
    if not quote.closed and quote.group in spread:
        groups[quote.group] = Found(quote.a, quote.b, "direct", [], [], "direct-goes-on", quote)
        return groups[quote.group]
    whole = quote.a == first and (quote.b >= last - 1)
    if not whole or quote.b - quote.a < 5:
        return None
    if previous is not None:
        return Found(quote.a, quote.b, "direct", previous.sources, previous.cues, "direct-same-line", quote)
    if found:
        one = Found(quote.a, quote.b, "direct", [], [], "direct-goes-on", quote)
        groups[quote.group] = one
        return one
    return None


def _inside(t: Tokens, quote: Quote) -> list[Found]:
    """Reports inside quoted words."""
    a, b = quote.a + (1 if quote.opened else 0), quote.b - (1 if quote.closed else 0)
    if not between(t.cues, a, b):
        return []
    new = []
    starts = [held.a for held in quote.inner]
    for first, last in find_sentences(t, a, b, quote.inner):
        inner = quote.inner[bisect_left(starts, first) : bisect_left(starts, last)]
        new.extend(mark_sentence(t, first, last, inner, inside=True))
    return new
