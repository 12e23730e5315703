"""What is to be judged of a shard's documents, small enough to be kept for a whole archive."""

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_HASH: Final = 16  # bytes of the hash of an id, and of a text


@dataclass(frozen=True, slots=True)
class Scan:
    """Of each document of a shard: hashes of its id and its text, and its place.

    Where copies are looked for, also its id, and what tells it from others (`copies.sign`): how many values, and these.
    """

    hashes: bytes
    files: list[str]
    places: list[tuple[int, int]] = field(default_factory=list)  # number of the file, line
    ids: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    signatures: bytes = b""

    @classmethod
    def of(cls, found: Sequence[tuple[bytes, bytes, str, int]]) -> "Scan":
        """From hash of the id, hash of the text, file and line of each document."""
        files = list(dict.fromkeys(file for _, _, file, _ in found))
        at = {file: n for n, file in enumerate(files)}
        return cls(b"".join(id_ + text for id_, text, _, _ in found), files, [(at[f], line) for _, _, f, line in found])

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[tuple[bytes, bytes, str, int]]:
        for n, (file, line) in enumerate(self.places):
            a = n * 2 * _HASH
            yield self.hashes[a : a + _HASH], self.hashes[a + _HASH : a + 2 * _HASH], self.files[file], line

    def packed(self) -> bytes:
        """The scan as bytes."""
        head = json.dumps({"files": self.files, "places": self.places, "ids": self.ids, "sizes": self.sizes}).encode()
        return struct.pack("<I", len(head)) + head + self.hashes + self.signatures

    @classmethod
    def unpacked(cls, data: bytes) -> "Scan":
        """The scan that was packed."""
        (size,) = struct.unpack_from("<I", data)
        head = json.loads(data[4 : 4 + size])
        places = [(file, line) for file, line in head["places"]]
        rest = 4 + size + len(places) * 2 * _HASH
        return cls(data[4 + size : rest], head["files"], places, head["ids"], head["sizes"], data[rest:])
