"""What it costs to verify a history, against reading the same rows once on Python's sqlite3; processor time.

Made of actions that are assigned and begun, through the door, then copied with hashes of their own; some months sealed.

.venv/bin/python -m bench.audit [--events 100000]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lessons import db
from lessons.actions.operations import VERBS
from lessons.models import Event
from lessons.settings import Settings
from lessons.steps import audit, seals, take
from lessons.steps.history import canonical, plain
from tests.databases import Databases
from tests.village import AT, TODAY, Village

EVENTS = Event.__table__
DAYS = 100
READ = """
    SELECT * FROM events LEFT JOIN event_details ON event_id = id ORDER BY noun, record_id, n
"""


def made(address: str, folder: Path, events: int) -> None:
    db.start(Settings(address, folder, secret_key="bench-" * 6, synchronous="OFF"))
    with db.transaction() as session:
        village = Village(session)
        lesson, naomi = village.lesson(), village.by("naomi")
        asked = {"text": "משימה", "done_when": "בוצע", "owner": village.yossi, "due_on": TODAY + timedelta(days=9)}
        action = VERBS["lessons", "assign"](session, lesson, asked, by=naomi, at=AT)
        take(session, action, "start", by=village.by("yossi"), at=AT)
        session.flush()
    with sqlite3.connect(address.removeprefix("sqlite:///")) as raw:
        multiply(raw, action.id or 0, events // 2)
    with db.transaction() as session:
        while seals.seal(session, at=AT + timedelta(days=DAYS + 1)):
            pass


def multiply(raw: sqlite3.Connection, action_id: int, times: int) -> None:
    """So many more actions like the first, each with a code and a chain of its own, spread over the days."""
    raw.row_factory = sqlite3.Row
    action = dict(raw.execute("SELECT * FROM actions WHERE id = ?", (action_id,)).fetchone())
    chain = [dict(r) for r in raw.execute("SELECT * FROM events WHERE noun = 'actions' ORDER BY n").fetchall()]
    details = {r["event_id"]: dict(r) for r in raw.execute("SELECT * FROM event_details").fetchall()}
    last = raw.execute("SELECT max(id) FROM events").fetchone()[0]
    for n in range(1, times):
        previous, code, at = "", f"A-2027-{n:06}", AT + timedelta(days=n * DAYS // times)
        for one in chain:
            last += 1
            said = {"code": code, "previous": previous, "at": plain(at)}
            body = canonical(json.loads(one["body"]) | said)
            hash_ = hashlib.sha256(body.encode()).hexdigest()
            kept = one | {"id": last, "record_id": action_id + n, "code": code, "previous": previous, "body": body}
            kept |= {"at": f"{at:%Y-%m-%d %H:%M:%S.%f}", "hash": hash_}
            previous = hash_
            _put(raw, "events", kept)
            if one["id"] in details:
                _put(raw, "event_details", details[one["id"]] | {"event_id": last})
        _put(raw, "actions", action | {"id": action_id + n, "code": code, "event_hash": previous})
    raw.commit()


def _put(raw: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    raw.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))  # noqa: S608 - our own names


def figures(events: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as databases:
        address = databases.migrated("sqlite")
        made(address, Path(folder), events)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu, wall = time.process_time(), time.monotonic()
        with db.reading() as session:
            found = audit.verify(session, until=session.scalar(sa.select(sa.func.max(EVENTS.c.id))) or 0)
        spent, passed = time.process_time() - cpu, time.monotonic() - wall
        grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert not found.faults, found.faults[:3]
        db.engine().dispose()
        raw, began = sqlite3.connect(address.removeprefix("sqlite:///")), time.process_time()
        for _ in raw.execute(READ):
            pass
        bare = time.process_time() - began
        raw.close()
    return {
        "events": found.events,
        "verify_cpu_s": round(spent, 2),
        "verify_wall_s": round(passed, 2),
        "bare_read_cpu_s": round(bare, 2),
        "ratio": round(spent / bare, 1),
        "memory_grew_mb": round(grew / 1024),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=100_000)
    print(json.dumps(figures(asked.parse_args().events), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
