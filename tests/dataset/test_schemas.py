"""The published contracts and the records are one: `make schemas` has been run, every field says what it means."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from annotate.dataset.columns import arrow_schema, arrow_type
from annotate.dataset.schemas import fields_page, schema_files, write_schemas
from annotate.dataset.states import State
from annotate.dataset.tables import TABLES
from annotate.records import PUBLISHED, RECORD_SCHEMA_VERSION, DocumentStateRecord

SCHEMAS = Path(__file__).parents[2] / "schemas"


def test_the_published_schemas_are_those_of_the_records() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.iterdir() if path.name[0] != "."}
    assert published == schema_files(), "the records changed: run `make schemas`"


def test_schemas_are_written_to_any_folder(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "new")
    assert len(paths) == len(PUBLISHED) + 1
    schema = json.loads((tmp_path / "new" / "attribution.schema.json").read_text())
    assert schema["$id"].endswith(f":{RECORD_SCHEMA_VERSION}")
    assert schema["properties"]["type"]["enum"] == ["direct", "mixed", "indirect"]
    assert schema["additionalProperties"] is False


def test_every_field_has_a_meaning_and_a_row_on_the_page() -> None:
    page = fields_page()
    for name, model in PUBLISHED.items():
        for field, info in model.model_fields.items():
            assert info.description, f"{name}.{field} says nothing"
            assert f"| `{field}` |" in page


def test_every_record_is_a_table_with_its_fields() -> None:
    assert set(TABLES.values()) == set(PUBLISHED.values())
    for model in TABLES.values():
        assert arrow_schema(model).names == list(model.model_fields)
    assert set(State._fields) == set(DocumentStateRecord.model_fields)
    assert arrow_schema(PUBLISHED["attribution"]).field("sources").type.value_type.field("end").type == pa.int64()


def test_what_no_column_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        arrow_type(dict[str, int])
