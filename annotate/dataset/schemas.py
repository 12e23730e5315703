"""The published contracts: JSON Schemas of the records, and one page that explains every field.

`python -m annotate.dataset.schemas FOLDER` writes them; a test holds them and the records together.
"""

import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from annotate.dataset.tables import TABLES
from annotate.records import PUBLISHED, RECORD_SCHEMA_VERSION, Record

PAGE = "README.md"
ROWS_OF_A_VERSION = """\
SELECT a.*
FROM attributions AS a
JOIN (
  SELECT s.doc_id, s.rows_commit_id, s.text_sha256,
         row_number() OVER (PARTITION BY s.doc_id ORDER BY v.version DESC) AS age
  FROM states AS s JOIN versions AS v ON v.commit_id = s.commit_id
  WHERE v.version <= {version}
) AS state ON state.doc_id = a.doc_id AND state.rows_commit_id = a.commit_id
WHERE state.age = 1 AND state.text_sha256 IS NOT NULL"""
_WORDS = {str: "text", int: "integer", float: "number", bool: "yes or no"}
_INTRODUCTION = f"""# Records of the dataset

Record version {RECORD_SCHEMA_VERSION}. Generated from `annotate/records.py` by `make schemas`, not by hand.

Each record has a JSON Schema here (draft 2020-12) and is a row of a Delta table of the same fields. Times are ISO 8601
in UTC with `Z`; spans are half-open code-point offsets into the document's text; ids are text. A field may be empty
(null) where its type says so. Fields are added from one record version to the next, never renamed or taken away.

Tables are only ever appended to, and a row counts only where a version names it. In Python,
`Dataset.open(folder).as_of(3)` is version 3 as one Arrow table. With any other reader of Delta tables (DuckDB, Polars,
Spark), this SQL is the same (for `documents`, put `document_commit_id` in the place of `rows_commit_id`):

```sql
{ROWS_OF_A_VERSION.format(version=3)}
```
"""


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas and their page into the folder; the paths that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_files().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def schema_files() -> dict[str, str]:
    """File name -> content, of all that stands in `schemas/`."""
    return {f"{name}.schema.json": _schema(name, model) for name, model in PUBLISHED.items()} | {PAGE: fields_page()}


def _schema(name: str, model: type[Record]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:atribusi:{name}:{RECORD_SCHEMA_VERSION}",
        **model.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def fields_page() -> str:
    """Markdown: a table of fields for each record, and for the parts that records are made of."""
    tables = {model: name for name, model in TABLES.items()}
    parts = dict.fromkeys(part for model in PUBLISHED.values() for part in _parts(model))
    sections = [_INTRODUCTION]
    for name, model in PUBLISHED.items():
        heading = f"## {name}\nTable `{tables[model]}`, schema [{name}.schema.json]({name}.schema.json)."
        sections.append(_section(heading, model))
    sections += [_section(f"### {part.__name__}\nPart of a record.", part) for part in parts]
    return "\n".join(sections)


def _section(heading: str, model: type[Record]) -> str:
    summary = " ".join((model.__doc__ or "").split())
    rows = [f"| `{name}` | {_type(info)} | {_cell(info.description)} |" for name, info in model.model_fields.items()]
    return "\n".join([f"{heading} {summary}", "", "| field | type | meaning |", "| --- | --- | --- |", *rows, ""])


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")


def _type(info: FieldInfo) -> str:
    return _words(info.annotation)


def _words(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(_words(arg) for arg in arguments if arg is not types.NoneType) + " or null"
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in arguments)
    if origin is list:
        return f"list of {_words(arguments[0])}"
    return _WORDS.get(annotation) or f"[{annotation.__name__}](#{annotation.__name__.lower()})"


def _parts(model: type[Record]) -> Iterator[type[Record]]:
    """The records that the model's fields are made of, however deep."""
    waiting: list[Any] = [info.annotation for info in model.model_fields.values()]
    while waiting:
        annotation = waiting.pop(0)
        if isinstance(annotation, type) and issubclass(annotation, Record):
            yield annotation
            yield from _parts(annotation)
        waiting.extend(argument for argument in get_args(annotation) if not isinstance(argument, str))


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
