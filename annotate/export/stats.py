"""Answers without code: who is quoted, how often, where, directly or not, by outlet and month.

A speaker who has an id in the register is counted by it, under whatever names; one without is counted by name.

Everything is counted in one pass over the dataset; what is kept are counts by speaker, outlet and month. A document
lies in one chunk whole, so that documents can be counted chunk by chunk.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from annotate.export.chunks import Chunk, as_chunks
from annotate.export.columns import LIST_SEPARATOR
from annotate.export.flatten import day_of, document_keys
from annotate.export.model import Filters, Group, Statistics, Table
from annotate.export.selecting import check, select
from annotate.export.shared import plain
from annotate.export.texts import Texts

TYPES: Final = ("direct", "mixed", "indirect")
UNKNOWN: Final = "(not known)"
# How a source is named: by a name or designation; as an unnamed person; not at all; or its kind is not known.
NAMINGS: Final = ("named", "unnamed", "nobody", "not known")
# In front of a register's id, where names and ids stand together.
_REGISTERED: Final = "\x1f"

Key = tuple[str, ...]


@dataclass
class _Counts:
    """Counts by the values of some columns: rows of each type, of each naming, and documents."""

    types: Counter[tuple[Key, str]] = field(default_factory=Counter)
    namings: Counter[tuple[Key, str]] = field(default_factory=Counter)
    documents: Counter[Key] = field(default_factory=Counter)

    def add(self, rows: pa.Table, by: list[str]) -> None:
        for name, counter in (("type", self.types), ("naming", self.namings)):
            for *key, value, number in _counted(rows, [*by, name]):
                counter[tuple(key), value] += number
        for *key, number in _counted(rows.group_by([*by, "document"]).aggregate([]), by):
            self.documents[tuple(key)] += number

    def total(self, key: Key) -> int:
        return sum(self.types[key, kind] for kind in TYPES)

    def ranked(self) -> list[Key]:
        return sorted({key for key, _ in self.types}, key=lambda key: (-self.total(key), key))

    def unnamed(self, key: Key) -> int:
        return self.namings[key, "unnamed"] + self.namings[key, "nobody"]


@dataclass
class _Tallies:
    """All that is counted."""

    groups: dict[Key, _Counts] = field(default_factory=dict)  # by the names of the columns
    documents: Counter[Key] = field(default_factory=Counter)  # (outlet, month), with or without attributions
    words: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    def add(self, chunk: Chunk) -> None:
        documents = _described(chunk.documents)
        for outlet, month, number in _counted(documents, ["outlet", "month"]):
            self.documents[outlet, month] += number
        self.words += sum(Texts(chunk.documents.column("text").combine_chunks()).word_counts())
        rows = _joined(chunk, documents)
        for by in ([], ["outlet"], ["month"], ["who"], ["who", "name"], ["who", "outlet"], ["who", "month"],
                   ["outlet", "month"]):  # fmt: skip
            self.groups.setdefault(tuple(by), _Counts()).add(rows, by)
        for name, counter in (("kind", self.kinds), ("status", self.statuses)):
            for value, number in _counted(rows, [name]):
                counter[value] += number

    def of(self, *by: str) -> _Counts:
        return self.groups.get(by, _Counts())


def statistics(
    groups: Iterable[Group] | Iterable[Chunk],
    *,
    version: int,
    filters: Filters | None = None,
    premarks: bool = False,
    top: int = 25,
) -> Statistics:
    """Counts a version of a dataset. `top`: how many speakers the tables of speakers hold (0: all).

    Whether a speaker is a woman or a man is not guessed. Raises `AtribusiError` for filters that cannot be understood.
    """
    check(filters := filters or Filters())
    tallies = _Tallies()
    for chunk in as_chunks(groups):
        selected = select(chunk, filters, premarks=premarks)
        tallies.add(selected.chunk)
        tallies.left_out += selected.premarks
    return Statistics(version, tuple(_tables(tallies, top or None)), filters.told())


def _described(documents: pa.Table) -> pa.Table:
    month = pc.utf8_slice_codeunits(day_of(documents.column("published_at")), 0, 7)
    return pa.table({
        "document": document_keys(documents),
        "outlet": pc.fill_null(documents.column("outlet"), UNKNOWN),
        "month": pc.fill_null(month, UNKNOWN),
    })  # fmt: skip


def _joined(chunk: Chunk, documents: pa.Table) -> pa.Table:
    """The columns of the attributions that are counted."""
    names = ("doc_id", "text_sha256", "speaker", "source_kind", "register_id", "type", "status")
    rows = pa.table({name: plain(chunk.attributions.column(name)) for name in names})
    keys = document_keys(rows)
    at = pc.index_in(keys, value_set=documents.column("document"))
    speaker, kind = pc.fill_null(rows.column("speaker"), ""), rows.column("source_kind")
    naming = pc.case_when(
        pc.make_struct(pc.equal(speaker, ""), pc.fill_null(pc.equal(kind, "unnamed"), False), pc.is_null(kind)),
        "nobody", "unnamed", "not known", "named",
    )  # fmt: skip
    register_id = pc.fill_null(rows.column("register_id"), "")
    who = pc.if_else(
        pc.equal(register_id, ""), speaker, pc.binary_join_element_wise(_REGISTERED, register_id, "")
    )  # fmt: skip
    return pa.table({
        "document": keys, "outlet": documents.column("outlet").take(at), "month": documents.column("month").take(at),
        "who": who, "name": speaker, "type": rows.column("type"), "naming": naming, "kind": pc.fill_null(kind, UNKNOWN),
        "status": rows.column("status"),
    })  # fmt: skip


def _counted(rows: pa.Table, by: list[str]) -> list[tuple[Any, ...]]:
    """Values of the columns, and in how many rows they stand together."""
    if not by:
        return [(rows.num_rows,)]
    counted = rows.group_by(by).aggregate([([], "count_all")])
    return list(zip(*(counted.column(name).to_pylist() for name in [*by, "count_all"]), strict=True))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _tables(tallies: _Tallies, top: int | None) -> Iterable[Table]:
    speakers = [key for key in tallies.of("who").ranked() if key[0]]
    yield _overview(tallies, len(speakers))
    names = _names(tallies, {who for (who,) in speakers[:top]})
    yield Table(
        "speakers", "Who is quoted most",
        ("speaker", "attributions", *TYPES, "share_direct", "documents", "outlets", "first_month", "last_month",
         "other_names", "register_id"),
        tuple(_speakers(tallies, speakers[:top], names)),
    )  # fmt: skip
    chosen = {who: rank for rank, (who,) in enumerate(speakers[:top])}
    for where in ("outlet", "month"):
        counts = tallies.of("who", where)
        keys = sorted((k for k in counts.ranked() if k[0] in chosen), key=lambda k: (chosen[k[0]], k[1]))
        yield Table(
            f"speakers_by_{where}", f"Who is quoted, by {where}",
            ("speaker", where, "attributions", *TYPES, "register_id"),
            tuple(
                (names[k[0]][0], k[1], counts.total(k), *(counts.types[k, t] for t in TYPES), _register_id(k[0]))
                for k in keys
            ),
        )  # fmt: skip
    yield _by(tallies, "Outlets", "outlet")
    yield _by(tallies, "Months", "month")
    yield _by(tallies, "Outlets, month by month", "outlet", "month")
    total = sum(tallies.kinds.values())
    for name, title, column, counter in (
        ("source_kinds", "What kind of source", "source_kind", tallies.kinds),
        ("statuses", "How well established", "status", tallies.statuses),
    ):
        rows = tuple((value, number, _share(number, total)) for value, number in counter.most_common())
        yield Table(name, title, (column, "attributions", "share"), rows)


def _overview(tallies: _Tallies, speakers: int) -> Table:
    everything = tallies.of()
    total, documents = everything.total(()), sum(tallies.documents.values())
    rows: list[tuple[Any, ...]] = [
        ("documents", documents, None),
        ("documents with attributions", everything.documents[()], _share(everything.documents[()], documents)),
        ("attributions", total, None),
        *((kind, everything.types[(), kind], _share(everything.types[(), kind], total)) for kind in TYPES),
        ("speakers", speakers, None),
        *(
            (f"source {naming}", everything.namings[(), naming], _share(everything.namings[(), naming], total))
            for naming in NAMINGS
        ),
        ("attributions per document", round(total / documents, 2) if documents else None, None),
        ("attributions per 1,000 words", round(1000 * total / tallies.words, 2) if tallies.words else None, None),
        ("pre-marks left out, reviewed by nobody", tallies.left_out, None),
    ]
    return Table("overview", "Overview", ("measure", "value", "share"), tuple(rows))


def _register_id(who: str) -> str | None:
    return who.removeprefix(_REGISTERED) if who.startswith(_REGISTERED) else None


def _names(tallies: _Tallies, wanted: set[str]) -> dict[str, list[str]]:
    """The names that each goes by, the most frequent first; of one without any, the id."""
    counts = tallies.of("who", "name")
    names: dict[str, list[str]] = {who: [] for who in wanted}
    for who, name in counts.ranked():
        if who in wanted and name:
            names[who].append(name)
    return {who: found or [who.removeprefix(_REGISTERED)] for who, found in names.items()}


def _speakers(tallies: _Tallies, keys: list[Key], names: dict[str, list[str]]) -> Iterable[tuple[Any, ...]]:
    counts = tallies.of("who")
    outlets = Counter(who for who, outlet in tallies.of("who", "outlet").documents if outlet != UNKNOWN)
    months: dict[str, list[str]] = {}
    for who, month in tallies.of("who", "month").documents:
        if month != UNKNOWN:
            months.setdefault(who, []).append(month)
    for key in keys:
        total, (who,) = counts.total(key), key
        found = months.get(who)
        name, *others = names[who]
        yield (
            name, total, *(counts.types[key, kind] for kind in TYPES), _share(counts.types[key, "direct"], total),
            counts.documents[key], outlets[who], min(found) if found else None, max(found) if found else None,
            LIST_SEPARATOR.join(others) or None, _register_id(who),
        )  # fmt: skip


def _by(tallies: _Tallies, title: str, *by: str) -> Table:
    """Documents and attributions by outlet, by month, or by both."""
    counts = tallies.of(*by)
    documents: Counter[Key] = Counter()
    for (outlet, month), number in tallies.documents.items():
        documents[tuple({"outlet": outlet, "month": month}[name] for name in by)] += number
    rows = []
    for key in sorted(documents, key=lambda key: [(part == UNKNOWN, part) for part in key]):
        total = counts.total(key)
        rows.append((
            *key, documents[key], total, round(total / documents[key], 2), *(counts.types[key, t] for t in TYPES),
            _share(counts.types[key, "direct"], total), counts.unnamed(key), _share(counts.unnamed(key), total),
        ))  # fmt: skip
    measures = ("documents", "attributions", "per_document", *TYPES, "share_direct", "unnamed", "share_unnamed")
    return Table(
        "_by_".join(f"{name}s" if name == by[0] else name for name in by), title, (*by, *measures), tuple(rows)
    )
