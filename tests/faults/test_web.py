"""The server is killed, or what it stands on goes away for a while: what was answered is kept, the rest is whole."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import db, migrations
from lessons.settings import Settings
from tests.faults.conftest import Size
from tests.faults.machine import PATIENCE
from tests.faults.organisation import chance_of
from tests.faults.reliability import Measured
from tests.faults.serving import LOST, TAKEN, Server, Writer, kept, served, writers, writing
from tests.postgres import Server as Postgres
from tests.postgres import server


@pytest.mark.only("sqlite")  # with PostgreSQL the server holds nothing that could be half
def test_a_server_killed_under_those_who_write_has_kept_what_it_answered_and_nothing_by_half(
    settings: Settings, size: Size, measured: Measured
) -> None:
    server, chance, starts = Server(settings), chance_of(size.web_kills), []
    crew = writers(server)
    try:
        server.start()
        with writing(crew):
            for _ in range(size.web_kills):
                time.sleep(chance.uniform(0.1, 1.0))
                server.kill()
                kept(crew)
                starts.append(server.start())
        lost = sum(writer.answers[LOST] for writer in crew)
        for writer in crew:
            writer.again()
    finally:
        server.kill()
    assert {status for writer in crew for status in writer.answers} <= {LOST, *TAKEN}
    assert kept(crew) == sum(len(writer.taken) for writer in crew)
    measured(
        f"{size.web_kills} kills, {kept(crew):,} answered and kept, {lost:,} calls without an answer asked again, "
        f"0 lost, 0 doubled; it answers again after {sorted(starts)[len(starts) // 2]:.1f} s (the middle), "
        f"{max(starts):.1f} s at the most"
    )


@pytest.fixture
def restartable(tmp_path: Path) -> Iterator[tuple[Postgres, Settings]]:
    """A PostgreSQL of its own that keeps what it said yes to, with the village in it."""
    with server() as postgres:
        address = postgres.create("kept")
        made = Settings(address, tmp_path / "data", "village-" * 4)
        migrations.upgrade(db.start(made))
        with db.engine().begin() as one:
            one.execute(sa.text("ALTER DATABASE kept SET synchronous_commit = on"))
        db.engine().dispose()
        yield postgres, made
        db.engine().dispose()


def test_a_database_server_that_is_restarted_under_those_who_write_loses_nothing_it_took(
    restartable: tuple[Postgres, Settings], size: Size, measured: Measured
) -> None:
    postgres, settings = restartable
    with served(settings) as running:
        crew, chance, healed = writers(running), chance_of(size.restarts), []
        with writing(crew):
            for _ in range(size.restarts):
                time.sleep(chance.uniform(0.3, 1.0))
                postgres.restart()
                healed.append(until_taken(crew))
    assert {status for writer in crew for status in writer.answers} <= {503, *TAKEN}
    most = max(writer.answers[503] for writer in crew)
    measured(
        f"{size.restarts} restarts, {kept(crew):,} answered and kept, 0 lost, no other error than 503: at most {most} "
        f"of a client; written again after {max(healed):.1f} s at the most"
    )


def until_taken(crew: Sequence[Writer]) -> float:
    """Seconds until each of them was told yes once more."""
    begun, before = time.monotonic(), [len(writer.taken) for writer in crew]
    while any(len(writer.taken) == had for writer, had in zip(crew, before, strict=True)):
        assert time.monotonic() < begun + PATIENCE
        time.sleep(0.01)
    return time.monotonic() - begun
