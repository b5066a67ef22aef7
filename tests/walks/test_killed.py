"""A process that dies in the middle of a big step leaves nothing of it; afterwards the step is taken once, whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Briefing, Duty, Event, Lesson, Verification
from lessons.models.base import metadata
from lessons.settings import Settings
from lessons.steps.chains import faults
from tests.village import Village
from tests.walking import Walk
from tests.walks import dying
from tests.walks.shop import FOUR_LINES, HAPPENED
from tests.warm import Program


@pytest.fixture
def code(settings: Settings) -> str:
    """A lesson that came out of a quick debrief and waits to be accepted."""
    with db.transaction() as session:
        walk = Walk(Village(session))
        debrief = walk.make("debriefs", "dana", what_happened=HAPPENED, kind="failure", **FOUR_LINES)
        made: str = walk.lesson_of(debrief).code
    return made


def run(settings: Settings, code: str, last: int) -> int:
    words = (settings.database_url, str(settings.data_dir), code, str(last))
    running = Program("tests.walks.dying", *words, env=os.environ)
    _, complaints = running.communicate(timeout=60)
    assert running.returncode in (0, -signal.SIGKILL), complaints
    return running.returncode


def how_many_statements(code: str) -> int:
    """Counted in a rehearsal that is undone."""
    seen: list[int] = []
    dying.count_statements(seen.append)
    with suppress(InterruptedError), db.transaction() as session:
        dying.accept(session, code)
        raise InterruptedError
    return len(seen)


def everything() -> Mapping[str, list[str]]:
    """All rows of all tables."""
    with db.reading() as session:
        tables = metadata.tables.values()
        return {table.name: sorted(map(repr, session.execute(sa.select(table)).all())) for table in tables}


def test_nothing_is_left_of_a_step_that_was_killed_and_then_it_is_taken_whole(settings: Settings, code: str) -> None:
    before = everything()
    total = how_many_statements(code)
    assert total > 20, "this is no big step any more"
    for last in (total // 6, total // 3, total // 2, 2 * total // 3, total, dying.AT_COMMIT):
        assert run(settings, code, last) == -signal.SIGKILL
        assert everything() == before
    assert run(settings, code, 0) == 0
    is_whole(code)


def is_whole(code: str) -> None:
    with db.reading() as session:
        lesson = session.scalars(sa.select(Lesson).where(Lesson.code == code)).one()
        told = list(session.scalars(sa.select(Event.trigger).where(Event.code == code).order_by(Event.n)))
        assert (lesson.state, told) == ("implementing", ["write", "propose", "accept", "start"])
        assert session.scalars(sa.select(Briefing.state)).all() == ["open"]
        assert session.scalars(sa.select(Verification.state)).all() == ["planned"]
        assert session.scalars(sa.select(Duty.kind).where(Duty.closed_at.is_(None))).all() == []
        assert list(faults(session)) == []
