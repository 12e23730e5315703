"""The attributions of one version in memory, as columns: filtered, counted and paged in milliseconds.

Nothing here is state of its own: an index is made from a version of the dataset and thrown away with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from annotate.dataset.columns import arrow_schema, to_records
from annotate.records import AttributionRecord, DocumentRecord
from annotate.review.postings import Postings
from annotate.review.query import FACETS, NONE, Query
from annotate.review.words import fold
from annotate.workflow.names import Names

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Facet:
    """One value of a filter, and how many attributions choosing it would show."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Found:
    """A filtered view: positions of all that fits, in order, and the counts beside each filter."""

    rows: Rows
    facets: dict[str, list[Facet]]

    def page(self, query: Query) -> Rows:
        """Positions of the page that the query names."""
        start = (query.page - 1) * query.per
        return self.rows[start : start + query.per]

    def pages(self, query: Query) -> int:
        """How many pages there are; an empty view has one."""
        return max(1, -(-len(self.rows) // query.per))


@dataclass(frozen=True)
class Codes:
    """A column as small numbers: `codes[i]` is the place of row i's value in `values`."""

    codes: npt.NDArray[np.int32]
    values: list[str]

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array) -> "Codes":
        """Encode a text column; null and empty become `-`."""
        filled = pc.if_else(pc.equal(pc.fill_null(column, ""), ""), NONE, column)
        if isinstance(filled, pa.ChunkedArray):
            filled = filled.combine_chunks()
        encoded = filled.dictionary_encode()
        return cls(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32), encoded.dictionary.to_pylist())

    def mapped(self, rename: Mapping[str, str]) -> "Codes":
        """The same column with values renamed (several may become one)."""
        names = [rename.get(value, value) for value in self.values]
        values = list(dict.fromkeys(names))
        place = {name: i for i, name in enumerate(values)}
        lookup = np.array([place[name] for name in names], np.int32)
        return Codes(lookup[self.codes] if len(lookup) else self.codes, values)

    def mask(self, chosen: tuple[str, ...]) -> Mask:
        """Rows whose value is one of those chosen; without an exact match, those whose folded value holds it."""
        wanted = set()
        for value in chosen:
            exact = [i for i, one in enumerate(self.values) if one == value]
            wanted.update(exact or [i for i, one in enumerate(self.values) if fold(value).strip() in fold(one)])
        return np.isin(self.codes, list(wanted)) if wanted else np.zeros(len(self.codes), np.bool_)

    def counts(self, mask: Mask) -> npt.NDArray[np.int64]:
        """How many rows of the mask hold each value."""
        return np.bincount(self.codes[mask], minlength=len(self.values))


@dataclass(frozen=True)
class Index:
    """All attributions of a version, newest article first, with their documents."""

    rows: pa.Table
    documents: pa.Table
    names: Names = field(default_factory=Names)

    @classmethod
    def build(cls, attributions: pa.Table, documents: pa.Table, names: Names | None = None) -> "Index":
        """Index the tables of a version, as `Dataset.as_of` gives them."""
        documents = documents.combine_chunks()
        place = dict(zip(documents["doc_id"].to_pylist(), range(documents.num_rows), strict=True))
        at = np.array([place.get(doc, -1) for doc in attributions["doc_id"].to_pylist()], np.int64)
        days = np.array([*_days(documents["published_at"].to_pylist()), ""])
        starts = pc.struct_field(attributions["content"].combine_chunks(), "start").to_numpy(zero_copy_only=False)
        # By day, newest first (unknown days last), then by article and place in it.
        rank = np.unique(days, return_inverse=True)[1]
        order = np.lexsort((starts, at, -rank[at])) if len(at) else np.array([], np.int64)
        return cls(attributions.take(pa.array(order)).combine_chunks(), documents, names or Names())

    @cached_property
    def document_at(self) -> dict[str, int]:
        """Position of each document by its id."""
        return {doc: i for i, doc in enumerate(self.documents["doc_id"].to_pylist())}

    @cached_property
    def row_at(self) -> dict[str, int]:
        """Position of each attribution by its id."""
        return {one: i for i, one in enumerate(self.rows["attribution_id"].to_pylist())}

    @cached_property
    def contents(self) -> list[str]:
        """The words of each attribution's content."""
        return [one["text"] for one in self.rows["content"].to_pylist()]

    @cached_property
    def _document_of_row(self) -> npt.NDArray[np.int64]:
        return np.array([self.document_at.get(doc, -1) for doc in self.rows["doc_id"].to_pylist()], np.int64)

    @cached_property
    def _words(self) -> Postings:
        return Postings.of(pa.array(self._folded(range(self.rows.num_rows)), pa.string()))

    def _folded(self, rows: Sequence[int]) -> list[str]:
        """Folded words of content, source, speaker and headline: what a search looks into."""
        table = self.rows if isinstance(rows, range) else self.rows.take(pa.array(rows, pa.int64()))
        titles = [*(fold(title or "") for title in self.documents["title"].to_pylist()), ""]
        sources = [" ".join(one["text"] for one in some or ()) for some in table["sources"].to_pylist()]
        contents = [one["text"] for one in table["content"].to_pylist()]
        documents = self._document_of_row[list(rows)] if len(rows) else ()
        folded_name = cache(fold)
        return [
            f"{fold(content)}|{folded_name(f'{source} {speaker or str()}')}|{titles[at]}"
            for content, source, speaker, at in zip(
                contents, sources, table["speaker"].to_pylist(), documents, strict=True
            )
        ]

    @cached_property
    def _days_of_rows(self) -> npt.NDArray[np.str_]:
        days = np.array([*_days(self.documents["published_at"].to_pylist()), ""])
        return days[self._document_of_row]

    @cached_property
    def _facets(self) -> dict[str, Codes]:
        outlets = [*(one or NONE for one in self.documents["outlet"].to_pylist()), NONE]
        outlet = Codes.of(pa.array([outlets[at] for at in self._document_of_row], pa.string()))
        columns = {name: Codes.of(self.rows[name]) for name in ("status", "verdict", "type", "source_kind")}
        months = Codes.of(pa.array([day[:7] for day in self._days_of_rows.tolist()], pa.string()))
        speakers = Codes.of(self.rows["speaker"]).mapped(self.names.preferred)
        return {**columns, "outlet": outlet, "speaker": speakers, "month": months}

    def replaced(self, fresh: pa.Table, documents: pa.Table, names: Names) -> "Index | None":
        """The index of the next version, where the rows of a few articles differ in anything but number and ids.

        None where there are new articles, or attributions that came or went: then everything is to be built anew.
        """
        places = [self.row_at.get(one, -1) for one in fresh["attribution_id"].to_pylist()]
        at = [self.document_at.get(one, -1) for one in documents["doc_id"].to_pylist()]
        held = np.isin(self._document_of_row, np.array(at, np.int64)).sum()
        if -1 in places or -1 in at or held != len(places) or len(set(places)) != len(places):
            return None
        other = Index(_patched(self.rows, fresh, places), _patched(self.documents, documents, at), names)
        if other._days_of_rows.tolist() != self._days_of_rows.tolist():
            return None
        texts = other._folded(places)
        other.__dict__["_words"] = self._words.patched(dict(zip(places, texts, strict=True)))
        return other

    def warm(self) -> "Index":
        """Work out every column now, so that the first page is as fast as the second."""
        _ = (self._facets, self._words, self.row_at, self.contents)
        return self

    def find(self, query: Query, *, top: int = 12) -> Found:
        """What fits the query, in its order, with the `top` values of each filter by how many they would show."""
        everything = np.ones(self.rows.num_rows, np.bool_)
        base = everything.copy()
        for term, wanted in query.terms():
            held = self._words.holding(term)
            base &= held if wanted else ~held
        if query.article:
            base &= self._document_of_row == self.document_at.get(query.article, -2)
        if query.since:
            base &= self._days_of_rows >= query.since
        if query.until:  # `2026-11` holds all its days
            base &= (self._days_of_rows <= f"{query.until}~") & (self._days_of_rows != "")
        chosen = {name: getattr(query, name) for name in FACETS}
        masks = {name: self._facets[name].mask(self._preferred(name, some)) for name, some in chosen.items() if some}
        facets = {}
        for name in FACETS:
            others = base.copy()
            for other, mask in masks.items():
                if other != name:
                    others &= mask
            facets[name] = self._counted(name, others, self._preferred(name, chosen[name]), top)
        for mask in masks.values():
            base &= mask
        return Found(self._sorted(np.flatnonzero(base), query), facets)

    def _preferred(self, name: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.names.preferred.get(one, one) for one in chosen) if name == "speaker" else chosen

    def _counted(self, name: str, mask: Mask, chosen: tuple[str, ...], top: int) -> list[Facet]:
        column = self._facets[name]
        counts = column.counts(mask)
        order = np.argsort(-counts, kind="stable")[: top + len(chosen)]
        shown = [Facet(column.values[i], int(counts[i]), column.values[i] in chosen) for i in order if counts[i]]
        seen = {one.value for one in shown}
        rest = [Facet(one, 0, True) for one in chosen if one not in seen]
        values = [*(one for one in shown if one.chosen), *rest, *(one for one in shown if not one.chosen)][:top]
        return sorted(values, key=lambda one: one.value, reverse=True) if name == "month" else values

    def _sorted(self, rows: Rows, query: Query) -> Rows:
        if query.sort == "oldest":
            days = self._days_of_rows[rows]
            by_day: Rows = np.lexsort((rows, days, days == ""))
            return rows[by_day]
        if query.sort == "least_sure":
            sure = self.rows["premark_confidence"].to_numpy()[rows].astype(float)
            by_confidence: Rows = np.argsort(np.where(np.isnan(sure), 2.0, sure), kind="stable")
            return rows[by_confidence]
        return rows

    def attributions(self, rows: Rows | list[int]) -> list[AttributionRecord]:
        """The records at the positions, in their order."""
        return list(to_records([self.rows.take(pa.array(rows, pa.int64()))], AttributionRecord))

    def attribution(self, attribution_id: str) -> AttributionRecord | None:
        """The record of that id."""
        at = self.row_at.get(attribution_id)
        return None if at is None else self.attributions([at])[0]

    def document(self, doc_id: str) -> DocumentRecord | None:
        """The article of that id."""
        at = self.document_at.get(doc_id)
        return None if at is None else next(to_records([self.documents.slice(at, 1)], DocumentRecord))

    def documents_of(self, records: list[AttributionRecord]) -> dict[str, DocumentRecord]:
        """The articles of some attributions, by id."""
        places = {one.doc_id: self.document_at[one.doc_id] for one in records if one.doc_id in self.document_at}
        taken = self.documents.take(pa.array(list(places.values()), pa.int64()))
        return {one.doc_id: one for one in to_records([taken], DocumentRecord)}

    def rows_of(self, doc_id: str) -> list[AttributionRecord]:
        """The attributions of one article, in text order."""
        at = self.document_at.get(doc_id, -2)
        records = self.attributions(np.flatnonzero(self._document_of_row == at))
        return sorted(records, key=lambda one: (one.content.start, -one.content.end, one.attribution_id))

    def speakers(self) -> list[tuple[str, int, int]]:
        """Name, number of attributions, and of direct ones among them, of every named speaker; most quoted first."""
        column, kinds = self._facets["speaker"], self._facets["type"]
        counts = np.bincount(column.codes, minlength=len(column.values))
        direct = kinds.values.index("direct") if "direct" in kinds.values else -1
        quoted = np.bincount(column.codes[kinds.codes == direct], minlength=len(column.values))
        some = [
            (name, int(counts[i]), int(quoted[i])) for i, name in enumerate(column.values) if counts[i] and name != NONE
        ]
        return sorted(some, key=lambda one: (-one[1], one[0]))

    def has_speaker(self, name: str) -> bool:
        """Whether anything is ascribed to the name."""
        return self.names.of(name) in self._facets["speaker"].values

    def register_ids(self, names: Sequence[str]) -> list[str]:
        """Register ids that rows of these speakers hold."""
        mask = self._facets["speaker"].mask(tuple(self.names.of(one) for one in names if self.has_speaker(one)))
        ids = self.rows["register_id"].filter(pa.array(mask)).unique().to_pylist()
        return [one for one in ids if one]

    def spread(self, rows: Sequence[int]) -> tuple[int, int]:
        """In how many outlets and in how many articles some attributions stand."""
        at = list(rows)
        return len(set(self._facets["outlet"].codes[at].tolist())), len(set(self._document_of_row[at].tolist()))

    def day(self, row: int) -> str:
        """The day on which the row's article appeared, ISO 8601; empty where it is not known."""
        return str(self._days_of_rows[row])


def empty_index() -> Index:
    """The index of a dataset without a version."""
    tables: list[Any] = [arrow_schema(model).empty_table() for model in (AttributionRecord, DocumentRecord)]
    return Index.build(*tables)


def _patched(table: pa.Table, fresh: pa.Table, places: list[int]) -> pa.Table:
    """The table with some rows put in the place of others."""
    order = np.arange(table.num_rows)
    order[places] = table.num_rows + np.arange(len(places))
    both = pa.concat_tables([table, fresh.select(table.column_names).cast(table.schema)])
    return both.take(pa.array(order)).combine_chunks()


def _days(published: list[str | None]) -> Iterator[str]:
    """The day of each date, ISO 8601; empty where it is not understood."""
    for one in published:
        found = _ISO_DAY.match(one or "")
        yield found.group() if found else ""
