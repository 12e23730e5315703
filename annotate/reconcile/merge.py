"""One document: its readings, what was decided on it, and its earlier rows become the rows of the new version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from annotate.datamodel import Attribution, Document, Region
from annotate.errors import LabelError
from annotate.reconcile.align import Mark, Said, align
from annotate.reconcile.ballots import Count, Electorate, Result
from annotate.reconcile.decisions import apply_decisions, decided_ids, standing
from annotate.reconcile.identity import Known, carry_ids, content_regions, earlier
from annotate.reconcile.readings import Premarks, Reading, current
from annotate.reconcile.rows import Describe, in_text_order, records_of, rows
from annotate.reconcile.rules import DEFAULT_RULES, MergeRules
from annotate.records import AttributionRecord, DecisionRecord, SetAsideRecord


@dataclass(frozen=True)
class Reconciled:
    """One document's rows in text order, the labels that were outvoted, and decisions that apply to no attribution.

    `rows` are the fields of `records`, which are made (and checked) when they are asked for.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[SetAsideRecord] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    _results: Sequence[Result] = ()
    _readings: Sequence[Reading] = ()

    @cached_property
    def records(self) -> list[AttributionRecord]:
        """The rows as records."""
        return records_of(self.rows)

    @cached_property
    def held(self) -> dict[str, dict[str, Attribution]]:
        """Attribution id -> annotator -> that reader's reading of it, for who is to decide."""
        return {
            result.attribution_id: {
                self._readings[i].annotator: mark.attribution for i, mark in sorted(result.group.items())
            }
            for result in self._results
        }


def reconcile_document(
    document: Document,
    readings: Sequence[Reading],
    *,
    commit_id: str,
    previous: Sequence[AttributionRecord] = (),
    decisions: Sequence[DecisionRecord] = (),
    premarks: Premarks | None = None,
    rules: MergeRules = DEFAULT_RULES,
    describe: Describe | None = None,
) -> Reconciled:
    """The rows of a document, merged from all its readings by `rules`, with ids carried on from `previous`.

    Nothing hangs on the order of `readings`, `previous` or `decisions`, and the same input gives the same rows.
    `describe(text, attributions)` returns the attributions in the same order with their details worked out.
    Raises LabelError for a reading without an annotator, or a span outside the text.
    """
    voters, aside = _distinct(document, current(readings), commit_id)
    decided = standing(decisions)
    if not voters and not decided:
        return Reconciled()
    electorate = Electorate.of(voters, rules)
    alignment = align(voters, rules)
    count = Count(alignment, electorate, document.text)
    results: list[Result] = []
    for group in alignment.groups:
        if count.exists(group) is False:
            aside += _outvoted(document, group, electorate, commit_id)
        else:
            results.append(count.result(group))
    results = in_text_order(results)
    _give_ids(document, results, previous, decided)
    orphans: list[str] = []
    if decided:
        results, orphans = apply_decisions(results, decided, count, document.text)
        results = in_text_order(results)
    readers = [reading.annotator for reading in voters]
    made = rows(document, results, readers, commit_id, premarks=premarks, describe=describe)
    return Reconciled(made, aside, orphans, results, voters)


def _give_ids(
    document: Document,
    results: Sequence[Result],
    previous: Sequence[AttributionRecord],
    decided: Sequence[DecisionRecord],
) -> None:
    text, text_sha256 = document.text, document.text_sha256
    known = [
        Known(
            r.content,
            text[r.content.start : r.content.end],
            r.sources,
            r.cues,
            content_regions((ref["annotation_id"], ref["region_id"]) for ref in r.regions),
        )
        for r in results
    ]
    before = [earlier(row, text_sha256) for row in previous]
    before += decided_ids(decided, text, (row.attribution_id for row in previous))
    for result, given in zip(
        results, carry_ids(known, before, doc_id=document.doc_id, text_sha256=text_sha256), strict=True
    ):
        result.attribution_id = given


def _distinct(
    document: Document, readings: Sequence[Reading], commit_id: str
) -> tuple[list[Reading], list[SetAsideRecord]]:
    """The readings without what one reader drew twice: same spans, links, type and speaker are one attribution.

    Raises LabelError for a span outside the text.
    """
    kept: list[Reading] = []
    aside: list[SetAsideRecord] = []
    length = len(document.text)
    looked_at: set[int] = set()  # by identity: readers may share what is alike
    for reading in readings:
        places = set()
        for what in reading.attributions:
            places.add((what.content.start, what.content.end))
            if id(what) in looked_at:
                continue
            looked_at.add(id(what))
            for region in (what.content, *what.sources, *what.cues):
                if not 0 <= region.start < region.end <= length:
                    raise LabelError(
                        f"a region reaches from {region.start} to {region.end}, the text has {length}",
                        place=f"annotation {reading.annotation_id} of {document.doc_id}",
                        remedy="check the labels against the document's own text before they are reconciled",
                    )
        if len(places) < len(reading.attributions):
            once: dict[Said, Attribution] = {}
            for what in sorted(reading.attributions, key=lambda what: what.content.region_id or ""):
                said = Said.of(what)
                if said in once:
                    aside.append(_aside(document, reading, what, commit_id, "drawn twice by the same annotator"))
                else:
                    once[said] = what
            reading = replace(reading, attributions=tuple(once.values()))
        kept.append(reading)
    return kept, aside


def _outvoted(
    document: Document, group: Mapping[int, Mark], electorate: Electorate, commit_id: str
) -> list[SetAsideRecord]:
    """The readings of a content that most did not mark, each kept with its reason."""
    total = len(electorate.readings)
    why = "not in the ground truth" if electorate.ground_truth else f"outvoted: {len(group)} of {total} marked it"
    return [
        _aside(document, electorate.readings[i], mark.attribution, commit_id, why) for i, mark in sorted(group.items())
    ]


def _aside(document: Document, reading: Reading, what: Attribution, commit_id: str, why: str) -> SetAsideRecord:
    return SetAsideRecord(
        doc_id=document.doc_id,
        commit_id=commit_id,
        annotation_id=reading.annotation_id,
        region_id=what.content.region_id,
        annotator=reading.annotator,
        reason=why,
        raw=_raw(what, document.text),
    )


def _raw(what: Attribution, text: str) -> str:
    def drawn(region: Region) -> dict[str, str | int]:
        return {"label": region.label, "start": region.start, "end": region.end, "text": region.words(text)}

    return json.dumps(
        {
            **drawn(what.content),
            "sources": [drawn(r) for r in what.sources],
            "cues": [drawn(r) for r in what.cues],
            "speaker": what.speaker,
        },
        ensure_ascii=False,
    )
