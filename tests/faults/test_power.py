"""The power goes at any moment: what was answered is there, and what is there is whole."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Debrief
from lessons.settings import Settings
from tests.doors.calling import settled
from tests.faults.conftest import Size
from tests.faults.machine import PATIENCE
from tests.faults.organisation import chance_of
from tests.faults.reliability import Measured
from tests.faults.serving import is_whole
from tests.warm import Program

pytestmark = pytest.mark.only("sqlite")
WAL_HEADER, FRAME_HEADER, PAGE = 32, 24, 4096
LAST_FRAME = 16
"""Where the index beside the file says which frame was committed last."""
A_WHILE = 0.15
"""Seconds of writing between two cuts, at the most."""


@pytest.fixture
def told(settings: Settings, tmp_path: Path) -> Iterator[tuple[Program, Path]]:
    """Somebody who writes on and on, and the file in which they say what was answered."""
    _, tokens = settled()
    said, url = tmp_path / "told", settings.database_url
    words = ("tests.faults.telling", url, str(settings.data_dir), tokens["avi"])
    teller = Program(*words, env=os.environ, said=said)
    try:
        end = time.monotonic() + PATIENCE
        while not said.stat().st_size:
            assert teller.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        yield teller, said
    finally:
        teller.kill()
        teller.wait()


def test_what_was_answered_is_there_after_the_power_was_cut_at_any_moment(
    told: tuple[Program, Path], settings: Settings, size: Size, tmp_path: Path, measured: Measured
) -> None:
    """What a disk holds then is a copy of the file and of what was written ahead; of what nobody had asked it to keep,
    all behind some byte is lost, or is anything."""
    (teller, said), chance, more = told, chance_of(size.power_cuts), 0
    for _ in range(size.power_cuts):
        time.sleep(chance.uniform(0, A_WHILE))
        teller.stop()
        answered = said.read_text().split()
        left = cut(Path(settings.database_url.removeprefix("sqlite:///")), tmp_path, chance)
        teller.go_on()
        there = opened(left)
        assert set(answered) <= there
        more += len(there) - len(answered)
    measured(f"{size.power_cuts:,} cuts, up to {len(answered):,} reports answered and kept, 0 lost; {more} that had "
             "been written and not yet answered were there too")  # fmt: skip


def cut(file: Path, into: Path, chance: Random) -> Path:
    """A copy without what lies behind some byte that the disk was not yet asked to keep, or with other bytes there."""
    safe = asked_of_disk(file)
    left, log = into / "left.db", file.with_name(f"{file.name}-wal").read_bytes()
    left.write_bytes(file.read_bytes())
    place = chance.randint(min(safe, len(log)), len(log))
    rubbish = chance.randbytes(len(log) - place) if chance.random() < 0.5 else b""
    left.with_name("left.db-wal").write_bytes(log[:place] + rubbish)
    left.with_name("left.db-shm").unlink(missing_ok=True)
    return left


def asked_of_disk(file: Path) -> int:
    """Bytes of the write-ahead log up to the end of what was committed: the disk is asked before the index says so."""
    (frames,) = struct.unpack_from("=I", file.with_name(f"{file.name}-shm").read_bytes(), LAST_FRAME)
    return WAL_HEADER + frames * (FRAME_HEADER + PAGE) if frames else 0


def opened(file: Path) -> set[str]:
    """The codes that are there; all of it is whole."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        is_whole(session)
        codes = set(session.scalars(sa.select(Debrief.code)))
    engine.dispose()
    return codes
