"""The register of speakers."""

from pathlib import Path

import pytest

from annotate.errors import InputError
from annotate.marking.register import Register
from tests.marking.fields import cases

ENTRIES = """name,aliases,id,note
Joko Widodo,Jokowi; Presiden Jokowi,Q1,president
Ma'ruf Amin,,Q2,
Uni Eropa,UE; European Union,Q3,
M. Yusuf Harahap,Yusuf Harahap,Q4,
Komisi Pemberantasan Korupsi,KPK,Q5,
Svyatlana Tsikhanouskaya,Sviatlana Tsikhanouskaya; Tsikhanouskaya,Q6,
Budi Santoso,,Q8,the minister
Budi Santoso,,Q9,the singer
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    path = tmp_path_factory.mktemp("register") / "speakers.csv"
    path.write_text(ENTRIES, encoding="utf-8")
    return Register.read(path)


@pytest.mark.parametrize(("speaker", "expected"), cases("register"))
def test_id(register: Register, speaker: str, expected: str) -> None:
    assert register.id_of(speaker) == (expected or None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_byte_order_mark(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "speakers.csv"
    path.write_text(f"﻿id{delimiter}Name\r\nQ1{delimiter}Wati Kurniasih\r\n", encoding="utf-8", newline="")
    assert Register.read(path).id_of("Wati Kurniasih") == "Q1"


def test_a_column_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "speakers.csv"
    path.write_text("nama,id\nWati,Q1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"speakers\.csv, line 1: .*'name'.* — let the first line be"):
        Register.read(path)


def test_an_entry_without_an_id(tmp_path: Path) -> None:
    path = tmp_path / "speakers.csv"
    path.write_text("name,id\nWati,Q1\n\nDanu,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r'line 4, field "id"'):
        Register.read(path)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Register.read(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(InputError, match="cannot be read"):
        Register.read(tmp_path / "binary.csv")


def test_an_empty_register_knows_nobody() -> None:
    assert Register().id_of("Wati") is None
    assert len(Register()) == 0
