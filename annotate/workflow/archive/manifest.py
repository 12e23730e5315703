"""What a run was made from, so that it goes on only from the same; and a lock, so that it is the only one."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from annotate.articles.inputs import InputFile
from annotate.errors import AtribusiError, InputError
from annotate.workflow.archive.store import Store

MANIFEST: Final = "manifest.json"
_LISTED: Final = 100_000  # files that are named one by one; of more, the digest alone is kept
_ELSE: Final = "name another output, or remove this one to begin anew"


def identity_of(files: Sequence[InputFile]) -> dict[str, Any]:
    """Path, size, time of change and own id of every file, and a digest. Raises `InputError` for one that is gone."""
    digest, total = hashlib.sha256(), 0
    listed: list[list[Any]] = []
    for file in files:
        try:
            state = os.stat(file.path)
        except OSError as error:
            raise InputError(error.strerror or "cannot be read", place=file.path, remedy="check the path") from error
        one = [os.path.abspath(file.path), state.st_size, state.st_mtime_ns, file.doc_id]
        digest.update(json.dumps(one).encode())
        total += state.st_size
        if len(listed) < _LISTED:
            listed.append(one)
    return {"files": len(files), "bytes": total, "sha256": digest.hexdigest(), "listed": listed}


def refuse_foreign(store: Store) -> None:
    """Raises `InputError` for a folder that holds something, and no run of ours."""
    if store.read(MANIFEST) is None and set(store.names("")) - {"_state"}:
        raise InputError("holds other files already", place=store.address, remedy="name a new folder")


def begin(store: Store, wanted: dict[str, Any]) -> dict[str, Any]:
    """Writes the manifest of a new run, or checks that the run which was begun here is the same one; gives it.

    `wanted`: `marker`, `options` and `inputs`. Raises `InputError`, naming what differs, where it is another one.
    """
    raw = store.read(MANIFEST)
    if raw is None:
        manifest = {"atribusi": 1, **wanted, "state": "begun"}
        write(store, manifest)
        return manifest
    try:
        found: dict[str, Any] = json.loads(raw)
        differs = list(_differences(found, wanted))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"is no manifest of ours ({error})", place=f"{store.address}/{MANIFEST}", remedy=_ELSE
        ) from None
    if not differs and found["state"] == "begun":
        sweep(store)
    if differs:
        more = f", and {len(differs) - 3} more" if len(differs) > 3 else ""
        raise InputError(f"was begun with {'; '.join(differs[:3])}{more}", place=store.address, remedy=_ELSE)
    return found


def sweep(store: Store) -> None:
    """Removes what processes that were killed left unfinished."""
    for folder in ("", "attributions", "documents", "tasks", "_state/receipts", "_state/scans"):
        store.sweep(folder)


def write(store: Store, manifest: dict[str, Any]) -> None:
    """Puts the manifest in its place: a line for each field, a line for each file."""
    listed = ",\n  ".join(json.dumps(one) for one in manifest["inputs"]["listed"])
    inputs = json.dumps({**manifest["inputs"], "listed": []})[:-2] + f"\n  {listed}]}}"
    fields = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in manifest.items() if name != "inputs"]
    store.write(MANIFEST, ("{\n" + ",\n".join([*fields, f' "inputs": {inputs}']) + "\n}\n").encode())


def _differences(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    if found["marker"] != wanted["marker"]:
        yield f"another marker ({found['marker']}, this is {wanted['marker']})"
    for name, value in wanted["options"].items():
        if (before := found["options"].get(name)) != value:
            yield f"another option {name} ({json.dumps(before)}, not {json.dumps(value)})"
    if found["inputs"]["sha256"] == wanted["inputs"]["sha256"]:
        return
    before, now = ({one[0]: one for one in side["inputs"]["listed"]} for side in (found, wanted))
    changed = [path for path in before if before[path] != now.get(path)] + [path for path in now if path not in before]
    for path in changed or ["other files, or in another order"]:
        what = "is gone" if path not in now else "is new" if path not in before else "has changed"
        yield f"other inputs: {path}{' ' + what if changed else ''}"


@contextlib.contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Holds a lock that the kernel drops when its holder dies. Raises `AtribusiError` where another run holds it."""
    try:
        import fcntl
    except ImportError:  # not on this system: then it is for the user to see to
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AtribusiError(
                "another run is at work here", place=str(folder.parent), remedy="wait until it has ended"
            ) from None
        yield
