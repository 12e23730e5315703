"""Answers that were given already, the most recently used of them, in a bounded number of bytes."""

from collections import OrderedDict
from hashlib import blake2b


class Cache:
    """Keeps at most `limit` bytes of answers, by document id and text; what was longest not asked for goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()

    @staticmethod
    def key(doc_id: str, utf8: bytes) -> bytes:
        """What the answer for a text depends on, in 32 bytes."""
        return blake2b(doc_id.encode() + b"\0" + utf8, digest_size=32).digest()

    def get(self, key: bytes) -> bytes | None:
        """The answer, if it is still here."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer, at the cost of the oldest ones."""
        self._forget(key)
        self._answers[key] = answer
        self.size += len(answer)
        while self.size > self.limit:
            self._forget(next(iter(self._answers)))

    def _forget(self, key: bytes) -> None:
        self.size -= len(self._answers.pop(key, b""))
