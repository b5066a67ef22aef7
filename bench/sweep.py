"""What the sweep adds to the bare database: its batches against the same claim and the same rows by the driver alone.

Ten thousand duties are due among the open ones, one of ten up the line. Each batch claims by index, writes its notices
and moves its duties in one transaction; the bare engine does just that, with the rows ready made. CPU time of this
process and of its PostgreSQL backend is not told apart there: wall time is taken on it, CPU time on SQLite.

.venv/bin/python -m bench.sweep [--due 10000] [--open 20000 1000000] [--kinds sqlite postgresql]
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import psycopg
import sqlalchemy as sa

from lessons import db
from lessons.duties.sweep import TOGETHER, sweep
from lessons.models import Action, Debrief, Duty, Notice, Person, Unit
from lessons.settings import Settings
from lessons.workflow.states import ActionKind, ActionState, DebriefKind, DebriefState
from tests.databases import Databases, Kind

UNITS, PEOPLE, ACTIONS = 50, 1_000, 1_000
TODAY = date(2026, 2, 12)
OPENED, SWEPT = datetime(2026, 1, 4, 8, tzinfo=UTC), datetime(2026, 2, 12, 9, tzinfo=UTC)
DUE_AT, LATER = datetime(2026, 2, 12, 6, tzinfo=UTC), datetime(2026, 3, 1, 6, tzinfo=UTC)
LATE_SINCE = date(2026, 2, 5)  # five working days before: one level of the line hears of it
ROUNDS = 3
BORN = {"created_at": OPENED, "changed_at": OPENED, "entered_at": OPENED}
COPIED = """kind, of_noun, of_id, of_code, unit_id, person_id, excluding, severity, opened_at, due_on, due_at, rung,
            closed_how"""
MULTIPLY = f"""
INSERT INTO duties (id, pid, next_at, {COPIED}) SELECT id + n * :span, pid || '-' || n, :later, {COPIED}
FROM duties CROSS JOIN ({{numbers}}) AS many WHERE duties.id <= :span
"""  # noqa: S608 - our own names
NUMBERS = {
    "sqlite": "WITH RECURSIVE m(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM m WHERE n < :times) SELECT n FROM m",
    "postgresql": "SELECT n FROM generate_series(1, :times) AS n",
}
CLAIM = "SELECT * FROM duties WHERE closed_at IS NULL AND next_at <= {at} ORDER BY next_at, id LIMIT {limit} {skip}"


# ── the organisation ─────────────────────────────────────────────────────────────────────────────────────────────────
def made(due: int, open_: int) -> None:
    """Fifty units with twenty people each; so many duties due today, and all others in a fortnight."""
    with db.transaction() as session:
        session.execute(sa.insert(Unit), [{"id": 1, "code": "ALL", "name": "ציפורן", "from_on": TODAY}])
        units = [
            {"id": n, "code": f"U{n}", "name": f"מוקד {n}", "parent_id": 1, "from_on": TODAY}
            for n in range(2, UNITS + 2)
        ]
        session.execute(sa.insert(Unit), units)
        session.execute(sa.insert(Person), [_person(n) for n in range(1, PEOPLE + 1)])
        session.execute(sa.insert(Debrief), [_debrief()])
        session.execute(sa.insert(Action), [_action(n) for n in range(1, ACTIONS + 1)])
        session.execute(sa.insert(Duty), [_duty(n) for n in range(1, due + 1)])
        asked = {"span": due, "times": open_ // due - 1, "later": LATER}
        kind = session.get_bind().dialect.name
        later = sa.bindparam("later", type_=Duty.__table__.c.next_at.type)
        many = sa.text(MULTIPLY.format(numbers=NUMBERS[kind])).bindparams(later)
        session.execute(many, asked)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _person(n: int) -> dict[str, Any]:
    above = None if n <= UNITS else 1 + n % UNITS
    named = {"pid": f"p{n}", "name": f"איש {n}", "email": f"p{n}@nail.example", "number": str(n)}
    return {"id": n, **named, "unit_id": 2 + n % UNITS, "manager_id": above, "hired_on": TODAY}


def _debrief() -> dict[str, Any]:
    told = {"title": "חיוב כפול", "what_happened": "חויבה פעמיים", "kind": DebriefKind.FAILURE, "lang": "he"}
    return {"id": 1, "code": "D-2026-0001", "unit_id": 2, "state": DebriefState.INVESTIGATING, **told, **BORN}


def _action(n: int) -> dict[str, Any]:
    said = {"code": f"A-2026-{n:04}", "text": f"לתקן דבר {n}", "done_when": "תוקן", "lang": "he", "debrief_id": 1}
    kinds = {"state": ActionState.IN_PROGRESS, "kind": ActionKind.CORRECTIVE}
    return {"id": n, **said, **kinds, "unit_id": 2 + n % UNITS, "due_on": TODAY, "first_due_on": TODAY, **BORN}


def _duty(n: int) -> dict[str, Any]:
    of = 1 + n % ACTIONS
    due_on = LATE_SINCE if n % 10 == 0 else TODAY
    return {
        "id": n, "pid": f"d{n}", "kind": "do_action", "of_noun": "actions", "of_id": of, "of_code": f"A-2026-{of:04}",
        "unit_id": 2 + of % UNITS, "person_id": UNITS + 1 + n % (PEOPLE - UNITS), "excluding": [], "severity": 2,
        "opened_at": OPENED, "due_on": due_on, "due_at": DUE_AT + timedelta(days=1), "next_at": DUE_AT, "rung": 0,
        "closed_how": "",
    }  # fmt: skip


# ── the sweep, and the same rows by the driver ───────────────────────────────────────────────────────────────────────
def swept() -> int:
    """Until nothing is due; how many duties."""
    done = 0
    while True:
        with db.transaction() as session:
            some = sweep(session, at=SWEPT)
        if not some:
            return done
        done += some


def _written(kind: Kind) -> list[tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]]:
    """What the sweep wrote, batch by batch, as the driver takes it: notices, and duties with their next moment."""
    with db.reading() as session:
        names = [column.name for column in Notice.__table__.columns if column.name != "id"]
        raw = session.connection().exec_driver_sql
        notices = [tuple(row) for row in raw(f"SELECT {', '.join(names)} FROM notices ORDER BY duty_id, id")]  # noqa: S608
        moved = raw("SELECT next_at, rung, id FROM duties WHERE id IN (SELECT duty_id FROM notices) ORDER BY id").all()
    if kind == "postgresql":
        facts = names.index("facts")
        notices = [(*row[:facts], json.dumps(row[facts]), *row[facts + 1 :]) for row in notices]
    starts = range(0, len(moved), TOGETHER)
    return [(notices[n : n + TOGETHER], [tuple(row) for row in moved[n : n + TOGETHER]]) for n in starts]


def bare(connection: Any, kind: Kind, batches: list[tuple[list[Any], list[Any]]]) -> int:
    mark, begin = ("?", "BEGIN IMMEDIATE") if kind == "sqlite" else ("%s", "BEGIN")
    skip = "" if kind == "sqlite" else "FOR UPDATE SKIP LOCKED"
    names = [column.name for column in Notice.__table__.columns if column.name != "id"]
    claim = CLAIM.format(at=mark, limit=TOGETHER, skip=skip)
    insert = (
        f"INSERT INTO notices ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))}) ON CONFLICT DO NOTHING"  # noqa: S608
    )
    update = f"UPDATE duties SET next_at = {mark}, rung = {mark} WHERE id = {mark}"  # noqa: S608
    cursor, done = connection.cursor(), 0
    at = SWEPT.strftime("%Y-%m-%d %H:%M:%S.%f") if kind == "sqlite" else SWEPT
    for notices, moved in batches:
        cursor.execute(begin)
        done += len(cursor.execute(claim, (at,)).fetchall())
        cursor.executemany(insert, notices)
        cursor.executemany(update, moved)
        cursor.execute("COMMIT")
    return done


@contextmanager
def driver(kind: Kind, address: str) -> Iterator[Any]:
    if kind == "sqlite":
        connection: Any = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    else:
        connection = psycopg.connect(
            sa.make_url(address).set(drivername="postgresql").render_as_string(), autocommit=True
        )
    try:
        yield connection
    finally:
        connection.close()


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────────
def measured(databases: Databases, kind: Kind, due: int, open_: int) -> dict[str, Any]:
    address = databases.migrated(kind)
    with tempfile.TemporaryDirectory() as folder:
        db.start(Settings(address, Path(folder), secret_key="bench-" * 6, synchronous="OFF"))
        made(due, open_)
        plan = rows_read(kind)
        swept()  # what is loaded once is loaded now
        batches = _written(kind)
        _back()
        ours = [timed(kind, due, swept) for _ in range(ROUNDS)]
        with driver(kind, address) as connection:
            theirs = [timed(kind, due, lambda: bare(connection, kind, batches)) for _ in range(ROUNDS)]
        db.engine().dispose()
    return {
        "kind": kind, "due": due, "open": open_, "ours_us": round(min(ours) / due * 1e6, 1),
        "bare_us": round(min(theirs) / due * 1e6, 1), "ratio": round(min(ours) / min(theirs), 2), "plan": plan,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def timed(kind: Kind, due: int, work: Callable[[], int]) -> float:
    clock = time.process_time if kind == "sqlite" else time.perf_counter
    start = clock()
    done = work()
    seconds = clock() - start
    assert done == due, done
    _back()
    return seconds


def _back() -> None:
    """As before the sweep."""
    with db.transaction() as session:
        told = sa.select(Notice.duty_id)
        session.execute(sa.update(Duty).where(Duty.id.in_(told)).values(next_at=DUE_AT, rung=0))
        session.execute(sa.delete(Notice))


def rows_read(kind: Kind) -> str:
    """How a batch is found. On PostgreSQL what the plan read is asserted: no more rows than are claimed."""
    claim = CLAIM.format(at="'2026-02-12 09:00:00'", limit=TOGETHER, skip="")
    with db.reading() as session:
        raw = session.connection().exec_driver_sql
        if kind == "sqlite":
            said = str(raw(f"EXPLAIN QUERY PLAN {claim}").all()[0][-1])
            assert "USING INDEX ix_duties_next" in said, said
            return said
        node = raw(f"EXPLAIN (ANALYZE, FORMAT JSON) {claim}").scalar_one()[0]["Plan"]["Plans"][0]
    assert node.get("Index Name") == "ix_duties_next", node
    assert node["Actual Rows"] <= TOGETHER, node
    assert not node.get("Rows Removed by Filter"), node
    return f"{node['Node Type']} {node['Index Name']}, {node['Actual Rows']:.0f} rows read"


def figures(due: int, opened: list[int], kinds: list[Kind]) -> list[dict[str, Any]]:
    found = []
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as databases:
        for kind in kinds:
            found += [measured(databases, kind, due, open_) for open_ in opened]
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--due", type=int, default=10_000)
    asked.add_argument("--open", type=int, nargs="+", default=[20_000, 1_000_000])
    asked.add_argument("--kinds", nargs="+", choices=get_args(Kind), default=list(get_args(Kind)))
    chosen = asked.parse_args()
    print(json.dumps(figures(chosen.due, chosen.open, chosen.kinds), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
