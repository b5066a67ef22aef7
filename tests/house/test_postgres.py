from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.postgres import Server, server

ROOT = Path(__file__).parents[2]
KILLED_WITH_A_SERVER = """
import os, signal
from tests.postgres import server
with server() as running:
    print(running.pid, running.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with server() as started:
        yield started


def ask(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends_soon(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


def test_a_database_holds_what_was_written(running: Server) -> None:
    url = running.create("village")
    ask(url, "CREATE TABLE words AS SELECT 'תחקיר' AS word")
    assert ask(url, "SELECT word FROM words") == "תחקיר"


def test_a_database_is_copied_with_its_rows_and_goes_its_own_way(running: Server) -> None:
    ask(running.create("first"), "CREATE TABLE people AS SELECT 1 AS n")
    second = running.create("second", template="first")
    ask(second, "INSERT INTO people VALUES (2)")
    assert (ask(running.url("first"), "SELECT count(*) FROM people"), ask(second, "SELECT count(*) FROM people")) == (
        1,
        2,
    )


def test_a_dropped_database_is_gone_although_someone_is_connected(running: Server) -> None:
    engine = create_engine(running.create("short_lived"))
    with engine.connect() as connection:
        running.drop("short_lived")
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    engine.dispose()


def test_words_sort_by_letter_as_they_do_in_sqlite(running: Server) -> None:
    in_order = "SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['ת', 'א', 'b', 'B', 'ב']) AS w"
    assert ask(running.url(), in_order) == "B b א ב ת"


def test_two_servers_live_beside_each_other() -> None:
    with server() as one, server() as other:
        one.create("same_name")
        other.create("same_name")
        assert one.folder != other.folder


def test_nothing_is_left_when_it_is_done() -> None:
    with server() as started:
        assert is_running(started.pid)
    assert not is_running(started.pid)
    assert not started.folder.exists()


def test_the_server_ends_although_the_tests_were_killed() -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WITH_A_SERVER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    pid, folder = killed.stdout.split()
    try:
        assert ends_soon(int(pid))
    finally:
        shutil.rmtree(folder)
