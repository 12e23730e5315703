"""The difference of two versions as one page of HTML, without scripts, with the words marked in their sentences."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, pairwise
from typing import Final

from annotate.dataset.diff.events import Event, Side, characters
from annotate.dataset.diff.versions import Diff
from annotate.dataset.visible import visible
from annotate.records import AttributionRecord, SpanRecord, VersionRecord

_AROUND: Final = 120  # code points shown before and after the marked words
_FAR: Final = 600  # a source further away than this is named, not shown
_MOST: Final = 2_000  # events on one page; more than that nobody reads, and browsers tire

_STYLE: Final = """
:root { color-scheme: light dark; --kept: #fff3b0; --new: #c9ecd0; --old: #f6c9c9; --line: #8888; }
@media (prefers-color-scheme: dark) { :root { --kept: #5c5210; --new: #14532d; --old: #7f1d1d; } }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .3rem; } h2 small { font-weight: normal; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
article { border-left: 3px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; }
.id { font-family: ui-monospace, monospace; font-size: .85rem; opacity: .75; }
p { overflow-wrap: anywhere; }
mark { background: var(--kept); color: inherit; }
ins { background: var(--new); text-decoration: underline; } del { background: var(--old); }
.source { font-weight: 700; } .cue { font-style: italic; }
b.kind { text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; }
.cause { opacity: .75; font-size: .9rem; }
@media print { body { max-width: none; } article { break-inside: avoid; } }
"""


def page(diff: Diff) -> Iterator[str]:
    """The page, piece by piece. All text is escaped; characters that would mislead a reader are made visible."""
    title = f"Version {diff.a.version} → version {diff.b.version}"
    yield (
        "<!doctype html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n<table>\n"
    )
    yield from (_version(each) for each in (diff.a, diff.b))
    yield "</table>\n<table>\n<tr><th>change<th>number\n"
    counts = diff.counts()
    yield from (f"<tr><td>{kind}<td>{number}\n" for kind, number in counts.most_common())
    yield (
        f"</table>\n<p>In the passages: <mark>content in both</mark>, <ins>only in version {diff.b.version}</ins>, "
        f"<del>only in version {diff.a.version}</del>; "
        '<span class="source">source</span>, <span class="cue">cue</span>.</p>\n'
    )
    shown = 0
    for before, after, events in diff.documents():
        if shown and shown + len(events) > _MOST:
            yield f"<p>{counts.total() - shown} more changes are not shown; the CSV and JSON forms have all.</p>\n"
            break
        shown += len(events)
        yield _document(before, after, events)
    yield "</body></html>\n"


def _version(version: VersionRecord) -> str:
    return (
        f"<tr><th>version {version.version}<td>{_text(version.message)}<td>{_text(version.author)}"
        f"<td>{_text(version.created_at[:16].replace('T', ' '))} UTC<td>{version.attributions} attributions\n"
    )


def _document(before: Side | None, after: Side | None, events: list[Event]) -> str:
    side = after or before
    title = side.document.title if side else None
    doc_id = events[0].doc_id
    parts = [f"<h2>{_text(title or doc_id)} <small>{_text(doc_id) if title else ''}</small></h2>\n"]
    for attribution_id, group in groupby(events, lambda event: event.attribution_id):
        of_row = list(group)
        name = f'<p class="id">{_text(attribution_id)}</p>' if attribution_id else ""
        parts.append(f"<article>{name}{_passages(before, after, of_row)}{''.join(map(_event, of_row))}</article>\n")
    return "".join(parts)


def _event(event: Event) -> str:
    moved = "" if event.moved is None else f" by {characters(event.moved)}"
    sides = [
        f"<{tag}>{_text(' '.join(text.split()))}</{tag}>"
        for tag, text in (("del", event.before), ("ins", event.after))
        if text
    ]
    cause = event.cause
    why = f'<br><span class="cause">{_text(", ".join(cause.by))}: {_text(cause.why)}</span>' if cause else ""
    return f'<p><b class="kind">{event.kind}</b>{moved} {" → ".join(sides)}{why}</p>'


def _passages(before: Side | None, after: Side | None, events: Iterable[Event]) -> str:
    old, new = next((event.rows for event in events if event.attribution_id), (None, None))
    if old and new and old.text_sha256 == new.text_sha256 and after:
        return _passage(after.document.text, old, new)
    shown = _passage(before.document.text, old, None) if old and before else ""
    return shown + (_passage(after.document.text, None, new) if new and after else "")


def _passage(text: str, old: AttributionRecord | None, new: AttributionRecord | None) -> str:
    """The sentence around an attribution, what either version marks in it told apart."""
    rows = [row for row in (old, new) if row]
    first = min(row.content.start for row in rows)
    last = max(row.content.end for row in rows)
    marked = {
        kind: [s for row in rows for s in spans(row) if s.end > first - _FAR and s.start < last + _FAR]
        for kind, spans in (("source", _sources), ("cue", _cues))
    }
    near = [span for spans in marked.values() for span in spans]
    begin = max(0, min([first, *(span.start for span in near)]) - _AROUND)
    finish = min(len(text), max([last, *(span.end for span in near)]) + _AROUND)
    contents = [row.content for row in rows]
    edges = {edge for span in (*contents, *near) for edge in (span.start, span.end)}
    pieces = [
        _piece(text[start:end], _tag(start, old, new), [k for k, spans in marked.items() if _covers(spans, start)])
        for start, end in pairwise(sorted(edges | {begin, finish}))
    ]
    dots = ("…" if begin else "", "…" if finish < len(text) else "")
    return f'<p class="passage">{dots[0]}{"".join(pieces)}{dots[1]}</p>'


def _tag(at: int, old: AttributionRecord | None, new: AttributionRecord | None) -> str:
    was, is_now = (row is not None and _covers([row.content], at) for row in (old, new))
    return "mark" if was and is_now else "del" if was else "ins" if is_now else "span"


def _piece(text: str, tag: str, kinds: list[str]) -> str:
    shown = escape(visible(text, keep="\n"))
    if tag == "span" and not kinds:
        return shown
    return f'<{tag} class="{" ".join(kinds)}">{shown}</{tag}>' if kinds else f"<{tag}>{shown}</{tag}>"


def _covers(spans: Iterable[SpanRecord], at: int) -> bool:
    return any(span.start <= at < span.end for span in spans)


def _sources(row: AttributionRecord) -> list[SpanRecord]:
    return row.sources


def _cues(row: AttributionRecord) -> list[SpanRecord]:
    return row.cues


def _text(text: str) -> str:
    return escape(visible(text))
