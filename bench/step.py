"""What the door adds to the bare database: an action's `start` against its own statements replayed on sqlite3.

The statements of each step are taken down while the door runs, then replayed on a copy of the same database through
Python's sqlite3 alone: the same reads and writes in one transaction. CPU time, best of several rounds.

.venv/bin/python -m bench.step [--steps 200] [--many 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from lessons import db
from lessons.access import actor_of
from lessons.actions.operations import VERBS
from lessons.migrations import upgrade
from lessons.models import Action, Person
from lessons.settings import Settings
from lessons.steps import take
from tests.village import AT, Village

FEW = 1_000
DUE = date(2026, 2, 12)
ROUNDS = 6
PERSON = sa.select(Person).where(col(Person.id) == sa.bindparam("id"))
ACTION = sa.select(Action).where(col(Action.id) == sa.bindparam("id"))
Taken = list[tuple[str, Any]]


def started(folder: Path, synchronous: str) -> Settings:
    chosen = Settings(f"sqlite:///{folder / 'bench.db'}", folder, secret_key="bench-" * 6, synchronous=synchronous)
    db.start(chosen)
    return chosen


def made(folder: Path, actions: int) -> None:
    """A lesson with so many actions of Yossi: the first hundreds through the door, the others copied from them."""
    folder.mkdir(parents=True, exist_ok=True)
    started(folder, "OFF")
    upgrade(db.engine())
    with db.transaction() as session:
        village = Village(session)
        lesson, naomi = village.lesson(), village.by("naomi")
        for n in range(min(actions, FEW)):
            asked = {"text": f"משימה {n}", "done_when": "בוצע", "owner": village.yossi, "due_on": DUE}
            VERBS["lessons", "assign"](session, lesson, asked, by=naomi, at=AT)
    if actions > FEW:
        with db.transaction() as session:
            _multiply(session, actions // FEW)
    db.engine().dispose()


def _multiply(session: Session, times: int) -> None:
    """Each copy has keys and codes of its own; a thousand at a time."""
    for table, renamed in (("actions", "code"), ("duties", "pid"), ("events", ""), ("due_changes", "")):
        columns = [c["name"] for c in sa.inspect(session.connection()).get_columns(table)]
        span = session.execute(sa.text(f"SELECT max(id) FROM {table}")).scalar_one()  # noqa: S608 - our own names
        point = {"actions": "id", "duties": "of_id", "events": "record_id", "due_changes": "record_id"}[table]
        noun = {"actions": "", "duties": "of_noun = 'actions' AND", "events": "noun = 'actions' AND"}.get(table, "")
        picked = [_copied(name, renamed, point) for name in columns]
        statement = (
            f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) "  # noqa: S608 - our own names
            f"SELECT {', '.join(picked)} FROM {table} WHERE {noun} id <= :span"
        )
        for n in range(1, times):
            session.execute(sa.text(statement), {"shift": n * span, "of": n * FEW, "span": span, "n": n})


def _quoted(name: str) -> str:
    return f'"{name}"'


def _copied(name: str, renamed: str, point: str) -> str:
    if name == "id":
        return "id + :shift" if point != "id" else "id + :of"
    if name == point:
        return f"{name} + :of"
    return f"{name} || '-' || :n" if name == renamed else f'"{name}"'


def through_the_door(folder: Path, ids: list[int], synchronous: str) -> tuple[float, float]:
    """CPU and wall seconds of these steps, without the first twenty."""
    started(folder, synchronous)
    with db.reading() as session:
        yossi = session.exec(select(Person).where(col(Person.email).startswith("yossi"))).one().id
    for action_id in ids[:20]:
        _start(action_id, yossi)
    cpu, wall = time.process_time(), time.monotonic()
    for action_id in ids[20:]:
        _start(action_id, yossi)
    spent = time.process_time() - cpu, time.monotonic() - wall
    db.engine().dispose()
    return spent


def taken_down(folder: Path, ids: list[int]) -> list[Taken]:
    """The statements of these steps, each step's by itself."""
    started(folder, "OFF")
    found: list[Taken] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            found[-1] += [(statement, one) for one in given] if many else [(statement, given)]

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    with db.reading() as session:
        found.append([])
        yossi = session.exec(select(Person).where(col(Person.email).startswith("yossi"))).one().id
    found.clear()
    for action_id in ids:
        found.append([])
        _start(action_id, yossi)
    db.engine().dispose()
    return found


def _start(action_id: int, yossi: int | None) -> None:
    with db.transaction() as session:
        by = actor_of(session, session.scalars(PERSON, {"id": yossi}).one(), at=AT)
        take(session, session.scalars(ACTION, {"id": action_id}).one(), "start", by=by, at=AT)


def replayed(folder: Path, steps: list[Taken], synchronous: str) -> tuple[float, float]:
    """The same statements on the bare engine, a transaction a step; CPU and wall seconds without the first twenty."""
    connection = sqlite3.connect(folder / "bench.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    cpu, wall = 0.0, 0.0
    for n, taken in enumerate(steps):
        if n == 20:
            cpu, wall = time.process_time(), time.monotonic()
        connection.execute("BEGIN IMMEDIATE")
        for statement, given in taken:
            connection.execute(statement, given).fetchall()
        connection.execute("COMMIT")
    spent = time.process_time() - cpu, time.monotonic() - wall
    connection.close()
    return spent


def measured(folder: Path, actions: int, steps: int) -> dict[str, float]:
    made(folder / "first", actions)
    with sqlite3.connect(folder / "first" / "bench.db") as looked:
        ids = [row[0] for row in looked.execute("SELECT id FROM actions ORDER BY id DESC LIMIT ?", (steps + 20,))]
    script = taken_down(_copy(folder, "script"), ids)
    door, bare, door_wall, bare_wall = [], [], [], []
    for n in range(ROUNDS):
        door.append(through_the_door(_copy(folder, f"door{n}"), ids, "OFF")[0])
        bare.append(replayed(_copy(folder, f"bare{n}"), script, "OFF")[0])
    door_wall.append(through_the_door(_copy(folder, "door-full"), ids, "FULL")[1])
    bare_wall.append(replayed(_copy(folder, "bare-full"), script, "FULL")[1])
    return {
        "actions": actions,
        "door_ms": round(min(door) / steps * 1000, 3),
        "bare_ms": round(min(bare) / steps * 1000, 3),
        "ratio": round(min(door) / min(bare), 2),
        "statements": round(sum(map(len, script)) / len(script), 1),
        "door_wall_full_ms": round(min(door_wall) / steps * 1000, 3),
        "bare_wall_full_ms": round(min(bare_wall) / steps * 1000, 3),
    }


def figures(steps: int, many: int) -> list[dict[str, float]]:
    """At a thousand actions, and at many."""
    found = []
    for actions in (FEW, many):
        with tempfile.TemporaryDirectory() as folder:
            found.append(measured(Path(folder), actions, steps))
    return found


def _copy(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir()
    shutil.copy(folder / "first" / "bench.db", place / "bench.db")
    return place


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=200)
    asked.add_argument("--many", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    chosen = asked.parse_args()
    found = figures(chosen.steps, chosen.many)
    print(json.dumps(found, indent=None if chosen.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
