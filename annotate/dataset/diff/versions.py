"""The difference of two versions: its events, streaming, and their forms as lines of text, rows and JSON."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from annotate.dataset.columns import to_records
from annotate.dataset.diff.causes import Causes, delta_version, labels_between
from annotate.dataset.diff.events import Event, Side, characters, compare
from annotate.dataset.reading import rows_at
from annotate.dataset.states import State, States
from annotate.dataset.tables import Table
from annotate.dataset.visible import visible
from annotate.records import AttributionRecord, DocumentRecord, VersionRecord

_DOCUMENTS_AT_A_TIME = 500
_SHOWN = 160  # characters of a text in a line

COLUMNS = (
    *("event", "doc_id", "attribution_id", "before", "after", "moved", "start_moved", "end_moved"),
    *("by", "why", "at", "version"),
)


@dataclass(frozen=True)
class Diff:
    """What leads from version `a` to version `b`; `a` may be the newer one. Iterating reads the tables anew each time.

    A change is told of the newest version in between that touched the document, with who caused it.
    """

    a: VersionRecord
    b: VersionRecord
    states: tuple[States, States]
    tables: dict[str, Table]
    history: Sequence[VersionRecord]
    causes: Callable[[], Causes]

    def __iter__(self) -> Iterator[Event]:
        for _, _, events in self.documents():
            yield from events

    def documents(self) -> Iterator[tuple[Side | None, Side | None, list[Event]]]:
        """The documents that differ, each on both sides and with its events; in order of `doc_id`."""
        causes = self.causes()
        old, new = self.states
        changed = [doc_id for doc_id in sorted(old | new) if _content(old.get(doc_id)) != _content(new.get(doc_id))]
        later = new if self.a.version <= self.b.version else old
        for start in range(0, len(changed), _DOCUMENTS_AT_A_TIME):
            part = changed[start : start + _DOCUMENTS_AT_A_TIME]
            causes.look_at(self._labels(part))
            sides = self._sides(old, part), self._sides(new, part)
            for doc_id in part:
                before, after = (side.get(doc_id) for side in sides)
                events = list(compare(before, after)) or [Event("set aside", doc_id, after="other labels")]
                yield before, after, [replace(event, cause=causes.of(event, later[doc_id])) for event in events]

    def _labels(self, doc_ids: list[str]) -> dict[str, list[Any]]:
        older, newer = sorted((self.a, self.b), key=attrgetter("version"))
        tables = [self.tables["annotations"].at(delta_version(each, "annotations")) for each in (older, newer)]
        return dict(labels_between(tables[0], tables[1], doc_ids))

    def _sides(self, states: States, doc_ids: list[str]) -> dict[str, Side]:
        chosen = {doc_id: states[doc_id] for doc_id in doc_ids if doc_id in states}
        documents = to_records(rows_at(self.tables["documents"], chosen), DocumentRecord)
        rows = to_records(rows_at(self.tables["attributions"], chosen), AttributionRecord)
        by_document = {doc_id: list(group) for doc_id, group in groupby(rows, attrgetter("doc_id"))}
        return {
            document.doc_id: Side(document, by_document.get(document.doc_id, []), chosen[document.doc_id].set_aside)
            for document in documents
        }

    def counts(self) -> Counter[str]:
        """How many events there are of each kind."""
        return Counter(event.kind for event in self)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The events as flat rows of `COLUMNS`, for JSON and tables."""
        for event in self:
            cause = event.cause
            values = (
                *(event.kind, event.doc_id, event.attribution_id, event.before, event.after),
                *(event.moved, event.start_moved, event.end_moved),
                *((", ".join(cause.by), cause.why, cause.at, cause.version) if cause else (None,) * 4),
            )
            yield dict(zip(COLUMNS, values, strict=True))

    def text(self) -> Iterator[str]:
        """The difference as lines for a terminal; what could steer a terminal is made visible."""
        yield f"version {self.a.version} -> version {self.b.version}"
        rules = [f"{version.merge_rules} {version.merge_options}" for version in (self.a, self.b)]
        if rules[0] != rules[1]:
            yield visible(f"rules {rules[0]} -> {rules[1]}")
        for before, after, events in self.documents():
            side = after or before
            title = side.document.title if side else None
            yield ""
            yield visible(f"{events[0].doc_id}" + (f"  {title}" if title else ""))
            for attribution_id, group in groupby(events, attrgetter("attribution_id")):
                told = list(group)
                old, new = told[0].rows
                if old and new:  # what came or went tells its words itself
                    yield visible(f"  {attribution_id}  {new.speaker or '(nobody named)'}: {cut(new.content.text)}")
                    yield from ("    " + visible(sentence(event)) for event in told)
                else:
                    name = f"{attribution_id}  " if attribution_id else ""
                    yield from ("  " + visible(name + sentence(event)) for event in told)


def sentence(event: Event) -> str:
    """One event in words: what, and by whom and why; not of which attribution."""
    told: str = event.kind
    if event.moved is not None:
        told += f" by {characters(event.moved)} (start {event.start_moved:+d}, end {event.end_moved:+d})"
    sides = [cut(each) for each in (event.before, event.after) if each is not None]
    told += f": {' -> '.join(sides) if len(sides) == 2 else ''.join(sides)}" if sides else ""
    if event.cause:
        told += f"  [{', '.join(event.cause.by)}: {event.cause.why}; version {event.cause.version}]"
    return told


def cut(text: str) -> str:
    """Words on one line in quotation marks (their own, if any), not too many of them."""
    flat = " ".join(text.split())
    shown = flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"
    return shown if shown.startswith("“") and shown.endswith("”") else f"“{shown}”"


def _content(state: State | None) -> str | None:
    return state.content_sha256 if state is not None and state.text_sha256 is not None else None
