"""Works out the details of attributions from text and spans, whoever drew them: kinds, role and affiliation of the
speaker, register id, and the circumstances of the utterance."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, cast

from annotate.datamodel import Attribution, CueKind, Details, Region, SourceKind
from annotate.lexicon import cue_kind
from annotate.marking.circumstances import Circumstances, find_circumstances
from annotate.marking.frames import Frames
from annotate.marking.names import Names
from annotate.marking.phrases import read_phrase
from annotate.marking.register import Register
from annotate.marking.sources import around_name, role_and_affiliation, source_kind

_HOLD_NONE: Final = ("organisation", "media", "document")
_Place = tuple[str | None, str | None]


def describe(
    text: str, attributions: Sequence[Attribution], register: Register | None = None
) -> tuple[Attribution, ...]:
    """The attributions, in the order given, with `details` filled and the kinds of cues and sources set where missing.

    Spans must lie inside the text. Speakers are taken as they are (`resolve_speakers` finds them); all else is words of
    the text as printed, or None where it does not tell.
    """
    describer = _Describer(text, attributions, register)
    return tuple(describer.describe(attribution) for attribution in attributions)


@lru_cache(maxsize=4096)
def _post_in(speaker: str) -> _Place:
    """Role and affiliation that a speaker's designation tells by itself: `Kepala Dinas Kesehatan Solo`."""
    phrase = read_phrase(speaker)
    return role_and_affiliation(phrase) if speaker and not phrase.named else (None, None)


class _Describer:
    def __init__(self, text: str, attributions: Sequence[Attribution], register: Register | None) -> None:
        self.text = text
        self.register = register
        sources = sorted({(region.start, region.end) for a in attributions for region in a.sources})
        self.names = Names(text, sources, roles_of_all=True)
        self.frames = Frames(text, attributions)
        self._kinds: dict[tuple[str, int, int], CueKind | SourceKind | None] = {}
        self._read_posts: dict[tuple[int, int], _Place] = {}
        self._told: dict[tuple[int, ...], Circumstances] = {}
        self._posts: dict[str, _Place] = {}
        for attribution in sorted(attributions, key=lambda a: a.sources[0].start if a.sources else a.content.start):
            if attribution.speaker and attribution.speaker not in self._posts and len(attribution.sources) == 1:
                post = self._post(attribution)
                named = self.names.phrase(attribution.sources[0].start, attribution.sources[0].end).named
                if any(post) and named:
                    self._posts[attribution.speaker] = post

    def describe(self, attribution: Attribution) -> Attribution:
        sources = tuple([self._with_kind(region) for region in attribution.sources])
        cues = tuple([self._with_kind(region) for region in attribution.cues])
        role, affiliation = self._role(attribution)
        told = self._circumstances(attribution)
        details = Details(
            cue_kind=cast("CueKind | None", cues[0].kind if cues else None),
            source_kind=cast("SourceKind | None", self._source_kind(sources, cues)),
            role=role,
            affiliation=affiliation,
            register_id=self.register.id_of(attribution.speaker) if self.register else None,
            addressee=told.addressee,
            time=told.time,
            place=told.place,
            occasion=told.occasion,
        )
        return Attribution(attribution.content, sources, cues, attribution.speaker, details)

    def _with_kind(self, region: Region) -> Region:
        if region.kind is not None:
            return region
        key = region.label, region.start, region.end
        if key not in self._kinds:
            if region.label == "source":
                self._kinds[key] = self.names.phrase(region.start, region.end).kind
            else:
                self._kinds[key] = cue_kind(region.words(self.text))
        kind = self._kinds[key]
        if not kind:
            return region
        return Region(*key, region.rule, region.confidence, kind, region.region_id, region.origin)

    def _source_kind(self, sources: Sequence[Region], cues: Sequence[Region]) -> str | None:
        if sources:
            return sources[0].kind
        return "pronoun" if cues and cues[0].words(self.text).lower().endswith("nya") else None

    def _role(self, attribution: Attribution) -> _Place:
        """Role and affiliation where the source stands, else where the text first tells them of this speaker."""
        if len(attribution.sources) == 1:
            source = attribution.sources[0]
            kind = self.names.phrase(source.start, source.end).kind
            if kind in _HOLD_NONE and source_kind(attribution.speaker) in _HOLD_NONE:
                return None, None
            post = self._post(attribution)
            if any(post) and self.names.phrase(source.start, source.end).named:
                return post
            known = self._post_of(attribution.speaker)
            return known if known[0] else post
        if attribution.sources:
            return None, None
        return self._post_of(attribution.speaker)

    def _post_of(self, speaker: str) -> _Place:
        if speaker not in self._posts:
            by_itself = _post_in(speaker)
            self._posts[speaker] = by_itself if by_itself[0] else self.names.offices.post_of(speaker)
        return self._posts[speaker]

    def _post(self, attribution: Attribution) -> _Place:
        """Role and affiliation that are told where the only source of the attribution stands."""
        source = attribution.sources[0]
        key = source.start, source.end
        if key not in self._read_posts:
            self._read_posts[key] = self._read_post(source, attribution.cues[0].start if attribution.cues else 0)
        return self._read_posts[key]

    def _read_post(self, source: Region, cue: int) -> _Place:
        phrase = self.names.phrase(source.start, source.end)
        role, affiliation = role_and_affiliation(phrase)
        if phrase.kind == "person" and phrase.named and role is None:
            return around_name(self.text, source.start, source.end, cue)
        return role, affiliation

    def _circumstances(self, attribution: Attribution) -> Circumstances:
        marks = (*attribution.sources[:1], *attribution.cues[:1])
        key = tuple([n for mark in marks for n in (mark.start, mark.end)])
        if key not in self._told:
            self._told[key] = find_circumstances(self.text, self.frames.pieces(attribution))
        return self._told[key]
