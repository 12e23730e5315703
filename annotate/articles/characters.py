"""Decoding, and the characters that nothing downstream can bear.

Label Studio drops NUL, which shifts every offset behind it, and a lone surrogate makes its whole project unreadable;
neither can be written as UTF-8 text with a meaning. Bytes that are no UTF-8 come out of the decoder as lone surrogates
(`surrogateescape`), so that they are found row by row and cost no other row.
"""

import codecs
import io
import re
from typing import BinaryIO, Final

from annotate.articles.model import Problem

_UNBEARABLE: Final = re.compile("[\\x00\\ud800-\\udfff]")
# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x7fELF": "a program",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"\x1f\x8b": "a compressed file",
    b"(\xb5/\xfd": "a compressed file",
}
HEAD: Final = 8192  # bytes that are looked at to tell text from anything else


def encoding_of(head: bytes) -> str:
    """The encoding that a byte order mark at the head of a file names; UTF-8 where there is none."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def open_text(stream: BinaryIO, head: bytes, encoding: str | None, newline: str) -> io.TextIOWrapper:
    """The stream as text. No line end is translated; a byte order mark is not part of the text."""
    if encoding is None or codecs.lookup(encoding).name == "utf-8":
        encoding = encoding_of(head)
    return io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline=newline)


def binary_kind(head: bytes, encoding: str | None) -> str | None:
    """What sort of binary file begins so, or None for text.

    Known beginnings, then Perl's rule for `-B`: more than three in ten bytes are control characters or no UTF-8.
    """
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            return kind
    if encoding or encoding_of(head) != "utf-8":
        return None
    text = head.decode("utf-8", "surrogateescape")
    odd = sum(1 for c in text if (c < " " and c not in "\t\n\r\f\b\x1b") or "\udc80" <= c <= "\udcff")
    return "a binary file" if odd * 10 > len(head) * 3 and odd > 2 else None


def unbearable(text: str) -> Problem | None:
    """The first NUL or lone surrogate of a text, as a problem that names it and where it stands."""
    if "\0" not in text:
        if text.isascii():
            return None
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            pass
        else:
            return None
    found = _UNBEARABLE.search(text)
    assert found is not None
    code, at = ord(found[0]), found.start()
    if code == 0:
        what = f"NUL (U+0000) at character {at}"
    elif 0xDC80 <= code <= 0xDCFF:
        what = f"a byte that is not UTF-8 (0x{code - 0xDC00:02X}; or a lone surrogate, U+{code:04X}) at character {at}"
    else:
        what = f"a lone surrogate (U+{code:04X}) at character {at}"
    return Problem(what, remedy=_REMEDY)


_REMEDY: Final = (
    "repair the source, name its encoding, or put U+FFFD in place of such characters with --replace-invalid"
)


def replace_unbearable(text: str) -> str:
    """The text with U+FFFD in place of each NUL and each lone surrogate; of the same length."""
    return _UNBEARABLE.sub("�", text)
