"""Cells that a spreadsheet must not take for formulas.

A text cell that begins with `=`, `+`, `-`, `@` (also full-width), an apostrophe or a control character (tab and line
ends among them) gets one apostrophe in front. Since a cell that begins with an apostrophe gets one, too, the rule can
be taken back without doubt: whoever reads takes one apostrophe off each text cell that begins with one, as
`annotate.read_csv` does.
"""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

GUARD: Final = "'"
_HOSTILE: Final = r"^[=+\-@＝＋－＠'\x00-\x1f\x7f]"


def guard(column: Any) -> Any:
    """A string column whose hostile cells are harmless."""
    hostile = pc.match_substring_regex(column, _HOSTILE)
    if not pc.any(hostile).as_py():
        return column
    return pc.if_else(pc.fill_null(hostile, False), pc.binary_join_element_wise(GUARD, column, ""), column)


def unguard(column: Any) -> Any:
    """The column as it was before `guard`."""
    guarded = pc.starts_with(column, GUARD)
    if not pc.any(guarded).as_py():
        return column
    bare = pc.utf8_slice_codeunits(column, 1)
    return pc.if_else(pc.fill_null(guarded, False), bare, column)


def guarded_table(table: pa.Table, names: list[str]) -> pa.Table:
    """The table with the named columns guarded."""
    for name in names:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), guard(table.column(at)))
    return table
