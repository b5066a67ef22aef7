"""`import`: what others wrote comes in, all of it or nothing."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.cli.opening import reading, unit_called, writing
from lessons.errors import LessonsError
from lessons.i18n import say, say_n

if TYPE_CHECKING:
    from lessons.intake.llis import LlisRow
    from lessons.intake.oddities import Oddities

INTO = ("debriefs", "lessons", "actions", "procedures", "figures", "auto")
TAKEN = ("lessons", "figures", "auto")


def bring_in(given: Namespace) -> None:
    """Prints the report; rows that were left out on purpose are named on stderr."""
    _check(given)
    if given.into == "figures":
        _figures(given)
    else:
        _register(given)


def _register(given: Namespace) -> None:
    from lessons.intake import operations, report

    read = [_read(name, given.skip_faulty) for name in given.files]
    rows, oddities = [row for found, _ in read for row in found], [odd for _, odd in read]
    do, opened = (operations.rehearse, reading) if given.dry_run else (operations.bring_in, writing)
    try:
        with opened(given.actor) as (session, by, at):
            into = unit_called(session, given.unit) if given.unit else None
            planned = do(session, rows, unit=into, by=by, at=at)
    except KeyboardInterrupt:
        print(say("Stopped. Nothing was changed."), file=sys.stderr)
        raise
    for sentence in report.told(planned, oddities, dry=given.dry_run):
        print(sentence)
    for fault in (fault for odd in oddities for fault in odd.faults):
        print(report.fault(fault), file=sys.stderr)


def _figures(given: Namespace) -> None:
    """A table with the headings unit, day, name, value."""
    from lessons.access.refs import read
    from lessons.intake import figures, report
    from lessons.intake.faults import Unreadable
    from lessons.people.figures import enter, rows_of
    from lessons.workflow import asks

    for name in given.files:
        try:
            items = figures.items(Path(name).read_bytes())
        except OSError as error:
            raise LessonsError(say("%(name)s cannot be read: %(why)s.", name=name, why=error.strerror)) from None
        except Unreadable as error:
            raise report.refused(name, [error.fault]) from None
        opened = reading if given.dry_run else writing
        with opened(given.actor) as (session, by, _):
            rows = rows_of(read(session, asks.Figures, {"items": items}, by=by))
            taken = len(rows) if given.dry_run else enter(session, rows, by=by)
        print(say_n("%(name)s: one number of a unit.", "%(name)s: %(n)d numbers of units.", n=taken, name=name))


def _check(given: Namespace) -> None:
    if given.into not in TAKEN:
        kind = {"into": given.into, "taken": ", ".join(TAKEN)}
        raise LessonsError(say("Nothing can be imported into %(into)s yet, only: %(taken)s.", **kind))
    if given.map:
        raise LessonsError(say("A map of columns is not taken yet: a register is known by its own headings."))


def _read(name: str, skip_faulty: bool) -> tuple[list[LlisRow], Oddities]:
    """Raises Invalid, which names the rows that cannot be taken, unless they are to be skipped."""
    from lessons.intake import llis, report
    from lessons.intake.faults import Unreadable

    try:
        rows, oddities = llis.read(Path(name))
    except OSError as error:
        raise LessonsError(say("%(name)s cannot be read: %(why)s.", name=name, why=error.strerror)) from None
    except Unreadable as error:
        raise report.refused(name, [error.fault]) from None
    if oddities.faults and not skip_faulty:
        raise report.refused(name, oddities.faults)
    return rows, oddities
