"""`process check` and `process draw`: the tables of the process, looked at by themselves."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessons.steps.staffing import Gap


def check(given: Namespace) -> int:
    """Whether the tables fit together, and the policy that is in force as a file that loads again."""
    from lessons.cli.opening import chosen_settings
    from lessons.workflow.checking import problems
    from lessons.workflow.policy import Policy, effective

    settings = chosen_settings()
    faults, gaps = problems(), _gaps() if given.staffing else []
    said = [*faults, *(str(gap) for gap in gaps)]
    print("\n".join(said) or "the process holds together", file=sys.stderr if said else sys.stdout)
    if not given.staffing:
        print(f"\n{effective(Policy.load(settings.policy))}", end="")
    return 1 if faults or any(not gap.only for gap in gaps) else 0


def _gaps() -> list[Gap]:
    from lessons import clock, db
    from lessons.cli.opening import opened
    from lessons.steps.staffing import gaps

    opened()
    with db.reading() as session:
        return gaps(session, at=clock.now())


def draw(_: Namespace) -> None:
    from lessons.workflow.diagram import drawn

    print(drawn())
