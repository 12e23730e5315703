"""Versions and tags: which there are, what a reference to one means, and how one is recorded."""

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from annotate.datamodel import SCHEME_VERSION
from annotate.dataset.columns import to_table
from annotate.dataset.tables import AppendConflict, Table
from annotate.errors import DatasetError, NewerDataset, VersionNotFound
from annotate.records import TagRecord, VersionRecord

Ref = int | str | None

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEAD = ("head", "latest")
_TAG_NAME = re.compile(r"[^\s/\\]{1,100}")


def now() -> str:
    """The present moment, ISO 8601 in UTC with microseconds, so that text order is order of time."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_versions(table: Table) -> list[VersionRecord]:
    """All versions, oldest first. Raises `NewerDataset` where one was made under a newer annotation scheme."""
    versions = sorted(table.records(VersionRecord), key=lambda record: record.version)
    if versions and versions[-1].scheme_version > SCHEME_VERSION:
        raise NewerDataset(
            f"labelled under annotation scheme {versions[-1].scheme_version}, this program knows {SCHEME_VERSION}",
            place=table.uri,
            remedy="upgrade: pip install --upgrade atribusi",
        )
    return versions


def read_tags(table: Table) -> list[TagRecord]:
    """All tags, oldest first."""
    return sorted(table.records(TagRecord), key=lambda record: record.created_at)


def find(ref: Ref, versions: Sequence[VersionRecord], tags: Sequence[TagRecord], place: str) -> VersionRecord:
    """The version that a number, a tag, a date or a moment means; None, `head` and `latest` mean the newest.

    A date means the newest version that was there when that day ended, UTC. Raises `VersionNotFound`.
    """
    if not versions:
        raise VersionNotFound("the dataset has no version yet", place=place, remedy="run: atribusi commit")
    if ref is None or (isinstance(ref, str) and ref.lower() in _HEAD):
        return versions[-1]
    text = str(ref).strip()
    number = next((tag.version for tag in tags if tag.tag == text), int(text) if text.isdecimal() else None)
    if number is not None:
        found = next((version for version in versions if version.version == number), None)
    elif _DATE.match(text):
        found = _at_moment(text, versions, place)
    else:
        found = None
    if found is None:
        known = f"versions 1 to {versions[-1].version}" + (f", tags {', '.join(t.tag for t in tags)}" if tags else "")
        raise VersionNotFound(f"no version {text!r}", place=place, remedy=f"there are {known}")
    return found


def _at_moment(text: str, versions: Sequence[VersionRecord], place: str) -> VersionRecord | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise VersionNotFound(
            f"{text!r} is no date", place=place, remedy="write 2026-11-22 or 2026-11-22T10:00Z"
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if len(text) == len("2026-11-22"):
        moment += timedelta(days=1, microseconds=-1)
    earlier = [version for version in versions if datetime.fromisoformat(version.created_at) <= moment]
    return earlier[-1] if earlier else None


def add_tag(table: Table, tag: TagRecord) -> None:
    """Set a tag. Raises `DatasetError` where the name is taken, or could be taken for something else."""
    name = tag.tag
    if not _TAG_NAME.fullmatch(name) or name.isdecimal() or _DATE.match(name) or name.lower() in _HEAD:
        raise DatasetError(
            f"{name!r} cannot be a tag",
            remedy="use up to 100 letters, digits and - . _; no number, date, head or latest",
        )
    while True:
        table.refresh()
        taken = next((known for known in read_tags(table) if known.tag == name), None)
        if taken is not None:
            raise DatasetError(
                f"the tag {name!r} is version {taken.version} already", remedy="tags do not move; choose another name"
            )
        try:
            table.append(to_table([tag], TagRecord), only_if_unchanged=True)
        except AppendConflict:
            time.sleep(0.02)
        else:
            return
