"""Texts of strangers on a terminal and on a page."""

import re

# Control characters, and those that reorder what is read: a terminal obeys the first, a reader is misled by the others.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str, keep: str = "") -> str:
    """The text with control characters, and those that alter the direction of writing, as escapes; but for `keep`."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)
