"""The Delta tables under a dataset's root; the only module that knows Delta Lake.

Tables are only ever appended to. Nothing vacuums them, their log is never cleaned up, and retention is set to a
century, so that neither this program nor another one takes away what an old version is read from. Where many small
files gather, they are rewritten as one; the small ones stay in place for whoever reads an old Delta version.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

try:
    import pyarrow as pa
    import pyarrow.dataset as pads
    from deltalake import (
        ColumnProperties,
        CommitProperties,
        DeltaTable,
        PostCommitHookProperties,
        Transaction,
        WriterProperties,
        write_deltalake,
    )
    from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
    from pyarrow import fs
except ImportError as error:  # pragma: no cover - the tests run with everything installed
    from annotate.errors import MissingExtra

    raise MissingExtra("the dataset", "dataset") from error

from annotate.dataset.columns import R, arrow_schema, to_records
from annotate.errors import DatasetError, NewerDataset
from annotate.records import PUBLISHED, RECORD_SCHEMA_VERSION, Record

RECORD_VERSION_KEY: Final = "atribusi.recordVersion"
# Names of the tables, in the order in which they are made: `versions` comes last, and makes the folder a dataset.
TABLES: Final[dict[str, type[Record]]] = {
    "documents": PUBLISHED["document"],
    "annotations": PUBLISHED["annotation"],
    "attributions": PUBLISHED["attribution"],
    "set_aside": PUBLISHED["set-aside"],
    "states": PUBLISHED["document-state"],
    "decisions": PUBLISHED["decision"],
    "tags": PUBLISHED["tag"],
    "plans": PUBLISHED["plan"],
    "versions": PUBLISHED["version"],
}
PLANS: Final = "plans"
_CONFIGURATION: Final = {
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 5200 weeks",
    "delta.deletedFileRetentionDuration": "interval 5200 weeks",
}
_NO_CLEANUP: Final = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
_MANY_FILES: Final = 16  # from so many small files on, one file is made of them
_SMALL_FILE: Final = 16 << 20  # bytes
# To make one file mixes the rows of many. Attributions are read in order of document, and what a large commit writes in
# that order must stay so: 50,000 of them are a file of three million bytes or more.
_SMALL_FILES: Final = {"attributions": 1 << 19}
# Rows of annotations and documents are wide, and their readers want few; attributions are mostly read in bulk, where
# each group costs as much as a thousand rows.
_ROW_GROUP_ROWS: Final = {"annotations": 64, "documents": 512, "attributions": 8192}
_ROW_GROUP: Final = 1024
# Whole texts, by whose least and greatest nobody looks for a row: as statistics they would be the most of a footer.
_NO_STATISTICS: Final = ("raw", "text", "task_text")


class AppendConflict(Exception):
    """Somebody else wrote to the table since it was looked at."""


class Table:
    """One Delta table, pinned to the state that it was last refreshed to."""

    def __init__(
        self, root: str, name: str, storage_options: dict[str, str] | None, version: int | None = None
    ) -> None:
        self.name = name
        self.uri = f"{root}/{name}"
        self.model = TABLES[name]
        self._options = storage_options
        try:
            self._delta = DeltaTable(self.uri, version=version, storage_options=storage_options)
        except TableNotFoundError as error:
            raise DatasetError(
                f"no table {name!r} here", place=root, remedy="check the folder; a dataset begins with its first commit"
            ) from error
        except DeltaError as error:
            raise DatasetError(f"the table cannot be read: {error}", place=self.uri) from error
        self._refuse_newer()
        self._all: tuple[int, list[Record]] = (-1, [])
        self._dataset: tuple[int, pads.Dataset] | None = None
        self._earlier: Table | None = None

    @staticmethod
    def create(root: str, name: str, storage_options: dict[str, str] | None) -> None:
        """Make the table, unless it is there."""
        uri = f"{root}/{name}"
        if is_there(root, name, storage_options):
            return
        try:
            DeltaTable.create(
                uri,
                schema=arrow_schema(TABLES[name]),
                name=name,
                description=f"atribusi dataset: {name}",
                configuration={**_CONFIGURATION, RECORD_VERSION_KEY: str(RECORD_SCHEMA_VERSION)},
                storage_options=storage_options,
                raise_if_key_not_exists=False,
            )
        except (DeltaError, OSError) as error:
            if not DeltaTable.is_deltatable(uri, storage_options):  # else somebody else made it at the same moment
                raise DatasetError(
                    f"the table cannot be made: {error}", place=uri, remedy="check space and rights"
                ) from error

    @property
    def version(self) -> int:
        """The Delta version that reads are served from."""
        return int(self._delta.version())

    @property
    def record_version(self) -> int:
        """The version of the record schema that the table was written by."""
        return int(self._delta.metadata().configuration.get(RECORD_VERSION_KEY, "0"))

    def _refuse_newer(self) -> None:
        if self.record_version > RECORD_SCHEMA_VERSION:
            raise NewerDataset(
                f"written by a newer atribusi (record version {self.record_version}, this one knows"
                f" {RECORD_SCHEMA_VERSION})",
                place=self.uri,
                remedy="upgrade: pip install --upgrade atribusi",
            )

    def at(self, version: int) -> "Table":
        """The same table as it was at a Delta version; for reading alone, and the same one where it is asked again."""
        if self._earlier is None or self._earlier.version != version:
            self._earlier = Table(self.uri.rsplit("/", 1)[0], self.name, self._options, version)
        return self._earlier

    def twin(self) -> "Table":
        """The same table, opened once more: for another thread."""
        return Table(self.uri.rsplit("/", 1)[0], self.name, self._options)

    def refresh(self) -> None:
        """Look at the newest state."""
        self._delta.update_incremental()
        self._refuse_newer()

    def append(self, rows: pa.Table, *, only_if_unchanged: bool = False) -> None:
        """Append in one atomic step, and look at the newest state.

        Raises `AppendConflict` where `only_if_unchanged` is asked for and somebody wrote since the last refresh.
        """
        if not rows.num_rows:
            return
        self._migrate()
        before = self.version
        try:
            write_deltalake(
                self._delta,
                rows,
                mode="append",
                schema_mode="merge",
                writer_properties=self._writer(),
                commit_properties=CommitProperties(max_commit_retries=0 if only_if_unchanged else 100),
                post_commithook_properties=_NO_CLEANUP,
            )
        except CommitFailedError as error:
            self.refresh()
            if only_if_unchanged and self.version != before:
                raise AppendConflict(self.uri) from error
            raise DatasetError(f"could not write: {error}", place=self.uri) from error
        except (DeltaError, OSError) as error:
            raise DatasetError(f"could not write: {error}", place=self.uri, remedy="check space and rights") from error
        self.refresh()

    def note(self, numbers: Mapping[str, int]) -> None:
        """Remember a number under each name, in one atomic step, beside the rows (Delta Lake's own `txn` actions).

        Of two who note at once either one's numbers stay.
        """
        self._migrate()
        remembered = [Transaction(name, number) for name, number in numbers.items()]
        try:
            self._delta.create_write_transaction(
                actions=[],
                mode="append",
                schema=self._delta.schema(),
                commit_properties=CommitProperties(max_commit_retries=100, app_transactions=remembered),
                post_commithook_properties=_NO_CLEANUP,
            )
        except CommitFailedError:
            self.refresh()
            if any(self.noted(name) is None for name in numbers):
                raise DatasetError("could not write", place=self.uri, remedy="run the command again") from None
        except (DeltaError, OSError) as error:
            raise DatasetError(f"could not write: {error}", place=self.uri, remedy="check space and rights") from error
        self.refresh()

    def noted(self, name: str) -> int | None:
        """The number last noted under a name."""
        number = self._delta.transaction_version(name)
        return None if number is None else int(number)

    def compact(self) -> None:
        """Make one file of many small ones, in any order; the small ones stay, for readers of old versions."""
        sizes = pa.table(self._delta.get_add_actions(flatten=True)).column("size_bytes").to_pylist()
        small = _SMALL_FILES.get(self.name, _SMALL_FILE)
        if sum(size < small for size in sizes) < _MANY_FILES:
            return
        with suppress(CommitFailedError):  # somebody else compacted at the same moment: theirs is as good
            self._delta.optimize.compact(
                target_size=4 * small,
                max_concurrent_tasks=1,
                writer_properties=self._writer(),
                post_commithook_properties=_NO_CLEANUP,
            )
        self.refresh()

    def _writer(self) -> WriterProperties:
        none = ColumnProperties(statistics_enabled="NONE")
        return WriterProperties(
            compression="ZSTD",
            compression_level=3,
            max_row_group_size=_ROW_GROUP_ROWS.get(self.name, _ROW_GROUP),
            column_properties={name: none for name in _NO_STATISTICS if name in self.model.model_fields},
        )

    def _migrate(self) -> None:
        """Mark a table of an older scheme as one of this scheme; appending then adds the columns that it lacks.

        Fields are only ever added, so the rows stay as they are: what they lack is null, and null is the default.
        Whoever reads alone migrates nothing.
        """
        while self.record_version < RECORD_SCHEMA_VERSION:
            number = {RECORD_VERSION_KEY: str(RECORD_SCHEMA_VERSION)}
            with suppress(CommitFailedError):  # somebody else wrote at the same moment: look again
                self._delta.alter.set_table_properties(number, raise_if_not_exists=False)
            self.refresh()

    def dataset(self) -> pads.Dataset:
        """The table as an Arrow dataset with this scheme's columns; what an older file lacks is null.

        Made once for each Delta version: it keeps what it has read of the files' footers. Local files are read by Arrow
        itself. (Through Delta's own file layer, Arrow's threads call back into Python, and now and then a process that
        is about to end is aborted by one that still does.)
        """
        if self._dataset is None or self._dataset[0] != self.version:
            filesystem = None
            if "://" not in self.uri:
                filesystem = fs.SubTreeFileSystem(str(Path(self.uri).absolute()), fs.LocalFileSystem())
            made = self._delta.to_pyarrow_dataset(filesystem=filesystem, schema=arrow_schema(self.model))
            self._dataset = self.version, made
        return self._dataset[1]

    def read(self, columns: Sequence[str] | None = None, where: pads.Expression | None = None) -> pa.Table:
        """The rows that fit `where`, in no certain order."""
        return self.dataset().to_table(columns=list(columns) if columns else None, filter=where)

    def records(self, model: type[R]) -> list[R]:
        """All rows of a small table as records; read once for each Delta version."""
        if self._all[0] != self.version:
            self._all = self.version, list(to_records([self.read()], self.model))
        return [record for record in self._all[1] if isinstance(record, model)]


def is_there(root: str, name: str, storage_options: dict[str, str] | None) -> bool:
    """Whether there is such a table."""
    return bool(DeltaTable.is_deltatable(f"{root}/{name}", storage_options))


def among(column: str, values: Collection[Any]) -> pads.Expression:
    """The condition that a column holds one of the values."""
    return pads.field(column).isin(pa.array(sorted(values)))


def address(root: str | Path) -> str:
    """Where a dataset lies, as Delta wants it told: an absolute path, or a URL as it is."""
    return str(root) if "://" in str(root) else str(Path(root).absolute())
