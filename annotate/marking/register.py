"""A register of speakers: a CSV file of names, aliases and ids (say, Wikidata QIDs) that links them across documents.

    name,aliases,id
    Joko Widodo,Jokowi; Presiden Jokowi,Q3318231

A header row names the columns: `name` and `id` are needed, `aliases` is optional and parts its names by semicolons;
other columns are left alone. Names are compared without regard to case, full stops, kinds of apostrophe, and titles.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from annotate.errors import InputError
from annotate.marking.name_forms import name_key
from annotate.marking.phrases import read_phrase


class Register:
    """Ids by name. A name or alias that two entries share has no id: none rather than a guess."""

    def __init__(self, entries: Iterable[Mapping[str, str]] = ()) -> None:
        self._ids: dict[tuple[str, ...], str | None] = {}
        for entry in entries:
            for name in (entry["name"], *(entry.get("aliases") or "").split(";")):
                key = name_key(name)
                if key:
                    known = self._ids.setdefault(key, entry["id"])
                    if known != entry["id"]:
                        self._ids[key] = None

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Reads a register from a UTF-8 CSV file; comma, semicolon or tab between the columns.

        Raises `InputError`, naming file, line and field, for a file that cannot be read or an entry without name or id.
        """
        place = str(path)
        try:
            content = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"the register cannot be read: {error}", place=place, remedy="give a CSV file in UTF-8"
            ) from error
        header = content.split("\n", 1)[0]
        delimiter = max(",\t;", key=header.count)
        reader = csv.DictReader(content.splitlines(), delimiter=delimiter)
        columns = {column.strip().lower(): column for column in reader.fieldnames or ()}
        missing = [column for column in ("name", "id") if column not in columns]
        if missing:
            raise InputError(
                f"the register has no column {' and no column '.join(repr(m) for m in missing)}",
                place=f"{place}, line 1",
                remedy="let the first line be: name,aliases,id",
            )
        entries = []
        for row in reader:
            entry = {key: (row.get(column) or "").strip() for key, column in columns.items()}
            if not any(entry.values()):
                continue
            for field in ("name", "id"):
                if not entry[field]:
                    raise InputError(
                        "an entry of the register is not complete",
                        place=f'{place}, line {reader.line_num}, field "{field}"',
                        remedy="give each entry a name and an id",
                    )
            entries.append(entry)
        return cls(entries)

    def __len__(self) -> int:
        return len(self._ids)

    def id_of(self, name: str) -> str | None:
        """The id of a speaker by name or alias; None where the register does not know it, or knows two of that name."""
        if not name:
            return None
        key = name_key(name)
        if key in self._ids:
            return self._ids[key]
        phrase = read_phrase(name)
        return self._ids.get(name_key(phrase.label)) if phrase.named and len(phrase.parts) == 1 else None
