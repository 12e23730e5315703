"""What people decided over the votes: adjudications and reviews, and when later labels open them again.

A decision names an attribution by its id and gives the fields that it settles; what it does not give stays as voted.
It stands until it is undone, or until a later label touches it: a reading of this very attribution that is new since
the decision, and says something else. Then the row is unresolved again, with the decided values in place until somebody
decides anew.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotate.datamodel import Attribution, Region
from annotate.reconcile.align import Mark, Said
from annotate.reconcile.ballots import Ballot, Count, Result
from annotate.reconcile.identity import Earlier, Known
from annotate.reconcile.readings import Reading
from annotate.records import AttributionRecord, DecisionRecord, SpanRecord
from annotate.spans import Span


def standing(decisions: Iterable[DecisionRecord]) -> list[DecisionRecord]:
    """The decisions that hold, oldest first: without those that were undone, unless the undoing was undone."""
    events = sorted(decisions, key=lambda event: (event.decided_at, event.decision_id))
    gone: set[str] = set()
    for event in reversed(events):
        if event.kind == "undo" and event.undoes and event.decision_id not in gone:
            gone.add(event.undoes)
    return [event for event in events if event.kind != "undo" and event.decision_id not in gone]


def decided_ids(decisions: Sequence[DecisionRecord], text: str, known: Iterable[str]) -> list[Earlier]:
    """Ids that only decisions remember (of attributions that were rejected, or that an adjudicator added)."""
    seen = set(known)
    found: dict[str, Earlier] = {}
    for event in decisions:
        if event.attribution_id and event.attribution_id not in seen and event.content:
            span = placed(event.content, text)
            links = [tuple(filter(None, (placed(s, text) for s in part or ()))) for part in (event.sources, event.cues)]
            what = Known(
                span or Span(event.content.start, event.content.end),
                event.content.text,
                links[0],
                links[1],
                frozenset(),
            )
            found[event.attribution_id] = Earlier(event.attribution_id, what, span is not None)
    return list(found.values())


def placed(span: SpanRecord, text: str) -> Span | None:
    """Where a decided span stands in the text: as recorded, else where its words stand once and only once."""
    if text[span.start : span.end] == span.text:
        return Span(span.start, span.end)
    if span.text and text.count(span.text) == 1:
        start = text.index(span.text)
        return Span(start, start + len(span.text))
    return None


def apply_decisions(
    results: Sequence[Result], decisions: Sequence[DecisionRecord], count: Count, text: str
) -> tuple[list[Result], list[str]]:
    """The results as decided, and the ids of decisions that found nothing to apply to.

    `decisions` must be `standing` and stand oldest first: of two on one field the later holds.
    """
    by_id: dict[str, list[DecisionRecord]] = {}
    for event in decisions:
        if event.attribution_id:
            by_id.setdefault(event.attribution_id, []).append(event)
    kept: list[Result] = []
    for result in results:
        events = by_id.pop(result.attribution_id, [])
        if events:
            result = _decide(result, events, count, text)
        if result.status != "adjudicated" or _exists(events) is not False:
            kept.append(result)
    orphans: list[str] = []
    for attribution_id, events in sorted(by_id.items()):
        added = _added(attribution_id, events, text)
        if added is not None:
            kept.append(_decide(added, events, count, text))
        elif _exists(events) is not False:
            orphans += [event.decision_id for event in events]
    return kept, orphans


def _exists(events: Sequence[DecisionRecord]) -> bool | None:
    return next((event.exists for event in reversed(events) if event.exists is not None), None)


def _decide(result: Result, events: Sequence[DecisionRecord], count: Count, text: str) -> Result:
    """A result with the fields that were decided. A verdict alone settles nothing of the label."""
    settled = _settled(events, text)
    last = events[-1]
    decided = replace(
        result,
        decision_id=last.decision_id,
        verdict=_latest(events, "verdict"),
        claim_rating=_latest(events, "claim_rating"),
        register_id=_latest(events, "register_id"),
    )
    if not settled:
        return decided
    names = {"boundaries": "content", "source": "sources", "cue": "cues"}
    for field, value in settled.items():
        if field != "existence":
            setattr(decided, names.get(field, field), value)
    votes, dissent = count.contested(result.group, decided.said)
    deciders = {event.decided_by for event in events}
    decided.votes = [
        Ballot(v.field, v.value, [*v.annotators, *sorted(deciders - {*v.annotators})]) if v.field in settled else v
        for v in votes
    ]
    decided.dissent = dissent
    exists = settled.get("existence", True)
    settling = [event for event in events if _settled([event], text)]
    reopened = touched(settling[-1], result.group, count.electorate.readings, decided.said if exists else None)
    clear = settling[-1].kind == "adjudication" or result.unclear <= settled.keys()
    decided.status = "adjudicated" if clear and not reopened else "unresolved"
    return decided


def _settled(events: Sequence[DecisionRecord], text: str) -> dict[str, Any]:
    """Field -> decided value, of the events that give one; a span that stands nowhere in the text settles nothing."""
    settled: dict[str, Any] = {}
    for event in events:
        if event.exists is not None:
            settled["existence"] = event.exists
        if event.type is not None:
            settled["type"] = event.type
        if event.speaker is not None:
            settled["speaker"] = event.speaker
        if event.content is not None and (span := placed(event.content, text)):
            settled["boundaries"] = span
        for field, part in (("source", event.sources), ("cue", event.cues)):
            if part is not None:
                spans = [placed(span, text) for span in part]
                if None not in spans:
                    settled[field] = tuple(sorted(span for span in spans if span))
    return settled


def _latest(events: Sequence[DecisionRecord], field: str) -> Any:
    return next((value for event in reversed(events) if (value := getattr(event, field)) is not None), None)


def _added(attribution_id: str, events: Sequence[DecisionRecord], text: str) -> Result | None:
    """An attribution that stands on decisions alone: an adjudicator drew it, or its labels are gone since."""
    settled = _settled(events, text)
    if settled.get("existence") is False or not {"type", "boundaries"} <= settled.keys():
        return None
    kind, span = settled["type"], settled["boundaries"]
    lead = Region(kind, *span)
    return Result(kind, span, (), (), "", "adjudicated", [], [], [], None, [], lead, {}, attribution_id=attribution_id)


def touched(
    decision: DecisionRecord, group: Mapping[int, Mark], readings: Sequence[Reading], decided: Sequence[Any] | None
) -> bool:
    """Whether a label that came after the decision speaks against it. `decided` is None for "no attribution here".

    With a `basis` (the readings that it was taken on) a reading is new when it is not among them, and a mark that was
    withdrawn is one too; without, when its annotation was changed after the decision.
    """
    for i, reading in enumerate(readings):
        mark = group.get(i)
        if mark is None:
            withdrawn = any(held.startswith(f"{reading.annotator}=") for held in decision.basis or ())
            if withdrawn and decided is not None:
                return True
        elif decided is None or _differs(mark.attribution, decided):
            if decision.basis is None:
                if (reading.updated_at or "") > decision.decided_at:
                    return True
            elif digest(reading.annotator, mark.attribution) not in decision.basis:
                return True
    return False


def _differs(what: Attribution, decided: Sequence[Any]) -> bool:
    return tuple(Said.of(what)) != tuple(decided)


def digest(annotator: str, what: Attribution) -> str:
    """One reader's reading of one attribution, as a decision's basis holds it: `name=` and a hash of what it says."""
    return _digest(annotator, Said.of(what))


def _digest(annotator: str, said: Sequence[Any]) -> str:
    words = json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return f"{annotator}={hashlib.sha256(words).hexdigest()[:16]}"


def basis_of(row: AttributionRecord) -> list[str]:
    """The readings that a row stands on, as a decision's `basis` names them: what its annotators hold, read off it.

    Whoever decides over a row puts this into the decision; without it, any later change of an annotation that holds
    something else would count as a label that touches the decision.
    """
    stands: dict[str, Any] = {
        "type": row.type,
        "boundaries": (row.content.start, row.content.end),
        "source": tuple((s.start, s.end) for s in row.sources),
        "cue": tuple((s.start, s.end) for s in row.cues),
        "speaker": row.speaker or "",
    }
    basis = []
    for annotator in row.annotators:
        held: dict[str, Any] = {v.field: json.loads(v.value) for v in row.dissent if annotator in v.annotators}
        basis.append(_digest(annotator, [held.get(field, value) for field, value in stands.items()]))
    return sorted(basis)


def decision_id(*parts: object) -> str:
    """An id that follows from what is decided, by whom and when: taken back twice, a decision is one."""
    seed = json.dumps(parts, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    return "dc-" + hashlib.sha256(seed).hexdigest()[:16]
