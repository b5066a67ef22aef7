"""Bytes under their hash: what is nobody's goes after a day, what somebody just put stays."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from lessons import clock, db, worker
from lessons.doors import files
from lessons.models import Attachment
from lessons.settings import Settings
from lessons.store import KEPT_SECONDS, Store

AT = clock.now()


def aged(store: Store, digest: str) -> Path:
    """The file, as one that was put long ago."""
    file = store.path(digest)
    then = clock.now().timestamp() - KEPT_SECONDS - 60
    os.utime(file, (then, then))
    return file


def row_of(digest: str) -> Attachment:
    return Attachment(of_noun="actions", of_id=1, name="a.png", media_type="image/png", size=3, sha256=digest,
                      created_at=AT)  # fmt: skip


def test_the_worker_deletes_files_of_no_row_that_are_older_than_a_day(settings: Settings) -> None:
    store = files.store()
    kept, refused, fresh = (store.put(data) for data in (b"kept", b"refused", b"just now"))
    killed = store.path(refused).with_name(f"{refused}.1.ab")
    killed.write_bytes(b"half")
    for old in (aged(store, kept), aged(store, refused)):
        assert old.exists()
    os.utime(killed, (0, 0))
    with db.transaction() as session:
        session.add(row_of(kept))
    assert worker.leftovers(clock.now) == 2
    assert (store.get(kept), store.get(refused), store.get(fresh)) == (b"kept", None, b"just now")
    assert not killed.exists()
    assert worker.leftovers(clock.now) == 0


def test_a_database_that_knows_of_no_file_deletes_none(settings: Settings) -> None:
    store = files.store()
    file = aged(store, store.put(b"another installation's"))
    assert worker.leftovers(clock.now) == 0
    assert file.exists()


def test_the_same_bytes_put_again_while_their_row_is_not_yet_there_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    digest = store.put(b"again")
    aged(store, digest)

    def named(asked: object) -> set[str]:
        store.put(b"again")  # after the rows were read, before the file goes
        return set()

    assert store.sweep(named) == 0
    assert store.get(digest) == b"again"


def test_putting_and_sweeping_at_once_never_lose_what_was_put(tmp_path: Path) -> None:
    store, lost = Store(tmp_path), list[int]()
    over = threading.Event()

    def sweeping() -> None:
        while not over.is_set():
            store.sweep(lambda _: set())

    thread = threading.Thread(target=sweeping)
    thread.start()
    for n in range(300):
        digest = store.put(b"the same")
        if store.get(digest) is None:
            lost.append(n)
        aged(store, digest)
    over.set()
    thread.join()
    assert not lost
