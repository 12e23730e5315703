"""One id, one text: what was read already in this run."""

import hashlib
import os
import sqlite3
from typing import Final

from annotate.datamodel import Document
from annotate.errors import DuplicateDocument

SAME: Final = ""  # as a place: the same article, met again
OWN_IDS: Final = "give each article an id of its own, or read the two in separate runs"


class Seen:
    """Ids and texts that were read, as 16-byte hashes in a private temporary database.

    It spills to disk when it grows, so that memory stays the same for ten articles and for ten million.
    """

    def __init__(self) -> None:
        self._file = ""
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA cache_size = -16384")  # kibibytes
        self._db.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, text BLOB, file INT, line INT) WITHOUT ROWID")
        self._db.execute("CREATE TABLE files (file INTEGER PRIMARY KEY, name BLOB)")
        self._db.execute("BEGIN")
        self._number = 0

    def file(self, name: str) -> None:
        """The file that the next documents come from."""
        if name != self._file or not self._number:
            self._file, self._number = name, self._number + 1
            self._db.execute("INSERT INTO files VALUES (?, ?)", (self._number, os.fsencode(name)))

    def is_new(self, document: Document, line: int) -> bool:
        """True for a document met for the first time, False for one met before with the same text.

        Raises `DuplicateDocument`, naming both places, where the same id comes with another text.
        """
        before = self.before(hash_of(document.doc_id), hash_of(document.text), line)
        if before is None or before == SAME:
            return before is None
        raise DuplicateDocument(other_text(document.doc_id, before), place=place(self._file, line), remedy=OWN_IDS)

    def before(self, key: bytes, text: bytes, line: int) -> str | None:
        """What was met before under this id, both given as hashes.

        None where nothing was, `SAME` where it had the same text, else the place of the other text.
        """
        row = (key, text, self._number, line)
        if self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", row).rowcount:
            return None
        found = self._db.execute("SELECT text, file, line FROM seen WHERE id = ?", (key,)).fetchone()
        if found[0] == text:
            return SAME
        (name,) = self._db.execute("SELECT name FROM files WHERE file = ?", (found[1],)).fetchone()
        return place(os.fsdecode(name), found[2])

    def close(self) -> None:
        """Gives back the temporary file."""
        self._db.close()


def place(file: str, line: int) -> str:
    """How a place is named to people: `berita.jsonl, line 7`; line 0 is the file as a whole."""
    return f"{file}, line {line}" if line else file


def other_text(doc_id: str, where: str) -> str:
    """What to say of an id that stands for two texts."""
    return f'the id "{doc_id}" stands for another text in {where}'


def hash_of(text: str) -> bytes:
    """16 bytes that tell ids, or texts, apart."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()
