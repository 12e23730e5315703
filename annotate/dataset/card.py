"""The dataset card: one Markdown page that says what a version holds, how it was made, and under which terms."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import pyarrow as pa

from annotate.dataset.visible import visible
from annotate.records import TagRecord, VersionRecord

ATTRIBUTION_COLUMNS: Final = (
    "doc_id",
    "type",
    "status",
    "speaker",
    "source_kind",
    "annotators",
    "verdict",
    "decision_id",
)
DOCUMENT_COLUMNS: Final = ("doc_id", "outlet", "published_at", "copy_of")
_NOT_STATED: Final = "not stated"
_MOST: Final = 20  # values listed of a kind


@dataclass(frozen=True, slots=True)
class Terms:
    """What a card says of rights; what is None is told as not stated."""

    annotations_licence: str | None = None
    articles_licence: str | None = None
    contact: str | None = None
    citation: str | None = None


@dataclass(slots=True)
class Counts:
    """What a card counts; built table by table."""

    documents: int = 0
    attributions: int = 0
    labelled_documents: set[str] = field(default_factory=set)
    by: dict[str, Counter[str]] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)

    def add_attributions(self, tables: Iterable[pa.Table]) -> None:
        """Count rows with `ATTRIBUTION_COLUMNS`."""
        for table in tables:
            self.attributions += table.num_rows
            self.labelled_documents.update(table.column("doc_id").to_pylist())
            for name in ("type", "status", "source_kind", "verdict"):
                self._count(name, table.column(name).to_pylist())
            people = table.column("annotators").combine_chunks().flatten().to_pylist()
            self._count("annotators", people)
            self._count("named", ["named" if name else "nobody named" for name in table.column("speaker").to_pylist()])

    def add_documents(self, tables: Iterable[pa.Table]) -> None:
        """Count rows with `DOCUMENT_COLUMNS`."""
        for table in tables:
            self.documents += table.num_rows
            self._count("outlet", table.column("outlet").to_pylist())
            self._count("copies", ["copies" for each in table.column("copy_of").to_pylist() if each])
            days = [each[:10] for each in table.column("published_at").to_pylist() if each and each[:4].isdecimal()]
            if days:
                self.dates = [min([*self.dates[:1], *days]), max([*self.dates[1:], *days])]

    def _count(self, name: str, values: Iterable[str | None]) -> None:
        self.by.setdefault(name, Counter()).update(value for value in values if value is not None)


def card(
    version: VersionRecord,
    counts: Counts,
    tags: Sequence[TagRecord],
    *,
    title: str,
    terms: Terms,
    agreement: str | None = None,
) -> str:
    """The card. `agreement` is Markdown that goes in as it is (say, tables of coefficients)."""
    named = ", ".join(tag.tag for tag in tags if tag.version == version.version)
    people = len(counts.by.get("annotators", ()))
    sections = [
        f"# {_cell(title)}: version {version.version}" + (f" ({_cell(named)})" if named else ""),
        "Claims and quotations in Indonesian news, each with who said it: contents, sources and cues as marked by "
        "people, one row for each attribution.",
        _table(("", ""), _facts(version, counts, people)),
        "## Contents",
        *(_counted(heading, counts.by.get(name)) for name, heading in _HEADINGS.items()),
        "## Agreement",
        agreement.strip() if agreement else "Not measured for this card.",
        "## How it was made",
        _table(("", ""), _making(version)),
        "## Terms",
        _table(("", ""), _terms(terms)),
        "Texts of articles belong to their publishers; check what may be passed on before the dataset is.",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


_HEADINGS: Final = {
    "type": "Type of report",
    "status": "Ground of the row",
    "named": "Speaker",
    "source_kind": "Kind of source",
    "outlet": "Outlet",
    "annotators": "Annotator",
    "verdict": "Verdict of a fact-checker",
}


def _facts(version: VersionRecord, counts: Counts, people: int) -> Iterator[tuple[str, Any]]:
    yield "date", version.created_at[:10]
    yield "author", version.author
    yield "message", version.message
    yield "documents", version.documents
    yield "documents without any attribution", counts.documents - len(counts.labelled_documents)
    yield "near-copies of other documents", counts.by.get("copies", Counter())["copies"]
    yield "published", " to ".join(counts.dates) or _NOT_STATED
    yield "attributions", version.attributions
    yield "annotations by people", version.annotations
    yield "annotators", people
    yield "labels set aside", version.set_aside
    yield "hash of the content", f"`{version.content_sha256}`"


def _making(version: VersionRecord) -> Iterator[tuple[str, Any]]:
    yield "atribusi", version.tool_version
    yield "annotation scheme", version.scheme_version
    yield "records", version.record_version
    yield "lexicon", version.lexicon_version or "none"
    yield "pre-marks", ", ".join(version.marker_versions) or "none"
    yield "merge", version.merge_rules
    options = json.loads(version.merge_options)
    yield "thresholds other than the default", ", ".join(f"{k} = {v}" for k, v in options.items()) or "none"
    if version.restores is not None:
        yield "restores version", version.restores


def _terms(terms: Terms) -> Iterator[tuple[str, Any]]:
    yield "licence of the annotations", terms.annotations_licence or _NOT_STATED
    yield "licence of the articles", terms.articles_licence or _NOT_STATED
    yield "contact", terms.contact or _NOT_STATED
    yield "cite as", terms.citation or _NOT_STATED


def _counted(heading: str, counter: Mapping[str, int] | None) -> str:
    if not counter:
        return ""
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(number for _, number in ordered[_MOST:])
    more = [(f"{len(ordered) - _MOST} others", rest)] if rest else []
    return _table((heading, "number"), [*ordered[:_MOST], *more])


def _table(head: tuple[str, str], rows: Iterable[tuple[str, Any]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {_cell(name)} | {_cell(value)} |" for name, value in rows)])


def _cell(value: Any) -> str:
    """A text of anybody's as it can stand in a cell: no markup, no line break, no new column."""
    text = escape(visible(str(value)), quote=False)
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")
