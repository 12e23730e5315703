"""Backups of a server that runs and is written to, and what a restored one holds."""

import stat
import tarfile
import threading
from pathlib import Path

import pytest

from annotate.errors import EmbeddedServerError
from annotate.labelstudio import server
from annotate.labelstudio.backup import backup, restore
from annotate.labelstudio.connection import Connection, http_client
from annotate.labelstudio.server import RunningServer

CONFIG = '<View><Labels name="l" toName="t"><Label value="a"/></Labels><Text name="t" value="$text"/></View>'


def new_project(connection: Connection, title: str) -> int:
    with http_client(connection) as client:
        answer = client.post("/api/projects/", json={"title": title, "label_config": CONFIG})
        return int(answer.raise_for_status().json()["id"])


def add_tasks(connection: Connection, project: int, count: int) -> None:
    tasks = [{"data": {"text": f"berita {number}"}} for number in range(count)]
    with http_client(connection) as client:
        client.post(f"/api/projects/{project}/import", json=tasks).raise_for_status()


def test_a_backup_taken_while_the_server_writes_can_be_restored_and_started(
    studio_server: RunningServer, studio_connection: Connection, tmp_path: Path
) -> None:
    project = new_project(studio_connection, "cadangan")
    add_tasks(studio_connection, project, 20)
    ended = threading.Event()

    def write_on() -> None:
        while not ended.is_set():
            add_tasks(studio_connection, project, 20)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        copies = [backup(studio_server.data_dir, tmp_path / f"{number}.tar.gz") for number in range(4)]
    finally:
        ended.set()
        writer.join()
    counts = [copy.tasks for copy in copies]
    assert counts == sorted(counts)
    assert all(count % 20 == counts[0] % 20 for count in counts), "an import is whole or not in a copy"

    folder = restore(copies[-1].path, tmp_path / "restored" / "studio")
    try:
        restored = server.start(folder)
        connection = Connection(restored.url, restored.token, "restored")
        with http_client(connection) as client:
            tasks = client.get(f"/api/projects/{project}").raise_for_status().json()["task_number"]
        assert tasks in range(20, copies[-1].tasks + 1, 20)
        assert restored.token == studio_server.token
    finally:
        server.stop(folder)


def test_a_backup_is_private_and_goes_beside_the_data_folder_by_default(
    studio_server: RunningServer, tmp_path: Path
) -> None:
    made = backup(studio_server.data_dir)
    assert made.path.parent == studio_server.data_dir.parent / "backups"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.size == made.path.stat().st_size
    into_folder = backup(studio_server.data_dir, tmp_path)
    assert into_folder.path.parent == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == [into_folder.path.name]


def test_a_restore_never_overwrites_a_database(studio_server: RunningServer, tmp_path: Path) -> None:
    made = backup(studio_server.data_dir, tmp_path / "b.tar.gz")
    with pytest.raises(EmbeddedServerError, match="database already"):
        restore(made.path, studio_server.data_dir)


def test_no_database_no_backup(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="no Label Studio database"):
        backup(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "other", "outside", "link", "text"])
def test_what_is_no_backup_is_refused_and_leaves_nothing(
    studio_server: RunningServer, tmp_path: Path, damage: str
) -> None:
    archive = tmp_path / "b.tar.gz"
    if damage == "cut":
        whole = backup(studio_server.data_dir, archive).path.read_bytes()
        archive.write_bytes(whole[: len(whole) // 2])
    elif damage == "other":
        (tmp_path / "x").touch()
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(tmp_path / "x", arcname="x")
    elif damage in ("outside", "link"):
        member = tarfile.TarInfo("../beside" if damage == "outside" else "backup.json")
        if damage == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/hostname"
        with tarfile.open(archive, "w:gz") as packed:
            packed.addfile(member)
    else:
        archive.write_text("not an archive")
    with pytest.raises(EmbeddedServerError):
        restore(archive, tmp_path / "new" / "studio")
    assert not (tmp_path / "new" / "studio").exists()
    assert not list((tmp_path / "new").iterdir())
    assert not list(tmp_path.rglob("beside"))
