"""What flows through the house: documents, labelled spans, attributions.

    Article -> Document -> MarkedDocument (attributions of regions) -> Label Studio task -> people -> Attribution again

These are small frozen records without behaviour, cheap enough to be made for every mark of an archive. What is kept in
the dataset and published as JSON Schema stands in `annotate.records`. The terms are those of the attribution literature
(PARC 3.0, PolNeAR): content, source, cue.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeVar, dataclass_transform, get_args

SCHEME_VERSION: Final = 1

ContentLabel = Literal["direct", "mixed", "indirect"]
Label = Literal["direct", "mixed", "indirect", "source", "cue"]
CueKind = Literal[
    "statement", "opinion", "claim", "denial", "accusation", "directive", "promise", "hearsay", "question"
]
SourceKind = Literal["person", "organisation", "document", "media", "collective", "unnamed", "pronoun"]
Origin = Literal["prediction", "prediction-changed", "manual"]

CONTENT_LABELS: Final[tuple[ContentLabel, ...]] = get_args(ContentLabel)
LABELS: Final[tuple[Label, ...]] = get_args(Label)
CUE_KINDS: Final[tuple[CueKind, ...]] = get_args(CueKind)
SOURCE_KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def _record(cls: type[T]) -> type[T]:
    """Makes a frozen dataclass with slots that is frozen by the type checker only.

    To be frozen while it runs, too, would make each three times as dear, and an article makes a hundred of them.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@_record
class Document:
    """One article. `text` holds the headline too, and is exactly what was read: all offsets count its code points.

    `published_at` is ISO 8601 where the source could be understood, else as the source has it.
    """

    doc_id: str
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published_at: str | None = None

    @property
    def text_sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8; tells whether a span can still be trusted."""
        return _sha256(self.text)


@lru_cache(maxsize=8)  # asked for again and again while one document is worked on
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@_record
class Region:
    """A labelled span of a document.

    `rule` and `confidence` (0.0 to 1.0) are the pre-marker's; `region_id` and `origin` are Label Studio's, for regions
    that came back from there; `kind` is a `CueKind` on a cue and a `SourceKind` on a source.
    """

    label: Label
    start: int
    end: int
    rule: str | None = None
    confidence: float | None = None
    kind: CueKind | SourceKind | None = None
    region_id: str | None = None
    origin: Origin | None = None

    def words(self, text: str) -> str:
        """The region's words, cut from the document's own text."""
        return text[self.start : self.end]


@_record
class Details:
    """What is worked out from the text and an attribution's spans, whoever drew them. `None`: not known.

    Phrases (`addressee`, `time`, `place`, `occasion`, `role`, `affiliation`) are words of the text as printed.
    """

    cue_kind: CueKind | None = None
    source_kind: SourceKind | None = None
    role: str | None = None
    affiliation: str | None = None
    register_id: str | None = None
    addressee: str | None = None
    time: str | None = None
    place: str | None = None
    occasion: str | None = None


@_record
class Attribution:
    """A content, tied to the sources that it is ascribed to and to the cues that signal it.

    `speaker` is the source's fullest name in the document, empty where nobody is named. Two contents may have the same
    span; sources and cues are shared by the contents that they belong to, and equal regions are one region.
    """

    content: Region
    sources: tuple[Region, ...] = ()
    cues: tuple[Region, ...] = ()
    speaker: str = ""
    details: Details = Details()


@_record
class MarkedDocument:
    """A document with its pre-marks, in text order of their contents. `marker` names program, version and lexicon."""

    document: Document
    attributions: tuple[Attribution, ...]
    marker: str
