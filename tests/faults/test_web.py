"""The server is killed, or what it stands on goes away for a while: what was answered is kept, the rest is whole."""

from __future__ import annotations

import time

import pytest

from lessons.settings import Settings
from tests.faults.conftest import Size
from tests.faults.organisation import chance_of
from tests.faults.reliability import Measured
from tests.faults.serving import LOST, TAKEN, Server, kept, writers, writing


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
