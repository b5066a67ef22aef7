"""An installation with a database of its own: nobody else is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lessons import db
from lessons.settings import Settings
from tests.databases import Databases, Kind

KEY = "village-" * 4


@pytest.fixture
def settings(kind: Kind, databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    data = tmp_path / "data"
    data.mkdir(mode=0o750)
    address = databases.sqlite_at(data / "lessons.db") if kind == "sqlite" else databases.migrated(kind)
    made = Settings(address, data, KEY, synchronous="OFF", mail_url="smtp://us:hush@mail.village.test")
    db.start(made)
    yield made
    db.engine().dispose()
