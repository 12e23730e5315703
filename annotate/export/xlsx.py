"""XLSX: a workbook with the attributions, the documents and the data dictionary."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from annotate.errors import MissingExtra
from annotate.export.atomic import whole_file
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS, Column
from annotate.export.csv_files import SPREADSHEET_CELL
from annotate.export.tables import Spool

SHEET_ROWS: Final = 1_048_576  # of a worksheet, header included
_LINKS: Final = 65_530  # that Excel opens in one worksheet
_URL: Final = 2_079  # characters of a link that Excel follows
_WIDTHS: Final = {
    "content": 70, "content_unquoted": 60, "sentence_before": 40, "sentence_after": 40, "title": 40, "url": 30,
    "source": 30, "speaker": 25, "outlet": 18, "date": 11, "description": 100, "doc_id": 20, "attribution_id": 22,
    "version": 8, "type": 9, "words": 8, "published_at": 26, "chain": 30, "votes": 30, "dissent": 30, "annotators": 24,
}  # fmt: skip


class Workbook:
    """A workbook that is written row by row, in constant memory."""

    def __init__(self, path: Path) -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtra("writing XLSX", "xlsx") from error
        # Nothing that a cell holds is ever taken for a formula, a number or a link; texts are texts.
        self._book = xlsxwriter.Workbook(
            path,
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "nan_inf_to_errors": True,
            },
        )
        self._head = self._book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._link = self._book.get_default_url_format()
        self.cut = 0
        self.plain_links = 0

    def add(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet of rows under a frozen, filtered header; what is too long for one sheet goes on in further ones.

        `columns`: name and type of each.
        """
        sheet: Any = None
        number, line, links = 0, SHEET_ROWS, 0
        for row in self._with_a_first(rows):
            if line >= SHEET_ROWS:
                self._finish(sheet, columns, line)
                number, line, links = number + 1, 1, 0
                sheet = self._sheet(name if number == 1 else f"{name} {number}", columns)
            if row is None:
                continue
            for at, ((column, kind), value) in enumerate(zip(columns, row, strict=True)):
                if value is None:
                    continue
                if column in ("url", "archived_url") and links < _LINKS and _is_link(value):
                    links += not sheet.write_url(line, at, value, self._link, value)
                else:
                    self._write(sheet, line, at, kind, column, value)
            line += 1
        self._finish(sheet, columns, line)

    def close(self) -> None:
        """Puts the workbook together."""
        self._book.close()

    @staticmethod
    def _with_a_first(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any] | None]:
        """The rows behind a None, so that a sheet without rows has a header, too."""
        yield None
        yield from rows

    def _sheet(self, name: str, columns: Sequence[tuple[str, str]]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.repeat_rows(0)  # on each printed page
        for at, (column, _) in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS.get(column, max(10, len(column) + 3)))
            sheet.write_string(0, at, column, self._head)
        return sheet

    def _finish(self, sheet: Any, columns: Sequence[tuple[str, str]], line: int) -> None:
        if sheet is not None:
            sheet.autofilter(0, 0, max(line - 1, 0), len(columns) - 1)

    def _write(self, sheet: Any, line: int, at: int, kind: str, column: str, value: Any) -> None:
        if kind in ("integer", "number"):
            sheet.write_number(line, at, value)
        elif column == "date" and (day := _as_day(value)):
            sheet.write_datetime(line, at, day, self._day)
        else:
            if len(value.encode("utf-16-le")) // 2 > SPREADSHEET_CELL:  # Excel counts UTF-16 units
                value = value.encode("utf-16-le")[: 2 * SPREADSHEET_CELL - 2].decode("utf-16-le", "ignore") + "…"
                self.cut += 1
            sheet.write_string(line, at, _bearable(value))


def write_xlsx(tables: Iterable[pa.Table], documents: Spool, path: Path) -> int:
    """Writes the workbook, atomically; gives the number of cells that were cut.

    `documents` is filled while `tables` is gone through.
    """
    with whole_file(path) as part:
        book = Workbook(part)
        book.add("attributions", _named(COLUMNS), _rows(tables))
        book.add("documents", _named(DOCUMENT_COLUMNS), _rows(documents.tables()))
        book.add("columns", [(n, "text") for n in ("table", "column", "type", "unit", "description")], _dictionary())
        book.close()
    return book.cut


def _named(columns: tuple[Column, ...]) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in columns]


def _rows(tables: Iterable[pa.Table]) -> Iterator[Sequence[Any]]:
    for table in tables:
        yield from zip(*(column.to_pylist() for column in table.columns), strict=True)


def _dictionary() -> Iterator[Sequence[str]]:
    for table, columns in (("attributions", COLUMNS), ("documents", DOCUMENT_COLUMNS)):
        for column in columns:
            yield table, column.name, column.type, column.unit, column.description


def _is_link(value: str) -> bool:
    return len(value) <= _URL and value.lower().startswith(("http://", "https://")) and value.isprintable()


def _as_day(value: str) -> datetime | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return datetime.combine(day, time()) if day.year >= 1900 else None


def _bearable(value: str) -> str:
    """XML knows no U+FFFE and U+FFFF; what else it does not know is written in the way that spreadsheets undo."""
    return value.replace("\ufffe", "�").replace("\uffff", "�")
