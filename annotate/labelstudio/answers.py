"""JSON as the server gives it and as it is kept, by pydantic's parser and writer: half the work of Python's own.

They refuse some of what Python's own take, such as a lone surrogate in a name: then those are asked.
"""

import json
from typing import Any

import pydantic_core


def parsed(body: bytes) -> Any:
    """What the body holds. Raises `ValueError` where it is no JSON."""
    try:
        return pydantic_core.from_json(body)
    except ValueError:
        try:
            return json.loads(body)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None


def to_json(value: Any) -> str:
    """What was parsed, as JSON again."""
    try:
        return pydantic_core.to_json(value, inf_nan_mode="constants").decode()
    except (pydantic_core.PydanticSerializationError, UnicodeError):
        return json.dumps(value, ensure_ascii=False)
