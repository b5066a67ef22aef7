"""What every test stands on: a database with the tables and no rows, on both engines, and settings to start from.

A test that asks for `settings`, `session`, `database` or `kind` runs on both engines; `@pytest.mark.only("sqlite")`
names one where the other can teach nothing.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from lessons import db
from lessons.settings import Settings
from tests import once
from tests.databases import Databases, Kind

LONG = ("browser", "faults", "walks")
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  pytest makes a folder of its own there
KINDS = {"sqlite": pytest.param("sqlite"), "postgresql": pytest.param("postgresql", marks=pytest.mark.postgres)}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only(kind): runs on this engine alone, sqlite or postgresql")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:  # a database a test is quicker copied in memory
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    own = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "kind" in metafunc.fixturenames and not any("kind" in names for names in own):  # a duty has a kind too
        only = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("kind", [KINDS[kind] for kind in (only.args if only else KINDS)])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take minutes first, those that wait beside those that work; a short one ends the run."""
    items.sort(key=lambda item: (0, item.path.name) if item.path.parent.name in LONG else (1, ""))


def pytest_collection_finish() -> None:
    """What was imported stays: nobody looks there again for rings of objects that nobody holds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes more databases, of any kind and for as long as one likes."""
    with Databases(tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture
def database(kind: Kind, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the tables and no rows."""
    if kind == "postgresql":
        yield databases.emptied()
        return
    file = tmp_path / "data" / "lessons.db"
    file.parent.mkdir()
    yield databases.sqlite_at(file)
    for left in file.parent.glob("lessons.db*"):  # a megabyte a test
        left.unlink()


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Iterator[Settings]:
    """An installation that was started: `lessons.db` works on its database."""
    made = Settings(database_url=database, data_dir=tmp_path / "data", secret_key="village-" * 4, synchronous="OFF",
                    page_forms=10**6, page_reads=10**6)  # fmt: skip
    db.start(made)
    yield made
    db.engine().dispose()


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """One transaction that a test may write in; never committed. Nobody else can write meanwhile on SQLite."""
    with Session(db.engine(), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with once.compiled():
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_socket_but_our_own() -> Iterator[None]:
    """Nothing that runs in a test's process reaches another machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "localhost":
            assert ipaddress.ip_address(address[0]).is_loopback, f"a test wants to reach {address}"
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
