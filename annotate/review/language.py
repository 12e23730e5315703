"""The desk's words in Indonesian and English; one table each in `messages.toml`."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
Say = Callable[..., str]


@cache
def messages() -> dict[str, dict[str, str]]:
    """All messages: language -> key -> text with `{fields}`."""
    tables = tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))
    return {language: dict(_flat(tables[language])) for language in LANGUAGES}


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found


def speaker_of(language: Language) -> Say:
    """`say(key, **fields)` in that language; a key that is not known says itself."""
    table = messages()[language]

    def say(key: str, **fields: object) -> str:
        text = table.get(key, key)
        return text.format(**fields) if fields else text

    return say


def preferred(accept_language: str) -> Language:
    """The language that a browser asks for first; Indonesian where it asks for neither."""
    for part in accept_language.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "id"
