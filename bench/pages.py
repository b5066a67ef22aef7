"""What a page and a call cost through the whole application, without sockets: CPU time, statements, and how both grow.

.venv/bin/python -m bench.pages [--requests 40] [--many 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, col, select

from bench.step import DUE, FEW, made
from lessons import clock, db
from lessons.access import OPERATOR, actor_of
from lessons.actions.operations import VERBS
from lessons.app import create_app
from lessons.models import Action, Debrief, Lesson, Person
from lessons.models.base import random_id
from lessons.people.keys import create_token
from lessons.settings import Settings
from lessons.steps import make
from lessons.workflow.states import DebriefKind, DebriefState, Direction, LessonState
from tests.browsing import Browser
from tests.village import AT

ROUNDS = 3
Ask = Callable[[int], Any]


@contextmanager
def running(folder: Path) -> Iterator[Flask]:
    """The application on the database of the folder, its clock at the village's morning."""
    there = f"sqlite:///{folder / 'bench.db'}"
    most = dict.fromkeys(("api_writes", "api_reads", "page_forms", "page_reads"), 10**6)
    chosen = Settings(there, folder, secret_key="bench-" * 6, synchronous="OFF", **most)
    clock.now = lambda: AT  # type: ignore[assignment]
    app = create_app(chosen)
    try:
        yield app
    finally:
        db.engine().dispose()


def person(session: Session, key: str) -> Person:
    return session.exec(select(Person).where(col(Person.email) == f"{key}@village.example")).one()


def a_lesson_and_debriefs(session: Session) -> str:
    """A lesson as most are, with three actions of Avi's, and a page of debriefs; returns the lesson's code."""
    naomi, avi = person(session, "naomi"), person(session, "avi")
    for n in range(60):
        row = Debrief(
            code="", state=DebriefState.REPORTED, kind=DebriefKind.FAILURE, unit_id=avi.unit_id, title=f"אירוע {n}",
            what_happened="חיוב כפול אחרי שיחת שימור", reporter_id=avi.id,
        )  # fmt: skip
        make(session, row, by=OPERATOR, at=AT, trigger="import")
    lesson = Lesson(
        code="", short=random_id(8), state=LessonState.ACCEPTED, title="מזינים את ההטבה לפני סיום השיחה",
        direction=Direction.DO, applies_when="בסוף שיחת שימור", owner_id=avi.id, severity=2, accepted_by_id=naomi.id,
        accepted_at=AT, unit_id=avi.unit_id, audience={"units": ["RET"], "roles": []},
    )  # fmt: skip
    make(session, lesson, by=OPERATOR, at=AT, trigger="import")
    for n in range(3):
        asked = {"text": f"צעד {n}", "done_when": "בוצע", "owner": avi, "due_on": DUE}
        VERBS["lessons", "assign"](session, lesson, asked, by=actor_of(session, naomi, at=AT), at=AT)
    return lesson.code


def spread() -> None:
    """As in life: twenty actions to a lesson, and all but a thousand of them other people's."""
    with db.transaction() as session:
        names = [c.name for c in Lesson.__table__.columns if c.name not in ("id", "code", "short")]
        into, out = ", ".join(names), ", ".join(f"l.{name}" for name in names)
        session.execute(
            sa.text(
                f"INSERT INTO lessons (id, code, short, {into}) "  # noqa: S608 - our own names
                "SELECT DISTINCT l.id + a.id / 20, l.code || '-' || (a.id / 20), l.short || (a.id / 20), "
                f"{out} FROM lessons l, actions a WHERE a.id >= 20"
            )
        )
        session.execute(sa.text("UPDATE actions SET lesson_id = lesson_id + id / 20"))
        others = {
            "few": FEW,
            "one": person(session, "michal").id,
            "first": session.scalar(sa.select(sa.func.min(Lesson.id))),
        }
        for told in ("actions SET owner_id = :one, assigner_id = :one WHERE id > :few",
                     "duties SET person_id = :one WHERE of_id > :few",
                     "lessons SET owner_id = :one, author_id = :one WHERE id > :first"):  # fmt: skip
            session.execute(sa.text(f"UPDATE {told}"), others)


def asks(app: Flask, requests: int) -> dict[str, Ask]:
    """Name → asks for it the n-th time."""
    with db.transaction() as session:
        lesson = a_lesson_and_debriefs(session)
        naomi, avi, yossi = (person(session, key) for key in ("naomi", "avi", "yossi"))
        token = create_token(session, yossi, name="bench", scope="write", by=OPERATOR, at=AT)
        mine = session.scalars(
            sa.select(Action.code).where(col(Action.owner_id) == yossi.id).limit(ROUNDS * (requests + 20))
        ).all()
        session.expunge_all()
    keeper, agent = Browser(app, language="he").sign_in(naomi), Browser(app, language="he").sign_in(avi)
    program, headers = app.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"}
    taken = iter(mine)
    return {
        "my day": lambda _: agent.read("/"),
        "debriefs": lambda _: keeper.read("/debriefs"),
        "actions": lambda _: keeper.read("/actions"),
        "a lesson": lambda _: keeper.read(f"/lessons/{lesson}"),
        "actions by API": lambda _: program.get("/api/v1/actions", headers=headers),
        "a step by API": lambda _: program.post(f"/api/v1/actions/{next(taken)}/start", headers=headers, json={}),
    }


def statements(ask: Ask) -> int:
    """How many statements one request sends, whoever asks being looked up included."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    ask(0)
    sa.event.remove(db.engine(), "before_cursor_execute", note)
    return len(seen)


def milliseconds(ask: Ask, requests: int) -> float:
    """CPU time of one request, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for n in range(requests):
            ask(n)
        best = min(best, time.process_time() - begun)
    return best / requests * 1_000


def measured(folder: Path, actions: int, requests: int) -> dict[str, tuple[float, int]]:
    """Name → milliseconds and statements of one request, on a database with so many actions."""
    made(folder, actions)
    found = {}
    with running(folder) as app:
        spread()
        for name, ask in asks(app, requests).items():
            for n in range(3):
                answer = ask(n)
                assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text[:300]}"
            found[name] = milliseconds(ask, requests), statements(ask)
    return found


def figures(requests: int, many: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as place:
        few, more = (measured(Path(place, name), n, requests) for name, n in (("few", FEW), ("many", many)))
    return {
        name: {
            "a CPU-second": round(1_000 / more[name][0]),
            "ms": round(more[name][0], 2),
            "ms at 1,000": round(few[name][0], 2),
            "times as much": round(more[name][0] / few[name][0], 2),
            "statements": more[name][1],
        }
        for name in few
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=40)
    asked.add_argument("--many", type=int, default=100_000, help="actions in the larger database")
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    found = figures(options.requests, options.many)
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
