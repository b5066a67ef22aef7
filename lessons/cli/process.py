"""`process check` and `process draw`: the tables of the process, looked at by themselves."""

from __future__ import annotations

import sys
from argparse import Namespace


def check(given: Namespace) -> int:
    from lessons.workflow.checking import problems

    faults = problems() + (_unstaffed() if given.staffing else [])
    print("\n".join(faults) or "the process holds together", file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0


def _unstaffed() -> list[str]:
    from lessons import clock, db
    from lessons.cli.opening import opened
    from lessons.steps.staffing import gaps

    opened()
    with db.reading() as session:
        return [str(gap) for gap in gaps(session, at=clock.now())]


def draw(_: Namespace) -> None:
    from lessons.workflow.diagram import drawn

    print(drawn())
