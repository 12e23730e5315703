"""The data dictionary that goes with every export."""

import csv
from pathlib import Path

from annotate.export.atomic import whole_file
from annotate.export.columns import COLUMNS, DOCUMENT_COLUMNS


def write_dictionary(path: Path) -> None:
    """Writes what each column of each table means: table, column, type, unit, description."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(["table", "column", "type", "unit", "description"])
        for table, columns in (("attributions", COLUMNS), ("documents", DOCUMENT_COLUMNS)):
            writer.writerows([table, c.name, c.type, c.unit, c.description] for c in columns)
