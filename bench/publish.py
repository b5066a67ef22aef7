"""What it takes to bring a card to five thousand people: they are found, noted and counted in one transaction.

Against the bare engine that writes the same rows of readers, in the same run. SQLite: processor time; PostgreSQL: wall
time, its work included.

.venv/bin/python -m bench.publish [--people 5000] [--kinds sqlite postgresql]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import sqlalchemy as sa

from bench.sweep import driver
from lessons import db
from lessons.access import OPERATOR
from lessons.models import Briefing, BriefingMember, Lesson, Person
from lessons.repository.briefed import open_about
from lessons.settings import Settings
from tests.databases import Databases, Kind
from tests.village import AT, Village

ROUNDS = 5
MEMBERS = BriefingMember.__table__


def made(people: int) -> int:
    """The village, and so many agents more in its retention centre; the lesson that they are to read."""
    with db.transaction() as session:
        village = Village(session)
        unit = village.units["RET"].id
        session.execute(sa.insert(Person), [_agent(n, unit) for n in range(people)])
        return int(village.lesson().id or 0)


def _agent(n: int, unit: Any) -> dict[str, Any]:
    named = {"pid": f"agent-{n}", "name": f"נציג {n}", "email": f"agent{n}@village.example", "number": f"9{n:05}"}
    return {**named, "unit_id": unit, "hired_on": date(2025, 1, 1)}


def published(lesson_id: int) -> int:
    """How many people are asked to read it."""
    with db.transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        briefing = open_about(session, subject=lesson, by=OPERATOR, at=AT)
        members = sa.select(sa.func.count()).where(MEMBERS.c.briefing_id == briefing.id)
        return int(session.execute(members).scalar_one())


def bare(connection: Any, kind: Kind, briefing: int, people: list[int]) -> int:
    mark = "?" if kind == "sqlite" else "%s"
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    cursor.executemany(
        f"INSERT INTO briefing_members (briefing_id, person_id, wrong) VALUES ({mark}, {mark}, 0)",  # noqa: S608 - our own names
        [(briefing, one) for one in people],
    )
    cursor.execute("ROLLBACK")
    return len(people)


def measured(databases: Databases, kind: Kind, people: int) -> dict[str, Any]:
    address = databases.migrated(kind)
    with tempfile.TemporaryDirectory() as folder:
        db.start(Settings(address, Path(folder), secret_key="bench-" * 6, synchronous="OFF"))
        lesson_id = made(people)
        asked = published(lesson_id)  # what is loaded once is loaded now
        ours = min(timed(kind, lambda: published(lesson_id)) for _ in range(ROUNDS))
        with db.reading() as session:
            briefing = int(session.scalar(sa.select(sa.func.max(Briefing.id))) or 0)
            readers = list(session.scalars(sa.select(MEMBERS.c.person_id).where(MEMBERS.c.briefing_id == briefing)))
        with db.transaction() as session:
            session.execute(sa.delete(MEMBERS).where(MEMBERS.c.briefing_id == briefing))
        with driver(kind, address) as connection:
            theirs = min(timed(kind, lambda: bare(connection, kind, briefing, readers)) for _ in range(ROUNDS))
        db.engine().dispose()
    return {"kind": kind, "people": asked, "ours_ms": round(ours * 1000, 1), "bare_ms": round(theirs * 1000, 1)}


def timed(kind: Kind, work: Callable[[], int]) -> float:
    clock = time.process_time if kind == "sqlite" else time.perf_counter
    start = clock()
    assert work() > 0
    return clock() - start


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=5_000)
    asked.add_argument("--kinds", nargs="+", choices=get_args(Kind), default=list(get_args(Kind)))
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as databases:
        found = [measured(databases, kind, chosen.people) for kind in chosen.kinds]
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
