"""From the fields of a row to a document: which names are understood, and what a sound row is."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from annotate.articles.characters import replace_unbearable, unbearable
from annotate.articles.dates import iso_date
from annotate.articles.model import Problem
from annotate.datamodel import Document

# Names that archives give to their fields, best first; upper and lower case, blanks and hyphens count alike.
FIELD_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "doc_id": ("doc_id", "id"),
    "text": (
        "text", "teks", "body", "content", "konten", "isi", "isi_berita", "article", "artikel", "article_text",
        "full_text", "fulltext", "maintext", "main_text", "articlebody", "naskah", "berita",
    ),
    "title": ("title", "judul", "headline", "judul_berita", "judul_artikel"),
    "url": ("url", "link", "source_url", "canonical_url", "permalink", "tautan"),
    "outlet": (
        "outlet", "media", "publisher", "sitename", "site_name", "portal", "source_domain", "source", "sumber", "site",
    ),
    "published_at": (
        "published_at", "published", "date_publish", "publish_date", "publication_date", "date_published",
        "datepublished", "pubdate", "tanggal", "tanggal_terbit", "date", "datetime", "timestamp", "waktu",
    ),
}  # fmt: skip
_KIND: Final = {name: (field, rank) for field, names in FIELD_NAMES.items() for rank, name in enumerate(names)}
_HOST: Final = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#@:]+)", re.IGNORECASE)

Plan = dict[str, tuple[str, ...]]  # our field -> the row's own names for it, best first
_plans: dict[tuple[str, ...], Plan] = {}


def plan_for(names: tuple[str, ...]) -> Plan:
    """Which of a row's fields is which of ours; remembered, since the rows of a file mostly look alike."""
    plan = _plans.get(names)
    if plan is None:
        found: dict[str, list[tuple[int, str]]] = {}
        for name in names:
            known = _KIND.get(str(name).strip().lower().replace(" ", "_").replace("-", "_"))
            if known:
                found.setdefault(known[0], []).append((known[1], name))
        plan = {field: tuple(name for _, name in sorted(ranked)) for field, ranked in found.items()}
        if len(_plans) > 1000:  # rows of ever new shapes must not fill the memory
            _plans.clear()
        _plans[names] = plan
    return plan


def to_document(values: Mapping[str, Any], default_id: str | None, *, replace_invalid: bool) -> Document | Problem:
    """The document that a row holds, or why it holds none. `default_id`: for rows without an id of their own."""
    plan = plan_for(tuple(values))
    if "text" not in plan:
        return no_text()
    got: dict[str, str | None] = {}
    for field, names in plan.items():
        value = _first(values, names)
        if value is not None and type(value) is not str:
            value = _as_text(field, value)
            if value is None:
                return Problem(
                    f"{_shown(values, names)} where text is expected", _name(values, names),
                    "write it as text, or rename a field that means something else",
                )  # fmt: skip
        if value is not None and (problem := unbearable(value)):
            if not replace_invalid:
                return Problem(problem.reason, _name(values, names), problem.remedy)
            value = replace_unbearable(value)
        got[field] = value
    return _document(got, plan, default_id)


def no_text() -> Problem:
    """What to say of a row, or of a whole table, that has no field for the text."""
    return Problem("no text", "text", f"name the field one of: {', '.join(FIELD_NAMES['text'])}")


def _document(got: dict[str, str | None], plan: Plan, default_id: str | None) -> Document | Problem:
    body, title = got["text"], got.get("title")
    if not body or body.isspace():
        return Problem("the text is empty", plan["text"][0])
    if title is not None and title.isspace():
        title = None
    text = body if not title or has_title(body, title) else f"{title}\n\n{body}"
    doc_id = got.get("doc_id") or default_id or derived_id(text)
    url, outlet = got.get("url"), got.get("outlet")
    if outlet and outlet.lower().startswith(("http://", "https://")):
        url, outlet = url or outlet, None
    if url and not outlet:
        outlet = _host(url)
    published = got.get("published_at")
    return Document(doc_id, text, title, url, outlet, iso_date(published) if published else None)


def has_title(body: str, title: str) -> bool:
    """Whether a body begins with its title, so that the title must not be put before it again.

    The title must stand alone in the first line; or be four words or more that the body begins with letter by letter,
    where a line end was lost.
    """
    title, start = title.strip(), body.lstrip()
    if not start.startswith(title):
        return False
    follows = start[len(title) : len(title) + 1]
    if not follows or start[len(title) :].lstrip(" \t")[:1] in ("", "\n", "\r"):
        return True
    return not follows.isalnum() and len(title.split()) >= 4


def derived_id(text: str) -> str:
    """An id for an article that has none: equal texts, equal ids (80 bits of SHA-256)."""
    return f"text-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:20]}"


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first value that is there: not null, not an empty text, not a number that is none (NaN)."""
    for name in names:
        value = values[name]
        if value is not None and value != "" and value == value:
            return value
    return None


def _name(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = _first(values, names)
    return next(name for name in names if values[name] is value)


def _shown(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return f"a {type(_first(values, names)).__name__}"


def _as_text(field: str, value: Any) -> str | None:
    """Values that are no text and can be taken as such without a guess: numbers as ids, times, a named publisher."""
    if field == "published_at" and not isinstance(value, list | dict | bool):
        return iso_date(value)
    if field == "outlet" and isinstance(value, dict) and isinstance(value.get("name"), str):
        return str(value["name"])
    if field == "doc_id" and isinstance(value, float) and value.is_integer():
        return str(int(value))
    if field in ("doc_id", "title") and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def _host(url: str) -> str | None:
    found = _HOST.match(url)
    return found[1].lower() if found else None
