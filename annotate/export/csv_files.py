"""CSV, written and read back equal."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from annotate.errors import InputError, MissingExtra
from annotate.export.atomic import whole_file
from annotate.export.cells import guarded_table, unguard
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS, Column
from annotate.export.flatten import schema_of

if TYPE_CHECKING:
    import pandas as pd

SPREADSHEET_CELL: Final = 32_767  # characters that a cell of Excel or LibreOffice Calc can hold
_BOM: Final = b"\xef\xbb\xbf"


class CsvFile:
    """A CSV file in UTF-8 that is written table by table; `cut`: the number of cells that were cut.

    Every text stands between quotation marks; an empty cell is an unknown value. Cells that a spreadsheet would take
    for formulas are guarded (`cells.py`). `excel`, as spreadsheets set to Indonesian want it: with a byte order mark,
    semicolons between the cells, decimal commas, and texts cut to what a cell can hold.
    """

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...], *, excel: bool) -> None:
        self._names = [column.name for column in columns if column.type in ("text", "list")]
        self._excel = excel
        self.cut = 0
        schema = schema_of(columns)
        if excel:
            file.write(_BOM)
            schema = pa.schema([(f.name, pa.string() if f.type == pa.float64() else f.type) for f in schema])
        options = pv.WriteOptions(delimiter=";" if excel else ",", quoting_style="needed")
        self._writer = pv.CSVWriter(file, schema, write_options=options)

    def add(self, table: pa.Table) -> None:
        """Writes the rows of one more table."""
        table = guarded_table(table, self._names)
        if self._excel:
            table, cells = _cut(table, self._names)
            table = _with_decimal_commas(table)
            self.cut += cells
        self._writer.write_table(table)

    def close(self) -> None:
        """Writes what was held back."""
        self._writer.close()


@contextmanager
def csv_file(path: Path, columns: tuple[Column, ...], *, excel: bool = False) -> Iterator[CsvFile]:
    """A CSV file to be written, which takes the place of what is at `path` when all went well."""
    with whole_file(path) as part, part.open("wb") as file, closing(CsvFile(file, columns, excel=excel)) as written:
        yield written


def _with_decimal_commas(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if field.type == pa.float64():
            text = pc.replace_substring(table.column(at).cast(pa.string()), ".", ",")
            table = table.set_column(at, pa.field(field.name, pa.string()), text)
    return table


def _cut(table: pa.Table, names: list[str]) -> tuple[pa.Table, int]:
    """The table with longer texts cut, and how many."""
    cut = 0
    for name in names:
        at = table.schema.get_field_index(name)
        column = table.column(at)
        long = pc.fill_null(pc.greater(pc.utf8_length(column), SPREADSHEET_CELL), False)
        if found := pc.sum(long).as_py():
            cut += found
            short = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, SPREADSHEET_CELL - 1), "…", "")
            table = table.set_column(at, table.schema.field(at), pc.if_else(long, short, column))
    return table, cut


def read_csv(path: str | Path) -> "pd.DataFrame":
    """Reads a CSV file that `atribusi export` wrote, with or without `--excel`, into pandas.

    The cells are what they were before they were guarded against formulas; numbers are nullable numbers (`Int64`,
    `Float64`), texts are strings, empty cells are `NA`. Raises `InputError` for a file that cannot be read so.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("annotate.read_csv", "dataset") from error
    table = read_csv_table(Path(path))
    kinds: dict[Any, Any] = {
        pa.string(): pd.StringDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=kinds.get)
    return frame


def read_csv_table(path: Path) -> pa.Table:
    """The same as an Arrow table."""
    types = {field.name: field.type for field in (*schema_of(COLUMNS), *schema_of(DOCUMENT_COLUMNS))}
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 20)
        semicolons = head.count(b";") > head.count(b",")
        size = path.stat().st_size
        table = pv.read_csv(
            path,
            # A row must fit into a block, and a row may hold an article.
            read_options=pv.ReadOptions(block_size=min(max(size + 1, 1 << 20), 2**31 - 1)),
            parse_options=pv.ParseOptions(delimiter=";" if semicolons else ",", newlines_in_values=True),
            convert_options=pv.ConvertOptions(
                column_types=types,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                decimal_point="," if semicolons else ".",
            ),
        )
    except (OSError, pa.ArrowException) as error:
        what = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(what, place=str(path), remedy="give a CSV file that `atribusi export` wrote") from error
    for at, field in enumerate(table.schema):
        if field.type == pa.string():
            table = table.set_column(at, field, unguard(table.column(at)))
    return table
