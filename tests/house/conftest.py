"""Engines on addresses of one's choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.settings import Settings
from tests.databases import Open


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens engines on addresses, as the product does."""
    engines: list[sa.Engine] = []

    def open_(address: str) -> sa.Engine:
        engines.append(db.make_engine(Settings(database_url=address, data_dir=tmp_path, synchronous="OFF")))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.dispose()
