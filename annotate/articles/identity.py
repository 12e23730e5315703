"""One id, one text: what was read already in this run."""

import hashlib
import sqlite3

from annotate.datamodel import Document
from annotate.errors import DuplicateDocument


class Seen:
    """Ids and texts that were read, as 16-byte hashes in a private temporary database.

    It spills to disk when it grows, so that memory stays the same for ten articles and for ten million.
    """

    def __init__(self) -> None:
        self._files: list[str] = []
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA cache_size = -16384")  # kibibytes
        self._db.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, text BLOB, file INT, line INT) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def file(self, name: str) -> None:
        """The file that the next documents come from."""
        self._files.append(name)

    def is_new(self, document: Document, line: int) -> bool:
        """True for a document met for the first time, False for one met before with the same text.

        Raises `DuplicateDocument`, naming both places, where the same id comes with another text.
        """
        key = _hash(document.doc_id)
        text = _hash(document.text)
        row = (key, text, len(self._files) - 1, line)
        if self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", row).rowcount:
            return True
        before = self._db.execute("SELECT text, file, line FROM seen WHERE id = ?", (key,)).fetchone()
        if before[0] == text:
            return False
        raise DuplicateDocument(
            f'the id "{document.doc_id}" stands for another text in {place(self._files[before[1]], before[2])}',
            place=place(self._files[-1], line),
            remedy="give each article an id of its own, or read the two in separate runs",
        )

    def close(self) -> None:
        """Gives back the temporary file."""
        self._db.close()


def place(file: str, line: int) -> str:
    """How a place is named to people: `berita.jsonl, line 7`; line 0 is the file as a whole."""
    return f"{file}, line {line}" if line else file


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()
