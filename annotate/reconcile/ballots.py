"""One group of contents put to the vote: type, edges, sources, cues and speaker, with what lost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, compress
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from annotate.datamodel import ContentLabel, Region
from annotate.errors import LabelError
from annotate.reconcile.align import Alignment, Cluster, Mark, Said
from annotate.reconcile.edges import edge, held_by_most, merged_span, strength
from annotate.reconcile.names import elect_name, name_key
from annotate.reconcile.readings import Reading
from annotate.reconcile.rules import MergeRules
from annotate.reconcile.vote import elect, elect_links
from annotate.records import Fields, Status, Verdict, VotedField
from annotate.spans import Span, iou


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who read a document (by name), who of them may vote (by number), and the rules they vote by."""

    readings: Sequence[Reading]
    voting: frozenset[int]
    ground_truth: bool
    rules: MergeRules

    @classmethod
    def of(cls, readings: Sequence[Reading], rules: MergeRules) -> "Electorate":
        """Where there is a ground truth, it votes alone; all others are kept as dissent."""
        truths = frozenset(i for i, reading in enumerate(readings) if reading.ground_truth)
        return cls(readings, truths or frozenset(range(len(readings))), bool(truths), rules)

    def names(self, numbers: Sequence[int]) -> list[str]:
        """Names of readers, given by number."""
        return [self.readings[i].annotator for i in numbers]


class Ballot(NamedTuple):
    """The fields of a `Vote`: the row's own validation makes records of them, in one go."""

    field: VotedField
    value: str
    annotators: list[str]


@dataclass(slots=True)
class Result:
    """What a group became; the fields are those of `AttributionRecord`.

    `lead` is the content as the reading nearest to the result has it; `group` the readings it was made from; `unclear`
    the fields that neither a majority nor the edge rule settled; `regions` are the fields of `RegionRef`s.
    """

    type: ContentLabel
    content: Span
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    speaker: str
    status: Status
    annotators: list[str]
    votes: list[Ballot]
    dissent: list[Ballot]
    agreement: float | None
    regions: list[Fields]
    lead: Region
    group: Mapping[int, Mark]
    unclear: frozenset[str] = frozenset()
    attribution_id: str = ""
    decision_id: str | None = None
    verdict: Verdict | None = None
    claim_rating: str | None = None
    register_id: str | None = None

    @property
    def said(self) -> tuple[Any, ...]:
        """What is voted on, in the order of `Said`."""
        return self.type, self.content, self.sources, self.cues, self.speaker


class LinkSpans:
    """The merged spans of one role's clusters, each worked out when it is first asked for."""

    def __init__(self, clusters: Sequence[Cluster], electorate: Electorate, *, longer: bool) -> None:
        self._clusters = clusters
        self._electorate = electorate
        self._longer = longer
        self._spans: dict[int, Span] = {}

    def __call__(self, links: Sequence[int]) -> tuple[Span, ...]:
        """The spans of some clusters, in text order."""
        if len(links) == 1:
            return (self._span(links[0]),)
        return tuple(sorted({self._span(link) for link in links}))

    def _span(self, link: int) -> Span:
        if link not in self._spans:
            held, readings = self._clusters[link].held, self._electorate.readings
            voting = [i for i in held if i in self._electorate.voting] or list(held)
            most = held_by_most([(held[i].start, held[i].end) for i in voting])
            self._spans[link] = most or merged_span([edge(held[i], readings[i]) for i in voting], longer=self._longer)
        return self._spans[link]


class _Won(NamedTuple):
    """What won of each field; `unclear` names those that neither a majority nor the edge rule settled."""

    type: ContentLabel
    content: Span
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    speaker: str
    unclear: frozenset[str]
    lead: Region


class Count:
    """Puts the groups of one document to the vote."""

    def __init__(self, alignment: Alignment, electorate: Electorate, text: str) -> None:
        self.electorate = electorate
        self._text = text
        self.sources = LinkSpans(alignment.sources, electorate, longer=True)
        self.cues = LinkSpans(alignment.cues, electorate, longer=False)

    def exists(self, group: Mapping[int, Mark]) -> bool | None:
        """Whether the group is an attribution by the vote of all who read the text; None: no majority."""
        voting = self.electorate.voting
        held = len(group) if len(voting) == len(self.electorate.readings) else len(voting.intersection(group))
        most = self.electorate.rules.majority * len(voting)
        if held > most:
            return True
        return False if len(voting) - held > most else None

    def result(self, group: Mapping[int, Mark]) -> Result:
        """The group merged. Raises ValueError where nobody who may vote marked it."""
        readings = self.electorate.readings
        numbers = sorted(group)
        said = [group[i].said for i in numbers]
        same = said.count(said[0]) == len(said)
        won = self._held_by_all(group[numbers[0]]) if same else self._voted(group)
        merged = Result(
            won.type,
            won.content,
            won.sources,
            won.cues,
            won.speaker,
            "unresolved",
            self.electorate.names(numbers),
            [],
            [],
            agreement(group, len(readings)),
            regions(group, readings),
            won.lead,
            group,
            won.unclear if self.exists(group) else won.unclear | {"existence"},
        )
        merged.votes, merged.dissent = self.contested(group, merged.said)
        merged.status = self._status(group, not merged.unclear, bool(merged.dissent))
        return merged

    def _held_by_all(self, mark: Mark) -> "_Won":
        content = Span(mark.start, mark.end)
        lead = mark.attribution.content
        sources, cues = self.sources(mark.sources), self.cues(mark.cues)
        return _Won(kind_of(mark), content, sources, cues, mark.said.speaker, frozenset(), lead)

    def _voted(self, group: Mapping[int, Mark]) -> "_Won":
        """Each field by the vote of those who may vote, the content's edges by the edge rule."""
        readings, majority = self.electorate.readings, self.electorate.rules.majority
        numbers = [i for i in sorted(group) if i in self.electorate.voting]
        held = [group[i] for i in numbers]
        strong = [strength(mark.attribution.content, readings[i]) for i, mark in zip(numbers, held, strict=True)]
        kinds = [kind_of(mark) for mark in held]
        likely = None
        if kinds.count(kinds[0]) < len(kinds):
            widest = self._text[min(mark.start for mark in held) : max(mark.end for mark in held)]
            likely = type_by_marks(widest)
        kind = elect(kinds, strong, majority, likely)
        spans = [mark.said.boundaries for mark in held]
        content = held_by_most(spans) or merged_span(
            [edge(mark.attribution.content, readings[i]) for i, mark in zip(numbers, held, strict=True)],
            longer=kind.value == "direct",
        )
        near = [1.0 if drawn == content else iou(content, mark) for drawn, mark in zip(spans, held, strict=True)]
        close = sum([overlap >= self.electorate.rules.same_content for overlap in near])
        source = elect_links([mark.sources for mark in held], strong, majority)
        cue = elect_links([mark.cues for mark in held], strong, majority)
        speaker = elect_name([mark.said.speaker for mark in held], strong, majority)
        clear = (kind.clear, close > majority * len(held), source.clear, cue.clear, speaker.clear)
        ranks = list(zip(near, strong, strict=True))
        lead = held[ranks.index(max(ranks))]
        return _Won(
            kind.value,
            content,
            self.sources(source.value),
            self.cues(cue.value),
            speaker.value,
            frozenset() if all(clear) else frozenset(compress(Said._fields, (not settled for settled in clear))),
            lead.attribution.content,
        )

    def _status(self, group: Mapping[int, Mark], clear: bool, contested: bool) -> Status:
        if self.electorate.ground_truth and clear:
            return "adjudicated"
        if len(self.electorate.readings) == 1:
            return "single"
        if not contested and len(group) == len(self.electorate.readings):
            return "unanimous"
        return "majority" if clear else "unresolved"

    def contested(self, group: Mapping[int, Mark], won: Sequence[Any]) -> tuple[list[Ballot], list[Ballot]]:
        """The readings of the fields that are not held by all alike: what won, and what lost. `won` is as `Said`."""
        votes: list[Ballot] = []
        dissent: list[Ballot] = []
        count = len(self.electorate.readings)
        if len(group) < count:
            absent = [i for i in range(count) if i not in group]
            votes.append(self._vote("existence", "true", sorted(group)))
            dissent.append(self._vote("existence", "false", absent))
        numbers = sorted(group)
        said = [group[i].said for i in numbers]
        if said and said.count(won) == len(said):  # type: ignore[arg-type]  # as tuples they may be equal
            return votes, dissent
        for name, value, values in zip(
            Said._fields, won, zip(*said, strict=True) if said else [()] * len(won), strict=True
        ):
            if values and values.count(value) == len(values):
                continue
            held: dict[Any, list[int]] = {}
            for i, read in zip(numbers, values, strict=True):
                held.setdefault(read, []).append(i)
            votes.append(self._vote(name, _json(value), held.pop(value, [])))
            losers = [(by, _json(lost)) for lost, by in held.items()]
            if len(losers) > 1:
                losers.sort(key=lambda item: (-len(item[0]), item[1]))
            dissent += [self._vote(name, lost, by) for by, lost in losers]
        return votes, dissent

    def _vote(self, field: str, value: str, readers: Sequence[int]) -> Ballot:
        name: VotedField = field  # type: ignore[assignment]  # checked by the record itself
        return Ballot(name, value, self.electorate.names(readers))


_OPENING, _CLOSING = '"“„‟«‘', '"”“»’'
_QUOTED = re.compile('["“”„‟«»‘]')


def type_by_marks(words: str) -> ContentLabel:
    """What the quotation marks say of a content's type, where readers tie: all of it quoted, a part, or none."""
    bare = words.strip()
    if len(bare) > 1 and bare[0] in _OPENING and bare[-1] in _CLOSING:
        return "direct"
    return "mixed" if _QUOTED.search(words) else "indirect"


def kind_of(mark: Mark) -> ContentLabel:
    """The type of the content as this reader has it. Raises LabelError where a source or a cue stands as content."""
    label = mark.attribution.content.label
    if label == "source" or label == "cue":
        raise LabelError(f"a region labelled {label} stands as a content", place=f"offset {mark.start}")
    return label


def _json(value: Any) -> str:
    """A type or a name, a span, or several, as JSON. By hand: `json` makes a new encoder for every list."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value and isinstance(value[0], int):
        return f"[{value[0]}, {value[1]}]"
    return "[" + ", ".join([f"[{start}, {end}]" for start, end in value]) + "]"


def agreement(group: Mapping[int, Mark], readers: int) -> float | None:
    """Mean over all pairs of readers of how alike their readings are, 0.0 to 1.0; None with one reader.

    Two who marked it: the mean of content overlap, type, sources, cues and speaker; one who did not: 0.
    """
    if readers < 2:
        return None
    marks = [group[i] for i in sorted(group)]
    said = [mark.said for mark in marks]
    if said.count(said[0]) == len(said):
        total: float = len(marks) * (len(marks) - 1) / 2
    else:
        total = sum(likeness(a, b) for a, b in combinations(marks, 2))
    return round(total / (readers * (readers - 1) / 2), 4)


def likeness(a: Mark, b: Mark) -> float:
    """How alike two readings of one attribution are: mean of content overlap, type, sources, cues, speaker."""
    one, other = a.said, b.said
    if one == other:
        return 1.0
    same_name = one.speaker == other.speaker or name_key(one.speaker) == name_key(other.speaker)
    parts = (
        1.0 if one.boundaries == other.boundaries else iou(a, b),
        one.type == other.type,
        _jaccard(a.sources, b.sources),
        _jaccard(a.cues, b.cues),
        same_name,
    )
    return sum(parts) / len(parts)


def _jaccard(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return 1.0 if a == b else len(set(a) & set(b)) / len(set(a) | set(b))


def regions(group: Mapping[int, Mark], readings: Sequence[Reading]) -> list[Fields]:
    """Label Studio's regions, annotation by annotation: the content first (ids hang on it), then its links."""
    refs: list[Fields] = []
    for i in sorted(group):
        what, reading = group[i].attribution, readings[i]
        if what.content.region_id is None:
            continue
        number, name = reading.annotation_id, reading.annotator
        refs += [
            {"annotation_id": number, "region_id": region.region_id, "annotator": name}
            for region in (what.content, *what.sources, *what.cues)
            if region.region_id is not None
        ]
    return refs
