"""From a chunk to the flat table that analysts get: one row for each attribution, the columns of `columns.py`."""

from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from annotate.errors import DatasetError
from annotate.export.chunks import Chunk
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS, LIST_SEPARATOR, Column
from annotate.export.context import sentences_around
from annotate.export.quoting import unquoted
from annotate.export.shared import combined, joined, plain, renamed, shared
from annotate.export.texts import Texts

_ARROW: Final = {
    "text": pa.string(),
    "code": pa.string(),
    "list": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
}
_ISO_DAY: Final = r"^\d{4}-\d{2}-\d{2}"
_REPORTS: Final = " > "  # between two names of a chain
_LONGEST_CHAIN: Final = 50  # names: a broken dataset could hold a ring
_VERBATIM: Final = {"direct": "verbatim", "mixed": "partly", "indirect": "paraphrase"}
_AS_THEY_ARE: Final = (
    "attribution_id", "doc_id", "type", "cue_kind", "source_kind", "speaker", "role", "affiliation", "register_id",
    "addressee", "time", "place", "occasion", "depth", "parent_id", "status", "agreement", "premark_rule",
    "premark_confidence", "premark_version", "verdict", "claim_rating", "decision_id", "commit_id", "text_sha256",
)  # fmt: skip
# Texts that hardly ever stand in two rows: to look each up among those before costs time, and a file grows by it.
RARELY_SHARED: Final = frozenset((
    "attribution_id", "content", "content_unquoted", "sentence_before", "sentence_after", "source_spans", "cue_spans",
    "parent_id", "chain", "regions",
))  # fmt: skip


@cache
def schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of a flat table; each field carries its description."""
    return pa.schema([pa.field(c.name, _ARROW[c.type], metadata={"description": c.description}) for c in columns])


@cache
def shared_schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """The same with dictionaries for texts that many rows share."""
    is_shared = {c.name: _ARROW[c.type] == pa.string() and c.name not in RARELY_SHARED for c in columns}
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([field.with_type(kind) if is_shared[field.name] else field for field in schema_of(columns)])


def flatten(
    chunk: Chunk, version: int | None, counts: dict[str, Any], *, dictionaries: bool = False
) -> tuple[pa.Table, pa.Table]:
    """The chunk's attributions and its documents as flat rows: the columns of `COLUMNS` and of `DOCUMENT_COLUMNS`.

    An empty text becomes null: a cell is empty or it says something. `version` is None for rows that are in no dataset;
    `counts`: columns of the documents that tell how many attributions were left out. With `dictionaries`, the
    attributions have the types of `shared_schema_of(COLUMNS)`. Raises `DatasetError` for an attribution whose document
    is not there.
    """
    rows, documents = chunk.attributions.combine_chunks(), chunk.documents.combine_chunks()
    at = _documents_of(rows, documents)
    if at.null_count:
        orphan = rows.filter(pc.is_null(at)).slice(0, 1).column("attribution_id")[0].as_py()
        raise DatasetError(f"the attribution {orphan!r} comes without the text that its offsets count")
    texts, days = Texts(_one(documents.column("text"))), day_of(documents.column("published_at"))
    schema = shared_schema_of(COLUMNS) if dictionaries else schema_of(COLUMNS)
    return (
        _table(_attributions(rows, documents, at, texts) | {"date": _spread(days, at)}, schema, version),
        _table(_documents(documents, rows, at, texts) | {"date": days} | counts, schema_of(DOCUMENT_COLUMNS), version),
    )


def _documents_of(rows: pa.Table, documents: pa.Table) -> Any:
    """The place of each row's document; null where it is not there. Looked up once for rows that follow each other."""
    codes = [shared(_one(rows.column(name))).indices.to_numpy() for name in ("doc_id", "text_sha256")]
    is_first = np.ones(rows.num_rows, bool)
    is_first[1:] = (codes[0][1:] != codes[0][:-1]) | (codes[1][1:] != codes[1][:-1])
    some = rows.select(["doc_id", "text_sha256"]).take(pa.array(np.flatnonzero(is_first)))
    at = _one(pc.index_in(document_keys(some), value_set=document_keys(documents)))
    return at.take(pa.array(np.cumsum(is_first) - 1))


def _spread(column: Any, at: Any) -> Any:
    """A column of the documents, for each of the rows."""
    known = shared(_one(column))
    return pa.DictionaryArray.from_arrays(known.indices.take(at), known.dictionary)


def _attributions(rows: pa.Table, documents: pa.Table, at: Any, texts: Texts) -> dict[str, Any]:
    """Columns of the attributions; `at`: the place of each one's document; `texts`: of the documents."""
    columns: dict[str, Any] = {name: rows.column(name) for name in _AS_THEY_ARE}
    columns |= {name: _spread(documents.column(name), at) for name in ("outlet", "title", "url", "published_at")}
    columns |= _content(rows)
    columns |= _spans(rows, "sources", "source") | _spans(rows, "cues", "cue")
    columns |= _people(rows)
    columns["chain"] = _chains(rows)
    before, after = _context(rows, documents, at, texts)
    return columns | {"sentence_before": before, "sentence_after": after}


def _documents(documents: pa.Table, rows: pa.Table, at: Any, texts: Texts) -> dict[str, Any]:
    """Columns of the documents; `at`: of which of them each of the rows is."""
    names = [c.name for c in DOCUMENT_COLUMNS if c.name in documents.column_names]
    columns: dict[str, Any] = {name: documents.column(name) for name in names}
    columns["characters"], columns["words"] = pa.array(texts.lengths()), pa.array(texts.word_counts(), pa.int64())
    of = at.to_numpy()
    columns["attributions"] = pa.array(np.bincount(of, minlength=documents.num_rows))
    types = shared(_one(rows.column("type")))
    for kind in _VERBATIM:
        columns[kind] = pa.array(np.bincount(of[_are(types, kind)], minlength=documents.num_rows))
    return columns


def document_keys(table: pa.Table) -> Any:
    """What tells a document's revision from all others, for each row."""
    return pc.binary_join_element_wise(*(plain(table.column(name)) for name in ("doc_id", "text_sha256")), "\x1f")


def count_by(keys: Any, found: Any) -> Any:
    """How often each of `keys` is among `found`."""
    counted = pc.value_counts(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found)
    at = pc.index_in(keys, value_set=counted.field("values"))
    return pc.fill_null(counted.field("counts").take(at), 0)


def day_of(published_at: Any) -> Any:
    """The day of a time in ISO 8601; null for what is none."""
    is_iso = pc.fill_null(pc.match_substring_regex(published_at, _ISO_DAY), False)
    return pc.if_else(is_iso, pc.utf8_slice_codeunits(published_at, 0, 10), pa.scalar(None, pa.string()))


def _table(columns: dict[str, Any], schema: pa.Schema, version: int | None) -> pa.Table:
    columns["version"] = pa.repeat(pa.scalar(version, pa.int64()), len(columns["doc_id"]))
    return pa.Table.from_arrays([_cells(_one(columns[field.name]), field.type) for field in schema], schema=schema)


def _cells(array: Any, kind: pa.DataType) -> Any:
    """The array in the type that is asked for, empty texts as nulls."""
    if pa.types.is_dictionary(kind) or pa.types.is_dictionary(array.type):
        array = shared(array)
        array = renamed(array.indices, array.dictionary)
        return array if array.type == kind else array.cast(kind)
    if array.type != kind:
        array = array.cast(kind)
    if kind == pa.string() and pc.min(pc.binary_length(array)).as_py() == 0:
        array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    return array


def _content(rows: pa.Table) -> dict[str, Any]:
    content, kind = _one(rows.column("content")), shared(_one(rows.column("type")))
    words = pc.struct_field(content, "text")
    known = pa.array([_VERBATIM.get(name) for name in kind.dictionary.to_pylist()], pa.string())
    return {
        "content": words,
        "content_unquoted": unquoted(_are(kind, "direct"), words),
        "verbatim": renamed(kind.indices, known),
        "content_start": pc.struct_field(content, "start"),
        "content_end": pc.struct_field(content, "end"),
    }


def _are(texts: Any, one: str) -> Any:
    """Which texts of a dictionary array are a certain one."""
    is_one = pc.equal(texts.dictionary, one).to_numpy(zero_copy_only=False).astype(bool)
    return np.append(is_one, False)[pc.fill_null(texts.indices, len(is_one)).to_numpy()]


def _one(column: Any) -> Any:
    """A column of a combined table as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _spans(rows: pa.Table, field: str, name: str) -> dict[str, Any]:
    """Words, bounds of the first, and all bounds, of a list of spans."""
    lists = _one(rows.column(field))
    starts, ends, words = (lists.values.field(part) for part in ("start", "end", "text"))
    length = pc.fill_null(pc.list_value_length(lists), 0)
    first = pc.if_else(pc.greater(length, 0), lists.offsets.slice(0, len(lists)), pa.scalar(None, pa.int32()))
    bounds = pc.binary_join_element_wise(starts.cast(pa.string()), ends.cast(pa.string()), "-")
    return {
        name: joined(lists, words, LIST_SEPARATOR),
        f"{name}_start": starts.take(first),
        f"{name}_end": ends.take(first),
        f"{name}_spans": _joined_once(lists, bounds),
    }


def _joined_once(lists: Any, texts: Any) -> Any:
    """`joined` of texts that hardly ever repeat."""
    if len(texts) == len(lists) and pc.all(pc.equal(pc.list_value_length(lists), 1)).as_py():
        return texts
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, texts), LIST_SEPARATOR)


def _people(rows: pa.Table) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field, count in (("annotators", "annotator_count"), ("readers", "reader_count")):
        lists = _one(rows.column(field))
        columns[field] = joined(lists, lists.values, LIST_SEPARATOR)
        columns[count] = pc.fill_null(pc.list_value_length(lists), 0)
    changes = _one(rows.column("premark_change"))
    columns["premark_change"] = joined(changes, changes.values, LIST_SEPARATOR)
    for field in ("votes", "dissent"):
        lists = _one(rows.column(field))
        columns[field] = joined(lists, _told(lists.values), LIST_SEPARATOR)
    lists = _one(rows.column("regions"))
    regions = lists.values
    told = pc.binary_join_element_wise(
        regions.field("annotation_id").cast(pa.string()), plain(regions.field("region_id")), ":"
    )
    columns["regions"] = _joined_once(lists, told)
    return columns


def _told(votes: Any) -> Any:
    """Votes as `field = reading (who)`."""
    people = votes.field("annotators")
    who = joined(people, people.values, ", ")
    numbers, (field, value, who) = combined([votes.field("field"), votes.field("value"), who])
    return renamed(numbers, pc.binary_join_element_wise(field, " = ", value, " (", who, ")", ""))


def _chains(rows: pa.Table) -> Any:
    """Who reports whom, for the nested attributions: all of them at once, one report outwards at a time."""
    nested = np.flatnonzero(pc.fill_null(rows.column("depth"), 0).to_numpy())
    if not len(nested):
        return pa.nulls(rows.num_rows, pa.string())
    names, parents = _one(rows.column("speaker")), _parents(rows)
    chains, here = _names(names.take(pa.array(nested))), parents[nested]
    for _ in range(_LONGEST_CHAIN - 1):
        if (here < 0).all():
            break
        is_outermost = pa.array(here < 0)
        outer = pc.if_else(
            is_outermost, pa.scalar(None, pa.string()), _names(names.take(pa.array(np.maximum(here, 0))))
        )
        chains = pc.binary_join_element_wise(outer, chains, _REPORTS, null_handling="skip")
        here = np.where(here < 0, here, parents[here])
    place = np.full(rows.num_rows, -1)
    place[nested] = np.arange(len(nested))
    return chains.take(pa.array(place, mask=place < 0))


def _parents(rows: pa.Table) -> Any:
    """The place of each row's parent among the rows; -1 where there is none."""
    asked = _one(rows.column("parent_id")).dictionary_encode()
    found = pc.index_in(_one(rows.column("attribution_id")), value_set=asked.dictionary)
    there = np.flatnonzero(found.is_valid())
    places = np.full(len(asked.dictionary) + 1, -1)
    places[pc.fill_null(found, -1).to_numpy()[there]] = there
    return places[pc.fill_null(asked.indices, len(asked.dictionary)).to_numpy()]


def _names(speakers: Any) -> Any:
    names = pc.fill_null(plain(speakers), "")
    return pc.if_else(pc.equal(names, ""), "?", names)


def _context(rows: pa.Table, documents: pa.Table, at: Any, texts: Texts) -> tuple[Any, Any]:
    """The sentences before and after each content."""
    content = _one(rows.column("content"))
    starts, ends = (pc.struct_field(content, part).to_numpy(zero_copy_only=False) for part in ("start", "end"))
    return sentences_around(_one(documents.column("text")), at.to_numpy(), starts, ends, texts)
