"""What a manager's day costs when thousands of duties are open in their units, against a day with fifty.

Twenty are the manager's own, as a role; half of all are late. CPU time and statements of whole requests.

.venv/bin/python -m bench.manager [--many 5000] [--requests 20] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from bench.pages import milliseconds, running, statements
from bench.sweep import OPENED, made
from lessons import db
from lessons.migrations import upgrade
from lessons.models import Duty, Grant, Person
from lessons.settings import Settings
from lessons.workflow.states import Role
from tests.browsing import Browser

FEW, OWN = 50, 20
PAGES = {"my day": "/", "for managers": "/managers", "who will hear what": "/managers/ahead?days=30"}
LATE = date(2026, 1, 20)
THE_MANAGER = 1


def owing(folder: Path, duties: int) -> None:
    """One manager above fifty units, and so many open duties there."""
    folder.mkdir(parents=True)
    address = f"sqlite:///{folder / 'bench.db'}"
    upgrade(db.start(Settings(address, folder, secret_key="bench-" * 6, synchronous="OFF")))
    made(duties, duties)
    with db.transaction() as session:
        session.add(Grant(person_id=THE_MANAGER, role=Role.MANAGER, unit_id=1, from_at=OPENED))
        session.execute(sa.update(Duty).where(Duty.id % 2 == 0).values(due_on=LATE, due_at=OPENED))
        own = {"person_id": None, "role": Role.MANAGER, "unit_id": 1}
        session.execute(sa.update(Duty).where(Duty.id <= OWN).values(**own))
    db.engine().dispose()


def measured(folder: Path, duties: int, requests: int) -> dict[str, tuple[float, int]]:
    """Name → milliseconds and statements of one request."""
    owing(folder, duties)
    found = {}
    with running(folder) as app:
        with db.reading() as session:
            who = session.get_one(Person, THE_MANAGER)
        browser = Browser(app, language="he").sign_in(who)
        for name, path in PAGES.items():

            def ask(_: int, path: str = path) -> object:
                answer = browser.read(path)
                assert answer.status_code == 200, f"{path}: {answer.status_code}"
                return answer

            ask(0)
            found[name] = milliseconds(ask, requests), statements(ask)
    return found


def figures(many: int, requests: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as place:
        few, more = (measured(Path(place, str(n)), n, requests) for n in (FEW, many))
    return {
        name: {
            f"ms with {FEW}": round(few[name][0], 2),
            f"ms with {many}": round(more[name][0], 2),
            "times as much": round(more[name][0] / few[name][0], 2),
            "statements": few[name][1],
            "statements with many": more[name][1],
        }
        for name in PAGES
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--many", type=int, default=5_000)
    asked.add_argument("--requests", type=int, default=20)
    asked.add_argument("--json", action="store_true")
    chosen = asked.parse_args()
    found = figures(chosen.many, chosen.requests)
    print(json.dumps(found, ensure_ascii=False, indent=None if chosen.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
