"""From a chunk to the flat table that analysts get: one row for each attribution, the columns of `columns.py`."""

from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from annotate.errors import DatasetError
from annotate.export.chunks import Chunk
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS, LIST_SEPARATOR, Column
from annotate.export.context import SPACE, sentences_around, word_counts

_ARROW: Final = {
    "text": pa.string(),
    "code": pa.string(),
    "list": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
}
_OPENING: Final = "\"“”„‟«»‘’‚‹›'`´"
_CLOSING: Final = "\"“”„‟«»‘’‹›'`´"
_TWICE: Final = "''|``"  # two characters that stand for one mark
_DOUBLE: Final = f'["“”„‟«»]|{_TWICE}'
# One mark at each end, as nearly all have, seen without a look at what is between; and either end, whatever it looks
# like.
_PLAIN: Final = (f"^[{_OPENING}][^{_OPENING}]", f"[^{_CLOSING}][{_CLOSING}]$")
_OUTER: Final = (f"^(?:{_TWICE}|[{_OPENING}])", f"(?:{_TWICE}|[{_CLOSING}])$")
_ISO_DAY: Final = r"^\d{4}-\d{2}-\d{2}"
_REPORTS: Final = " > "  # between two names of a chain
_LONGEST_CHAIN: Final = 50  # names: a broken dataset could hold a ring
_VERBATIM: Final = {"direct": "verbatim", "mixed": "partly", "indirect": "paraphrase"}
_AS_THEY_ARE: Final = (
    "attribution_id", "doc_id", "type", "cue_kind", "source_kind", "speaker", "role", "affiliation", "register_id",
    "addressee", "time", "place", "occasion", "depth", "parent_id", "status", "agreement", "premark_rule",
    "premark_confidence", "premark_version", "verdict", "claim_rating", "decision_id", "commit_id", "text_sha256",
)  # fmt: skip


@cache
def schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow schema of a flat table; each field carries its description."""
    return pa.schema([pa.field(c.name, _ARROW[c.type], metadata={"description": c.description}) for c in columns])


def flatten(chunk: Chunk, version: int | None, counts: dict[str, Any]) -> tuple[pa.Table, pa.Table]:
    """The chunk's attributions and its documents as flat rows: the columns of `COLUMNS` and of `DOCUMENT_COLUMNS`.

    An empty text becomes null: a cell is empty or it says something. `version` is None for rows that are in no dataset;
    `counts`: columns of the documents that tell how many attributions were left out. Raises `DatasetError` for an
    attribution whose document is not there.
    """
    rows, documents = chunk.attributions, chunk.documents.combine_chunks()
    at = _one(pc.index_in(document_keys(rows), value_set=document_keys(documents)))
    if at.null_count:
        orphan = rows.filter(pc.is_null(at)).slice(0, 1).column("attribution_id")[0].as_py()
        raise DatasetError(f"the attribution {orphan!r} comes without the text that its offsets count")
    days = day_of(documents.column("published_at"))
    return (
        _table(_attributions(rows, documents, at) | {"date": days.take(at)}, COLUMNS, version),
        _table(_documents(documents, rows, at) | {"date": days} | counts, DOCUMENT_COLUMNS, version),
    )


def _attributions(rows: pa.Table, documents: pa.Table, at: Any) -> dict[str, Any]:
    """Columns of the attributions; `at`: the place of each one's document."""
    columns: dict[str, Any] = {name: rows.column(name) for name in _AS_THEY_ARE}
    columns |= {name: documents.column(name).take(at) for name in ("outlet", "title", "url", "published_at")}
    columns |= _content(rows)
    columns |= _spans(rows, "sources", "source") | _spans(rows, "cues", "cue")
    columns |= _people(rows)
    columns["chain"] = _chains(rows)
    before, after = _context(rows, documents, at)
    return columns | {"sentence_before": before, "sentence_after": after}


def _documents(documents: pa.Table, rows: pa.Table, at: Any) -> dict[str, Any]:
    """Columns of the documents; `at`: of which of them each of the rows is."""
    names = [c.name for c in DOCUMENT_COLUMNS if c.name in documents.column_names]
    columns: dict[str, Any] = {name: documents.column(name) for name in names}
    columns["characters"] = pc.utf8_length(documents.column("text"))
    columns["words"] = word_counts(_one(documents.column("text")))
    of = at.to_numpy()
    columns["attributions"] = pa.array(np.bincount(of, minlength=documents.num_rows))
    for kind in _VERBATIM:
        some = of[pc.equal(rows.column("type"), kind).to_numpy()]
        columns[kind] = pa.array(np.bincount(some, minlength=documents.num_rows))
    return columns


def document_keys(table: pa.Table) -> Any:
    """What tells a document's revision from all others, for each row."""
    return pc.binary_join_element_wise(table.column("doc_id"), table.column("text_sha256"), "\x1f")


def count_by(keys: Any, found: Any) -> Any:
    """How often each of `keys` is among `found`."""
    counted = pc.value_counts(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found)
    at = pc.index_in(keys, value_set=counted.field("values"))
    return pc.fill_null(counted.field("counts").take(at), 0)


def day_of(published_at: Any) -> Any:
    """The day of a time in ISO 8601; null for what is none."""
    is_iso = pc.fill_null(pc.match_substring_regex(published_at, _ISO_DAY), False)
    return pc.if_else(is_iso, pc.utf8_slice_codeunits(published_at, 0, 10), pa.scalar(None, pa.string()))


def _table(columns: dict[str, Any], wanted: tuple[Column, ...], version: int | None) -> pa.Table:
    schema = schema_of(wanted)
    columns["version"] = pa.repeat(pa.scalar(version, pa.int64()), len(columns["doc_id"]))
    arrays = []
    for field in schema:
        array = columns[field.name]
        if array.type != field.type:
            array = array.cast(field.type)
        if field.type == pa.string() and pc.min(pc.binary_length(array)).as_py() == 0:
            array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


def _content(rows: pa.Table) -> dict[str, Any]:
    content, kind = _one(rows.column("content")), _one(rows.column("type"))
    words = pc.struct_field(content, "text")
    kinds = pa.array(list(_VERBATIM))
    return {
        "content": words,
        "content_unquoted": _unquoted(kind, words),
        "verbatim": pa.array(list(_VERBATIM.values())).take(pc.index_in(kind, value_set=kinds)),
        "content_start": pc.struct_field(content, "start"),
        "content_end": pc.struct_field(content, "end"),
    }


def _unquoted(kind: Any, words: Any) -> Any:
    """Direct contents without their outer pair of marks; others without double marks, of which they hold some."""
    direct = pc.equal(kind, "direct")
    begins, ends = (pc.match_substring_regex(words, one) for one in _PLAIN)
    plain = pc.and_(direct, pc.and_(begins, ends))
    found = pc.if_else(plain, pc.utf8_trim(pc.utf8_slice_codeunits(words, 1, -1), SPACE), words)
    doubled = pc.and_not(pc.match_substring_regex(words, _DOUBLE), direct)
    for rare, without in ((pc.and_not(direct, plain), _without_outer), (doubled, _without_double)):
        if pc.any(rare).as_py():
            found = pc.replace_with_mask(found, rare, without(words.filter(rare)))
    return found


def _without_outer(words: Any) -> Any:
    words = pc.utf8_trim(words, SPACE)
    for end in _OUTER:
        words = pc.utf8_trim(pc.replace_substring_regex(words, end, ""), SPACE)
    return words


def _without_double(words: Any) -> Any:
    return pc.replace_substring_regex(words, _DOUBLE, "")


def _one(column: Any) -> Any:
    """A column of a combined table as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _joined(lists: Any, values: Any) -> Any:
    """Lists of texts, shaped as `lists`, as one text each."""
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), LIST_SEPARATOR)


def _spans(rows: pa.Table, field: str, name: str) -> dict[str, Any]:
    """Words, bounds of the first, and all bounds, of a list of spans."""
    lists = _one(rows.column(field))
    starts, ends, words = (lists.values.field(part) for part in ("start", "end", "text"))
    length = pc.fill_null(pc.list_value_length(lists), 0)
    first = pc.if_else(pc.greater(length, 0), lists.offsets.slice(0, len(lists)), pa.scalar(None, pa.int32()))
    bounds = pc.binary_join_element_wise(starts.cast(pa.string()), ends.cast(pa.string()), "-")
    return {
        name: _joined(lists, words),
        f"{name}_start": starts.take(first),
        f"{name}_end": ends.take(first),
        f"{name}_spans": _joined(lists, bounds),
    }


def _people(rows: pa.Table) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field, count in (("annotators", "annotator_count"), ("readers", "reader_count")):
        lists = _one(rows.column(field))
        columns[field] = _joined(lists, lists.values)
        columns[count] = pc.fill_null(pc.list_value_length(lists), 0)
    changes = _one(rows.column("premark_change"))
    columns["premark_change"] = _joined(changes, changes.values)
    for field in ("votes", "dissent"):
        lists = _one(rows.column(field))
        votes = lists.values
        who = pc.binary_join(votes.field("annotators"), ", ")
        told = pc.binary_join_element_wise(votes.field("field"), " = ", votes.field("value"), " (", who, ")", "")
        columns[field] = _joined(lists, told)
    lists = _one(rows.column("regions"))
    regions = lists.values
    told = pc.binary_join_element_wise(
        regions.field("annotation_id").cast(pa.string()), regions.field("region_id"), ":"
    )
    columns["regions"] = _joined(lists, told)
    return columns


def _chains(rows: pa.Table) -> Any:
    """Who reports whom, for the nested attributions: all of them at once, one report outwards at a time."""
    nested = np.flatnonzero(pc.fill_null(rows.column("depth"), 0).to_numpy())
    if not len(nested):
        return pa.nulls(rows.num_rows, pa.string())
    names = _one(rows.column("speaker"))
    names = pc.if_else(pc.equal(pc.fill_null(names, ""), ""), "?", names)
    found = pc.index_in(_one(rows.column("parent_id")), value_set=_one(rows.column("attribution_id")))
    parents = pc.fill_null(found, -1).to_numpy()
    chains, here = names.take(pa.array(nested)), parents[nested]
    for _ in range(_LONGEST_CHAIN - 1):
        if (here < 0).all():
            break
        outer = names.take(pa.array(here, mask=here < 0))
        chains = pc.binary_join_element_wise(outer, chains, _REPORTS, null_handling="skip")
        here = np.where(here < 0, here, parents[here])
    place = np.full(rows.num_rows, -1)
    place[nested] = np.arange(len(nested))
    return chains.take(pa.array(place, mask=place < 0))


def _context(rows: pa.Table, documents: pa.Table, at: Any) -> tuple[Any, Any]:
    """The sentences before and after each content."""
    content = _one(rows.column("content"))
    bounds = (pc.struct_field(content, part).to_numpy(zero_copy_only=False) for part in ("start", "end"))
    return sentences_around(_one(documents.column("text")), at.to_numpy(), *bounds)
