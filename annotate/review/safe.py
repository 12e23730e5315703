"""Untrusted text made harmless for a page: control and direction characters shown by name, only web links linked.

HTML is escaped by the templates (Jinja's autoescape); here is what escaping does not reach.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

# Controls but for tab and line feed; marks, embeddings, overrides and isolates of direction; line separators; the byte
# order mark; tag characters; lone surrogates, which no page can be encoded with.
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAMED: Final = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


def plain(text: str) -> str:
    """The text with every harmful character written out, as in `⟨U+202E⟩`; safe in text and in attributes."""
    return _HARMFUL.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)


def finalize(value: Any) -> Any:
    """For Jinja: what a template prints is made harmless, wherever it is printed."""
    return plain(value) if type(value) is str else value


def written_back(text: str) -> str:
    """What `plain` wrote out, turned into the characters again (a reviewer sends back words that the page showed)."""
    return _NAMED.sub(lambda found: chr(int(found.group(1), 16)), text)


def json_text(text: str) -> str:
    """JSON with harmful characters escaped, so that it cannot turn around on a screen either."""
    return _HARMFUL.sub(lambda found: _escaped(found.group()), text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def web_link(url: str | None) -> str | None:
    """The address if it is one of the web (`http`, `https`, with a host), else None: `javascript:` is no link."""
    if not url or _HARMFUL.search(url) or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def own_path(path: str | None) -> str:
    """The path if it stays on this site, else the front page: where to go after a form."""
    good = (
        path and path.startswith("/") and not path.startswith("//") and "\\" not in path and not _HARMFUL.search(path)
    )
    return path if good and path else "/attributions"
