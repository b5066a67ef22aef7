"""`audit verify`: whether anything was taken out of the history or changed in it."""

from __future__ import annotations

import sys
from argparse import Namespace


def verify(given: Namespace) -> int:
    """Prints how many events there are and their head, and the last seal, to be kept elsewhere; with a head, what that
    is; every fault on stderr."""
    from lessons import db
    from lessons.cli.opening import opened
    from lessons.steps import audit

    opened()
    with db.transaction() as session:
        until = audit.settled(session)
    with db.reading() as session:
        audit.snapshot(session)
        found = audit.verify(session, until=until, head=given.head)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    print(f"{found.events} events, head {found.head or '-'}")
    for told in (found.seal and f"last seal {found.seal}", found.known and f"{given.head}: {found.known}"):
        if told:
            print(told)
    return 1 if found.faults else 0
