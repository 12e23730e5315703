"""How far readers agree: on spans, types, links and speakers; and what they made of the pre-marks."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from annotate.datamodel import CONTENT_LABELS, Attribution, Document
from annotate.reconcile.align import Alignment, Mark, align
from annotate.reconcile.bootstrap import Bootstrap, Formula, Tally
from annotate.reconcile.coefficients import (
    OFF,
    Sums,
    alpha,
    alpha_sums,
    f1,
    f1_sums,
    pairs_that_overlap,
    unit_alpha,
    unit_sums,
)
from annotate.reconcile.names import name_key
from annotate.reconcile.premark_study import PremarkStudy
from annotate.reconcile.readings import Premarks, Reading, current
from annotate.reconcile.report import AgreementReport, Figure
from annotate.reconcile.rules import DEFAULT_RULES, MergeRules
from annotate.reconcile.sweep import Bounds

NOT_MARKED: Final = ("not marked",)
SPAN_LABELS: Final = ("content", *CONTENT_LABELS, "source", "cue")

Key = tuple[str, str, tuple[str, ...]]  # measure, label, names of the readers (none: all)


@dataclass(frozen=True, slots=True)
class _Measure:
    formula: Formula
    units: Callable[[Mapping[Hashable, float]], float]
    what: str


def _marks(sums: Mapping[Hashable, float]) -> float:
    return sums.get("marks", 0) / 2


def _values(sums: Mapping[Hashable, float]) -> float:
    return sum(count for value, count in sums.items() if value != OFF)


MEASURES: Final = {
    "exact": _Measure(f1, _marks, "F1 of equal spans"),
    "half": _Measure(f1, _marks, "F1 of spans that overlap by half, one to one"),
    "unitising": _Measure(unit_alpha, lambda sums: sums.get("units", 0), "Krippendorff's alpha for unitising (|uα)"),
    "type": _Measure(alpha, _values, "Krippendorff's alpha on the groups, not marked a category"),
    "links": _Measure(f1, _marks, "F1 of links: same content, same source (or cue)"),
    "attribution": _Measure(f1, _marks, "F1 of whole attributions: overlap by half, same sources, same cues"),
    "speaker": _Measure(alpha, _values, "Krippendorff's alpha on the groups, not marked a category"),
}


class Agreement:
    """Adds up documents, one by one; `report` then gives the figures. Skipped readings say nothing here either."""

    def __init__(self, rules: MergeRules = DEFAULT_RULES) -> None:
        self._rules = rules
        self._tallies: dict[Key, Tally] = {}
        self._documents = 0
        self._readers: Counter[str] = Counter()
        self._premarks = PremarkStudy()

    def add(self, document: Document, readings: Sequence[Reading], premarks: Premarks | None = None) -> None:
        """One document with all its readings. Raises LabelError for a reading without an annotator."""
        voters = current(readings)
        self._readers.update(reading.annotator for reading in voters)
        if premarks is not None:
            self._premarks.add(voters, premarks)
        if len(voters) < 2:
            return
        number = self._documents
        self._documents += 1
        names = [reading.annotator for reading in voters]
        spans = [_spans_of(reading) for reading in voters]
        alignment = align(voters, self._rules)
        pairs = list(combinations(range(len(voters)), 2))
        for measure, label, sums in _chance_corrected(range(len(voters)), spans, alignment, len(document.text)):
            self._put((measure, label, ()), number, sums)
        for pair in pairs:
            a, b = pair
            one_by_one: list[tuple[str, ...]] = [(names[a], names[b]), (names[a],), (names[b],)]
            for measure, label, sums in _chance_corrected(pair, spans, alignment, len(document.text)):
                for scope in one_by_one:
                    self._put((measure, label, scope), number, sums)
            for measure, label, sums in _pairwise(a, b, spans, alignment):
                for scope in ((), *one_by_one):
                    self._put((measure, label, scope), number, sums)

    def _put(self, key: Key, number: int, sums: Sums) -> None:
        self._tallies.setdefault(key, Tally()).add(number, sums)

    def report(self, resamples: int = 1000, seed: int = 0, *, each: bool = True) -> AgreementReport:
        """All figures, with 95 % intervals over documents; the same again for the same `seed`.

        `who` of a figure is empty for all readers, two names for a pair, one for a reader: the pairs that he or she is
        one of, taken together. Pairs and single readers are left out without `each`; with many readers, drawing their
        intervals is what takes time.
        """
        draw = Bootstrap(self._documents, resamples, seed)
        figures = []
        for (measure, label, who), tally in sorted(self._tallies.items(), key=lambda item: _place(item[0])):
            if who and not each:
                continue
            kind = MEASURES[measure]
            estimate = draw.estimate(tally, kind.formula, round(kind.units(tally.total())))
            figures.append(Figure(measure, label, who, estimate))
        return AgreementReport(
            documents=self._documents,
            annotators=dict(sorted(self._readers.items())),
            figures=figures,
            premarks=self._premarks.report(resamples, seed),
        )


def _place(key: Key) -> tuple[int, int, int, tuple[str, ...]]:
    measure, label, who = key
    labels = (*SPAN_LABELS, "all")
    return list(MEASURES).index(measure), len(who), labels.index(label), who


Spans = Mapping[str, Sequence[Bounds]]


def _spans_of(reading: Reading) -> Spans:
    """Label -> spans, sorted; a source or a cue that several contents share is one."""
    spans: dict[str, list[Bounds]] = {label: [] for label in SPAN_LABELS}
    links: set[tuple[str, Bounds]] = {(r.label, (r.start, r.end)) for r in reading.loose}
    for what in reading.attributions:
        bounds = (what.content.start, what.content.end)
        spans["content"].append(bounds)
        spans[what.content.label].append(bounds)
        links.update((r.label, (r.start, r.end)) for r in (*what.sources, *what.cues))
    for label, bounds in links:
        spans[label].append(bounds)
    return {label: sorted(found) for label, found in spans.items()}


def _chance_corrected(
    who: Sequence[int], spans: Sequence[Spans], alignment: Alignment, length: int
) -> Iterator[tuple[str, str, Sums]]:
    """The coefficients that hold for any number of readers."""
    for label in SPAN_LABELS:
        yield "unitising", label, unit_sums([spans[i][label] for i in who], length)
    groups = [group for group in alignment.groups if any(i in group for i in who)]
    yield "type", "all", alpha_sums(_values_of(groups, who, lambda what: what.content.label))
    for label in CONTENT_LABELS:
        held = _values_of(groups, who, lambda what, label=label: what.content.label == label)  # type: ignore[misc]
        yield "type", label, alpha_sums([[value is True for value in values] for values in held])
    yield "speaker", "all", alpha_sums(_values_of(groups, who, lambda what: name_key(what.speaker)))
    for label in CONTENT_LABELS:
        of_label = [g for g in groups if any(i in g and g[i].attribution.content.label == label for i in who)]
        yield "speaker", label, alpha_sums(_values_of(of_label, who, lambda what: name_key(what.speaker)))


def _values_of(
    groups: Iterable[Mapping[int, Mark]], who: Sequence[int], value: Callable[[Attribution], Hashable]
) -> list[list[Hashable]]:
    return [[value(group[i].attribution) if i in group else NOT_MARKED for i in who] for group in groups]


def _pairwise(a: int, b: int, spans: Sequence[Spans], alignment: Alignment) -> Iterator[tuple[str, str, Sums]]:
    """The measures that compare two readers."""
    for label in SPAN_LABELS:
        one, other = spans[a][label], spans[b][label]
        marks = len(one) + len(other)
        if marks:
            equal = sum((Counter(one) & Counter(other)).values())
            yield "exact", label, f1_sums(equal, marks)
            yield "half", label, f1_sums(pairs_that_overlap(one, other), marks)
    for label in ("all", *CONTENT_LABELS):
        yield from _linked(a, b, alignment.groups, label)


def _linked(a: int, b: int, groups: Iterable[Mapping[int, Mark]], label: str) -> Iterator[tuple[str, str, Sums]]:
    """Links and whole attributions; of one label: those that either reader gave it."""
    same, links = {"source": 0, "cue": 0}, {"source": 0, "cue": 0}
    whole = marks = 0
    for group in groups:
        one, other = group.get(a), group.get(b)
        if label != "all" and label not in {m.attribution.content.label for m in (one, other) if m}:
            continue
        marks += (one is not None) + (other is not None)
        for role in ("source", "cue"):
            x, y = (_links(one, role), _links(other, role))
            links[role] += len(x) + len(y)
            same[role] += len(x & y)
        if one and other:
            near = pairs_that_overlap([(one.start, one.end)], [(other.start, other.end)])
            whole += bool(near) and one.sources == other.sources and one.cues == other.cues
    if label == "all":
        for role in ("source", "cue"):
            if links[role]:
                yield "links", role, f1_sums(same[role], links[role])
    if marks:
        yield "attribution", label, f1_sums(whole, marks)


def _links(mark: Mark | None, role: str) -> set[int]:
    if mark is None:
        return set()
    return set(mark.sources if role == "source" else mark.cues)
