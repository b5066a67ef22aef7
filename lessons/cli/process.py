"""`process check` and `process draw`: the tables of the process, looked at by themselves."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib import import_module

CHECKING, STAFFING, DIAGRAM = "lessons.workflow.checking", "lessons.duties.staffing", "lessons.workflow.diagram"


def check(given: Namespace) -> int:
    faults: list[str] = [str(fault) for fault in import_module(CHECKING).faults()]
    if given.staffing:
        faults += _unstaffed()
    print("\n".join(faults) or "the process holds together", file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0


def _unstaffed() -> list[str]:
    from lessons import clock, db
    from lessons.cli.opening import opened

    opened()
    with db.reading() as session:
        return [str(gap) for gap in import_module(STAFFING).gaps(session, at=clock.now())]


def draw(_: Namespace) -> None:
    print(import_module(DIAGRAM).drawn())
