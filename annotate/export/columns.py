"""The columns of an export, defined once: name, type, unit, meaning.

`atribusi columns` prints them, the data dictionary beside every export lists them, and every writer takes its types
from them. Their order and their names are stable: new columns come at the end.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from annotate.datamodel import CUE_KINDS, SOURCE_KINDS
from annotate.records import PremarkChange, Status, Verdict

# text: free text, which may begin as a formula does; code: one of the values that the description names, or an id of
# ours; list: texts or codes joined by ` | `
ColumnType = Literal["text", "code", "integer", "number", "list"]

LIST_SEPARATOR: Final = " | "


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `unit` is empty where there is none; all columns may be empty where a thing is not known."""

    name: str
    type: ColumnType
    unit: str
    description: str


def _one_of(*values: str) -> str:
    return "one of: " + ", ".join(values)


_OFFSET: Final = "code points"
_FROM: Final = " in the document's text, counted from 0"
_UNTIL: Final = ", half-open: text[start:end] is the words"
_DOCUMENT: Final = (
    Column("doc_id", "text", "", "id of the document, as in the source or as derived from its path or text"),
    Column("outlet", "text", "", "who published the article"),
    Column("title", "text", "", "headline of the article"),
    Column("url", "text", "", "address of the article"),
    Column(
        "published_at", "text", "ISO 8601", "when the article was published; as the source has it where not understood"
    ),
    Column("date", "code", "YYYY-MM-DD", "day of `published_at`, empty where it was not understood"),
)
_VERSION: Final = Column("version", "integer", "", "version of the dataset that the row was exported from")

COLUMNS: Final[tuple[Column, ...]] = (
    _VERSION,
    Column("attribution_id", "text", "", "id of the attribution; the same in every version that it lives in"),
    *_DOCUMENT,
    Column("type", "code", "", _one_of("direct", "mixed", "indirect")),
    Column("verbatim", "code", "", "verbatim (type direct), partly (mixed) or paraphrase (indirect)"),
    Column("content", "text", "", "the words that are ascribed, as printed, quotation marks included"),
    Column(
        "content_unquoted", "text", "",
        "the content without its quotation marks: of a direct content the outer pair, of others all double marks",
    ),
    Column("cue", "list", "", "the words that signal the attribution (`kata`, `menurut`), in text order"),
    Column("cue_kind", "code", "", _one_of(*CUE_KINDS)),
    Column("source", "list", "", "who the content is ascribed to, as printed beside it, in text order"),
    Column("source_kind", "code", "", _one_of(*SOURCE_KINDS)),
    Column("speaker", "text", "", "the source's fullest name in the document, without titles; empty: nobody is named"),
    Column("role", "text", "", "office or occupation of the speaker, as printed"),
    Column("affiliation", "text", "", "organisation that the speaker speaks for, as printed"),
    Column("register_id", "text", "", "id of the speaker in a register of speakers, say a Wikidata QID"),
    Column("addressee", "text", "", "who was spoken to, as printed"),
    Column("time", "text", "", "when it was said, as printed"),
    Column("place", "text", "", "where it was said, as printed"),
    Column("occasion", "text", "", "on what occasion it was said, as printed"),
    Column("sentence_before", "text", "", "the sentence before the one that the content begins in"),
    Column("sentence_after", "text", "", "the sentence after the one that the content ends in"),
    Column("content_start", "integer", _OFFSET, "where the content begins" + _FROM),
    Column("content_end", "integer", _OFFSET, "where the content ends" + _UNTIL),
    Column("source_start", "integer", _OFFSET, "where the first source begins" + _FROM),
    Column("source_end", "integer", _OFFSET, "where the first source ends" + _UNTIL),
    Column("source_spans", "list", _OFFSET, "all sources as start-end, as above"),
    Column("cue_start", "integer", _OFFSET, "where the first cue begins" + _FROM),
    Column("cue_end", "integer", _OFFSET, "where the first cue ends" + _UNTIL),
    Column("cue_spans", "list", _OFFSET, "all cues as start-end, as above"),
    Column("depth", "integer", "reports", "number of reports around this one; 0: told by the article itself"),
    Column("parent_id", "text", "", "attribution whose content holds this one"),
    Column("chain", "text", "", "who reports whom, from the outermost inwards, joined by ` > `; where depth is not 0"),
    Column("status", "code", "", _one_of(*get_args(Status)) + "; premark: by the pre-marker, reviewed by nobody"),
    Column("annotators", "list", "", "who marked it"),
    Column("annotator_count", "integer", "people", "number of those who marked it"),
    Column("readers", "list", "", "who labelled the document at all"),
    Column("reader_count", "integer", "people", "number of those who labelled the document"),
    Column("votes", "list", "", "the readings that won where readers differed, as `field = reading (who)`"),
    Column("dissent", "list", "", "the readings that lost, as `field = reading (who)`"),
    Column("agreement", "number", "-1 to 1", "agreement of the readers on this attribution; 1: all hold the same"),
    Column("premark_rule", "text", "", "rule of the pre-marker that proposed the content; empty: people found it"),
    Column("premark_confidence", "number", "0 to 1", "confidence of the pre-marker"),
    Column("premark_version", "text", "", "version of the pre-marker"),
    Column("premark_change", "list", "", "what people did with the pre-mark: " + ", ".join(get_args(PremarkChange))),
    Column("verdict", "code", "", "what a fact-checker found of the attribution; " + _one_of(*get_args(Verdict))),
    Column("claim_rating", "text", "", "a fact-checker's truth rating of the claim itself"),
    Column("decision_id", "text", "", "the human decision that the row follows"),
    Column("commit_id", "text", "", "commit that wrote the row"),
    Column("regions", "list", "", "the regions of Label Studio that the row stands on, as annotation:region"),
    Column("text_sha256", "code", "", "SHA-256 of the document's text that the offsets count"),
)  # fmt: skip

DOCUMENT_COLUMNS: Final[tuple[Column, ...]] = (
    _VERSION,
    *_DOCUMENT,
    Column("characters", "integer", "code points", "length of the text, headline included"),
    Column("words", "integer", "words", "number of words of the text, as separated by white space"),
    Column("attributions", "integer", "rows", "attributions of this document in this export; 0 counts, too"),
    Column("direct", "integer", "rows", "of these, direct"),
    Column("mixed", "integer", "rows", "of these, mixed"),
    Column("indirect", "integer", "rows", "of these, indirect"),
    Column("premarks_left_out", "integer", "rows", "pre-marks that nobody reviewed and that were not asked for"),
    Column("filtered_out", "integer", "rows", "attributions that the filters of this export left out"),
    Column("retrieved_at", "text", "ISO 8601, UTC", "when the article was fetched"),
    Column("archived_url", "text", "", "address of an archived copy"),
    Column("copy_of", "text", "", "`doc_id` of the article of which this one is a near-copy"),
    Column("text_sha256", "code", "", "SHA-256 of the document's text"),
)
