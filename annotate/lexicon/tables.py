"""Reads the lexicon's tables: tab-separated, UTF-8, a header row that names the columns, `#` begins a comment line."""

import hashlib
from functools import cache
from importlib.resources import files

from annotate.errors import InputError


@cache
def load_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `annotate/lexicon/<name>.tsv`, each a dict from column to cell; a cell left out at the end is `""`.

    Raises `InputError`, naming the line, where a row has more cells than the header.
    """
    header: list[str] = []
    rows = []
    source = files("annotate.lexicon").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(source.split("\n"), 1):
        if line.startswith("#") or not line or line.isspace():
            continue
        cells = list(map(str.strip, line.split("\t")))
        if not header:
            header = cells
            continue
        if len(cells) > len(header):
            raise InputError(
                f"{len(cells)} cells, but the header names {len(header)}",
                place=f"{name}.tsv, line {number}",
                remedy="separate the cells by single tabs",
            )
        if len(cells) < len(header):
            cells += [""] * (len(header) - len(cells))
        rows.append(dict(zip(header, cells, strict=True)))
    return tuple(rows)


@cache
def lexicon_hash() -> str:
    """First 12 hexadecimal digits of the SHA-256 over all tables, in the order of their names."""
    digest = hashlib.sha256()
    for entry in sorted(files("annotate.lexicon").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".tsv"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def word_set(name: str) -> frozenset[str]:
    """The words of a row of `word_sets.tsv`. Raises `KeyError` for a name that it does not have."""
    return _word_sets()[name]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    return {row["set"]: frozenset(row["words"].split()) for row in load_table("word_sets")}
