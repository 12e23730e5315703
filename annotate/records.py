"""What is kept: the dataset's records and their published contracts (`schemas/`, generated from here).

Every field that any part of the product fills is here from the start, and nullable where it may be unknown, so that a
table written today can be read tomorrow. Times are ISO 8601 in UTC with `Z`; spans are half-open code-point offsets
into the document's text; ids are text.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from annotate.datamodel import ContentLabel, CueKind, SourceKind

# Goes up with fields that are added: 2, what an annotation is for, and the text of its task where it is not ours.
RECORD_SCHEMA_VERSION: Final = 2

AnnotationState = Literal["submitted", "empty", "skipped", "draft", "deleted"]
AnnotationPurpose = Literal["labels", "adjudication"]
Status = Literal["unanimous", "majority", "single", "adjudicated", "unresolved", "premark"]
PremarkChange = Literal["accepted", "moved", "relabelled", "relinked", "renamed", "removed", "added"]
Verdict = Literal["right", "wrong_speaker", "misquoted", "out_of_context", "cannot_tell"]
DecisionKind = Literal["adjudication", "review", "register", "undo"]
VotedField = Literal["existence", "type", "boundaries", "source", "cue", "speaker"]

Offset = Annotated[int, Field(ge=0, description="code points from the start of the document's text")]
Instant = Annotated[str, Field(description="ISO 8601, UTC, ending in Z")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="hexadecimal SHA-256")]


class Record(BaseModel):
    """Base of all records: immutable, and no field that the contract does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# The fields of a record by name, those of its parts likewise: what a record can be made of, and is written as well.
Fields = Mapping[str, Any]


class SpanRecord(Record):
    """A span, with its words as cut from our own copy of the text."""

    start: Offset
    end: Offset
    text: str = Field(description="the words, as they stand there")


class DocumentRecord(Record):
    """One revision of one article. A changed text is a new revision; the old one stays."""

    doc_id: str = Field(min_length=1, description="stable id of the article")
    text_sha256: Sha256 = Field(description="of `text` in UTF-8; with `doc_id`, the identity of this revision")
    text: str = Field(description="the whole text, headline included, exactly as read")
    title: str | None = Field(None, description="headline; also part of `text`")
    url: str | None = Field(None, description="address of the article")
    outlet: str | None = Field(None, description="who published it")
    published_at: str | None = Field(None, description="ISO 8601 where understood, else as the source has it")
    retrieved_at: Instant | None = Field(None, description="when the article was fetched from its address")
    archived_url: str | None = Field(None, description="address of an archived copy")
    copy_of: str | None = Field(None, description="`doc_id` of the article of which this one is a near-copy")
    commit_id: str = Field(description="commit that added this revision")


class AnnotationRecord(Record):
    """One state of one Label Studio annotation (or draft), exactly as pulled; never changed, never removed."""

    state_id: Sha256 = Field(description="of server, project, task, annotation and content: a state is kept once")
    server: str = Field(description="address of the Label Studio server, without credentials")
    project_id: int = Field(description="Label Studio's number of the project")
    task_id: int = Field(description="Label Studio's number of the task")
    annotation_id: int = Field(description="Label Studio's id; negative for a draft")
    doc_id: str = Field(description="article that the task is of")
    task_text_sha256: Sha256 = Field(description="of `data.text` as the server had it when this state was pulled")
    task_text: str | None = Field(None, description="`data.text`, kept only where it is not the text that was pushed")
    state: AnnotationState = Field(description="what became of it by then")
    purpose: AnnotationPurpose = Field(
        "labels", description="an adjudicator's annotation decides on others' labels and is no label beside them"
    )
    annotator: str | None = Field(None, description="e-mail address of who labelled, or a pseudonym; None: unknown")
    updated_by: str | None = Field(None, description="who changed it last, where that is somebody else")
    created_at: Instant | None = Field(None, description="when it was begun, ISO 8601 in UTC")
    updated_at: Instant | None = Field(None, description="when it was last changed, ISO 8601 in UTC")
    lead_time: float | None = Field(None, ge=0, description="seconds spent on it, as Label Studio counts them")
    ground_truth: bool = Field(False, description="marked as ground truth in Label Studio")
    parent_prediction: int | None = Field(None, description="Label Studio's id of the prediction that it began as")
    parent_annotation: int | None = Field(None, description="id of the annotation that it was copied from")
    prediction_version: str | None = Field(None, description="model version of the prediction that was shown")
    unique_id: str | None = Field(None, description="Label Studio's own unique id of it")
    raw: str = Field(description="JSON of the annotation as the server gave it")
    pulled_at: Instant


class Vote(Record):
    """One reading of one field of an attribution, and who held it."""

    field: VotedField = Field(description="what was voted on")
    value: str = Field(description="JSON of the reading")
    annotators: list[str] = Field(description="who held it")


class RegionRef(Record):
    """Where in Label Studio a part of an attribution was drawn. Region ids are unique in an annotation only."""

    annotation_id: int = Field(description="Label Studio's id of the annotation")
    region_id: str = Field(description="id of the region in it")
    annotator: str | None = Field(None, description="who drew it")


class AttributionRecord(Record):
    """One attribution of one version of the dataset: who said what, where, and how we know."""

    attribution_id: str = Field(min_length=1, description="minted once, carried on from version to version")
    doc_id: str = Field(description="article that it stands in")
    text_sha256: Sha256 = Field(description="of the document's text that the offsets count")
    commit_id: str = Field(description="commit that wrote this row")

    type: ContentLabel = Field(description="how the content is reported")
    content: SpanRecord = Field(description="what was said")
    sources: list[SpanRecord] = Field(default_factory=list, description="who it is ascribed to, as printed")
    cues: list[SpanRecord] = Field(default_factory=list, description="the words that signal it")
    speaker: str | None = Field(None, description="fullest name in the document without titles; empty: nobody is named")

    cue_kind: CueKind | None = Field(None, description="kind of the first cue")
    source_kind: SourceKind | None = Field(None, description="kind of the first source")
    role: str | None = Field(None, description="the source's office or role, as printed")
    affiliation: str | None = Field(None, description="the organisation that the source belongs to, as printed")
    register_id: str | None = Field(None, description="id of the speaker in a register, say a Wikidata QID")
    addressee: str | None = Field(None, description="who it was said to, as printed")
    time: str | None = Field(None, description="when it was said, as printed")
    place: str | None = Field(None, description="where it was said, as printed")
    occasion: str | None = Field(None, description="on what occasion, as printed")

    parent_id: str | None = Field(None, description="attribution whose content holds this one")
    depth: int = Field(0, ge=0, description="number of reports around this one")

    status: Status = Field(description="the ground that the row stands on")
    annotators: list[str] = Field(default_factory=list, description="who marked it")
    readers: list[str] = Field(default_factory=list, description="who labelled the document at all")
    votes: list[Vote] = Field(default_factory=list, description="the readings that won")
    dissent: list[Vote] = Field(default_factory=list, description="the readings that lost")
    agreement: float | None = Field(None, ge=-1, le=1, description="agreement of the group, 1 where all hold the same")
    regions: list[RegionRef] = Field(default_factory=list, description="the regions of Label Studio that it stands on")

    premark_rule: str | None = Field(None, description="rule of the pre-marker that made the content")
    premark_confidence: float | None = Field(None, ge=0, le=1, description="the pre-marker's confidence in it")
    premark_version: str | None = Field(None, description="model version of the pre-marks")
    premark_change: list[PremarkChange] = Field(default_factory=list, description="what people changed of the pre-mark")

    decision_id: str | None = Field(None, description="the human decision that this row follows")
    verdict: Verdict | None = Field(None, description="what a fact-checker found of the attribution")
    claim_rating: str | None = Field(None, description="a fact-checker's truth rating of the claim itself")


class DecisionRecord(Record):
    """A decision by a person: an event, never changed; an undo is another event."""

    decision_id: str = Field(min_length=1, description="id of the event")
    kind: DecisionKind = Field(description="what sort of decision")
    doc_id: str | None = Field(None, description="article that it is about")
    attribution_id: str | None = Field(None, description="attribution that it is about")
    undoes: str | None = Field(None, description="`decision_id` that this event takes back")
    decided_by: str = Field(min_length=1, description="who decided")
    decided_at: Instant
    on_version: int | None = Field(None, ge=0, description="version of the dataset that the person looked at")
    verdict: Verdict | None = Field(None, description="what was found of the attribution")
    claim_rating: str | None = Field(None, description="truth rating of the claim itself, in the reviewer's words")
    exists: bool | None = Field(None, description="False: there is no attribution here; True: there is, as it stands")
    basis: list[str] | None = Field(None, description="digests of the readings that the decision was taken on")
    type: ContentLabel | None = Field(None, description="corrected type")
    content: SpanRecord | None = Field(None, description="corrected content")
    sources: list[SpanRecord] | None = Field(None, description="corrected sources")
    cues: list[SpanRecord] | None = Field(None, description="corrected cues")
    speaker: str | None = Field(None, description="corrected speaker")
    register_id: str | None = Field(None, description="id of the speaker in a register")
    merged_names: list[str] | None = Field(None, description="names that are one speaker (a decision on the register)")
    reason: str | None = Field(None, description="why this source (justification)")
    note: str | None = Field(None, description="remark")
    fact_check: str | None = Field(None, description="number or address of an earlier fact-check")
    annotation_id: int | None = Field(None, description="the adjudicator's annotation in Label Studio")


class SetAsideRecord(Record):
    """A label that could not become part of an attribution. Kept with its reason: never dropped, never guessed."""

    doc_id: str = Field(description="article that the label was drawn in")
    commit_id: str = Field(description="commit that wrote this row")
    annotation_id: int = Field(description="Label Studio's id of the annotation")
    region_id: str | None = Field(None, description="id of the region in it")
    annotator: str | None = Field(None, description="who drew it")
    reason: str = Field(description="why it could not be used")
    raw: str = Field(description="JSON of the label as pulled")


class DocumentStateRecord(Record):
    """What a commit made of one document. A version's state of a document is its newest row up to that version.

    Rows of `attributions` and `set_aside` belong to the version where `doc_id` and `commit_id` equal `doc_id` and
    `rows_commit_id` here; so a commit writes the documents that changed, and no others.
    """

    doc_id: str = Field(description="article")
    commit_id: str = Field(description="commit that wrote this row")
    text_sha256: Sha256 | None = Field(None, description="current revision; None: the version lacks the document")
    document_sha256: Sha256 = Field(description="of the document's row")
    document_commit_id: str = Field(description="`commit_id` of the document's row")
    rows_commit_id: str = Field(description="`commit_id` of its rows of `attributions` and `set_aside`")
    attributions: int = Field(ge=0, description="number of its attributions")
    set_aside: int = Field(0, ge=0, description="number of its labels set aside")
    content_sha256: Sha256 = Field(description="of the document, its attributions and what was set aside")
    inputs_sha256: Sha256 = Field(description="of the ids of the annotations' states and decisions it was made from")


class TableState(Record):
    """Where a table stood when a version was recorded."""

    table: str = Field(description="name of the table")
    delta_version: int = Field(ge=0, description="its version in Delta Lake's own count")
    rows: int = Field(ge=0, description="rows of this table that belong to the version")


class VersionRecord(Record):
    """One consistent set of the tables. Recorded last, in one atomic append: without it, its rows do not count."""

    version: int = Field(ge=1, description="number; versions count from 1")
    commit_id: str = Field(description="id that the rows it wrote carry")
    parent: int | None = Field(None, description="version that this one follows; None for the first")
    restores: int | None = Field(None, description="older version whose content this one brings back")
    created_at: Instant
    author: str = Field(description="who made it")
    message: str = Field(description="why it was made")
    content_sha256: Sha256 = Field(description="of documents, attributions and set-aside labels: equal where these are")
    documents: int = Field(ge=0, description="number of documents")
    annotations: int = Field(ge=0, description="number of submitted annotations known then")
    attributions: int = Field(ge=0, description="number of attributions")
    set_aside: int = Field(0, ge=0, description="number of labels set aside")
    tables: list[TableState] = Field(description="where each table stood")
    tool_version: str = Field(description="version of atribusi")
    scheme_version: int = Field(description="version of the annotation scheme")
    record_version: int = Field(description="version of these records")
    lexicon_version: str | None = Field(None, description="version of the lexicon")
    marker_versions: list[str] = Field(
        default_factory=list, description="model versions of the pre-marks that its rows began as"
    )
    merge_rules: str = Field(description="name and version of the rule set that merged the annotators")
    merge_options: str = Field("{}", description="JSON of the rule set's thresholds that were not the default")


class TagRecord(Record):
    """A name for a version."""

    tag: str = Field(min_length=1, description="the name")
    version: int = Field(ge=1, description="the version that it names")
    created_at: Instant
    author: str = Field(description="who set it")
    message: str = Field("", description="remark")
    card: str | None = Field(None, description="dataset card (Markdown) as it was when the tag was set")


class AssignmentRecord(Record):
    """One article, given to one annotator."""

    doc_id: str = Field(description="article")
    annotator: str = Field(description="e-mail address of who is to label it, or a pseudonym")
    blind: bool = Field(description="True: without sight of pre-marks")


class PlaceRecord(Record):
    """Where an annotator labels: a project of his or her own, and one more for what is labelled without pre-marks."""

    annotator: str = Field(description="e-mail address, or a pseudonym")
    blind: bool = Field(description="True: the project without pre-marks")
    project_id: int = Field(description="Label Studio's number of the project")


class PlanRecord(Record):
    """Who is to label what. A changed plan is a new revision; what somebody has begun is never taken away again."""

    revision: int = Field(ge=1, description="plans of a project count from 1; the last one holds")
    server: str = Field(description="address of the Label Studio server, without credentials")
    project_id: int = Field(description="Label Studio's number of the project that the articles were pushed to")
    created_at: Instant
    author: str = Field(description="who made it")
    annotators: list[str] = Field(description="who labels")
    overlap: float = Field(ge=0, le=1, description="share of the articles that several label, for agreement")
    readers: int = Field(ge=1, description="how many label an article of that share")
    blind: float = Field(ge=0, le=1, description="share that one more annotator labels without pre-marks")
    seed: int = Field(description="of the drawing")
    places: list[PlaceRecord] = Field(default_factory=list, description="projects of the annotators")
    assignments: list[AssignmentRecord] = Field(default_factory=list, description="who labels what")


PUBLISHED: Final[dict[str, type[Record]]] = {
    "document": DocumentRecord,
    "annotation": AnnotationRecord,
    "attribution": AttributionRecord,
    "decision": DecisionRecord,
    "set-aside": SetAsideRecord,
    "document-state": DocumentStateRecord,
    "version": VersionRecord,
    "tag": TagRecord,
    "plan": PlanRecord,
}
