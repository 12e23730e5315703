"""What a spreadsheet makes of the files: LibreOffice Calc opens them and writes down what it sees."""

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from annotate.export import COLUMNS, FORMATS, export
from tests.export.making import document, rich_groups, row
from tests.export.test_csv import HOSTILE

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(
    SOFFICE is None,
    reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui); what it does is shown there only",
)


def opened_by_calc(path: Path, separator: str = "") -> openpyxl.Workbook:
    """The file as LibreOffice Calc opens it, written again as XLSX."""
    out = path.parent / "opened"
    # Separator, quotation mark, UTF-8, from line 1, …, language, quoted cells are not texts, detect numbers
    options = [f"--infilter=Text - txt - csv (StarCalc):{ord(separator)},34,76,1,,0,false,true"] if separator else []
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(
        [SOFFICE, "--headless", profile, *options, "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(path.parent)},
    )  # fmt: skip
    return openpyxl.load_workbook(out / f"{path.stem}.xlsx")


def hostile_groups():
    groups = rich_groups()
    for number, cell in enumerate(cell for cell in HOSTILE if "\0" not in cell):
        doc = document(f"d{number}", f"a {cell} z", outlet=cell, title=cell)
        groups.append((doc, [row(doc, 2, 2 + len(cell), speaker=cell, role=cell, agreement=-0.5)]))
    return groups


@pytest.mark.parametrize(("format", "separator"), [("csv", ","), ("excel", ";"), ("xlsx", "")])
def test_calc_sees_a_table_without_formulas(tmp_path, format, separator):
    groups = hostile_groups()
    path = export(groups, tmp_path / f"tabel{FORMATS[format].suffix}", version=3, format=format, premarks=True).path
    sheet = opened_by_calc(path, separator).worksheets[0]
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == [c.name for c in COLUMNS]
    assert len(rows) == sum(len(rows) for _, rows in groups)
    assert not [cell.coordinate for line in rows for cell in line if cell.data_type in ("f", "e")]
    at = {c.name: n for n, c in enumerate(COLUMNS)}
    assert [line[at["content_start"]].value for line in rows[:3]] == [r.content.start for r in groups[0][1]]
    assert rows[0][at["content"]].value == "“Kami siaga,”"
    plain = next(line for line in rows if line[at["role"]].value == "a,b;c\td")
    assert plain[at["speaker"]].value == "a,b;c\td"
    quoted = next(line for line in rows if line[at["role"]].value == 'a"b')
    assert quoted[at["outlet"]].value == 'a"b'


def test_calc_would_take_an_unguarded_cell_for_a_formula(tmp_path):
    path = tmp_path / "polos.csv"
    path.write_text('a,b\n"=1+1","\'=1+1"\n', encoding="utf-8")
    _, (bare, guarded) = opened_by_calc(path, ",").worksheets[0].iter_rows()
    assert (bare.data_type, guarded.data_type) == ("f", "s")
