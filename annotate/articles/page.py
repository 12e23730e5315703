"""Readable text and metadata out of a news page, by trafilatura."""

import logging
import re
from typing import Any, Final

from annotate.articles.model import Problem

MAX_PAGE: Final = 20_000_000  # bytes; trafilatura's own limit
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)

for _name in ("trafilatura", "htmldate"):  # what goes wrong is told by what comes back, not on standard error
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read_page(raw: bytes, encoding: str | None) -> dict[str, Any] | Problem:
    """Title, text, address, outlet and date of a page."""
    if len(raw) > MAX_PAGE:
        return Problem(f"longer than {MAX_PAGE // 10**6} MB, which is no news page", remedy="cut it into pages")
    import trafilatura

    try:
        source = _decoded(raw, encoding)
        found: Any = trafilatura.bare_extraction(
            source, with_metadata=True, include_comments=False, include_tables=False
        )
        text = found.text if found else trafilatura.baseline(source)[1]
    except Exception as error:  # whatever a hostile page brings up in the parsers below: it is this page's fault alone
        return Problem(f"cannot be read as HTML ({type(error).__name__}: {error})")
    if not text or text.isspace():
        return Problem("no readable article in this page", "text", "check that the page is an article, not an index")
    if not found:
        return {"text": text}
    text = _from_headline(text, found.title)
    return {"text": text, "title": found.title, "url": found.url, "outlet": found.sitename, "date": found.date}


def _from_headline(text: str, title: str | None) -> str:
    """The text from its headline on, where the headline is one of its first lines: before it stands navigation."""
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines[:5]) if title and line.strip() == title.strip()), 0)
    return "\n".join(lines[at:])


def _decoded(raw: bytes, encoding: str | None) -> str | bytes:
    """The page by the encoding that was given or that it declares; else its bytes, for trafilatura to detect."""
    declared = _CHARSET.search(raw[:4096])
    for name in (encoding, "utf-8-sig", declared[1].decode("ascii") if declared else None):
        try:
            if name:
                return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw
