"""Pseudonyms for annotators: keyed hashes of their addresses, in everything that is kept. One file tells who is who.

The file is made on first use, readable by its owner alone, and never inside the dataset. Whoever has the dataset but
not the file cannot tell who labelled, nor try addresses out. A dataset that was begun with pseudonyms takes no labels
without them or with another file's: one slip would give everybody away for good, since nothing in it is ever erased.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotate.errors import DatasetError, InputError

if TYPE_CHECKING:
    from annotate.dataset import Dataset

VARIABLE: Final = "ATRIBUSI_PSEUDONYMS"
_NOTE: Final = "pseudonyms"  # under this name the dataset notes which key it was begun with
_DIGITS: Final = 12  # of a pseudonym: among a million people, the odds that two share one are below 1 : 500

Pseudonym = Callable[[str], str]


class Pseudonyms:
    """The file `path`: a secret key, and the pseudonym of each address that was met."""

    def __init__(self, path: Path) -> None:
        self.path = path
        content = _read(path) or {"key": secrets.token_hex(32), "people": {}}
        self._key = bytes.fromhex(content["key"])
        self._people: dict[str, str] = dict(content["people"])
        if not path.exists():
            self._write()

    def __call__(self, address: str) -> str:
        """The pseudonym of an address; capitals do not count."""
        address = address.strip().lower()
        if address not in self._people:
            self._people[address] = f"annotator-{self._digest(address)[:_DIGITS]}"
            self._write()
        return self._people[address]

    @property
    def fingerprint(self) -> int:
        """Tells this key from others, and nothing of it."""
        return int(self._digest("\0fingerprint")[:12], 16)

    def _digest(self, what: str) -> str:
        return hmac.new(self._key, what.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _write(self) -> None:
        """What another process added stays; the key is the file's, if somebody made it at the same moment."""
        import filelock

        from annotate.labelstudio.state import write_private

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(self.path.with_name(self.path.name + ".lock"), timeout=60):
            there = _read(self.path)
            if there and bytes.fromhex(there["key"]) != self._key:
                raise InputError("another run made it at the same moment", place=str(self.path), remedy="run again")
            self._people = {**(there["people"] if there else {}), **self._people}
            write_private(self.path, {"key": self._key.hex(), "people": dict(sorted(self._people.items()))})


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        bytes.fromhex(content["key"])
        dict(content["people"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise InputError(
            "is no file of pseudonyms", place=str(path), remedy="name another, or a new one that will be made"
        ) from None
    found: Mapping[str, Any] = content
    return found


def pseudonym_for(store: "Dataset", path: Path | None, *, begin: bool = True) -> Pseudonym | None:
    """What makes pseudonyms for this dataset; None where it is kept with addresses.

    `path` is the file, else the environment's ATRIBUSI_PSEUDONYMS; `begin`: whether a dataset without annotations is
    noted to be of it. Raises `DatasetError` where the dataset was begun in
    the other way or with another file, and `InputError` for a file that lies in the dataset or is none.
    """
    path = path or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    begun_with = store.noted(_NOTE)
    if path is None:
        if begun_with is not None:
            raise DatasetError(
                "annotators stand here under pseudonyms",
                place=store.root,
                remedy=f"give the file that it was begun with: --pseudonyms, or {VARIABLE} in the environment",
            )
        return None
    if "://" not in store.root and path.absolute().resolve().is_relative_to(Path(store.root).resolve()):
        raise InputError("who is who must not lie in the dataset", place=str(path), remedy="keep it elsewhere")
    if begun_with is None and next(store.doings(), None) is not None:
        raise DatasetError(
            "annotators stand here under their addresses, and nothing is ever erased",
            place=store.root,
            remedy="pull into a new dataset: --dataset",
        )
    if begun_with is not None and not path.exists():
        raise InputError("there is no such file, and the dataset was begun with one", place=str(path))
    made = Pseudonyms(path)
    if begun_with is None:
        if begin:
            store.note(_NOTE, made.fingerprint)
    elif begun_with != made.fingerprint:
        raise DatasetError(
            "the dataset was begun with another file of pseudonyms", place=str(path), remedy="name that one"
        )
    return made
